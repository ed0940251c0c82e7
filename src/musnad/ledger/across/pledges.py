"""Pledges and threats in words, and what somebody says he is going to do; how they stand: by the events that they speak of,
or by the day that they name.

A pledge is kept where an event that it announces («تعهد بإجراء محادثات») is told as having happened in a later article,
cancelled where one is called off, overdue where the last day that it names («قبل نهاية الشهر») has passed, and open else.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, select, tuple_

from musnad.ledger.across.futures import Doubt, own_future
from musnad.ledger.across.promises import SURE, State, settled
from musnad.ledger.across.speakers import Speakers
from musnad.ledger.across.views import Account, happenings
from musnad.ledger.days import day_number
from musnad.ledger.search import Filters, Hit, newest
from musnad.ledger.search import hits as hits_of
from musnad.ledger.tables import documents, events, happening_of, utterance_of
from musnad.ledger.terms import Terms
from musnad.lexicon import Lexicon
from musnad.lexicon.word import DEFINITE, RELATIVE
from musnad.page import Page
from musnad.text.fold import fold
from musnad.times import Time, find_times

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

_PLEDGES = ("PROMISE", "THREATEN")
_SAYS = ("SAY", "STRESS", "WARN")  # stances of what somebody is going to do
_LEAST = 3  # words that say what is pledged
_AT_ONCE = 500  # statements in one question
_LOOKED_AT = 10_000  # that are looked at for one list
_NEAR = 3  # days between two statements of one pledge
_RARE = 5.0  # rarity of a term that tells what is spoken of
_COMMON, _SHARE = 3, 0.5  # such terms in common of two statements of one pledge, and their share of the shorter
_SHARE_IN_ONE = 0.8  # the same within one article, which tells one point after another


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
    hits = [hit for stance in (*_PLEDGES, *_SAYS) for hit in _announcing(ledger, chosen, stance, limit)]
    hits.sort(key=lambda hit: (hit.published or "", -hit.number), reverse=True)
    hits = _joined(ledger.terms, _once(ledger, hits))
    with ledger.database.read() as bind:
        told = _told_in(bind, hits[:limit])
    found = [_pledge(ledger, hit, told.get(hit.number, []), day) for hit in hits[:limit]]
    return [pledge for pledge in found if state in {None, pledge.state}]


def _announcing(ledger: Ledger, chosen: Filters, stance: str, most: int) -> list[Hit]:
    """The newest statements of a stance that announce something, `most` at most."""
    terms, doubts, numbers = ledger.terms, dict[int, Doubt](), list[int]()
    with ledger.database.read() as bind:
        for number, kind, words in newest(bind, msgspec.structs.replace(chosen, stance=stance), _LOOKED_AT):
            if not _says_what(words, stance in _PLEDGES, terms.lexicon):
                continue
            verdict = stance in _PLEDGES or own_future(words, kind, terms.lexicon)
            if isinstance(verdict, Doubt):
                doubts[number] = verdict
            if verdict is not False:
                numbers.append(number)
            if len(numbers) - len(doubts) == most:
                break
        hits = hits_of(bind, terms, numbers)
    speakers = Speakers(ledger)
    sure = (hit for hit in hits if hit.number not in doubts or speakers.announces(hit, doubts[hit.number]))
    return list(islice(sure, most))


def _says_what(words: str, pledged: bool, lexicon: Lexicon) -> bool:
    """Rule "says what": «ملاحقة المهربين», «ستوقف التجارب النووية»; not «رد قوي», «سيلتزم بها»: nobody could tell whether it was kept."""
    forms = fold(words).split()
    return len(forms) >= _LEAST or (pledged and len(forms) > 1 and bool(lexicon.word(forms[-1]).flags & DEFINITE))


def _joined(terms: Terms, hits: list[Hit]) -> list[Hit]:
    """Rule "one pledge once": of what one speaker announces within days in like words the longest, where the first stands.

    «ستنفذ بلاده عمليات جديدة على الحدود» and «شن عمليات جديدة شمال الحدود» of one speaker are one; not «سنفرض عقوبات على المصارف»
    and «سنفرض عقوبات على الشركات», which have too little in common.
    """
    kept: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)  # of each speaker: which of `best`, its terms
    best: list[Hit] = []
    for hit in hits:
        said = frozenset(term for term, _, _ in terms.of_text(hit.words) if terms.rarity(term) >= _RARE)
        same = next((at for at, other in kept[hit.entity] if _is_one(hit, best[at], said, other)), len(best))
        if same == len(best):
            best.append(hit)
        elif len(hit.words) > len(best[same].words):
            best[same] = hit
        kept[hit.entity].append((same, said))
    return best


def _is_one(hit: Hit, best: Hit, one: frozenset[str], other: frozenset[str]) -> bool:
    common, shorter = len(one & other), min(len(one), len(other))
    share = _SHARE_IN_ONE if hit.article == best.article else _SHARE
    days = abs(day_number(hit.published) - day_number(best.published))
    return days <= _NEAR and common >= _COMMON and common >= share * shorter


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
    """The sure accounts, in later articles too, of the events that some statements plan, by the number of the statement.

    «توعد بالرد على الهجوم» is not kept by the attack, which had happened when it was said.
    """
    asked = {(hit.article, hit.statement["id"]): hit for hit in hits}
    query = select(documents.c.id, events.c.said_in, happening_of.c.happening)
    query = query.join(events, events.c.document == documents.c.number)
    query = query.join(happening_of, happening_of.c.event == events.c.number)
    query = query.where(events.c.status.in_(["planned", "cancelled"]))
    rows = bind.execute(query.where(tuple_(documents.c.id, events.c.said_in).in_(list(asked)))).all() if asked else []
    by_number = {told.number: told for told in happenings(bind, [row.happening for row in rows])}
    found: dict[int, list[Account]] = {}
    for row in rows:
        if row.happening in by_number:
            found.setdefault(asked[row.id, row.said_in].number, []).extend(
                account for account in by_number[row.happening].accounts if account.event["confidence"] >= SURE
            )
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
    page = Page(hit.words, ledger.terms.lexicon)
    times = find_times(page, published)
    days = (time.future[1].isoformat() for time in times if time.future is not None and _is_its_own(page, time))
    last = max(days, default=None)
    return last if last is not None and last >= (published or "") else None


def _is_its_own(page: Page, time: Time) -> bool:
    """Rule "its own day": «سنعلن القرار قبل الخميس»; not «لن نعترف بالانتخابات التي جرت الأحد», «سنبحث ما بعد عام 2030»."""
    first, _ = page.sentence_of(time.first)
    before = page.words[first : time.first]
    after = page.lexicon.lists["after"]
    return not any(word.flags & RELATIVE for word in before) and not any(word.form in after for word in before[-2:])
