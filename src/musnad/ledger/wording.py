"""What a person writes, as a change of the record: words are found in the article, names get their place in it.

Words are given as they are pasted: other spaces, vowel signs, forms of a letter or of quotation marks are no matter. Where they
stand more than once, it has to be said which are meant.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from musnad.errors import CorrectionError, MissingError
from musnad.ledger import corrections
from musnad.ledger.store import Ledger
from musnad.names.knowledge import shared
from musnad.record import Record
from musnad.text.clitics import CONJUNCTIONS, PREPOSITIONS
from musnad.text.fold import fold, fold_map

_QUOTES = "\"'«»“”„‟‘’‚‹›"
_BETWEEN = " … "  # the pieces of a statement, as they are shown
_PIECES = 20  # of the words of one statement or event
_PREFIXES = "".join((*CONJUNCTIONS, *PREPOSITIONS))  # written onto the word that follows
_AROUND = 60  # characters on each side of a place that is shown
_MOST = 50  # places that are offered


Do = Literal["mend", "remove", "right"]


class Given(msgspec.Struct, kw_only=True, frozen=True):
    """What a person wants to stand in a statement or event. None leaves what is there; an empty name or day means nobody, none.

    `words` are those of the content, or those that name the event; `at` is where they begin, where they stand more than once.
    Several names stand on a line each.
    """

    words: str | None = None
    at: int | None = None
    speaker: str | None = None
    addressee: str | None = None
    sources: str | None = None
    stance: str | None = None
    kind: str | None = None
    type: str | None = None
    status: str | None = None
    actors: str | None = None
    recipients: str | None = None
    place: str | None = None
    first_day: str | None = None
    last_day: str | None = None


class Occurrence(msgspec.Struct, frozen=True):
    """One of the places where words stand: where they begin, the paragraph (from 1), and what stands around them."""

    at: int
    paragraph: int
    before: str
    words: str
    after: str


class AmbiguousError(CorrectionError):
    """Words that stand more than once in their article; `places` are where."""

    def __init__(self, words: str, places: list[Occurrence]) -> None:
        starts = ", ".join(str(place.at) for place in places)
        super().__init__(
            "words-often", f"«{words}» stands {len(places)} times; say where it begins: {starts}", words=words
        )
        self.places = places


def mend(
    ledger: Ledger, article: str, name: str, given: Given, *, author: str | None = None, note: str | None = None
) -> int:
    """Put a statement (`s3`) or event (`e2`) right as a person writes it; return the number of the correction.

    Raises `CorrectionError` where the words do not stand in the article, `AmbiguousError` where they do so more than once.
    """
    record = record_of(ledger, article)
    plain = record.to_dict()
    key = "events" if name.startswith("e") else "statements"
    present = next((one for one in plain[key] if one["id"] == name), None)
    if present is None:
        raise MissingError(f"{article} {name}: no such {key[:-1]}; `musnad show {article}` lists them")
    strange = [field for field in (*_OWN["events" if key == "statements" else "statements"],) if getattr(given, field)]
    if strange:
        raise CorrectionError("wrong-part", f"{name} has no {', '.join(strange)}")
    changes = _changes(plain, key, present, given)
    return corrections.correct(ledger, article, name, changes, author=author, note=note)


def add(
    ledger: Ledger, article: str, part: corrections.PartName, given: Given, *, author: str | None = None, note: str | None = None
) -> int:  # fmt: skip
    """Add what the reading missed, as a person writes it; return the number of the correction."""
    plain = record_of(ledger, article).to_dict()
    for field in ("words", *(("speaker",) if part == "statement" else ("type",))):
        if not getattr(given, field):
            raise CorrectionError(f"no-{field}", f"what is added needs {field}")
    empty = _EMPTY_STATEMENT if part == "statement" else _EMPTY_EVENT
    value = {**empty, **_changes(plain, f"{part}s", {**empty, "id": ""}, given)}
    if part == "statement":
        value["kind"] = given.kind or ("direct" if _quoted(plain["text"], value["content"]) else "indirect")
    return corrections.add(ledger, article, part, value, author=author, note=note)


def carry_out(
    ledger: Ledger, article: str, name: str, given: Given, do: Do, *, author: str | None, note: str | None
) -> int:
    """Mend, take out or find right what is there; return the number of the correction."""
    if do == "mend" and given != Given():
        return mend(ledger, article, name, given, author=author, note=note)
    return corrections.correct(ledger, article, name, None if do == "remove" else {}, author=author, note=note)


def record_of(ledger: Ledger, article: str) -> Record:
    record = ledger.document(article)
    if record is None:
        raise MissingError(f"there is no article {article}")
    return record


def spans_of(text: str, words: str, at: int | None = None) -> list[list[int]]:
    """Return where words stand in a text; pieces with « … » between them one after the other."""
    whole = _found(text, words)
    pieces = [words] if whole or _BETWEEN.strip() not in words else words.split(_BETWEEN.strip())
    pieces = [piece for given in pieces if (piece := _unquoted(given.strip()))]
    if not pieces:
        raise CorrectionError("no-words", "no words are given")
    if len(pieces) > _PIECES:
        raise CorrectionError("too-many-pieces", f"{len(pieces)} pieces of words: there may be {_PIECES}")
    spans: list[list[int]] = []
    for piece in pieces:
        places = _found(text, piece, spans[-1][1] if spans else 0)
        if not places:
            raise CorrectionError(
                "words-missing", f"«{piece}» does not stand in the article; paste its words", words=piece
            )
        chosen = [place for place in places if place[0] == at] if at is not None and not spans else places
        if not spans and len(chosen) != 1:
            raise AmbiguousError(piece, [_place(text, start, end) for start, end in places[:_MOST]])
        spans.append(list(chosen[0]))
    return spans


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Return where the sentences of a text stand, as far as stops and lines tell."""
    found = []
    for match in re.finditer(r"[^\n]+?(?:[.؟!](?=\s)|(?=\n)|$)", text):
        words = match.group()
        start = match.start() + len(words) - len(words.lstrip())
        end = match.end() - (len(words) - len(words.rstrip(" \t.")))
        if start < end:
            found.append((start, end))
    return found


