"""The record: frozen, anchored, the same through JSON and back."""

from __future__ import annotations

import html
import json
import pickle
from collections.abc import Iterator

import jsonschema
import msgspec
import pytest

import musnad
from musnad import EvidenceError, Record, RecordError, Span

TEXT = "القمة\nقال الوزير إن «المحادثات انتهت»، وفقا لوكالة رويترز."


@pytest.fixture(scope="module")
def record(reader: musnad.Reader) -> Record:
    return reader.read(musnad.Document(id="1", text=TEXT, published="2026-01-02", outlet="مثال"))


def test_a_record_is_the_same_through_dict_and_json(record: Record) -> None:
    assert Record.from_dict(record.to_dict()) == record
    assert Record.from_dict(json.loads(record.to_json())) == record
    assert pickle.loads(pickle.dumps(record)) == record


def test_json_holds_plain_offsets_and_every_key_of_the_design(record: Record) -> None:
    row = json.loads(record.to_json())
    assert set(row) == {
        "id",
        "url",
        "outlet",
        "published",
        "title",
        "text",
        "statements",
        "events",
        "mentions",
        "notes",
    }
    statement = row["statements"][0]
    assert set(statement) == {
        "id",
        "kind",
        "stance",
        "content",
        "cue",
        "speaker",
        "addressee",
        "sources",
        "within",
        "confidence",
    }
    start, end = statement["content"][0]
    assert TEXT[start:end] == "المحادثات انتهت"


def test_the_schema_accepts_what_the_reader_writes_and_refuses_what_it_never_writes(record: Record) -> None:
    schema = musnad.json_schema()
    row = json.loads(record.to_json())
    jsonschema.validate(row, schema)
    row["statements"][0]["stance"] = "SHOUT"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(row, schema)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 3), (4, 2), (0, 999)])
def test_a_span_outside_its_text_cannot_be_built(start: int, end: int) -> None:
    with pytest.raises(EvidenceError):
        Span(start, end, TEXT)


def test_nothing_of_a_record_can_be_altered(record: Record) -> None:
    with pytest.raises(AttributeError):
        record.text = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        record.statements[0].content[0].start = 0


def test_a_statement_without_evidence_cannot_be_built() -> None:
    with pytest.raises(EvidenceError, match="evidence is required"):
        musnad.Statement(id="s1", kind="direct", stance="SAY", content=(), cue=None, speaker=musnad.Party(name="x"))


def test_an_event_without_a_trigger_cannot_be_built() -> None:
    with pytest.raises(EvidenceError, match="event e1 has no trigger"):
        musnad.Event(id="e1", type="CONSULT", status="happened", triggers=())


@pytest.mark.parametrize("name", ["", " ", "\u00a0\n", None])
def test_a_party_without_a_name_cannot_be_built(name: str) -> None:
    with pytest.raises(EvidenceError, match="a party needs a name"):
        musnad.Party(name=name)


def _of_another_text(record: Record) -> Iterator[tuple[str, dict[str, object]]]:
    """Each place where a record holds a span, with fields of which that one span is of another text."""
    strange, own = Span(0, 5, "نص آخر تماما"), Span(7, 10, record.text)
    party, elsewhere = musnad.Party(name="الوزير", span=own), musnad.Party(name="الوزير", span=strange)
    said = {"id": "s1", "kind": "direct", "stance": "SAY", "content": (own,), "cue": own, "speaker": party}
    done = {"id": "e1", "type": "CONSULT", "status": "happened", "triggers": (own,)}
    days = musnad.Interval(start="2026-01-01", end="2026-01-02", span=strange)
    for field, value in {
        "content": (own, strange), "cue": strange, "speaker": elsewhere, "addressee": elsewhere, "sources": (party, elsewhere),
    }.items():  # fmt: skip
        yield field, {"statements": (musnad.Statement(**{**said, field: value}),)}
    for field, value in {
        "triggers": (own, strange), "actors": (elsewhere,), "recipients": (elsewhere,), "date": days, "place": elsewhere,
    }.items():  # fmt: skip
        yield field, {"events": (musnad.Event(**{**done, field: value}),)}
    yield "mention", {"mentions": (musnad.Mention(span=strange, kind="PERSON", name="الوزير"),)}
    yield "note", {"notes": (musnad.Note(code="open-quote", span=strange),)}


