"""What confidence means: fitted so that of statements, or events, with 0.9, nine in ten are right.

    python training/confidence.py --corpora FOLDER [--out FOLDER]

The articles of held.jsonl.gz, which no network learned from, are read with the weights that lie in --out; for events
their single sentences as well, so that confidence means the same in a short text. A logistic regression of "found and
its speaker right", of events "found, of this type", on the log odds of the decisions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from examples import HELD, marks
from learning import OUT
from musnad.evaluation import right_events, right_ones
from musnad.events import confidence as of_events
from musnad.events.draft import DraftEvent
from musnad.events.reading import ContentPiece, Events
from musnad.lexicon import Lexicon
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.scorer import Scorer
from musnad.statements import confidence as of_statements
from musnad.statements.reading import Statements
from musnad.times import find_times

RIDGE, STEPS = 1.0, 30


def judged(corpora: Path, folder: Path) -> Iterator[tuple[str, Any, bool]]:
    """Yield of every statement and event read which of the two it is, its numbers, and whether it is right."""
    lexicon = Lexicon()
    tagger = Tagger(lexicon)
    scorer = Scorer(lexicon, folder)
    statements, events = Statements(scorer.statements, folder), Events(scorer.events, folder)
    for article, _, _ in marks(corpora, HELD):
        for row in (article, *sentences_of(article, Page(article["text"], lexicon))):
            page = Page(row["text"], lexicon)
            spots = Spots(page, tagger)
            cast, scored = Cast(page, spots), scorer.read(page, spots)
            drafts = statements.find(page, spots, cast, scored)
            if row is article:
                found = [{"content": draft.content, "speaker": {"name": draft.speaker_name}} for draft in drafts]
                right = right_ones(row, {"statements": found})
                for number, draft in enumerate(drafts):
                    yield "statement", of_statements.numbers(draft), number in right
            told = [
                ContentPiece(start, end, n, draft.stance, draft.speaker_name)
                for n, draft in enumerate(drafts)
                for start, end in draft.content
            ]
            times = find_times(page, row.get("published"))
            happenings = events.possible(page, spots, cast, scored, times, told)
            right = right_events(row, {"events": [plain(page, happening) for happening in happenings]})
            for number, happening in enumerate(happenings):
                yield "event", of_events.numbers(happening, len(page.sentences)), number in right


def sentences_of(article: dict[str, Any], page: Page) -> Iterator[dict[str, Any]]:
    """Yield the sentences of an article as texts of their own, with the triggers and types of the events that they name."""
    starts = [page.start[first] for first, _ in page.sentences]
    for start, end in zip(starts, [*starts[1:], len(page.text)], strict=True):  # with its full stop
        inside = (
            (event, [t for t in event["triggers"] if start <= t[0] < end]) for event in article.get("events") or []
        )
        events = [
            event | {"triggers": [[a - start, b - start] for a, b in triggers]}
            for event, triggers in inside
            if triggers
        ]
        yield {"text": page.text[start:end].rstrip(), "published": article.get("published"), "events": events}


def plain(page: Page, happening: DraftEvent) -> dict[str, Any]:
    """An event as the record writes it, as far as it is compared."""
    triggers = [(page.start[first], page.end[last - 1]) for first, last in (one.tokens for one in happening.mentions)]
    parties = {side: [{"name": one.name} for one in getattr(happening, side)] for side in ("actors", "recipients")}
    return {"type": happening.type, "triggers": triggers, **parties}


def fit(rows: Any, right: Any) -> tuple[Any, float]:
    """Logistic regression by Newton's method, with a ridge on the weights."""
    design = np.hstack([rows, np.ones((len(rows), 1))])
    weight = np.zeros(design.shape[1])
    penalty = np.diag([RIDGE] * rows.shape[1] + [0.0])
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-design @ weight))
        slope = design.T @ (right - share) - penalty @ weight
        curve = (design * (share * (1 - share))[:, None]).T @ design + penalty
        weight += np.linalg.solve(curve, slope)
    return weight[:-1], float(weight[-1])


def calibration_error(share: Any, right: Any, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between what was said and what was right, by tenths of confidence."""
    place = np.minimum((share * bins).astype(int), bins - 1)
    gaps = [
        abs(share[place == n].mean() - right[place == n].mean()) * (place == n).mean()
        for n in range(bins)
        if (place == n).any()
    ]
    return float(sum(gaps))


def save(folder: Path, weights: dict[str, Any]) -> None:
    np.savez(folder / "confidence.npz", **{name: np.asarray(array, np.float32) for name, array in weights.items()})


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--corpora", type=Path, required=True)
    cli.add_argument("--out", type=Path, default=OUT)
    args = cli.parse_args()
    sizes = {"statement": of_statements.SIZE, "event": of_events.SIZE}
    weights: dict[str, Any] = {}
    for what, size in sizes.items():  # to be read with, before anything is fitted
        weights |= {f"{what}.weight": np.zeros(size), f"{what}.bias": [0.0]}
    save(args.out, weights)
    found = list(judged(args.corpora, args.out))
    for what in sizes:
        rows, right = (
            np.array(x, np.float64) for x in zip(*((r, ok) for kind, r, ok in found if kind == what), strict=True)
        )
        weight, bias = fit(rows, right)
        weights |= {f"{what}.weight": weight, f"{what}.bias": [bias]}
        share = 1 / (1 + np.exp(-(rows @ weight + bias)))
        error = calibration_error(share, right)
        print(f"{len(rows)} {what}s, right {right.mean():.3f}, calibration error {error:.3f}", file=sys.stderr)
    save(args.out, weights)


if __name__ == "__main__":
    main()
