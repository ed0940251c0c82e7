"""What people decide and correct is kept beside the reading, and wins over it."""

from __future__ import annotations

import msgspec
import pytest

import musnad
from musnad.errors import LedgerError
from musnad.ledger import Filters, Ledger
from musnad.ledger.annotations import gold_lines, take_gold
from musnad.ledger.corrections import correct, history
from musnad.ledger.entities import decide, made
from musnad.ledger.rows import entity_of
from musnad.ledger.stats import figures
from musnad.ledger.terms import Terms
from tests.ledger.conftest import ARTICLES

TERMS = Terms()
KHOURY, HUDA = "name:سامي خوري", "name:هدي سالم"


def speakers(ledger: Ledger) -> dict[str, int]:
    return {entity.name: entity.statements for entity in ledger.entities()}


def test_two_names_become_one_and_two_again(ledger: Ledger) -> None:
    before = speakers(ledger)
    decide(ledger.database, "merge", HUDA, KHOURY)
    assert speakers(ledger)["سامي الخوري"] == before["سامي الخوري"] + before["هدى سالم"]
    decide(ledger.database, "split", HUDA, KHOURY)
    assert speakers(ledger) == before
    assert [decision.action for decision in made(ledger.database)] == ["merge", "split"]


def test_sources_follow_a_merge_and_its_end(ledger: Ledger) -> None:
    reuters = next(hit for hit in ledger.statements(Filters(source="رويترز")))
    source = reuters.statement["sources"][0]
    agency = entity_of(source["name"], source["entity"], TERMS).key
    decide(ledger.database, "merge", agency, KHOURY)
    assert [hit.number for hit in ledger.statements(Filters(source="الخوري"))] == [reuters.number]
    decide(ledger.database, "split", agency, KHOURY)
    assert ledger.statements(Filters(source="الخوري")) == []
    assert [hit.number for hit in ledger.statements(Filters(source="رويترز"))] == [reuters.number]


@pytest.mark.parametrize(
    ("name", "described"),
    [
        ("الوزير", True), ("المتحدث الرسمي", True), ("مصدر أمني في العاصمة", True), ("البيان", True), ("مسؤولون", True),
        ("سامي الخوري", False), ("وزير الخارجية المصري", False), ("الجيش الإسرائيلي", False), ("بوتين", False),
    ],
)  # fmt: skip
def test_descriptions_are_told_from_names(name: str, described: bool) -> None:
    assert entity_of(name, None, TERMS).described is described


def test_one_name_in_two_spellings_is_one() -> None:
    assert entity_of("عبد الله الثاني", None, TERMS).key == entity_of("عبدالله الثاني", None, TERMS).key


def test_what_stands_for_a_country_is_that_country(ledger: Ledger, reader: musnad.Reader) -> None:
    texts = ["قال البيت الأبيض إن القمة قائمة في موعدها.", "وأكدت الولايات المتحدة أن العقوبات مستمرة."]
    ledger.add([reader.read(musnad.Document(id=f"us{n}", text=text)) for n, text in enumerate(texts)])
    assert speakers(ledger)["الولايات المتحدة"] == len(texts)
    assert [entity.name for entity in ledger.entities("البيت الأبيض")] == ["الولايات المتحدة"]


def test_descriptions_are_no_speakers_of_the_figures(where: str, reader: musnad.Reader) -> None:
    with Ledger(where) as ledger:
        ledger.add([reader.read("قال مصدر أمني إن الطريق أغلق.\nوقالت هدى سالم إن الطريق مفتوح.")])
        assert [row.label for row in figures(ledger.database, 5)["speakers"]] == ["هدى سالم"]
        assert [entity.described for entity in ledger.entities("مصدر أمني")] == [True]


def test_a_decision_holds_for_what_comes_later(ledger: Ledger, reader: musnad.Reader) -> None:
    decide(ledger.database, "merge", HUDA, KHOURY)
    decide(ledger.database, "rename", KHOURY, "سامي بن راشد الخوري")
    again = msgspec.structs.replace(ARTICLES[1], title="عنوان جديد")
    ledger.add([reader.read(again)])
    assert speakers(ledger)["سامي بن راشد الخوري"] == 5
    assert "هدى سالم" not in speakers(ledger)


def test_a_name_nobody_has_cannot_be_merged(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no entity has the key 'name:nobody'"):
        decide(ledger.database, "merge", "name:nobody", KHOURY)


def test_a_circle_of_merges_is_refused(ledger: Ledger) -> None:
    decide(ledger.database, "merge", HUDA, KHOURY)
    with pytest.raises(LedgerError, match="already merged"):
        decide(ledger.database, "merge", KHOURY, HUDA)


def test_a_correction_wins_and_holds_after_a_new_reading(ledger: Ledger, reader: musnad.Reader) -> None:
    statement = next(hit for hit in ledger.statements(Filters(stance="DENY")))
    name = statement.statement["id"]
    correct(ledger, "a1", name, {"stance": "REFUSE", "speaker": {"name": "هدى سالم", "span": None, "entity": None}})
    assert ledger.statements(Filters(stance="DENY")) == []
    ledger.add([reader.read(msgspec.structs.replace(ARTICLES[0], outlet="الرأي"))])
    won = ledger.statements(Filters(stance="REFUSE"))
    assert [(hit.speaker, hit.outlet, hit.words) for hit in won] == [("هدى سالم", "الرأي", statement.words)]
    assert [row.reading["stance"] for row in history(ledger) if row.reading] == ["DENY"]


def test_a_statement_that_is_none_goes(ledger: Ledger) -> None:
    name = ledger.statements(Filters(stance="DENY"))[0].statement["id"]
    correct(ledger, "a1", name, None)
    assert ledger.search("وجود") == []


@pytest.mark.parametrize("changes", [{"stance": "SHOUT"}, {"content": [[0, 9999]]}, {"speaker": None}])
def test_a_correction_must_be_a_statement(changes: dict[str, object], ledger: Ledger) -> None:
    name = ledger.statements(Filters(stance="DENY"))[0].statement["id"]
    with pytest.raises(LedgerError, match="the correction is no statement"):
        correct(ledger, "a1", name, changes)
    assert len(ledger.statements(Filters(stance="DENY"))) == 1


def test_what_does_not_exist_cannot_be_corrected(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no such statement"):
        correct(ledger, "a1", "s99", {"stance": "SAY"})


def test_corrections_go_out_as_annotations_and_come_in_again(ledger: Ledger, where: str, reader: musnad.Reader) -> None:
    name = ledger.statements(Filters(stance="DENY"))[0].statement["id"]
    correct(ledger, "a1", name, {"stance": "REFUSE"})
    lines = list(gold_lines(ledger))
    assert [line["id"] for line in lines] == ["a1"]
    assert "REFUSE" in [statement["stance"] for statement in lines[0]["statements"]]
    correct(ledger, "a1", name, {"stance": "WARN"})
    assert take_gold(ledger, iter(lines)) == 1
    assert len(ledger.statements(Filters(stance="REFUSE"))) == 1
