"""The chain of a saying as a graph: who is said to have said it, who passed it on, who printed it. One SVG without script."""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musnad.ledger.across.views import Report

_WIDE, _ROW, _BOX = 900, 46, 230  # the drawing, a row, a node, in its units
_SHOWN = 12  # nodes of a column
_LETTERS = 26  # of a name that a node has room for


def draw_chain(reports: list[Report], right_to_left: bool = True) -> str:
    """Return the graph of reports, from the speaker on the one side to the outlets on the other; lines are as thick as often taken."""
    nodes: list[Counter[str]] = [Counter(), Counter(), Counter()]
    lines: Counter[tuple[int, str, int, str]] = Counter()
    for report in reports:
        relays = [source["name"] for source in report.statement["sources"]] or [None]
        for relay in relays:
            steps = [(0, report.speaker), (1, relay), (2, report.outlet or report.article)]
            stops = [(column, name) for column, name in steps if name]
            for column, name in stops:
                nodes[column][name] += 1
            for (column, name), (to, other) in pairwise(stops):
                lines[column, name, to, other] += 1
    shown = [[name for name, _ in column.most_common(_SHOWN)] for column in nodes]
    height = max(map(len, shown)) * _ROW
    middle = {(c, n): (at + 0.5) * height / len(names) for c, names in enumerate(shown) for at, n in enumerate(names)}
    left = [(_WIDE - _BOX) * (2 - c if right_to_left else c) / 2 for c in range(3)]
    drawn = [
        _line(left[a], middle[a, name], left[b], middle[b, other], count)
        for (a, name, b, other), count in lines.items()
        if (a, name) in middle and (b, other) in middle
    ]
    drawn += [_node(left[c], y, name, nodes[c][name]) for (c, name), y in middle.items()]
    said = "، ".join(f"{name} ← {other}" for _, name, _, other in lines)
    return f'<svg class="chain" viewBox="0 0 {_WIDE} {height}" role="img" aria-label="{escape(said)}">{"".join(drawn)}</svg>'


def _line(x: float, y: float, to: float, end: float, count: int) -> str:
    start, stop = (x, to + _BOX) if to < x else (x + _BOX, to)
    bend = (start + stop) / 2
    return (
        f'<path d="M{start:.0f} {y:.0f} C{bend:.0f} {y:.0f} {bend:.0f} {end:.0f} {stop:.0f} {end:.0f}" '
        f'stroke-width="{min(1.5 + count, 9):.1f}"><title>{count}</title></path>'
    )


def _node(x: float, y: float, name: str, count: int) -> str:
    text = name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"
    many = f" ({count})" if count > 1 else ""
    return (
        f'<g><rect x="{x:.0f}" y="{y - 17:.0f}" width="{_BOX}" height="34" rx="17"></rect>'
        f'<text x="{x + _BOX / 2:.0f}" y="{y + 6:.0f}" text-anchor="middle">{escape(text)}{many}<title>{escape(name)}</title></text></g>'
    )
