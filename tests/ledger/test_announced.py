"""What somebody says he is going to do, what a denial is of, and names that are written by ear."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across.conflicts import conflicts
from musnad.ledger.across.futures import own_future
from musnad.ledger.across.linking import link
from musnad.ledger.across.pledges import pledges
from musnad.ledger.tables import events, happening_of, utterance_of
from musnad.names.spelling import sound_of


@pytest.mark.parametrize(
    ("words", "kind", "own"),
    [
        ("سيوقف المناورات في الشهر المقبل", "indirect", True),
        ("سيوقف المناورات في الشهر المقبل", "direct", False),
        ("بلاده ستنسحب من الاتفاق", "indirect", True),
        ("حكومته لن تقبل الشروط", "indirect", True),
        ("لن نقبل بهذه الشروط", "direct", True),
        ("خلال أيام سنعلن قرارنا", "direct", True),
        ("الأسعار سترتفع في الصيف", "indirect", False),
        ("سيكون صعبا على الجميع", "indirect", False),
        ("سيارة انفجرت قرب السوق", "indirect", False),
        ("سنوات الحرب انتهت", "direct", False),
        ("الاجتماع لن يعقد غدا", "indirect", False),
        ("الوضع خطير، ولن نقبل بهذه الشروط", "direct", True),
        ("ساعد الناس على العودة", "direct", False),  # he helped; «سأعد» is I will
        ("سأعد خطة جديدة", "direct", True),
        ("سيفوز بالانتخابات", "indirect", False),
        ("لن أكون متشائما", "direct", False),
        ("يعتزم السفر إلى عمان", "indirect", True),
        ("يعتزم السفر إلى عمان", "direct", False),
        ("استعداد بلاده للتعاون مع المحققين", "indirect", True),
        ("نحن على استعداد للحوار", "direct", True),
        ("القمة ستعقد في عمان يوم الخميس", "indirect", True),
    ],
)
def test_what_somebody_is_going_to_do(words: str, kind: str, own: bool, fast: musnad.Reader) -> None:
    assert (own_future(words, kind, fast.lexicon) is True) == own


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ترامب", "ترمب", True), ("بوتين", "بوتن", True), ("نتنياهو", "نتانياهو", True), ("غوتيريس", "غوتيريش", True),
        ("انغيلا", "انجيلا", True), ("جونسون", "جونسن", True), ("سعد", "سعيد", False), ("محمد", "محمود", False),
        ("ماي", "مو", False), ("بنس", "بينس", True), ("ماكرون", "ميركل", False),
    ],
)  # fmt: skip
def test_names_that_are_written_by_ear(one: str, other: str, same: bool) -> None:
    assert (sound_of(one) == sound_of(other)) == same


def article(name: str, outlet: str, text: str) -> musnad.Document:
    return musnad.Document(id=name, outlet=outlet, published="2025-03-05", text=text)


def told(folder: Path, reader: musnad.Reader, *articles: musnad.Document) -> Ledger:
    ledger = Ledger(folder / "news.db")
    ledger.add(reader.read(one) for one in articles)
    link(ledger)
    return ledger


def test_one_pledge_of_two_outlets_is_shown_once(tmp_path: Path, reader: musnad.Reader) -> None:
    text = "قال الوزير سامي الخوري إن حكومته ستغلق معبر الرمثا الحدودي خلال أسبوعين لأسباب أمنية{}."
    with told(
        tmp_path, reader, article("1", "الأيام", text.format("")), article("2", "الشروق", text.format(" ملحة"))
    ) as ledger:
        (pledge,) = pledges(ledger)
    assert pledge.statement.words.endswith("لأسباب أمنية ملحة")


def test_a_denial_may_point_back(tmp_path: Path, reader: musnad.Reader) -> None:
    text = "زعم النائب كريم حداد أن شركة البادية دفعت رشوة للوزير.\nونفت شركة البادية هذه المزاعم."
    with told(tmp_path, reader, article("1", "الأيام", text)) as ledger:
        (found,) = conflicts(ledger)
    assert (found.kind, found.one.words, found.other.words) == (
        "denial",
        "شركة البادية دفعت رشوة للوزير",
        "هذه المزاعم",
    )


def test_what_only_speaks_of_the_same_is_denied_by_nobody(tmp_path: Path, reader: musnad.Reader) -> None:
    one = article(
        "1", "الأيام", "قالت الأمينة العامة سعاد المهيري إن استخدام السلاح الكيميائي في ريف الشمال مخالف للمعاهدات."
    )
    other = article("2", "الشروق", "نفت الحكومة استخدام السلاح الكيميائي في ريف الشمال.")
    with told(tmp_path, reader, one, other) as ledger:
        assert conflicts(ledger) == []


def test_a_known_person_is_found_under_every_spelling(tmp_path: Path, reader: musnad.Reader) -> None:
    one = article("1", "الأيام", "قال الرئيس دونالد ترامب إن المحادثات انتهت.")
    other = article("2", "الشروق", "قال الرئيس دونالد ترمب إن الجولة الجديدة تبدأ غدا.")
    with told(tmp_path, reader, one, other) as ledger:
        for name in ("ترامب", "ترمب", "دونالد ترمب", "وترامب"[1:]):
            (person,) = ledger.entities(name)
            assert (person.key, person.statements) == ("wikidata:Q22686", 2)


@pytest.mark.parametrize(
    ("speaker", "cue", "one"),
    [
        ("وزارة الخارجية الكويتية", "أكدت", True),  # the same house, more firmly
        ("وزارة الداخلية الكويتية", "نفت", False),  # who denies it says something else
        ("وزارة الخارجية اللبنانية", "أكدت", False),  # of another country
        ("وزارة الداخلية اللبنانية", "أكدت", False),
    ],
)
def test_an_office_and_who_speaks_for_it_say_one_thing(
    speaker: str, cue: str, one: bool, tmp_path: Path, fast: musnad.Reader
) -> None:
    words = "أن السفينة المحملة بالقمح الأوكراني غادرت ميناء الشويخ باتجاه عدن"
    more = "وأن طاقمها من البحارة المصريين سيفحص في المرفأ"
    first = article("a1", "الأيام", f"أعلن مصدر مسؤول في وزارة الخارجية الكويتية {words}.\nوعاد الهدوء إلى الأسواق.")
    second = article("a2", "الشروق", f"{cue} {speaker} {words} {more}.\nوارتفعت أسعار الخبز هذا الأسبوع.")
    with told(tmp_path, fast, first, second) as ledger, ledger.database.read() as bind:
        sayings = bind.scalars(select(utterance_of.c.utterance).order_by(utterance_of.c.statement)).all()
    assert len(sayings) == 2
    assert (sayings[0] == sayings[1]) == one


def test_an_event_of_some_past_day_is_one_where_its_sentence_was_copied(tmp_path: Path, fast: musnad.Reader) -> None:
    copied = "وكان مسلحون قد هاجموا قافلة الإغاثة قرب مدينة الضالع وقتلوا سائقين"
    first = article("a1", "الأيام", f"تصل قافلة الإغاثة إلى مدينة الضالع.\n{copied} في 3 كانون الثاني/يناير 2025.")
    second = article("a2", "الشروق", f"تصل قافلة الإغاثة إلى مدينة الضالع.\n{copied}.\nوفتحت المدارس أبوابها.")
    with told(tmp_path, fast, first, second) as ledger, ledger.database.read() as bind:
        attacks = bind.scalars(
            select(happening_of.c.happening)
            .join(events, events.c.number == happening_of.c.event)
            .where(events.c.type == "ASSAULT")
        ).all()
    assert len(attacks) == 2
    assert attacks[0] == attacks[1]
