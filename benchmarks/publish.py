"""Writes the measured figures into the pages that tell of them, between their markers.

    python benchmarks/publish.py            writes the pages anew
    python benchmarks/publish.py --check    changes nothing; ends with 1 where a page tells other figures

Figures stand in `benchmarks/figures.json`, which `benchmarks/unseen.py --json` writes, and nowhere else: a page has
`<!-- figures:NAME -->` and `<!-- /figures:NAME -->`, and what stands between them is made here. The measures and their names
in both languages are in `benchmarks/figures.tsv`.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
#: Pages that tell figures.
PAGES = ("README.md", "README.ar.md", "benchmarks/RESULTS.md", "docs/names-card.md")
_PART = re.compile(r"(<!-- figures:([a-z-]+) -->)(.*?)(<!-- /figures:\2 -->)", re.DOTALL)
_MARKER = re.compile(r"<!-- /?figures:[a-z-]+ -->")

Figures = dict[str, Any]


def labels() -> dict[str, dict[str, str]]:
    """Return what things are called: label, arabic, and of a measure what is wanted."""
    lines = (HERE / "figures.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return {row["name"]: row for row in rows}


def measures() -> list[str]:
    """Return the measures in the order of the tables."""
    return [name for name in labels() if "_" in name]


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown, with the line breaks that part it from its markers."""
    head = list(head)
    lines = [_line(head), "|" + "---|" * len(head), *map(_line, rows)]
    return "\n" + "".join(line + "\n" for line in lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def value(figures: Figures, reader: str, name: str) -> float:
    return float(figures[reader]["metrics"][name]["value"])


def accuracy(figures: Figures, language: str) -> str:
    """Both readers, F1 and accuracies, without precision and recall."""
    called = labels()
    rows = (
        (called[name][language], three(value(figures, "exact", name)), three(value(figures, "fast", name)))
        for name in measures()
        if not name.endswith(("_p", "_r"))
    )
    return table(("", called["exact"][language], called["fast"][language]), rows)


def unseen(figures: Figures) -> str:
    """All measures, with the interval of the exact reader, beside the rules of before and what is wanted."""
    rows, called = [], labels()
    for name in measures():
        exact = figures["exact"]["metrics"][name]
        rules = figures["rules"]["metrics"].get(name)
        interval = f"{exact['low']:.3f} to {exact['high']:.3f}"
        shown = ("–" if rules is None else str(rules), three(value(figures, "fast", name)), three(exact["value"]))
        rows.append((name.replace("_", " "), *shown, interval, called[name]["wanted"]))
    return table(("", "rules (before)", "fast reader", "exact reader", "95 % over articles", "wanted"), rows)


def sources(figures: Figures) -> str:
    def both(reader: str, source: str) -> str:
        found = figures[reader]["sources"][source]
        return f"{found['statement_f1']:.3f}, {found['attributed_f1']:.3f}"

    head = (
        "source",
        "statements",
        "fast: statement, attributed",
        "exact: statement, attributed",
        "attributed by rules",
    )
    return table(
        head,
        (
            (name, str(found["statements"]), both("fast", name), both("exact", name), three(figures["rules"]["sources"][name]))
            for name, found in figures["exact"]["sources"].items()
        ),
    )  # fmt: skip


def types(figures: Figures) -> str:
    rows = []
    for name, exact in figures["exact"]["types"].items():
        read = (f"{found['read']}, {found['precision']:.2f}" for found in (figures["fast"]["types"][name], exact))
        rows.append((name, str(exact["annotated"]), *read, f"{exact['recall']:.2f}"))
    head = ("type of event", "annotated", "fast: read, precision", "exact: read, precision", "exact: recall")
    return table(head, rows)


def confidence(figures: Figures) -> str:
    rows = (
        (name, str(found["statements"]), f"{found['mean']:.2f}", f"{found['right']:.2f}")
        for name, found in figures["exact"]["confidence"].items()
    )
    return table(("confidence", "statements", "mean", "right"), rows)


def size(figures: Figures) -> str:
    exact = figures["exact"]
    return f"{exact['articles']:,} articles, {exact['statements']:,} statements, {exact['events']:,} events"


def found_events(figures: Figures) -> str:
    precision, recall = value(figures, "exact", "event_p"), value(figures, "exact", "event_r")
    return f"of those read {precision:.0%} are annotated, of those annotated {recall:.0%} are read"


def names(figures: Figures, language: str) -> str:
    found = figures["names"]
    return labels()["names"][language].format(*(f"{found[kind]:.3f}" for kind in ("PER", "LOC", "ORG", "all")))


#: What makes each part of a page.
PARTS: dict[str, Callable[[Figures], str]] = {
    "accuracy": lambda figures: accuracy(figures, "label"),
    "accuracy-arabic": lambda figures: accuracy(figures, "arabic"),
    "unseen": unseen,
    "sources": sources,
    "types": types,
    "confidence": confidence,
    "size": size,
    "events": found_events,
    "names": lambda figures: names(figures, "label"),
    "names-arabic": lambda figures: names(figures, "arabic"),
    "calibration": lambda figures: (
        f"{figures['exact']['calibration_error']:.3f} (fast: {figures['fast']['calibration_error']:.3f})"
    ),
}


def published(page: str, figures: Figures) -> str:
    """Return a page with the figures between its markers. Raises `KeyError` for a part that nothing makes."""
    parts = _PART.findall(page)
    if len(_MARKER.findall(page)) != 2 * len(parts):
        raise KeyError("a marker of figures without its other half")
    return _PART.sub(lambda match: match[1] + PARTS[match[2]](figures) + match[4], page)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--check", action="store_true")
    args = cli.parse_args()
    figures = json.loads((HERE / "figures.json").read_text(encoding="utf-8"))
    different = 0
    for name in PAGES:
        page = (ROOT / name).read_text(encoding="utf-8")
        if (text := published(page, figures)) != page:
            different += 1
            print(f"{name}: {'tells other figures' if args.check else 'written anew'}", file=sys.stderr)
            if not args.check:
                (ROOT / name).write_text(text, encoding="utf-8")
    sys.exit(1 if different and args.check else 0)


if __name__ == "__main__":
    main()
