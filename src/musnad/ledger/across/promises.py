"""Promises: what was announced, pledged or threatened, open until a later account keeps or cancels it, or its day passes.

An announced event is one (no attack: those are threatened) that an account surely plans, with somebody who does it, in words
that announce it (`announcing`), before any tells that it has happened. The announcements of one event are one promise
(`meetings`). It is kept where a later account with its parties tells that it has happened or goes on, not before its day;
cancelled where one says so, or changed where it is put off; overdue where its last day has passed without either, and open
else. Pledges and threats in words: `pledges`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import msgspec
from sqlalchemy import Connection, func, select

from musnad.ledger.across.announcing import announced_at, is_called_off, is_put_off, own_day
from musnad.ledger.across.meetings import Announcement, Days, announcement, is_one_event, keys_of
from musnad.ledger.across.ranking import between
from musnad.ledger.across.views import Account, Happening, accounts, happenings, merged, sentence_at
from musnad.ledger.database import in_parts
from musnad.ledger.days import day_number, day_text
from musnad.ledger.tables import documents, events, happening_of, participants, story_of
from musnad.lexicon import Lexicon

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

State = Literal["open", "kept", "changed", "cancelled", "overdue"]
STATES: tuple[State, ...] = get_args(State)
_KEPT = {"happened", "ongoing"}
_AT_ONCE = 200  # happenings that are read at once
_TOLD_LATE = 3  # days after its last day on which an event may be told
SURE = 0.7  # confidence of what is shown


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """Something announced, its state on a day, and the accounts that say so; `words` announce it, `outcome` settles it."""

    state: State
    due: str | None
    announced: str | None
    words: str
    happening: Happening
    outcome: Account | None


class _AnnouncedTogether(NamedTuple):
    """The announcements of one event, and the sure accounts of their happenings that announce nothing."""

    announced: list[Announcement]
    more: dict[int, Account]


def promises(
    ledger: Ledger, today: date | None = None, *, state: State | None = None, since: str | None = None, until: str | None = None,
    limit: int = 50, offset: int = 0, min_confidence: float = 0.0,
) -> list[Promise]:  # fmt: skip
    """Return what was announced in articles of some days, the latest first, as it stands on `today`."""
    day = (today or date.today()).isoformat()
    with ledger.database.read() as bind:
        numbers = _planned(bind, since, until, max(SURE, min_confidence))
        newest = bind.scalar(select(func.max(documents.c.published))) or ""
        groups, found, stands = _Groups(), list[Promise](), dict[int, Promise | None]()
        for at in range(0, len(numbers), _AT_ONCE):
            for told in _told(bind, numbers[at : at + _AT_ONCE], ledger.terms.lexicon):
                stands.pop(groups.add(*told), None)  # what a group announces is asked again only where it grew
            stands |= {n: _promise(bind, group, day, newest) for n, group in enumerate(groups.all) if n not in stands}
            promised = (stands[n] for n in range(len(groups.all)))
            found = [promise for promise in promised if promise is not None and state in {None, promise.state}]
            if len(found) >= limit + offset:
                break
    return found[offset : offset + limit]


class _Groups:
    """Puts announcements together as they come, each with the first group that announces its event."""

    def __init__(self) -> None:
        self.all: list[_AnnouncedTogether] = []
        self._under: dict[tuple[str, str], set[int]] = defaultdict(set)

    def add(self, one: Announcement, more: list[Account]) -> int:
        """Add an announcement to its group, with the other accounts of its happening; return the number of the group."""
        keys = keys_of(one)
        near = sorted(set().union(*(self._under[key] for key in keys)))
        at = next((n for n in near if _is_of(one, self.all[n])), len(self.all))
        if at == len(self.all):
            self.all.append(_AnnouncedTogether([], {}))
        self.all[at].announced.append(one)
        self.all[at].more.update((account.number, account) for account in more)
        for key in keys:
            self._under[key].add(at)
        return at


def _is_of(one: Announcement, group: _AnnouncedTogether) -> bool:
    """Whether half of a group announce the event of one more, or one of them for the same single day."""
    same = [other for other in group.announced if is_one_event(one, other)]
    return 2 * len(same) >= len(group.announced) or any(_is_one_day(one.days, other.days) for other in same)


def _is_one_day(one: Days | None, other: Days | None) -> bool:
    return one is not None and one == other and one[0] == one[1]


def _planned(bind: Connection, since: str | None, until: str | None, sure: float) -> list[int]:
    """The numbers of the happenings that accounts of some days surely plan or call off, those told last first."""
    query = select(happening_of.c.happening).join(events, events.c.number == happening_of.c.event)
    query = query.join(documents, documents.c.number == events.c.document).where(
        events.c.status.in_(["planned", "cancelled"]), events.c.confidence >= sure, events.c.type != "ASSAULT"
    )
    query = between(query, documents.c.published, since, until).group_by(happening_of.c.happening)
    return list(bind.scalars(query.order_by(func.max(documents.c.published).desc(), happening_of.c.happening)))


def _told(bind: Connection, numbers: list[int], lexicon: Lexicon) -> Iterator[tuple[Announcement, list[Account]]]:
    """The announcements in some happenings, each with the other sure accounts of its own."""
    found = happenings(bind, numbers)
    names = {account.article for one in found for account in one.accounts}
    query = select(documents.c.id, documents.c.text, story_of.c.story)
    query = query.outerjoin(story_of, story_of.c.document == documents.c.number)
    articles = {
        row.id: row for part in in_parts(sorted(names)) for row in bind.execute(query.where(documents.c.id.in_(part)))
    }
    for told in found:
        surely = [account for account in told.accounts if account.event["confidence"] >= SURE]
        said = {
            one.account.number: one for a in surely if (one := _announced(a, told.number, articles[a.article], lexicon))
        }
        more = [
            account for account in surely if account.number not in said and not _is_to_come(account, articles, lexicon)
        ]
        yield from ((one, more) for one in said.values())


def _announced(account: Account, happening: int, article: Any, lexicon: Lexicon) -> Announcement | None:
    """What an account announces or calls off, if it does; what another is said to be going to do needs somebody who does it."""
    event, text, published = account.event, article.text, account.published or ""
    at = announced_at(event, text, lexicon)
    if event["status"] == "cancelled":
        at = event["triggers"][0][0] if is_called_off(event, text, lexicon) else None
    elif event["status"] in _KEPT or not event["actors"]:
        at = None
    if at is None:
        return None
    days = own_day(event, text, lexicon)
    days = days if days is not None and days[1] >= published else None
    return announcement(
        account, happening, article.story or 0, days, sentence_at(text, at), put_off=is_put_off(event, text, lexicon)
    )


def _is_to_come(account: Account, articles: dict[str, Any], lexicon: Lexicon) -> bool:
    """Whether the words of an account announce its event, though it was read as one that has happened: it settles nothing."""
    return announced_at(account.event, articles[account.article].text, lexicon) is not None


def _promise(bind: Connection, group: _AnnouncedTogether, today: str, newest: str) -> Promise | None:
    """What a group announces, or None where some account told before that it had happened; `newest` is the last day of the ledger."""
    said = sorted(group.announced, key=lambda one: (one.account.published or "", one.account.number))
    first, days = said[0], _likely_days(said)
    due = days[1] if days else None
    done = [account for account in group.more.values() if account.event["status"] in _KEPT]
    if any(_was_before(account, first.account, days) for account in done):
        return None
    held = [*done, *_held(bind, said, days)] if days and days[0] <= newest else done
    later = [
        account
        for account in held
        if is_later(account, first.account) and _is_then(account, days, first.account.published or "")
    ]
    off = next((one for one in said if one.account.event["status"] == "cancelled"), None)
    state, outcome = settled(later, off.account if off else None, due, today)
    if state == "cancelled" and off is not None and off.put_off:
        state = "changed"
    telling = next((one for one in said if one.days == days), first)
    told = {one.account.number: one.account for one in said} | {account.number: account for account in later}
    ordered = sorted(told.values(), key=lambda account: (account.published or "", account.number))
    return Promise(
        state=state, due=due, announced=first.account.published, words=telling.sentence,
        happening=merged(first.happening, ordered), outcome=outcome,
    )  # fmt: skip


def _likely_days(said: list[Announcement]) -> Days | None:
    """The days that most announcements name, of several the shortest, then those named last."""
    named = Counter(one.days for one in said if one.days is not None)
    last = {one.days: at for at, one in enumerate(said)}
    return max(named, key=lambda days: (named[days], -_length(days), last[days]), default=None)


def _length(days: Days) -> int:
    return day_number(days[1]) - day_number(days[0])


def _was_before(account: Account, first: Account, days: Days | None) -> bool:
    """Whether an account tells no later than the first announcement that the event has happened; what is still to come has not."""
    told = account.published or ""
    if told > (first.published or "") or (days is not None and days[0] > told):
        return False
    return not parties_of(account).isdisjoint(parties_of(first))


def _held(bind: Connection, said: list[Announcement], days: Days) -> list[Account]:
    """Rule "told as held": sure accounts, around the days of something announced, that two who take part have done the like.

    «يلتقي الخوري نظيره أندريو الخميس», and later «التقى الخوري وأندريو»; not «التقى الخوري السفير».
    """
    announced = [one.account.number for one in said]
    who = select(participants.c.entity).where(participants.c.event.in_(announced))
    both = select(participants.c.event).where(participants.c.entity.in_(who), participants.c.event.not_in(announced))
    both = both.group_by(participants.c.event).having(func.count(participants.c.entity.distinct()) > 1)
    last = day_text(day_number(days[1]) + _TOLD_LATE)
    query = select(events.c.number).join(documents, documents.c.number == events.c.document)
    query = query.where(
        events.c.number.in_(both), events.c.type == said[0].account.event["type"], events.c.status.in_(_KEPT),
        events.c.confidence >= SURE, documents.c.published.between(days[0], last),
    )  # fmt: skip
    return list(accounts(bind, bind.scalars(query)).values())


def _is_then(account: Account, days: Days | None, announced: str) -> bool:
    """Whether an account may tell of the days that were announced: not before them, and of no other days; where none were,
    of a day since the announcement."""
    date, told = account.event["date"], account.published or ""
    if days is None:
        return date is not None and date["end"] >= announced
    return told >= days[0] and (date is None or (date["start"] <= days[1] and date["end"] >= days[0]))


def is_later(account: Account, first: Account) -> bool:
    """Whether an account appeared after another one, of the same party."""
    later = account.article != first.article and (account.published or "") > (first.published or "")
    return later and not parties_of(account).isdisjoint(parties_of(first))


def parties_of(account: Account) -> set[str]:
    """Those who take part in an event by an account of it: their identifiers, or their names."""
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