def party_of(plain: dict[str, Any], name: str, near: int) -> dict[str, Any]:
    """Return somebody as the record has them: the place of the name that is nearest, and the identifier if the name has one."""
    same, folded = None, fold(name)
    parties = [statement["speaker"] for statement in plain["statements"]]
    for other in (*plain["mentions"], *parties):
        if same is None and other.get("entity") and fold(other["name"]) == folded:
            same = other["entity"]
    spans = _found(plain["text"], name, whole=True)
    nearest = min(
        spans, key=lambda span: (_lines_between(plain["text"], span[0], near), abs(span[0] - near)), default=None
    )
    return {"name": name, "span": list(nearest) if nearest else None, "entity": same or shared().identifier(name)}


# -- within --------------------------------------------------------------------------------

_EMPTY_STATEMENT: dict[str, Any] = {
    "kind": "indirect", "stance": "SAY", "content": [], "cue": None, "speaker": None, "addressee": None, "sources": [], "within": None,
}  # fmt: skip
_EMPTY_EVENT: dict[str, Any] = {
    "type": None, "mode": None, "status": "happened", "triggers": [], "actors": [], "recipients": [], "date": None, "place": None,
    "said_in": None,
}  # fmt: skip
_CODES = {"statements": ("stance", "kind"), "events": ("type", "status")}
_NAMES = {"statements": ("speaker", "addressee"), "events": ("place",)}
_LISTS = {"statements": ("sources",), "events": ("actors", "recipients")}
_OWN = {key: (*_CODES[key], *_NAMES[key], *_LISTS[key]) for key in _CODES}


