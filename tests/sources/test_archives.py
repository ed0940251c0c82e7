"""Archives and feeds: Parquet, WARC, packed JSON Lines, RSS, Atom, JSON Feed; what is broken is reported and passed over."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import pytest

import musnad
from musnad.sources import Rejected, read_path, read_stream

TEXT = "قال الوزير إن المحادثات انتهت."
PAGE = (
    "<html><head><title>الوزير يعلن نهاية المحادثات</title></head><body><article><h1>الوزير يعلن نهاية المحادثات</h1>"
    + "".join(
        f"<p>قال الوزير في مؤتمر صحفي عقده مساء أمس إن الجولة رقم {n} من المحادثات انتهت دون نتيجة، وإن اللجنة ستعود.</p>"
        for n in range(5)
    )
    + "</article></body></html>"
)


def articles(path: Path) -> list[musnad.Document]:
    return [item for item in read_path(path) if isinstance(item, musnad.Document)]


def test_parquet_rows_are_articles(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [{"id": str(n), "text": TEXT, "published": "2025-03-01", "more": n} for n in range(3)] + [
        {"id": "x", "text": None}
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    items = list(read_path(tmp_path / "a.parquet"))
    assert [item.id for item in items[:3] if isinstance(item, musnad.Document)] == ["0", "1", "2"]
    assert isinstance(items[3], Rejected)
    assert "row 4" in items[3].where
    (tmp_path / "half.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:200])
    assert "not a whole Parquet file" in str(next(read_path(tmp_path / "half.parquet")))


def test_packed_lines_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps({"id": str(n), "text": TEXT}) + "\n" for n in range(5)).encode()))
    assert [article.id for article in articles(path)] == ["0", "1", "2", "3", "4"]
    path.write_bytes(path.read_bytes()[:40])
    assert "cannot be read" in str(list(read_path(path))[-1])


def test_a_cell_of_a_table_that_holds_no_value_costs_its_row(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    days = pa.array([20_000, 2_000_000_000, 20_000, 2_932_896], pa.int32()).view(pa.date32())  # the last is 9999-12-31
    words = pa.array([TEXT.encode(), TEXT.encode(), b"\xd8 x", TEXT.encode()]).view(pa.string())
    parquet.write_table(pa.table({"text": words, "published": days}), tmp_path / "a.parquet")
    first, *rest = read_path(tmp_path / "a.parquet")
    assert isinstance(first, musnad.Document)
    assert first.published == "2024-10-04"
    assert [str(item).split(", ")[1].split(" holds")[0] for item in rest] == [
        'row 2: "published"', 'row 3: "text"', 'row 4: "published" must be a day like 2025-08-16',
    ]  # fmt: skip


def response(url: str, kind: str, body: str, packed: bool) -> bytes:
    """Return one record of a web archive."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-03-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{abs(hash(url)):032x}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    whole = head.encode() + http + b"\r\n\r\n"
    return gzip.compress(whole) if packed else whole


