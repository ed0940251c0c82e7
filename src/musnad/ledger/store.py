"""The ledger itself: records in, statements out. One object for the command, the pages and programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, Row, String, bindparam, delete, func, insert, literal, select

from musnad.errors import RecordError
from musnad.ledger import renaming
from musnad.ledger.database import Database
from musnad.ledger.days import day_number
from musnad.ledger.entities import Entity, listed
from musnad.ledger.events import EventFilters, EventHit, find_events
from musnad.ledger.fulltext import index_for
from musnad.ledger.rows import EntityRow, Prepared, damaged, hash_of, prepare, record_dict, rest_of
from musnad.ledger.search import Filters, Hit, Order, search
from musnad.ledger.tables import documents, entities, events, settings, statements
from musnad.ledger.terms import VERSION, shared
from musnad.record import Document, Record

if TYPE_CHECKING:
    from datetime import date

    from musnad.ledger.across.conflicts import Conflict, ConflictKind
    from musnad.ledger.across.pledges import Pledge
    from musnad.ledger.across.positions import Step
    from musnad.ledger.across.promises import Promise, State
    from musnad.ledger.across.views import Article, Happening, Story, Utterance
    from musnad.ledger.frames import Backend

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
        renaming.renew(self.database, self.terms)

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
        from musnad.ledger.writing import write

        with self.database.write() as bind:
            known = self._known(bind, [article.document["id"] for article in prepared])
            fresh: dict[str, Prepared] = {}
            for article in prepared:  # of two with one id the later is the article as it is now
                name = article.document["id"]
                if known.get(name) != article.document["hash"] or name in again:
                    fresh[article.document["id"]] = article
            changed = [name for name in fresh if name in known]
            if fresh:
                write(self, bind, list(fresh.values()))
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

    def entities(self, name: str | None = None, *, limit: int = 50) -> list[Entity]:
        """Return who speaks, most statements first; with a name, those whose name holds its words."""
        return listed(self.database, name, limit)

    def counts(self) -> dict[str, int]:
        """Return how many documents, statements and entities there are."""
        with self.database.read() as bind:
            return {
                table.name: bind.scalar(select(func.count()).select_from(table)) or 0
                for table in (documents, statements, entities)
            }

    # -- as tables -------------------------------------------------------------------

    def statements_frame(
        self,
        query: str | None = None,
        filters: Filters = _ALL,
        *,
        backend: Backend = "pyarrow",
        limit: int | None = None,
    ) -> Any:
        """Return the statements that a search finds, or all that fit the filters, as a table: a statement a row.

        `backend` names the library whose table it is: a `pyarrow.Table`, a `pandas.DataFrame` or a `polars.DataFrame`.
        """
        from musnad.ledger.frames import statements_frame

        return statements_frame(self, query, filters, backend, limit)

    def events_frame(
        self, filters: EventFilters = _EVERY, *, backend: Backend = "pyarrow", limit: int | None = None
    ) -> Any:
        """Return the events that fit the filters as a table, the latest first: an event a row. `backend` as for statements."""
        from musnad.ledger.frames import events_frame

        return events_frame(self, filters, backend, limit)

    # -- across articles: the commands of the same names -----------------------------

    def stories(
        self, *, since: str | None = None, until: str | None = None, limit: int = 20, offset: int = 0, least: int = 2
    ) -> list[Story]:
        """Return stories with `least` articles or more, the largest first."""
        from musnad.ledger.across import views

        with self.database.read() as bind:
            return views.list_stories(bind, since, until, limit, offset, least)

    def story(self, number: int) -> tuple[Story, list[Article]]:
        """Return a story with its articles, the earliest first. Raises `MissingError` where there is none."""
        from musnad.ledger.across import views

        with self.database.read() as bind:
            return views.story(bind, number)

    def utterances(
        self, *, since: str | None = None, until: str | None = None, limit: int = 20, offset: int = 0, least: int = 2,
        min_confidence: float = 0.0,
    ) -> list[Utterance]:  # fmt: skip
        """Return sayings with `least` reports or more, those that most outlets report first."""
        from musnad.ledger.across import views

        with self.database.read() as bind:
            return views.list_utterances(bind, since, until, limit, offset, least, min_confidence=min_confidence)

    def utterance(self, number: int) -> Utterance:
        """Return a saying with all its reports. Raises `MissingError` where there is none."""
        from musnad.ledger.across import views

        with self.database.read() as bind:
            return views.utterance(bind, number)

    def happenings(
        self, *, since: str | None = None, until: str | None = None, limit: int = 20, offset: int = 0, least: int = 2,
        min_confidence: float = 0.0,
    ) -> list[Happening]:  # fmt: skip
        """Return happenings with `least` accounts or more, those of which most outlets tell first."""
        from musnad.ledger.across import views

        with self.database.read() as bind:
            return views.list_happenings(bind, since, until, limit, offset, least, min_confidence=min_confidence)

    def happening(self, number: int) -> Happening:
        """Return a happening with all its accounts. Raises `MissingError` where there is none."""
        from musnad.ledger.across import views

        with self.database.read() as bind:
            return views.happening(bind, number)

    def positions(
        self, speaker: str, issue: str, *, since: str | None = None, until: str | None = None,
        min_confidence: float = 0.0,
    ) -> list[Step]:  # fmt: skip
        """Return what somebody says on an issue, the earliest first; `issue` is one that was named, or a search."""
        from musnad.ledger.across.positions import defined, line

        query = next((known.query for known in defined(self) if known.name == issue), issue)
        return line(self, speaker, query, since, until, min_confidence=min_confidence)

    def promises(
        self, today: date | None = None, *, state: State | None = None, since: str | None = None, until: str | None = None,
        limit: int = 20, offset: int = 0, min_confidence: float = 0.0,
    ) -> list[Promise]:  # fmt: skip
        """Return what was announced, the latest first, as it stands on `today`."""
        from musnad.ledger.across.promises import promises

        return promises(
            self,
            today,
            state=state,
            since=since,
            until=until,
            limit=limit,
            offset=offset,
            min_confidence=min_confidence,
        )

    def pledges(
        self, today: date | None = None, *, state: State | None = None, speaker: str | None = None, since: str | None = None,
        until: str | None = None, limit: int = 20, min_confidence: float = 0.0,
    ) -> list[Pledge]:  # fmt: skip
        """Return pledges and threats in words, the newest first, as they stand on `today`."""
        from musnad.ledger.across.pledges import pledges

        return pledges(
            self,
            today,
            state=state,
            speaker=speaker,
            since=since,
            until=until,
            limit=limit,
            min_confidence=min_confidence,
        )

    def conflicts(
        self, *, kind: ConflictKind | None = None, since: str | None = None, until: str | None = None, limit: int = 20,
        min_confidence: float = 0.0,
    ) -> list[Conflict]:  # fmt: skip
        """Return accounts that cannot all be true, the gravest first."""
        from musnad.ledger.across.conflicts import conflicts

        return conflicts(self, kind=kind, since=since, until=until, limit=limit, min_confidence=min_confidence)

    def reversals(self, speaker: str, *, limit: int = 20, min_confidence: float = 0.0) -> list[Conflict]:
        """Return where somebody takes the other side than before."""
        from musnad.ledger.across.conflicts import reversals

        return reversals(self, speaker, min_confidence=min_confidence)[:limit]

    # -- within ----------------------------------------------------------------------

    def _known(self, bind: Connection, names: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for at in range(0, len(names), _AT_ONCE):
            part = list(names[at : at + _AT_ONCE])
            rows = bind.execute(select(documents.c.id, documents.c.hash).where(documents.c.id.in_(part)))
            found.update((row.id, row.hash) for row in rows)
        return found

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


def _compare(row: Row[Any]) -> None:
    """Raise `UnavailableError` where an article is not the one that was read; a day that is none counts for nothing."""
    undated = row.published is not None and not day_number(row.published)
    if row.hash and not undated and hash_of(row) != row.hash:
        raise damaged(row, "it is not the article that was read: its hash differs")


def _after(number: int) -> Any:
    chosen = select(statements.c.number, statements.c.words).where(statements.c.number > bindparam("last", number))
    return chosen.order_by(statements.c.number).limit(10_000)


__all__ = ["Counts", "EntityRow", "Ledger"]
