"""Names that the tagger misses in short texts: each sentence with what it has to name there."""

from __future__ import annotations

import pytest

import musnad

SENTENCES = [
    ("قدمت قطر مساعدات للصومال.", {"قطر", "الصومال"}),
    ("استأنفت القاهرة والدوحة علاقاتهما.", {"القاهرة", "الدوحة"}),
    ("وقع السودان وجنوب السودان اتفاق سلام.", {"السودان", "جنوب السودان"}),
    ("قطعت السعودية علاقاتها مع قطر.", {"السعودية", "قطر"}),
    pytest.param(
        "أرسل الهلال الأحمر قافلة إلى الموصل.", {"الهلال الأحمر", "الموصل"}, marks=pytest.mark.xfail(strict=True)
    ),
    ("قصفت طائرات النظام قرى على أطراف ريف إدلب.", {"ريف إدلب"}),
    ("حكمت المحكمة على زعيم المعارضة علي سلمان.", {"علي سلمان"}),
    ("وصلت تيريزا ماي إلى لندن.", {"تيريزا ماي", "لندن"}),
    ("زار الوفد مسقط رأسه في بغداد.", {"بغداد"}),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_names_of_a_sentence(text: str, expected: set[str], reader: musnad.Reader) -> None:
    mentions = reader.read(text).mentions
    assert {mention.name for mention in mentions} == expected
