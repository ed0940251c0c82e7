"""Train `musnad/events/salience.tsv`: is an attack or a protest reported, or only spoken of?

    python training/events.py EVENTS_FOLDER

EVENTS_FOLDER holds `assault.jsonl` and `protest.jsonl`, sentences labelled by several people (Open Event Data Alliance,
Arabic gold standard records). Prints the F1 of detection in ten-fold cross-validation, then trains on all sentences.
Needs scikit-learn.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

import musnad
from musnad.events import reading
from musnad.events.draft import Happening
from musnad.events.salience import REPORTED

WEIGHTS = Path(__file__).parent.parent / "src/musnad/events/salience.tsv"
STRENGTH = 0.2  # inverse of the regularisation; 0.1 to 0.3 give the same
SEEN = 3  # sentences in which a feature must stand
FOLDS = 10


class Sentence(NamedTuple):
    """A labelled sentence with the features of each event of its type that was read in it."""

    type: str
    reported: bool
    events: list[frozenset[str]]


def main() -> None:
    sentences = read(Path(sys.argv[1]))
    cross_validate(sentences)
    table, model = train(sentences)
    rows = sorted(zip(table.get_feature_names_out(), model.coef_[0], strict=True))
    lines = [
        f"\t{model.intercept_[0]:.3f}",
        *(f"{name}\t{weight:.3f}" for name, weight in rows if abs(weight) >= 0.002),
    ]
    head = "# Weights of features of an event, and of nothing the bias: training/events.py made them."
    WEIGHTS.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    print(f"{len(lines)} weights in {WEIGHTS}")


def read(folder: Path) -> list[Sentence]:
    """Read the sentences with every event kept, whatever its salience."""
    found: list[Happening] = []
    reading._counts = lambda happening: found.append(happening) or True
    reader = musnad.Reader()
    sentences = []
    for name in ("assault", "protest"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["label"] == "ambiguous":
                continue
            found.clear()
            reader.read(row["text"])
            events = [frozenset(event.features) for event in found if event.trigger.type == row["type"]]
            sentences.append(Sentence(row["type"], row["label"] == "yes", events))
    random.Random(1).shuffle(sentences)
    return sentences


def train(sentences: list[Sentence]) -> tuple[Any, Any]:
    rows = [(frozenset().union(*s.events), s.reported) for s in sentences if s.events]
    seen = Counter(feature for features, _ in rows for feature in features)
    table = DictVectorizer()
    matrix = table.fit_transform([{f: 1.0 for f in sorted(features) if seen[f] >= SEEN} for features, _ in rows])
    return table, LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix, [label for _, label in rows])


def cross_validate(sentences: list[Sentence]) -> None:
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for fold in range(FOLDS):
        table, model = train([s for n, s in enumerate(sentences) if n % FOLDS != fold])
        for sentence in sentences[fold::FOLDS]:
            rows = (
                table.transform([dict.fromkeys(features, 1.0) for features in sentence.events])
                if sentence.events
                else None
            )
            best = max(model.predict_proba(rows)[:, 1]) if rows is not None else 0.0
            counts[sentence.type, sentence.reported, bool(best >= REPORTED[sentence.type])] += 1
    for kind in REPORTED:
        hit, missed, wrong = (counts[kind, *key] for key in ((True, True), (True, False), (False, True)))
        precision, recall = hit / max(1, hit + wrong), hit / max(1, hit + missed)
        print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}, F1 {2 * hit / (2 * hit + wrong + missed):.3f}")


if __name__ == "__main__":
    main()
