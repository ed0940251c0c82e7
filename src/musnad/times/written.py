"""A day as pages and feeds write it: in metadata, in feeds, in the date line of an article.

What is read is a whole date, day, month and year: «الأربعاء 5 آذار/مارس 2025 - 10:20 ص»، `Wed, 05 Mar 2025 10:20:00 GMT`,
`2025-03-05T10:20Z`, «5 رمضان 1446هـ - 5 مارس 2025م». The day is the one that is written, whatever the time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from musnad.lexicon.tables import rows
from musnad.text.fold import fold
from musnad.times import calendar
from musnad.times.parts import HIJRI_YEARS, YEARS

_LONGEST = 400  # characters of a line that may be a date
_BESIDE = 8  # words besides, in other parts of a line
_NAMES = 4  # words of a name behind «كتب» or «بقلم»
_EPOCH = date(1970, 1, 1)  # what machines write where there is no day
_PIECE = re.compile(
    r"""(?P<time>t?(?<![\d:])\d{1,2}[:h]\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[+-]\d\d:?\d\d(?![\d/.-]))?|\+\d{1,2}(?::?\d\d)?)
      | (?P<figures>(?<!\d)(?:\d{4}([-/.\\])\d{1,2}\3\d{1,2}|\d{1,2}\s?([-/.\\])\s?\d{1,2}\s?\4\s?\d{4})(?!\d))
      | (?P<number>\d+) | (?P<word>[^\W\d_]+) | (?P<cut>[|•·–—\n¦›]) | (?P<mark>\S)""",
    re.VERBOSE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?\d{4,6}(?:\D.*)?)?\Z")


class LabelledDay(NamedTuple):
    """A day in a line and what it is the day of: `published`, `modified`, `other`, or nothing where no word says."""

    day: date
    role: str


class DatedLine(NamedTuple):
    """The days of a line, and the word that stands in it without a day and may belong to the next line's."""

    days: tuple[LabelledDay, ...]
    open: str


class _LinePiece(NamedTuple):
    kind: str  # day, hijri, number, month, lunar (a Hijri month), weekday, role, filler, byline, counter, time, cut, dash, mark, word
    value: str
    day: date | None = None


def read_day(text: str) -> date | None:
    """Return the day that a piece of metadata names; None where it names none, an impossible one, or two."""
    if len(text) > _LONGEST:
        return None
    compact = _COMPACT.match(fold(text).strip())
    if compact:
        return _first(calendar.day(*map(int, compact.groups())))
    pieces = _pieces(text)
    found = {piece.day for piece in pieces if piece.kind == "day"} or {p.day for p in pieces if p.kind == "hijri"}
    return next(iter(found)) if len(found) == 1 and found != {_EPOCH} else None


def read_line(text: str, opened: str = "", spare: int = 0) -> DatedLine:
    """Return the days of a date line; of a line that says anything besides, none.

    `opened` is the role that an earlier line left open, `spare` how many words more the line may hold.
    """
    if len(text) > _LONGEST:
        return DatedLine((), "")
    pieces = _pieces(text)
    if not spare and sum(piece.kind == "word" for piece in pieces) > _BESIDE:
        return DatedLine((), "")
    found: list[LabelledDay] = []
    role = opened
    for part in _parts(pieces):
        roles = [piece.value for piece in part if piece.kind == "role"]
        days = [(at, piece) for at, piece in enumerate(part) if piece.kind in {"day", "hijri"}]
        if not days:
            role = roles[-1] if roles else ("" if any(piece.kind == "word" for piece in part) else role)
            continue
        if not _is_pure(part, spare):
            role = ""
            continue
        gregorian = [(at, piece) for at, piece in days if piece.kind == "day"] or days
        for at, piece in gregorian:
            before = [other.value for other in part[:at] if other.kind == "role"]
            behind = [other.value for other in part[at:] if other.kind == "role"] if at == gregorian[-1][0] else []
            assert piece.day is not None
            found.append(LabelledDay(piece.day, (before or behind or [role])[-1]))
        role = ""
    return DatedLine(tuple(found), role)


def _is_pure(part: list[_LinePiece], spare: int) -> bool:
    """Whether a part says a day and nothing else: no word besides, but a name behind «بقلم»."""
    kinds = [piece.kind for piece in part]
    left = kinds.count("word") + sum(
        kind in {"number", "month", "lunar"} and kinds[at + 1 : at + 2] != ["counter"] for at, kind in enumerate(kinds)
    )
    return left <= max(spare, _NAMES if "byline" in kinds else 0)


def _parts(pieces: list[_LinePiece]) -> Iterable[list[_LinePiece]]:
    """The parts of a line between strokes."""
    part: list[_LinePiece] = []
    for piece in pieces:
        if piece.kind in {"cut", "dash"}:
            yield part
            part = []
        else:
            part.append(piece)
    yield part


