from __future__ import annotations

import pytest

from musnad.views.across import differences, handling

WHOLE = "لن نوقع الاتفاق قبل عودة جميع النازحين إلى بيوتهم"


@pytest.mark.parametrize(
    ("words", "did"),
    [
        (WHOLE, "whole"),
        ("لن نوقّع الإتفاق قبل عوده جميع النازحين إلى بيوتهم.", "whole"),
        ("لن نوقع الاتفاق", "cut"),
        ("رفض التوقيع ما لم يرجع اللاجئون", "reworded"),
    ],
)
def test_what_a_report_did_to_the_wording(words: str, did: str) -> None:
    assert handling(WHOLE, words) == did


def test_differences_are_the_words_that_the_first_wording_has_not() -> None:
    pieces = differences(WHOLE, "لن نوقع أي اتفاق قبل عودة النازحين")
    assert pieces == [("لن نوقع", True), ("أي اتفاق", False), ("قبل عودة", True), ("النازحين", True)]
