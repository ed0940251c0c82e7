"""The reader as a program uses it: one for all threads, picklable, the same answer every time."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import musnad
from musnad import weights
from musnad.demo import demo_documents
from musnad.lexicon.tables import rows

_PIECES = st.sampled_from(
    ["قال", "وأضاف", "الوزير", "إن", "أن", ":", "«", "»", '"', "“", "”", "،", ".", "\n", "رويترز", "لـ", "وفقا", "بحسب", "نقلت", "عن",
     "ترامب", "مؤكدا", "نفى", "دعا", "إلى", "(", ")", "-", "..", "؟", "الذي", "كان", "حث", "وصف", "بأنه", "اتهم", "ب", "كما", "أعرب", "أمله",
     "\u200f", "\u202e", "ﻗﺎل", "CNN", "10:30", "ـ", "\u064b", "جاء", "في", "البيان", "لكن", "\t", "\x01", "🙂"]
)  # fmt: skip
_LEXICON = sorted(
    {word for table, column in (("particles.tsv", "words"), ("lists.tsv", "words"), ("roles.tsv", "noun"), ("venues.tsv", "noun"))
     for row in rows(table) for word in row[column].split()}
    | {part for row in rows("cues.tsv") for part in (row["lemma"], "و" + row["lemma"], row["present"], row["participle"]) if part}
)  # fmt: skip
_TEXTS = st.one_of(
    st.lists(st.one_of(st.sampled_from(_LEXICON), _PIECES), max_size=40).map(" ".join),
    st.lists(_PIECES, max_size=60).map(" ".join),
    st.lists(_PIECES, max_size=60).map("".join),
    st.text(max_size=200).map(lambda text: text.replace("\0", "\x01")),  # NUL is refused
)


@settings(max_examples=400, deadline=None)
@given(text=_TEXTS)
@example(text="")
@example(text="قال«" * 50)
@example(text='"' * 101)
@example(text="وأضاف:")
@example(text="فعالية مؤيدة")
@example(text="الوزير لـ: نحن هنا\nالوزير")
def test_any_text_gives_a_record_whose_spans_are_its_words(reader: musnad.Reader, text: str) -> None:
    record = reader.read(text)
    assert record.text == text
    row = record.to_dict()
    assert musnad.Record.from_dict(row) == record
    for statement in record.statements:
        for span in statement.content:
            assert text[span.start : span.end] == span.text
            assert span.text.strip()
        if statement.within:
            assert statement.within in {other.id for other in record.statements} - {statement.id}
    ends = [0]
    for mention in record.mentions:
        assert mention.span.start >= ends[-1]
        ends.append(mention.span.end)
    assert reader.read(text) == record


def test_every_form_has_its_own_vector() -> None:
    used, vectors = weights.vectors()
    assert len(used) == len(vectors)
    like = vectors @ vectors[used["قال"]] / (1e-9 + (vectors**2).sum(axis=1) ** 0.5)
    nearest = {form for form, number in used.items() if number in like.argsort()[-9:]}
    assert {"اكد", "اوضح", "صرح"} <= nearest


def test_vectors_that_are_not_of_the_forms_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    forms = np.frombuffer("قال\nاكد\nذكر".encode(), np.uint8)
    monkeypatch.setattr(weights, "load", lambda name: {"forms": forms, "vectors": np.zeros((2, 48))})
    with pytest.raises(ValueError, match="3 forms and 2 vectors"):
        weights.vectors.__wrapped__()


def test_threads_share_a_reader() -> None:
    shared = musnad.Reader()
    documents = demo_documents() * 8
    alone = [musnad.Reader().read(document) for document in demo_documents()] * 8
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(shared.read, documents)) == alone


def test_a_reader_travels_to_workers(reader: musnad.Reader) -> None:
    again = pickle.loads(pickle.dumps(reader))
    assert again.read(demo_documents()[0]) == reader.read(demo_documents()[0])


@pytest.mark.parametrize(
    "text",
    ["«" * 5000, "قال " * 5000, 'قال "' * 2000, "قال الوزير إن " * 2000],
    ids=["marks", "cues", "open", "clauses"],
)
def test_hostile_repetition_ends(reader: musnad.Reader, text: str) -> None:
    assert reader.read(text).text == text


def test_read_all_keeps_the_order(reader: musnad.Reader) -> None:
    documents = demo_documents()
    assert [record.id for record in reader.read_all(documents)] == [document.id for document in documents]
