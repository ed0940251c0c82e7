"""Date lines: what a line says of its day, and lines that are none."""

from __future__ import annotations

from datetime import date

import pytest

from musnad.times.written import read_line

MARCH = date(2025, 3, 5)


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("الأربعاء 5 مارس 2025 - 10:00 صباحا", [(MARCH, "")]),
        ("تاريخ النشر: 05.03.2025 | 10:20 GMT", [(MARCH, "published")]),
        ("آخر تحديث: 5 مارس 2025", [(MARCH, "modified")]),
        ("5 مارس 2025 (آخر تحديث)", [(MARCH, "modified")]),
        ("نُشر 5/3/2025 | آخر تحديث: 6/3/2025 10:20", [(MARCH, "published"), (date(2025, 3, 6), "modified")]),
        ("نُشر: 10:20-5 مارس 2025 م ـ 06 رَمضان 1446 هـ", [(MARCH, "published")]),
        ("كتب أحمد سالم الأربعاء، 05 مارس 2025", [(MARCH, "")]),
        ("القاهرة - 5 مارس 2025 - 124 مشاهدة", [(MARCH, "")]),
        ("اليوم الأربعاء 5 مارس 2025", [(MARCH, "other")]),
        ("قمة 5 مارس 2025", []),
        ("قال إن 5 مارس 2025 كان يوما طويلا", []),
        ("31 شباط 2025", []),
        ("5 مارس", []),
    ],
)
def test_the_days_of_a_line(line: str, days: list[tuple[date, str]]) -> None:
    assert [tuple(day) for day in read_line(line).days] == days


def test_a_word_alone_belongs_to_the_next_line() -> None:
    assert read_line("5 مارس 2025", read_line("آخر تحديث:").open).days[0].role == "modified"
