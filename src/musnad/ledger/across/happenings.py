"""Happenings: one event and its accounts in several articles.

Two events are accounts of one happening where they are of one type, their days touch, and they have somebody in common,
or the place and the story; and where nothing speaks against it: other parties on both sides, another place. Whether it
happened, was only planned or is denied does not part them: that accounts differ is what the ledger is to show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, insert, select

from musnad.ledger.across.surroundings import Surroundings
from musnad.ledger.database import in_parts
from musnad.ledger.days import day_number
from musnad.ledger.tables import documents, entities, events, happening_keys, happening_of, participants, story_of
from musnad.ledger.terms import Terms
from musnad.names.spelling import sound_of

WINDOW = 2  # days between the publications of two accounts, where the text dates neither
_LONG = 45  # days: an event that lasts longer is met under the day of its article
SAME = 2.0  # evidence from which two events are one
_OF_ALL = 0.5  # share of the accounts of a happening with which another one must be one: likes of likes are no event
_PARTY, _ALL, _PLACE, _STORY, _DAY, _WORD, _SENTENCE = 1.0, 0.5, 1.0, 0.75, 0.5, 0.5, 1.5
_ALIKE, _COPIED = 0.3, 0.4  # sentences with this share of words in common are alike, or one that was copied
_KEPT = 30_000  # events that are kept
_SPAN = 16  # days: keys that are asked for of days so close are asked for together
_EVER = (0, 4_000_000)  # the days that there are


class ComparedEvent(NamedTuple):
    """An event as it is compared. Parties are sets of the words of a name, without articles."""

    number: int
    document: int
    type: str
    told: int  # day of publication; 0 where that is not known
    first: int
    last: int
    dated: bool
    place: str
    parties: tuple[frozenset[str], ...]
    words: frozenset[str]
    story: int


class HappeningMatch(NamedTuple):
    """Which happening an event tells, how much speaks for it, and what."""

    happening: int
    score: float
    reasons: list[str]


class _Meeting(NamedTuple):
    """Under which key an event meets others, and of which days."""

    key: str
    first: int
    last: int


class Happenings:
    """Finds the happenings of events. What some articles may meet is looked up at once; what they tell is kept at the end."""

    def __init__(self, terms: Terms) -> None:
        self.surroundings = Surroundings(terms)
        self._known: dict[int, ComparedEvent] = {}  # events that were compared, by number

    def open(self, bind: Connection) -> None:
        """Go on to a transaction."""
        self._bind = bind
        self._under: dict[str, list[tuple[int, int]]] = {}  # key → events with the day under which they are met
        self._happening: dict[int, int] = {}  # of these events
        self._rows: list[dict[str, Any]] = []  # keys that are not kept yet

    def look_up(self, accounts: Iterable[ComparedEvent]) -> None:
        """Look up the events that any of some events may meet."""
        accounts = list(accounts)
        for (first, last), keys in _together(_days(accounts)):
            self._under |= {key: [] for key in keys}
            query = select(happening_keys).where(happening_keys.c.key.in_(keys))
            for row in self._bind.execute(query.where(happening_keys.c.day.between(first, last))):
                self._under[row.key].append((row.event, row.day))
        met = sorted({event for placed in self._under.values() for event, _ in placed})
        for part in in_parts(met):
            query = select(happening_of.c.event, happening_of.c.happening).where(happening_of.c.event.in_(part))
            self._happening |= {row.event: row.happening for row in self._bind.execute(query)}
        if len(self._known) > _KEPT:
            self._known = {}
        for part in in_parts([number for number in met if number not in self._known]):
            rows = self._bind.execute(columns().where(events.c.number.in_(part))).all()
            self._known |= {other.number: other for other in accounts_of(self._bind, rows)}
        self._known |= {account.number: account for account in accounts}
        self.surroundings.read(self._bind, {other.number for account in accounts for other, _ in self._met(account)})

    def link(self, account: ComparedEvent) -> HappeningMatch | None:
        """Return the happening that an event tells, or None where it is the first account."""
        met = [(other, happening) for other, happening in self._met(account) if other.document != account.document]
        self.surroundings.read(self._bind, [account.number, *(other.number for other, _ in met)])
        weighed = [
            (weigh(account, other, self.surroundings.likeness(account.number, other.number)), happening)
            for other, happening in met
        ]
        told = Counter(happening for _, happening in weighed)
        same = Counter(happening for (score, _), happening in weighed if score >= SAME)
        found = [
            (score, -happening, reasons)
            for (score, reasons), happening in weighed
            if score >= SAME and same[happening] >= _OF_ALL * told[happening]
        ]
        if not found:
            return None
        score, number, reasons = max(found)
        return HappeningMatch(-number, score, reasons)

    def remember(self, account: ComparedEvent, happening: int) -> None:
        """Let later events meet one that was linked."""
        lasting = _weeks(account) if account.last - account.first > WINDOW else []
        placed = [(key, account.first) for key in [*keys_of(account), *lasting]]
        if account.told and account.story:
            placed.append((_telling(account), account.told))
        self._happening[account.number] = happening
        for key, day in placed:
            self._rows.append({"key": key, "event": account.number, "day": day})
            if key in self._under:
                self._under[key].append((account.number, day))

    def keep(self) -> None:
        """Write under which keys the events that were linked are met."""
        if self._rows:
            self._bind.execute(insert(happening_keys), self._rows)

    def _met(self, account: ComparedEvent) -> list[tuple[ComparedEvent, int]]:
        """The events that share a key with one, around its days, with their happenings."""
        met = {
            event for key, first, last in _meetings(account) for event, day in self._under[key] if first <= day <= last
        }
        known = sorted(number for number in met if number in self._happening and number in self._known)
        return [(self._known[number], self._happening[number]) for number in known]


def _meetings(account: ComparedEvent) -> list[_Meeting]:
    first, last = account.first - WINDOW - 1, account.last + WINDOW + 1
    near = [_Meeting(key, first, last) for key in keys_of(account)]
    telling = _Meeting(_telling(account), account.told - WINDOW, account.told + WINDOW)
    return [*near, telling, *(_Meeting(key, *_EVER) for key in _weeks(account))]


def _days(accounts: Iterable[ComparedEvent]) -> dict[str, tuple[int, int]]:
    """The keys under which some events meet others, each with the first and the last day of which they do."""
    found: dict[str, tuple[int, int]] = {}
    for account in accounts:
        for key, first, last in _meetings(account):
            before = found.get(key, (first, last))
            found[key] = min(first, before[0]), max(last, before[1])
    return found


def _together(days: dict[str, tuple[int, int]]) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """Keys of like days, some at once, with the first and the last of all their days."""
    alike: dict[tuple[int, int], list[str]] = defaultdict(list)
    for key, (first, last) in days.items():
        alike[first // _SPAN, last // _SPAN].append(key)
    for keys in alike.values():
        for part in in_parts(sorted(keys)):
            yield (min(days[key][0] for key in part), max(days[key][1] for key in part)), part


def weigh(one: ComparedEvent, other: ComparedEvent, likeness: float = 0.0) -> tuple[float, list[str]]:
    """Return how much speaks for two events being one happening, and what; 0 where something speaks against it.

    `likeness` of their sentences: in one that was copied, other parties or places are those of two readings, and one without a day
    tells of any.
    """
    copied, dated = likeness >= _COPIED, one.dated and other.dated
    apart = max(one.first, other.first) - min(one.last, other.last)
    if one.type != other.type or (apart > (0 if dated else WINDOW) and (dated or not copied)):
        return 0.0, []
    shared = sum(any(a <= b or b <= a for b in other.parties) for a in one.parties)
    if one.parties and other.parties and not shared and not copied:
        return 0.0, []
    agreed = _places_agree(one.place, other.place)
    if one.place and other.place and not agreed and not copied:
        return 0.0, []
    reasons = {
        "parties": _PARTY * min(shared, 2), "all parties": _ALL * (shared > 1 and shared >= min(len(one.parties), len(other.parties))),
        "place": _PLACE * bool(one.place and other.place and agreed), "story": _STORY * (one.story == other.story),
        "day": _DAY * dated, "words": _WORD * bool(one.words & other.words),
        "sentence": _SENTENCE * (0.5 * (likeness >= _ALIKE) + 0.5 * copied),
    }  # fmt: skip
    return sum(reasons.values()), [name for name, weight in reasons.items() if weight]


def keys_of(account: ComparedEvent) -> list[str]:
    """The keys under which an event meets others: its type with each party's last name, its place, its story."""
    parties = {f"{account.type} p {max(name, key=lambda word: (len(word), word))}" for name in account.parties if name}
    keys = parties | ({f"{account.type} s {account.story}"} if account.story else set())
    return sorted(keys | ({f"{account.type} l {account.place}"} if account.place else set()))


