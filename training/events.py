"""Train which events a text reports: `musnad/events/salience.tsv` on sentences, `prominence.tsv` on articles.

    python training/events.py EVENTS_FOLDER ARTICLES.jsonl [ARTICLES.jsonl.gz ...]

EVENTS_FOLDER holds `assault.jsonl` and `protest.jsonl`, sentences labelled by several people (Open Event Data Alliance,
Arabic gold standard records). The ARTICLES are those whose events `training/events.tsv` marks, by their identifiers, and
annotated ones that bear their events themselves; of the latter half b is left out, for it is the check. Prints the F1 of
detection in ten-fold cross-validation, then trains on everything. Needs scikit-learn.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import diags
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

import musnad
from musnad.evaluation import half_of
from musnad.events import prominence, reading, salience
from musnad.events.draft import Happening
from musnad.events.salience import BIAS, REPORTED
from musnad.page import Page

PACKAGE = Path(__file__).parent.parent / "src/musnad/events"
MARKED = Path(__file__).parent / "events.tsv"
HEAD = "# Weights of features of an event, and of «event» the bias: training/events.py made them."
STRENGTH = 0.06  # inverse of the regularisation; 0.06 to 0.1 give nearly the same
RARE = 2.0  # weight of a sentence that all coders accept: there is one in ten
SCALED = {"ASSAULT"}  # whose features count by how much they tell alone; of protests there are too few sentences
STRENGTH_OF_ARTICLES = 0.1
SEEN = 3  # sentences in which a feature must stand
FOLDS = 10


class Sentence(NamedTuple):
    """A labelled sentence: its type, how many of its coders accept, its label, and what its events of that type look like."""

    type: str
    accepted: float
    label: str
    features: frozenset[str]


def main() -> None:
    sentences = read(Path(sys.argv[1]))
    cross_validate(sentences)
    weights: dict[str, float] = {}
    for kind in REPORTED:
        table, model = train([sentence for sentence in sentences if sentence.type == kind])
        weights |= {f"{kind}:{name}": weight for name, weight in weights_of(table, model).items()}
    write("salience.tsv", weights)
    salience._weights.cache_clear()
    candidates = list(read_articles(list(map(Path, sys.argv[2:]))))
    cross_validate_articles(candidates)
    write("prominence.tsv", weights_of(*train_articles(candidates)))


def weights_of(table: Any, model: Any) -> dict[str, float]:
    found = dict(zip(table.get_feature_names_out(), model.coef_[0], strict=True))
    return {BIAS: model.intercept_[0]} | {
        name: weight for name, weight in sorted(found.items()) if abs(weight) >= 0.002
    }


def write(name: str, weights: dict[str, float]) -> None:
    rows = [f"{feature}\t{weight:.3f}" for feature, weight in weights.items()]
    (PACKAGE / name).write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} weights in {name}")


def read(folder: Path) -> list[Sentence]:
    """Read the sentences with every event kept, whatever its salience."""
    reader, found = keeping_all()
    sentences = []
    for name in ("assault", "protest"):
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.clear()
            reader.read(row["text"])
            events = [happening for _, happening in found if happening.trigger.type == row["type"]]
            features = frozenset(salience.features_of_all(events)) if events else frozenset[str]()
            accepted = row["accept"] / (row["accept"] + row["reject"])
            sentences.append(Sentence(row["type"], accepted, row["label"], features))
    random.Random(1).shuffle(sentences)
    return sentences


def keeping_all() -> tuple[musnad.Reader, list[tuple[Page, Happening]]]:
    """Return a reader that reports every event it finds, and the list that it puts them on."""
    found: list[tuple[Page, Happening]] = []

    def keep(page: Page, happenings: list[Happening]) -> list[Happening]:
        found.extend((page, happening) for happening in happenings)
        return happenings

    reading.reported = keep
    return musnad.Reader(), found


def train(sentences: list[Sentence]) -> tuple[Any, Any]:
    """Train on the labels; a sentence on which the coders were divided counts for both, as they were."""
    rows: list[tuple[frozenset[str], bool, float]] = []
    for sentence in sentences:
        if not sentence.features:
            continue
        if sentence.label == "ambiguous":
            rows += [(sentence.features, True, sentence.accepted), (sentence.features, False, 1 - sentence.accepted)]
        else:
            yes = sentence.label == "yes"
            rows.append((sentence.features, yes, RARE if yes else 1.0))
    seen = Counter(feature for features, _, _ in rows for feature in features)
    table = DictVectorizer()
    matrix = table.fit_transform([{f: 1.0 for f in sorted(features) if seen[f] >= SEEN} for features, _, _ in rows])
    labels, weights = np.array([label for _, label, _ in rows]), np.array([weight for _, _, weight in rows])
    scale = np.ones(matrix.shape[1])
    if sentences[0].type in SCALED:
        scale = (scale + telling(matrix, labels, weights)) / 2
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(matrix @ diags(scale), labels, sample_weight=weights)
    model.coef_ *= scale  # so that it takes the features as they are
    return table, model


def telling(matrix: Any, labels: Any, weights: Any) -> Any:
    """Return how much each feature tells the labels apart by itself, the absolute log of its ratio: Wang and Manning,
    Baselines and Bigrams (ACL 2012), whose weighting helps where there are few examples.
    """
    yes = 1 + np.asarray(matrix.T @ (weights * labels))
    no = 1 + np.asarray(matrix.T @ (weights * ~labels))
    return np.abs(np.log((yes / yes.sum()) / (no / no.sum())))


def cross_validate(sentences: list[Sentence]) -> None:
    for kind, threshold in REPORTED.items():
        some = [sentence for sentence in sentences if sentence.type == kind]
        counts: Counter[tuple[bool, bool]] = Counter()
        for fold in range(FOLDS):
            table, model = train([sentence for n, sentence in enumerate(some) if n % FOLDS != fold])
            for sentence in some[fold::FOLDS]:
                if sentence.label != "ambiguous":
                    row = table.transform([dict.fromkeys(sentence.features, 1.0)])
                    chance = model.predict_proba(row)[0, 1] if sentence.features else 0.0
                    counts[sentence.label == "yes", bool(chance >= threshold)] += 1
        hit, missed, wrong = counts[True, True], counts[True, False], counts[False, True]
        precision, recall = hit / max(1, hit + wrong), hit / max(1, hit + missed)
        print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}, F1 {2 * hit / (2 * hit + wrong + missed):.3f}")


class Candidate(NamedTuple):
    """An event read in an article, and whether the annotators have it."""

    article: str
    reported: bool
    features: dict[str, float]


def read_articles(paths: list[Path]) -> Iterator[Candidate]:
    """Read the annotated articles with every event kept; of two that fit one annotated event the longer counts."""
    reader, found = keeping_all()
    for row, events in annotated(paths):
        found.clear()
        reader.read(
            musnad.Document(id=row["id"], text=row["text"], title=row.get("title"), published=row.get("published"))
        )
        used: set[int] = set()
        for page, happening in sorted(found, key=lambda pair: -len(pair[1].triggers)):
            spans = [(page.start[first], page.end[last - 1]) for first, last in happening.triggers]
            fits = [
                n for n, (kind, triggers) in enumerate(events)
                if n not in used and kind == happening.trigger.type
                and any(a < y and x < b for a, b in triggers for x, y in spans)
            ]  # fmt: skip
            used.update(fits[:1])
            yield Candidate(row["id"], bool(fits), dict(prominence.features_of(page, happening)))


def annotated(paths: list[Path]) -> Iterator[tuple[dict[str, Any], list[tuple[str, list[list[int]]]]]]:
    """Yield the annotated articles with the type and triggers of each event."""
    marked: dict[str, list[tuple[str, list[list[int]]]]] = defaultdict(list)
    with MARKED.open(encoding="utf-8") as lines:
        for mark in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
            marked[mark["article"]] += (
                [(mark["type"], [[int(at) for at in span.split("-")] for span in mark["triggers"].split(",")])]
                if mark["type"] else []
            )  # fmt: skip
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["id"] in marked:
                    yield row, marked[row["id"]]
                elif "events" in row and half_of(row["id"]) == "a":
                    yield row, [(event["type"], event["triggers"]) for event in row["events"]]


def train_articles(candidates: list[Candidate]) -> tuple[Any, Any]:
    table = DictVectorizer()
    matrix = table.fit_transform([candidate.features for candidate in candidates])
    labels = [candidate.reported for candidate in candidates]
    return table, LogisticRegression(C=STRENGTH_OF_ARTICLES, max_iter=2000).fit(matrix, labels)


def cross_validate_articles(candidates: list[Candidate]) -> None:
    articles = sorted({candidate.article for candidate in candidates})
    random.Random(1).shuffle(articles)
    hit = wrong = missed = 0
    for fold in range(FOLDS):
        held = set(articles[fold::FOLDS])
        table, model = train_articles([c for c in candidates if c.article not in held])
        tested = [c for c in candidates if c.article in held]
        for candidate, chance in zip(
            tested, model.predict_proba(table.transform([c.features for c in tested]))[:, 1], strict=True
        ):
            kept = chance >= prominence.REPORTED_IN_ARTICLE
            hit, wrong, missed = hit + (kept and candidate.reported), wrong + (kept and not candidate.reported), missed + (
                not kept and candidate.reported)  # fmt: skip
    print(f"articles: {len(articles)}, candidates {len(candidates)}; kept rightly {hit}, wrongly {wrong}, missed {missed}, "
          f"F1 {2 * hit / (2 * hit + wrong + missed):.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