def test_a_record_whose_spans_are_of_another_text_cannot_be_built(record: Record) -> None:
    for _place, fields in _of_another_text(record):
        with pytest.raises(EvidenceError, match="is of another text than article 1"):
            Record(id="1", text=record.text, **fields)  # type: ignore[arg-type]
    with pytest.raises(EvidenceError, match="another text"):
        msgspec.structs.replace(record, text=record.text + " ")


def test_spans_of_an_equal_text_are_spans_of_the_text(record: Record) -> None:
    again = "".join(list(record.text))  # equal, and another object
    assert again is not record.text
    assert Record(id="1", text=again, mentions=record.mentions).mentions == record.mentions


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "'text'"),
        ({"id": "1"}, "'text'"),
        ({"text": "نص"}, "id"),
        ({"id": "1", "text": "نص", "statements": [{"id": "s1"}]}, "kind"),
        ({"id": "1", "text": "نص", "mentions": [{"span": [0, 99], "kind": "PERSON", "name": "x"}]}, "not within"),
        ({"id": "1", "text": "نص", "mentions": [{"span": "x", "kind": "PERSON", "name": "x"}]}, "two whole numbers"),
        ({"id": "1", "text": "نص", "surprise": 1}, "surprise"),
    ],
)
def test_a_row_that_is_no_record_is_refused_with_the_reason(row: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        Record.from_dict(row)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("published", "2025-02-30"),
        ("published", "2025-13-45"),
        ("published", "٢٠٢٥-٠١-٠١"),
        ("published", "0999-12-31"),
        ("published", "9000-12-32"),
        ("published", "9999-12-31"),
        ("published", "2025-1-1"),
        ("published", "2025-01-01T10:00"),
        ("published", ""),
        ("id", ""),
        ("id", " \u200b\n"),
        ("id", "."),
        ("id", ".."),
        ("id", "x" * 2_001),
        ("id", "a\0"),
        ("text", "قال\ud800"),
        ("text", "قال\0"),
        ("text", "x" * 5_000_001),
        ("title", "\udfff"),
        ("title", "x" * 2_001),
        ("outlet", "x\0"),
        ("url", "http://\ud800"),
    ],
)
def test_an_article_that_no_store_keeps_cannot_be_built(field: str, value: str) -> None:
    article = {"id": "1", "text": TEXT, field: value}
    with pytest.raises(RecordError, match=f'"{field}"') as raised:
        musnad.Document(**article)
    assert len(str(raised.value)) < 300
    str(raised.value).encode()
    with pytest.raises(RecordError, match=f'"{field}"'):
        Record.from_dict(article)


def test_the_bounds_themselves_are_within(reader: musnad.Reader) -> None:
    for day in ("1000-01-01", "9000-12-31"):
        article = musnad.Document(id="x" * 2_000, text="قال الوزير يوم الجمعة إنه سيعود غدا.", published=day)
        assert reader.read(article).published == day
    assert len(musnad.Document(id="1", text="ا" * 1_000_000).text) == 1_000_000


def test_a_record_is_shown_in_a_line_and_in_a_notebook_as_its_page(reader: musnad.Reader) -> None:
    record = reader.read(
        musnad.Document(id='"<b>', outlet="الأيام", published="2025-03-01", text="قال الوزير إن المحادثات انتهت. " * 9)
    )
    assert repr(record) == (
        "Record(id='\"<b>', outlet='الأيام', published='2025-03-01', "
        f"text='قال الوزير إن المحادثات انتهت. قال الوزي'…, 9 statements, {len(record.events)} events)"
    )
    shown = record._repr_html_()
    assert shown.startswith("<iframe sandbox srcdoc=")
    assert shown.count("<") == 2  # the frame and its end: the page within is escaped
    assert "mark class" in html.unescape(shown)
