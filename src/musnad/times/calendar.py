"""Calendar arithmetic: intervals of days, both ends included, from what an expression of time says.

A week runs from Monday to Sunday (ISO 8601); `news_week` gives it from Sunday to Saturday. Hijri dates follow the Umm al-Qura calendar (hijridate).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]
_SUNDAY = 6


def day(year: int, month: int, number: int) -> Days | None:
    """One day, or None where the calendar has none such: 31 شباط."""
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return found, found


def hijri(year: int, month: int, number: int) -> Days | None:
    """One day of the Hijri calendar, 1343 to 1500, or None."""
    from hijridate import Hijri

    try:
        found = Hijri(year, month, number).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day), date(found.year, found.month, found.day)


def hijri_month(year: int, number: int) -> Days | None:
    """A month of the Hijri calendar."""
    first = hijri(year, number, 1)
    last = hijri(year, number, 30) or hijri(year, number, 29)
    return (first[0], last[0]) if first and last else None


def hijri_year(today: date) -> int:
    """The Hijri year of a day, within some weeks."""
    return (today.year - 622) * 33 // 32 + 1


def month(year: int, number: int) -> Days | None:
    if not 1 <= year <= 9999:
        return None
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def unit(name: str, around: date, steps: int) -> Days | None:
    """The week, month, year or decade `steps` after the one that holds a day; None beyond the calendar."""
    try:
        if name == "day":
            found = around + timedelta(days=steps)
            return found, found
        if name == "week":
            first = around - timedelta(days=around.weekday()) + timedelta(weeks=steps)
            return first, first + timedelta(days=6)
        if name == "month":
            year, number = divmod(around.year * 12 + around.month - 1 + steps, 12)
            return month(year, number + 1)
        if name == "year":
            return date(around.year + steps, 1, 1), date(around.year + steps, 12, 31)
        first_year = around.year // 10 * 10 + 10 * steps
        return date(first_year, 1, 1), date(first_year + 9, 12, 31)
    except (ValueError, OverflowError):
        return None


def news_week(days: Days, today: date) -> Days:
    """The same turn of the week as Arabic newsrooms count it, from Sunday to Saturday."""
    shift = timedelta(days=6 if today.weekday() == _SUNDAY else -1)
    return days[0] + shift, days[1] + shift


def shifted(around: date, name: str, steps: int) -> date | None:
    """The day so many hours, days, weeks, months or years away; the last day of a month stays within it, whole days of hours count."""
    if name in {"hour", "day", "week"}:
        days = int(steps / 24) if name == "hour" else steps * (7 if name == "week" else 1)
        try:
            return around + timedelta(days=days)
        except OverflowError:
            return None
    months = around.year * 12 + around.month - 1 + steps * {"month": 1, "year": 12, "decade": 120}[name]
    year, number = divmod(months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, number + 1, min(around.day, monthrange(year, number + 1)[1]))


def weekday(number: int, around: date, direction: int) -> Days:
    """The nearest such day: -1 before today, +1 after it, 0 today or before."""
    back = (around.weekday() - number) % 7
    if direction > 0:
        back = back - 7
    elif direction < 0 and back == 0:
        back = 7
    found = around - timedelta(days=back)
    return found, found


def section(days: Days, third: int) -> Days:
    """The first, middle or last third of an interval; of a month the days 1 to 10, 11 to 20, 21 to its end."""
    size = (days[1] - days[0]).days + 1
    step = size // 3
    first = days[0] + timedelta(days=step * (third - 1))
    return first, days[1] if third == 3 else days[0] + timedelta(days=step * third - 1)
