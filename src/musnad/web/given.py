"""What may be asked: the parameters of addresses, forms and bodies, each with its bounds, and what is said where one is not kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from unicodedata import category

from fastapi import Form, Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from musnad.record import Kind, Stance, is_day

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
_UnlessBlank = BeforeValidator(lambda text: None if text == "" else text)  # what a form sends for a field left empty

# -- of the interface for programs ---------------------------------------------------------

Words = Annotated[str | None, Query(max_length=200, pattern=_PLAIN)]
Sought = Annotated[str | None, Query(min_length=1, max_length=2000, pattern=_PLAIN)]
Claimed = Annotated[str, Query(min_length=1, max_length=2000, pattern=_PLAIN)]
Speaker = Annotated[str, Query(min_length=1, max_length=200, pattern=_PLAIN)]
Issue = Annotated[str, Query(min_length=1, max_length=500, pattern=_PLAIN)]
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


class Correction(BaseModel):
    """What a statement should say; `remove` takes it out."""

    model_config = ConfigDict(extra="forbid")
    article: Annotated[str, Field(max_length=2000, pattern=_PLAIN)]
    statement: Annotated[str, Field(max_length=20, pattern=_PLAIN)]
    speaker: _Line | None = None
    stance: Stance | None = None
    kind: Kind | None = None
    remove: bool = False


# -- of the pages --------------------------------------------------------------------------

Text = Annotated[str, Query(max_length=2000, pattern=_PLAIN)]
PageDay = Annotated[_Day | None, _UnlessBlank, Query()]
Page = Annotated[int, Query(ge=0, le=4000)]
Least = Literal["", "0.5", "0.7", "0.9"]  # confidence
Filled = Annotated[str, Form(max_length=2000, pattern=_PLAIN)]
FormDay = Annotated[_Day | None, _UnlessBlank, Form()]


def as_date(day: str | None) -> date | None:
    """The day as the calendar has it."""
    return date.fromisoformat(day) if day is not None else None


def what_is_wrong(errors: Iterable[Any]) -> str:
    """Say in one line what is wrong with what was given: which parameter, and its bounds; never what it was."""
    return "; ".join(dict.fromkeys(_said(error) for error in errors))


def _said(error: dict[str, Any]) -> str:
    kind, place = error["type"], error["loc"]
    if kind == "extra_forbidden":  # the place would be what was given
        return f"{place[0]}: a key that is not known"
    what = {"string_pattern_mismatch": "it may not hold the character NUL", "string_unicode": "not a text in Unicode"}
    said = what.get(kind, str(error["msg"]).removeprefix("Value error, "))
    return f"{place[1] if len(place) > 1 and isinstance(place[1], str) else place[0]}: {said}"
