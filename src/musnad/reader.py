"""The pipeline: a document in, its record out. Nothing else knows the order of the stages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from threadpoolctl import ThreadpoolController

from musnad.events.draft import DraftEvent
from musnad.events.explaining import explain
from musnad.events.reading import ContentPiece, Events, innermost
from musnad.lexicon import Lexicon
from musnad.names.knowledge import Knowledge
from musnad.names.mentions import find_mentions
from musnad.names.naming import name_of
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.names.whereabouts import Whereabouts
from musnad.names.who import Cast
from musnad.page import Page
from musnad.record import Document, Event, Interval, Mention, Note, Party, Record, Span, Statement
from musnad.scores.scorer import Scored, Scorer
from musnad.statements.draft import Draft, Tokens
from musnad.statements.notes import find_notes
from musnad.statements.reading import Statements
from musnad.times import Time, find_times
from musnad.weights import shipped


class Reader:
    """Reads articles. Load one, share it between threads, send it to workers: it keeps no state of what it read.

    Without `fast` it reads as well as it can, some ten articles a second on one core; `fast` is for archives: several
    times as many, and more of them wrong (benchmarks/RESULTS.md). `weights` is a folder of other weights than the
    shipped ones (training/weights.py makes them).
    """

    def __init__(self, *, fast: bool = False, weights: Path | None = None) -> None:
        self._fast, self._weights = fast, weights
        self._lexicon = Lexicon()
        self._tagger = Tagger(self._lexicon)
        self._knowledge = Knowledge()
        folder = weights if weights is not None else shipped(fast=fast)
        self._scorer = Scorer(self._lexicon, folder)
        self._statements = Statements(self._scorer.statements, folder)
        self._events = Events(self._scorer.events, folder)
        self._threads = ThreadpoolController()

    @property
    def at_once(self) -> int:
        """How many articles are worth reading at the same time in one process: reading is work, not waiting."""
        return 1

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon, for whoever needs the same words."""
        return self._lexicon

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return partial(Reader, fast=self._fast, weights=self._weights), ()

    def read(self, article: str | Document) -> Record:
        """Return the record of an article. A bare text gets the SHA-256 of its words as its identifier.

        Raises `RecordError` for a bare text that no store keeps: one with NUL, half a character, or too long.
        """
        document = document_of(article)
        with self.one_thread():
            laid = self.lay_out(document)
            drafts = self.drafts(laid)
            return self.record(document, laid, drafts, self.happenings(laid, drafts))

    def explain(self, article: str | Document) -> tuple[Record, dict[str, Any]]:
        """Return the record of an article, and why each of its statements and events was read as it was.

        The explanation holds, under "statements" and "events" by their identifiers, the candidates of every decision with
        their probabilities (of statements the words that spoke for it too), and under "declined" the words that were
        nearly taken for reports.
        """
        document = document_of(article)
        with self.one_thread():
            laid = self.lay_out(document)
            if laid.scored is None:
                return self.record(document, laid, [], []), {
                    "id": document.id,
                    "statements": {},
                    "events": {},
                    "declined": [],
                }
            drafts = self.drafts(laid)
            why, declined = self._statements.explain(laid.page, laid.scored, drafts)
            happenings = self.happenings(laid, drafts)
            events = [explain(laid.page, laid.cast, happening) for happening in happenings]
            record = self.record(document, laid, drafts, happenings)
        reasons = {
            "statements": {statement.id: one for statement, one in zip(record.statements, why, strict=True)},
            "events": {event.id: one for event, one in zip(record.events, events, strict=True)},
        }
        return record, {"id": record.id, **reasons, "declined": declined}

    def read_all(self, articles: Iterable[str | Document]) -> Iterator[Record]:
        """Yield the record of each article, in order."""
        for article in articles:
            yield self.read(article)

    # -- the stages, for a reader that is built on this one ------------------------------

    def one_thread(self) -> AbstractContextManager[Any]:
        """Within it matrices are multiplied on one thread: they are so small that several are slower."""
        return self._threads.limit(limits=1, user_api="blas")  # type: ignore[no-any-return]

    def lay_out(self, document: Document) -> Laid:
        """Return the article with its tokens, names, context and times."""
        page = Page(document.text, self._lexicon)
        spots = Spots(page, self._tagger)
        cast = Cast(page, spots)
        scored = self._scorer.read(page, spots) if len(page) else None
        return Laid(page, spots, cast, scored, find_times(page, document.published))

    def drafts(self, laid: Laid) -> list[Draft]:
        """Return the statements of an article."""
        page, spots, cast, scored, _ = laid
        return self._statements.find(page, spots, cast, scored) if scored is not None else []

    def reports(self, laid: Laid, cues: list[int]) -> list[float]:
        """Return how likely the words at tokens `cues` report; 0 at -1, where there is none."""
        return self._statements.reports(laid.scored, cues) if laid.scored is not None else []

    def event_shares(self, laid: Laid) -> list[float]:
        """Return how likely each token of an article names an event."""
        return self._events.shares(laid.scored) if laid.scored is not None else []

    def name_silent(self, laid: Laid, drafts: list[Draft]) -> None:
        """Name the speakers of drafts that have none yet, as `drafts` names those whose clauses name nobody."""
        if laid.scored is not None:
            self._statements.name_silent(laid.page, laid.spots, laid.cast, laid.scored, drafts)

    def happenings(self, laid: Laid, drafts: list[Draft], *, settled: bool = True) -> list[DraftEvent]:
        """Return the events of an article, told in its statements or not; not settled, each as its own mentions tell it."""
        page, spots, cast, scored, times = laid
        if scored is None:
            return []
        find = self._events.find if settled else self._events.likely
        return find(page, spots, cast, scored, times, _told(drafts))

    def place_in(self, laid: Laid, drafts: list[Draft], happenings: list[DraftEvent]) -> None:
        """Set which statement tells each of some events that are not from `happenings`."""
        for happening in happenings:
            inside = innermost(laid.page.start[happening.mentions[0].tokens[0]], _told(drafts))
            happening.said_in = inside.number if inside is not None else -1

    def record(self, document: Document, laid: Laid, drafts: list[Draft], happenings: list[DraftEvent]) -> Record:
        """Return the record of an article from what was read in it."""
        page, spots, cast, _, times = laid
        where = Whereabouts(page, spots, self._knowledge)
        write = _Writer(page, spots, cast, self._knowledge, where)
        return Record(
            id=document.id, text=document.text, url=document.url, outlet=document.outlet, published=document.published,
            title=document.title,
            statements=tuple(write.statement(number, draft) for number, draft in enumerate(drafts, 1)),
            events=tuple(write.event(number, happening) for number, happening in enumerate(happenings, 1)),
            mentions=tuple(
                Mention(span=write.span(m.first, m.last), kind=m.kind, name=m.name, entity=m.entity)  # type: ignore[arg-type]
                for m in find_mentions(page, spots, cast, self._knowledge, where)
            ),
            notes=tuple(
                Note(code=code, span=Span(start, end, document.text), detail=detail)
                for code, start, end, detail in find_notes(page, cast, drafts)
            )
            + tuple(Note(code=time.flaw, span=write.span(time.first, time.last)) for time in times if time.flaw),
        )  # fmt: skip


