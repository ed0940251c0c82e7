"""The figures of a ledger as a picture. Matplotlib joins and orders Arabic letters itself from version 3.11 on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musnad.errors import LedgerError
from musnad.views.labels import label

if TYPE_CHECKING:
    from musnad.ledger.stats import Row

_COLOUR = "#2a6f97"
_SHOWN = ("speakers", "outlets", "stances", "sources")
_TITLES = {
    "speakers": "القائلون",
    "outlets": "الصحف والقنوات",
    "stances": "المواقف",
    "sources": "المصادر",
    "days": "الأيام",
}


def draw(figures: dict[str, list[Row]], path: Path) -> None:
    """Draw counts into a .png or .svg file. Raises `LedgerError` where the file or a library is not to be had."""
    if path.suffix not in {".png", ".svg"}:
        raise LedgerError(f"{path}: draw into a .png or .svg file")
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise LedgerError("plots need matplotlib; pip install 'musnad[plots]'") from None
    figure = Figure(figsize=(12, 10), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplot_mosaic([["speakers", "outlets"], ["stances", "sources"], ["days", "days"]])
    for name in _SHOWN:
        _bars(axes[name], _TITLES[name], figures[name])
    days = figures["days"]
    when: Any = [date.fromisoformat(row.label) for row in days]
    axes["days"].bar(when, [row.count for row in days], color=_COLOUR, width=1.0)
    axes["days"].set_title(_TITLES["days"])
    figure.savefig(path)


def _bars(axes: Any, title: str, rows: list[Row]) -> None:
    rows = rows[:10][::-1]
    axes.barh(range(len(rows)), [row.count for row in rows], color=_COLOUR)
    axes.set_yticks(range(len(rows)), [label(row.label)[:40] for row in rows])
    axes.invert_xaxis()
    axes.yaxis.tick_right()
    axes.set_title(title)
