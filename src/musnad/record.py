"""The record: an article and what was read in it. Frozen, anchored to the text, one definition for Python, JSON and schema.

Offsets are Unicode code points of `Record.text`, end exclusive. A `Span` holds the text it points
into, so evidence without its words cannot be built: `Span(3, 3, text)` and spans outside the
text raise `EvidenceError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Self

import msgspec

from musnad.errors import EvidenceError, RecordError

if TYPE_CHECKING:
    from musnad.ledger.frames import Backend, Frames

VERSION = 1

#: Characters that a field of an article may have.
LONGEST = {"id": 2_000, "text": 1_000_000, "url": 4_000, "outlet": 300, "title": 2_000}
_DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
_LAST_DAY = "9000-12-31"  # readers count days on from a day: none of them may leave the calendar

UNANSWERED = "llm-unanswered"  # the note of an article for which a language model had no answer: it may be asked again

Kind = Literal["direct", "indirect", "mixed"]
Stance = Literal[
    "SAY", "STRESS", "CLAIM", "DENY", "BELIEVE", "EXPECT", "HOPE", "REGRET", "WARN", "THREATEN", "PROMISE", "URGE",
    "WELCOME", "CONDEMN", "AGREE", "REFUSE", "ASK",
]  # fmt: skip
MentionKind = Literal["PERSON", "ORG", "PLACE", "OUTLET", "ROLE"]
EventType = Literal[
    "CONSULT", "AGREE", "COOPERATE", "AID", "CONCEDE", "RETREAT", "SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT"
]  # fmt: skip
Status = Literal["happened", "ongoing", "planned", "cancelled", "denied"]


class Span:
    """Characters `start` to `end` of a text. Equal spans have equal offsets; `.text` is the words themselves."""

    __slots__ = ("_source", "end", "start")
    start: int
    end: int
    _source: str

    def __init__(self, start: int, end: int, source: str) -> None:
        if not 0 <= start < end <= len(source):
            raise EvidenceError(f"span [{start}, {end}] is not within the text of {len(source)} characters")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "_source", source)

    @property
    def text(self) -> str:
        return self._source[self.start : self.end]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a span is immutable: cannot set {name}")

    def __reduce__(self) -> tuple[type[Span], tuple[int, int, str]]:
        return Span, (self.start, self.end, self._source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and (self.start, self.end) == (other.start, other.end)

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def __repr__(self) -> str:
        return f"Span({self.start}, {self.end}, {self.text!r})"


class _Frozen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """No cycle can be built of frozen values: the garbage collector need not look through them (gc=False)."""


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar, YYYY-MM-DD in ASCII digits, of the years 1000 to 9000."""
    if _DAY.fullmatch(text) is None or text > _LAST_DAY:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_blank(text: str) -> bool:
    """Whether `text` shows nothing: it is empty, or of blanks, controls, marks without width and U+FFFD."""
    if text[:1].isalnum():
        return False
    return not any(char.isprintable() and not char.isspace() and char != "\ufffd" for char in text)


class Document(_Frozen, frozen=True, kw_only=True):
    """An article as it came; only `id` and `text` are required. What no store could keep cannot be built.

    `published` is a day (`is_day`). No field holds NUL or half a character (a lone surrogate), none is longer than
    `LONGEST` says, and `id` is more than blanks and dots. Raises `RecordError`, which names the field, what it holds and the cure.
    """

    id: str
    text: str
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    title: str | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._facts())})"

    def _facts(self) -> list[str]:
        """What tells a person which article this is: not the whole of it."""
        given = [f"{name}={value!r}" for name in ("id", "outlet", "published") if (value := getattr(self, name))]
        return [*given, f"text={_short(self.text)}"]

    def __post_init__(self) -> None:
        for field, most in LONGEST.items():
            value = getattr(self, field)
            if (value is not None or field in {"id", "text"}) and not _is_kept(value, most):
                raise RecordError(_why_not(field, value, most))
        if is_blank(self.id.replace(".", "")):
            raise RecordError(f'"id" must be more than blanks and dots, not {_short(self.id)}; give the article a name')
        if self.published is not None and not (isinstance(self.published, str) and is_day(self.published)):
            raise RecordError(
                f'"published" must be a day like 2025-08-16, of the years 1000 to 9000, not {_short(self.published)}'
            )


