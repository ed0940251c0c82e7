"""Accuracy on sources that were left out of everything that was learned, with intervals, calibration and a plot.

    python benchmarks/unseen.py --gold more.jsonl [--fast] [--folds FOLDER…] [--plot calibration.svg] [--json benchmarks/figures.json]

Without --folds the shipped weights of the exact reader, or of the fast one, read the articles for checking, whose sources nothing was learned from. Each fold
is a folder of weights with its left_out.txt (training/weights.py); its sources are read with these weights. --json puts the
figures of the reader into a file beside what else it holds; `benchmarks/publish.py` writes them into the pages.
"""

from __future__ import annotations

import argparse
import json
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


def figures(
    counts: list[Counter[str]], by_source: dict[str, Counter[str]], judged: list[tuple[float, bool]]
) -> dict[str, Any]:
    """All figures of a reader, as `benchmarks/figures.json` keeps them."""
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    metrics, types = summary(total), {}
    for name in sorted(name.removeprefix("ev_gold ") for name in total if name.startswith("ev_gold ")):
        wanted, got, hit = (total[f"ev_{what} {name}"] for what in ("gold", "pred", "match"))
        types[name] = {
            "annotated": wanted,
            "read": got,
            "precision": _round(hit / max(got, 1)),
            "recall": _round(hit / wanted),
        }
    intervals = {name: interval(counts, name) for name in METRICS}
    rows, error = calibration(judged)
    return {
        "articles": len(counts), "statements": total["gold"], "events": total["ev_gold"],
        "metrics": {
            name: {"value": _round(metrics[name]), "low": _round(low), "high": _round(high)}
            for name, (low, high) in intervals.items()
        },
        "types": types,
        "sources": {
            source: {"statements": found["gold"]}
            | {name: _round(summary(found)[name]) for name in ("statement_f1", "attributed_f1")}
            for source, found in sorted(by_source.items())
        },
        "confidence": {
            name: {"statements": number, "mean": _round(said), "right": _round(right)} for name, number, said, right in rows
        },
        "calibration_error": _round(error),
    }  # fmt: skip


def _round(value: float) -> float:
    return round(float(value), 4)


def show(found: dict[str, Any]) -> None:
    """Print the figures as the tables of RESULTS.md."""
    print(f"{found['articles']} articles, {found['statements']} statements, {found['events']} events")
    print("\n| | | 95 % |\n|---|---|---|")
    for name, one in found["metrics"].items():
        print(f"| {name.replace('_', ' ')} | {one['value']:.3f} | {one['low']:.3f} to {one['high']:.3f} |")
    print("\n| type | annotated | read | precision | recall |\n|---|---|---|---|---|")
    for name, one in found["types"].items():
        print(f"| {name} | {one['annotated']} | {one['read']} | {one['precision']:.2f} | {one['recall']:.2f} |")
    print("\n| source | statements | statement | attributed |\n|---|---|---|---|")
    for name, one in found["sources"].items():
        print(f"| {name} | {one['statements']} | {one['statement_f1']:.3f} | {one['attributed_f1']:.3f} |")
    print("\n| confidence | statements | mean | right |\n|---|---|---|---|")
    for name, one in found["confidence"].items():
        print(f"| {name} | {one['statements']} | {one['mean']:.2f} | {one['right']:.2f} |")
    print(f"\nexpected calibration error {found['calibration_error']:.3f}")


def keep(found: dict[str, Any], reader: str, path: Path) -> None:
    """Put the figures of a reader into a file, beside those of the other and what else it holds."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(kept | {reader: found}, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", type=Path, required=True)
    cli.add_argument("--folds", nargs="*", type=Path, default=[])
    cli.add_argument("--fast", action="store_true")
    cli.add_argument("--plot", type=Path)
    cli.add_argument("--json", type=Path)
    args = cli.parse_args()
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    counts, judged = [], []
    for row, record in read(load_gold(args.gold), args.folds, fast=args.fast):
        one = score_article(row, record)
        counts.append(one)
        by_source[row.get("source", "")].update(one)
        right = right_ones(row, record)
        judged += [(statement["confidence"], n in right) for n, statement in enumerate(record["statements"])]
    if not counts:
        sys.exit(f"{args.gold}: no article whose source was left out")
    found = figures(counts, by_source, judged)
    show(found)
    if args.json:
        keep(found, "fast" if args.fast else "exact", args.json)
    if args.plot:
        plot(calibration(judged)[0], args.plot)


if __name__ == "__main__":
    main()
