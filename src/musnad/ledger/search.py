"""Looking for statements: by words in any spelling, by who spoke, how, when, and who reported it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, Select, String, bindparam, column, func, literal, select, text

from musnad.errors import SearchError
from musnad.ledger.entities import find
from musnad.ledger.fulltext import Clause, WordIndex
from musnad.ledger.rows import statement_dict
from musnad.ledger.tables import documents, entities, sources, statements
from musnad.ledger.terms import Terms

_LONGEST = 2000  # characters of a query
_MOST = 32  # terms of a query
_NEWEST = [statements.c.published.desc().nulls_last(), statements.c.number]  # as an index has them
_STREAMED = 500  # rows that are read at once
_COLUMNS = (
    *statements.c, documents.c.id.label("article"), documents.c.title, documents.c.outlet, documents.c.url,
    documents.c.copy_of, entities.c.name.label("speaker_name"), entities.c.key.label("entity_key"),
)  # fmt: skip
_WHOLE = statements.join(documents, statements.c.document == documents.c.number).join(
    entities, statements.c.speaker == entities.c.number
)
_PIECE = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+)')


Order = Literal["best", "newest", "doubtful"]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What else must be true of a statement. Names hold all the words given; days are YYYY-MM-DD, both included.

    `min_confidence` is the least confidence; of statements with 0.9, nine in ten are right. `after`: only what came into the ledger
    after the statement of this number.
    """

    speaker: str | None = None
    source: str | None = None
    stance: str | None = None
    kind: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    min_confidence: float = 0.0
    after: int | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was found, with its article; `marks` are the words asked for, in code points of `words`. `corrected`: a person
    mended it, added it, or checked it and found it right.
    """

    number: int
    article: str
    title: str | None
    outlet: str | None
    url: str | None
    published: str | None
    copy_of: str | None
    speaker: str
    entity: str
    words: str
    marks: list[tuple[int, int]]
    statement: dict[str, Any]
    corrected: str | None = None


def parse(query: str, terms: Terms) -> list[Clause]:
    """Return the clauses of a query: words all of which must stand there, "phrases" whose words stand in a row, beginnings*.

    Raises `SearchError` where nothing in it can be looked for, or it is too long.
    """
    if len(query) > _LONGEST:
        raise SearchError(f"the search has {len(query)} characters; at most {_LONGEST} can be looked for")
    clauses: list[Clause] = []
    for match in _PIECE.finditer(query):
        piece = next(group for group in match.groups() if group is not None)
        begins = match.group(4) is not None and piece.endswith("*")
        words = tuple(term for term, _, _ in terms.of_text(piece))
        if words:
            clauses.append(Clause(words, begins))
    if not clauses:
        raise SearchError(f"nothing to look for in {query[:60]!r}; write a word")
    if sum(len(clause.terms) for clause in clauses) > _MOST:
        raise SearchError(f"the search has more than {_MOST} words; leave some out")
    return clauses


def search(
    bind: Connection, index: WordIndex, terms: Terms, query: str | None, filters: Filters, limit: int, offset: int,
    order: Order = "best",
) -> list[Hit]:  # fmt: skip
    """Return statements: the best first (without a query the newest), the newest, or the least sure of those that nobody has looked at."""
    clauses = [] if query is None else parse(query, terms)
    asked = index.query(clauses) if clauses else None
    return _found(bind, index, asked, clauses, terms, filters, limit, offset, order)


def newest(bind: Connection, filters: Filters, most: int) -> Iterator[tuple[int, str, str]]:
    """Yield the number, kind and words of statements by their filters, the newest first, `most` at most."""
    chosen = select(statements.c.number, statements.c.kind, statements.c.words).select_from(_WHOLE)
    narrowed = _narrowed(bind, chosen, filters)
    if narrowed is not None:
        rows = bind.execution_options(yield_per=_STREAMED).execute(narrowed.order_by(*_NEWEST).limit(most))
        yield from (tuple(row) for row in rows)


def count(bind: Connection, index: WordIndex, terms: Terms, query: str | None, filters: Filters, most: int) -> int:
    """Return how many statements a search finds, `most` at most."""
    chosen, _ = _chosen(index, None if query is None else index.query(parse(query, terms)))
    narrowed = _narrowed(bind, chosen, filters)
    if narrowed is None:
        return 0
    some = narrowed.with_only_columns(statements.c.number, maintain_column_froms=True).limit(most)
    return bind.scalar(select(func.count()).select_from(some.subquery())) or 0


def hits(bind: Connection, terms: Terms, numbers: list[int]) -> list[Hit]:
    """Return some statements by their numbers, in the order asked for."""
    found: dict[int, Row[Any]] = {}
    for at in range(0, len(numbers), _STREAMED):
        some = select(*_COLUMNS).select_from(_WHOLE).where(statements.c.number.in_(numbers[at : at + _STREAMED]))
        found |= {row.number: row for row in bind.execute(some)}
    copies = _originals(bind, [row.copy_of for row in found.values() if row.copy_of])
    return [_hit(found[number], [], terms, copies.get(found[number].copy_of)) for number in numbers]


def search_any(
    bind: Connection, index: WordIndex, words: list[str], terms: Terms, filters: Filters, limit: int
) -> list[Hit]:
    """Return statements in which any of some terms stands, those with most and rarest first."""
    clauses = [Clause((word,)) for word in words]
    return _found(bind, index, index.query_any(words), clauses, terms, filters, limit, 0)


def _found(
    bind: Connection, index: WordIndex, asked: str | None, clauses: list[Clause], terms: Terms, filters: Filters, limit: int, offset: int,
    order: Order = "best",
) -> list[Hit]:  # fmt: skip
    """Statements by a query in the database's own language; `clauses` are what is marked in them."""
    chosen, ranked = _chosen(index, asked)
    if order == "doubtful":
        chosen, ranked = chosen.where(statements.c.corrected.is_(None)), [statements.c.confidence, statements.c.number]
    elif order == "newest":
        ranked = [*_NEWEST]
    narrowed = _narrowed(bind, chosen, filters)
    if narrowed is None:
        return []
    rows = bind.execute(narrowed.order_by(*ranked).limit(limit).offset(offset)).all()
    copies = _originals(bind, [row.copy_of for row in rows if row.copy_of])
    return [_hit(row, clauses, terms, copies.get(row.copy_of)) for row in rows]


