"""The figures of a ledger as a picture. Matplotlib joins and orders Arabic letters itself from version 3.11 on."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from musnad.errors import LedgerError
from musnad.files import whole_file
from musnad.ledger.days import day_number
from musnad.views.labels import label

if TYPE_CHECKING:
    from musnad.ledger.stats import Statistic

_COLOUR = "#2a6f97"
_STANCES = (
    "#2a6f97",
    "#e9a03b",
    "#7a9e7e",
    "#b5485d",
    "#6d5a9c",
    "#89bdd3",
    "#c9b38c",
    "#4a4e69",
    "#d98880",
    "#9aa5b1",
)
_SHOWN = ("speakers", "outlets", "stances", "sources")
_TITLES = {
    "speakers": "القائلون",
    "outlets": "الصحف والقنوات",
    "stances": "المواقف",
    "sources": "المصادر",
    "days": "الأيام",
}


def draw(figures: dict[str, list[Statistic]], path: Path) -> None:
    """Draw counts into a .png or .svg file. Raises `LedgerError` where a library is not to be had, `OutputError` where the file cannot be written."""
    figure = _figure(path, 10)
    axes = figure.subplot_mosaic([["speakers", "outlets"], ["stances", "sources"], ["days", "days"]])
    for name in _SHOWN:
        _bars(axes[name], _TITLES[name], figures[name])
    days = [row for row in figures["days"] if day_number(row.label)]
    when: Any = [date.fromisoformat(row.label) for row in days]
    axes["days"].bar(when, [row.count for row in days], color=_COLOUR, width=1.0)
    axes["days"].set_title(_TITLES["days"])
    _save(figure, path)


def draw_over_time(name: str, stances: dict[str, dict[str, int]], target: Path | IO[bytes]) -> None:
    """Draw the statements of somebody by month and stance, into a file or, as SVG, into a stream.

    Raises what `draw` does, and `LedgerError` where none has a date.
    """
    figure = _figure(target if isinstance(target, Path) else Path("stream.svg"), 5)
    axes = figure.subplots()
    stances = {stance: {day: n for day, n in days.items() if day_number(day)} for stance, days in stances.items()}
    dated = {day for days in stances.values() for day in days}
    if not dated:
        raise LedgerError(f"{name}: no statement with a date, so there is nothing to draw")
    months = _months(dated)
    floor = [0] * len(months)
    edges = [month - 0.5 for month in range(len(months) + 1)]
    by_month = [(label(stance), _heights(months, days)) for stance, days in stances.items()]
    most = len(_STANCES) - 1
    if len(by_month) > most:
        rest = [sum(heights) for heights in zip(*(heights for _, heights in by_month[most:]), strict=True)]
        by_month[most:] = [("أخرى", rest)]
    for (name_of_stance, heights), colour in zip(by_month, _STANCES, strict=False):
        upper = [low + height for low, height in zip(floor, heights, strict=True)]
        axes.stairs(upper, edges, baseline=floor, fill=True, color=colour, label=name_of_stance)  # a bar each is slow
        floor = upper
    step = -(-len(months) // 24)  # no more names than there is room for
    axes.set_xticks(range(0, len(months), step), months[::step], rotation=45, ha="right")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_title(name)
    axes.legend(ncols=2)
    if isinstance(target, Path):
        _save(figure, target)
    else:
        figure.savefig(target, format="svg")


def _save(figure: Any, path: Path) -> None:
    with whole_file(path) as stream:
        figure.savefig(stream, format=path.suffix[1:])


def _heights(months: list[str], days: dict[str, int]) -> list[int]:
    counts: Counter[str] = Counter()
    for day, count in days.items():
        counts[day[:7]] += count
    return [counts[month] for month in months]


def _months(days: set[str]) -> list[str]:
    """All months from the first day to the last, YYYY-MM."""
    first, last = min(days), max(days)
    numbers = range(int(first[:4]) * 12 + int(first[5:7]) - 1, int(last[:4]) * 12 + int(last[5:7]))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def _figure(path: Path, height: int) -> Any:
    if path.suffix not in {".png", ".svg"}:
        raise LedgerError(f"{path}: draw into a .png or .svg file")
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise LedgerError("plots need matplotlib; pip install 'musnad[plots]'") from None
    figure = Figure(figsize=(12, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _bars(axes: Any, title: str, rows: list[Statistic]) -> None:
    rows = rows[:10][::-1]
    axes.barh(range(len(rows)), [row.count for row in rows], color=_COLOUR)
    axes.set_yticks(range(len(rows)), [label(row.label)[:40] for row in rows])
    axes.invert_xaxis()
    axes.yaxis.tick_right()
    axes.set_title(title)
