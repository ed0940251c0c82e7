"""What may be asked: the parameters of addresses, forms and bodies, each with its bounds, and what is said where one is not kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar, get_args
from unicodedata import category

from fastapi import Form, Path, Query
from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from musnad.ledger.across.promises import State
from musnad.ledger.watches import Wanted
from musnad.ledger.wording import Given
from musnad.record import EventType, Kind, Stance, Status, is_day

_Model = TypeVar("_Model", bound=BaseModel)
LONGEST = 200_000  # characters of an article that is read at once
_DAY = r"^([1-8][0-9]{3}|9000)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_PLAIN = r"^[^\x00]*$"  # no database keeps NUL
_LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"


def _day(text: str) -> str:
    if not is_day(text):
        raise ValueError("a day is YYYY-MM-DD, of the calendar, between the years 1000 and 9000")
    return text


def _line(text: str) -> str:
    if any(category(letter) == "Cc" for letter in text):
        raise ValueError("it may not hold control characters")
    if not any(letter.isprintable() and not letter.isspace() for letter in text):
        raise ValueError("it may not be blank")
    return text.strip()


_Day = Annotated[
    str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY}),
]  # fmt: skip
_Line = Annotated[
    str, Field(min_length=1, max_length=300), AfterValidator(_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 300, "pattern": _LINE}),
]  # fmt: skip
_LineOrNone = Annotated[str, Field(max_length=300), AfterValidator(lambda text: _line(text) if text else text)]
_Lines = Annotated[list[_Line], Field(max_length=50)]
_UnlessBlank = BeforeValidator(lambda text: None if text == "" else text)  # what a form sends for a field left empty

# -- of the interface for programs ---------------------------------------------------------

Words = Annotated[str | None, Query(max_length=200, pattern=_PLAIN)]
ArticleId = Annotated[str | None, Query(max_length=2000, pattern=_PLAIN)]
_QUERY = AliasChoices("query", "q")  # `q` is what it was called once
Sought = Annotated[str | None, Query(min_length=1, max_length=2000, pattern=_PLAIN, validation_alias=_QUERY)]
Claimed = Annotated[str, Query(min_length=1, max_length=2000, pattern=_PLAIN)]
Speaker = Annotated[str, Query(min_length=1, max_length=200, pattern=_PLAIN)]
IssueQuery = Annotated[str, Query(min_length=1, max_length=500, pattern=_PLAIN)]
Day = Annotated[_Day | None, Query()]
Share = Annotated[float, Query(ge=0, le=1)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=100_000)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]  # of a row: more no ledger has
Name = Annotated[str, Path(max_length=2000, pattern=_PLAIN)]


class ToRead(BaseModel):
    """An article to be read."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=_PLAIN)]
    title: Annotated[str | None, Field(max_length=2000, pattern=_PLAIN)] = None
    outlet: Annotated[str | None, Field(max_length=200, pattern=_PLAIN)] = None
    published: _Day | None = None


class _Corrected(BaseModel):
    """What should stand there; what is not given stays. Nobody is an empty name, no day an empty day."""

    model_config = ConfigDict(extra="forbid")
    words: Annotated[str | None, Field(max_length=20_000, pattern=_PLAIN)] = None
    at: Annotated[
        int | None, Field(ge=0, le=10_000_000, description="Where the words begin, if they stand more than once")
    ] = None
    speaker: _Line | None = None
    addressee: _LineOrNone | None = None
    sources: _Lines | None = None
    stance: Stance | None = None
    kind: Kind | None = None
    type: EventType | None = None
    status: Status | None = None
    actors: _Lines | None = None
    recipients: _Lines | None = None
    place: _LineOrNone | None = None
    first_day: _Day | Literal[""] | None = None
    last_day: _Day | Literal[""] | None = None

    def given(self) -> Given:
        """The same as the ledger takes it."""
        wanted = {name: getattr(self, name) for name in _Corrected.model_fields}
        for name in ("sources", "actors", "recipients"):
            wanted[name] = None if wanted[name] is None else "\n".join(wanted[name])
        return Given(**wanted)


