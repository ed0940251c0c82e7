"""Days as numbers. Ledgers of older versions hold some that are none (2025-02-30): those count as no day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from musnad.record import is_day


@lru_cache(maxsize=16_384)  # a story's days come back with each of its articles
def day_number(day: str | None) -> int:
    """Return the proleptic ordinal of a day (`record.is_day`); 0 for what is none."""
    return date.fromisoformat(day).toordinal() if isinstance(day, str) and is_day(day) else 0


def day_text(number: int) -> str:
    """Return the day of an ordinal, YYYY-MM-DD; the nearest where there is none."""
    return date.fromordinal(min(max(number, 1), date.max.toordinal())).isoformat()
