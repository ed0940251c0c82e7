"""The way through articles that no story holds yet: their stories, then what they say, then what they tell.

Articles are taken by their days, so the same articles give the same links however they were split over files of one
ingest; an article that comes later costs what it touches. A day is one transaction: killed, it is linked again. An article
that cannot be linked is left out and named, and the others of its day are linked without it. At the end what was touched is
searched for conflicts (`kept`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import ColumnElement, Connection, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from musnad.errors import LedgerError
from musnad.ledger.across import happenings, utterances
from musnad.ledger.across.decisions import apply_to
from musnad.ledger.across.happenings import Happenings
from musnad.ledger.across.kept import KINDS_COMPARED, ConflictFinder, Groups, add_groups, is_compared, renew
from musnad.ledger.across.stories import ArticleWords, Stories, packed, words_of
from musnad.ledger.across.utterances import Utterances
from musnad.ledger.days import day_number
from musnad.ledger.tables import documents, events, happening_of, statements, story_of, utterance_of

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

_AT_ONCE = 300  # articles of one transaction


class _UnlinkableError(Exception):
    """One article that cannot be linked, by its number; the cause says why."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def link(
    ledger: Ledger,
    seen: Callable[[int, int], None] = lambda done, total: None,
    left_out: Callable[[str], None] = lambda reason: None,
) -> int:
    """Link all articles that are not linked yet; return how many were. `seen` hears how many are done, and of how many.

    `left_out` hears which cannot be linked and why; they are tried again the next time.
    """
    with ledger.database.read() as bind:
        waiting = _waiting(bind)
        touched: Groups | None = {kind: set() for kind in KINDS_COMPARED} if waiting and is_compared(bind) else None
    done, linked, linker = 0, 0, _Linker(ledger)
    for day, numbers in _by_day(waiting):
        done += len(numbers)
        while numbers:
            try:
                with ledger.database.write() as bind:
                    linker.link(bind, day, numbers)
                    decided = apply_to(bind, numbers)
                    add_groups(bind, touched, numbers)
            except _UnlinkableError as error:  # nothing of the day is stored; once more without it
                numbers = [number for number in numbers if number != error.number]
                left_out(_reason(ledger, error))
                linker = _Linker(ledger)
                continue
            if decided:
                linker = _Linker(ledger)  # what it remembers was decided otherwise
            break
        linked += len(numbers)
        seen(done, len(waiting))
    renew(ledger, linker.finder(), touched)
    return linked


def link_again(
    ledger: Ledger, bind: Connection, document: Any, *, statements: Sequence[int] = (), events: Sequence[int] = ()
) -> None:
    """Link single statements or events of an article, where the article itself is linked; else all are with it, later."""
    query = select(story_of.c.story).where(story_of.c.document == document.number)
    story = bind.scalar(query)
    if story is not None:
        day = day_number(document.published)
        _Linker(ledger).link_parts(bind, day, {document.number: story}, list(statements), list(events))
        apply_to(bind, [document.number])


def _reason(ledger: Ledger, error: _UnlinkableError) -> str:
    with ledger.database.read() as bind:
        name = bind.scalar(select(documents.c.id).where(documents.c.number == error.number))
    why = error.__cause__
    return f"{name}: could not be linked ({type(why).__name__}: {why}); please report it"


@contextmanager
def _article(number: int) -> Iterator[None]:
    """Whatever goes wrong within is the fault of one article; but for the ledger itself, which no other would find better."""
    try:
        yield
    except (LedgerError, SQLAlchemyError):
        raise
    except Exception as error:
        raise _UnlinkableError(number) from error


def _waiting(bind: Connection) -> list[tuple[int, int]]:
    """The days and numbers of articles without a story, in order; those without a day come first, each for itself."""
    query = select(documents.c.number, documents.c.published).outerjoin(
        story_of, story_of.c.document == documents.c.number
    )
    rows = bind.execute(query.where(story_of.c.document.is_(None)))
    return sorted((day_number(row.published), row.number) for row in rows)


