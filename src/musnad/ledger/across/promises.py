"""Promises: what was announced, pledged or threatened, open until a later account keeps or cancels it, or its day passes.

An announced event is a happening of which some account says that it is planned. It is kept where a later account tells
that it has happened or goes on, cancelled where one says so, overdue where its last day has passed without either, and
open else. Pledges and threats in words: `pledges`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
from sqlalchemy import func, select

from musnad.ledger.across.views import Happening, Told, happenings
from musnad.ledger.tables import documents, events, happening_of

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

State = Literal["open", "kept", "cancelled", "overdue"]
STATES: tuple[State, ...] = get_args(State)
_KEPT = {"happened", "ongoing"}


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """Something announced, its state on a day, and the accounts that say so; `outcome` settles it."""

    state: State
    due: str | None
    announced: str | None
    happening: Happening
    outcome: Told | None


def promises(
    ledger: Ledger, today: date | None = None, *, state: State | None = None, since: str | None = None, until: str | None = None,
    limit: int = 50, offset: int = 0,
) -> list[Promise]:  # fmt: skip
    """Return what was announced in articles of some days, the latest first, as it stands on `today`."""
    day = (today or date.today()).isoformat()
    with ledger.database.read() as bind:
        told = func.max(documents.c.published)
        query = select(happening_of.c.happening).join(events, events.c.number == happening_of.c.event)
        query = query.join(documents, documents.c.number == events.c.document).where(
            events.c.status.in_(["planned", "cancelled"])
        )
        if since is not None:
            query = query.where(documents.c.published >= since)
        if until is not None:
            query = query.where(documents.c.published <= until)
        query = query.group_by(happening_of.c.happening).order_by(told.desc(), happening_of.c.happening)
        found: list[Promise] = []
        at, wanted = 0, limit + offset
        while len(found) < wanted:
            numbers = list(bind.scalars(query.limit(200).offset(at)))
            found += [p for p in (_promise(h, day) for h in happenings(bind, numbers)) if state in {None, p.state}]
            at += 200
            if len(numbers) < 200:
                break
    return found[offset:wanted]


def _promise(told: Happening, today: str) -> Promise:
    planned = [account for account in told.accounts if account.event["status"] == "planned"]
    first = planned[0] if planned else told.accounts[0]
    later = [a for a in told.accounts if (a.published or "") >= (first.published or "") and a is not first]
    cancelled = next((account for account in told.accounts if account.event["status"] == "cancelled"), None)
    state, outcome = settled(later, cancelled, told.last_day, today)
    return Promise(state=state, due=told.last_day, announced=first.published, happening=told, outcome=outcome)


def settled(later: list[Told], cancelled: Told | None, due: str | None, today: str) -> tuple[State, Told | None]:
    """Return how something announced stands, by the later accounts of it, and the account that settles it."""
    kept = next((account for account in later if account.event["status"] in _KEPT), None)
    if kept is not None and (cancelled is None or (kept.published or "") > (cancelled.published or "")):
        return "kept", kept
    if cancelled is not None:
        return "cancelled", cancelled
    return "overdue" if due is not None and due < today else "open", None
