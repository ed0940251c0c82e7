"""Days as numbers. Ledgers of older versions hold some that are none (2025-02-30): those count as no day."""

from __future__ import annotations

from datetime import date

_YEARS = range(1000, 9001)


def day_number(day: str | None) -> int:
    """Return the proleptic ordinal of a day, YYYY-MM-DD between the years 1000 and 9000; 0 for what is none."""
    try:
        found = date.fromisoformat(day or "")
    except (TypeError, ValueError):
        return 0
    if found.isoformat() != day:  # 20250301, 2025-W09-6
        return 0
    return found.toordinal() if found.year in _YEARS else 0


def day_text(number: int) -> str:
    """Return the day of an ordinal, YYYY-MM-DD; the nearest where there is none."""
    return date.fromordinal(min(max(number, 1), date.max.toordinal())).isoformat()
