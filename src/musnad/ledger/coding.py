"""Events and statements as event data sets code them: the rules of strict PLOVER, CAMEO codes, codes of actors, coordinates.

The record keeps the plain event with its status; here a meeting that is still to come is an AGREE, one called off a
REJECT, what is denied is left out, and statements whose stance is one of the five verbal kinds are events of their own
(`lexicon/data/plover.tsv`). CAMEO codes are those of the published crosswalk (`lexicon/data/cameo.tsv`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from musnad.lexicon.tables import rows
from musnad.names.codes import Spot, codes_of, spot_of
from musnad.record import Event, Party, Record


class Coded(NamedTuple):
    """One coded event of a record: `part` is the event or statement it comes from, days are YYYY-MM-DD or None."""

    part: str
    type: str
    mode: str | None
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    words: str
    first_day: str | None
    last_day: str | None
    place: Party | None
    status: str | None

    @property
    def quad(self) -> int:
        """1 verbal, 2 material cooperation, 3 verbal, 4 material conflict."""
        return int(_cameo()[self.type, "*"][1])

    @property
    def cameo(self) -> str:
        """The CAMEO code of the type and mode."""
        return (_cameo().get((self.type, self.mode or "*")) or _cameo()[self.type, "*"])[0]

    @property
    def spot(self) -> Spot | None:
        """Where on earth, if the place has an identifier."""
        return spot_of(self.place.entity) if self.place and self.place.entity else None


def coded(record: Record) -> Iterator[Coded]:
    """Yield what strict PLOVER codes of a record: its events, then its statements of a verbal kind."""
    day = record.published
    for event in record.events:
        kind = strict_type(event)
        if kind is not None:
            first, last = (event.date.start, event.date.end) if event.date else (day, day)
            mode = event.mode if kind == event.type else None
            words = " … ".join(span.text for span in event.triggers)
            yield Coded(
                event.id, kind, mode, event.actors, event.recipients, words, first, last, event.place, event.status
            )
    for statement in record.statements:
        kind = _rules()["statement"].get((statement.stance, "*", "*"))
        if kind is not None:
            told = (statement.addressee,) if statement.addressee else ()
            words = f"{statement.cue.text if statement.cue else ''} {statement.text}".strip()
            yield Coded(statement.id, kind, None, (statement.speaker,), told, words, day, day, None, None)


def strict_type(event: Event) -> str | None:
    """Return the type under which strict PLOVER codes an event, or None where it codes none."""
    if event.status in {"happened", "ongoing"}:
        return event.type
    rules = _rules()["event"]
    kind = rules.get((event.type, event.mode or "*", event.status)) or rules.get((event.type, "*", event.status))
    kind = kind or rules.get(("*", "*", event.status), "-")
    return None if kind == "-" else kind


def dyads(event: Coded) -> Iterator[tuple[Party | None, Party | None]]:
    """Yield who did it and to whom, one pair a row: those who meet are pairs of each other."""
    if event.recipients:
        yield from ((actor, other) for actor in event.actors or (None,) for other in event.recipients)
    elif len(event.actors) > 1:
        yield from ((actor, other) for n, actor in enumerate(event.actors) for other in event.actors[n + 1 :])
    else:
        yield (event.actors[0] if event.actors else None), None


def country_and_sector(party: Party | None) -> tuple[str, str]:
    """The codes of a party, empty where no table tells."""
    codes = codes_of(party.name, party.entity) if party else []
    known = {sector for _, sector in _sectors()}
    country = codes[0] if codes and codes[0] not in known else ""
    return country, next((code for code in codes if code != country), "")


@cache
def _sectors() -> list[tuple[str, str]]:
    return [(row["words"], row["sector"]) for row in rows("sectors.tsv")]


@cache
def _cameo() -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["type"], row["mode"]): (row["cameo"], row["quad"]) for row in rows("cameo.tsv")}


@cache
def _rules() -> dict[str, dict[tuple[str, str, str], str]]:
    found: dict[str, dict[tuple[str, str, str], str]] = {"event": {}, "statement": {}}
    for row in rows("plover.tsv"):
        found[row["what"]][row["type"], row["mode"], row["status"]] = row["becomes"]
    return found
