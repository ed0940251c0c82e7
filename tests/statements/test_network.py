"""The scores behind a statement: candidates and their shares, confidence, and why a statement was read so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import musnad
from musnad import weights
from musnad.events import confidence as of_events
from musnad.lexicon import Lexicon
from musnad.names.spots import Spots
from musnad.names.tagger import Tagger
from musnad.page import Page
from musnad.scores.features import MASKS, PAIR, Columns, kinds_of
from musnad.scores.network import Candidates, Network, pairs, sentence_means
from musnad.scores.several import Several
from musnad.statements import confidence as of_statements

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


@pytest.mark.parametrize("name", ["statements", "events", "who", "joining", "confidence", "settling"])
@pytest.mark.parametrize("fast", [True, False])
def test_learned_files_are_small_and_finite(name: str, fast: bool) -> None:
    found = weights.load(name, weights.shipped(fast=fast))
    assert all(np.isfinite(array).all() for array in found.values())
    assert sum(array.size for array in found.values()) < 5_000_000


@pytest.mark.parametrize("name", ["statements", "events"])
def test_several_networks_say_what_they_say_on_average(name: str) -> None:
    folder = weights.shipped(fast=False)
    one, other = (Network(weights.load(file, folder)) for file in (name, f"{name}_alone"))
    both = Several([one, other], (0.7, 0.3))
    page, at = columns(SENTENCE), np.array([1, 8])
    words = np.random.default_rng(7).normal(size=(page.size, both.size)).astype(np.float32)
    told = one.encode(words[:, : one.size], page), other.encode(words[:, one.size :], page)
    together = both.encode(words, page)
    assert together == pytest.approx(np.hstack(told))
    keys, counts = pairs(page, at, "speaker")
    numbers = page.of_pairs(np.repeat(at, counts), keys)
    for decision in DECISIONS[name]:
        found = decision(both, together, page, at, keys, numbers, counts)
        first, second = (
            decision(n, h, page, at, keys, numbers, counts) for n, h in zip((one, other), told, strict=True)
        )
        for shares, a, b in zip(found, first, second, strict=True):
            assert shares == pytest.approx(0.7 * a + 0.3 * b, abs=1e-5)


Shares = tuple[Any, ...]
DECISIONS: dict[str, list[Callable[..., Shares]]] = {
    "statements": [
        lambda n, h, page, at, *_: (n.tokens(h), n.cues(h[at], page.of_cues(at))),
        lambda n, h, page, at, *_: (n.stances(h[at], h[at - 1], h[at + 1]), n.kinds(h[at], h[at + 1], contents(page))),
        lambda n, h, page, at, *told: n.point("begin", h[at], h, *told)[:1],
        lambda n, h, page, at, *told: n.point("end", np.hstack([h[at], h[at - 1]]), h, *told)[:1],
    ],
    "events": [
        lambda n, h, page, at, *_: (n.triggers(h), n.event_tokens(h), n.statuses(h[at], h[at + 1])),
        lambda n, h, page, at, *told: (n.sides(h[at], h, *told), *n.point("place", h[at], h, *told)),
    ],
}


def contents(page: Columns) -> Any:
    return page.of_contents(np.array([1, 8]), np.array([3, 9]), np.array([0, 7]))


def test_several_networks_answer_all_that_one_does() -> None:
    assert {name for name in vars(Network) if not name.startswith("_")} <= vars(Several).keys()


@pytest.mark.parametrize("fast", [True, False])
def test_every_shipped_file_is_of_this_state(fast: bool) -> None:
    folder = weights.shipped(fast=fast)
    learned = {"statements.npz", "events.npz", "who.npz", "joining.npz", "confidence.npz", "settling.npz"}
    exact = {"statements_alone.npz", "events_alone.npz", "encoder.onnx", "pieces.npz"}
    assert {file.name for file in folder.iterdir()} == learned | (set() if fast else exact)
    assert len(weights.load("confidence", folder)["event.weight"]) == of_events.SIZE
    assert len(weights.load("confidence", folder)["statement.weight"]) == of_statements.SIZE


def test_a_sentence_as_a_whole_is_the_mean_of_its_tokens() -> None:
    page = columns(SENTENCE)
    hidden = np.arange(page.size, dtype=np.float32)[:, None]
    of_first = hidden[page.sentence == 0].mean()
    assert sentence_means(page, hidden)[0, 0] == pytest.approx(of_first)
    assert sentence_means(page, hidden)[-1, 0] == pytest.approx(hidden[page.sentence == page.sentence[-1]].mean())
