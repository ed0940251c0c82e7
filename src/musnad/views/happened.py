"""Events of a ledger as self-contained pages: a map, and a line of time. No script, no network; text from articles is escaped."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from musnad.ledger.days import day_number
from musnad.names.codes import spot_of
from musnad.views.labels import event_label, label
from musnad.views.world import MapPlace, draw_map

if TYPE_CHECKING:
    from musnad.ledger.events import EventHit

_BARS = 60  # columns of the overview at most
_HIGH = 60  # its height
_NAMES = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
]


def render_map(hits: list[EventHit], title: str) -> str:
    """Return a page with the places of events on a map, and under it the events of each place."""
    located = _located(hits)
    places = [_place(entity, there) for entity, there in located.items()]
    unplaced = len(hits) - sum(len(there) for there in located.values())
    ranked = sorted(places, key=lambda place: (-place.events, place.name))
    lists = "".join(_section(place, located[_entity(place)]) for place in ranked)
    facts = f"{len(hits)} حدثا · {len(places)} مكانا" + (f" · {unplaced} بلا مكان معروف" if unplaced else "")
    return page(title, facts, f"{legend(hits)}<figure>{draw_map(places)}</figure>{lists}")


def draw_places(hits: list[EventHit]) -> str:
    """Return the map of some events alone, nothing where no place is known."""
    places = [_place(entity, there) for entity, there in _located(hits).items()]
    return draw_map(places) if places else ""


def render_timeline(hits: list[EventHit], title: str) -> str:
    """Return a page with events day by day, the latest first, under an overview of how many there were."""
    dated = [(day, hit) for hit in hits if (day := day_of(hit)) is not None]
    dated.sort(key=lambda pair: (pair[0], -pair[1].number), reverse=True)
    days = "".join(
        f'<section id="d{day}"><h2><time datetime="{day}">{day_name(day)}</time></h2><ol class="events">'
        + "".join(event_card(hit) for _, hit in group) + "</ol></section>"
        for day, group in groupby(dated, key=lambda pair: pair[0])
    )  # fmt: skip
    facts = f"{len(dated)} حدثا في {len({day for day, _ in dated})} يوما"
    return page(title, facts, f"{legend(hits)}{overview([day for day, _ in dated])}{days}")


def page(title: str, facts: str, body: str) -> str:
    """Return a whole page in the house's style."""
    style = "".join((files("musnad.views") / name).read_text(encoding="utf-8") for name in ("page.css", "happened.css"))
    return (
        '<!doctype html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)} · مُسنَد</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f'<main class="happened"><h1>{escape(title)}</h1><p class="facts">{escape(facts)}</p>{body}</main>\n</body>\n</html>\n'
    )


def legend(hits: Iterable[EventHit]) -> str:
    kinds = Counter(hit.event["type"] for hit in hits)
    items = "".join(
        f'<li class="{kind}">{event_label(kind)} <small>{count}</small></li>' for kind, count in kinds.most_common()
    )
    return f'<ul class="legend">{items}</ul>'


def overview(days: list[str]) -> str:
    """Return how many events there were over time as columns, from right to left."""
    if len(set(days)) < 2:
        return ""
    ordered = sorted(days)
    cut = len(days) // 50  # the outermost two in a hundred on either side are shown below, and not in the overview
    first, last = date.fromisoformat(ordered[cut]), date.fromisoformat(ordered[-1 - cut])
    days = ordered[cut : len(ordered) - cut]
    step = max(1, -(-((last - first).days + 1) // _BARS))
    counts = Counter((date.fromisoformat(day) - first).days // step for day in days)
    columns, most = (last - first).days // step + 1, max(counts.values())
    bars = "".join(
        f'<rect x="{columns - 1 - n + 0.1:.1f}" y="{_HIGH * (1 - count / most):.1f}" width="0.8" height="{_HIGH * count / most:.1f}">'
        f"<title>{first + timedelta(days=n * step)}: {count}</title></rect>"
        for n, count in sorted(counts.items())
    )  # fmt: skip
    ends = f'<p class="ends"><time>{day_name(first.isoformat())}</time><time>{day_name(last.isoformat())}</time></p>'
    return (
        f'<figure class="overview"><svg viewBox="0 0 {columns} {_HIGH}" preserveAspectRatio="none" role="img" '
        f'aria-label="عدد الأحداث عبر الزمن">{bars}</svg>{ends}</figure>'
    )


def event_card(hit: EventHit) -> str:
    """Return one event: what, who and whom, where, whether it happened, and the words and the article that tell it."""
    event: dict[str, Any] = hit.event
    words = "، ".join(dict.fromkeys(escape(word) for word in hit.words.split(" … ")))
    date_of = event["date"]
    days = " – ".join(dict.fromkeys((date_of["start"], date_of["end"]))) if date_of else ""
    rows = [("الفاعل", p["name"]) for p in event["actors"]] + [("المتلقي", p["name"]) for p in event["recipients"]]
    rows += [("أين", event["place"]["name"])] if event["place"] else []
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return (
        f'<li class="card event {event["type"]} {event["status"]}"><header><span class="stance">{event_label(event["type"])}</span>'
        f'<span class="kind">{label(event["status"])}</span><time dir="ltr">{days}</time><span class="word">{words}</span></header>'
        f"<dl>{facts}</dl><footer>{_source(hit)}</footer></li>"
    )


def day_of(hit: EventHit) -> str | None:
    """The first day of an event, or that of its article; a day that is none counts for nothing."""
    days = (hit.event["date"]["start"] if hit.event["date"] else None, hit.published)
    return next((day for day in days if day_number(day)), None)


def day_name(day: str) -> str:
    there = date.fromisoformat(day)
    return f"{there.day} {_NAMES[there.month - 1]} {there.year}"


def _source(hit: EventHit) -> str:
    day = f'<time dir="ltr">{escape(hit.published)}</time>' if hit.published else ""
    name = " · ".join(filter(None, (escape(hit.outlet or ""), day)))
    return f'<cite>{name}</cite> <code dir="ltr">{escape(hit.article)}</code>'


def _located(hits: list[EventHit]) -> dict[str, list[EventHit]]:
    """Events by their places, those whose coordinates are known."""
    located: dict[str, list[EventHit]] = defaultdict(list)
    for hit in hits:
        place = hit.event["place"]
        if place and place["entity"] and spot_of(place["entity"]) is not None:
            located[place["entity"]].append(hit)
    return located


def _place(entity: str, hits: list[EventHit]) -> MapPlace:
    spot = spot_of(entity)
    assert spot is not None
    name = Counter(hit.event["place"]["name"] for hit in hits).most_common(1)[0][0]
    kind = Counter(hit.event["type"] for hit in hits).most_common(1)[0][0]
    return MapPlace(entity.replace(":", "-"), spot.lat, spot.lon, name, len(hits), kind)


def _entity(place: MapPlace) -> str:
    return place.anchor.replace("-", ":", 1)


def _section(place: MapPlace, hits: list[EventHit]) -> str:
    cards = "".join(event_card(hit) for hit in hits)
    return (
        f'<details id="{escape(place.anchor)}"><summary>{escape(place.name)} <small>{place.events}</small></summary>'
        f'<ol class="events">{cards}</ol></details>'
    )
