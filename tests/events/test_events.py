"""Sentences and the events that are read in them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import musnad
from musnad.events import confidence
from musnad.events.draft import DraftEvent, EventMention, Taker
from musnad.events.naming import taker_name
from musnad.events.settling import one_government_once
from musnad.lexicon import Lexicon
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.names.who import Cast
from musnad.page import Page
from musnad.record import Event
from musnad.scores.features import STATUSES
from musnad.times import find_times

LINES = (Path(__file__).parent / "cases.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [[*line.split("\t"), ""][:3] for line in LINES if not line.startswith(("#", "text\t"))]
CASES = [
    pytest.param(text, expected, marks=[pytest.mark.xfail(strict=True)] if gap else []) for text, expected, gap in ROWS
]
READER = musnad.Reader()
WORDS = [
    "قصفت",
    "التقى",
    "الرئيس",
    "ترامب",
    "بوتين",
    "الجيش",
    "إسرائيل",
    "في",
    "غزة",
    "أمس",
    "الجمعة",
    "مع",
    "على",
    "لم",
    "سوف",
    "ألغي",
    "اجتماع",
    "اتفاق",
    "عقوبات",
    "«قال»",
    ".",
    "،",
    ":",
    "أن",
    "وقع",
    "بين",
    "و",
    "الرئيسان",
    "الروسي",
    "والأميركي",
    "فلاديمير",
]


def written(event: Event) -> str:
    days = "..".join(dict.fromkeys((event.date.start, event.date.end))) if event.date else ""
    sides = ("، ".join(party.name for party in side) for side in (event.actors, event.recipients))
    cells = ["، ".join(span.text for span in event.triggers), *sides, days, event.place.name if event.place else ""]
    return " | ".join([f"{event.type} {event.status}", *cells]).strip()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentence(text: str, expected: str) -> None:
    record = READER.read(musnad.Document(id="x", text=text, published="2018-07-17"))
    assert [part.split() for part in " ## ".join(map(written, record.events)).split(" ## ")] == [
        part.split() for part in expected.replace("-", "", expected == "-").split(" ## ")
    ]


@pytest.mark.xfail(strict=True, reason="what was called off is read as two events; the summit has a party too many")
def test_an_article_tells_what_was_from_what_was_called_off_and_what_is_hoped_for() -> None:
    text = """عقد الرئيس الفرنسي إيمانويل ماكرون اجتماعا مع نظيره الروسي فلاديمير بوتين في جنيف مساء الجمعة.
وقال ماكرون إن اللقاء كان بناء وإن العمل سيتواصل.
وكان من المتوقع أن يجتمع الوزيران جان إيف لودريان وسيرغي لافروف السبت، لكن الاجتماع ألغي.
وأعرب ماكرون عن أمله في عقد قمة سريعة تجمع بوتين والرئيس الأوكراني فولوديمير زيلينسكي."""
    events = READER.read(musnad.Document(id="x", text=text, published="2018-07-17")).events
    assert [(event.status, [party.name for party in event.actors]) for event in events] == [
        ("happened", ["إيمانويل ماكرون", "فلاديمير بوتين"]),
        ("cancelled", ["جان إيف لودريان", "سيرغي لافروف"]),
        ("planned", ["فلاديمير بوتين", "فولوديمير زيلينسكي"]),
    ]


@pytest.mark.xfail(strict=True, reason="the two presidents are not resolved to those named before")
def test_two_presidents_are_those_whom_the_article_named_before() -> None:
    text = """رحب الرئيس الروسي فلاديمير بوتين بالزيارة، وقال الرئيس الأميركي دونالد ترامب إنها مهمة.
