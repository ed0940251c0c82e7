"""The map of events: places as circles over the outlines of countries, one SVG without script.

Degrees are drawn as they are (x longitude, y minus latitude); a page shows the part of the world in which something happened.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import NamedTuple

_MARGIN = 0.18  # of the shown part, on each side
_LEAST = 14.0  # degrees that are shown at least
_OUTERMOST = 0.04  # share of the events on each side that the shown part may leave out
_WIDE = 1.7  # width to height
_LABELS = 14  # places that bear their names
_LARGEST = 0.032  # radius of the largest circle, as part of the shown width


class MapPlace(NamedTuple):
    """A place on the map: an anchor of the page, degrees, its name, and how many events are told of it."""

    anchor: str
    lat: float
    lon: float
    name: str
    events: int
    kind: str  # of most of its events: the class of the circle


class _Box(NamedTuple):
    left: float
    top: float
    width: float
    height: float


def draw_map(places: list[MapPlace]) -> str:
    """Return the SVG of some places; each circle leads to the anchor of its place."""
    box = _box(places)
    most = max((place.events for place in places), default=1)
    outlines = "".join(f'<path d="{path}"><title>{escape(name)}</title></path>' for name, path in _countries())
    circles = "".join(_circle(place, box, most) for place in sorted(places, key=lambda p: -p.events))
    labels = "".join(_labels(places, box, most))
    view = f"{box.left:.2f} {box.top:.2f} {box.width:.2f} {box.height:.2f}"
    return (
        f'<svg class="map" viewBox="{view}" role="img" aria-label="خريطة الأحداث" preserveAspectRatio="xMidYMid slice">'
        f'<g class="land">{outlines}</g><g class="places">{circles}</g><g class="names">{labels}</g></svg>'
    )


def _radius(place: MapPlace, box: _Box, most: int) -> float:
    return box.width * _LARGEST * float(0.3 + 0.7 * (place.events / most) ** 0.5)


def _circle(place: MapPlace, box: _Box, most: int) -> str:
    radius = _radius(place, box, most)
    return (
        f'<a href="#{escape(place.anchor)}"><circle class="{escape(place.kind)}" cx="{place.lon:.3f}" cy="{-place.lat:.3f}" r="{radius:.3f}">'
        f"<title>{escape(place.name)}: {place.events}</title></circle></a>"
    )


def _labels(places: list[MapPlace], box: _Box, most: int) -> Iterator[str]:
    """The names of the places with most events that do not run into each other."""
    size = box.width / 55
    taken: list[tuple[float, float, float, float]] = []
    for place in sorted(places, key=lambda p: (-p.events, p.name)):
        width = len(place.name) * size * 0.55
        y = -place.lat - _radius(place, box, most) - size * 0.35
        here = (place.lon - width / 2, y - size, place.lon + width / 2, y + size * 0.3)
        if any(here[0] < b[2] and b[0] < here[2] and here[1] < b[3] and b[1] < here[3] for b in taken):
            continue
        taken.append(here)
        yield f'<text x="{place.lon:.3f}" y="{y:.3f}" font-size="{size:.3f}" text-anchor="middle">{escape(place.name)}</text>'
        if len(taken) == _LABELS:
            return


def _box(places: list[MapPlace]) -> _Box:
    if not places:
        return _Box(-20, -60, 110, 110 / _WIDE)
    left, right = _most_of([(p.lon, p.events) for p in places])
    top, bottom = _most_of([(-p.lat, p.events) for p in places])
    width = max((right - left) * (1 + 2 * _MARGIN), _LEAST)
    height = max((bottom - top) * (1 + 2 * _MARGIN), width / _WIDE)
    width = max(width, height * _WIDE)
    return _Box((left + right - width) / 2, (top + bottom - height) / 2, width, height)


def _most_of(values: list[tuple[float, int]]) -> tuple[float, float]:
    """The range that holds all but the outermost events on each side."""
    ordered = sorted(values)
    out = sum(events for _, events in ordered) * _OUTERMOST

    def first(rows: Iterable[tuple[float, int]]) -> float:
        seen = 0
        for value, events in rows:
            seen += events
            if seen > out:
                return value
        return ordered[0][0]

    return first(ordered), first(reversed(ordered))


@cache
def _countries() -> list[tuple[str, str]]:
    text = gzip.decompress((files("musnad.views") / "world.tsv.gz").read_bytes()).decode("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [(name, path) for name, path in rows[1:]]
