"""Annotated articles as the network learns them: columns of their tokens, and which tokens the annotators chose."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from musnad.evaluation import same_name
from musnad.events.naming import country_of
from musnad.lexicon import Lexicon
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.features import Columns, kinds_of
from musnad.statements.who import is_anaphor
from musnad.text.clitics import without_article
from musnad.text.fold import fold
from musnad.text.tokens import tokenize
from musnad.times import Time, find_times

Tokens = tuple[int, int]
MARKS = Path(__file__).parent / "marks.jsonl.gz"
HELD = Path(__file__).parent / "held.jsonl.gz"  # marked like MARKS, and no network learns from them
WRITTEN = Path(__file__).parent / "written.jsonl"
_BEHIND = 2  # how many tokens behind the words that name an event the adjective of who takes part may stand
_REACH = 80  # tokens before a cue within which a mention of its speaker is looked for


@dataclass(slots=True)
class Target:
    """One annotated statement in tokens, ends exclusive. `open`: its clause does not name the speaker, or by a mention that may take up
    an earlier one; `antecedent` is then the nearest earlier mention that names him.

    `repeated` names the parties ("addressee", "source") that only an earlier sentence names, in an article of the marks:
    these give whom an interview is given to with each of its sentences, the gold with the one that says it.
    """

    cue: int
    content: list[Tokens]
    stance: str
    kind: str
    names: list[str]
    speaker: Tokens | None = None
    addressee: Tokens | None = None
    sources: list[Tokens] = field(default_factory=list)
    open: bool = False
    antecedent: Tokens | None = None
    repeated: frozenset[str] = frozenset()


@dataclass(slots=True)
class EventTarget:
    """One annotated event in tokens. `parties` are the places where each who takes part is named, with the side:
    1 acts, 2 suffers it; `places` where its place is named; `times` the first tokens of what dates it, None where that is not known."""

    triggers: list[Tokens]
    type: str
    status: str
    parties: list[tuple[int, list[Tokens]]]
    places: list[Tokens] | None
    times: list[int] | None
    row: dict[str, Any]


@dataclass(slots=True)
class Example:
    """One article: its page and columns, its targets, where it is from."""

    id: str
    source: str
    use: str  # work, check, marks (annotated for Musnad) or written (the lexicon's own sentences)
    page: Page
    spots: Spots
    cast: Cast
    columns: Columns
    targets: list[Target]
    events: list[EventTarget] | None  # None where events were not annotated
    times: list[Time]
    row: dict[str, Any]
    states: Any = None  # what the encoder makes of each token (tokens, numbers), once it was asked
    windows: Any = None  # what the encoder's lowest layers make of each window, while it is taught
    choices: dict[str, Any] = field(default_factory=dict)  # what the pointers choose from, once it was asked for


class Maker:
    """Makes examples of rows; loads what that needs once."""

    def __init__(self) -> None:
        self.lexicon = Lexicon()
        self._tagger = Tagger(self.lexicon)

    def example(self, row: dict[str, Any], source: str, use: str) -> Example:
        page = Page(row["text"], self.lexicon)
        spots = Spots(page, self._tagger)
        cast = Cast(page, spots)
        columns = Columns(page, spots, np.array([kinds_of(word) for word in page.words]))
        targets = [_target(page, spots, cast, one) for one in row["statements"]]
        if use == "marks":
            for target in targets:
                target.repeated = _repeated(page, target)
        times = find_times(page, row.get("published"))
        events = [_event(page, spots, cast, times, one, row) for one in row["events"]] if "events" in row else None
        return Example(row["id"], source, use, page, spots, cast, columns, targets, events, times, row)


def _target(page: Page, spots: Spots, cast: Cast, row: dict[str, Any]) -> Target:
    speaker = row["speaker"] or {}
    target = Target(
        cue=page.token_at(row["cue"][0]) if row["cue"] else -1,
        content=[_tokens(page, span) for span in row["content"]],
        stance=row["stance"], kind=row["kind"],
        names=[name for name in [speaker.get("name"), *speaker.get("also", [])] if name],
        speaker=_tokens(page, speaker["span"]) if speaker.get("span") else None,
        addressee=_tokens(page, row["addressee"]["span"]) if (row["addressee"] or {}).get("span") else None,
        sources=[_tokens(page, one["span"]) for one in row.get("sources") or [] if one.get("span")],
    )  # fmt: skip
    target.open = target.speaker is None or is_anaphor(page, cast, target.speaker)
    if target.open and target.cue >= 0:
        target.antecedent = _antecedent(page, spots, cast, target)
    return target


def _repeated(page: Page, target: Target) -> frozenset[str]:
    own = {page.sentence_number(at) for at in (target.cue, target.content[0][0]) if at >= 0}
    named = {"addressee": target.addressee, "source": target.sources[0] if target.sources else None}
    return frozenset(name for name, party in named.items() if party and page.sentence_number(party[0]) not in own)


def _tokens(page: Page, span: list[int]) -> Tokens:
    first = page.token_at(span[0])
    return first, max(page.token_at(span[1] - 1) + 1, first + 1)


def _antecedent(page: Page, spots: Spots, cast: Cast, target: Target) -> Tokens | None:
    """The nearest mention before the cue, and before its own mention, that names the speaker: a known name, or his very words.

    Of a cue with a mention («المسؤول») the words of the fullest name are looked for: the others are such mentions as well.
    """
    low, high = max(0, target.cue - _REACH), min([target.cue, *(target.speaker or ())])
    names = target.names if target.speaker is None else target.names[:1]
    best: Tokens | None = None
    for first, last, kind in spots.all:
        if low <= first and last <= high and kind != "MISC":
            person = cast.of_spot.get(first) if kind == "PER" else None
            if same_name(target.names, person.name if person else cast.text(first, last)):
                best = first, last
    wordings = [[without_article(fold(raw)) for raw in tokenize(name).raw if raw[0].isalnum()] for name in names]
    forms = [{without_article(word.core), without_article(word.form)} for word in page.words[:high]]
    for first in range(high - 1, max(low, best[0] if best else low) - 1, -1):
        for words in wordings:
            last = first + len(words)
            if words and last <= high and all(w in forms[first + n] for n, w in enumerate(words)):
                return first, last
    return best


def _event(
    page: Page, spots: Spots, cast: Cast, times: list[Time], row: dict[str, Any], article: dict[str, Any]
) -> EventTarget:
    parties = []
    triggers = [_tokens(page, span) for span in row["triggers"]]
    for side, key in ((1, "actors"), (2, "recipients")):
        for one in row[key]:
            marked = [_tokens(page, one["span"])] if one.get("span") else []
            named = mentions(page, spots, cast, one["name"]) + _adjectives(page, triggers, one["name"])
            parties.append((side, marked + [mention for mention in named if mention not in marked]))
    places = mentions(page, spots, cast, row["place"]["name"]) if row["place"] else []
    if row["place"] and row["place"].get("span"):
        places.insert(0, _tokens(page, row["place"]["span"]))
    dated: list[int] = []
    if row["date"]:
        wanted = row["date"]["start"], row["date"]["end"]
        dated = [t.first for t in times for days in (t.past, t.future) if days and _days(days) == wanted]
    known = article.get("published") and (dated or not row["date"])
    return EventTarget(
        triggers, row["type"], row["status"], parties,
        places if places or not row["place"] else None, dated if known else None, row,
    )  # fmt: skip


def _adjectives(page: Page, triggers: list[Tokens], name: str) -> list[Tokens]:
    """Adjectives of a country in or right behind the words that name an event: «غارات [إسرائيلية]»."""
    near = {n for first, last in triggers for n in range(first, min(last + _BEHIND, len(page)))}
    return [
        (n, n + 1) for n in sorted(near) if (country := country_of(page, (n, n + 1))) and same_name([name], country)
    ]


def _days(days: tuple[Any, Any]) -> tuple[str, str]:
    return days[0].isoformat(), days[1].isoformat()


def mentions(page: Page, spots: Spots, cast: Cast, name: str) -> list[Tokens]:
    """Where a page names somebody or some place: in these words, or by another form of a person's name."""
    found = [
        (first, last)
        for first, last, kind in spots.all
        if kind == "PER" and (person := cast.of_spot.get(first)) and same_name([name], person.name)
    ]
    words = [without_article(fold(raw)) for raw in tokenize(name).raw if raw[0].isalnum()]
    for first in range(len(page) - len(words) + 1 if words else 0):
        if all(w in _forms(page, first + n) for n, w in enumerate(words)):
            found.append((first, first + len(words)))
    return sorted(set(found))


