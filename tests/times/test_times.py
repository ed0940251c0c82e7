"""Expressions of time: what the words mean on the day of publication."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.lexicon import Lexicon
from musnad.page import Page
from musnad.times import Time, find_times

LEXICON = Lexicon()
TODAY = date(2015, 8, 11)  # a Tuesday
LINES = (Path(__file__).parent / "cases.tsv").read_text(encoding="utf-8").splitlines()
CASES = [tuple(line.split("\t")) for line in LINES if not line.startswith(("#", "published"))]
MONTHS = [
    "يناير كانون_الثاني جانفي", "فبراير شباط فيفري", "مارس آذار", "أبريل نيسان أفريل إبريل", "مايو أيار ماي", "يونيو حزيران جوان",
    "يوليو تموز جويلية يوليوز", "أغسطس آب أوت غشت", "سبتمبر أيلول شتنبر", "أكتوبر تشرين_الأول", "نوفمبر تشرين_الثاني نونبر",
    "ديسمبر كانون_الأول دجنبر",
]  # fmt: skip
NAMES = [(number, name.replace("_", " ")) for number, names in enumerate(MONTHS, 1) for name in names.split()]
DOUBLE = [(n, "/".join(names.replace("_", " ") for names in MONTHS[n - 1].split()[1::-1])) for n in range(1, 13)]
WEEKDAYS = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
HIJRI = {
    "محرم": "2014-10-25", "صفر": "2014-11-23", "ربيع الأول": "2014-12-23", "ربيع الآخر": "2015-01-21",
    "جمادى الأولى": "2015-02-20", "جمادى الآخرة": "2015-03-21", "رجب": "2015-04-20", "شعبان": "2015-05-19",
    "رمضان": "2015-06-18", "شوال": "2015-07-17", "ذو القعدة": "2015-08-16", "ذي الحجة": "2015-09-14",
}  # fmt: skip


def found(text: str, published: str | None = TODAY.isoformat()) -> list[Time]:
    return find_times(Page(text, LEXICON), published)


def only(text: str, published: str | None = TODAY.isoformat()) -> Time:
    times = found(text, published)
    assert len(times) == 1, times
    return times[0]


def written(time: Time) -> str:
    ends = [f"{d[0]}..{d[1]}" if d[0] != d[1] else str(d[0]) for d in (time.past, time.future) if d is not None]
    return "|".join(dict.fromkeys(ends)) or "?"


@pytest.mark.parametrize(("published", "text", "expected"), CASES)
def test_case(published: str, text: str, expected: str) -> None:
    assert written(only(text, published or None)) == expected


@pytest.mark.parametrize(("number", "name"), NAMES + DOUBLE)
def test_months_by_every_name(number: int, name: str) -> None:
    assert written(only(f"وصل الوفد في 3 {name} 2014")) == f"2014-{number:02}-03"
    assert only(f"وصل الوفد في {name} 2014").past == (
        date(2014, number, 1), date(2014 + number // 12, number % 12 + 1, 1) - timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize("name", WEEKDAYS)
def test_weekdays(name: str) -> None:
    last, coming = only(f"وصل الوفد {name} الماضي").past, only(f"يصل الوفد {name} المقبل").future
    assert last is not None
    assert coming is not None
    assert timedelta(0) < TODAY - last[0] <= timedelta(days=7)
    assert timedelta(0) < coming[0] - TODAY <= timedelta(days=7)
    assert WEEKDAYS[last[0].weekday()] == WEEKDAYS[coming[0].weekday()] == name
    for part in ("فجر", "صباح", "ظهر", "عصر", "مساء", "ليل", "ليلة", "نهار"):
        assert only(f"وصل الوفد {part} {name} الماضي").past == last


@pytest.mark.parametrize(("name", "first"), HIJRI.items())
def test_hijri_months(name: str, first: str) -> None:
    assert written(only(f"وصل الوفد في 1 {name} 1436 هـ")) == first


@pytest.mark.parametrize("text", ["في 31 شباط 2015", "في 31 شباط", "في 30 فبراير", "في 32 يناير 2015", "في 31/4/2015"])
def test_impossible_dates_are_named(text: str) -> None:
    flaws = [time.flaw for time in found(f"وصل الوفد {text}")]
    assert flaws in (["date-impossible"], [], [None])
    if "32" not in text:
        assert flaws == ["date-impossible"]


@pytest.mark.parametrize("text", ["الجمعة 13 آب 2015", "أمس الجمعة", "اليوم (الأحد)", "الجمعة 13/8/2015"])
def test_contradicting_weekdays_are_named(text: str) -> None:
    assert [time.flaw for time in found(f"وصل الوفد {text}")] == ["weekday-contradicts"]


@pytest.mark.parametrize(
    "text",
    [
        "وصل عماد آب إلى البيت",
        "في اليوم نفسه",
        "قرأ صحيفة فيها 3000 كلمة",
        "بين القتلى خمسة أطفال",
        "قبل ذلك بعد هذا",
        "فجر نفسه",
        "لليوم الرابع على التوالي",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert [time for time in found(text) if time.past or time.future] == []


@given(
    st.lists(
        st.sampled_from(
            [
                "من",
                "5",
                "إلى",
                "8",
                "31",
                "شباط",
                "أيار",
                "تموز/يوليو",
                "الجمعة",
                "السبت",
                "مساء",
                "ليل",
                "أمس",
                "اليوم",
                "(",
                ")",
                "-",
                "منذ",
                "قبل",
                "شهر",
                "2015",
                "1436",
                "شوال",
                "الماضي",
                "و",
                "يوم",
            ]
        )
    )
)
def test_any_row_of_words_is_read_in_order_and_within_the_text(words: list[str]) -> None:
    page = Page(" ".join(words), LEXICON)
    at = 0
    for time in find_times(page, "2016-02-29"):
        assert at <= time.first < time.last <= len(page)
        assert all(days is None or days[0] <= days[1] for days in (time.past, time.future))
        at = time.last
