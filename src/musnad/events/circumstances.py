"""When: the expression of time that belongs to a trigger."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import timedelta

from musnad.events.triggers import Hit
from musnad.page import Page
from musnad.times import Time

_DAY = timedelta(days=1)
_REACH = 60  # tokens from a trigger to its time
_CLOSE = 8  # tokens from a trigger to a time long past: «خطوط الرابع من حزيران 1967» further off dates something else


def time_of(page: Page, times: list[Time], hit: Hit, told: list[tuple[int, int]]) -> tuple[Time | None, bool]:
    """The nearest expression of time in the sentence of a trigger, what stands before counting twice as far, and whether
    it only dates who told it.

    `told`: the contents of the sentence's statements in characters. «قال الوزير الجمعة إن …» dates the saying, and what it
    tells only where nothing nearer does.
    """
    first, limit = page.sentence_of(hit.first)
    first, limit = max(first, hit.first - _REACH), min(limit, hit.last + _REACH)
    begin = bisect_left(times, first, key=lambda time: time.first)
    found: list[tuple[bool, int, Time]] = []
    for time in times[begin:]:
        if time.first >= limit:
            break
        apart = not _told_alike(page.start[hit.first], page.start[time.first], told)
        far = away(hit, time.first, time.last)
        if far <= _CLOSE or not time.history:
            found.append((apart, far, time))
    if not found:
        return None, False
    apart, _, time = min(found, key=lambda one: one[:2])
    return time, apart


def day_before(time: Time) -> Time:
    """The day before a day; a longer time stays as it is."""
    past, future = (
        (days[0] - _DAY, days[1] - _DAY) if days is not None and days[0] == days[1] else days
        for days in (time.past, time.future)
    )
    return replace(time, past=past, future=future)


def _told_alike(here: int, there: int, told: list[tuple[int, int]]) -> bool:
    return all((start <= here < end) == (start <= there < end) for start, end in told)


def away(hit: Hit, first: int, last: int) -> int:
    return first - hit.last if first >= hit.last else 2 * max(hit.first - last, 0)
