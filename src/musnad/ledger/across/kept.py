"""Conflicts as they are kept: found when articles are linked, and found anew where what they were found in has changed.

What is held against each other is a group: the statements of a story (denials), the accounts of a happening, the reports of a
saying. Beside what was found stands a stamp of the group: which rows it has, their seals, who speaks, which article is a copy. One
whose stamp is another by now (a correction, a decision about a name) counts for nothing, and is compared when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    cast,
    delete,
    func,
    insert,
    null,
    select,
)

from musnad.ledger.across.denials import denials
from musnad.ledger.across.differences import of_happenings, of_sayings
from musnad.ledger.across.groups import KINDS
from musnad.ledger.across.surroundings import Surroundings
from musnad.ledger.across.utterances import Utterances
from musnad.ledger.database import in_parts
from musnad.ledger.tables import (
    compared,
    conflicts,
    documents,
    events,
    happening_of,
    statements,
    story_of,
    utterance_of,
)
from musnad.ledger.terms import Terms

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

Compared = Literal["denial", "happening", "attribution"]
About = Literal["status", "count", "speaker", "stance"]
Groups = dict[Compared, set[int]]
KINDS_COMPARED: tuple[Compared, ...] = get_args(Compared)
RULES = 1  # raise it with what is found: ledgers then find anew
_GRAVE = 3.0  # of a denial
_MOST, _MIXED = (
    1_000_000_007,
    8191,
)  # of what a stamp is the sum of: no sum of a million rows is too large for a database


class FoundConflict(NamedTuple):
    """Two rows that conflict, by their numbers; `rank` and `key` as `denials.Denial` has them."""

    about: About
    one: int
    other: int
    weight: float
    rank: float
    key: str


class _Group(NamedTuple):
    """Where groups of a kind stand: the column that numbers them, the rows that are compared, who speaks in them."""

    number: Column[Any]
    rows: Any
    speaker: Any


_GROUPS: dict[Compared, _Group] = {
    "denial": _Group(story_of.c.story, statements, statements.c.speaker),
    "happening": _Group(happening_of.c.happening, events, null()),
    "attribution": _Group(utterance_of.c.utterance, statements, statements.c.speaker),
}


class ConflictFinder:
    """Finds the conflicts in groups; what it compares by may be that of the linking under way."""

    def __init__(
        self, terms: Terms, comparer: Utterances | None = None, surroundings: Surroundings | None = None
    ) -> None:
        self._terms = terms
        self._comparer = comparer or Utterances(terms)
        self._surroundings = surroundings or Surroundings(terms)

    def find(self, bind: Connection, kind: Compared, numbers: Iterable[int]) -> dict[int, list[FoundConflict]]:
        """Return what is in conflict within some groups, by group, in order."""
        if kind == "denial":
            denied = denials(bind, self._comparer, self._terms, numbers)
            return {
                story: [
                    FoundConflict("stance", one.one, one.other, _GRAVE + one.share, one.rank, one.key) for one in found
                ]
                for story, found in denied.items()
            }
        differing = (
            of_happenings(bind, self._surroundings, numbers)
            if kind == "happening"
            else of_sayings(bind, self._comparer, numbers)
        )
        return {number: [FoundConflict(*one, 0.0, "") for one in found] for number, found in differing.items()}


def known(bind: Connection, terms: Terms, kind: Compared, numbers: Iterable[int]) -> dict[int, list[FoundConflict]]:
    """Return what is in conflict within some groups, in order: what is kept, and what is found now where that holds no more."""
    asked = sorted(set(numbers))
    found: dict[int, list[FoundConflict]] = {number: [] for number in asked}
    stale = _stale(bind, kind, asked)
    for part in in_parts(asked):
        query = select(conflicts).where(conflicts.c.kind == kind, conflicts.c.number.in_(part))
        for row in bind.execute(query.order_by(conflicts.c.number, conflicts.c.position)):
            if row.number not in stale:
                found[row.number].append(FoundConflict(*(getattr(row, name) for name in FoundConflict._fields)))
    if stale:
        found |= ConflictFinder(terms).find(bind, kind, stale)
    return found


def is_compared(bind: Connection) -> bool:
    """Whether a ledger was searched for conflicts before."""
    return bind.execute(select(compared.c.number).limit(1)).first() is not None


def add_groups(bind: Connection, groups: Groups | None, articles: list[int]) -> None:
    """Add the groups of some articles to those that were touched, unless all were."""
    for kind, numbers in (groups or {}).items():
        group, rows, _ = _GROUPS[kind]
        query = select(group).join_from(group.table, rows, _of(kind)).where(rows.c.document.in_(articles))
        numbers.update(bind.scalars(query.distinct()))


def renew(ledger: Ledger, finder: ConflictFinder, touched: Groups | None = None) -> None:
    """Compare groups that are not compared as they are now: of those that were touched, or of all where that is not said."""
    for kind in _GROUPS:
        with ledger.database.read() as bind:
            numbers = _comparable(bind, kind, touched[kind] if touched is not None else None)
        for part in in_parts(numbers):
            with ledger.database.read() as bind:
                waiting = bool(_stale(bind, kind, part))
            if waiting:
                with ledger.database.write() as bind:
                    _keep(bind, finder, kind, part)
        if touched is None:
            with ledger.database.write() as bind:
                kept = (
                    bind.scalars(select(table.c.number).where(table.c.kind == kind)) for table in (compared, conflicts)
                )
                for part in in_parts(sorted(set().union(*kept) - set(numbers))):
                    _forget(bind, kind, part)


def _keep(bind: Connection, finder: ConflictFinder, kind: Compared, numbers: list[int]) -> None:
    stale = _stale(bind, kind, numbers)
    _forget(bind, kind, sorted(stale))
    rows = [
        {"kind": kind, "number": number, "position": at, **one._asdict()}
        for number, found in finder.find(bind, kind, stale).items()
        for at, one in enumerate(found)
    ]
    if rows:
        bind.execute(insert(conflicts), rows)
    if stale:
        bind.execute(insert(compared), [{"kind": kind, "number": n, "stamp": stamp} for n, stamp in stale.items()])


def _forget(bind: Connection, kind: Compared, numbers: list[int]) -> None:
    for table in (compared, conflicts):
        bind.execute(delete(table).where(table.c.kind == kind, table.c.number.in_(numbers)))


def _comparable(bind: Connection, kind: Compared, among: set[int] | None) -> list[int]:
    """The groups in which anything can be in conflict: stories with a denial, happenings and sayings told twice."""
    group = _GROUPS[kind].number
    if kind == "denial":
        query = select(group).join(statements, statements.c.document == story_of.c.document).distinct()
        query = query.where(statements.c.stance == "DENY")
    else:
        query = select(group).group_by(group).having(func.count() > 1)
    if among is None:
        return sorted(bind.scalars(query))
    return sorted(n for part in in_parts(sorted(among)) for n in bind.scalars(query.where(group.in_(part))))


def _stale(bind: Connection, kind: Compared, numbers: list[int]) -> dict[int, int]:
    """The groups that are not compared as they are now, with their stamps."""
    found: dict[int, int] = {}
    for part in in_parts(numbers):
        now = {row.number: int(row.stamp) for row in bind.execute(_stamps(kind).where(_GROUPS[kind].number.in_(part)))}
        query = select(compared.c.number, compared.c.stamp).where(compared.c.kind == kind, compared.c.number.in_(part))
        then = {row.number: row.stamp for row in bind.execute(query)}
        found |= {number: stamp for number, stamp in now.items() if then.get(number) != stamp}
    return found


def _stamps(kind: Compared) -> Select[Any]:
    """The question for the stamps of groups."""
    group, rows, speaker = _GROUPS[kind]
    mixed: ColumnElement[Any] = func.coalesce(rows.c.seal, cast(func.length(rows.c.words), BigInteger))
    mixed += 7919 * cast(func.coalesce(speaker, 0), BigInteger) + 104_729 * cast(
        func.coalesce(documents.c.copy_of, 0), BigInteger
    )
    mixed = (mixed % _MOST) * (cast(rows.c.number, BigInteger) % _MIXED + 1) + rows.c.number
    stamp = cast(func.sum(mixed), BigInteger) * 1 + RULES
    query = select(group.label("number"), stamp.label("stamp")).join_from(group.table, rows, _of(kind))
    return query.join(documents, documents.c.number == rows.c.document).group_by(group)


def _of(kind: Compared) -> Any:
    """How the rows of a group hang on it."""
    if kind == "denial":
        return statements.c.document == story_of.c.document
    return and_(KINDS["happening" if kind == "happening" else "utterance"].member == _GROUPS[kind].rows.c.number)
