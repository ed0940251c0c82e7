"""Events in a ledger: found by who, what, when and where, and taken away as PLOVER."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest

import musnad
from musnad.exports import formats, selected
from musnad.ledger import Ledger
from musnad.ledger.coding import Selected, all_coded, strict_type
from musnad.ledger.entities import decide
from musnad.ledger.event_rows import event_rows
from musnad.ledger.events import EventFilters
from musnad.ledger.verify import verify_ledger
from musnad.lexicon.tables import rows as rows_in
from musnad.names.codes import codes_of
from musnad.record import EventType

ARTICLES = [
    musnad.Document(
        id="m1", published="2018-07-17", outlet="الأيام",
        text="التقى الرئيس الأميركي دونالد ترامب نظيره الروسي فلاديمير بوتين في هلسنكي الاثنين.\nونفى الجيش التركي قصف قرية في دهوك.",
    ),
    musnad.Document(
        id="m2", published="2018-07-20",
        text="كان من المقرر أن يلتقي سيرغي لافروف نظيره الأميركي مايك بومبيو في فيينا الأحد المقبل لكن الاجتماع ألغي.\nوشنت طائرات التحالف غارات على الحوثيين في صعدة أمس.",
    ),
    musnad.Document(id="m3", published="2018-07-21", text="ومن المقرر أن يلتقي جون كيري نظيره الروسي سيرغي لافروف في جنيف في 23 تموز."),
]  # fmt: skip


@pytest.fixture
def happened(where: str, reader: musnad.Reader) -> Iterator[Ledger]:
    with Ledger(where) as ledger:
        ledger.add(map(reader.read, ARTICLES))
        yield ledger


def found(ledger: Ledger, **chosen: str) -> list[str]:
    return [f"{hit.article} {hit.event['type']} {hit.event['status']}" for hit in ledger.events(EventFilters(**chosen))]


def test_events_by_type_status_party_place_and_day(happened: Ledger) -> None:
    assert found(happened, type="CONSULT") == ["m3 CONSULT planned", "m2 CONSULT cancelled", "m1 CONSULT happened"]
    assert found(happened, status="denied") == ["m1 ASSAULT denied"]
    assert found(happened, actor="لافروف") == ["m3 CONSULT planned", "m2 CONSULT cancelled"]
    assert found(happened, actor="الحوثيون") == ["m2 ASSAULT happened"]
    assert found(happened, place="صعده") == ["m2 ASSAULT happened"]
    assert found(happened, since="2018-07-16", until="2018-07-16", type="CONSULT") == ["m1 CONSULT happened"]
    assert found(happened, since="2018-07-23") == ["m3 CONSULT planned"]
    assert found(happened, actor="nobody") == []
    sure = [hit.event["confidence"] for hit in happened.events()]
    kept = happened.events(EventFilters(min_confidence=max(sure)))
    assert [hit.event["confidence"] for hit in kept] == [max(sure)]


def test_records_come_back_with_their_events(happened: Ledger, reader: musnad.Reader) -> None:
    for article in ARTICLES:
        assert happened.document(article.id) == reader.read(article)
    assert list(verify_ledger(happened.database.where)) == []


def test_a_changed_article_loses_its_old_events(happened: Ledger, reader: musnad.Reader) -> None:
    happened.add([reader.read(msgspec.structs.replace(ARTICLES[0], text="قال الوزير إن الاقتصاد ينمو."))])
    assert not [line for line in found(happened) if line.startswith("m1")]


def test_a_merge_holds_for_those_who_act(happened: Ledger) -> None:
    decide(happened.database, "merge", "wikidata:Q22316", "wikidata:Q58217")
    assert found(happened, actor="جون كيري") == []
    decide(happened.database, "split", "wikidata:Q22316", "wikidata:Q58217")
    assert found(happened, actor="جون كيري") == ["m3 CONSULT planned"]


def test_plover_codes_what_is_to_come_and_what_is_called_off(happened: Ledger) -> None:
    stream = io.BytesIO()
    formats()["plover"].write(selected(happened), stream)
    rows = [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    events = {
        row["id"]: (row["event"], row["quad_code"], row["date"], row["event_loc"]["name"])
        for row in rows
        if "-e" in row["id"]
    }
    assert events == {
        "m1-e1": ("CONSULT", 1, "2018-07-16", "هلسنكي"),
        "m2-e1": ("REJECT", 3, "2018-07-22", "فيينا"),
        "m2-e2": ("ASSAULT", 4, "2018-07-19", "صعدة"),
        "m3-e1": ("AGREE", 1, "2018-07-23", "جنيف"),
    }


def rows_of(ledger: Ledger, form: str) -> list[dict[str, str]]:
    stream = io.BytesIO()
    formats()[form].write(selected(ledger), stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode()), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_cameo_has_a_row_for_each_pair(happened: Ledger) -> None:
    rows = {row["Event ID"]: row for row in rows_of(happened, "cameo")}
    met, bombed = rows["m1-e1-1"], rows["m2-e2-1"]
    assert (met["Source Name"], met["CAMEO Code"], met["Target Name"]) == ("Donald Trump", "040", "Vladimir Putin")
    assert (met["City"], met["Country"], met["Latitude"][:4]) == ("هلسنكي", "FIN", "60.1")
    assert (bombed["CAMEO Code"], bombed["Source Sectors"], bombed["Target Sectors"]) == ("195", "MIL", "REB")
    assert all(len(row) == 20 and None not in row.values() for row in rows.values())


def test_polecat_has_its_forty_columns(happened: Ledger) -> None:
    rows = rows_of(happened, "polecat")
    assert all(len(row) == 40 and None not in row.values() for row in rows)
    bombed = next(row for row in rows if row["Event Type"] == "ASSAULT")
    assert (bombed["Event Date"], bombed["Recipient Name"], bombed["Quad Code"], bombed["Language"]) == (
        "2018-07-19",
        "Houthis",
        "MATERIAL CONFLICT",
        "ara",
    )


def test_statements_of_verbal_kinds_are_plover_events(reader: musnad.Reader) -> None:
    record = reader.read("أدان الرئيس التركي قصف المدينة. ودعا غوتيريش إلى وقف القتال. وقال الوزير إن الاقتصاد ينمو.")
    stream = io.BytesIO()
    formats()["plover"].write([Selected(msgspec.structs.replace(record, events=()))], stream)
    rows = [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    assert [(row["event"], row["actor"][0]["code"], row["actor"][0]["sector"]) for row in rows] == [
        ("ACCUSE", "TUR", "GOV"),
        ("REQUEST", None, None),
    ]


@pytest.mark.parametrize(
    ("name", "entity", "codes"),
    [
        ("الجيش الإسرائيلي", None, ["ISR", "MIL"]),
        ("الولايات المتحدة", "iso3166:US", ["USA"]),
        ("وزير الخارجية المصري", None, ["EGY", "GOV"]),
        ("متظاهرون", None, ["OPP"]),
        ("سامي الخوري", None, []),
    ],
)
def test_codes_of_actors(name: str, entity: str | None, codes: list[str]) -> None:
    assert codes_of(name, entity) == codes


def test_every_status_of_every_type_has_its_plover_type(reader: musnad.Reader) -> None:
    record = reader.read(ARTICLES[0])
    for status in ("happened", "ongoing", "planned", "cancelled", "denied"):
        kind, _ = strict_type(msgspec.structs.replace(record.events[0], status=status), record.text)
        assert (kind is None) == (status == "denied")


def numbers_of(ledger: Ledger, **chosen: str) -> list[tuple[str, str]]:
    parts = [
        (one.record.id, told.told.id) for one in selected(ledger, EventFilters(**chosen)) for told in all_coded(one)
    ]
    return sorted(parts)


@pytest.mark.parametrize(
    "chosen", [{"type": "CONSULT"}, {"status": "denied"}, {"place": "صعده"}, {"type": "CONSULT", "since": "2018-07-20"}]
)
def test_an_export_has_the_events_that_the_command_shows(happened: Ledger, chosen: dict[str, str]) -> None:
    shown = [(hit.article, hit.event["id"]) for hit in happened.events(EventFilters(**chosen))]
    assert numbers_of(happened, **chosen) == sorted(shown)
    assert shown


def test_with_an_actor_come_the_statements_of_and_to_somebody(where: str, reader: musnad.Reader) -> None:
    text = "دعا فلاديمير بوتين إسرائيل إلى وقف القصف.\nوأدان أحمد الطيب الهجوم."
    with Ledger(where) as ledger:
        ledger.add([reader.read(musnad.Document(id="u1", published="2018-07-20", text=text))])
        assert ("u1", "s1") in numbers_of(ledger, actor="بوتين")
        assert ("u1", "s1") in numbers_of(ledger, actor="إسرائيل")
        assert numbers_of(ledger, actor="بوتين") != numbers_of(ledger)
        assert numbers_of(ledger, type="ASSAULT", actor="بوتين") == []


def event_of(text: str, trigger: str, **fields: object) -> tuple[musnad.Event, str]:
    start = text.index(trigger)
    span = musnad.Span(start, start + len(trigger), text)
    return musnad.Event(id="e1", triggers=(span,), **{"type": "CONCEDE", "status": "happened", **fields}), text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "trigger", "fields", "coded_as"),
    [
        ("أفرجت السلطات عن السجناء.", "أفرجت", {}, ("RETREAT", "release")),
        ("تعتزم السلطات الإفراج عن السجناء.", "الإفراج", {"status": "planned"}, ("CONCEDE", None)),
        ("أعلن الوزير استقالته.", "استقالته", {}, ("RETREAT", "resign")),
        ("أعلن الطرفان وقف القتال.", "وقف", {}, ("RETREAT", "ceasefire")),
        ("رفعت الدول العقوبات.", "رفعت", {}, ("CONCEDE", None)),
        ("وقع الوزيران اتفاقا.", "وقع", {"type": "AGREE"}, ("SUPPORT", None)),
        ("توصل الوزيران إلى اتفاق.", "توصل", {"type": "AGREE"}, ("AGREE", None)),
        ("التقى الوزيران.", "التقى", {"type": "CONSULT", "mode": "meet"}, ("CONSULT", None)),
        ("قصفت الطائرات القرية.", "قصفت", {"type": "ASSAULT", "mode": "aerial"}, ("ASSAULT", "aerial")),
        ("قضت المحكمة بسجنه.", "قضت", {"type": "COERCE", "mode": "convict"}, ("SANCTION", "convict")),
    ],
)
def test_types_are_those_of_the_manual(
    text: str, trigger: str, fields: dict[str, str], coded_as: tuple[str, str | None]
) -> None:
    assert strict_type(*event_of(text, trigger, **fields)) == coded_as


@pytest.mark.parametrize(
    ("start", "end", "precision", "day"),
    [
        ("2018-07-19", "2018-07-19", "day", "2018-07-19"),
        ("2018-07-18", "2018-07-19", "period", "2018-07-18"),
        ("2018-07-01", "2018-07-31", "month", None),
        ("2016-01-01", "2016-12-31", "year", None),
        ("1970-01-01", "1979-12-31", "period", None),
    ],
)
def test_a_bare_year_is_no_day(start: str, end: str, precision: str, day: str | None) -> None:
    event, text = event_of("أفرجت السلطات عن السجناء.", "أفرجت", date=musnad.Interval(start=start, end=end))
    record = musnad.Record(id="x", text=text, published="2018-07-20", events=(event,))
    (coded,) = all_coded(Selected(record))
    assert (coded.precision, coded.day, coded.start) == (precision, day, start)
    assert ("historical" in coded.contexts) == (end < "2017-07-20")


def test_an_event_without_a_day_has_that_of_the_article(happened: Ledger) -> None:
    rows = {row["event_id"]: row for one in selected(happened) for row in event_rows([one])}
    assert rows["m1-e1-1"]["date_precision"] == "day"
    denied = next(row for row in rows.values() if row["status"] == "denied")
    assert (denied["date_precision"], denied["start"], denied["plover_type"]) == ("published", "2018-07-17", None)
    assert denied["statement_stance"] == "DENY"
    assert denied["sentence"].startswith("ونفى الجيش التركي")
    assert rows["m2-e2-1"]["actor_sector"] == "MIL"


def test_scores_and_codes_are_there_for_every_type_that_is_written() -> None:
    written = {row["becomes"] for row in rows_in("plover.tsv")} - {"-", "="} | set(get_args(EventType))
    assert written <= {row["type"] for row in rows_in("plover_scores.tsv")}
    assert written <= {row["type"] for row in rows_in("cameo.tsv") if row["mode"] == "*"}
