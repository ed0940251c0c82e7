from __future__ import annotations

import pytest

from musnad.text.quotes import pair_quotes
from musnad.text.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("قال: «لن نتراجع».", ["لن نتراجع"]),
        ('قال: "لن نتراجع".', ["لن نتراجع"]),
        ("قال: “لن نتراجع”.", ["لن نتراجع"]),
        ("قال لـ»العربية»: «لن نتراجع».", ["العربية", "لن نتراجع"]),
        ("قال: «وصفها «الخدعة» وانصرف».", ["وصفها «الخدعة» وانصرف", "الخدعة"]),
        ('"أ" ثم "ب"', ["أ", "ب"]),
    ],
)
def test_marks_are_paired_as_they_are_typed(text: str, inside: list[str]) -> None:
    tokens = tokenize(text)
    pairs = pair_quotes(*tokens)
    found = [text[tokens.end[o] : tokens.start[c]] for o, c in sorted(pairs.close.items())]
    assert found == inside
    assert not pairs.unclosed


def test_a_mark_left_open_is_reported_and_ends_with_its_line() -> None:
    tokens = tokenize("قال: «لن نتراجع\nوانصرف.")
    pairs = pair_quotes(*tokens)
    assert [tokens.raw[i] for i in pairs.unclosed] == ["«"]
    assert not pairs.close