def _is_kept(value: object, most: int) -> bool:
    """Whether a store keeps a value: text in whole characters, without NUL, not too long."""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _why_not(field: str, value: object, most: int) -> str:
    """Why no store keeps a value, and the cure."""
    if not isinstance(value, str):
        return f'"{field}" must be a string, not {type(value).__name__}'
    if len(value) > most:
        cure = "split the article" if field == "text" else "shorten it"
        return f'"{field}" has {len(value):,} characters, {most:,} at most are kept; {cure}'
    if (nul := value.find("\0")) >= 0:
        return f'"{field}" holds the character NUL at {nul:,}, which no store keeps: {_short(value)}; remove it'
    half = next(at for at, char in enumerate(value) if "\ud800" <= char <= "\udfff")
    shown = _short(value[half : half + 20])
    return f'"{field}" holds half a character (a lone surrogate) at {half:,}: {shown}; write it in UTF-8 anew'


def _short(value: object) -> str:
    """A value as a message shows it."""
    if not isinstance(value, str):
        return type(value).__name__
    return repr(value) if len(value) <= 40 else f"{value[:40]!r}…"


class Party(_Frozen, frozen=True, kw_only=True):
    """Who spoke, was spoken to, carried the words or acted: the fullest name the article gives, and where it stands.

    `span` is the mention in the clause, null where the clause names nobody. `entity` is an
    identifier of the knowledge base, or null.
    """

    name: str
    span: Span | None = None
    entity: str | None = None

    def __post_init__(self) -> None:
        if not self.name or self.name.isspace():  # a damaged letter may be all that the article gives: that is a name
            raise EvidenceError(f"a party needs a name, not {_short(self.name)}; leave it out where nobody is named")

    @property
    def text(self) -> str | None:
        """The mention as written."""
        return self.span.text if self.span else None


class Statement(_Frozen, frozen=True, kw_only=True):
    """A proposition that the article attributes to somebody. `content` has one span or more; `sources` nearest last."""

    id: str
    kind: Kind
    stance: Stance
    content: tuple[Span, ...]
    cue: Span | None
    speaker: Party
    addressee: Party | None = None
    sources: tuple[Party, ...] = ()
    within: str | None = None
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not self.content:
            raise EvidenceError(f"statement {self.id} has no content: evidence is required")

    @property
    def text(self) -> str:
        """The content as written, its pieces joined by an ellipsis."""
        return " … ".join(span.text for span in self.content)


class Interval(_Frozen, frozen=True, kw_only=True):
    """Days from `start` to `end`, both included, YYYY-MM-DD."""

    start: str
    end: str
    span: Span | None = None


class Event(_Frozen, frozen=True, kw_only=True):
    """A happening named in the article by the words in `triggers`."""

    id: str
    type: EventType
    mode: str | None = None
    status: Status
    triggers: tuple[Span, ...]
    actors: tuple[Party, ...] = ()
    recipients: tuple[Party, ...] = ()
    date: Interval | None = None
    place: Party | None = None
    said_in: str | None = None
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not self.triggers:
            raise EvidenceError(f"event {self.id} has no trigger: evidence is required")


class Mention(_Frozen, frozen=True, kw_only=True):
    """A name or role as written, whom it denotes in this article, and the identifier if there is one."""

    span: Span
    kind: MentionKind
    name: str
    entity: str | None = None

    @property
    def text(self) -> str:
        return self.span.text


class Note(_Frozen, frozen=True, kw_only=True):
    """A finding about the article itself; the codes are listed in docs/record.md."""

    code: str
    span: Span | None = None
    detail: str | None = None


