"""The notation in which a language model answers: one line a statement or event, its fields copied from the article.

    S content | cue | d, i or m | STANCE | speaker | who ; also ; also | addressee | source ; source
    E TYPE | status | trigger ; trigger | actor ; actor | recipient ; recipient | 2015-08-01..2015-08-02 | place

A field that is empty or «-» names nothing; fields left out at the end are empty. A content is written whole or as «first words …
last words», its pieces joined by « ~ »; «@2» behind words asks for the second place where they stand. Whether the words stand in
the article at all is not known here (`musnad.llm.grounding`).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

from musnad.record import EventType, Kind, Stance, Status, is_day

_LINES, _CHARACTERS, _TOGETHER = 600, 4_000, 24  # of a reply, of a line, of a list: more is no answer
_KINDS: dict[str, Kind] = {"d": "direct", "i": "indirect", "m": "mixed"}
_NTH = re.compile(r"\s*@([1-9][0-9]{0,2})\s*$")
_BETWEEN = re.compile(r"\s*(?:…|\.\.\.)\s*")
_PIECES = re.compile(r"\s+~\s+")
_FENCE = re.compile(r"```|~~~")
_NOTHING = {"", "-", "–", "—"}


class CopiedWords(NamedTuple):
    """Words that are said to stand in the article; `nth` is which of their places is meant, from 1, or None."""

    words: str
    nth: int | None = None


class Stretch(NamedTuple):
    """A piece of a content: from its first words to its last; `last` is None where it is written whole."""

    first: CopiedWords
    last: CopiedWords | None = None


class SaidLine(NamedTuple):
    """A statement as the model wrote it."""

    text: str
    content: tuple[Stretch, ...]
    cue: CopiedWords | None
    kind: Kind
    stance: Stance
    speaker: CopiedWords | None
    who: tuple[str, ...]
    addressee: CopiedWords | None
    sources: tuple[CopiedWords, ...]


class EventLine(NamedTuple):
    """An event as the model wrote it; `days` are first and last day, YYYY-MM-DD."""

    text: str
    type: EventType
    status: Status
    triggers: tuple[CopiedWords, ...]
    actors: tuple[CopiedWords, ...]
    recipients: tuple[CopiedWords, ...]
    days: tuple[str, str] | None
    place: CopiedWords | None


class Refused(NamedTuple):
    """A line that gives nothing, and why: «line» is nothing in the notation, the others name the field at fault."""

    text: str
    field: Literal["line", "content", "cue", "speaker", "kind", "stance", "type", "status", "trigger"]
    reason: str


ReplyLine = SaidLine | EventLine | Refused


def parse(reply: str) -> list[ReplyLine]:
    """Return the lines of a reply in their order. What says nothing («E none», headings, fences, blank lines) is left out."""
    found: list[ReplyLine] = []
    lines = reply.splitlines()
    for raw in lines[:_LINES]:
        text = raw.strip().lstrip("\ufeff")
        if not text or text.startswith("#") or _FENCE.match(text) or text.casefold() in {"e none", "s none", "none"}:
            continue
        if len(text) > _CHARACTERS:
            found.append(Refused(f"{text[:80]}…", "line", f"longer than {_CHARACTERS:,} characters"))
            continue
        letter, _, rest = text.partition(" ")
        if letter not in {"S", "E"} or "|" not in rest:
            found.append(Refused(text[:200], "line", "neither a statement (S …) nor an event (E …)"))
            continue
        fields = [field.strip() for field in rest.split("|")]
        found.append(_said(text, fields) if letter == "S" else _event(text, fields))
    if len(lines) > _LINES:
        found.append(Refused(lines[_LINES][:80], "line", f"more than {_LINES} lines; the rest was not read"))
    return found


def _said(text: str, fields: list[str]) -> SaidLine | Refused:
    content, cue, kind, stance, speaker, who, addressee, sources = (fields + [""] * 8)[:8]
    if content in _NOTHING:
        return Refused(text, "content", "it has no content")
    if kind not in _KINDS:
        return Refused(text, "kind", f"{kind!r} is none of d, i, m")
    if stance not in get_args(Stance):
        return Refused(text, "stance", f"there is no stance {stance[:40]!r}")
    pieces = [_stretch(piece) for piece in _PIECES.split(content)[:_TOGETHER]]
    if not all(pieces):
        return Refused(text, "content", "a piece of it has no beginning or no end")
    return SaidLine(
        text, tuple(piece for piece in pieces if piece), _quoted(cue), _KINDS[kind], stance, _quoted(speaker),  # type: ignore[arg-type]
        tuple(one.words for one in _list(who)), _quoted(addressee), _list(sources),
    )  # fmt: skip


def _event(text: str, fields: list[str]) -> EventLine | Refused:
    kind, status, triggers, actors, recipients, days, place = (fields + [""] * 7)[:7]
    if kind not in get_args(EventType):
        return Refused(text, "type", f"there is no type of event {kind[:40]!r}")
    if status not in get_args(Status):
        return Refused(text, "status", f"there is no status {status[:40]!r}")
    named = _list(triggers)
    if not named:
        return Refused(text, "trigger", "no word names it")
    return EventLine(
        text, kind, status, named, _list(actors), _list(recipients), _days(days), _quoted(place),  # type: ignore[arg-type]
    )  # fmt: skip


def _stretch(piece: str) -> Stretch | None:
    """A piece of a content; of «a … b … c» all between a and c. None where one of its ends is missing («a …»)."""
    ends = [_quoted(end) for end in _BETWEEN.split(piece)]
    first, last = ends[0], ends[-1]
    if first is None or last is None:
        return None
    return Stretch(first, last if len(ends) > 1 else None)


def _quoted(field: str) -> CopiedWords | None:
    nth = _NTH.search(field)
    words = field[: nth.start()].strip() if nth else field
    return None if words in _NOTHING else CopiedWords(words, int(nth[1]) if nth else None)


def _list(field: str) -> tuple[CopiedWords, ...]:
    named = (_quoted(one.strip()) for one in re.split("[;؛]", field)[:_TOGETHER])
    return tuple(one for one in named if one is not None)


def _days(field: str) -> tuple[str, str] | None:
    """First and last day; None where the field is no days, which then date nothing."""
    first, _, last = field.partition("..")
    last = last or first
    return (first, last) if is_day(first) and is_day(last) and first <= last else None
