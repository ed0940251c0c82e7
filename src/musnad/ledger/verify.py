"""Checking a ledger, or a file that was exported: the database itself, then every row against the words of its article."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select, text

from musnad.errors import LedgerError, RecordError
from musnad.ledger import sealing
from musnad.ledger.across.groups import KINDS, GroupTables
from musnad.ledger.across.stories import unpacked
from musnad.ledger.days import day_number
from musnad.ledger.rows import decoded, event_dict, event_row, hash_of, record_dict, statement_dict, statement_row
from musnad.ledger.store import Ledger
from musnad.ledger.tables import documents, events, statements, stories, story_of
from musnad.record import Record

_AT_ONCE = 500


class Damage(NamedTuple):
    """A row that does not fit: where it stands, and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Coverage(msgspec.Struct):
    """How much was looked at."""

    articles: int = 0
    statements: int = 0
    events: int = 0
    links: int = 0

    def __str__(self) -> str:
        return f"{self.articles} articles, {self.statements} statements, {self.events} events, {self.links} links"


def verify_ledger(where: str | Path, checked: Coverage | None = None) -> Iterator[Damage]:
    """Yield what does not fit in a ledger, and count in `checked`. Raises `LedgerError` where there is none.

    Where the database itself is damaged, its rows are not looked at.
    """
    count = checked if checked is not None else Coverage()
    with Ledger(where, create=False, look=False) as ledger:
        faults = [
            Damage(ledger.database.name, f"the database is damaged: {fault}") for fault in ledger.database.faults()
        ]
        yield from faults
        if faults:
            return
        try:
            yield from _articles(ledger, count)
            with ledger.database.read() as bind:
                for name, kind in KINDS.items():
                    yield from _links(bind, name, kind, count)
                yield from _stories(bind)
                yield from _index(ledger, bind)
                if ledger.database.small and sealing.is_broken(bind):
                    yield Damage(ledger.database.name, "names or links are not as they were written")
        except LedgerError as error:  # what stands there cannot even be read
            yield Damage(ledger.database.name, str(error).removeprefix(f"{ledger.database.name}: "))


def _articles(ledger: Ledger, count: Coverage) -> Iterator[Damage]:
    last = 0
    while True:
        with ledger.database.read() as bind:
            rows = bind.execute(
                select(documents).where(documents.c.number > last).order_by(documents.c.number).limit(_AT_ONCE)
            ).all()
            for row in rows:
                count.articles += 1
                yield from _article(ledger, bind, row, count)
        if not rows:
            return
        last = rows[-1].number


def _article(ledger: Ledger, bind: Connection, row: Any, count: Coverage) -> Iterator[Damage]:
    if row.published and not day_number(row.published):
        yield Damage(
            row.id, f"its day {row.published!r} is none, and counts as no day; ingest it again with a right one"
        )
    if hash_of(row) != row.hash:
        yield Damage(row.id, "the article is not the one that was read: its hash differs")
    said = bind.execute(
        select(statements).where(statements.c.document == row.number).order_by(statements.c.number)
    ).all()
    told = bind.execute(select(events).where(events.c.document == row.number).order_by(events.c.number)).all()
    count.statements += len(said)
    count.events += len(told)
    try:
        for statement in said:
            yield from _statement(ledger, row, statement)
        for event in told:
            yield from _event(ledger, row, event)
        Record.from_dict(record_dict(row, list(said), list(told)))
    except (RecordError, LedgerError) as error:
        yield Damage(row.id, str(error))
    except Exception as error:  # whatever a damaged cell holds
        yield Damage(row.id, f"cannot be read ({type(error).__name__}: {error})")


def _statement(ledger: Ledger, article: Any, row: Any) -> Iterator[Damage]:
    where, text = f"{article.id} {row.id}", article.text
    spans = decoded(row, "content", list)
    if any(not 0 <= start < end <= len(text) for start, end in spans):
        yield Damage(where, f"the span {row.content} is not within the article of {len(text)} characters")
        return
    if " … ".join(text[start:end] for start, end in spans) != row.words:
        yield Damage(where, f"the article has other words at {row.content}")
    elif row.cue != statement_row(text, statement_dict(row), ledger.terms).cue:
        yield Damage(where, "the article has another cue there")
    if row.published != article.published:
        yield Damage(where, f"its day {row.published} is not that of its article")


