"""Words are found in any spelling, with any particle; hostile words are only words."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import musnad
from musnad.errors import SearchError
from musnad.ledger import Filters, Ledger
from musnad.ledger.search import marks, parse
from musnad.ledger.terms import Terms


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        ("وقف إطلاق النار", ["a1", "a2", "a3"]),
        ("وقف اطلاق", ["a1", "a2", "a3"]),
        ("لوقف", ["a1", "a2", "a3"]),
        ('"إطلاق النار"', ["a1", "a2", "a3"]),
        ('"النار إطلاق"', []),
        ("«هدنة كاملة»", ["a2", "a3"]),
        ("اتفا*", ["a1"]),
        ("للحكومة", ["a1"]),
        ("اتفاق هدنة", []),
    ],
)
def test_a_query_finds(query: str, articles: list[str], ledger: Ledger) -> None:
    assert sorted({hit.article for hit in ledger.search(query)}) == articles


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(stance="DENY"), {("a1", "الحركة")}),
        (Filters(speaker="الخوري", since="2025-03-02"), {("a2", "سامي الخوري"), ("a3", "سامي الخوري")}),
        (Filters(speaker="خوري سامي", until="2025-03-02"), {("a1", "سامي الخوري")}),
        (Filters(source="رويترز"), {("a1", "الحركة")}),
        (Filters(kind="direct", outlet="الشروق"), {("a2", "هدى سالم")}),
        (Filters(speaker="لا أحد"), set()),
    ],
)
def test_filters_narrow(filters: Filters, expected: set[tuple[str, str]], ledger: Ledger) -> None:
    assert {(hit.article, hit.speaker) for hit in ledger.statements(filters)} == expected


def test_what_is_less_sure_is_left_out(ledger: Ledger) -> None:
    sure = sorted(hit.statement["confidence"] for hit in ledger.statements(limit=100))
    middle = sure[len(sure) // 2]
    kept = ledger.statements(Filters(min_confidence=middle), limit=100)
    assert sorted(hit.statement["confidence"] for hit in kept) == [share for share in sure if share >= middle]
    assert 0 < len(kept) < len(sure)
    assert ledger.search("اطلاق النار", Filters(min_confidence=1.0)) == []


def test_the_words_asked_for_are_marked(ledger: Ledger) -> None:
    hit = ledger.search("اطلاق النار")[0]
    assert [hit.words[start:end] for start, end in hit.marks] == ["إطلاق", "النار"]


def test_rows_come_page_by_page(ledger: Ledger) -> None:
    rows = ledger.statements(limit=100)
    assert [ledger.statements(limit=1, offset=at)[0] for at in range(len(rows))] == rows


@pytest.mark.parametrize("query", ["", "   ", "*", "%_", '"', "-- ;", "«»", "؟"])
def test_a_query_without_words_says_so(query: str, ledger: Ledger) -> None:
    with pytest.raises(SearchError, match="nothing to look for"):
        ledger.search(query)


def test_a_query_without_end_says_so(ledger: Ledger) -> None:
    with pytest.raises(SearchError, match="10000 characters"):
        ledger.search("س" * 10_000)
    with pytest.raises(SearchError, match="more than 32 words"):
        ledger.search("كلمة " * 50)


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE statements; --",
        '" OR 1=1',
        "NEAR(وقف النار)",
        "وقف AND",
        "NOT",
        "a:*",
        "وقف)(",
        "!وقف & |",
        "\\'وقف",
        "line : x",
    ],
)
def test_hostile_words_are_only_words(query: str, ledger: Ledger) -> None:
    ledger.search(query)
    ledger.statements(Filters(speaker=query, source=query, outlet=query))
    assert ledger.counts()["documents"] == 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=80))
def test_any_text_gives_rows_or_a_clear_error(ledger: Ledger, query: str) -> None:
    with contextlib.suppress(SearchError):
        ledger.search(query.replace("\0", ""))


WORDS = st.sampled_from(["اتفاق", "الاتفاق", "هدنة", "وهدنة", "السلام", "للسلام", "حرب", "مدينة", "مدينه"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(WORDS, min_size=3, max_size=7), min_size=1, max_size=6), st.lists(WORDS, min_size=1, max_size=2)
)
def test_the_index_finds_what_a_plain_look_finds(
    where: str, fast: musnad.Reader, contents: list[list[str]], wanted: list[str]
) -> None:
    terms = Terms(fast.lexicon)
    articles = [
        musnad.Document(id=str(n), text=f"قال الوزير سامي الخوري: «{' '.join(words)}».")
        for n, words in enumerate(contents)
    ]
    with Ledger(where) as ledger:
        ledger.add(fast.read(article) for article in articles)
        clauses = parse(" ".join(wanted), terms)
        hits = {(hit.article, hit.statement["id"]) for hit in ledger.search(" ".join(wanted), limit=1000)}
        for article in ledger.records():
            if int(article.id) >= len(articles):
                continue
            for statement in article.statements:
                found = {w for w, _, _ in terms.of_text(statement.text)}
                has_all = all(set(clause.terms) <= found for clause in clauses)
                assert ((article.id, statement.id) in hits) == has_all
                assert bool(marks(statement.text, clauses, terms)) or not has_all
