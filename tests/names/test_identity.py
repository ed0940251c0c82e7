"""Who a party is in the codes of event data sets."""

from __future__ import annotations

import pytest

from musnad.lexicon.tables import rows
from musnad.names.identity import NO_STATE, Identity, identify, states


@pytest.mark.parametrize(
    ("name", "entity", "code", "cow", "english", "wikidata"),
    [
        ("روسيا", "iso3166:RU", "RUS", "365", "Russia", "Q159"),
        ("واشنطن", "iso3166:US", "USA", "2", "United States", "Q30"),  # a capital stands for its government
        ("فلاديمير بوتين", "wikidata:Q7747", "RUS", "365", "Vladimir Putin", "Q7747"),
        ("مجلس الأمن الدولي", "oeda:مجلس_امن_دولي", "IGO", "", "United Nations Security Council", "Q37470"),
        ("مجلس الأمن", "wikidata:Q37470", "IGO", "", "United Nations Security Council", "Q37470"),
        ("حركة حماس", "body:hamas", "PSE", "", "Hamas", ""),  # no identifier of Wikidata stands in a table
        ("وكالة رويترز للأنباء", "wikidata:Q130879", "GBR", "200", "Reuters", "Q130879"),
        ("روسيا وإيران", None, "RUS; IRN", "365; 630", "Russia; Iran", "Q159; Q794"),
        ("فلسطين", "iso3166:PS", "PSE", "", "Palestine", "Q219060"),  # no member of COW's state system
        ("سامي الخوري", None, "", "", "", ""),
    ],
)
def test_names_and_numbers(name: str, entity: str | None, code: str, cow: str, english: str, wikidata: str) -> None:
    found = identify(name, entity)
    assert (found.code, found.cow, found.english, found.wikidata) == (code, cow, english, wikidata)
    assert found.iso3 == ("" if code == "IGO" else code)


@pytest.mark.parametrize(
    ("name", "code", "sector"),
    [
        ("الجنود الإسرائيليين", "ISR", "MIL"),
        ("31 فلسطينيا", "PSE", ""),
        ("مبعوثون كوريون جنوبيون", "KOR", ""),
        ("الزعيم الكوري الشمالي", "PRK", ""),
        ("محكمة في باريس", "FRA", "JUD"),
        ("القوات الكردية في سوريا", "", "MIL"),  # where they are is not whose they are
        ("مسؤول مالي", "", "GOV"),  # of money, not of Mali
        ("ميليشيات الحوثي الإيرانية", "YEM", "REB"),  # an epithet makes nobody an Iranian
        ("مجلس الأمن القومي الأمريكي", "USA", ""),
        ("عناصر من تنظيم داعش", "IMG", "REB"),
    ],
)
def test_words_tell_country_and_sector(name: str, code: str, sector: str) -> None:
    assert (identify(name).code, identify(name).sector) == (code, sector)


def test_a_person_is_of_the_country_of_the_title_not_of_the_first_name() -> None:
    assert identify("تركي المالكي", person=True) == Identity()
    assert identify("سامي الخوري", None, "وزير الخارجية الأردني", person=True).code == "JOR"
    assert identify("أنطونيو غوتيريش", None, "الأمين العام للأمم المتحدة", person=True).code == "IGO"


def test_an_office_counts_on_the_days_on_which_it_was_held() -> None:
    assert identify("أبو الغيط", day="2010-05-01").code == "EGY"
    assert identify("أبو الغيط", day="2018-05-01").code == "IGO"


def test_every_state_has_its_codes() -> None:
    for row in rows("states.tsv"):
        assert row["english"], row
        assert row["alpha3"] or row["entity"] == "iso3166:XK"  # ISO has none for Kosovo
    assert sum(bool(row["cow"]) for row in rows("states.tsv")) == 195  # members of the state system in 2016
    assert all(not row["code"] or row["code"] in NO_STATE or row["code"] in states() for row in rows("bodies.tsv"))
    assert {row["entity"] for row in rows("countries.tsv")} <= set(states())
