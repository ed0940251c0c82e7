"""Promises: what was announced, pledged or threatened, open until a later account keeps or cancels it, or its day passes.

An announced event is a happening (no attack: those are threatened) that is surely planned, by somebody, in an account before which none tells that it has
happened. It is kept where a later account with a party in common tells that it has happened or goes on, not before its
day; cancelled where one says so, overdue where its last day has passed without either, and open else. Pledges and threats
in words: `pledges`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

import msgspec
from sqlalchemy import func, select

from musnad.ledger.across.views import Account, Happening, happenings
from musnad.ledger.tables import documents, events, happening_of

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

State = Literal["open", "kept", "cancelled", "overdue"]
STATES: tuple[State, ...] = get_args(State)
_KEPT = {"happened", "ongoing"}
SURE = 0.7  # confidence of what is shown


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """Something announced, its state on a day, and the accounts that say so; `outcome` settles it."""

    state: State
    due: str | None
    announced: str | None
    happening: Happening
    outcome: Account | None


def promises(
    ledger: Ledger, today: date | None = None, *, state: State | None = None, since: str | None = None, until: str | None = None,
    limit: int = 50, offset: int = 0, min_confidence: float = 0.0,
) -> list[Promise]:  # fmt: skip
    """Return what was announced in articles of some days, the latest first, as it stands on `today`."""
    day = (today or date.today()).isoformat()
    with ledger.database.read() as bind:
        told = func.max(documents.c.published)
        query = select(happening_of.c.happening).join(events, events.c.number == happening_of.c.event)
        query = query.join(documents, documents.c.number == events.c.document).where(
            events.c.status.in_(["planned", "cancelled"]),
            events.c.confidence >= max(SURE, min_confidence),
            events.c.type != "ASSAULT",
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
            announced = (_promise(happening, day) for happening in happenings(bind, numbers))
            found += [promise for promise in announced if promise is not None and state in {None, promise.state}]
            at += 200
            if len(numbers) < 200:
                break
    return found[offset:wanted]


def _promise(told: Happening, today: str) -> Promise | None:
    """What was announced, or None where that is not sure: nobody is named, or some account told before that it had happened."""
    surely = [account for account in told.accounts if account.event["confidence"] >= SURE]
    planned = [account for account in surely if account.event["status"] == "planned" and account.event["actors"]]
    cancelled = next((account for account in surely if account.event["status"] == "cancelled"), None)
    if not planned and cancelled is None:
        return None
    first = planned[0] if planned else surely[0]
    due = _due(first)
    done = [account for account in told.accounts if account.event["status"] in _KEPT]
    if any((account.published or "") <= (first.published or "") and not is_later(account, first) for account in done):
        return None
    later = [account for account in surely if is_later(account, first) and (account.published or "") >= (due[0] or "")]
    state, outcome = settled(later, cancelled, due[1], today)
    return Promise(state=state, due=due[1], announced=first.published, happening=told, outcome=outcome)


def _due(account: Account) -> tuple[str | None, str | None]:
    """The first and the last day on which an account announces its event; none that had passed when it appeared."""
    date = account.event["date"]
    return (date["start"], date["end"]) if date and date["end"] >= (account.published or "") else (None, None)


def is_later(account: Account, first: Account) -> bool:
    """Whether an account appeared after another one, of the same party."""
    shared = _parties(account) & _parties(first)
    return account.article != first.article and (account.published or "") > (first.published or "") and bool(shared)


def _parties(account: Account) -> set[str]:
    return {party["entity"] or party["name"] for side in ("actors", "recipients") for party in account.event[side]}


def settled(
    later: list[Account], cancelled: Account | None, due: str | None, today: str
) -> tuple[State, Account | None]:
    """Return how something announced stands, by the later accounts of it, and the account that settles it."""
    kept = next((account for account in later if account.event["status"] in _KEPT), None)
    if kept is not None and (cancelled is None or (kept.published or "") > (cancelled.published or "")):
        return "kept", kept
    if cancelled is not None:
        return "cancelled", cancelled
    return "overdue" if due is not None and due < today else "open", None
