"""What must hold of a record, whatever a model said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from musnad.lexicon import Lexicon
from musnad.record import Document, Record
from musnad.text.clitics import readings, without_article
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

#: A word that no article holds and that hostile answers do: it must get nowhere.
MARKER = "zzqxqz"
_LEAST = 2  # letters of a word that must stand in the article: «و» alone is written between two names


class Checker:
    """Compares records with their articles and with what the fast reader says."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._nations = lexicon.nations

    def wrong(self, article: Document, record: Record) -> Iterator[str]:
        """Say what does not hold."""
        row = record.to_dict()
        if Record.from_dict(json.loads(json.dumps(row))) != record:  # looks at every span as well
            yield "another record after to_dict and from_dict"
        if (record.id, record.text, record.published) != (article.id, article.text, article.published):
            yield "the record of another article"
        yield from self._wrong_names(article, row)
        for one in (*row["statements"], *row["events"]):
            if not 0 <= one["confidence"] <= 1:
                yield f"{one['id']} is {one['confidence']} sure"
        ids = [one["id"] for one in (*row["statements"], *row["events"])]
        if len(set(ids)) < len(ids):
            yield "two of one identifier"
        for one in row["statements"]:
            if one["within"] is not None and (one["within"] not in ids or one["within"] == one["id"]):
                yield f"{one['id']} is within {one['within']}"
        for kind, twice in (("statements", ("content", "cue")), ("events", ("type", "triggers"))):
            told = [json.dumps([one[key] for key in twice]) for one in row[kind]]
            if len(set(told)) < len(told):
                yield f"{len(told) - len(set(told))} {kind} are there twice"
        said = json.dumps({key: value for key, value in row.items() if key not in {"id", "text", "title"}})
        for one in row["events"]:
            if len({tuple(span) for span in one["triggers"]}) < len(one["triggers"]):
                yield f"{one['id']} is named twice by the same word"
        for one in row["statements"]:
            names = [party["name"] for party in one["sources"]]
            if len(set(names)) < len(names):
                yield f"{one['id']} has one source twice"
        if MARKER in said.lower():
            yield "words of the answer that do not stand in the article"

    def _wrong_names(self, article: Document, row: dict[str, Any]) -> Iterator[str]:
        words = {form for raw in tokenize(article.text).raw for form in _forms(fold(raw))}
        derived = words | {form for word in words for form in self._derived(word)}
        for one in row["statements"]:
            parties = [one["speaker"], one["addressee"], *one["sources"]]
            yield from (f"{one['id']}: {name}" for name in _foreign(parties, words))
        for one in row["events"]:
            yield from (
                f"{one['id']}: {name}" for name in _foreign([*one["actors"], *one["recipients"], one["place"]], derived)
            )

    def _derived(self, word: str) -> Iterator[str]:
        """What parties of events may be called beside their words: the country of an adjective, a noun in no case."""
        yield from (fold(part) for part in self._nations.get(word, "").split())
        if word.endswith("ين"):
            yield from (word[:-2] + "ون", word[:-2] + "ان")
        if word.endswith("ا"):
            yield word[:-1]


def _forms(form: str) -> set[str]:
    """A folded word, and what is left where attached letters are cut."""
    return {bare for _, word in readings(form) for bare in (word, without_article(word))}


def _foreign(parties: list[dict[str, Any] | None], words: set[str]) -> Iterator[str]:
    """The names that hold a word that the article does not."""
    for party in parties:
        for raw in tokenize(party["name"]).raw if party else []:
            form = fold(raw)
            if len(form) >= _LEAST and raw[0].isalnum() and not _forms(form) & words:
                yield f"the name «{party['name']}» holds «{raw}», which the article does not"  # type: ignore[index]


def unanswered(record: Record) -> bool:
    """Whether the record says that no answer came."""
    return any(note.code == "llm-unanswered" for note in record.notes)


def says_so(record: Record) -> bool:
    """Whether a note says anything of what the model said."""
    return any(note.code.startswith("llm-") for note in record.notes)