def _by_day(waiting: list[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    for day, group in groupby(waiting, key=lambda pair: pair[0]):
        numbers = [number for _, number in group]
        for at in range(0, len(numbers), _AT_ONCE):
            yield day, numbers[at : at + _AT_ONCE]


class _Linker:
    """Links articles day by day; what it needs is asked from the ledger, and kept while the days go on."""

    def __init__(self, ledger: Ledger) -> None:
        self._terms = ledger.terms
        self._stories = Stories(ledger.terms)
        self._utterances = Utterances(ledger.terms)
        self._happenings = Happenings(ledger.terms)

    def finder(self) -> ConflictFinder:
        """What finds conflicts in what was linked, and need not read again what was read."""
        return ConflictFinder(self._terms, self._utterances, self._happenings.surroundings)

    def link(self, bind: Connection, day: int, numbers: list[int]) -> None:
        self._bind, self._day = bind, day
        query = select(documents.c.number, documents.c.text, documents.c.copy_of).where(documents.c.number.in_(numbers))
        linked = select(story_of.c.document).where(story_of.c.document.in_(numbers))  # by another process meanwhile
        rows = bind.execute(query.where(documents.c.number.not_in(linked)).order_by(documents.c.number)).all()
        numbers = [row.number for row in rows]
        if not numbers:
            return
        words: dict[int, ArticleWords] = {}
        for row in rows:
            with _article(row.number):
                words[row.number] = words_of(row.text, self._terms)
        if self._day:
            self._stories.open_day(bind, day, words.values())
        story = self._link_stories(rows, words)
        self._open(bind, day)
        self._link_statements(statements.c.document.in_(numbers), story)
        self._link_events(events.c.document.in_(numbers))

    def link_parts(self, bind: Connection, day: int, story: dict[int, int], said: list[int], told: list[int]) -> None:
        """Link statements and events of articles that are in their stories."""
        self._open(bind, day)
        self._link_statements(statements.c.number.in_(said), story)
        self._link_events(events.c.number.in_(told))

    def _open(self, bind: Connection, day: int) -> None:
        self._bind, self._day = bind, day
        self._utterances.open_day(bind, day)
        self._happenings.open(bind)

    def _link_stories(self, rows: Sequence[Any], words: dict[int, ArticleWords]) -> dict[int, int]:
        originals = [row.copy_of for row in rows if row.copy_of]
        known = select(story_of.c.document, story_of.c.story).where(story_of.c.document.in_(originals))
        story: dict[int, int] = {row.document: row.story for row in self._bind.execute(known)}
        links = []
        for row in rows:
            with _article(row.number):
                links.append(self._link_story(row, words[row.number], story))
        self._bind.execute(insert(story_of), links)
        self._stories.keep()
        return story

    def _link_story(self, row: Any, words: ArticleWords, story: dict[int, int]) -> dict[str, Any]:
        vector = self._stories.vector(words) if self._day else {}
        why: dict[str, Any] = {}
        if row.copy_of in story:
            number, score, why = story[row.copy_of], 1.0, {"copy_of": row.copy_of}
        elif (found := self._stories.nearest(vector, words)) is not None:
            number, score, why = found.story, found.score, {"words": found.words}
        else:
            number, score = row.number, 1.0
        if self._day:
            self._stories.join(number, self._day, vector)
        story[row.number] = number
        return {
            "document": row.number, "story": number, "day": self._day or None, "score": score,
            "why": msgspec.json.encode(why).decode(), "vector": packed(vector),
        }  # fmt: skip

    def _link_statements(self, chosen: ColumnElement[bool], story: dict[int, int]) -> None:
        query = utterances.columns().where(chosen).order_by(statements.c.number)
        links: list[dict[str, Any]] = []
        rows = self._bind.execute(query).all()
        if self._day:
            named = (row.last or "" for row in rows if not row.described)
            self._utterances.look_up(named, {story[row.document] for row in rows})
        for row in rows:
            with _article(row.document):
                self._link_statement(row, story[row.document], links)
        if links:
            self._bind.execute(insert(utterance_of), links)

    def _link_statement(self, row: Any, story: int, links: list[dict[str, Any]]) -> None:
        said = self._utterances.said(row, row.number, self._day)
        same = self._utterances.link(said, story) if self._day else None
        utterance = min((same.utterance, *same.also)) if same else row.number
        if same is not None and same.also:
            self._merge_utterances(utterance, {same.utterance, *same.also} - {utterance}, links)
        why = {"share": round(same.score, 2), "name": same.name} if same else {}
        links.append({
            "statement": row.number, "utterance": utterance, "score": same.score if same else 1.0,
            "why": msgspec.json.encode(why).decode(),
        })  # fmt: skip
        self._utterances.remember(said._replace(utterance=utterance), story)

    def _merge_utterances(self, into: int, others: set[int], waiting: list[dict[str, Any]]) -> None:
        """Make sayings one: those in the ledger, and those that wait to be written."""
        self._bind.execute(
            update(utterance_of).where(utterance_of.c.utterance.in_(sorted(others))).values(utterance=into)
        )
        for link in waiting:
            if link["utterance"] in others:
                link["utterance"] = into
        self._utterances.merge(into, others)

    def _link_events(self, chosen: ColumnElement[bool]) -> None:
        query = happenings.columns().where(chosen).order_by(events.c.number)
        rows = self._bind.execute(query).all()
        found = {account.number: account for account in happenings.accounts_of(self._bind, rows)}
        self._happenings.look_up(found.values())
        links: list[dict[str, Any]] = []
        for document, told in groupby(rows, key=lambda row: row.document):
            numbers = [row.number for row in told]
            with _article(document):
                self._happenings.surroundings.read(self._bind, numbers)
                links += [self._link_event(number, found.get(number)) for number in numbers]
        if links:
            self._bind.execute(insert(happening_of), links)
        self._happenings.keep()

    def _link_event(self, number: int, account: happenings.ComparedEvent | None) -> dict[str, Any]:
        same = self._happenings.link(account) if account is not None else None
        happening = same.happening if same else number
        if account is not None:
            self._happenings.remember(account, happening)
        return {
            "event": number, "happening": happening, "score": same.score if same else 1.0,
            "why": happenings.why(same) if same else "{}",
        }  # fmt: skip
