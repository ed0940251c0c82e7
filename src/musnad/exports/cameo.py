"""CAMEO events in the columns of the ICEWS tables, tab-separated: a row for each pair of actors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from musnad.ledger.coding import coded, country_and_sector, dyads
from musnad.ledger.flat import tab_separated
from musnad.record import Record

NAME = "cameo"
BINARY = False

COLUMNS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity",
    "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District",
    "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip


def write(rows: Iterable[Record], stream: IO[bytes]) -> None:
    stream.write(tab_separated(COLUMNS))
    for record in rows:
        for event in coded(record):
            for number, (source, target) in enumerate(dyads(event), 1):
                (source_country, source_sector), (country, sector) = (
                    country_and_sector(source),
                    country_and_sector(target),
                )
                spot = event.spot
                stream.write(tab_separated((
                    f"{record.id}-{event.part}-{number}", event.first_day, source and source.name, source_sector, source_country,
                    event.words, event.cameo, None, target and target.name, sector, country, record.id, None, record.outlet,
                    event.place.name if event.place else None, None, None, spot and spot.country, spot and spot.lat, spot and spot.lon,
                )))  # fmt: skip
