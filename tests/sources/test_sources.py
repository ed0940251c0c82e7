"""What comes in: formats by content, encodings, and one clear line for what cannot be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from musnad import Document
from musnad.sources import Meter, Rejected, Remark, formats, read_path, read_stream

ARTICLE = "عنوان الخبر\nقال الوزير إن المحادثات انتهت في المدينة على خير."
PAGE = f"""<!doctype html><html lang="ar"><head><title>عنوان الخبر</title><meta property="og:site_name" content="صحيفة المثال">
<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head><body><nav>القائمة</nav><article><h1>عنوان الخبر</h1>
{"".join(f"<p>قال الوزير إن المحادثات رقم {n} انتهت في المدينة على خير، وإن الوفد سيعود إلى العاصمة غدا.</p>" for n in range(6))}
</article><footer>حقوق</footer></body></html>"""


def only(items: list[object]) -> object:
    assert len(items) == 1, items
    return items[0]


def test_formats_are_discovered() -> None:
    assert set(formats()) >= {"text", "html", "jsonl"}


def test_plain_text_has_its_headline_as_title() -> None:
    document = only(list(read_stream(ARTICLE.encode(), "x.txt")))
    assert isinstance(document, Document)
    assert (document.text, document.title) == (ARTICLE, "عنوان الخبر")


def test_html_gives_main_text_title_day_and_outlet_whatever_the_file_is_called() -> None:
    document = only(list(read_stream(PAGE.encode(), "x.bin")))
    assert isinstance(document, Document)
    assert (document.title, document.published, document.outlet) == ("عنوان الخبر", "2026-03-04", "صحيفة المثال")
    assert "المحادثات رقم 3" in document.text
    assert "حقوق" not in document.text


def test_windows_1256_is_read_and_said() -> None:
    remark, document = read_stream(ARTICLE.encode("cp1256"), "old.txt")
    assert isinstance(remark, Remark)
    assert "cp1256" in str(remark)
    assert isinstance(document, Document)
    assert document.text == ARTICLE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    documents = [item for item in read_stream(ARTICLE.encode(encoding), "x.txt") if isinstance(item, Document)]
    assert [document.text for document in documents] == [ARTICLE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (bytes(range(256)) * 40, "not a text file"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "not a text file"),
        (b"<html><body></body></html>", "no article text"),
    ],
)
def test_what_is_no_article_is_rejected_with_file_and_reason(data: bytes, reason: str) -> None:
    rejected = only(list(read_stream(data, "bad.bin")))
    assert isinstance(rejected, Rejected)
    assert "bad.bin" in str(rejected)
    assert reason in str(rejected)


def test_json_lines_say_which_line_is_wrong_and_lose_no_other() -> None:
    lines = [
        json.dumps({"id": "1", "text": ARTICLE, "published": "2026-03-04T01:00:00", "outlet": "مثال"}),
        "{broken",
        json.dumps({"id": "3"}),
        json.dumps({"id": "4", "text": ARTICLE, "published": "March"}),
        json.dumps(["not", "an", "article"]),
        json.dumps({"id": 6, "text": ARTICLE}),
    ]
    items = list(read_stream("\n".join(lines).encode(), "news.jsonl"))
    assert [item.id for item in items if isinstance(item, Document)] == ["1", "6"]
    assert [str(item).split(": ")[0] for item in items if isinstance(item, Rejected)] == [
        f"news.jsonl:{n}" for n in (2, 3, 4, 5)
    ]


def test_folders_are_read_in_order_and_hidden_files_left(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden"):
        (tmp_path / name).write_text(ARTICLE + name, encoding="utf-8")
    texts = [item.text for item in read_path(tmp_path) if isinstance(item, Document)]
    assert texts == [ARTICLE + "a.txt", ARTICLE + "b.txt"]


def test_a_missing_path_is_one_clear_line(tmp_path: Path) -> None:
    rejected = only(list(read_path(tmp_path / "none.txt")))
    assert isinstance(rejected, Rejected)
    assert "no such file" in str(rejected)


def test_the_meter_follows_what_has_been_read(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": str(n), "text": ARTICLE}) + "\n" for n in range(2000))
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    with gzip.open(tmp_path / "b.jsonl.gz", "wt", compresslevel=0) as file:
        file.write(lines)
    meter = Meter([tmp_path])
    items = read_path(tmp_path, meter=meter)
    next(items)
    next(items)
    assert 0 < meter.done < meter.total
    assert len(list(items)) == 1999
    assert meter.done == meter.total == sum(path.stat().st_size for path in tmp_path.iterdir())
