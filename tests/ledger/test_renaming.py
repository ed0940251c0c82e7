"""One entity under all forms of its name; in a ledger of an older version, what is one by now becomes one, with all that refers to it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert, select, update

import musnad
from musnad.ledger import Filters, Ledger
from musnad.ledger.across.linking import link
from musnad.ledger.corrections import undo
from musnad.ledger.entities import decide, made
from musnad.ledger.tables import decisions, entities, participants, settings, sources, statements
from musnad.ledger.verify import verify_ledger
from musnad.ledger.wording import Given, mend
from musnad.web.app import create_app

TEXTS = (
    "قالت وكالة رويترز إن السفينة غرقت أمام ميناء الحديدة.",
    "ذكرت رويترز أن عشرة بحارة نجوا من غرق السفينة، بحسب وكالة الصحافة الفرنسية.",
    "قالت الخارجية الأمريكية إن السفينة كانت تحمل القمح.",
    "وأعلنت وزارة الخارجية الأميركية أن سفينة أخرى في الطريق.",
)
REUTERS = "wikidata:Q130879"
FORMS = ["رويترز", "وكالة رويترز", "وكالة رويترز للأنباء", "name:رويترز", "oeda:وكاله_رويترز"]


def make_old(ledger: Ledger) -> None:
    """Let a ledger be as the version before left it: an entity for each form of a name."""
    with ledger.database.write() as bind:
        bind.execute(delete(settings).where(settings.c.name == "names"))
        for name, key in (("رويترز", "oeda:وكاله_رويترز"), ("فرانس برس", "name:وكاله صحافه فرنسيه")):
            bind.execute(update(entities).where(entities.c.name == name).values(key=key, identifier=None))
        other = {
            "number": 900,
            "key": "name:رويترز",
            "name": "رويترز",
            "words": " رويترز ",
            "described": False,
            "last": "رويترز",
        }
        bind.execute(insert(entities), other)
        second = select(statements.c.number).order_by(statements.c.number).limit(1).offset(1).scalar_subquery()
        bind.execute(update(statements).where(statements.c.number == second).values(speaker=900, read_as=900))


@pytest.fixture
def old(where: str, fast: musnad.Reader) -> str:
    with Ledger(where) as ledger:
        ledger.add(fast.read(musnad.Document(id=f"a{at}", text=text)) for at, text in enumerate(TEXTS))
        link(ledger)
        make_old(ledger)
    return where


@pytest.mark.parametrize("asked", FORMS)
def test_one_entity_is_found_under_every_name_and_old_key(asked: str, old: str) -> None:
    with Ledger(old) as ledger:
        (found,) = ledger.entities(asked)
        assert (found.key, found.name, found.statements) == (REUTERS, "رويترز", 2)
        assert len(ledger.statements(Filters(speaker=asked))) == 2
        assert len(ledger.positions(asked, "السفينة")) == 2
    with TestClient(create_app(old), base_url="http://127.0.0.1") as client:
        assert [one["key"] for one in client.get("/api/entities", params={"name": asked}).json()] == [REUTERS]
        assert len(client.get("/api/search", params={"query": "السفينة", "speaker": asked}).json()) == 2


def test_what_refers_to_an_entity_refers_to_one_that_is_there(old: str) -> None:
    with Ledger(old) as ledger:
        with ledger.database.read() as bind:
            known = set(bind.scalars(select(entities.c.number)))
            for column in (statements.c.speaker, statements.c.read_as, sources.c.entity, participants.c.entity):
                assert set(bind.scalars(select(column))) <= known
        assert ledger.statements(Filters(source="أ ف ب"))
    assert list(verify_ledger(old)) == []


def test_a_ledger_is_brought_up_to_date_once(old: str) -> None:
    with Ledger(old) as ledger:
        before = ledger.entities(limit=100)
    with Ledger(old) as again:
        assert again.entities(limit=100) == before


def test_a_person_of_an_old_ledger_is_one_under_a_surname_and_another_spelling(old: str) -> None:
    """A key that an older version made for a spelling becomes the person's when the ledger is opened."""
    with Ledger(old) as ledger, ledger.database.write() as bind:
        bind.execute(delete(settings).where(settings.c.name == "names"))
        given = {"key": "name:ديمتري بيسكوف", "name": "ديمتري بيسكوف", "words": " ديمتري بيسكوف ", "identifier": None}
        bind.execute(update(entities).where(entities.c.key == REUTERS).values(given))
    with Ledger(old) as again:
        assert {again.entities(name)[0].name for name in ("بيسكوف", "ديمتري بيسكوف", "name:ديمتري بيسكوف")} == {
            "دميتري بيسكوف"
        }


def test_both_forms_of_a_ministry_are_one(old: str) -> None:
    with Ledger(old) as ledger:
        assert [one.statements for one in ledger.entities("الخارجية الأميركية")] == [2]


def test_a_correction_takes_a_statement_out_and_undo_puts_it_back(old: str) -> None:
    with Ledger(old) as ledger:
        number = mend(ledger, "a0", "s1", Given(speaker="وكالة رويترز الأخرى"))
        assert [one.statements for one in ledger.entities(REUTERS)] == [1]
        assert len(ledger.statements(Filters(speaker="وكالة رويترز الأخرى"))) == 1
        undo(ledger, number)
        assert [one.statements for one in ledger.entities(REUTERS)] == [2]


def test_what_people_decided_stands(old: str) -> None:
    with Ledger(old) as ledger:
        decide(ledger.database, "rename", REUTERS, "وكالة رويترز العالمية")
        decide(ledger.database, "merge", "wikidata:Q40464", REUTERS)
        with ledger.database.write() as bind:
            bind.execute(delete(settings).where(settings.c.name == "names"))
            bind.execute(
                update(entities).where(entities.c.key == REUTERS).values(key="name:وكاله رويترز", identifier=None)
            )
            bind.execute(update(decisions).where(decisions.c.key == REUTERS).values(key="name:وكاله رويترز"))
            bind.execute(update(decisions).where(decisions.c.target == REUTERS).values(target="name:وكاله رويترز"))
    with Ledger(old) as again:
        assert again.entities("رويترز")[0].name == "وكالة رويترز العالمية"
        assert [(one.action, one.key) for one in made(again.database)] == [
            ("rename", REUTERS),
            ("merge", "wikidata:Q40464"),
        ]
        assert len(again.statements(Filters(source=REUTERS))) == 1
