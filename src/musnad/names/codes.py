"""The codes that event data sets give to actors: country (ISO 3166-1 alpha-3) and sector (PLOVER 0.8), as in «ISR MIL»."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from musnad.lexicon.tables import rows
from musnad.names.forms import key_of
from musnad.text.clitics import without_article
from musnad.text.fold import fold


class Spot(NamedTuple):
    """Where a place is: degrees, and its country (ISO 3166-1 alpha-3); `city` tells a city from a country."""

    lat: float
    lon: float
    country: str
    city: bool


def spot_of(entity: str) -> Spot | None:
    """Return where the place with an identifier is, or None where no table has it."""
    return _spots().get(entity)


def codes_of(name: str, entity: str | None) -> list[str]:
    """Return country and sector of a party, as far as tables tell: its identifier first, then the words of its name."""
    known = _actors().get(entity or "") or _actors().get(key_of(name)) or _people().get(entity or "", [])
    words = [fold(word) for word in name.split()]
    found = [_alpha3().get(entity or "")] + [_alpha3().get(_demonyms().get(word, "")) for word in words]
    country = known[:1] or [code for code in found if code][:1]
    sectors = (_sectors().get(word) or _sectors().get(without_article(word)) for word in words)
    return country + (known[1:] or [code for code in sectors if code][:1])


@cache
def _alpha3() -> dict[str, str]:
    return {row["entity"]: row["alpha3"] for row in rows("countries.tsv")}


@cache
def _demonyms() -> dict[str, str]:
    return {row["form"]: row["entity"] for row in rows("demonyms.tsv")}


@cache
def _sectors() -> dict[str, str]:
    return {fold(word): row["sector"] for row in rows("sectors.tsv") for word in row["words"].split()}


@cache
def _actors() -> dict[str, list[str]]:
    """The codes of political actors, by identifier and by name."""
    found = {}
    for row in rows("actors.tsv"):
        code = re.split("[,@; ]", row["codes"])[0]  # the first that was held
        found[row["entity"]] = found[row["key"]] = [code[at : at + 3] for at in range(0, len(code), 3)]
    return found


@cache
def _people() -> dict[str, list[str]]:
    return {row["entity"]: [row["country"]] for row in rows("people.tsv") if row["country"]}


@cache
def _spots() -> dict[str, Spot]:
    found = {}
    for row in rows("countries.tsv"):
        found[row["entity"]] = Spot(float(row["lat"]), float(row["lon"]), row["alpha3"], False)
    for row in rows("places.tsv"):
        country = _alpha3().get(f"iso3166:{row['country']}", "")
        found[row["entity"]] = Spot(float(row["lat"]), float(row["lon"]), country, True)
    return found
