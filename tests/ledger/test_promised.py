"""Which events are announced, for which day, which announcements are of one event, and whose own a statement's plans are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across.announcing import announced_at, is_called_off, is_put_off, own_day
from musnad.ledger.across.futures import Doubt, own_future
from musnad.ledger.across.linking import link
from musnad.ledger.across.meetings import announcement, is_one_event
from musnad.ledger.across.promises import promises
from musnad.ledger.across.views import Account


def event(
    text: str, named: str, day: str = "", days: tuple[str, str] = ("2025-03-20", "2025-03-20")
) -> dict[str, object]:
    """An event that a word of a text names, on the day that other words of it give."""
    at = text.index(named)
    date = {"start": days[0], "end": days[1], "span": [text.index(day), text.index(day) + len(day)]} if day else None
    return {"triggers": [[at, at + len(named)]], "date": date}


@pytest.mark.parametrize(
    ("text", "named", "day", "announced"),
    [
        ("تناول الوزيران القمة المقررة في عمان.", "القمة", "", True),
        ("ومن المقرر أن يلتقي الرئيسان في عمان.", "يلتقي", "", True),
        ("وسيعقد المجلس جلسة طارئة.", "جلسة", "", True),
        ("يزور الوزير بغداد في 20 آذار.", "يزور", "20 آذار", True),
        ("وقال في لقاء صحفي: ستجرى الانتخابات في 20 آذار.", "لقاء", "20 آذار", False),
        ("اعتقل الناشط في 20 آذار من ذلك العام.", "اعتقل", "20 آذار", False),
    ],
)
def test_what_the_words_beside_an_event_announce(
    text: str, named: str, day: str, announced: bool, fast: musnad.Reader
) -> None:
    assert (announced_at(event(text, named, day), text, fast.lexicon) is not None) == announced


@pytest.mark.parametrize(
    ("text", "named", "own"),
    [
        ("تعقد القمة في 20 آذار.", "القمة", True),
        ("تعقد القمة التاريخية المقررة في 20 آذار.", "القمة", True),
        ("بحث اللقاء في عمان الانتخابات المقررة في 20 آذار.", "اللقاء", False),
        ("وقال خلال اللقاء: نصوت في 20 آذار.", "اللقاء", False),
    ],
)
def test_a_day_is_that_of_the_event_beside_it(text: str, named: str, own: bool, fast: musnad.Reader) -> None:
    assert (own_day(event(text, named, "20 آذار"), text, fast.lexicon) is not None) == own


@pytest.mark.parametrize(
    ("text", "named", "off", "put_off"),
    [
        ("أعلن الوزير تأجيل زيارته إلى بغداد.", "زيارته", True, True),
        ("أعلن الوزير إلغاء زيارته إلى بغداد.", "زيارته", True, False),
        ("تأجل الاجتماع وسط احتجاجات في المدينة.", "احتجاجات", False, False),
    ],
)
def test_what_is_called_off_and_what_is_put_off(
    text: str, named: str, off: bool, put_off: bool, fast: musnad.Reader
) -> None:
    told = event(text, named)
    assert (is_called_off(told, text, fast.lexicon), is_put_off(told, text, fast.lexicon)) == (off, put_off)


def account(article: str, *parties: str) -> Account:
    actors = [{"name": name, "entity": None} for name in parties]
    told = {"type": "CONSULT", "mode": "meet", "actors": actors, "recipients": []}
    return Account(
        number=1, article=article, title=None, outlet=None, published="2025-03-01", copy=False, words="قمة", score=1.0, why={},
        sentence="", event=told,
    )  # fmt: skip


BOTH = ("سامي الخوري", "نيكوس أندريو")
ALL_OF_MAY, JUNE, ONE_DAY = ("2025-05-01", "2025-05-31"), ("2025-06-01", "2025-06-30"), ("2025-06-12", "2025-06-12")


@pytest.mark.parametrize(
    ("article", "parties", "story", "days", "one"),
    [
        ("b", BOTH, 2, ALL_OF_MAY, True),  # the same two, another month: it was moved, or heard otherwise
        ("a", BOTH, 1, ALL_OF_MAY, False),  # two days in one article
        ("b", ("سامي الخوري",), 1, ONE_DAY, True),
        ("b", ("سامي الخوري",), 2, ONE_DAY, False),
        ("b", ("ليلى حداد", "هدى منصور"), 2, JUNE, False),
    ],
)
def test_announcements_of_one_event(
    article: str, parties: tuple[str, ...], story: int, days: tuple[str, str], one: bool
) -> None:
    first = announcement(account("a", *BOTH), 1, 1, JUNE, "", put_off=False)
    other = announcement(account(article, *parties), 2, story, days, "", put_off=False)
    assert is_one_event(first, other) == is_one_event(other, first) == one


def test_whose_plans_a_country_s_are(fast: musnad.Reader) -> None:
    doubt = own_future("إيران ستبلغ الوكالة الدولية", "indirect", fast.lexicon)
    assert doubt == Doubt(frozenset({"iso3166:IR"}))


def test_a_meeting_that_two_outlets_announce_is_one_promise_with_both(tmp_path: Path, reader: musnad.Reader) -> None:
    text = (
        "يلتقي وزير الخارجية الأردني سامي الخوري نظيره القبرصي نيكوس أندريو في عمان يوم الخميس المقبل لبحث ملف المياه."
    )
    articles = (
        musnad.Document(id=name, outlet=name, published=day, text=text + more)
        for name, day, more in (("a", "2025-03-03", ""), ("b", "2025-03-04", "\nوعاد الهدوء إلى السوق."))
    )
    with Ledger(tmp_path / "one.db") as ledger:
        ledger.add(reader.read(article) for article in articles)
        link(ledger)
        (promise,) = promises(ledger, date(2025, 3, 5))
    assert [told.article for told in promise.happening.accounts] == ["a", "b"]
    assert (promise.state, promise.due, promise.words) == ("open", "2025-03-06", text)
