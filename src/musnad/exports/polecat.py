"""Events in the forty columns of the POLECAT tables, tab-separated: a row for each pair of actors. What no table tells is empty.

What those columns have no place for (status, confidence, sentence, statement, how exact the day is) is in `events-csv`, under the
same event id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from musnad import __version__
from musnad.ledger.coding import QUADS, ArticleParties, Coded, Selected, coded, dyads
from musnad.ledger.event_rows import event_id
from musnad.ledger.flat import tab_separated, write_lines
from musnad.record import Party

NAME = "polecat"
ENDING = ".tsv"
ROWS = "events"
BINARY = False

_PARTY = ("Name", "Country", "COW", "Primary {} Sector", "Sectors", "Title", "Name Raw", "Wikipedia {} ID")
COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    *(name.format(side) if "{}" in name else f"{side} {name}" for side in ("Actor", "Recipient") for name in _PARTY),
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip


def write(rows: Iterable[Selected], stream: IO[bytes]) -> int:
    stream.write(tab_separated(COLUMNS))
    return write_lines((tab_separated(cells) for selected in rows for cells in _rows(selected)), stream)


def _rows(selected: Selected) -> Iterator[tuple[object, ...]]:
    record = selected.record
    cast = ArticleParties(record)
    story = [
        "; ".join(dict.fromkeys(m.name for m in record.mentions if m.kind == kind))
        for kind in ("PERSON", "ORG", "PLACE")
    ]
    for event in coded(selected):
        for number, (actor, recipient) in enumerate(dyads(event), 1):
            yield (
                event_id(record, event, number), event.day, event.type, event.mode, event.intensity, QUADS[event.quad],
                "; ".join(event.contexts), *_party(actor, cast, event), *_party(recipient, cast, event), *_place(event),
                record.outlet, record.published, *story, "ara", f"musnad-{__version__}",
            )  # fmt: skip


def _party(party: Party | None, cast: ArticleParties, event: Coded) -> tuple[object, ...]:
    if party is None:
        return (None,) * len(_PARTY)
    who = cast.identity(party, event.start)
    name = who.english or party.name
    return name, who.code, who.cow, who.sector, who.sector, cast.title(party), party.text, who.wikidata


def _place(event: Coded) -> tuple[object, ...]:
    spot, place = event.spot, event.place
    if place is None:
        return (None,) * 10
    geonames = (event.place_entity or "").removeprefix("geonames:") if spot and spot.city else None
    return (
        place.name, place.name if geonames else None, None, None, spot and spot.country, spot and spot.lat, spot and spot.lon,
        geonames, place.text, spot and ("P" if spot.city else "A"),
    )  # fmt: skip