def _telling(account: ComparedEvent) -> str:
    """The key of an event in its story under the day on which it is told, whenever it was."""
    return f"{account.type} t {account.story}"


def _weeks(account: ComparedEvent) -> list[str]:
    """The keys of an event in each week that it may fall into: those that last are met by any day of theirs."""
    weeks = range(account.first // 7, account.last // 7 + 1)
    return [f"{key} @{week}" for key in keys_of(account) for week in weeks]


def columns() -> Select[Any]:
    """The columns of events that are compared."""
    chosen = select(
        events.c.number, events.c.document, events.c.id, events.c.type, events.c.first_day, events.c.last_day, events.c.place,
        events.c.words, documents.c.published, story_of.c.story,
    )  # fmt: skip
    chosen = chosen.join(documents, documents.c.number == events.c.document)
    return chosen.outerjoin(story_of, story_of.c.document == events.c.document)


def accounts_of(bind: Connection, rows: Sequence[Any]) -> list[ComparedEvent]:
    """Return events as they are compared, from their rows; those without any day are left out."""
    query = select(participants.c.event, entities.c.words).join(entities, entities.c.number == participants.c.entity)
    names: dict[int, list[frozenset[str]]] = defaultdict(list)
    for row in bind.execute(query.where(participants.c.event.in_([row.number for row in rows]))) if rows else ():
        names[row.event].append(frozenset(map(sound_of, row.words.split())))
    found = []
    for row in rows:
        told, first, last = map(day_number, (row.published, row.first_day, row.last_day))
        dated = bool(first and last) and last - first <= _LONG
        if not dated and not told:
            continue
        if not dated:
            first = last = told
        found.append(ComparedEvent(
            row.number, row.document, row.type, told, first, last, dated,
            (row.place or "").strip(), tuple(names[row.number]), frozenset(row.words.replace(" … ", " ").split()), row.story or 0,
        ))  # fmt: skip
    return found


def why(same: HappeningMatch) -> str:
    return msgspec.json.encode({"score": round(same.score, 2), "reasons": same.reasons}).decode()


def _places_agree(one: str, other: str) -> bool:
    a, b = set(one.split()), set(other.split())
    return a <= b or b <= a
