"""The scores reached on annotated articles and on names, pinned: a change that lowers one says so on purpose.

The articles belong to their newspapers and are kept outside the project; MUSNAD_ANNOTATED names the
folder that holds gold/dev.jsonl, gold/more.jsonl and ner/anercorp.test.tsv. To pin new scores on purpose:
`python tests/quality/test_scores.py`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import musnad
from musnad.evaluation import load_gold, score
from musnad.lexicon import Lexicon
from musnad.names.echo import add_echoes
from musnad.names.tagger import Tagger, tag_spans
from musnad.text.fold import fold

FLOORS = Path(__file__).parent / "floors.json"
SLACK = 0.005
ANNOTATED = Path(os.environ.get("MUSNAD_ANNOTATED", "/nonexistent"))
WINDOW = 60  # consecutive sentences of the name corpus read as one text: it marks no articles
METRICS = (
    "statement_f1", "attributed_f1", "direct_attributed_f1", "exact_attributed_f1", "addressee_f1", "sources_f1",
    "kind_accuracy", "stance_accuracy", "event_f1", "event_party_f1", "event_side_accuracy", "event_status_accuracy",
    "event_date_accuracy", "event_place_accuracy", "event_joined_f1",
)  # fmt: skip


def statement_scores() -> dict[str, float]:
    """The scores of both readers on dev, which the weights were learned from, and on the sources for checking, which they were not."""
    more = load_gold(ANNOTATED / "gold/more.jsonl")
    parts = {"dev": load_gold(ANNOTATED / "gold/dev.jsonl"), "check": [row for row in more if row["use"] == "check"]}
    found = {}
    for mode in ("exact", "fast"):
        reader = musnad.Reader(fast=mode == "fast")
        for part, gold in parts.items():
            metrics = score(gold, {row["id"]: reader.read(_document(row)).to_dict() for row in gold})
            found |= {f"{mode}.{part}.{name}": round(metrics[name], 4) for name in METRICS}
    return found


def _document(row: dict[str, Any]) -> musnad.Document:
    return musnad.Document(id=row["id"], text=row["text"], published=row.get("published"))


def name_scores() -> dict[str, float]:
    """F1 of exact spans on the ANERcorp test part: persons, places, organisations, and all three."""
    lexicon = Lexicon()
    tagger = Tagger(lexicon)
    sentences: list[list[tuple[str, str]]] = [[]]
    for line in (ANNOTATED / "ner/anercorp.test.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip():
            word, tag = line.split("\t")
            sentences[-1].append((fold(word) or word, tag))
        elif sentences[-1]:
            sentences.append([])
    hit: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for start in range(0, len(sentences), WINDOW):
        forms, want = ["\n"], set()
        for sentence in sentences[start : start + WINDOW]:
            at = len(forms)
            names = tag_spans([tag for _, tag in sentence])
            want |= {(first + at, last + at, kind) for first, last, kind in names if kind != "MISC"}
            forms += [*(form for form, _ in sentence), "\n"]
        got = {span for span in add_echoes(forms, tagger.tag(forms), lexicon.counts) if span[2] != "MISC"}
        for span in [*want, *got]:
            total.update([span[2], "all"])
        for span in want & got:
            hit.update([span[2], "all"])
    return {f"names.{kind}": round(2 * hit[kind] / total[kind], 4) for kind in ("PER", "LOC", "ORG", "all")}


@pytest.mark.gold
def test_no_score_falls_below_what_was_reached() -> None:
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    now = statement_scores() | name_scores()
    assert floors.keys() == now.keys()
    lower = {key: (floors[key], now[key]) for key in floors if now[key] < floors[key] - SLACK}
    assert not lower, f"(pinned, now): {lower}"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(statement_scores() | name_scores(), indent=1) + "\n")