def _chosen(index: WordIndex, asked: str | None) -> tuple[Select[Any], list[Any]]:
    if asked is None:
        return select(*_COLUMNS).select_from(_WHOLE), [*_NEWEST]
    ranked = text(index.ranked).bindparams(bindparam("query", asked))
    found = ranked.columns(column("number"), column("score")).subquery("found")
    joined = _WHOLE.join(found, found.c.number == statements.c.number)
    return select(*_COLUMNS, found.c.score).select_from(joined), [found.c.score, statements.c.number]


def _narrowed(bind: Connection, chosen: Select[Any], filters: Filters) -> Select[Any] | None:
    """The selection with its filters; None where a name is not known at all."""
    if filters.speaker is not None:
        who = find(bind, filters.speaker)
        if not who:
            return None
        chosen = chosen.where(statements.c.speaker.in_(who))
    if filters.source is not None:
        carried = select(sources.c.statement).where(sources.c.entity.in_(find(bind, filters.source)))
        chosen = chosen.where(statements.c.number.in_(carried))
    for name, wanted in (("stance", filters.stance), ("kind", filters.kind)):
        if wanted is not None:
            chosen = chosen.where(statements.c[name] == wanted)
    if filters.min_confidence > 0:
        chosen = chosen.where(statements.c.confidence >= filters.min_confidence)
    if filters.after is not None:
        chosen = chosen.where(statements.c.number > filters.after)
    if filters.outlet is not None:
        chosen = chosen.where(documents.c.outlet == filters.outlet)
    if filters.since is not None:
        chosen = chosen.where(statements.c.published >= filters.since)
    if filters.until is not None:
        chosen = chosen.where(statements.c.published <= literal(filters.until, String))
    return chosen


def _originals(bind: Connection, numbers: list[int]) -> dict[int, str]:
    rows = bind.execute(select(documents.c.number, documents.c.id).where(documents.c.number.in_(numbers)))
    return {row.number: row.id for row in rows}


def _hit(row: Row[Any], clauses: list[Clause], terms: Terms, original: str | None) -> Hit:
    return Hit(
        number=row.number, article=row.article, title=row.title, outlet=row.outlet, url=row.url, published=row.published,
        copy_of=original, speaker=row.speaker_name, entity=row.entity_key, words=row.words,
        marks=marks(row.words, clauses, terms), statement=statement_dict(row),
        corrected=row.corrected,
    )  # fmt: skip


def marks(words: str, clauses: list[Clause], terms: Terms) -> list[tuple[int, int]]:
    """Return where the words of a query stand in a text, in code points."""
    whole = {term for clause in clauses for term in (clause.terms[:-1] if clause.begins else clause.terms)}
    begun = tuple(clause.terms[-1] for clause in clauses if clause.begins)
    return [
        (start, end) for term, start, end in terms.of_text(words) if term in whole or (begun and term.startswith(begun))
    ]