def _changes(plain: dict[str, Any], key: str, present: dict[str, Any], given: Given) -> dict[str, Any]:
    """The keys of the record in which a person wants something else than stands there."""
    text, evidence = plain["text"], "content" if key == "statements" else "triggers"
    found: dict[str, Any] = {}
    if given.words is not None and (
        not present[evidence] or _plainly(given.words) != _plainly(shown_words(text, present[evidence]))
    ):
        found[evidence] = spans_of(text, given.words, given.at)
    near = (found.get(evidence) or present[evidence])[0][0]
    for code in _CODES[key]:
        if getattr(given, code) is not None:
            found[code] = getattr(given, code)
    for field in _NAMES[key]:
        found |= _renamed(plain, field, present[field], getattr(given, field), near)
    for field in _LISTS[key]:
        found |= _listed(plain, field, present[field], getattr(given, field), near)
    if key == "events":
        found |= _dated(present["date"], given)
    return {name: value for name, value in found.items() if value != present[name]}


def shown_words(text: str, spans: list[list[int]]) -> str:
    """The words of a statement or event as a person sees them, its pieces joined by « … »."""
    return _BETWEEN.join(text[start:end] for start, end in spans)


def _renamed(
    plain: dict[str, Any], field: str, old: dict[str, Any] | None, name: str | None, near: int
) -> dict[str, Any]:
    if name is None or (old is not None and name.strip() == old["name"]):
        return {}
    return {field: party_of(plain, name.strip(), near) if name.strip() else None}


def _listed(
    plain: dict[str, Any], field: str, old: list[dict[str, Any]], names: str | None, near: int
) -> dict[str, Any]:
    if names is None:
        return {}
    known = {party["name"]: party for party in old}
    wanted = dict.fromkeys(name.strip() for name in names.splitlines() if name.strip())
    return {field: [known.get(name) or party_of(plain, name, near) for name in wanted]}


def _dated(old: dict[str, Any] | None, given: Given) -> dict[str, Any]:
    if given.first_day is None and given.last_day is None:
        return {}
    first = given.first_day if given.first_day is not None else old and old["start"]
    last = given.last_day if given.last_day is not None else old and old["end"]
    first, last = first or last, last or first
    if not first:
        return {"date": None}
    if old and (old["start"], old["end"]) == (first, last):
        return {}
    return {"date": {"start": first, "end": last, "span": None}}


def _found(text: str, words: str, since: int = 0, whole: bool = False) -> list[tuple[int, int]]:
    """The places of words in a text: as written, else in any spelling; those of whole words first of all. `whole` asks for such."""
    folded, offsets = fold_map(text)
    for haystack, needle, way in ((text, words, None), (folded, fold(words), offsets)):
        parts = [_pattern(part) for part in needle.split()]
        if not parts:
            return []
        pattern = r"\s+".join(parts)
        begun = rf"(?<!\w)[{_PREFIXES}]{{0,2}}" if whole else r"(?<!\w)"
        for asked in (rf"{begun}({pattern})(?!\w)", *(() if whole else (f"({pattern})",))):
            spans = [match.span(1) for match in re.finditer(asked, haystack)]
            if way is not None:
                spans = [(way[start], way[end - 1] + 1) for start, end in spans]
            if spans := [span for span in spans if span[0] >= since]:
                return spans
    return []


def _pattern(part: str) -> str:
    return "".join(f"[{_QUOTES}]" if char in _QUOTES else re.escape(char) for char in part)


def _place(text: str, start: int, end: int) -> Occurrence:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    paragraph = sum(1 for line in text[:start].split("\n")[:-1] if line.strip()) + 1
    return Occurrence(start, paragraph, before.rpartition("\n")[2], text[start:end], after.partition("\n")[0])


def _lines_between(text: str, one: int, other: int) -> int:
    return text.count("\n", min(one, other), max(one, other))


def _quoted(text: str, spans: list[list[int]]) -> bool:
    start, end = spans[0][0], spans[-1][1]
    return text[max(0, start - 1) : start] in {*_QUOTES} and text[end : end + 1] in {*_QUOTES}


def _unquoted(words: str) -> str:
    """Words without the marks of quotation around them, which are no part of a content."""
    around = len(words) > 2 and words[0] in _QUOTES and words[-1] in _QUOTES
    return words[1:-1].strip() if around and not set(words[1:-1]) & {*_QUOTES} else words


def _plainly(words: str) -> str:
    return " ".join(words.split())
