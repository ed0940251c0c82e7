"""Words and marks with their offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musnad.text.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("قال د. محمد: «لا».", ["قال", "د.", "محمد", ":", "«", "لا", "»", "."]),
        ("أ.د.سامي، م/ أحمد", ["أ.", "د.", "سامي", "،", "م/", "أحمد"]),
        ("على عمق 500 م. وقال", ["على", "عمق", "500", "م", ".", "وقال"]),  # metres
        ("وكالة د.ب.أ الألمانية", ["وكالة", "د", ".", "ب", ".", "أ", "الألمانية"]),  # initials of an agency
        ("السلم و/أو الحرب", ["السلم", "و", "/", "أو", "الحرب"]),
        ("#حزب_الله 1.4 مليون\nثم", ["حزب", "الله", "1.4", "مليون", "\n", "ثم"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text).raw == tokens


@given(st.text(alphabet="قالد.مأ/و #_\n1«»\u200f\u064b،", max_size=60))
def test_every_token_stands_where_it_says(text: str) -> None:
    raw, start, end = tokenize(text)
    assert [text[a:b] for a, b in zip(start, end, strict=True)] == raw
    assert all(a < b for a, b in zip(start, end, strict=True))
    assert start == sorted(start)
    gaps = [text[a:b] for a, b in zip([0, *end], [*start, len(text)], strict=True)]
    assert set("".join(gaps)) <= set(" #_\u200f")
