"""What a text says of a name in one place holds for the same words in another."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from musnad.names.echo import add_echoes


def test_a_surname_alone_is_the_person_named_in_full() -> None:
    forms = ["وصل", "سامي", "الحداد", "ثم", "عاد", "الحداد"]
    assert add_echoes(forms, [(1, 3, "PER")], {}) == [(1, 3, "PER"), (5, 6, "PER")]


def test_a_name_of_several_words_is_found_again_whole() -> None:
    forms = ["حزب", "النهر", "الاخضر", "فاز", "وقال", "حزب", "النهر", "الاخضر"]
    assert add_echoes(forms, [(0, 3, "ORG"), (6, 7, "LOC")], {}) == [(0, 3, "ORG"), (5, 8, "ORG")]


def test_the_same_words_are_of_one_kind() -> None:
    forms = ["طرابلس", "و", "طرابلس", "و", "طرابلس"]
    spans = [(0, 1, "LOC"), (2, 3, "PER"), (4, 5, "LOC")]
    assert add_echoes(forms, spans, {}) == [(0, 1, "LOC"), (2, 3, "LOC"), (4, 5, "LOC")]


def test_a_common_word_is_no_echo() -> None:
    assert add_echoes(["سامي", "الامل", "ثم", "الامل"], [(0, 2, "PER")], {"الامل": 9000}) == [(0, 2, "PER")]


@given(
    st.lists(st.sampled_from(["سامي", "الحداد", "نهر", "مدينه", "و"]), max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(1, 3), st.sampled_from(["PER", "LOC", "ORG"])), max_size=8),
)
def test_names_never_overlap_and_never_leave_the_text(forms: list[str], wanted: list[tuple[int, int, str]]) -> None:
    spans: list[tuple[int, int, str]] = []
    for first, length, kind in sorted(wanted):
        if first >= (spans[-1][1] if spans else 0) and first + length <= len(forms):
            spans.append((first, first + length, kind))
    found = add_echoes(forms, spans, {})
    assert found == sorted(found)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(found))
    assert all(0 <= first < last <= len(forms) for first, last, _ in found)
