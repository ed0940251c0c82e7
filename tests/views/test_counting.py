"""Numbers agree with their nouns, in every class of the plural rules."""

from __future__ import annotations

import pytest
from babel import Locale

from musnad.lexicon.tables import rows
from musnad.views.counting import count


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "report", "لا روايات"), (1, "report", "رواية واحدة"), (2, "report", "روايتان"), (5, "outlet", "5 منابر"),
        (10, "article", "10 مقالات"), (11, "article", "11 مقالا"), (99, "article", "99 مقالا"), (100, "article", "100 مقال"),
        (102, "report", "102 رواية"), (103, "article", "103 مقالات"), (113, "article", "113 مقالا"), (1298, "statement", "1298 قولا"),
    ],
)  # fmt: skip
def test_arabic_numbers_agree(number: int, noun: str, said: str) -> None:
    assert count(number, noun) == said


def test_english_numbers_agree() -> None:
    assert [count(number, "story", "en") for number in (1, 2)] == ["1 story", "2 stories"]


def test_every_noun_has_every_form() -> None:
    forms = [*Locale("ar").plural_form.rules, "other", "en_one", "en_other"]
    for row in rows("counted.tsv"):
        assert all(row[form] for form in forms), row["noun"]
        assert all("{}" in row[form] for form in ("few", "many", "other", "en_one", "en_other")), row["noun"]
