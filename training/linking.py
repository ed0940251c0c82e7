"""How likely two statements report one saying: learned from pairs that were judged by reading.

    python training/linking.py --corpora FOLDER [--ledger FILE]

Takes the articles of `DAYS` into a ledger (kept as FILE and taken from there the next time), compares the statements of
saying_pairs.tsv there, and writes weights/linking.npz. Prints how well each month's pairs are told by those of the others.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from confidence import fit
from musnad import Document, Reader
from musnad.ledger import Ledger
from musnad.ledger.across.utterances import NUMBERS, Utterances, columns
from musnad.ledger.days import day_number, day_text
from musnad.ledger.rows import decoded
from musnad.ledger.tables import documents, statements

HERE = Path(__file__).parent
OUT, PAIRS = HERE.parent / "src/musnad/weights/linking.npz", HERE / "saying_pairs.tsv"
STORED = 500  # articles stored together
#: First and last days of the articles from which the pairs were drawn.
DAYS = {
    "ant.jsonl.gz": (
        ("2018-02-20", "2018-02-27"), ("2018-04-07", "2018-04-20"), ("2018-05-14", "2018-05-19"), ("2018-06-10", "2018-06-15"), ("2018-07-14", "2018-07-19"),
        ("2018-08-10", "2018-08-16"), ("2018-09-05", "2018-09-11"),
    ),
    "saudinewsnet.jsonl.gz": (("2015-08-07", "2015-08-08"),),
}  # fmt: skip


class Place(NamedTuple):
    """Where a statement is: its article, its first and last code point."""

    article: str
    start: int
    end: int


class Case(NamedTuple):
    """A pair in numbers, whether it is one, and the month in which it was published."""

    numbers: list[float]
    same: bool
    month: str


def articles(corpora: Path) -> Iterator[Document]:
    """Yield the articles of `DAYS`."""
    for name, days in DAYS.items():
        with gzip.open(corpora / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if any(first <= (row.get("published") or "") <= last for first, last in days):
                    yield Document(**{field: row.get(field) for field in Document.__struct_fields__})


def fill(ledger: Ledger, corpora: Path) -> None:
    """Read the articles into a ledger."""
    reader, waiting = Reader(fast=True), []
    for article in articles(corpora):
        waiting.append(reader.read(article))
        if len(waiting) == STORED:
            ledger.add(waiting)
            waiting = []
    ledger.add(waiting)


def judged() -> Iterator[tuple[Place, Place, bool]]:
    """Yield the judged pairs: the places of both statements, and whether they are one saying."""
    with PAIRS.open(encoding="utf-8") as lines:
        for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
            one, other = (
                Place(row[side], int(row[f"{side}_start"]), int(row[f"{side}_end"])) for side in ("one", "other")
            )
            yield one, other, row["same"] == "yes"


def cases(ledger: Ledger) -> Iterator[Case]:
    """Yield the pairs whose statements are read today as they were when they were judged."""
    comparer, said = Utterances(ledger.terms), {}
    with ledger.database.read() as bind:
        for row in bind.execute(columns().add_columns(statements.c.content, documents.c.id.label("article"))):
            content = decoded(row, "content", list)
            place = Place(row.article, content[0][0], content[-1][1])
            said[place] = comparer.said(row, row.number, day_number(row.published))
    for one, other, same in judged():
        a, b = said.get(one), said.get(other)
        if a is not None and b is not None:
            yield Case(comparer.numbers(a, b), same, day_text(a.day)[:7])


def learn(found: list[Case]) -> tuple[Any, float]:
    """Learn the score; print precision and recall at a half, each month's pairs told by those of the others."""
    rows, same = np.array([case.numbers for case in found], np.float64), np.array([case.same for case in found])
    month, apart = np.array([case.month for case in found]), np.zeros(len(found))
    for one in sorted(set(month)):
        weight, bias = fit(rows[month != one], same[month != one])
        apart[month == one] = rows[month == one] @ weight + bias
    right = int(((apart > 0) & same).sum())
    print(
        f"{len(found)} pairs, {same.sum()} of them one; months left out: precision {right / (apart > 0).sum():.3f}, "
        f"recall {right / same.sum():.3f}", file=sys.stderr,
    )  # fmt: skip
    return fit(rows, same)


def save(weight: Any, bias: float) -> None:
    np.savez(OUT, **{"saying.weight": np.float32(weight), "saying.bias": np.float32([bias])})


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--corpora", type=Path, required=True)
    cli.add_argument("--ledger", type=Path)
    args = cli.parse_args()
    if not OUT.is_file():
        save(np.zeros(len(NUMBERS)), 0.0)  # what compares statements looks for it; the numbers do not hang on it
    with tempfile.TemporaryDirectory() as folder:
        kept = args.ledger or Path(folder) / "pairs.db"
        ready = kept.is_file()
        with Ledger(kept) as ledger:
            if not ready:
                fill(ledger, args.corpora)
            save(*learn(list(cases(ledger))))


if __name__ == "__main__":
    main()
