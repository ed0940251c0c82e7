"""The careful reader: a language model reads, and nothing that it says stands without its words in the article."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from musnad.lexicon import Lexicon
from musnad.llm.cache import Answer
from musnad.llm.client import TOKENS, Model, NoAnswerError, Usage
from musnad.llm.grounding import Grounded, Grounder
from musnad.llm.merging import SURE, Merged, merge, merge_events
from musnad.llm.notation import Refused, ReplyLine, parse
from musnad.llm.parts import ArticlePart, parts_of
from musnad.llm.prompt import instructions, messages_of, once_more
from musnad.llm.settings import Settings
from musnad.reader import Laid, Reader, document_of
from musnad.record import UNANSWERED, Document, Note, Record, Span
from musnad.statements.draft import Draft
from musnad.statements.reading import nest

_ARTICLE = 2_200  # characters of an ordinary article
#: Tokens of a character of the instructions; of the answer, for each character of an article.
_ENGLISH, _REPLIED = 0.25, 0.35
#: What may be asked for again: what was copied wrongly, not what means nothing.
_MENDABLE = {"line", "content", "cue", "kind", "stance", "type", "status", "trigger"}


class _Heard(NamedTuple):
    """What the model said of a part; `why`: why it said nothing."""

    part: ArticlePart
    reply: str
    grounded: Grounded
    cut: bool
    why: str | None


class LlmReader:
    """Reads articles with a language model, as `musnad.Reader` does without. Shared by threads; it keeps no text.

    Each string of the model's answer is looked up in the article; what is not there is repaired where one reading is left, or
    refused. Where the model gives no answer the fast reader's stands, with the note `llm-unanswered`.
    """

    def __init__(self, settings: Settings, *, model: Model | None = None) -> None:
        self.settings = settings
        self._fast = Reader(fast=True)
        self._model = model if model is not None else Model(settings)
        self._reading = threading.Lock()  # numbers are worked out one article at a time; waiting for answers is not

    @property
    def at_once(self) -> int:
        """How many articles are worth reading at the same time."""
        return self.settings.at_once

    @property
    def usage(self) -> Usage:
        """What was asked and answered so far, and what it cost."""
        return self._model.usage

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon, for whoever needs the same words."""
        return self._fast.lexicon

    def estimate(self, size: int) -> str:
        """What articles of so many bytes (UTF-8, mostly Arabic) may take at most, in one line."""
        characters = size / 1.8
        asked = characters * TOKENS + max(1, characters / _ARTICLE) * len(instructions()) * _ENGLISH
        answered = characters * _REPLIED
        cost = self.usage.price(asked, answered)
        spent = f", {cost:.2f} at the prices of the settings" if cost is not None else ""
        return f"some {asked + answered:,.0f} tokens{spent}"

    def close(self) -> None:
        """Close connections and the file of answers."""
        self._model.close()

    def read(self, article: str | Document) -> Record:
        """Return the record of an article.

        Raises `ModelError` where the model cannot be asked as it was set up, `BudgetError` where no more may be spent, and
        `RecordError` for a bare text that no store keeps.
        """
        return self._read(document_of(article))[0]

    def explain(self, article: str | Document) -> tuple[Record, dict[str, Any]]:
        """Return the record of an article, and what the model said: its replies, what was repaired, and what was refused."""
        record, heard, merged = self._read(document_of(article))
        return record, {
            "id": record.id,
            "statements": {},
            "events": {},
            "declined": [],
            "replies": [{"reply": one.reply, "cut": one.cut, "unanswered": one.why} for one in heard],
            "repairs": [
                {"field": field, "repair": repair, "words": words}
                for one in heard
                for field, repair, words in one.grounded.repairs
            ],
            "refused": [{"line": one.text, "field": one.field, "reason": one.reason} for one in merged.refused],
        }

    def _read(self, document: Document) -> tuple[Record, list[_Heard], Merged]:
        with self._reading, self._fast.one_thread():
            laid = self._fast.lay_out(document)
            drafts = self._fast.drafts(laid)
        heard = (
            [self._hear(document, laid, part, drafts) for part in parts_of(laid.page, self.settings.part)]
            if drafts or len(laid.page)
            else []
        )
        with self._reading, self._fast.one_thread():
            merged = self._merge(laid, heard, drafts)
            record = self._fast.record(document, laid, merged.drafts, merged.happenings)
        return msgspec.structs.replace(record, notes=record.notes + _notes(record, laid, heard, merged)), heard, merged

    def _hear(self, document: Document, laid: Laid, part: ArticlePart, fast: list[Draft]) -> _Heard:
        """Ask about a part, and once more for the lines that could not be used."""
        page = laid.page
        whole = part.core == (0, len(page))
        shown = page.text if whole else page.text[page.start[part.first] : page.end[part.last - 1]]
        messages = messages_of(document, shown)
        try:
            answer = self._model.ask(messages)
        except NoAnswerError as error:
            return _Heard(part, "", Grounded(), False, str(error))
        text = _whole_lines(answer)
        grounded = self._ground(laid, part, parse(text))
        mendable = [one for one in grounded.refused if one.field in _MENDABLE]
        if mendable and self.settings.ask_again:
            with suppress(NoAnswerError):
                mended = parse(_whole_lines(self._model.ask(once_more(messages, text, mendable))))
                again = self._ground(laid, part, [line for line in mended if not isinstance(line, Refused)])
                grounded = _joined(grounded, again)
        why = None if answer.cut else _worthless(grounded, part, fast)
        return _Heard(part, answer.text, grounded, answer.cut, why)

    def _ground(self, laid: Laid, part: ArticlePart, lines: list[ReplyLine]) -> Grounded:
        with self._reading:
            return Grounder(laid, part.first, part.last).ground(lines)

    def _merge(self, laid: Laid, heard: list[_Heard], fast: list[Draft]) -> Merged:
        """What the model said of all parts, beside what the fast reader says."""
        page = laid.page
        grounded = Grounded()
        for one in heard:
            first, last = one.part.core
            said = one.grounded
            grounded.drafts += [(d, line) for d, line in said.drafts if first <= d.begin < last]
            grounded.happenings += [(h, line) for h, line in said.happenings if first <= h.mentions[0].at < last]
            grounded.refused += said.refused
        unread = [gap for one in heard if (gap := _unread(laid, one)) is not None]
        self._fast.name_silent(laid, [draft for draft, _ in grounded.drafts])
        reports = self._fast.reports(laid, [draft.cue_at for draft, _ in grounded.drafts])
        merged = merge(page, grounded, fast, reports, unread)
        nest(page, merged.drafts)
        happenings = self._fast.happenings(laid, merged.drafts)
        kept = [
            one for one in happenings if any(start <= page.start[one.mentions[0].at] < end for start, end in unread)
        ]
        own = merge_events(grounded.happenings, happenings, self._fast.event_shares(laid))
        self._fast.place_in(laid, merged.drafts, own)
        merged.happenings = sorted([*own, *kept], key=lambda one: one.mentions[0].tokens)
        return merged


