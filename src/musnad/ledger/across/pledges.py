"""Pledges and threats in words, and what somebody says he is going to do; how they stand: by the events that they speak of,
or by the day that they name.

A pledge is kept where an event that it announces («تعهد بإجراء محادثات») is told as having happened in a later article,
cancelled where one is called off, overdue where the last day that it names («قبل نهاية الشهر») has passed, and open else.
"""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, select, tuple_

from musnad.ledger.across.futures import is_own_future
from musnad.ledger.across.promises import SURE, State, settled
from musnad.ledger.across.views import Account, happenings
from musnad.ledger.days import day_number
from musnad.ledger.search import Filters, Hit, newest
from musnad.ledger.search import hits as hits_of
from musnad.ledger.tables import documents, events, happening_of, utterance_of
from musnad.ledger.terms import Terms
from musnad.page import Page
from musnad.times import find_times

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

_PLEDGES = ("PROMISE", "THREATEN")
_SAYS = ("SAY", "STRESS")  # stances of what somebody is going to do
_LEAST = 2  # words that say what is pledged
_AT_ONCE = 500  # statements in one question
_LOOKED_AT = 10_000  # that are looked at for one list


class Pledge(msgspec.Struct, frozen=True, kw_only=True):
    """A pledge or threat, how it stands on a day, the last day that it names, and the account that settles it."""

    state: State
    due: str | None
    statement: Hit
    outcome: Account | None


def pledges(
    ledger: Ledger, today: date | None = None, *, state: State | None = None, speaker: str | None = None,
    since: str | None = None, until: str | None = None, limit: int = 50,
    min_confidence: float = 0.0,
) -> list[Pledge]:  # fmt: skip
    """Return pledges and threats, newest first, as they stand on `today`; of a state, those among the latest `limit`."""
    day = (today or date.today()).isoformat()
    chosen = Filters(speaker=speaker, since=since, until=until, min_confidence=max(SURE, min_confidence))
    with ledger.database.read() as bind:
        stances = (msgspec.structs.replace(chosen, stance=stance) for stance in (*_PLEDGES, *_SAYS))
        numbers = [number for one in stances for number in _announcing(bind, ledger.terms, one, limit)]
        hits = hits_of(bind, ledger.terms, numbers)
    hits.sort(key=lambda hit: (hit.published or "", -hit.number), reverse=True)
    hits = _once(ledger, hits)
    with ledger.database.read() as bind:
        told = _told_in(bind, hits[:limit])
    found = [_pledge(ledger, hit, told.get(hit.number, []), day) for hit in hits[:limit]]
    return [pledge for pledge in found if state in {None, pledge.state}]


def _announcing(bind: Connection, terms: Terms, chosen: Filters, most: int) -> list[int]:
    """The newest statements of a stance that announce something, by their numbers, `most` at most."""
    says = chosen.stance in _SAYS
    rows = newest(bind, chosen, _LOOKED_AT)
    found = (
        number
        for number, kind, words in rows
        if (is_own_future(words, kind, terms.lexicon) if says else len(words.split()) >= _LEAST)
    )
    return list(islice(found, most))


def _once(ledger: Ledger, hits: list[Hit]) -> list[Hit]:
    """Of the reports of one saying the longest, where the first of them stands."""
    with ledger.database.read() as bind:
        saying: dict[int, int] = {}
        for at in range(0, len(hits), _AT_ONCE):
            numbers = [hit.number for hit in hits[at : at + _AT_ONCE]]
            rows = bind.execute(
                select(utterance_of.c.statement, utterance_of.c.utterance).where(utterance_of.c.statement.in_(numbers))
            )
            saying |= {row.statement: row.utterance for row in rows}
    best: dict[int, Hit] = {}
    for hit in hits:
        key = saying.get(hit.number, hit.number)
        if key not in best or len(hit.words) > len(best[key].words):
            best[key] = hit
    return list(best.values())


def _told_in(bind: Connection, hits: list[Hit]) -> dict[int, list[Account]]:
    """The accounts, in later articles too, of the events that some statements tell, by the number of the statement."""
    asked = {(hit.article, hit.statement["id"]): hit for hit in hits}
    query = select(documents.c.id, events.c.said_in, happening_of.c.happening)
    query = query.join(events, events.c.document == documents.c.number)
    query = query.join(happening_of, happening_of.c.event == events.c.number)
    rows = bind.execute(query.where(tuple_(documents.c.id, events.c.said_in).in_(list(asked)))).all() if asked else []
    by_number = {told.number: told for told in happenings(bind, [row.happening for row in rows])}
    found: dict[int, list[Account]] = {}
    for row in rows:
        if row.happening in by_number:
            found.setdefault(asked[row.id, row.said_in].number, []).extend(by_number[row.happening].accounts)
    return found


def _pledge(ledger: Ledger, hit: Hit, told: list[Account], today: str) -> Pledge:
    later = [a for a in told if a.article != hit.article and (a.published or "") > (hit.published or "")]
    cancelled = next((account for account in later if account.event["status"] == "cancelled"), None)
    due = _due(ledger, hit)
    state, outcome = settled(later, cancelled, due, today)
    return Pledge(state=state, due=due, statement=hit, outcome=outcome)


def _due(ledger: Ledger, hit: Hit) -> str | None:
    """The last day that the words name, seen from the day of publication."""
    published = hit.published if day_number(hit.published) else None
    times = find_times(Page(hit.words, ledger.terms.lexicon), published)
    last = max((time.future[1].isoformat() for time in times if time.future is not None), default=None)
    return last if last is not None and last >= (published or "") else None
