"""Types of events in single sentences that other projects labelled, and nothing was learned from.

    python benchmarks/sentences.py --plover plover_gsr_ar.tsv --oeda assault.jsonl protest.jsonl [--fast]

PLOVER: its gold standard sentences, put into Arabic; a sentence is right if its type is among those read. Columns:
id, type, day, text. OEDA: sentences of the Open Event Data Alliance with the votes of coders ("yes" against "easy no"
and "difficult no"; "ambiguous" is left out). A sentence counts as one with an event of the type from a confidence
that is chosen on the other nine tenths, ten times.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

import musnad
from musnad.scores.features import TYPES

TENTHS = 10


def plover(reader: musnad.Reader, path: Path) -> None:
    """Print of each type how many sentences are read so."""
    right, total = Counter[str](), Counter[str]()
    with path.open(encoding="utf-8", newline="") as lines:
        for number, kind, day, text in csv.reader(lines, delimiter="\t"):
            if kind not in TYPES:
                continue  # sentences that name no event
            record = reader.read(musnad.Document(id=number, text=text, published=day))
            total[kind] += 1
            right[kind] += any(event.type == kind for event in record.events)
    print(
        f"PLOVER: {right.total()} of {total.total()}: "
        + ", ".join(f"{k} {right[k]} of {n}" for k, n in sorted(total.items()))
    )


def oeda(reader: musnad.Reader, path: Path) -> None:
    """Print precision, recall and F1 of the sentences with an event of the type."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["label"] != "ambiguous"]
    wanted = np.array([row["label"] == "yes" for row in rows])
    tenth = np.array([hashlib.sha256(row["id"].encode()).digest()[0] % TENTHS for row in rows])
    share = np.array([confidence(reader.read(row["text"]).events, row["type"]) for row in rows])
    found = np.zeros(len(rows), bool)
    for number in range(TENTHS):
        own = tenth == number
        cuts = np.unique(share[~own])
        found[own] = share[own] >= max(cuts, key=lambda cut: f1(share[~own] >= cut, wanted[~own])[2])
    precision, recall, mean = f1(found, wanted)
    print(
        f"OEDA {rows[0]['type']}: {wanted.sum()} of {len(rows)}, precision {precision:.3f}, recall {recall:.3f}, F1 {mean:.3f}"
    )


def confidence(events: Iterable[musnad.Event], kind: str) -> float:
    """That of the surest event of a type; 0 where there is none."""
    return max((event.confidence for event in events if event.type == kind), default=0.0)


def f1(found: Any, wanted: Any) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean."""
    hit = (found & wanted).sum()
    return hit / max(found.sum(), 1), hit / max(wanted.sum(), 1), 2 * hit / max(found.sum() + wanted.sum(), 1)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--plover", type=Path)
    cli.add_argument("--oeda", type=Path, nargs="*", default=[])
    cli.add_argument("--fast", action="store_true")
    args = cli.parse_args()
    reader = musnad.Reader(fast=args.fast)
    if args.plover:
        plover(reader, args.plover)
    for path in args.oeda:
        oeda(reader, path)


if __name__ == "__main__":
    main()