class Record(Document, frozen=True, kw_only=True):
    """One article and everything read in it. Every span points into `text`: one of another text raises `EvidenceError`."""

    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    mentions: tuple[Mention, ...] = ()
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        text = self.text
        for span in self._spans():
            source = span._source
            if source is not text and source != text:  # the same string nearly always: nothing is compared then
                raise EvidenceError(f"{span!r} is of another text than article {self.id}; build it of that article's")

    def _spans(self) -> Iterator[Span]:
        """Every span of the record."""
        for statement in self.statements:
            yield from statement.content
            if statement.cue is not None:
                yield statement.cue
            yield from _mentioned(statement.speaker, statement.addressee, *statement.sources)
        for event in self.events:
            yield from event.triggers
            yield from _mentioned(*event.actors, *event.recipients, event.date, event.place)
        for mention in self.mentions:
            yield mention.span
        yield from _mentioned(*self.notes)

    def _facts(self) -> list[str]:
        return super()._facts() + [f"{len(getattr(self, name))} {name}" for name in ("statements", "events")]

    def _repr_html_(self) -> str:
        """How a notebook shows the record: the article with its evidence marked, the statements beside it."""
        from musnad.views.page import render_inset

        return render_inset(self)

    def to_frames(self, backend: Backend = "pyarrow") -> Frames:
        """Return the statements, events and mentions as three tables: of Arrow, or with `backend` of "pandas" or "polars"."""
        from musnad.ledger.frames import frames_of

        return frames_of([self], backend)

    def at_least(self, confidence: float) -> Self:
        """Return the record without the statements and events of less confidence; what was within them or told in them
        stays, on its own."""
        kept = {statement.id for statement in self.statements if statement.confidence >= confidence}
        if len(kept) == len(self.statements) and all(event.confidence >= confidence for event in self.events):
            return self
        replace = msgspec.structs.replace
        return replace(
            self,
            statements=tuple(
                statement if statement.within is None or statement.within in kept else replace(statement, within=None)
                for statement in self.statements
                if statement.id in kept
            ),
            events=tuple(
                event if event.said_in is None or event.said_in in kept else replace(event, said_in=None)
                for event in self.events
                if event.confidence >= confidence
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts and lists, spans as [start, end]."""
        return _plain(msgspec.to_builtins(self, enc_hook=_encode))  # type: ignore[no-any-return]

    def to_json(self) -> str:
        """Return the record as one line of JSON."""
        return _ENCODER.encode(self).decode("utf-8")

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Self:
        """Return the record in `row`, checking types and every span against the text.

        Raises `RecordError` (an `EvidenceError` where a span does not fit).
        """
        text = row.get("text") if isinstance(row, dict) else None
        if not isinstance(text, str):
            raise RecordError("not a record: it needs a string under the key 'text'")

        def decode(kind: type, value: Any) -> Any:
            if kind is Span and isinstance(value, list) and len(value) == 2 and all(type(v) is int for v in value):
                return Span(value[0], value[1], text)
            raise RecordError(f"a span is two whole numbers, not {value!r}")

        try:
            return msgspec.convert(row, cls, dec_hook=decode)
        except msgspec.ValidationError as error:
            if isinstance(error.__cause__, RecordError):
                raise error.__cause__ from None
            raise RecordError(f"not a record: {error}") from None


def _mentioned(*parts: Party | Interval | Note | None) -> Iterator[Span]:
    """The spans of those parts that stand in the text."""
    for part in parts:
        if part is not None and part.span is not None:
            yield part.span


def encode_lines(records: Sequence[Record | dict[str, Any]]) -> bytes:
    """Return records as JSON Lines, spans as [start, end]."""
    return _ENCODER.encode_lines(records)


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down: what a program gets is what JSON would give."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _encode(value: Any) -> Any:
    if isinstance(value, Span):
        return [value.start, value.end]
    raise TypeError(f"cannot encode {type(value).__name__}")


_ENCODER = msgspec.json.Encoder(enc_hook=_encode)


def span_schema(kind: type) -> dict[str, Any]:
    """The JSON Schema of a span, the one type here that msgspec does not know."""
    return {"type": "array", "prefixItems": [{"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 1}],
            "minItems": 2, "maxItems": 2, "description": "start and end, code points of text, end exclusive"}  # fmt: skip


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record, made from the classes above."""
    schema = msgspec.json.schema(Record, schema_hook=span_schema)
    schema["$id"] = f"https://musnad.example/record-{VERSION}.json"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema
