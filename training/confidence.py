"""What a statement's confidence means: fitted so that of statements with 0.9, nine in ten are right.

    python training/confidence.py --gold dev.jsonl more.jsonl --folds FOLDER… [--out FOLDER]

Each fold is a folder with the weights that were learned without some sources (named in its file left_out.txt); their
articles are read with these weights, so that every statement counts as it would on an outlet never seen. A logistic
regression of "found and its speaker right" on the log odds of the decisions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from examples import gold
from musnad.evaluation import right_ones
from musnad.lexicon import Lexicon
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.scorer import Scorer
from musnad.statements import confidence
from musnad.statements.reading import Statements
from statements import OUT

RIDGE, STEPS = 1.0, 30


def judged(paths: list[str], folds: list[Path]) -> Iterator[tuple[Any, bool]]:
    """Yield the numbers of every statement read on sources left out, and whether it is right."""
    lexicon = Lexicon()
    tagger = Tagger(lexicon)
    for fold in folds:
        left_out = set((fold / "left_out.txt").read_text(encoding="utf-8").split())
        scorer = Scorer(lexicon, fold)
        finder = Statements(scorer.network, fold)
        for row, source, _ in gold(paths):
            if source not in left_out:
                continue
            page = Page(row["text"], lexicon)
            spots = Spots(page, tagger)
            drafts = finder.find(page, spots, Cast(page, spots), scorer.read(page, spots))
            found = [{"content": draft.content, "speaker": {"name": draft.speaker_name}} for draft in drafts]
            right = right_ones(row, {"statements": found})
            for number, draft in enumerate(drafts):
                yield confidence.numbers(draft), number in right


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


def save(folder: Path, weight: Any, bias: float) -> None:
    np.savez(folder / "confidence.npz", weight=weight.astype(np.float32), bias=np.array([bias], np.float32))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", nargs="+", required=True)
    cli.add_argument("--folds", nargs="+", type=Path, required=True)
    cli.add_argument("--out", type=Path, default=OUT)
    args = cli.parse_args()
    for fold in args.folds:  # to be read with, before anything is fitted
        save(fold, np.zeros(confidence.SIZE), 0.0)
    rows, right = (np.array(x, np.float64) for x in zip(*judged(args.gold, args.folds), strict=True))
    weight, bias = fit(rows, right)
    for folder in (args.out, *args.folds):
        save(folder, weight, bias)
    share = 1 / (1 + np.exp(-(rows @ weight + bias)))
    print(
        f"{len(rows)} statements, right {right.mean():.3f}, calibration error {calibration_error(share, right):.3f}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