def _whole_lines(answer: Answer) -> str:
    """An answer without the line in which it was cut."""
    return answer.text.rpartition("\n")[0] if answer.cut else answer.text


def _worthless(grounded: Grounded, part: ArticlePart, fast: list[Draft]) -> str | None:
    """Why an answer is worth no more than none: none of its lines stands in the article, or it is silent where the fast reader is sure,
    as that of a model which does what an article tells it to."""
    if grounded.refused and not grounded.drafts and not grounded.happenings:
        return "no line of the answer stands in the article"
    first, last = part.core
    sure = sum(first <= draft.begin < last and draft.confidence >= SURE for draft in fast)
    silent = not grounded.drafts and not grounded.happenings
    return f"the answer names nothing, the fast reader is sure of {sure}" if sure and silent else None


def _unread(laid: Laid, heard: _Heard) -> tuple[int, int] | None:
    """The characters of a part that the model gave no answer for: all of it, or what is behind the last words of a cut answer."""
    page, (first, last) = laid.page, heard.part.core
    if heard.why is None and not heard.cut:
        return None
    begin = page.start[first]
    if heard.why is None:
        begin = max([begin, *(draft.content[-1][1] for draft, _ in heard.grounded.drafts)])
    return begin, page.end[last - 1] + 1


def _joined(first: Grounded, again: Grounded) -> Grounded:
    """What stands of a reply and of its corrections; the lines that were refused at first stay told where nothing came for them.

    A correction is of the line that it shares most words with; a line that stood already corrects none.
    """
    stood, refused = set(_texts(first)), list(first.refused)
    for text in _texts(again):
        if refused and text not in stood:
            refused.remove(max(refused, key=lambda one: _alike(one.text, text)))
    return Grounded(
        first.drafts + again.drafts,
        first.happenings + again.happenings,
        refused,
        first.repairs + again.repairs,
    )


def _texts(grounded: Grounded) -> list[str]:
    """The lines of what stands."""
    return [line.text for _, line in grounded.drafts] + [line.text for _, line in grounded.happenings]


def _alike(one: str, other: str) -> float:
    """The share of words that two lines have in common."""
    first, second = set(one.split()), set(other.split())
    return len(first & second) / len(first | second)


def _notes(record: Record, laid: Laid, heard: list[_Heard], merged: Merged) -> tuple[Note, ...]:
    """What a person must know of the reading: where no answer came, where the readers differ, how much was refused."""
    notes = []
    for one in heard:
        gap = _unread(laid, one)
        if gap is not None:
            last = min(gap[1], len(record.text))
            span = Span(gap[0], last, record.text) if gap[0] < last else None
            notes.append(Note(code=UNANSWERED, span=span, detail=one.why or "the answer was cut"))
    for draft in merged.left_out:
        notes.append(Note(code="llm-left-out", span=Span(*draft.content[0], record.text), detail=draft.speaker_name))
    for draft, name in merged.differences:
        notes.append(Note(code="llm-differs", span=Span(*draft.content[0], record.text), detail=name))
    if merged.refused:
        notes.append(Note(code="llm-refused", detail=str(len(merged.refused))))
    return tuple(notes)
