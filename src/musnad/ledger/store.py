"""The ledger itself: records in, statements out. One object for the command, the pages and programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, String, bindparam, delete, func, insert, literal, select, update

from musnad.errors import RecordError
from musnad.ledger import corrections
from musnad.ledger import entities as people
from musnad.ledger.database import Database
from musnad.ledger.days import day_number
from musnad.ledger.events import EventFilters, EventHit, find_events
from musnad.ledger.fulltext import index_for
from musnad.ledger.rows import EntityRow, EventRow, Prepared, damaged, hash_of, prepare, record_dict, rest_of, seal_of
from musnad.ledger.search import Filters, Hit, Order, search
from musnad.ledger.tables import documents, events, participants, settings, sources, statements
from musnad.ledger.tables import entities as entity_table
from musnad.ledger.terms import VERSION, shared
from musnad.record import Document, Record

_AT_ONCE = 500  # keys in one question
_ALL = Filters()
_EVERY = EventFilters()


class Counts(NamedTuple):
    """What became of the articles of one call."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


class Ledger:
    """A ledger in a file (`Ledger("news.db")`) or a server (`Ledger("postgresql://…")`).

    Where there is none, one is made; with `create=False` it must be there, to be read. A small file is looked through for
    damage first, unless `look=False`. Safe to use from several threads and processes; writers take turns. Raises `LedgerError`
    where the database cannot be opened or written, and then nothing of the call is stored.
    """

    def __init__(self, where: str | Path, *, create: bool = True, look: bool = True) -> None:
        self.database = Database(where, create=create)
        if look and self.database.small:
            self.database.look_through()
            if not create:
                self._compare_articles()
        self.index = index_for(self.database.dialect)
        self.terms = shared()
        self._renew_index()

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- in --------------------------------------------------------------------------

    def add(self, records: Iterable[Record]) -> Counts:
        """Store records, all or none. An article that is there and has not changed is left alone."""
        return self.store([prepare(record, self.terms) for record in records])

    def store(self, prepared: Sequence[Prepared], again: Collection[str] = ()) -> Counts:
        """Store articles that `rows.prepare` made ready, in one transaction; of those that have not changed only the ones whose ids
        are in `again`, which were read anew."""
        with self.database.write() as bind:
            known = self._known(bind, [article.document["id"] for article in prepared])
            fresh: dict[str, Prepared] = {}
            for article in prepared:  # of two with one id the later is the article as it is now
                name = article.document["id"]
                if known.get(name) != article.document["hash"] or name in again:
                    fresh[article.document["id"]] = article
            changed = [name for name in fresh if name in known]
            if fresh:
                self._write(bind, list(fresh.values()))
        return Counts(len(fresh) - len(changed), len(changed), len(prepared) - len(fresh))

    def missing(self, articles: Sequence[Document]) -> list[Document]:
        """Return those articles that the ledger does not hold as they are."""
        with self.database.read() as bind:
            known = self._known(bind, [article.id for article in articles])
        return [article for article in articles if known.get(article.id) != hash_of(article)]

    def noted(self, articles: Sequence[Document], code: str) -> list[Document]:
        """Return those articles that bear a note, of those that the ledger holds."""
        with self.database.read() as bind:
            held: dict[str, set[str]] = {}
            for at in range(0, len(articles), _AT_ONCE):
                part = [article.id for article in articles[at : at + _AT_ONCE]]
                found = bind.execute(select(documents.c.id, documents.c.rest).where(documents.c.id.in_(part)))
                held |= {row.id: {note["code"] for note in rest_of(row)["notes"]} for row in found}
        return [article for article in articles if code in held.get(article.id, ())]

    # -- out -------------------------------------------------------------------------

    def document(self, name: str) -> Record | None:
        """Return an article with all that was read in it, checked against its text, or None."""
        with self.database.read() as bind:
            row = bind.execute(select(documents).where(documents.c.id == name)).one_or_none()
            return self._record(bind, row) if row is not None else None

    def records(self) -> Iterator[Record]:
        """Yield all articles with what was read in them, in the order in which they came."""
        last = 0
        while True:
            with self.database.read() as bind:
                rows = bind.execute(
                    select(documents).where(documents.c.number > last).order_by(documents.c.number).limit(_AT_ONCE)
                ).all()
                found = [self._record(bind, row) for row in rows]
            yield from found
            if not rows:
                return
            last = rows[-1].number

    def search(
        self, query: str, filters: Filters = _ALL, *, limit: int = 20, offset: int = 0, order: Order = "best"
    ) -> list[Hit]:
        """Return the statements that hold the words of a query, best first. Raises `SearchError` for a query without words."""
        with self.database.read() as bind:
            return search(bind, self.index, self.terms, query, filters, limit, offset, order)

    def statements(
        self, filters: Filters = _ALL, *, limit: int = 20, offset: int = 0, order: Order = "newest"
    ) -> list[Hit]:
        """Return statements by their filters alone, newest first; doubtful: those that nobody has looked at, the least sure first."""
        with self.database.read() as bind:
            return search(bind, self.index, self.terms, None, filters, limit, offset, order)

    def events(
        self, chosen: EventFilters = _EVERY, *, limit: int = 20, offset: int = 0, order: Order = "newest"
    ) -> list[EventHit]:
        """Return events, the latest first; doubtful: those that nobody has looked at, the least sure first."""
        with self.database.read() as bind:
            return find_events(bind, chosen, limit, offset, order)

    def entities(self, name: str | None = None, *, limit: int = 50) -> list[people.Entity]:
        """Return who speaks, most statements first; with a name, those whose name holds its words."""
        return people.listed(self.database, name, limit)

    def counts(self) -> dict[str, int]:
        """Return how many documents, statements and entities there are."""
        with self.database.read() as bind:
            return {
                table.name: bind.scalar(select(func.count()).select_from(table)) or 0
                for table in (documents, statements, entity_table)
            }

    # -- within ----------------------------------------------------------------------

    def _known(self, bind: Connection, names: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for at in range(0, len(names), _AT_ONCE):
            part = list(names[at : at + _AT_ONCE])
            rows = bind.execute(select(documents.c.id, documents.c.hash).where(documents.c.id.in_(part)))
            found.update((row.id, row.hash) for row in rows)
        return found

    def _write(self, bind: Connection, articles: list[Prepared]) -> None:
        from musnad.ledger import copies  # numpy: who only asks does not wait for it

        held = self._numbers(bind, [article.document["id"] for article in articles])
        self._forget(bind, list(held.values()))
        unsettled = copies.release(bind, self.terms, list(held.values()))
        number = (bind.scalar(select(func.max(documents.c.number))) or 0) + 1
        for article in articles:
            if article.document["id"] not in held:
                held[article.document["id"]] = number
                number += 1
        rows = [{"number": held[a.document["id"]], "copy_of": None, **a.document} for a in articles]
        there = set(self._numbers(bind, list(held)))
        new = [row for row in rows if row["id"] not in there]
        if new:
            bind.execute(insert(documents), new)
        for row in rows:
            if row["id"] in there:
                bind.execute(update(documents).where(documents.c.number == row["number"]).values(row))
        parties = [party for a in articles for s in a.statements for party in (s.speaker, *s.sources)]
        parties += [party for a in articles for event in a.events for _, party in event.parties]
        known = people.number_entities(bind, parties)
        self._write_statements(bind, articles, held, *known)
        self._write_events(bind, articles, held, *known)
        copies.settle(bind, self.terms, unsettled | {held[a.document["id"]]: a.bands for a in articles})
        for name in there:  # read anew: what people put right still holds
            corrections.apply_to(self, bind, name)

    def _write_statements(
        self, bind: Connection, articles: list[Prepared], held: dict[str, int],
        read_as: dict[str, int], speaks_as: dict[str, int],
    ) -> None:  # fmt: skip
        number = (bind.scalar(select(func.max(statements.c.number))) or 0) + 1
        rows: list[dict[str, Any]] = []
        lines: list[tuple[int, str]] = []
        links: list[dict[str, int]] = []
        for article in articles:
            for statement in article.statements:
                key = statement.speaker.key
                rows.append({
                    "number": number, "document": held[article.document["id"]], "speaker": speaks_as[key],
                    "read_as": read_as[key], "published": article.document["published"],
                    "seal": seal_of(statement), **{name: getattr(statement, name) for name in _PLAIN},
                })  # fmt: skip
                lines.append((number, statement.line))
                links += [
                    {
                        "statement": number,
                        "position": at,
                        "entity": speaks_as[source.key],
                        "read_as": read_as[source.key],
                    }
                    for at, source in enumerate(statement.sources)
                ]
                number += 1
        if rows:
            bind.execute(insert(statements), rows)
            self.index.add(bind, lines)
        if links:
            bind.execute(insert(sources), links)

    def _write_events(
        self, bind: Connection, articles: list[Prepared], held: dict[str, int],
        read_as: dict[str, int], acts_as: dict[str, int],
    ) -> None:  # fmt: skip
        first = (bind.scalar(select(func.max(events.c.number))) or 0) + 1
        told = [(article, event) for article in articles for event in article.events]
        rows = [
            {
                "number": number,
                "document": held[article.document["id"]],
                "seal": seal_of(event),
                **{name: getattr(event, name) for name in _PLAIN_EVENT},
            }
            for number, (article, event) in enumerate(told, first)
        ]
        taking_part = [
            {"event": number, "position": at, "side": side, "entity": acts_as[party.key], "read_as": read_as[party.key]}
            for number, (_, event) in enumerate(told, first)
            for at, (side, party) in enumerate(event.parties)
        ]
        if rows:
            bind.execute(insert(events), rows)
        if taking_part:
            bind.execute(insert(participants), taking_part)

    def _numbers(self, bind: Connection, names: list[str]) -> dict[str, int]:
        query = select(documents.c.id, documents.c.number).where(documents.c.id.in_(names))
        return {row.id: row.number for row in bind.execute(query)}

    def _forget(self, bind: Connection, numbers: list[int]) -> None:
        """Take the statements of articles out, from the index as well."""
        if not numbers:
            return
        from musnad.ledger.across import groups

        groups.forget(bind, numbers)
        old = select(statements.c.number, statements.c.words).where(statements.c.document.in_(numbers))
        self.index.remove(bind, [(row.number, self.terms.line(row.words)) for row in bind.execute(old)])
        bind.execute(delete(statements).where(statements.c.document.in_(numbers)))
        bind.execute(delete(events).where(events.c.document.in_(numbers)))

    def _record(self, bind: Connection, row: Row[Any]) -> Record:
        article = literal(row.id, String).label("article")  # for what is said of a row that is damaged
        query = select(statements, article).where(statements.c.document == row.number).order_by(statements.c.number)
        told = select(events, article).where(events.c.document == row.number).order_by(events.c.number)
        _compare(row)
        try:
            return Record.from_dict(record_dict(row, list(bind.execute(query)), list(bind.execute(told))))
        except RecordError as error:
            raise damaged(row, str(error)) from error

    def _compare_articles(self) -> None:
        """Look whether every article is the one that was read: its words, title, outlet, address, day."""
        whole = select(*(documents.c[name] for name in ("id", "hash", "text", "title", "outlet", "url", "published")))
        with self.database.read() as bind:
            for row in bind.execution_options(yield_per=_AT_ONCE).execute(whole):
                _compare(row)

    def _renew_index(self) -> None:
        """Make the index anew where its terms were made by other rules."""
        with self.database.read() as bind:
            made = bind.scalar(select(settings.c.value).where(settings.c.name == "terms"))
        if made == VERSION:
            return
        with self.database.write() as bind:
            if made is not None:
                self.index.clear(bind)
                last = 0
                while rows := bind.execute(_after(last)).all():
                    self.index.add(bind, [(row.number, self.terms.line(row.words)) for row in rows])
                    last = rows[-1].number
            bind.execute(delete(settings).where(settings.c.name == "terms"))
            bind.execute(insert(settings), {"name": "terms", "value": VERSION})


_PLAIN_EVENT = tuple(name for name in EventRow.__struct_fields__ if name != "parties")
_PLAIN = ("id", "kind", "stance", "content", "words", "cue", "parties", "within", "confidence")


def _compare(row: Row[Any]) -> None:
    """Raise `UnavailableError` where an article is not the one that was read; a day that is none counts for nothing."""
    undated = row.published is not None and not day_number(row.published)
    if row.hash and not undated and hash_of(row) != row.hash:
        raise damaged(row, "it is not the article that was read: its hash differs")


def _after(number: int) -> Any:
    chosen = select(statements.c.number, statements.c.words).where(statements.c.number > bindparam("last", number))
    return chosen.order_by(statements.c.number).limit(10_000)


__all__ = ["Counts", "EntityRow", "Ledger"]
