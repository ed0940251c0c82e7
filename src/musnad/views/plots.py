"""The figures of a ledger as a picture: bars with Arabic names joined and ordered as they are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from musnad.errors import LedgerError

if TYPE_CHECKING:
    from musnad.ledger.stats import Row

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
    axes["days"].bar(range(len(days)), [row.count for row in days], color="#2a6f97", width=1.0)
    axes["days"].set_title(shaped(_TITLES["days"]))
    step = max(1, len(days) // 8)
    axes["days"].set_xticks(range(0, len(days), step), [row.label for row in days[::step]])
    figure.savefig(path)


def _bars(axes: Any, title: str, rows: list[Row]) -> None:
    rows = rows[:10][::-1]
    axes.barh(range(len(rows)), [row.count for row in rows], color="#2a6f97")
    axes.set_yticks(range(len(rows)), [shaped(row.label[:40]) for row in rows])
    axes.invert_xaxis()
    axes.yaxis.tick_right()
    axes.set_title(shaped(title))


def shaped(text: str) -> str:
    """Return Arabic as a library without shaping must be given it: letters joined, in the order of the eye."""
    from arabic_reshaper import reshape
    from bidi.algorithm import get_display

    return str(get_display(reshape(text)))