class Laid(NamedTuple):
    """An article as it lies on the table: its tokens, its names, the tokens in context (None without any), its times."""

    page: Page
    spots: Spots
    cast: Cast
    scored: Scored | None
    times: list[Time]


class _Writer:
    """From token positions to spans of the text."""

    def __init__(self, page: Page, spots: Spots, cast: Cast, knowledge: Knowledge, where: Whereabouts) -> None:
        self._page, self._spots, self._cast, self._knowledge = page, spots, cast, knowledge
        self._where = where

    def span(self, first: int, last: int) -> Span:
        """The characters of tokens `first` to `last` - 1, without a preposition attached to the first."""
        page = self._page
        word = page.words[first]
        cut = word.cut if page.text[page.start[first] + word.cut : page.end[first]] else 0
        return Span(page.start[first] + cut, page.end[last - 1], page.text)

    def party(self, tokens: Tokens | None, name: str | None = None) -> Party | None:
        if tokens is None:
            return Party(name=name, entity=self._entity(name)) if name else None
        name = name or name_of(self._page, self._spots, self._cast, tokens)
        return Party(name=name, span=self.span(*tokens), entity=self._entity(name))

    def statement(self, number: int, draft: Draft) -> Statement:
        page = self._page
        fields: dict[str, Any] = {}
        if draft.cue_at >= 0:
            fields["cue"] = self._words(draft.cue_at, draft.cue_at + 1)
        speaker = self.party(draft.speaker, draft.speaker_name)
        assert speaker is not None
        return Statement(
            id=f"s{number}", kind=draft.kind, stance=draft.stance, speaker=speaker,  # type: ignore[arg-type]
            content=tuple(Span(start, end, page.text) for start, end in draft.content),
            cue=fields.get("cue"), addressee=self._other(draft.addressee, speaker),
            sources=tuple(p for tokens in draft.sources if (p := self._other(tokens, speaker)) is not None),
            within=f"s{draft.within + 1}" if draft.within >= 0 else None, confidence=round(draft.confidence, 2),
        )  # fmt: skip

    def event(self, number: int, happening: DraftEvent) -> Event:
        time, place, days = happening.time, happening.place, happening.days
        date = None
        if time is not None and days is not None:
            date = Interval(start=days[0].isoformat(), end=days[1].isoformat(), span=self.span(time.first, time.last))
        where = None
        if place is not None:
            name = happening.place_name
            where = Party(name=name, span=self.span(*place), entity=self._where.place(name, place[0]))
        return Event(
            id=f"e{number}", type=happening.type, mode=happening.mode,  # type: ignore[arg-type]
            status=happening.status, triggers=tuple(self._words(*mention.tokens) for mention in happening.mentions),  # type: ignore[arg-type]
            actors=tuple(self.party(taker.tokens, taker.name) for taker in happening.actors),  # type: ignore[misc]
            recipients=tuple(self.party(taker.tokens, taker.name) for taker in happening.recipients),  # type: ignore[misc]
            date=date, place=where, said_in=f"s{happening.said_in + 1}" if happening.said_in >= 0 else None,
            confidence=round(happening.confidence, 2),
        )  # fmt: skip

    def _words(self, first: int, last: int) -> Span:
        """Whole tokens, as they stand: a trigger keeps its و, as a cue does."""
        return Span(self._page.start[first], self._page.end[last - 1], self._page.text)

    def _other(self, tokens: Tokens | None, speaker: Party) -> Party | None:
        """A party that is not the speaker: nobody is his own source or addressee."""
        party = self.party(tokens)
        return party if party is not None and party.name != speaker.name else None

    def _entity(self, name: str) -> str | None:
        return self._knowledge.identifier(name)


def _told(drafts: list[Draft]) -> list[ContentPiece]:
    """The contents of statements, for the events that are told in them."""
    return [
        ContentPiece(start, end, n, draft.stance, draft.speaker_name)
        for n, draft in enumerate(drafts)
        for start, end in draft.content
    ]


def document_of(article: str | Document) -> Document:
    """An article as a document: a bare text gets the SHA-256 of its words as its identifier. Raises `RecordError`."""
    return article if isinstance(article, Document) else Document(id=_identifier(article), text=article)


def _identifier(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
