"""The scores behind a statement: candidates and their shares, confidence, and why a statement was read so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import musnad
from musnad import weights
from musnad.lexicon import Lexicon
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.page import Page
from musnad.scores.features import MASKS, PAIR, Columns, kinds_of
from musnad.scores.network import Candidates, pairs

SENTENCE = "قال الوزير سامي الحداد إن المحادثات انتهت. وأضاف أن الوفد غادر المدينة."
LEXICON = Lexicon()
TAGGER = Tagger(LEXICON)


def columns(text: str) -> Columns:
    page = Page(text, LEXICON)
    return Columns(page, Spots(page, TAGGER), np.array([kinds_of(word) for word in page.words]).reshape(-1, 5))


def test_the_likeliest_candidate_wins_unless_none_is_likelier() -> None:
    found = Candidates(np.array([3, 8, 5]), np.array([0, 2, 3]), np.array([0.2, 0.7, 0.3]), np.array([0.1, 0.7]))
    assert found.best(0) == (8, 0.7)
    assert found.best(1) == (-1, 0.7)
    assert found.first(0) == [(8, 0.7), (3, 0.2)]


def test_an_anchor_without_candidates_has_none() -> None:
    found = Candidates(np.array([], int), np.array([0, 0]), np.array([]), np.array([1.0]))
    assert found.best(0) == (-1, 1.0)


def test_pairs_stay_within_the_text_and_among_the_allowed() -> None:
    page = columns(SENTENCE)
    keys, counts = pairs(page, np.array([0, page.size - 1]), "party_end")
    assert counts.tolist() == [page.size, 1]
    assert keys.max() < page.size
    keys, counts = pairs(page, np.array([0]), "party_end", np.array([2, 5]))
    assert keys.tolist() == [2, 5]


@given(st.text(alphabet="قال الوزير إن «»:،.\n", min_size=1, max_size=60))
def test_columns_count_what_stands_between(text: str) -> None:
    if not len(Page(text, LEXICON)):
        return
    page = columns(text)
    at = np.arange(page.size)
    assert page.of_pairs(np.zeros_like(at), at).shape == (page.size, PAIR)
    assert (page.seen[-1] == page.marks.sum(axis=0)).all()
    for mask in range(len(MASKS)):
        places = np.flatnonzero(page.marks[:, mask])
        assert all(page.after[i, mask] == min((p for p in places if p > i), default=page.size + 60) for i in at)


def test_candidates_are_cues_and_colons_but_no_clocks() -> None:
    page = columns("قال الوزير عند الساعة 10:30: «لن نتراجع».")
    words = [page.page.words[i].raw for i in page.candidates]
    assert words == ["قال", ":"]


def test_confidence_is_a_share(reader: musnad.Reader) -> None:
    assert all(0.5 < statement.confidence <= 1 for statement in reader.read(SENTENCE).statements)


def test_a_threshold_leaves_out_the_doubtful_and_frees_what_was_within_them(reader: musnad.Reader) -> None:
    record = reader.read("قال الوزير إن التقرير الذي زعم أن المخزن فارغ غير صحيح.")
    assert record.at_least(0) is record
    assert record.at_least(1.01).statements == ()
    outer, inner = record.statements
    kept = replace(record, statements=(replace(outer, confidence=0.4), replace(inner, confidence=0.8))).at_least(0.5)
    assert [(s.id, s.within) for s in kept.statements] == [(inner.id, None)]


def test_the_explanation_names_what_stood_against_each_decision(reader: musnad.Reader) -> None:
    record, why = reader.explain(SENTENCE)
    assert why["statements"].keys() == {statement.id for statement in record.statements}
    first = why["statements"]["s1"]
    assert first["candidates"]["begin"][0]["words"].startswith("المحادثات")
    assert sum(one["share"] for one in first["candidates"]["begin"]) <= 1.01
    assert any(one["word"] == "إن" for one in first["reasons"]["cue"] + first["reasons"]["begin"])
    dropped = why["statements"]["s2"]
    assert dropped["candidates"]["who"][0]["name"] == "سامي الحداد"


def test_the_record_is_the_same_with_and_without_an_explanation(reader: musnad.Reader) -> None:
    assert reader.explain(SENTENCE)[0] == reader.read(SENTENCE)


@pytest.mark.parametrize("name", ["network", "who", "joining", "confidence"])
@pytest.mark.parametrize("fast", [True, False])
def test_learned_files_are_small_and_finite(name: str, fast: bool) -> None:
    found = weights.load(name, weights.shipped(fast=fast))
    assert all(np.isfinite(array).all() for array in found.values())
    assert sum(array.size for array in found.values()) < 5_000_000
