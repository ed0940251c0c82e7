"""The parts of expressions of time: words of the table, numbers, names of months, years."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from musnad.page import Page
from musnad.text.clitics import CONJUNCTIONS
from musnad.times import calendar
from musnad.times.calendar import Days
from musnad.times.words import Entry, Number, find_entries

YEARS = range(1900, 2101)  # of numbers that are taken for years
HIJRI_YEARS = range(1343, 1501)


@dataclass(frozen=True, slots=True)
class Time:
    """An expression: its tokens, the days it means for what has happened and for what will, and what is wrong with it.

    `flaw` is `date-impossible` (31 شباط) or `weekday-contradicts` («الجمعة 14 آب» where that was a Thursday).
    """

    first: int
    last: int
    past: Days | None
    future: Days | None
    flaw: str | None = None
    history: bool = False  # more than a year before publication
    comes: bool = False  # it lies ahead, whatever the verb beside it says: «في 28 حزيران» two days before
    week: bool = False  # a week of the calendar: «الأسبوع الماضي»
    today: date | None = None  # the day of publication, where it is known


class Parts(ABC):
    """Reads the parts at a token of one page; `today` is the day of publication, if known."""

    def __init__(self, page: Page, today: date | None) -> None:
        self.page, self.words, self.size = page, page.words, len(page.words)
        self.today = today
        self._entries = find_entries(page)

    def _form(self, at: int) -> str:
        return self.words[at].form if at < self.size else ""

    def _opening(self, at: int) -> str:
        """The word at a token without a و or ف before it: «وقبل يومين»."""
        joined = at < self.size and self.words[at].prefix in CONJUNCTIONS
        return self.words[at].core if joined else self._form(at)

    def _entry(self, at: int, name: str) -> Entry | None:
        if at < self.size:
            for entry in self._entries[at]:
                if entry.name == name:
                    return entry
        return None

    def _number(self, at: int) -> Number | None:
        """The number written at a token, in figures or as a word up to ten."""
        form = figures(self._form(at))
        if form and len(form) <= 4:
            return Number(int(form), 1)
        entry = self._entry(at, "number")
        return Number(int(entry.value), entry.size) if entry else None

    def _behind(self, at: int) -> int:
        """The token after «يوم»."""
        return at + (self._opening(at) in {"يوم", "نهار", "ليوم", "بيوم"})

    def _turn(self, at: int) -> Entry | None:
        """الماضي، المقبل، الحالي."""
        return self._entry(at, "past") or self._entry(at, "next") or self._entry(at, "this")

    def _month_name(self, at: int) -> tuple[str, int, int] | None:
        """The calendar, the number and the end of a month's name, also a double one: آب/أغسطس، تموز (يوليو)، يوليو تموز."""
        found = self._entry(at, "month") or self._entry(at, "hijri")
        if found is None:
            return None
        last = at + found.size
        mark = last < self.size and self.words[last].raw in {"/", "-", "("}
        again = self._entry(last + mark, found.name)
        if again is not None and again.value == found.value:
            last += mark + again.size
            last += mark and self._form(last) == ")"
        return found.name, int(found.value), last

    def _dated(self, at: int, last: int) -> bool:
        """Whether a month's name alone is one: after a preposition of time, or with a year or «الماضي» behind (آب is also a name)."""
        before = self._form(at - 1) if at else ""
        return before in {
            "في",
            "منذ",
            "خلال",
            "حتي",
            "مطلع",
            "اواخر",
            "اوايل",
            "منتصف",
            "بدايه",
            "نهايه",
            "الي",
            "من",
        } or (self._turn(last) is not None or self._year_behind(last)[0] is not None)

    def _year_behind(self, at: int) -> tuple[int | None, int]:
        """The year that follows a month and the token after it: 2018، عام 2018، الماضي، من العام الجاري."""
        start = at + (self._form(at) in {"من", "عام", "سنه", "،"})
        start += self._form(start) in {"عام", "سنه", "العام", "السنه"} and self._form(start + 1).isdecimal()
        number = self._form(start).removesuffix("ه")  # 1436هـ
        if number.isdecimal() and len(number) == 4:
            year = int(number)
            if year in YEARS or year in HIJRI_YEARS:
                return year, start + 1 + (self._form(start + 1) in {"م", "ه", "هـ"})
        if start > at or self._entry(at, "unit"):
            whole = self._unit(start)
            if whole is not None and whole.past and (whole.past[1] - whole.past[0]).days > 360:
                return whole.past[0].year, whole.last
        return None, at

    def _nearest(self, at: int, last: int, in_year: Callable[[int], Days | None], *, hijri: bool = False) -> Time:
        """A day or month without its year: the last such or the next, as «الماضي» or «المقبل» say, else both."""
        turn = self._turn(last)
        end = last + (turn.size if turn else 0)
        today = self.today
        if today is None:
            return Time(at, end, None, None)
        found_in = calendar.hijri_year(today) if hijri else today.year
        found = list(_in_order(in_year, found_in))
        past = next((days for days in reversed(found) if days[0] <= today), None)
        future = next((days for days in found if days[1] >= today), None)
        if turn is not None and turn.name == "past":
            past = next((days for days in reversed(found) if days[1] < today), past)
            return Time(at, end, past, past)
        if turn is not None and turn.name == "next":
            future = next((days for days in found if days[0] > today), future)
            return Time(at, end, future, future)
        if turn is not None and turn.name == "this" and (now := in_year(found_in)):
            return Time(at, end, now, now)  # «25 حزيران الجاري»
        return Time(at, end, past, future)

    @abstractmethod
    def _unit(self, at: int) -> Time | None:
        """This, last or next week, month, year: what may say which year a month is of."""


def figures(form: str) -> str:
    """The figures of a word, without what is attached: «5 [و6] تموز», «في [الـ3] من حزيران»; nothing where it is no number."""
    if not form[-1:].isdecimal():
        return ""  # nearly every word
    form = form.removeprefix("و").removeprefix("ال")
    return form if form.isdecimal() else ""


def _in_order(in_year: Callable[[int], Days | None], around: int) -> Iterator[Days]:
    for year in range(max(around - 4, 1), min(around + 5, 9999)):  # 29 شباط comes every four years
        days = in_year(year)
        if days is not None:
            yield days
