"""Make `musnad/views/world.tsv.gz`: outlines of countries as paths of an SVG, for the map of events.

    npm pack world-atlas && tar xzf world-atlas-*.tgz && python training/outlines.py package/countries-50m.json

world-atlas (ISC) packs Natural Earth, which is in the public domain; its borders are those held de facto. A row is one
country's path in degrees: x the longitude, y minus the latitude. Points closer than TOLERANCE to their line are left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "src/musnad/views/world.tsv.gz"
TOLERANCE = 0.06  # degrees
SMALLEST = 0.25  # degrees: islands smaller than this both ways are left out
Point = tuple[float, float]


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    arcs = [_simplified(_degrees(arc, topology["transform"])) for arc in topology["arcs"]]
    lines = []
    for country in topology["objects"]["countries"]["geometries"]:
        path = "".join(filter(None, (_path(ring, arcs) for ring in _rings(country))))
        if path:
            lines.append(f"{country['properties']['name']}\t{path}\n")
    head = "# Outlines of countries: English name, SVG path in degrees (x longitude, y minus latitude).\n# Source: Natural Earth (public domain) by world-atlas 2 (ISC), by training/outlines.py.\nname\tpath\n"
    OUT.write_bytes(gzip.compress((head + "".join(sorted(lines))).encode(), 9, mtime=0))
    print(f"{len(lines)} countries, {OUT.stat().st_size} bytes")


def _degrees(arc: list[list[int]], transform: dict[str, Any]) -> list[Point]:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return points


def _simplified(points: list[Point]) -> list[Point]:
    """Ramer, Douglas and Peucker: keep what lies further from the line than the tolerance."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5

    def away(point: Point) -> float:
        x, y = point
        if length == 0:
            return float(((x - ax) ** 2 + (y - ay) ** 2) ** 0.5)
        return float(abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length)

    furthest = max(range(1, len(points) - 1), key=lambda n: away(points[n]))
    if away(points[furthest]) < TOLERANCE:
        return [points[0], points[-1]]
    return _simplified(points[: furthest + 1])[:-1] + _simplified(points[furthest:])


def _rings(geometry: dict[str, Any]) -> list[list[int]]:
    if geometry["type"] == "Polygon":
        return list(geometry["arcs"])
    return [ring for polygon in geometry.get("arcs", []) for ring in polygon]


def _path(ring: list[int], arcs: list[list[Point]]) -> str:
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    if any(abs(b[0] - a[0]) > 180 for a, b in pairwise(points)):
        return _broken(points)
    wide, high = (max(p[axis] for p in points) - min(p[axis] for p in points) for axis in (0, 1))
    if wide < SMALLEST and high < SMALLEST:
        return ""
    return "M" + "L".join(f"{x:.2f},{-y:.2f}" for x, y in points) + "Z"


def _broken(points: list[Point]) -> str:
    """A ring that crosses the line of date, drawn as pieces on either side."""
    pieces: list[list[Point]] = [[points[0]]]
    for a, b in pairwise(points):
        if abs(b[0] - a[0]) > 180:
            pieces.append([])
        pieces[-1].append(b)
    return "".join("M" + "L".join(f"{x:.2f},{-y:.2f}" for x, y in piece) + "Z" for piece in pieces if len(piece) > 2)


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    main()
