from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.text.fold import fold, fold_map


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("أكّد", "اكد"),
        ("إلى", "الي"),
        ("مسؤولة", "مسووله"),
        ("قـــال", "قال"),
        ("ﻗﺎل", "قال"),  # presentation forms
        ("١٢٣", "123"),
        ("قال\u200f", "قال"),
        ("CNN", "cnn"),
    ],
)
def test_spellings_fold_to_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(
    st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=80)
)
def test_the_map_leads_back_into_the_original(text: str) -> None:
    folded, offsets = fold_map(text)
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)
    assert all(0 <= a <= b <= len(text) for a, b in itertools.pairwise(offsets))
    for i in range(len(folded)):
        assert folded[i] in fold(text[offsets[i]])
