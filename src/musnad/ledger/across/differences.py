"""In what accounts of one happening differ, and under which names the same quoted words stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, select

from musnad.ledger.across import utterances
from musnad.ledger.across.surroundings import Surroundings
from musnad.ledger.across.utterances import Said, Utterances
from musnad.ledger.rows import decoded
from musnad.ledger.tables import documents, entities, events, happening_of, statements, utterance_of
from musnad.names.knowledge import shared

_HAPPENED = {"happened": "yes", "ongoing": "yes", "denied": "no", "cancelled": "no"}
_NUMBER = re.compile(r"(\d+) (\w+)")
_SURE = 0.85  # confidence of an account that is held against another
_ALIKE = 0.5  # share of words that the sentences of two accounts have in common: they tell of the same
_QUOTED = 0.8  # overlap from which two direct quotations are the same words
_PAIRS = 20  # of accounts of one happening that differ: are looked at, the first ones
_MANY = 10  # accounts that make a difference no graver
_HAPPENING, _ATTRIBUTION = 2.0, 1.5  # how grave either is


class Difference(NamedTuple):
    """Two accounts, or two statements, by their numbers, in what they differ, and a weight that ranks."""

    about: Literal["status", "count", "speaker"]
    one: int
    other: int
    weight: float


class _Side(NamedTuple):
    """An account as it is held against another; an `event` is read as the record format has it."""

    number: int
    document: int
    published: str | None
    event: dict[str, Any]


def of_happenings(bind: Connection, surroundings: Surroundings, numbers: Iterable[int]) -> dict[int, list[Difference]]:
    """Accounts that differ in whether it happened, or how many: of each happening the first two that do, in sentences alike."""
    found: dict[int, list[Difference]] = {number: [] for number in numbers}
    told, sizes = _accounts(bind, found)
    differing = [(number, *one) for number in found if sizes[number] > 1 for one in _differing(told[number])]
    surroundings.read(bind, {side for _, _, pairs in differing for pair in pairs for side in pair})
    for number, about, pairs in differing:
        alike = (pair for pair in pairs if surroundings.likeness(*pair) >= _ALIKE)
        if (pair := next(alike, None)) is not None:
            weight = _HAPPENING + min(sizes[number], _MANY) / 20 + (about == "status")
            found[number].append(Difference(about, *pair, weight))
    return found


def _accounts(bind: Connection, numbers: Iterable[int]) -> tuple[dict[int, list[_Side]], Counter[int]]:
    """The sure accounts of some happenings that are no copies, the earliest first, and how many accounts there are in all."""
    query = select(
        events.c.number, events.c.id, events.c.document, events.c.status, events.c.confidence, events.c.spans, documents.c.published,
        documents.c.copy_of, happening_of.c.happening,
    ).join(happening_of, happening_of.c.event == events.c.number)  # fmt: skip
    query = query.join(documents, documents.c.number == events.c.document)
    query = query.where(happening_of.c.happening.in_(sorted(numbers)))
    told: dict[int, list[_Side]] = defaultdict(list)
    sizes: Counter[int] = Counter()
    for row in bind.execute(query.order_by(documents.c.published, events.c.number)):
        sizes[row.happening] += 1
        if row.copy_of is None and row.confidence >= _SURE:
            event = {"status": row.status, "recipients": decoded(row, "spans").get("recipients") or ()}
            told[row.happening].append(_Side(row.number, row.document, row.published, event))
    return told, sizes


def _differing(accounts: list[_Side]) -> Iterator[tuple[Any, list[tuple[int, int]]]]:
    """In what the accounts of a happening differ, with the numbers of the pairs that do."""
    for about, (value, differ) in _DIFFERENCES.items():
        known = [(found, account) for account in accounts if (found := value(account.event)) is not None]
        if len({found for found, _ in known}) < 2:
            continue
        pairs = [
            (one.number, other.number)
            for (first, one), (second, other) in combinations(known, 2)
            if differ(first, second) and one.document != other.document and _at_odds(about, one, other)
        ]
        if pairs:
            yield about, pairs[:_PAIRS]


def _at_odds(about: str, one: _Side, other: _Side) -> bool:
    """Whether time does not explain the difference: what was called off may take place later, and tolls rise from day to day."""
    if about == "count":
        return one.published == other.published
    first, second = sorted((one, other), key=lambda account: account.published or "")
    return first.published == second.published or first.event["status"] != "cancelled"


def told_of(event: dict[str, Any], about: str) -> str:
    """What an event says of that in which its accounts differ."""
    return _DIFFERENCES[about][0](event) or ""


def _status(event: dict[str, Any]) -> str | None:
    status: str = event["status"]
    return status if status in _HAPPENED else None


def _count(event: dict[str, Any]) -> str | None:
    """How many suffered it, where one number is given, and of whom: «16 مدنيا»."""
    found = [number.group() for party in event["recipients"] if (number := _NUMBER.match(party["name"]))]
    return found[0] if len(found) == 1 else None


def _differ_in_count(one: str, other: str) -> bool:
    """Whether two numbers of the same differ: «15 مصابا» and «16 مصابا», but not «15 شخصا» and «3 مصابين»."""
    (number, noun), (second, like) = one.split(), other.split()
    return number != second and noun == like


_DIFFERENCES: dict[str, tuple[Callable[[dict[str, Any]], str | None], Callable[[str, str], bool]]] = {
    "status": (_status, lambda one, other: _HAPPENED[one] != _HAPPENED[other]),
    "count": (_count, _differ_in_count),
}


class _Quotation(NamedTuple):
    """A direct quotation of a known person, with the name under which it stands, and whose word it is on."""

    said: Said
    name: str
    sources: frozenset[str]


def of_sayings(bind: Connection, comparer: Utterances, numbers: Iterable[int]) -> dict[int, list[Difference]]:
    """The same quoted words under the names of two persons, neither of whom hands on what the other said: of each saying the first two."""
    found: dict[int, list[Difference]] = {number: [] for number in numbers}
    for number, quoted in _quoted(bind, comparer, found).items():
        pairs = ((one, other) for at, other in enumerate(quoted) for one in quoted[:at])
        found[number] = [one for one in (_attributed(comparer, *pair) for pair in pairs) if one is not None][:1]
    return found


def _quoted(bind: Connection, comparer: Utterances, numbers: Iterable[int]) -> dict[int, list[_Quotation]]:
    """The quotations of some sayings that are no copies, the earliest first. An office and its spokesman, an agency and whom it
    quotes say one thing: only persons of the registry are held against each other."""
    query = utterances.columns().add_columns(
        statements.c.parties, utterance_of.c.utterance, entities.c.name.label("speaker_name"),
    )  # fmt: skip
    query = query.join(utterance_of, utterance_of.c.statement == statements.c.number)
    query = query.where(
        utterance_of.c.utterance.in_(sorted(numbers)), statements.c.kind == "direct", statements.c.confidence >= _SURE,
        documents.c.copy_of.is_(None), ~entities.c.described,
    )  # fmt: skip
    found: dict[int, list[_Quotation]] = defaultdict(list)
    speakers: dict[int, set[int]] = defaultdict(set)
    rows = bind.execute(query.order_by(documents.c.published, statements.c.number)).all()
    for row in rows:
        speakers[row.utterance].add(row.speaker)
    for row in rows:
        if len(speakers[row.utterance]) > 1:
            parties = decoded(row, "parties")
            if shared().is_person(parties["speaker"]["entity"]):
                sources = frozenset(source["name"] for source in parties.get("sources") or ())
                found[row.utterance].append(_Quotation(comparer.of_row(row), row.speaker_name, sources))
    return found


def _attributed(comparer: Utterances, one: _Quotation, other: _Quotation) -> Difference | None:
    if one.said.name & other.said.name or one.name in other.sources or other.name in one.sources:
        return None
    share, common = comparer.overlap(one.said, other.said)
    if share < _QUOTED or common < 2 * utterances.LEAST:
        return None
    return Difference("speaker", one.said.number, other.said.number, _ATTRIBUTION + share)
