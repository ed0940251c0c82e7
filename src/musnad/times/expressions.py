"""Expressions of time in a page, resolved to intervals of days against the day of publication.

What the words leave open is kept open: «الجمعة» is the last Friday or the next, so a `Time` has a past and a
future reading, and whoever knows the tense chooses. Without a day of publication only full dates are resolved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from musnad.lexicon import word as w
from musnad.page import Page
from musnad.times import calendar
from musnad.times.calendar import Days
from musnad.times.parts import YEARS, Time, figures
from musnad.times.points import Points

_CORE = {"day", "weekday", "month", "hijri", "unit", "decade"}
_LONG_PAST, _SOON = 180, 90  # days between which «28 حزيران» is more likely the next than the last
_LEAD = 4  # tokens before the first word of the table or number at which an expression may begin
_HISTORY = 366  # days before publication from which a time is no news


def find_times(page: Page, published: str | None) -> list[Time]:
    """Return the expressions of time of a page in order; no two overlap."""
    try:
        today = date.fromisoformat(published) if published else None
    except ValueError:
        today = None
    reader = _TimeGrammar(page, today)
    found: list[Time] = []
    at = 0
    for hot in reader.hot():
        at = max(at, hot - _LEAD)
        while at <= hot:
            time = reader.read(at)
            if time is not None:
                found.append(_placed(page, time, today) if today is not None else time)
            at = time.last if time is not None else at + 1
    return found


def _placed(page: Page, time: Time, today: date) -> Time:
    """A time with what the day of publication tells of it; «قبل نهاية الشهر» is any day until then."""
    if time.first and page.words[time.first - 1].core == "منذ" and time.past is not None and time.past[0] <= today:
        time = replace(time, past=(time.past[0], today), future=(time.past[0], today))  # «منذ الأحد»
    ends = time.future[1] if time.future is not None else today
    if time.first and page.words[time.first - 1].form == "قبل" and ends > today:
        time = replace(time, future=(today, ends))
    return replace(
        time,
        today=today,
        comes=_comes(time, today),
        history=time.past is not None and (today - time.past[1]).days > _HISTORY,
    )


def _comes(time: Time, today: date) -> bool:
    """Whether the days lie ahead: a year that is written, or a day without year whose last turn is long past."""
    if time.past is None or time.future is None:
        return False
    if time.past == time.future:
        return time.past[0] > today
    return (today - time.past[1]).days > _LONG_PAST and (time.future[0] - today).days < _SOON


class _TimeGrammar(Points):
    """The grammar of time over one page; each method reads one form at a token and returns None where it does not stand."""

    def hot(self) -> list[int]:
        """The tokens one of which stands in every expression of time: names of days, months and periods, and numbers."""
        return [
            at
            for at, word in enumerate(self.words)
            if word.flags & w.NUMBER or figures(word.form) or any(entry.name in _CORE for entry in self._entries[at])
        ]

    def read(self, at: int) -> Time | None:
        """The form that stands at a token; what the word may begin is tried in order, ranges first."""
        word = self.words[at]
        if word.flags & w.NUMBER or figures(word.form):
            forms = _OF_NUMBERS
        else:
            forms = _BY_FORM.get(word.form) or _BY_FORM.get(self._opening(at), ())
            for entry in self._entries[at]:
                forms += _BY_CLASS.get(entry.name, ())
        return next((time for form in forms if (time := form(self, at)) is not None), None)

    def _years(self, at: int) -> Time | None:
        """From one year to another: بين عامي 2003 و2011، من 2003 إلى 2011."""
        start = at + 1 if self._opening(at) in {"من", "بين"} else at
        named = self._form(start) in {"عام", "العام", "عامي", "سنه", "الاعوام"}
        ends = self._year_number(start + named), self._year_number(start + named + 2)
        joined, joint = self._form(start + named + 1), self._year_number(start + named + 1)
        last = start + named + 3
        if joint and self._form(start + named + 1).startswith("و"):
            ends, last = (ends[0], joint), start + named + 2
        elif joined not in {"الي", "حتي", "و"}:
            return None
        if ends[0] is None or ends[1] is None or ends[0] > ends[1] or start + named == at:
            return None
        days = date(ends[0], 1, 1), date(ends[1], 12, 31)
        return Time(at, last, days, days)

    def _year_number(self, at: int) -> int | None:
        form = figures(self._form(at))
        return int(form) if len(form) == 4 and int(form) in YEARS else None

    def _span(self, at: int) -> Time | None:
        """From one day to another: من 5 إلى 8 أيار، بين الاثنين والأربعاء، 5-8 مايو."""
        form = self._opening(at)
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
            in_order = all(days[0] < days[1] for days in ends) and number.value < second.past[0].day
            return Time(at, second.last, ends[0], ends[1]) if in_order else None
        assert first is not None
        if second.past == second.future and second.past and first.past != first.future and first.past and first.future:
            days = self._up_to(first, second.past)  # «من 28 حزيران إلى 5 تموز 2017»، «الخميس والجمعة المقبلين»
            return Time(at, second.last, days, days)
        past = (first.past[0], second.past[1]) if first.past and second.past else None
        future = (first.future[0], second.future[1]) if first.future and second.future else None
        return Time(at, second.last, _upright(past, -1), _upright(future, 1))

    def _up_to(self, first: Time, last: Days) -> Days | None:
        """A day whose turn is open before a day that is fixed: its last turn up to that one."""
        assert first.past is not None
        assert first.future is not None
        turns = [first.future[0], first.past[0]]
        if (first.future[0] - first.past[0]).days > _LONG_PAST:  # a day of a month, whose year is open
            fits = (calendar.day(last[1].year - back, first.past[0].month, first.past[0].day) for back in (0, 1))
            turns = [days[0] for days in fits if days is not None]
        return next(((turn, last[1]) for turn in turns if turn <= last[1]), None)

    def _ago(self, at: int) -> Time | None:
        """So long ago or ahead: قبل ثلاثة أيام، منذ أسبوعين، بعد شهر."""
        form = self._opening(at)
        if form not in {"قبل", "منذ", "بعد"}:
            return None
        if form == "منذ" and self._year_number(at + 2) and (since := self._year(at + 1)) is not None and since.past:
            end = max(since.past[0], self.today) if self.today else since.past[1]
            return Time(at, since.last, (since.past[0], end), (since.past[0], end))  # «منذ عام 2014»
        number = self._number(at + 1)
        start = at + 1 + (number.size if number else 0)
        unit = self._entry(start, "unit")
        if unit is None or self.words[start].form.startswith("ال"):
            return None
        name, _, dual = unit.value.partition(":")
        count = number.value if number else int(dual)
        last = start + unit.size
        if count == 0 or count > 1000 or (form == "بعد" and (name == "hour" or self._form(last) != "من")):
            return Time(at, last, None, None) if count == 0 else None
        then = calendar.shifted(self.today, name, count if form == "بعد" else -count) if self.today else None
        if then is None or self.today is None:
            return Time(at, last, None, None)
        days = (
            (then, self.today)
            if form == "منذ"
            else (then, then)
            if name in {"hour", "day", "week"}
            else calendar.unit(name, then, 0)
        )
        return Time(at, last, days, days)

    def _section(self, at: int) -> Time | None:
        """A third of a month or year: منتصف يوليو، أواخر الشهر الماضي."""
        entry = self._entry(at, "section")
        if entry is None:
            return None
        rest = at + entry.size
        whole = self._month(rest) or self._unit(rest) or self._year(rest) or self._running(rest)
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
            return Time(at, last, days, days, week=name == "week")
        return self._stretch(at, last, name, steps * (number.value if number else int(count)))

    def _counted(self, at: int) -> Time | None:
        """So many units up to today or from it, the number first: «الـ48 ساعة الأخيرة»."""
        number = self._number(at)
        unit = self._entry(at + number.size, "unit") if number else None
        turn = self._turn(at + number.size + unit.size) if number and unit else None
        if number is None or unit is None or turn is None:
            return None
        last = at + number.size + unit.size + turn.size
        return self._stretch(at, last, unit.value.partition(":")[0], number.value * int(turn.value))

    def _stretch(self, at: int, last: int, name: str, steps: int) -> Time:
        there = calendar.shifted(self.today, name, steps) if self.today and steps else None
        days = (min(there, self.today), max(there, self.today)) if there and self.today else None
        return Time(at, last, days, days)

    def _running(self, at: int) -> Time | None:
        """The running week, month or year that «نهاية العام» speaks of."""
        unit = self._entry(at, "unit")
        if (
            unit is None
            or self.today is None
            or not self.words[at].core.startswith("ال")
            or unit.value.partition(":")[2] != "1"
        ):
            return None
        days = calendar.unit(unit.value.partition(":")[0], self.today, 0)
        return Time(at, at + unit.size, days, days)

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
        before = self._opening(at)
        number = self.words[at + 1] if at + 1 < self.size else None
        if number is None or before not in {"عام", "العام", "سنه", "في", "منذ", "بعام", "لعام"}:
            return None
        if not (number.form.isdecimal() and len(number.form) == 4 and int(number.form) in YEARS):
            return None
        if self._form(at + 2) in {"-", "/"} and self._form(at + 3).isdecimal():
            return None  # «في 2014-08-16»
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


def _upright(days: Days | None, direction: int) -> Days | None:
    """From Monday to Wednesday are two days of one week, though the last Wednesday was before the last Monday."""
    if days is None or days[0] <= days[1]:
        return days
    week = timedelta(days=7)
    turned = (days[0] - week, days[1]) if direction < 0 else (days[0], days[1] + week)
    return turned if turned[0] <= turned[1] else None


#: What a word may begin, in the order in which it is tried.
_TimeForm = Callable[[_TimeGrammar, int], Time | None]
_OF_NUMBERS: tuple[_TimeForm, ...] = (
    _TimeGrammar._span,
    _TimeGrammar._written_date,
    _TimeGrammar._named_day,
    _TimeGrammar._counted,
)
_BY_CLASS: dict[str, tuple[_TimeForm, ...]] = {
    "number": (_TimeGrammar._span,), "ordinal": (_TimeGrammar._span, _TimeGrammar._named_day), "part": (_TimeGrammar._span, _TimeGrammar._part),
    "day": (_TimeGrammar._span, _TimeGrammar._relative_day), "weekday": (_TimeGrammar._span, _TimeGrammar._weekday), "section": (_TimeGrammar._section,),
    "unit": (_TimeGrammar._span, _TimeGrammar._weekday, _TimeGrammar._named_day, _TimeGrammar._relative_day, _TimeGrammar._unit, _TimeGrammar._year, _TimeGrammar._month),
    "month": (_TimeGrammar._month,), "hijri": (_TimeGrammar._month,), "decade": (_TimeGrammar._decade,),
}  # fmt: skip
_BY_FORM: dict[str, tuple[_TimeForm, ...]] = {
    **dict.fromkeys(("من", "بين"), (_TimeGrammar._years, _TimeGrammar._span)), **dict.fromkeys(("يومي", "ايام"), (_TimeGrammar._span,)), **dict.fromkeys(("قبل", "بعد"), (_TimeGrammar._ago,)),
    "منذ": (_TimeGrammar._ago, _TimeGrammar._year), **dict.fromkeys(("هذا", "هذه"), (_TimeGrammar._relative_day, _TimeGrammar._unit)), "في": (_TimeGrammar._year,),
    **dict.fromkeys(("الساعات", "ساعات", "وقت"), (_TimeGrammar._hours,)), "شهر": (_TimeGrammar._month, _TimeGrammar._unit),
    **dict.fromkeys(("نهار", "ليوم", "بيوم"), (_TimeGrammar._weekday, _TimeGrammar._named_day, _TimeGrammar._relative_day)),
    **dict.fromkeys(("عام", "سنه", "العام", "بعام", "لعام"), (_TimeGrammar._year, _TimeGrammar._unit)),
}  # fmt: skip