def _event(ledger: Ledger, article: Any, row: Any) -> Iterator[Damage]:
    where = f"{article.id} {row.id}"
    anew = event_row(article.text, event_dict(row), ledger.terms)
    if (anew.words, anew.place) != (row.words, row.place):
        yield Damage(where, "the article has other words there")
    if (anew.first_day, anew.last_day) != (row.first_day, row.last_day):
        yield Damage(where, "its days are not those that were read")
    for day in dict.fromkeys((row.first_day, row.last_day)):
        if day is not None and not day_number(day):
            yield Damage(where, f"its day {day!r} is none, and counts as no day")


def _links(bind: Connection, name: str, kind: GroupTables, count: Coverage) -> Iterator[Damage]:
    """Links whose group bears the number of none of its members, or whose score or reason is none."""
    heads = select(kind.member).where(kind.member == kind.group)
    lost = select(kind.group).where(kind.group.not_in(heads)).distinct().order_by(kind.group)
    for number in bind.scalars(lost):
        yield Damage(f"{name} {number}", "bears the number of none of its members")
    for row in bind.execute(select(kind.table, kind.member.label("number")).order_by(kind.member)):
        count.links += 1
        try:
            if not (isinstance(row.score, float) and math.isfinite(row.score) and row.score >= 0):
                yield Damage(f"{name} link of {row.number}", f"its score {row.score!r} is none")
            msgspec.json.decode(row.why)
            if kind.table is story_of:
                unpacked(row.vector)
        except Exception as error:  # whatever a damaged cell holds
            yield Damage(f"{name} link of {row.number}", f"cannot be read ({type(error).__name__}: {error})")


def _stories(bind: Connection) -> Iterator[Damage]:
    """Stories that are not what their articles make them: their days, and the days of the articles."""
    query = select(documents.c.id, documents.c.published, story_of.c.day).join(story_of)
    for row in bind.execute(query.order_by(documents.c.number)):
        if (row.day or 0) != day_number(row.published):
            yield Damage(row.id, "stands in its story under another day")
    first, last = func.min(story_of.c.day), func.max(story_of.c.day)
    made = select(story_of.c.story, first, last).where(story_of.c.day.is_not(None)).group_by(story_of.c.story)
    expected = {row[0]: (row[1], row[2]) for row in bind.execute(made)}
    there = {row.number: (row.first_day, row.last_day) for row in bind.execute(select(stories))}
    for number in sorted(expected.keys() ^ there.keys() | {n for n in expected if there.get(n) != expected[n]}):
        yield Damage(f"story {number}", "is not that of its articles: their days differ")


def _index(ledger: Ledger, bind: Connection) -> Iterator[Damage]:
    """The index of words can be read to its end, and has a row for each statement, and no other."""
    ledger.index.read_through(bind)
    indexed = set(bind.scalars(text(ledger.index.numbers)))
    kept = set(bind.scalars(select(statements.c.number)))
    if wrong := len(indexed ^ kept):
        yield Damage(ledger.database.name, f"the index of words does not fit in {wrong} statements")


_LONGEST = 128 << 20  # bytes of a line


def verify_file(path: Path) -> Iterator[Damage]:
    """Yield what does not fit in a file of records, one JSON object a line."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read ({error.strerror})") from None
    with file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST), b""), 1):
            if len(line) == _LONGEST:
                yield Damage(
                    f"{path}:{number}", f"a line of more than {_LONGEST >> 20} MB is no record; the rest is not read"
                )
                return
            if line.strip():
                try:
                    Record.from_dict(msgspec.json.decode(line))
                except (RecordError, msgspec.DecodeError) as error:
                    yield Damage(f"{path}:{number}", str(error))
