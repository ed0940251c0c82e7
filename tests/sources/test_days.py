"""A page's or an entry's day of publication is right or unknown: `pages.tsv` holds the pages, `feeds.tsv` the dates of feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from musnad import Document
from musnad.sources import Remark, read_stream

HERE = Path(__file__).parent
PARAGRAPHS = (
    "قال وزير المالية سامي ناصر إن الميزانية كافية ولا زيادة في الضرائب هذا العام، وإن الحكومة ستواصل دعم الأسر الفقيرة في المدن والقرى.",
    "وأضاف الوزير أن «الخزانة تملك ما يكفي لدفع الأجور حتى نهاية العام»، مشيرا إلى أن المفاوضات مع صندوق النقد مستمرة في القاهرة.",
    "ونفى المتحدث باسم الوزارة عادل منصور وجود خلاف بين الحكومة والبرلمان حول بنود الميزانية، وقال إن اللجنة ستعود إلى الاجتماع.",
)
PAGE = (
    '<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>وزير المالية: الميزانية كافية - صحيفة الميناء</title>'
    '{head}</head><body><nav><a href="/">الرئيسية</a><a href="/s">سياسة</a></nav>{above}<h1>وزير المالية: الميزانية كافية</h1>{below}{text}'
    "{end}<footer>جميع الحقوق محفوظة</footer></body></html>"
)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>الميناء</title><link>https://m.example/</link><item><title>خبر</title>'
    "<link>https://m.example/1</link><pubDate>{}</pubDate><description>قال الوزير إن المحادثات انتهت.</description></item></channel></rss>"
)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of examples."""
    lines = [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    keys = lines[0].split("\t")
    return [dict.fromkeys(keys, "") | dict(zip(keys, line.split("\t"), strict=False)) for line in lines[1:]]


def page(row: dict[str, str]) -> str:
    """The page of a row: an article in an <article>, its paragraphs between what the row holds."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return PAGE.format(
        head=row["head"], above=f"<article>{row['above']}", below=row["below"], text=text, end=f"{row['end']}</article>"
    )


@pytest.mark.parametrize("row", rows("pages.tsv"), ids=lambda row: row["what"])
def test_the_day_of_a_page(row: dict[str, str]) -> None:
    *remarks, document = read_stream(page(row).encode(), "page.html")
    assert isinstance(document, Document)
    assert str(document.published).replace("None", "null") == row["day"]
    assert all(isinstance(remark, Remark) and "day" in str(remark) for remark in remarks)


def test_what_is_not_believed_is_told() -> None:
    told = {row["what"]: read_stream(page(row).encode(), "page.html") for row in rows("pages.tsv")}
    assert "several days of publication (2023-01-01, 2025-03-05)" in str(next(told["two days that contradict"]))
    assert "only when it was changed (2025-03-06)" in str(next(told["only the day of a change is visible"]))
    assert "'2025-02-30' is not understood" in str(next(told["an impossible day"]))
    assert "plainly" in str(next(told["a day in the text"]))
    assert isinstance(next(told["no date at all"]), Document)


@pytest.mark.parametrize("row", rows("feeds.tsv"), ids=lambda row: row["written"])
def test_the_day_of_an_entry(row: dict[str, str]) -> None:
    *remarks, document = read_stream(FEED.format(row["written"]).encode(), "feed.xml")
    assert isinstance(document, Document)
    assert str(document.published).replace("None", "null") == row["day"]
    assert len(remarks) == (row["day"] == "null")
