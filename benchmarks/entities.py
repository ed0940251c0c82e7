"""Whether the names of one person or body are one entity, and those of two are two.

    python benchmarks/entities.py

`entity_pairs.tsv` holds pairs of names with verdicts by eye. A pair is joined where the tables and the rules of
`musnad.names.forms` give both names one key in a ledger.
"""

from __future__ import annotations

import csv
from pathlib import Path

from musnad.ledger.rows import entity_of
from musnad.ledger.terms import shared as terms
from musnad.names.knowledge import shared

PAIRS = Path(__file__).with_name("entity_pairs.tsv")


def main() -> None:
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = list(csv.DictReader(lines, delimiter="\t"))
    _print("all pairs", pairs)
    for kind in ("body", "other"):
        _print(f"of {kind}", [pair for pair in pairs if pair["of"] == kind])


def _print(what: str, pairs: list[dict[str, str]]) -> None:
    joined = [pair for pair in pairs if _key(pair["one"]) == _key(pair["other"])]
    right = sum(pair["same"] == "yes" for pair in joined)
    want = sum(pair["same"] == "yes" for pair in pairs)
    print(
        f"{what}: precision {right / max(len(joined), 1):.3f}, recall {right / max(want, 1):.3f}, "
        f"{len(joined)} joined of {want} that are one, {len(pairs)} pairs"
    )


def _key(name: str) -> str:
    return entity_of(name, shared().identifier(name), terms()).key


if __name__ == "__main__":
    main()
