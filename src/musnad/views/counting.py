"""Numbers that agree with what is counted: رواية واحدة، روايتان، 5 روايات، 102 رواية."""

from __future__ import annotations

from functools import cache

from babel import Locale

from musnad.lexicon.tables import rows


@cache
def _nouns() -> dict[str, dict[str, str]]:
    return {row["noun"]: row for row in rows("counted.tsv")}


@cache
def _locale(language: str) -> Locale:
    return Locale(language)


def count(number: int, noun: str, language: str = "ar") -> str:
    """Return a number with its noun, as the plural rules of the language have it; the nouns stand in `counted.tsv`."""
    form = _locale(language).plural_form(number)
    if language == "en":
        form = "en_one" if form == "one" else "en_other"
    return _nouns()[noun][form].format(number)
