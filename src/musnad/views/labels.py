"""Arabic words for the codes of the record."""

from __future__ import annotations

from functools import cache

from musnad.lexicon.tables import rows


@cache
def labels() -> dict[str, str]:
    return {row["code"]: row["ar"] for row in rows("labels.tsv")}


def label(code: str) -> str:
    """Return the Arabic word for a code, or the code itself where there is none."""
    return labels().get(code, code)


def event_label(kind: str) -> str:
    """Return the Arabic word for a type of event; AGREE is also a stance."""
    return labels().get(f"{kind}.event") or label(kind)


def heading(column: str) -> str:
    """Return the Arabic heading of a column of a table."""
    return labels()[f"{column}.column"]
