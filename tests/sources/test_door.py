"""The door: what an article brings becomes a `Document` or one clear line; nothing that is stored later needs no check."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from musnad.record import Document
from musnad.sources import Item, Meter, Rejected, Remark, read_path, read_stream

TEXT = "قال الوزير إن المحادثات انتهت في المدينة على خير."


def read_line(**row: object) -> Item:
    (item,) = read_stream(json.dumps(row).encode(), "news.jsonl")
    return item


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"published": "2025-02-30"}, "'2025-02-30'"),
        ({"published": "٢٠٢٥-٠١-٠١"}, "must be a day"),
        ({"published": "9999-12-31"}, "years 1000 to 9000"),
        ({"published": "2025-08-161"}, "must be a day"),
        ({"published": 0}, "not the number 0"),
        ({"published": 20250101}, "not the number 20250101"),
        ({"id": True}, "not true"),
        ({"id": float("nan")}, "not the number nan"),
        ({"id": 1.5}, "not the number 1.5"),
        ({"id": ["1"]}, "not a list"),
        ({"id": {}}, "not an object"),
        ({"id": ".."}, "more than blanks and dots"),
        ({"id": "  "}, "more than blanks and dots"),
        ({"id": "x" * 3000}, "3,000 characters"),
        ({"id": "s\udfff"}, "half a character"),
        ({"url": "http://a\0"}, "NUL"),
        ({"text": "\u200b\u0000\ufffd"}, "no text"),
        ({"text": 5}, "no text"),
    ],
)
def test_what_is_no_article_is_named(row: dict[str, object], reason: str) -> None:
    item = read_line(**{"id": "1", "text": TEXT} | row)
    assert isinstance(item, Rejected)
    assert item.where.startswith("news.jsonl")
    assert reason in item.reason


def test_a_number_of_thousands_of_digits_is_called_one() -> None:
    items = list(
        read_stream(b'{"id": %s, "text": "x"}\n{"id": "2", "text": "x", "n": -%s}' % ((b"9" * 5000,) * 2), "a")
    )
    assert "not a number of 5,000 digits" in str(items[0])
    assert isinstance(items[1], Document)


def test_words_are_mended_and_only_words() -> None:
    item = read_line(id=7, text=f"\ud800{TEXT}\0", title="x" * 5000, outlet="\udfff", published="2026-03-04T01:00:00Z")
    assert isinstance(item, Document)
    assert (item.id, item.text, item.outlet, item.published) == ("7", f"\ufffd{TEXT}\ufffd", "\ufffd", "2026-03-04")
    assert item.title == "x" * 1999 + "…"
    blank = read_line(text=TEXT, published="", title="", outlet="", url="")
    assert isinstance(blank, Document)
    assert (blank.published, blank.title, blank.outlet, blank.url) == (None, None, None, None)


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf", b"\xff\xfe", b"\x01\x02\n", b"\xef\xbb\xbf \n", "\u200f".encode()])
def test_what_shows_nothing_is_empty(data: bytes) -> None:
    (item,) = read_stream(data, "a.txt")
    assert isinstance(item, Rejected)
    assert "the file is empty" in item.reason


def test_one_bad_byte_costs_one_letter_and_is_named() -> None:
    lines = [json.dumps({"id": str(n), "text": TEXT}, ensure_ascii=False).encode() for n in range(3)]
    lines[1] = lines[1].replace("خير".encode(), b"\xff" + "خير".encode())
    data = b"\n".join(lines)
    remark, *articles = read_stream(data, "news.jsonl")
    assert isinstance(remark, Remark)
    assert str(remark).startswith(f"news.jsonl: byte {data.index(0xFF)}, line 2, does not fit UTF-8")
    assert [article.text.count("\ufffd") for article in articles if isinstance(article, Document)] == [0, 1, 0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_cut_in_the_middle_of_a_letter_is_read(encoding: str) -> None:
    remark, article = read_stream(TEXT[:-1].encode(encoding)[:-1], "a.txt")
    assert "does not fit" in str(remark)
    assert isinstance(article, Document)
    assert article.text == TEXT[:-2] + "\ufffd"


def test_a_nul_in_a_text_is_a_bad_byte() -> None:
    remark, article = read_stream(f"{TEXT}\n{TEXT}\0{TEXT}".encode(), "a.txt")
    assert "line 2" in str(remark)
    assert isinstance(article, Document)
    assert article.text == f"{TEXT}\n{TEXT}\ufffd{TEXT}"


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859_6"])
@pytest.mark.parametrize("text", [TEXT, f"{TEXT}\n" * 50, "في البيت، قال: هل من مزيد؟ على من؟"])
def test_old_encodings_are_not_taken_for_damaged_utf_8(encoding: str, text: str) -> None:
    remark, article = read_stream(text.encode(encoding), "a.txt")
    assert encoding in str(remark)
    assert isinstance(article, Document)
    assert article.text == text


def test_what_cannot_be_read_in_a_folder_is_named_and_the_rest_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "z.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "closed").mkdir()
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")
    scandir = os.scandir

    def closed(place: str) -> object:
        if place.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(os, "scandir", closed)
    items = list(read_path(tmp_path))
    assert [isinstance(item, Document) for item in items] == [True, False, False, False, False, True]
    assert [(Path(item.where).name, item.reason.partition(";")[0]) for item in items if isinstance(item, Rejected)] == [
        ("broken", "a link that leads nowhere"),
        ("circle", "a link to a folder is not followed"),
        ("closed", "the folder cannot be read (Permission denied)"),
        ("pipe", "a pipe or device, not a file"),
    ]
    assert Meter([tmp_path]).total == 2 * len(TEXT.encode())


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "/dev/zero", "/dev/urandom"])
def test_a_path_that_is_no_file_is_one_line(path: str) -> None:
    (item,) = read_path(Path(path))
    assert isinstance(item, Rejected)


def test_whatever_a_format_raises_the_next_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str, name: str) -> object:
        raise KeyError("x")

    monkeypatch.setattr("musnad.sources.html.documents", broken)
    (tmp_path / "a.html").write_text("<html><p>x</p></html>", encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    rejected, article = read_path(tmp_path)
    assert "a.html: could not be read (KeyError: 'x')" in str(rejected)
    assert isinstance(article, Document)


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of rejected inputs that names an article, itself, another list, and what is no file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a, b:1").write_text(TEXT, encoding="utf-8")
    (tmp_path / "c.jsonl").write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    (tmp_path / "other").write_text('{"rejected": "c.jsonl"}\n', encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    places = ["c.jsonl:1", "c.jsonl, article 1", "a, b:1", "list:1", "other", "pipe", "/dev/zero", ".", "*.jsonl", "a\0",
              "http://127.0.0.1:1/", "x" * 5000, 5]  # fmt: skip
    lines = [json.dumps({"rejected": place, "reason": "x"}) for place in places]
    (tmp_path / "list").write_text("\n".join([*lines, "[[", "5"]) + "\n", encoding="utf-8")
    return tmp_path / "list"


def test_a_list_of_rejected_inputs_is_read_only_on_request(listed: Path) -> None:
    items = list(read_path(listed))
    assert len(items) == 15
    assert all(isinstance(item, Rejected) for item in items)
    assert "--from rejected" in str(items[0])


def test_a_list_of_rejected_inputs_opens_the_files_that_it_names_and_nothing_else(listed: Path) -> None:
    items = list(read_path(listed, "rejected"))
    assert [item.text for item in items if isinstance(item, Document)] == [TEXT, TEXT]
    said = [str(item) for item in items if isinstance(item, Rejected)]
    assert [line.partition(":")[2].partition(":")[0] for line in said if "not a line of such a list" in line] == [
        "13", "14", "15",
    ]  # fmt: skip
    assert [line.split(":")[1] for line in said if "is no file here" in line] == [
        "6", "7", "8", "9", "10", "11", "12",
    ]  # fmt: skip
    assert sum("a line of a list of rejected inputs" in line for line in said) == 14  # its own lines, and the other's
