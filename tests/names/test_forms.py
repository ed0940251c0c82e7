"""One name in many forms: which are one body or person, and which only look so."""

from __future__ import annotations

from itertools import combinations

import pytest

from musnad.ledger.rows import entity_of
from musnad.ledger.terms import shared as terms
from musnad.lexicon.tables import rows
from musnad.names.forms import canonical, key_of, name_words
from musnad.names.knowledge import shared


def key(name: str) -> str:
    return entity_of(name, shared().identifier(name), terms()).key


@pytest.mark.parametrize(
    "names",
    [
        ("رويترز", "وكالة رويترز", "وكالة رويترز للأنباء", "وكالة أنباء رويترز"),
        ("فرانس برس", "وكالة فرانس برس", "وكالة الصحافة الفرنسية", "أ ف ب", "وكالة الأنباء الفرنسية"),
        ("وكالة الأنباء السورية (سانا)", "سانا", "وكالة الأنباء السورية الرسمية، سانا", "وكالة سانا الرسمية"),
        ("وكالة أنباء الصين الجديدة (شينخوا)", "شينخوا"),
        ("وكالة الأنباء التركية الأناضول", "الأناضول", "وكالة الأناضول الرسمية للأنباء"),
        ("وكالة بلومبرغ", "بلومبيرغ", "وكالة بلومبيرج"),
        ("صحيفة ديلي ميل البريطانية", "ديلي ميل", "الديلي ميل البريطانية"),
        ("صحيفة الوطن السعودية", "صحيفة الوطن", "صحيفة {الوطن}"),
        ("داعش", "تنظيم ’داعش‘", "تنظيم الدولة الإسلامية"),
        ("حماس", "حركة حماس", "حركة المقاومة الإسلامية"),
        ("حزب الله", "حزب الله اللبناني"),
        ("المرصد السوري لحقوق الإنسان", "المرصد السوري", "المرصد السوري لحقوق الإنسان، ومقره لندن"),
        ("وزارة الخارجية الأمريكية", "الخارجية الأميركية"),
        ("الإمارات", "دولة الإمارات", "دولة الإمارات العربية المتحدة"),
        ("محمد بن عبدالعزيز الصفيان", "محمد عبد العزيز الصفيان"),
        ("حسن نصر الله", "حسن نصرالله"),
        ("دونالد ترامب", "ترامب", "ترمب"),
        ("سيرغي لافروف", "لافروف", "سيرجي لافروف"),
        ("عادل الجبير", "عادل بن أحمد الجبير", "الجبير"),
        ("محمد بن نايف", "محمد بن نايف بن عبد العزيز", "محمد بن نايف بن عبدالعزيز آل سعود"),
        ("ديمتري بيسكوف", "دميتري بيسكوف", "ديميتري بيسكوف"),
        ("جوزيه مورينيو", "جوزيه مورينهو"),
        ("علي خامنئي", "آية الله علي خامنئي"),
        ("رأفت الصباغ", "المتحدث الرسمي للمركز رأفت الصباغ"),
        ("محمد المومني", "الناطق الرسمي باسم الحكومة الأردنية الدكتور محمد المومني"),
    ],
)
def test_forms_of_one_name(names: tuple[str, ...]) -> None:
    assert {key(name) for name in names} == {key(names[0])}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("فارس", "وكالة فارس"),  # a given name
        ("حزب الله", "حزب الله العراقي"),
        ("حركة طالبان", "حركة طالبان باكستان"),
        ("حماس", "كتائب القسام"),
        ("تنظيم القاعدة", "تنظيم القاعدة في جزيرة العرب"),
        ("الأمم المتحدة", "مكتب الأمم المتحدة لتنسيق الشؤون الإنسانية"),
        ("الأمم المتحدة", "منظمة الأمم المتحدة للطفولة"),
        ("مجلس الأمن", "مجلس الأمن القومي"),
        ("المرصد السوري", "المرصد السوري، وناشطون"),
        ("رويترز", "رويترز، وفرانس برس"),
        ("سكاي نيوز", "سكاي نيوز عربية"),
        ("بي بي سي", "قناة بي بي سي التركية"),  # a service of its own
        ("قناة الجزيرة", "قناة الجزيرة الإنجليزية"),
        ("صحيفة الوطن", "صحيفة الوطن المصرية"),
        ("وزارة الخارجية الروسية", "وزارة الخارجية التركية"),
        ("وزارة الخارجية", "وزارة الخارجية الروسية"),
        ("وزارة الاقتصاد الروسية", "الاقتصاد الروسي"),
        ("محمد بن سلمان", "محمد سلمان"),
        ("سامر بن سعيد الغامدي", "سامر بن علي الغامدي"),
        ("سامر الغامدي", "سامر بن علي الغامدي"),
        ("أحمد عسيري", "عسيري"),  # one of many: who it is the article tells, not the name
        ("بوريس جونسون", "جونسون"),
        ("وليد المعلم", "المعلم"),  # a teacher
        ("محمد الغامدي", "محمد بن علي الغامدي"),
        ("وليد سلمان", "وليد سليمان"),
        ("محمود عباس", "متحدث باسم الرئيس محمود عباس"),
        ("دونالد ترامب", "إدارة الرئيس الأميركي دونالد ترامب"),
        ("بنيامين نتنياهو", "زوجة بنيامين نتنياهو"),
        ("جمال خاشقجي", "نجل الصحافي السعودي جمال خاشقجي"),
        ("خليفة حفتر", "المستشار القانوني للجيش الذي يقوده خليفة حفتر"),
        ("فيصل بن خالد بن عبدالعزيز", "فيصل بن بندر بن عبدالعزيز"),
        ("سليمان المنصوري", "سلمان المنصوري"),
        ("دولة القانون", "القانون"),
    ],
)
def test_names_that_only_look_alike(name: str, other: str) -> None:
    assert key(name) != key(other)


def test_a_body_is_called_by_one_name() -> None:
    assert shared().name("wikidata:Q40464") == "فرانس برس"


def test_only_persons_are_persons() -> None:
    assert shared().is_person("wikidata:Q22686")
    assert not shared().is_person("wikidata:Q40464")
    assert not shared().is_person(None)


def test_a_person_is_called_by_the_usual_name() -> None:
    named = entity_of("جوزيه مورينهو", None, terms())
    assert (named.key, named.name) == ("name:جوزيه مورينيو", "جوزيه مورينيو")


def test_every_counted_person_has_the_key_of_the_usual_name() -> None:
    table = list(rows("persons.tsv"))
    assert len({row["form"] for row in table}) == len(table)
    for row in table:
        if row["person"].startswith("name:"):
            assert "name:" + canonical(" ".join(name_words(row["name"]))) == row["person"], row
        else:
            assert row["person"].startswith(("wikidata:Q", "oeda:")), row


def test_no_name_is_that_of_two_bodies() -> None:
    for column in ("spellings", "behind"):
        names = [
            (row["entity"], {canonical(key_of(name)) for name in row[column].split("|") if name})
            for row in rows("bodies.tsv")
        ]
        shared_names = [(a, b, one & other) for (a, one), (b, other) in combinations(names, 2) if one & other]
        assert not shared_names
    identifiers = [row["entity"] for row in rows("bodies.tsv")]
    assert len(identifiers) == len(set(identifiers))


def test_what_may_be_anothers_name_makes_nobody_one() -> None:
    for row in rows("bodies.tsv"):
        for name in filter(None, row["also"].split("|")):
            assert shared().party(name) != row["entity"] or f" {row['behind']} " in f" {name} ", name
