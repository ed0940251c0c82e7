"""CAMEO events in the columns of the ICEWS tables, tab-separated: a row for each pair of actors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from musnad.ledger.coding import ArticleParties, Coded, Selected, coded, dyads
from musnad.ledger.event_rows import event_id
from musnad.ledger.flat import tab_separated, write_lines
from musnad.record import Party

NAME = "cameo"
ENDING = ".tsv"
ROWS = "events"
BINARY = False

COLUMNS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity",
    "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District",
    "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip


def write(rows: Iterable[Selected], stream: IO[bytes]) -> int:
    stream.write(tab_separated(COLUMNS))
    return write_lines((tab_separated(cells) for selected in rows for cells in _rows(selected)), stream)


def _rows(selected: Selected) -> Iterator[tuple[object, ...]]:
    record = selected.record
    cast = ArticleParties(record)
    for event in coded(selected):
        for number, (source, target) in enumerate(dyads(event), 1):
            yield (
                event_id(record, event, number), event.day, *_party(source, cast, event), event.words, event.cameo, event.intensity,
                *_party(target, cast, event), record.id, None, record.outlet, *_place(event),
            )  # fmt: skip


def _party(party: Party | None, cast: ArticleParties, event: Coded) -> tuple[object, ...]:
    if party is None:
        return (None,) * 3
    who = cast.identity(party, event.start)
    return who.english or party.name, who.sector, who.code


def _place(event: Coded) -> tuple[object, ...]:
    spot, place = event.spot, event.place
    city = place.name if place and spot and spot.city else None
    return city, None, None, spot and spot.country, spot and spot.lat, spot and spot.lon