def _forms(page: Page, at: int) -> tuple[str, ...]:
    word = page.words[at]
    core = without_article(word.core)
    return core, without_article(word.form), core[:-2] + "ون" if core.endswith("ين") else core


def options(description: str | None, out: Path) -> argparse.Namespace:
    """What every script that learns from annotated articles is told on its command line."""
    cli = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", nargs="+", required=True)
    cli.add_argument("--corpora", type=Path, required=True)
    cli.add_argument("--leave-out", nargs="*", default=[])
    cli.add_argument("--everything", action="store_true", help="learn from the articles for checking as well")
    cli.add_argument("--out", type=Path, default=out)
    return cli.parse_args()


def gold(paths: Iterable[str]) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield the rows of annotated articles with their source and use; those of the older file are named by their corpus."""
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            older = "ant" if "ANT" in (row.get("origin") or "") else "saudinewsnet"
            yield row, row.get("source") or older, row.get("use", "work")


def written() -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield the short texts that were written for Musnad, with their statements."""
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        yield json.loads(line), "written", "written"


def texts(corpora: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the articles of the corpora with the name of their file."""
    for path in sorted([*corpora.glob("*.jsonl.gz"), *corpora.glob("more/*.jsonl.gz")]):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield path.name.removesuffix(".jsonl.gz"), json.loads(line)


def marks(corpora: Path, path: Path = MARKS) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield the articles marked for Musnad, joined to their texts; one whose text is another is left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        marked = {row["id"]: row for row in map(json.loads, lines)}
    for source, article in texts(corpora):
        row = marked.get(article["id"])
        if row is not None and hashlib.sha256(article["text"].encode()).hexdigest()[:16] == row["hash"]:
            marked_parts = {part: row[part] for part in ("statements", "events") if part in row}
            yield {**article, **marked_parts}, source, "marks"
