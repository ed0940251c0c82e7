"""People told by what they are, in every case, and names that only look so."""

from __future__ import annotations

import pytest

from musnad.ledger.rows import entity_of
from musnad.ledger.terms import shared
from musnad.lexicon import Lexicon
from musnad.names.cases import in_no_case

LEXICON = Lexicon()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("الحوثيين", "الحوثيون"),
        ("مسلحين مجهولين", "مسلحون مجهولون"),
        ("الطرفين", "الطرفان"),
        ("مسؤولا أمنيا", "مسؤول أمني"),
        ("صحفيين اثنين", "صحفيين اثنين"),
        ("المسؤولين الذين حضروا", "المسؤولون الذين حضروا"),
        ("الأمين العام للأمم المتحدة", "الأمين العام للأمم المتحدة"),
        ("ابنها", "ابنها"),
        ("بنيامين نتنياهو", "بنيامين نتنياهو"),
        ("الصين", "الصين"),
        ("سوريا", "سوريا"),
        ("الأرجنتين", "الأرجنتين"),
        ("", ""),
        (" ", " "),
    ],
)
def test_people_are_known_in_the_nominative(written: str, expected: str) -> None:
    assert in_no_case(written, LEXICON) == expected


@pytest.mark.parametrize(("one", "other"), [("الفلسطينيين", "الفلسطينيون"), ("المتظاهرين", "المتظاهرون")])
def test_a_ledger_knows_them_as_one(one: str, other: str) -> None:
    assert entity_of(one, None, shared()) == entity_of(other, None, shared())
