"""Expressions of time in a page, resolved to intervals of days against the day of publication.

What the words leave open is kept open: «الجمعة» is the last Friday or the next, so a `Time` has a past and a
future reading, and whoever knows the tense chooses. Without a day of publication only full dates are resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from musnad.lexicon import word as w
from musnad.page import Page
from musnad.times import days as calendar
from musnad.times.days import Days
from musnad.times.words import Entry, Number, find_entries

_YEARS = range(1900, 2101)
_HIJRI_YEARS = range(1343, 1501)
_LEAD = 4  # tokens before the first word of the table or number at which an expression may begin
_SKIPPED = 3  # words between «الساعات الأولى» and its day


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


def find_times(page: Page, published: str | None) -> list[Time]:
    """Return the expressions of time of a page in order; no two overlap."""
    try:
        today = date.fromisoformat(published) if published else None
    except ValueError:
        today = None
    reader = _Reading(page, today)
    found: list[Time] = []
    at = 0
    for hot in reader.hot():
        at = max(at, hot - _LEAD)
        while at <= hot:
            time = reader.read(at)
            if time is not None:
                found.append(time)
            at = time.last if time is not None else at + 1
    return found


class _Reading:
    """The grammar of time over one page; each method reads one form at a token and returns None where it does not stand."""

    def __init__(self, page: Page, today: date | None) -> None:
        self.page, self.words, self.size = page, page.words, len(page.words)
        self.today = today
        self._entries = find_entries(page)
        self._forms: tuple[Callable[[int], Time | None], ...] = (
            self._span, self._part, self._hours, self._written_date, self._named_day, self._weekday, self._relative_day,
            self._ago, self._section, self._unit, self._month, self._year, self._decade,
        )  # fmt: skip

    def hot(self) -> list[int]:
        """The tokens without which no expression of time stands: words of the table and numbers."""
        return [at for at, word in enumerate(self.words) if self._entries[at] or word.flags & w.NUMBER]

    def read(self, at: int) -> Time | None:
        """The longest form that stands at a token."""
        word = self.words[at]
        if not (word.flags & w.NUMBER or self._entries[at] or word.form in _OPENERS):
            return None
        for form in self._forms:
            time = form(at)
            if time is not None:
                return time
        return None

    # -- days ------------------------------------------------------------------------

    def _point(self, at: int) -> Time | None:
        """A day, however it is said."""
        for form in (self._written_date, self._named_day, self._weekday, self._relative_day):
            time = form(at)
            if time is not None:
                return time
        return None

    def _part(self, at: int) -> Time | None:
        """A part of a day and its day: مساء الجمعة، فجر أمس، ليل السبت الأحد."""
        part = self._entry(at, "part")
        if part is None:
            return None
        day = self._point(self._behind(at + part.size))
        if day is None:
            return None
        last = day.last
        if part.value == "night":  # the night belongs to the day on which it begins
            step = last + 1 if last < self.size and self.page.flags[last] & w.DASH else last
            into = self._entry(step, "weekday")
            if into is not None and self._entry(day.first, "weekday") is not None:
                last = step + into.size
        return Time(at, last, day.past, day.future, day.flaw)

    def _hours(self, at: int) -> Time | None:
        """«الساعات الأولى من صباح السبت»، «في وقت متأخر من مساء أمس»."""
        if self.words[at].core not in {"الساعات", "ساعات", "وقت"}:
            return None
        for start in range(at + 1, min(at + 2 + _SKIPPED, self.size)):
            time = self._part(start) or self._point(start)
            if time is not None:
                return Time(at, time.last, time.past, time.future, time.flaw)
        return None

    def _named_day(self, at: int) -> Time | None:
        """A day of a month, in either calendar: 14 تموز/يوليو 2018، 26 شوال 1436 هـ الموافق 11 أغسطس 2015."""
        number = self._number(at)
        ordinal = self._entry(at, "ordinal") if number is None else None
        if ordinal is not None:  # «الأول من يناير»; «الثاني» without «من» may belong to a month's name
            number = Number(int(ordinal.value), ordinal.size) if self._form(at + ordinal.size) == "من" else None
        if number is None or number.value > 31:
            return None
        month_at = at + number.size
        month_at += self._form(month_at) == "من"
        month_at += self._form(month_at) == "شهر"
        month = self._month_name(month_at)
        if month is None:
            return None
        kind, value, after = month
        year, last = self._year_behind(after)
        if kind == "hijri":
            return self._hijri(at, value, number.value, year, last)
        if year is not None:
            days = calendar.day(year, value, number.value)
            return Time(at, last, days, days, None if days else "date-impossible")
        if number.value > 31 or calendar.day(2000, value, number.value) is None:
            return Time(at, last, None, None, "date-impossible")
        return self._nearest(at, last, lambda year: calendar.day(year, value, number.value))

    def _hijri(self, at: int, month: int, number: int, year: int | None, last: int) -> Time | None:
        if self._form(last) in {"الموافق", "("}:
            point = self._point(self._behind(last + 1))
            if point is not None:
                return Time(at, point.last, point.past, point.future, point.flaw)
        if year is None:
            return self._nearest(at, last, lambda year: calendar.hijri(year, month, number), hijri=True)
        days = calendar.hijri(year, month, number)
        return Time(at, last, days, days, None if days else "date-impossible")

    def _written_date(self, at: int) -> Time | None:
        """A date in figures: 2025-08-16، 16/8/2025، 16.8.2025."""
        words = self.words
        if at >= len(words) or not words[at].flags & w.NUMBER:
            return None
        last = at + 1
        pieces = words[at].form.split(".")
        if len(pieces) != 3:
            if at + 4 >= len(words) or words[at + 1].raw not in {"/", "-"} or words[at + 3].raw != words[at + 1].raw:
                return None
            pieces, last = [words[n].form for n in (at, at + 2, at + 4)], at + 5
        if not all(piece.isdigit() and len(piece) <= 4 for piece in pieces):
            return None
        first, month, final = (int(piece) for piece in pieces)
        year, day = (first, final) if len(pieces[0]) == 4 else (final, first)
        if year in range(1, 100) and len(pieces[2]) == 2:
            year += 2000
        if year not in _YEARS:
            return None
        days = calendar.day(year, month, day)
        return Time(at, last, days, days, None if days else "date-impossible")

    def _weekday(self, at: int) -> Time | None:
        """A day of the week, alone, with Past or Next, or with its date: الجمعة الماضي، يوم الجمعة 14 آب."""
        start = self._behind(at)
        name = self._entry(start, "weekday")
        if name is None:
            return None
        last = start + name.size
        dated = self._named_day(self._behind(last)) or self._written_date(last)
        if dated is not None:
            said = int(name.value)
            wrong = dated.past is not None and dated.past == dated.future and dated.past[0].weekday() != said
            if dated.past != dated.future and dated.past and dated.future:  # the year is open: the weekday may tell
                fits = [days for days in (dated.past, dated.future) if days[0].weekday() == said]
                days = fits[0] if len(fits) == 1 else None
                dated = Time(at, dated.last, days or dated.past, days or dated.future, dated.flaw)
                wrong = not fits
            return Time(at, dated.last, dated.past, dated.future, "weekday-contradicts" if wrong else dated.flaw)
        number, today = int(name.value), self.today
        turn = self._turn(last)
        if today is None:
            return Time(at, last + (turn is not None), None, None)
        if turn is not None and turn.name != "this":
            days = calendar.weekday(number, today, -1 if turn.name == "past" else 1)
            return Time(at, last + turn.size, days, days)
        ahead = calendar.weekday(number, today, 0 if today.weekday() == number else 1)
        return Time(at, last, calendar.weekday(number, today, 0), ahead)

    def _relative_day(self, at: int) -> Time | None:
        """Today, yesterday and their like, with the weekday that may follow: أمس الجمعة، اليوم (الأحد)."""
        start = self._behind(at)
        entry = self._entry(start, "day")
        if entry is None or (start > at and entry.value == "0"):
            return None
        last = start + entry.size
        if entry.value == "0" and (
            self._form(last) in {"نفسه", "ذاته", "الاول", "الثاني", "الثالث"}
            or self._turn(last)
            or self._entry(last, "next")
        ):
            return None  # «في اليوم نفسه»
        days = calendar.unit("day", self.today, int(entry.value)) if self.today else None
        bracket = self._form(last) == "("
        weekday = self._entry(self._behind(last + bracket), "weekday")
        flaw = None
        if weekday is not None:
            last = self._behind(last + bracket) + weekday.size
            last += bracket and self._form(last) == ")"
            flaw = "weekday-contradicts" if days and days[0].weekday() != int(weekday.value) else None
        return Time(at, last, days, days, flaw)

    # -- periods -----------------------------------------------------------------------

    def _span(self, at: int) -> Time | None:
        """From one day to another: من 5 إلى 8 أيار، بين الاثنين والأربعاء، 5-8 مايو."""
        form = self._form(at)
        words = self.words
        start = at + (form in {"من", "بين", "يومي", "ايام"})
        first = self._part(start) or self._point(start)
        number = None if first else self._number(start)
        middle = first.last if first else start + number.size if number else len(words)
        if middle >= len(words) or (number is not None and number.value > 31):
            return None
        joined = words[middle].form in {"الي", "حتي"} or (middle > start and words[middle].flags & w.DASH)
        second_at = middle + 1 if joined else middle
        if not joined:
            if start == at or not words[middle].form.startswith("و"):
                return None
            second_at += words[middle].form == "و"
        second = self._part(second_at) or self._hours(second_at) or self._point(second_at)
        if second is None or (not first and start == at and not words[middle].flags & w.DASH):
            return None
        if number is not None:
            if second.past is None or second.future is None:
                return Time(at, second.last, None, None, second.flaw)
            try:
                ends = [(days[0].replace(day=number.value), days[1]) for days in (second.past, second.future)]
            except ValueError:
                return Time(at, second.last, None, None, "date-impossible")
            return Time(at, second.last, ends[0], ends[1]) if number.value < second.past[0].day else None
        assert first is not None
        past = (first.past[0], second.past[1]) if first.past and second.past else None
        future = (first.future[0], second.future[1]) if first.future and second.future else None
        return Time(at, second.last, _upright(past, -1), _upright(future, 1))

    def _ago(self, at: int) -> Time | None:
        """So long ago or ahead: قبل ثلاثة أيام، منذ أسبوعين، بعد شهر."""
        form = self._form(at)
        if form not in {"قبل", "منذ", "بعد"}:
            return None
        number = self._number(at + 1)
        start = at + 1 + (number.size if number else 0)
        unit = self._entry(start, "unit")
        if unit is None or self.words[start].form.startswith("ال"):
            return None
        name, _, dual = unit.value.partition(":")
        count = number.value if number else int(dual)
        last = start + unit.size
        if count == 0 or count > 1000 or (form == "بعد" and self._form(last) != "من"):
            return Time(at, last, None, None) if count == 0 else None
        then = calendar.shifted(self.today, name, count if form == "بعد" else -count) if self.today else None
        if then is None or self.today is None:
            return Time(at, last, None, None)
        days = (
            (then, self.today)
            if form == "منذ"
            else (then, then)
            if name in {"day", "week"}
            else calendar.unit(name, then, 0)
        )
        return Time(at, last, days, days)

    def _section(self, at: int) -> Time | None:
        """A third of a month or year: منتصف يوليو، أواخر الشهر الماضي."""
        entry = self._entry(at, "section")
        if entry is None:
            return None
        whole = self._month(at + entry.size) or self._unit(at + entry.size) or self._year(at + entry.size)
        if whole is None:
            return None
        third = int(entry.value)
        past, future = (calendar.section(days, third) if days else None for days in (whole.past, whole.future))
        return Time(at, whole.last, past, future)

    def _unit(self, at: int) -> Time | None:
        """This, last or next week, month, year: الأسبوع المقبل، هذا العام، الأيام الثلاثة الماضية."""
        this = self._form(at) in {"هذا", "هذه"}
        unit = self._entry(at + this, "unit")
        if unit is None or not (self.words[at + this].core.startswith("ال")):
            return None
        name, _, count = unit.value.partition(":")
        last = at + this + unit.size
        number = self._number(last)
        turn = self._turn(last + (number.size if number else 0))
        if turn is None and not this:
            return None
        if turn is not None:
            last += turn.size + (number.size if number else 0)
        if self.today is None or (count == "0" and number is None):
            return Time(at, last, None, None)
        steps = int(turn.value) if turn is not None else 0
        if count == "1" and number is None:
            days = calendar.unit(name, self.today, steps)
        else:
            size = number.value if number else int(count)
            there = calendar.shifted(self.today, name, size * steps) if steps else None
            days = (min(there, self.today), max(there, self.today)) if there else None
        return Time(at, last, days, days)

    def _month(self, at: int) -> Time | None:
        """A month: يوليو الماضي، شباط/فبراير 2011، شهر رمضان."""
        start = at + (self._form(at) in {"شهر", "شهري"})
        month = self._month_name(start)
        if month is None or (start == at and not self._dated(at, month[2])):
            return None
        kind, value, after = month
        year, last = self._year_behind(after)
        in_year = calendar.hijri_month if kind == "hijri" else calendar.month
        if year is not None:
            days = in_year(year, value)
            return Time(at, last, days, days)
        return self._nearest(at, last, lambda year: in_year(year, value), hijri=kind == "hijri")

    def _year(self, at: int) -> Time | None:
        """A year: عام 2011، سنة 2014، في 2016."""
        before = self._form(at)
        number = self.words[at + 1] if at + 1 < self.size else None
        if number is None or before not in {"عام", "العام", "سنه", "في", "منذ", "وعام", "بعام", "لعام"}:
            return None
        if not (number.form.isdigit() and len(number.form) == 4 and int(number.form) in _YEARS):
            return None
        year = int(number.form)
        end = self.today if before == "منذ" and self.today and self.today.year >= year else date(year, 12, 31)
        return Time(at, at + 2, (date(year, 1, 1), end), (date(year, 1, 1), end))

    def _decade(self, at: int) -> Time | None:
        entry = self._entry(at, "decade")
        if entry is None:
            return None
        year = int(entry.value)
        days = date(year, 1, 1), date(year + 9, 12, 31)
        return Time(at, at + entry.size, days, days)

    # -- parts -------------------------------------------------------------------------

    def _form(self, at: int) -> str:
        return self.words[at].form if at < self.size else ""

    def _entry(self, at: int, name: str) -> Entry | None:
        if at < self.size:
            for entry in self._entries[at]:
                if entry.name == name:
                    return entry
        return None

    def _number(self, at: int) -> Number | None:
        """The number written at a token, in figures or as a word up to ten."""
        form = self._form(at).removeprefix("و")  # «5 و6 تموز»
        if form.isdigit() and len(form) <= 4:
            return Number(int(form), 1)
        entry = self._entry(at, "number")
        return Number(int(entry.value), entry.size) if entry else None

    def _behind(self, at: int) -> int:
        """The token after «يوم»."""
        return at + (self._form(at) in {"يوم", "نهار", "ليوم", "بيوم", "ويوم"})

    def _turn(self, at: int) -> Entry | None:
        """الماضي، المقبل، الحالي."""
        return self._entry(at, "past") or self._entry(at, "next") or self._entry(at, "this")

    def _month_name(self, at: int) -> tuple[str, int, int] | None:
        """The calendar, the number and the end of a month's name, also a double one: آب/أغسطس، تموز (يوليو)."""
        found = self._entry(at, "month") or self._entry(at, "hijri")
        if found is None:
            return None
        last = at + found.size
        if last + 1 < self.size and self.words[last].raw in {"/", "-", "("}:
            again = self._entry(last + 1, found.name)
            if again is not None and again.value == found.value:
                closed = self._form(last + 1 + again.size) == ")"
                last += 1 + again.size + closed
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
        start += start > at and self._form(start) in {"عام", "سنه"}
        number = self._form(start)
        if number.isdigit() and len(number) == 4:
            year = int(number)
            if year in _YEARS or year in _HIJRI_YEARS:
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
        found = list(_in_order(in_year, calendar.hijri_year(today) if hijri else today.year))
        past = next((days for days in reversed(found) if days[0] <= today), None)
        future = next((days for days in found if days[1] >= today), None)
        if turn is not None and turn.name == "past":
            past = next((days for days in reversed(found) if days[1] < today), past)
            return Time(at, end, past, past)
        if turn is not None and turn.name == "next":
            future = next((days for days in found if days[0] > today), future)
            return Time(at, end, future, future)
        return Time(at, end, past, future)


def _upright(days: Days | None, direction: int) -> Days | None:
    """From Monday to Wednesday are two days of one week, though the last Wednesday was before the last Monday."""
    if days is None or days[0] <= days[1]:
        return days
    week = timedelta(days=7)
    turned = (days[0] - week, days[1]) if direction < 0 else (days[0], days[1] + week)
    return turned if turned[0] <= turned[1] else None


def _in_order(in_year: Callable[[int], Days | None], around: int) -> Iterator[Days]:
    for year in range(max(around - 4, 1), min(around + 5, 9999)):  # 29 شباط comes every four years
        days = in_year(year)
        if days is not None:
            yield days


_OPENERS = {
    "من",
    "بين",
    "هذا",
    "هذه",
    "قبل",
    "منذ",
    "بعد",
    "عام",
    "سنه",
    "شهر",
    "في",
    "الساعات",
    "ساعات",
    "وقت",
    "يومي",
    "نهار",
    "العام",
}
