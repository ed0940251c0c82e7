"""Events in the forty columns of the POLECAT tables, tab-separated: a row for each pair of actors. What no table tells is empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.ledger.coding import Coded, coded, country_and_sector, dyads
from musnad.ledger.flat import tab_separated
from musnad.record import Party, Record

NAME = "polecat"
BINARY = False

_PARTY = ("Name", "Country", "COW", "Primary {} Sector", "Sectors", "Title", "Name Raw", "Wikipedia {} ID")
COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    *(name.format(side) if "{}" in name else f"{side} {name}" for side in ("Actor", "Recipient") for name in _PARTY),
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    stream.write(tab_separated(COLUMNS))
    for record in rows:
        story = [
            "; ".join(dict.fromkeys(m.name for m in record.mentions if m.kind == kind))
            for kind in ("PERSON", "ORG", "PLACE")
        ]
        for event in coded(record):
            for number, (actor, recipient) in enumerate(dyads(event), 1):
                stream.write(tab_separated((
                    f"{record.id}-{event.part}-{number}", event.first_day, event.type, event.mode, None, event.quad, None,
                    *_party(actor), *_party(recipient), *_place(event), record.outlet, record.published, *story, "ara", None,
                )))  # fmt: skip


def _party(party: Party | None) -> tuple[object, ...]:
    country, sector = country_and_sector(party)
    return (party and party.name, country, None, sector, sector, None, party and party.text, None)


def _place(event: Coded) -> tuple[object, ...]:
    spot = event.spot
    if event.place is None:
        return (None,) * 10
    geonames = (event.place.entity or "").removeprefix("geonames:") if spot and spot.city else None
    city = event.place.name if geonames else None
    return (
        event.place.name, city, None, None, spot and spot.country, spot and spot.lat, spot and spot.lon, geonames,
        event.place.text, None,
    )  # fmt: skip
