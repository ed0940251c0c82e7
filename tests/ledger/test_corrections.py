"""Corrections that one can live with: words, names, events, what was missed; each with who, when, why, and undone for itself."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, MetaData, create_engine, insert, text

import musnad
from musnad.errors import CorrectionError, MissingError
from musnad.ledger import Filters, Ledger, migrations
from musnad.ledger.across import views
from musnad.ledger.across.linking import link
from musnad.ledger.corrections import correct, corrected, history, undo
from musnad.ledger.wording import AmbiguousError, Given, add, mend
from tests.news import NEWS


def statement(ledger: Ledger, article: str, name: str = "s1") -> musnad.Statement:
    record = ledger.document(article)
    assert record is not None
    return next(one for one in record.statements if one.id == name)


def events(ledger: Ledger, article: str) -> list[tuple[str, str, str]]:
    record = ledger.document(article)
    assert record is not None
    return [(event.id, event.type, event.status) for event in record.events]


def test_words_are_pasted_and_found_in_any_spelling(news: Ledger) -> None:
    mend(news, "quake1", "s1", Given(words="انتشلت  أربعين ناجياً"), author="هدى", note="بلا الفاعل")
    assert statement(news, "quake1").text == "انتشلت أربعين ناجيا"
    assert [hit.article for hit in news.search("ناجيا")] == ["quake1", "quake2"]
    assert [hit.article for hit in news.search("المدرسة")] == ["quake2"]
    (made,) = history(news)
    assert (made.action, made.author, made.note) == ("mended", "هدى", "بلا الفاعل")
    assert made.words == "فرق الإنقاذ انتشلت أربعين ناجيا من تحت أنقاض المدرسة القديمة"


def test_words_that_are_not_there_or_stand_twice_are_said(news: Ledger) -> None:
    with pytest.raises(CorrectionError, match="«خمسين ناجيا» does not stand in the article"):
        mend(news, "quake1", "s1", Given(words="خمسين ناجيا"))
    with pytest.raises(AmbiguousError) as error:
        mend(news, "quake1", "s1", Given(words="تحت"))
    places = error.value.places
    assert [place.paragraph for place in places] == [1, 2]
    mend(news, "quake1", "s1", Given(words="تحت", at=places[1].at))
    (span,) = statement(news, "quake1").content
    assert span.start == places[1].at


def test_a_name_that_stands_in_the_article_has_its_place(news: Ledger) -> None:
    mend(news, "party2", "s1", Given(speaker="رئيس الحزب"))
    speaker = statement(news, "party2").speaker
    assert (speaker.name, speaker.text) == ("رئيس الحزب", "رئيس الحزب")
    mend(news, "party2", "s1", Given(speaker="الناطق", sources="رويترز\nواس", addressee="الصحافيون"))
    one = statement(news, "party2")
    assert one.speaker.span is None
    assert [source.name for source in one.sources] == ["رويترز", "واس"]
    assert one.addressee is not None
    assert [hit.article for hit in news.statements(Filters(source="رويترز"))] == ["party2"]


def test_each_correction_is_undone_for_itself(news: Ledger) -> None:
    before = statement(news, "party2")
    first = mend(news, "party2", "s1", Given(speaker="الناطق"), author="هدى")
    second = mend(news, "party2", "s1", Given(stance="REFUSE"), author="سامي")
    undo(news, first, author="سامي")
    assert (statement(news, "party2").speaker.name, statement(news, "party2").stance) == ("حزب الفجر", "REFUSE")
    undo(news, second, author="هدى")
    assert statement(news, "party2") == before
    assert corrected(news, "party2") == {}
    assert [(one.number, one.undone_by) for one in history(news, "party2")] == [(second, "هدى"), (first, "سامي")]
    with pytest.raises(CorrectionError, match="undone already"):
        undo(news, first)
    with pytest.raises(MissingError, match="no correction 99"):
        undo(news, 99)


def test_what_is_taken_out_comes_back_where_it_was(news: Ledger) -> None:
    with news.database.read() as bind:
        before = views.list_utterances(bind, None, None, 20, 0)
    number = correct(news, "quake1", "s1", None, author="هدى")
    assert [hit.article for hit in news.search("ناجيا")] == ["quake2"]
    undo(news, number)
    assert statement(news, "quake1").speaker.name == "كمال بنعيسى"
    with news.database.read() as bind:
        after = views.list_utterances(bind, None, None, 20, 0)
    assert [len(saying.reports) for saying in after] == [len(saying.reports) for saying in before]


def test_what_is_right_is_marked_and_leaves_the_queue(news: Ledger) -> None:
    doubtful = news.statements(order="doubtful")
    shares = [hit.statement["confidence"] for hit in doubtful]
    assert shares == sorted(shares)
    first = doubtful[0]
    correct(news, first.article, first.statement["id"], {}, author="هدى")
    assert first.number not in [hit.number for hit in news.statements(order="doubtful")]
    (again,) = [hit for hit in news.statements(Filters(min_confidence=1.0)) if hit.number == first.number]
    assert again.corrected == "checked"
    undo(news, history(news)[0].number)
    assert [hit.number for hit in news.statements(order="doubtful")] == [hit.number for hit in doubtful]


def test_a_missed_statement_is_added_and_holds_after_a_new_reading(news: Ledger, reader: musnad.Reader) -> None:
    given = Given(words="وتواصل فرق الإنقاذ البحث تحت الأنقاض", speaker="كمال بنعيسى", stance="STRESS")
    number = add(news, "quake2", "statement", given, author="هدى")
    ((name, how),) = corrected(news, "quake2").items()
    assert how == "added"
    assert statement(news, "quake2", name).speaker.text == "كمال بنعيسى"
    mend(news, "quake2", name, Given(stance="SAY"))
    news.add([reader.read(msgspec.structs.replace(NEWS[1], outlet="الرأي"))])
    link(news)
    (hit,) = news.search("البحث")
    assert (hit.outlet, hit.corrected, hit.statement["stance"]) == ("الرأي", "added", "SAY")
    with pytest.raises(CorrectionError, match="has these words already"):
        add(news, "quake2", "statement", given)
    mend(news, "quake2", name, Given(speaker="فرق الإنقاذ"))
    undo(news, number)
    assert news.search("البحث") == []


def test_an_event_is_mended_taken_out_and_added(news: Ledger) -> None:
    first = events(news, "talks1")[0][0]
    mend(
        news,
        "talks1",
        first,
        Given(status="cancelled", place="عمان", recipients="نيكوس أندريو", first_day="2025-03-06"),
    )
    record = news.document("talks1")
    assert record is not None
    event = record.events[0]
    assert (event.status, event.date and event.date.end, event.confidence) == ("cancelled", "2025-03-06", 1.0)
    assert event.place is not None
    assert event.place.text == "عمان"
    assert [party.name for party in event.recipients] == ["نيكوس أندريو"]
    before = events(news, "party2")
    number = add(news, "party2", "event", Given(words="وغادر", type="RETREAT", actors="رئيس الحزب"))
    assert events(news, "party2") == [*before, ("e1" if not before else f"e{len(before) + 1}", "RETREAT", "happened")]
    undo(news, number)
    assert events(news, "party2") == before
    correct(news, "talks1", first, None)
    assert first not in [name for name, _, _ in events(news, "talks1")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given(first_day="2025-03-09", last_day="2025-03-01"), "the last stands before the first"),
        (Given(first_day="yesterday"), "its days are none"),
        (Given(type="PARTY"), "is no event"),
    ],
)
def test_an_event_must_be_one(news: Ledger, given: Given, said: str) -> None:
    with pytest.raises(CorrectionError, match=said):
        mend(news, "talks1", events(news, "talks1")[0][0], given)
    assert history(news) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [(Given(type="CONSULT"), "wrong-part"), (Given(words="… ".join("قال" * 9)), "too-many-pieces")],
)
def test_a_statement_takes_its_own_fields_and_few_pieces(news: Ledger, given: Given, code: str) -> None:
    with pytest.raises(CorrectionError) as error:
        mend(news, "party2", "s1", given)
    assert error.value.code == code
    assert history(news) == []


def test_what_is_added_has_words(news: Ledger) -> None:
    with pytest.raises(CorrectionError) as error:
        add(news, "party2", "statement", Given(words=" ", speaker="الناطق"))
    assert error.value.code == "no-words"


def test_a_correction_does_not_hold_where_the_article_has_other_words_now(news: Ledger, reader: musnad.Reader) -> None:
    mend(news, "party2", "s1", Given(speaker="الناطق"))
    other = "نفى حزب النهار تهريب القمح عبر ميناء العقبة.\nوغادر رئيس الحزب مقره مساء."
    news.add([reader.read(msgspec.structs.replace(NEWS[4], text=other))])
    assert statement(news, "party2").speaker.name == "حزب النهار"
    link(news)


def test_an_old_correction_keeps_its_meaning(where: str, tmp_path: Path, reader: musnad.Reader) -> None:
    """As older versions kept it: the whole statement, without words, author or note."""
    with Ledger(tmp_path / "new.db") as ledger:
        ledger.add(reader.read(article) for article in NEWS)
        reading = msgspec.to_builtins(ledger.statements(Filters(stance="DENY"))[0].statement)
        value = msgspec.json.encode({"reading": reading, "value": {**reading, "stance": "REFUSE"}}).decode()
        old = {"number": 1, "document": "party2", "value": value, "made": "2025-03-09T12:00:00"}
        old["content"] = msgspec.json.encode(reading["content"]).decode()
        with ledger.database.write() as bind:
            bind.execute(text("UPDATE statements SET stance = 'REFUSE', seal = NULL WHERE stance = 'DENY'"))
        with ledger.database.read() as bind:
            made_before(where, bind, old)
    with Ledger(where) as ledger:
        assert corrected(ledger, "party2") == {"s1": "mended"}
        assert history(ledger)[0].changes == {"stance": "REFUSE"}
        assert history(ledger)[0].words == "تهريب السلاح عبر ميناء العقبة"
        undo(ledger, 1)
        assert statement(ledger, "party2").stance == "DENY"


def made_before(where: str, new: Connection, correction: dict[str, object]) -> None:
    """Make a ledger as it was before corrections had an author, with the articles of a new one."""
    url = where.replace("postgresql://", "postgresql+psycopg://", 1) if "://" in where else f"sqlite:///{where}"
    engine = create_engine(url)
    with engine.begin() as bind:
        migrations.upgrade(bind, "0007")
        there = MetaData()
        there.reflect(bind, only=["documents", "entities", "statements", "corrections"])
        for table in [there.tables[name] for name in ("documents", "entities", "statements")]:
            rows = new.execute(text(f"SELECT {', '.join(table.columns.keys())} FROM {table.name}")).mappings()
            bind.execute(insert(table), [
                {key: bool(value) if key == "described" else value for key, value in row.items()} for row in rows
            ])  # fmt: skip
        bind.execute(insert(there.tables["corrections"]), correction)
        bind.execute(text("INSERT INTO settings (name, value) VALUES ('terms', 'old')"))  # the index is made anew
    engine.dispose()
