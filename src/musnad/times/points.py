"""Days, however they are said: مساء الجمعة، أمس، 14 تموز، 26 شوال 1436، 2025-08-16."""

from __future__ import annotations

from datetime import timedelta

from musnad.lexicon import word as w
from musnad.times import calendar
from musnad.times.parts import YEARS, Parts, Time
from musnad.times.words import Number

_WEEK = 7
_MONTH = 28, 31  # days
_SKIPPED = 3  # words between «الساعات الأولى» and its day


class Points(Parts):
    """Each method reads one form at a token and returns None where it does not stand."""

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
        if at >= self.size or self.words[at].core not in {"الساعات", "ساعات", "وقت"}:
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
            return self._of_unit(at, month_at, number.value)
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

    def _of_unit(self, at: int, unit_at: int, number: int) -> Time | None:
        """A day of this, the last or the next month: «في العشرين من الشهر المقبل»."""
        whole = self._unit(unit_at)
        if (
            whole is None
            or whole.past is None
            or not _MONTH[0] <= (whole.past[1] - whole.past[0]).days + 1 <= _MONTH[1]
        ):
            return None
        days = calendar.day(whole.past[0].year, whole.past[0].month, number)
        return Time(at, whole.last, days, days, None if days else "date-impossible")

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
        if not all(piece.isdecimal() and len(piece) <= 4 for piece in pieces):
            return None
        first, month, final = (int(piece) for piece in pieces)
        year, day = (first, final) if len(pieces[0]) == 4 else (final, first)
        if year in range(1, 100) and len(pieces[2]) == 2:
            year += 2000
        if year not in YEARS:
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
        opening = self._form(last) in {"الموافق", "("}
        date_at = self._behind(last + opening)
        dated = self._named_day(date_at) or self._written_date(date_at)
        if dated is not None:
            said = int(name.value)
            wrong = dated.past is not None and dated.past == dated.future and dated.past[0].weekday() != said
            if dated.past != dated.future and dated.past and dated.future:  # the year is open: the weekday may tell
                fits = [days for days in (dated.past, dated.future) if days[0].weekday() == said]
                days = fits[0] if len(fits) == 1 else None
                dated = Time(at, dated.last, days or dated.past, days or dated.future, dated.flaw)
                wrong = not fits
            end = dated.last + (self._form(last) == "(" and self._form(dated.last) == ")")
            return Time(at, end, dated.past, dated.future, "weekday-contradicts" if wrong else dated.flaw)
        number, today = int(name.value), self.today
        week = self._unit(last + (self._form(last) == "من"))
        if week is not None and week.past is not None and (week.past[1] - week.past[0]).days == _WEEK - 1:
            day = week.past[0] + timedelta(days=number)  # «الجمعة من الأسبوع المقبل»
            return Time(at, week.last, (day, day), (day, day))
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
            self._form(last) in {"نفسه", "ذاته"}
            or self._form(last) in self.page.lexicon.lists["nth"]
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
            if flaw and days and int(entry.value) <= 0:
                days = calendar.weekday(int(weekday.value), days[0], -1)  # a text that appeared a day or two late
        return Time(at, last, days, days, flaw)
