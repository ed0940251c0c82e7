"""Accuracy on sources that were left out of everything that was learned, with intervals, calibration and a plot.

    python benchmarks/unseen.py --gold more.jsonl [--fast] [--folds FOLDER…] [--plot calibration.svg]

Without --folds the shipped weights of the exact reader, or of the fast one, read the articles for checking, whose sources nothing was learned from. Each fold
is a folder of weights with its left_out.txt (training/weights.py); its sources are read with these weights.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import musnad
from musnad.evaluation import load_gold, right_ones, score_article, summary

METRICS = (
    "statement_f1", "attributed_f1", "direct_attributed_f1", "exact_attributed_f1", "addressee_f1", "sources_f1",
    "kind_accuracy", "stance_accuracy", "event_f1", "event_p", "event_r", "event_party_f1", "event_side_accuracy",
    "event_status_accuracy", "event_date_accuracy", "event_place_accuracy", "event_joined_f1",
)  # fmt: skip
ROUNDS = 400  # of the bootstrap over articles


def read(
    rows: list[dict[str, Any]], folds: list[Path], *, fast: bool
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield articles with what is read in them: by the fold that left their source out, or the shipped weights."""
    for fold in folds or [None]:
        reader = musnad.Reader(fast=fast, weights=fold)
        left_out = set((fold / "left_out.txt").read_text(encoding="utf-8").split()) if fold else set()
        for row in rows:
            if row.get("source") in left_out if fold else row.get("use") == "check":
                document = musnad.Document(id=row["id"], text=row["text"], published=row.get("published"))
                yield row, reader.read(document).to_dict()


def interval(counts: list[Counter[str]], metric: str) -> tuple[float, float]:
    """The 95 % bootstrap interval of a metric over articles."""
    draw = random.Random(7)
    values = []
    for _ in range(ROUNDS):
        total: Counter[str] = Counter()
        for _ in counts:
            total.update(draw.choice(counts))
        values.append(summary(total)[metric])
    values.sort()
    return values[int(ROUNDS * 0.025)], values[int(ROUNDS * 0.975) - 1]


def calibration(judged: list[tuple[float, bool]]) -> tuple[list[tuple[str, int, float, float]], float]:
    """Rows of (confidence, statements, mean confidence, share right), and the expected calibration error."""
    share, right = (np.array(x, float) for x in zip(*judged, strict=True))
    place = np.minimum((share * 10).astype(int), 9)
    rows, error = [], 0.0
    for n in range(10):
        here = place == n
        if here.any():
            rows.append(
                (f"{n / 10:.1f} to {(n + 1) / 10:.1f}", int(here.sum()), share[here].mean(), right[here].mean())
            )
            error += abs(share[here].mean() - right[here].mean()) * here.mean()
    return rows, error


def plot(rows: list[tuple[str, int, float, float]], path: Path) -> None:
    """Draw what was said against what was right; the size of a point is how many statements it stands for."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 5), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#b9b4a8", linewidth=1)
    axes.scatter(
        [r[2] for r in rows], [r[3] for r in rows], s=[max(12, r[1] / 3) for r in rows], color="#2f6b4f", alpha=0.8
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share right", aspect="equal")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", type=Path, required=True)
    cli.add_argument("--folds", nargs="*", type=Path, default=[])
    cli.add_argument("--fast", action="store_true")
    cli.add_argument("--plot", type=Path)
    args = cli.parse_args()
    total: Counter[str] = Counter()
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    counts, judged = [], []
    for row, record in read(load_gold(args.gold), args.folds, fast=args.fast):
        one = score_article(row, record)
        counts.append(one)
        total.update(one)
        by_source[row.get("source", "")].update(one)
        right = right_ones(row, record)
        judged += [(statement["confidence"], n in right) for n, statement in enumerate(record["statements"])]
    if not counts:
        sys.exit(f"{args.gold}: no article whose source was left out")
    metrics = summary(total)
    print(
        f"{len(counts)} articles, {total['gold']} statements, {total['ev_gold']} events\n\n| | | 95 % |\n|---|---|---|"
    )
    for name in METRICS:
        low, high = interval(counts, name)
        print(f"| {name.replace('_', ' ')} | {metrics[name]:.3f} | {low:.3f} to {high:.3f} |")
    print("\n| type | annotated | read | precision | recall |\n|---|---|---|---|---|")
    for name in sorted(name.removeprefix("ev_gold ") for name in total if name.startswith("ev_gold ")):
        wanted, got, hit = (total[f"ev_{what} {name}"] for what in ("gold", "pred", "match"))
        print(f"| {name} | {wanted} | {got} | {hit / max(got, 1):.2f} | {hit / wanted:.2f} |")
    print("\n| source | statements | statement | attributed |\n|---|---|---|---|")
    for source, found in sorted(by_source.items()):
        one_source = summary(found)
        print(f"| {source} | {found['gold']} | {one_source['statement_f1']:.3f} | {one_source['attributed_f1']:.3f} |")
    rows, error = calibration(judged)
    print("\n| confidence | statements | mean | right |\n|---|---|---|---|")
    for name, number, said, right_share in rows:
        print(f"| {name} | {number} | {said:.2f} | {right_share:.2f} |")
    print(f"\nexpected calibration error {error:.3f}")
    if args.plot:
        plot(rows, args.plot)


if __name__ == "__main__":
    main()