def _pieces(text: str) -> list[_LinePiece]:
    """The pieces of a line, whole dates put together."""
    pieces = _looked_up(fold(text))
    american = any(piece.kind == "half" for piece in pieces)
    joined: list[_LinePiece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "figures":
            joined.append(_of_figures(piece.value, american))
            at += 1
            continue
        dated = _named(pieces, at)
        joined.append(dated[0] if dated else piece)
        at = dated[1] if dated else at + 1
    return joined


def _of_figures(text: str, american: bool) -> _LinePiece:
    """A date in figures. The day stands first, but where only the month can; an English clock beside it leaves both open."""
    first, middle, last = (int(number) for number in re.findall(r"\d+", text))
    if first > 31:
        year, month, number = first, middle, last
    else:
        year, month, number = last, middle, first
        if month > 12 or (american and number <= 12 and month != number):
            month, number = (number, month) if month > 12 else (0, 0)
    if year in HIJRI_YEARS:
        return _dated("hijri", calendar.hijri(year, month, number))
    return _dated("day", calendar.day(year, month, number) if year in YEARS else None)


def _named(pieces: list[_LinePiece], at: int) -> tuple[_LinePiece, int] | None:
    """A date with the month's name at a place, and where it ends: 5 آذار/مارس 2025، مارس 5, 2025."""
    if pieces[at].kind == "number":
        month_at = _behind(pieces, at)
        end, kind, month = _month(pieces, month_at)
        number, year_at = pieces[at].value, _behind(pieces, end - 1) if month else -1
    else:
        end, kind, month = _month(pieces, at)
        day_at = _behind(pieces, end - 1) if month else -1
        number = pieces[day_at].value if 0 <= day_at < len(pieces) and pieces[day_at].kind == "number" else ""
        year_at = _behind(pieces, day_at) if number else -1
    if not month or len(number) > 2 or not 0 <= year_at < len(pieces) or pieces[year_at].kind != "number":
        return None
    year = _year(pieces, year_at)
    if year is None:
        return None
    if kind == "lunar":
        return _dated("hijri", calendar.hijri(year, month, int(number)) if year in HIJRI_YEARS else None), year_at + 1
    return _dated("day", calendar.day(year, month, int(number)) if year in YEARS else None), year_at + 1


def _year(pieces: list[_LinePiece], at: int) -> int | None:
    """The year at a place; of two figures only where the time stands behind it (RFC 822)."""
    text = pieces[at].value
    if len(text) == 4:
        return int(text)
    if len(text) == 2 and at + 1 < len(pieces) and pieces[at + 1].kind == "time":
        return 2000 + int(text) if int(text) < 69 else 1900 + int(text)
    return None


def _month(pieces: list[_LinePiece], at: int) -> tuple[int, str, int]:
    """The end, the calendar and the number of a month's name, also a double one; zero where there is none."""
    if not 0 <= at < len(pieces) or pieces[at].kind not in {"month", "lunar"}:
        return at, "", 0
    end = at + 1
    again = end + (end < len(pieces) and pieces[end].value in {"/", "-", "("})
    if again < len(pieces) and pieces[again] == pieces[at]:
        end = again + 1
        end += end < len(pieces) and pieces[end].value == ")"
    return end, pieces[at].kind, int(pieces[at].value)


def _behind(pieces: list[_LinePiece], at: int) -> int:
    """The next piece that may belong to the same date."""
    at += 1
    while at < len(pieces) and (pieces[at].kind in {"filler", "dash"} or pieces[at].value in {"/", "-", ",", "،", "."}):
        at += 1
    return at


def _dated(kind: str, days: calendar.Days | None) -> _LinePiece:
    """A date; one that the calendar does not have is a word like others."""
    return _LinePiece(kind, "", days[0]) if days else _LinePiece("word", "")


def _first(days: calendar.Days | None) -> date | None:
    return days[0] if days else None


def _looked_up(text: str) -> list[_LinePiece]:
    """The pieces of a folded line, words as the tables know them, longest first."""
    found = [
        (match.lastgroup or "", match[0], text[match.start() - 1 : match.start()] == " ", text[match.end() : match.end() + 1] == " ")
        for match in _PIECE.finditer(text)
    ]  # fmt: skip
    words = [value for kind, value, _, _ in found]
    pieces: list[_LinePiece] = []
    at = 0
    while at < len(found):
        kind, value, before, behind = found[at]
        size = 1
        if kind == "word":
            kind, value, size = next(
                ((name, meaning, len(form)) for form, name, meaning in _table().get(value, ()) if words[at : at + len(form)] == form),
                (kind, value, 1),
            )  # fmt: skip
        elif kind == "mark" and value == "-" and before and behind:
            kind = "dash"
        elif value == "©":
            kind, value = "role", "other"
        pieces.append(_LinePiece(kind, value))
        at += size
    return pieces


@cache
def _table() -> dict[str, list[tuple[list[str], str, str]]]:
    """The words of both tables by their first: their folded forms, class and value, longest first."""
    kinds = {"month": "month", "hijri": "lunar", "weekday": "weekday", "part": "filler"}
    table: dict[str, list[tuple[list[str], str, str]]] = {}
    entries = [(row, kinds.get(row["class"])) for row in rows("calendar.tsv")]
    for row, kind in entries + [(row, row["class"]) for row in rows("datelines.tsv")]:
        for name in row["words"].split() if kind else ():
            form = fold(name).split("_")
            table.setdefault(form[0], []).append((form, str(kind), row["value"]))
    for found in table.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return table