ثم التقى الرئيسان الروسي والأميركي في هلسنكي أمس ووقعا اتفاقا."""
    events = READER.read(musnad.Document(id="x", text=text, published="2018-07-17")).events
    assert [party.name for party in events[0].actors] == ["فلاديمير بوتين", "دونالد ترامب"]


@pytest.mark.xfail(strict=True, reason="«وأصابت» is not read as telling of the attack")
def test_a_meeting_told_twice_is_one_and_two_attacks_are_two() -> None:
    text = """التقى الرئيس الفرنسي إيمانويل ماكرون المستشارة الألمانية أنغيلا ميركل في برلين أمس.
وقال ماكرون إن اللقاء مع ميركل كان بناء.
وهاجم مسلحون قرية النخيل وقتلوا ثلاثة مزارعين.
وهاجمت طائرات مسيرة ميناء الزاوية وأصابت عشرة عمال."""
    events = READER.read(musnad.Document(id="x", text=text, published="2018-07-17")).events
    assert [[trigger.text for trigger in event.triggers] for event in events] == [
        ["التقى", "اللقاء"],
        ["وهاجم", "وقتلوا"],
        ["وهاجمت", "وأصابت"],
    ]


def test_without_a_day_of_publication_nothing_is_guessed() -> None:
    text = "التقى دونالد ترامب فلاديمير بوتين في هلسنكي أمس. وكان إيمانويل ماكرون قد اجتمع في 3 أيار 2017 مع أنغيلا ميركل في باريس."
    assert [event.date and event.date.start for event in READER.read(text).events] == [None, "2017-05-03"]


def test_an_event_knows_the_statement_that_tells_it() -> None:
    record = READER.read("قال الوزير سامي الخوري إن مسلحين قتلوا خمسة جنود في صعدة أمس.")
    assert [(event.type, event.said_in) for event in record.events] == [("ASSAULT", record.statements[0].id)]


@pytest.mark.parametrize(
    ("date", "code"), [("31 شباط 2018", "date-impossible"), ("الجمعة 16 تموز 2018", "weekday-contradicts")]
)
def test_flaws_of_dates_are_notes(date: str, code: str) -> None:
    record = READER.read(f"التقى الرئيسان في {date}.")
    assert [(note.code, note.span.text) for note in record.notes if note.span] == [(code, date)]


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_row_of_words_gives_events_with_evidence(words: list[str]) -> None:
    record = READER.read(musnad.Document(id="x", text=" ".join(words), published="2018-07-17"))
    for event in record.events:
        assert event.triggers
        parties = [*event.actors, *event.recipients, *([event.place] if event.place else [])]
        assert all(party.name and (party.span is None or party.span.text) for party in parties)
        assert len({party.name for party in event.actors + event.recipients}) == len(event.actors + event.recipients)
    assert musnad.Record.from_dict(record.to_dict()) == record


MEETING = "التقى وزير الخارجية السوري أسعد حمدان نظيره التركي في أنقرة يوم الأحد."


def test_an_event_says_how_sure_it_is() -> None:
    (event,) = READER.read(MEETING).events
    assert 0.5 <= event.confidence <= 1


def test_a_threshold_leaves_out_doubtful_events() -> None:
    record = READER.read(MEETING)
    assert record.at_least(0).events == record.events
    assert record.at_least(1.01).events == ()


def test_the_explanation_of_an_event_names_what_stood_against_each_decision() -> None:
    record, why = READER.explain(MEETING)
    (reasons,) = (why["events"][event.id] for event in record.events)
    named = reasons["mentions"][0]
    assert named["words"] == "التقى"
    assert MEETING[slice(*named["span"])] == "التقى"
    assert named["candidates"]["status"][0]["name"] == "happened"
    assert named["candidates"]["place"][0]["name"] == "أنقرة"
    assert max(named["candidates"]["actor"], key=lambda one: one["share"])["name"] == "أسعد حمدان"
    assert reasons["candidates"]["place"][0]["name"] == "أنقرة"
    assert "أسعد حمدان" in {one["name"] for one in reasons["candidates"]["actor"]}


@pytest.mark.parametrize(
    ("text", "word", "acts", "expected"),
    [
        ("شنت مقاتلات غارات إسرائيلية على المدينة.", "إسرائيلية", True, "إسرائيل"),
        ("بدأت أنقرة عملية عسكرية تركية في الشمال.", "تركية", True, "تركيا"),
        ("اندلعت الحرب الروسية الأوكرانية قبل عام.", "الأوكرانية", False, "أوكرانيا"),
        ("أسفر القصف عن مقتل فلسطيني وإصابة آخرين.", "فلسطيني", False, "فلسطيني"),
        ("زار محمد شياع السوداني أنقرة. وبحث السوداني الملف مع أردوغان.", "السوداني", True, "السوداني"),
        ("تظاهر الإسرائيليون أمام الكنيست.", "الإسرائيليون", True, "الإسرائيليون"),
        ("جرت مباحثات بين الطرفين في جنيف. واتفق الطرفان على لقاء آخر.", "الطرفين", True, "الطرفان"),
        ("شن التحالف غارات على الحوثيين في صعدة.", "الحوثيين", False, "الحوثيين"),
        ("هاجم الحوثيون المدينة. وشن التحالف غارات على الحوثيين.", "الحوثيين", False, "الحوثيون"),
    ],
)
def test_a_party_has_the_name_of_its_country_or_as_the_article_writes_it(
    text: str, word: str, acts: bool, expected: str
) -> None:
    lexicon = Lexicon()
    page = Page(text, lexicon)
    spots = Spots(page, Tagger(lexicon))
    at = max(n for n, one in enumerate(page.words) if one.raw == word)
    assert taker_name(page, spots, Cast(page, spots), (at, at + 1), acts=acts) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["الولايات المتحدة", "إيران", "واشنطن"], ["الولايات المتحدة", "إيران"]),
        (["واشنطن", "إيران"], ["واشنطن", "إيران"]),
        (["القاهرة", "تركيا"], ["القاهرة", "تركيا"]),
    ],
)
def test_a_government_takes_part_once(names: list[str], expected: list[str]) -> None:
    takers = {name: Taker((at, at + 1), name, 0.9, 0.1) for at, name in enumerate(names)}
    one_government_once(Page("فرضت الولايات المتحدة عقوبات على إيران.", Lexicon()), takers)
    assert list(takers) == expected


def test_an_event_named_once_is_likelier_in_a_short_text() -> None:
    once = DraftEvent([EventMention((0, 1), 0, "AID", 0.6, np.zeros(len(STATUSES)))])
    weights = {"event.weight": np.zeros(confidence.SIZE), "event.bias": [0.0]}
    weights["event.weight"][9] = -1.0  # as it is learned: the longer the text, the less a single mention says
    found = []
    for sentence_count in (1, 40):
        confidence.set_confidence([once], sentence_count, weights)
        found.append(once.confidence)
    assert found[0] > found[1]


@pytest.mark.parametrize(
    ("text", "published", "status", "days"),
    [
        ("التقى الوزيران الأسبوع الماضي", "2009-11-02", "happened", ("2009-10-25", "2009-10-31")),
        ("يلتقي الوزيران هذا الأسبوع", "2018-07-22", "planned", ("2018-07-22", "2018-07-28")),  # a Sunday
        ("الحرب التي اندلعت في 15 نيسان 2023", "2023-12-23", "ongoing", ("2023-04-15", "2023-12-23")),
        ("اندلعت المعارك في 15 نيسان 2023", "2023-12-23", "happened", ("2023-04-15", "2023-04-15")),
    ],
)
def test_days_of_an_event(text: str, published: str, status: str, days: tuple[str, str]) -> None:
    """A week of news runs from Sunday to Saturday; what goes on lasts until the day of publication."""
    (time,) = find_times(Page(text, Lexicon()), published)
    mention = EventMention((0, 1), 0, "CONSULT", 1.0, None)
    happening = DraftEvent([mention], status=status, time=time, ahead=status == "planned")
    assert happening.days == tuple(date.fromisoformat(day) for day in days)