@pytest.mark.parametrize("packed", [False, True])
def test_the_pages_of_a_web_archive_are_articles(packed: bool, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    records = [
        response("https://example.org/1", "text/html; charset=utf-8", PAGE, packed),
        response("https://example.org/2.png", "image/png", "PNG", packed),
        response("https://example.org/3", "text/html", "<html><body></body></html>", packed),
    ]
    path.write_bytes(b"".join(records))
    items = list(read_path(path))
    assert [item.url for item in items if isinstance(item, musnad.Document)] == ["https://example.org/1"]
    assert ["https://example.org/3" in item.where for item in items if isinstance(item, Rejected)] == [True]
    path.write_bytes(records[0] + records[2][:60])
    assert [article.url for article in articles(path)] == ["https://example.org/1"]


def chunked(data: bytes) -> bytes:
    pieces = [data[at : at + 300] for at in range(0, len(data), 300)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


def record(kind: str, form: str, body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return one record of a web archive as crawlers keep it; `headers` are those of the server."""
    if kind == "response":
        head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Type: {form}", *headers, ""))
        body, form = head.encode() + body, "application/http; msgtype=response"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/1\r\nWARC-Date: 2025-03-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:0>\r\nContent-Type: {form}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def zstd(data: bytes) -> bytes:
    pa = pytest.importorskip("pyarrow")
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


def br(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").compress(data))


BYTES = PAGE.encode()
BODIES = {
    "chunked": (lambda: chunked(BYTES), ["Transfer-Encoding: chunked"]),
    "chunked, not said": (lambda: chunked(BYTES), []),
    "chunked said, not so": (lambda: BYTES, ["Transfer-Encoding: chunked"]),
    "gzip": (lambda: gzip.compress(BYTES), ["Content-Encoding: gzip"]),
    "x-gzip": (lambda: gzip.compress(BYTES), ["Content-Encoding: x-gzip"]),
    "gzip, not said": (lambda: gzip.compress(BYTES), []),
    "gzip said, not so": (lambda: BYTES, ["Content-Encoding: gzip"]),
    "gzip twice": (lambda: gzip.compress(gzip.compress(BYTES)), ["Content-Encoding: gzip, gzip"]),
    "gzip in chunks": (lambda: chunked(gzip.compress(BYTES)), ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]),
    "gzip as transfer": (lambda: chunked(gzip.compress(BYTES)), ["Transfer-Encoding: gzip, chunked"]),
    "deflate": (lambda: zlib.compress(BYTES), ["Content-Encoding: deflate"]),
    "deflate, bare": (lambda: zlib.compress(BYTES)[2:-4], ["Content-Encoding: deflate"]),
    "deflate said, not so": (lambda: BYTES, ["Content-Encoding: deflate"]),
    "br": (lambda: br(BYTES), ["Content-Encoding: br"]),
    "br said, not so": (lambda: BYTES, ["Content-Encoding: br"]),
    "br said, gzip": (lambda: gzip.compress(BYTES), ["Content-Encoding: br"]),
    "zstd": (lambda: zstd(BYTES), ["Content-Encoding: zstd"]),
    "zstd, not said": (lambda: zstd(BYTES), []),
    "no encoding that there is": (lambda: BYTES, ["Content-Encoding: none"]),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_are_read_as_crawlers_keep_them_whatever_the_headers_say(name: str, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    body, headers = BODIES[name]
    (tmp_path / "a.warc").write_bytes(record("response", "text/html", body(), *headers))
    (article,) = read_path(tmp_path / "a.warc")
    assert isinstance(article, musnad.Document)
    assert (article.title, article.text.count("الجولة رقم"), article.published) == (
        "الوزير يعلن نهاية المحادثات", 5, None,
    )  # fmt: skip


def test_a_body_that_is_cut_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    (tmp_path / "a.warc").write_bytes(
        record("response", "text/html", gzip.compress(BYTES)[:-20], "Content-Encoding: gzip")
    )
    *remarks, article = read_path(tmp_path / "a.warc")
    assert any("only its beginning is read" in str(remark) for remark in remarks)
    assert isinstance(article, musnad.Document)


def test_pages_kept_by_themselves_texts_of_wet_files_and_answers_that_are_no_pages(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    records = [
        record("response", "text/html", BYTES, status="404 Not Found"),
        record("response", "text/html", b"", status="301 Moved"),
        record("response", "text/html", BYTES, status="404 Not Found"),
        record("resource", "text/html", BYTES),
        record("resource", "image/png", b"\x89PNG"),
        record("conversion", "text/plain", f"عنوان\n{TEXT}".encode()),
        record("metadata", "text/plain", TEXT.encode()),
        record("response", "text/html", gzip.compress(b" " * (17 << 20)), "Content-Encoding: gzip"),
        record("response", "text/html", BYTES.replace(b"</p>", b"\xff</p>", 1)),
    ]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    page, text, large, bad_byte, damaged, left_out = read_path(tmp_path / "a.warc.gz")
    assert isinstance(page, musnad.Document)
    assert isinstance(text, musnad.Document)
    assert isinstance(damaged, musnad.Document)
    assert (text.text, text.title, text.url, text.published) == (
        f"عنوان\n{TEXT}", "عنوان", "https://example.org/1", None,
    )  # fmt: skip
    assert "larger than 16 MB" in str(large)
    assert "does not fit UTF-8" in str(bad_byte)
    assert "3 answers that are no pages were left out (HTTP status 301: 1, 404: 2)" in str(left_out)


RSS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>الأيام</title><link>https://example.org</link>
<description>x</description><item><title>الوزير يعلن</title><link>https://example.org/1</link><guid>g1</guid>
<pubDate>Sat, 01 Mar 2025 10:00:00 GMT</pubDate><description>&lt;p&gt;{TEXT}&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description></item>
<item><title>بلا نص</title><link>https://example.org/2</link></item></channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>الأيام</title><id>f</id>
<updated>2025-03-01T10:00:00Z</updated><entry><title>الوزير يعلن</title><id>g1</id><link href="https://example.org/1"/>
<updated>2025-03-01T10:00:00Z</updated><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "الأيام",
    "items": [{"id": "g1", "url": "https://example.org/1", "title": "الوزير يعلن", "content_html": f"<p>{TEXT}</p>", "date_published": "2025-03-01T10:00:00Z"}],
})  # fmt: skip


@pytest.mark.parametrize(
    ("name", "feed", "host"),
    [("a.rss", RSS, "example.org"), ("a.atom", ATOM, "feed-1b7959991c95"), ("a.json", JSON_FEED, "feed-1b7959991c95")],
)
def test_the_entries_of_a_feed_are_articles(name: str, feed: str, host: str) -> None:
    first = next(read_stream(feed.encode(), name))
    assert isinstance(first, musnad.Document)
    assert (first.id, first.url, first.outlet, first.published) == (
        f"{host}#g1",
        "https://example.org/1",
        "الأيام",
        "2025-03-01",
    )
    assert first.text.startswith(f"الوزير يعلن\n{TEXT}")


def test_an_entry_without_words_and_a_broken_feed_are_reported() -> None:
    assert ["holds no words" in str(item) for item in read_stream(RSS.encode(), "a.rss")] == [False, True]
    assert all(isinstance(item, Rejected) for item in read_stream(b"<rss><channel><item>", "a.rss"))
