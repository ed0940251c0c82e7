"""Watchlists: searches that somebody comes back to, and what is new in them.

A statement is new where it came into the ledger after the last one that was told of; an article that was read anew counts as new.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Row, delete, insert, select, update

from musnad.errors import MissingError, SearchError
from musnad.ledger import search
from musnad.ledger.across.positions import defined
from musnad.ledger.numbering import last_given
from musnad.ledger.rows import decoded
from musnad.ledger.search import Filters, Hit
from musnad.ledger.tables import watches

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

MOST = 1_000_000  # statements that are told of at once: all
COUNTED = 100  # new statements that are counted: of more it is said that they are more


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is watched: words, a named issue (`musnad issues`), and what else must be true of a statement."""

    words: str = ""
    issue: str | None = None
    speaker: str | None = None
    outlet: str | None = None
    stance: str | None = None
    min_confidence: float = 0.0


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """A saved search under its name; `told` is the last statement that it was told of."""

    name: str
    wanted: Wanted
    made: str
    told: int


def save(ledger: Ledger, name: str, wanted: Wanted) -> Watch:
    """Keep a search under a name, in place of one that has it. Raises `SearchError` where it says nothing, or nothing that can be found."""
    given = (wanted.words, wanted.speaker, wanted.issue, wanted.outlet, wanted.stance)
    if not any(part and part.strip() for part in given):
        raise SearchError("nothing to watch: give words, a speaker, an issue, an outlet or a stance")
    _found(ledger, wanted, limit=1)  # what cannot be looked for is said now
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    with ledger.database.write() as bind:
        told = last_given(bind)
        bind.execute(delete(watches).where(watches.c.name == name))
        row = {"name": name, "wanted": msgspec.json.encode(wanted).decode(), "made": made, "told": told}
        bind.execute(insert(watches), row)
    return Watch(name=name, wanted=wanted, made=made, told=told)


def forget(ledger: Ledger, name: str) -> None:
    """Forget a watch. Raises `MissingError` where none has the name."""
    with ledger.database.write() as bind:
        if not bind.execute(delete(watches).where(watches.c.name == name)).rowcount:
            raise MissingError(f"no watch is named {name!r}; `musnad watches list` shows them")


def listed(ledger: Ledger) -> list[Watch]:
    """Return the watches by their names."""
    with ledger.database.read() as bind:
        return [_watch(row) for row in bind.execute(select(watches).order_by(watches.c.name))]


def watch(ledger: Ledger, name: str) -> Watch:
    """Return a watch. Raises `MissingError` where none has the name."""
    with ledger.database.read() as bind:
        row = bind.execute(select(watches).where(watches.c.name == name)).one_or_none()
    if row is None:
        raise MissingError(f"no watch is named {name!r}; `musnad watches list` shows them")
    return _watch(row)


def hits(ledger: Ledger, watch: Watch, *, limit: int = 20, offset: int = 0) -> list[Hit]:
    """Return what a watch finds, the newest first."""
    return _found(ledger, watch.wanted, limit=limit, offset=offset)


def fresh(ledger: Ledger, watch: Watch, *, limit: int = MOST) -> list[Hit]:
    """Return what a watch finds that nobody was told of, the newest first."""
    return _found(ledger, watch.wanted, limit=limit, after=watch.told)


def counted(ledger: Ledger, limit: int | None = None) -> list[tuple[Watch, int]]:
    """Return the watches by their names, each with how many statements are new in it, `COUNTED` at most."""
    return [(watch, count(ledger, watch)[0]) for watch in listed(ledger)[:limit]]


def count(ledger: Ledger, watch: Watch) -> tuple[int, int]:
    """Return how many statements are new in a watch, `COUNTED` at most, and the last statement that there is."""
    with ledger.database.read() as bind:
        last = last_given(bind)
        if last <= watch.told:
            return 0, last
        query, filters = _asked(ledger, watch.wanted, after=watch.told)
        return search.count(bind, ledger.index, ledger.terms, query, filters, COUNTED), last


def news(ledger: Ledger, watch: Watch) -> tuple[list[Hit], int]:
    """Return what is new in a watch, and the statement up to which that is; `told` keeps it."""
    with ledger.database.read() as bind:
        last = last_given(bind)
    return [hit for hit in fresh(ledger, watch) if hit.number <= last], last


def told(ledger: Ledger, watch: Watch, last: int) -> None:
    """Let what came up to a statement count as told; nothing that was told is new again."""
    if last > watch.told:
        with ledger.database.write() as bind:
            upto = min(last, last_given(bind))
            bind.execute(update(watches).where(watches.c.name == watch.name, watches.c.told < upto).values(told=upto))


def _found(ledger: Ledger, wanted: Wanted, *, limit: int, offset: int = 0, after: int | None = None) -> list[Hit]:
    query, filters = _asked(ledger, wanted, after)
    if query is None:
        return ledger.statements(filters, limit=limit, offset=offset)
    return ledger.search(query, filters, limit=limit, offset=offset, order="newest")


def _asked(ledger: Ledger, wanted: Wanted, after: int | None) -> tuple[str | None, Filters]:
    """The words and filters that a watch looks for; None where it has no words."""
    filters = Filters(
        speaker=wanted.speaker, outlet=wanted.outlet, stance=wanted.stance, min_confidence=wanted.min_confidence, after=after
    )  # fmt: skip
    query = wanted.words
    if wanted.issue is not None:
        known = {issue.name: issue.query for issue in defined(ledger)}
        if wanted.issue not in known:
            raise MissingError(f"no issue is named {wanted.issue!r}; `musnad issues list` shows them")
        query = f"{query} {known[wanted.issue]}"
    return query if query.strip() else None, filters


def _watch(row: Row[tuple[str, str, str, int]]) -> Watch:
    wanted: Wanted = decoded(row, "wanted", Wanted)
    return Watch(name=row.name, wanted=wanted, made=row.made, told=row.told)