class ToCorrect(_Corrected):
    """What a statement (`s3`) or event (`e2`) should say; `add` adds one that was missed, `remove` takes one out, `right` says that
    it was looked at and is right."""

    article: Annotated[str, Field(max_length=2000, pattern=_PLAIN)]
    statement: Annotated[str | None, Field(pattern=r"^s[0-9]{1,9}$")] = None
    event: Annotated[str | None, Field(pattern=r"^e[0-9]{1,9}$")] = None
    add: Literal["statement", "event"] | None = None
    remove: bool = False
    right: bool = False
    author: _Line
    note: Annotated[str | None, Field(max_length=2000, pattern=_PLAIN)] = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if sum(given is not None for given in (self.statement, self.event, self.add)) != 1:
            raise ValueError("give one of statement, event and add")
        if not (self.add or self.remove or self.right) and self.given() == Given():
            raise ValueError("nothing to correct is given")
        if self.add and (self.remove or self.right):
            raise ValueError("what is added can neither be taken out nor be right already")
        return self


class ToWatch(BaseModel):
    """A search to be kept under a name."""

    model_config = ConfigDict(extra="forbid")
    name: _Line
    words: Annotated[str, Field(max_length=2000, pattern=_PLAIN)] = ""
    speaker: _Line | None = None
    issue: _Line | None = None
    outlet: _Line | None = None
    stance: Stance | None = None
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0

    def wanted(self) -> Wanted:
        """The same as the ledger takes it."""
        return Wanted(**self.model_dump(exclude={"name"}))


class ToUndo(BaseModel):
    """Who undoes a correction."""

    model_config = ConfigDict(extra="forbid")
    author: _Line


# -- of the pages --------------------------------------------------------------------------

Text = Annotated[str, Query(max_length=2000, pattern=_PLAIN)]
Searched = Annotated[str, Query(max_length=2000, pattern=_PLAIN, validation_alias=_QUERY)]
PageStance = Annotated[Stance | None, _UnlessBlank, Query()]
PageKind = Annotated[Kind | None, _UnlessBlank, Query()]
PageState = Annotated[State | None, _UnlessBlank, Query()]
Dispute = Literal["happening", "denial", "attribution"]
DISPUTES: tuple[Dispute, ...] = get_args(Dispute)
PageDispute = Annotated[Dispute | None, _UnlessBlank, Query()]
PageType = Annotated[EventType | None, _UnlessBlank, Query()]
PageDay = Annotated[_Day | None, _UnlessBlank, Query()]
PageNumber = Annotated[int, Query(ge=0, le=4000)]
Least = Literal["", "0.5", "0.7", "0.9"]  # confidence
Filled = Annotated[str, Form(max_length=2000, pattern=_PLAIN)]
LastStatement = Annotated[int, Form(ge=0, le=2**31 - 1)]
FormDay = Annotated[_Day | None, _UnlessBlank, Form()]


def as_date(day: str | None) -> date | None:
    """The day as the calendar has it."""
    return date.fromisoformat(day) if day is not None else None


def checked(kind: type[_Model], values: dict[str, Any]) -> _Model:
    """What a form gave, as the interface for programs takes it."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from None


def what_is_wrong(errors: Iterable[Any], words: Mapping[str, str] | None = None) -> str:
    """Say in one line what is wrong with what was given: which parameter, and its bounds; never what it was. `words` are those of a
    page (`interface.tsv`); without them it is said as programs read it."""
    said = (_said(error) if words is None else _told(error, words) for error in errors)
    return "; ".join(dict.fromkeys(said)) if words is None else " · ".join(dict.fromkeys(said))


def _said(error: dict[str, Any]) -> str:
    kind, place = error["type"], error["loc"]
    if kind == "extra_forbidden":  # the place would be what was given
        return f"{place[0]}: a key that is not known"
    what = {"string_pattern_mismatch": "it may not hold the character NUL", "string_unicode": "not a text in Unicode"}
    said = what.get(kind, str(error["msg"]).removeprefix("Value error, "))
    return f"{_name(place)}: {said}"


def _told(error: dict[str, Any], words: Mapping[str, str]) -> str:
    """The same in the words of a page."""
    name, kind = _name(error["loc"]), error["type"]
    if name in {"since", "until", "today", "published", "first_day", "last_day"}:
        kind = "day"
    elif kind in {"literal_error", "string_pattern_mismatch"}:
        kind = "choice"
    elif kind in {"missing", "string_too_short"} or "blank" in str(error["msg"]):
        kind = "missing"
    elif kind in {"string_too_long", "too_long"}:
        kind = "long"
    elif kind.startswith(("int", "greater", "less", "float", "finite")):
        kind = "number"
    return f"{words.get(name, name)}: {words.get(f'wrong.{kind}', words['wrong'])}"


def _name(place: tuple[Any, ...]) -> str:
    named = [part for part in place if isinstance(part, str)]
    return (
        named[1]
        if len(named) > 1 and named[0] in {"query", "path", "body", "header", "cookie"}
        else named[0]
        if named
        else "body"
    )
