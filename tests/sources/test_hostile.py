"""Servers that mean no good: each answer ends in one line, in little memory and in time, and the next address is read."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

import musnad
from musnad.sources import Rejected, Remark, read_stream
from musnad.sources.naming import is_own
from tests.sources.test_archives import PAGE, TEXT

pytest.importorskip("httpx")
pytest.importorskip("protego")
from musnad.sources.fetching import Fetcher, fetcher
from musnad.sources.fetching.connecting import is_public

Answer = bytes | Callable[[socket.socket], None]


def http(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    """An answer; `Content_Type` is Content-Type."""
    body = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}Connection: close\r\n\r\n".encode() + body


class Server:
    """Answers each path with the bytes, or by the function, that the test gives; `asked` says what came, without robots.txt."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {"/page": http(PAGE)}
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(65536) or b"\r\n\r\n"
                path = head.split(b" ")[1].decode()
                if path != "/robots.txt":
                    self.asked.append(path)
                answer = self.answers.get(path, http(status=404))
                if callable(answer):
                    answer(connection)
                else:
                    connection.sendall(answer)
            except (OSError, IndexError):
                return

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


def fetched(url: str, *, private: bool = True, sleeps: list[float] | None = None) -> list[object]:
    one = Fetcher(pause=0.0, allow_private=private, sleep=(sleeps if sleeps is not None else []).append)
    try:
        return list(one.items(url))
    finally:
        one.close()


def pages(items: list[object]) -> list[str]:
    return [item.id for item in items if isinstance(item, musnad.Document)]


def bomb(megabytes: int) -> bytes:
    pack = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(pack.compress(b" " * (1 << 20)) for _ in range(megabytes)) + pack.flush()


ANSWERS = [
    ("moves without saying where", http(status=302), "does not say where"),
    ("moves to a broken address", http(status=302, Location="http://[::1"), "cannot be fetched"),
    ("moves in a circle", http(status=302, Location="/x"), "more than 5 redirections"),
    ("moves to a file", http(status=302, Location="file:///etc/passwd"), "only http and https"),
    ("moves to a user's name", http(status=302, Location="http://u@127.0.0.1/"), "a user name in an address is not sent"),
    ("unchanged, though nothing is known", http(status=304), "answers 304"),
    ("packed twice", http(gzip.compress(bomb(20)), Content_Encoding="gzip, gzip"), "packed as gzip, gzip"),
    ("packed thirty times", http(b"x", Content_Encoding=", ".join(["gzip"] * 30)), "though gzip was asked for"),
    ("packed otherwise", http(b"x" * 99, Content_Encoding="br"), "packed as br"),
    ("a bomb", http(bomb(40), Content_Encoding="gzip"), "larger than 16 MB"),
    ("not packed as it says", http(b"x" * 99, Content_Encoding="gzip"), "not packed as gzip"),
    ("breaks off", http(gzip.compress(PAGE.encode())[:-20], Content_Encoding="gzip"), "breaks off"),
    ("a length that is none", http(PAGE, Content_Length="-1"), "cannot be fetched"),
    ("headers without end", b"HTTP/1.1 200 OK\r\n" + b"A: x\r\n" * 100_000, "cannot be fetched"),
    ("no HTTP", b"\x00\xff" * 500, "cannot be fetched"),
    ("nothing", b"", "cannot be fetched"),
    ("a sitemap of nothing", http("<urlset>" + "<loc>" * 1000), "names no pages"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_an_answer_that_is_none_is_one_line(answer: bytes, reason: str, server: Server) -> None:
    server.answers["/x"] = answer
    (item,) = fetched(f"{server.url}/x")
    assert isinstance(item, Rejected)
    assert reason in str(item)
    assert len(str(item)) < 5000


def test_a_packed_page_is_read(server: Server) -> None:
    server.answers["/x"] = http(gzip.compress(PAGE.encode()), Content_Encoding="gzip")
    server.answers["/y"] = http(zlib.compress(PAGE.encode()), Content_Encoding="deflate")
    assert pages(fetched(f"{server.url}/x") + fetched(f"{server.url}/y")) == [f"{server.url}/x", f"{server.url}/y"]


def test_slow_headers_and_bodies_end_in_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def drop_by_drop(start: bytes) -> Callable[[socket.socket], None]:
        def answer(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + start)
            for _ in range(100):
                connection.sendall(b"A: x\r\n")
                time.sleep(0.2)

        return answer

    monkeypatch.setattr(fetcher, "_LONGEST", 1.0)
    server.answers |= {"/head": drop_by_drop(b""), "/body": drop_by_drop(b"Content-Length: 9999\r\n\r\n")}
    began = time.monotonic()
    for path in ("/head", "/body"):
        assert "not all there after 1 seconds" in str(fetched(server.url + path)[0])
    assert time.monotonic() - began < 15


_IN_LITTLE_MEMORY = """
import resource, sys
from musnad.sources.fetching import Fetcher
from trafilatura import bare_extraction
most = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + (200 << 20)
resource.setrlimit(resource.RLIMIT_AS, (most, most))
fetcher = Fetcher(pause=0.0, allow_private=True)
for path in ("/bomb", "/bombs", "/endless"):
    print(*fetcher.items(sys.argv[1] + path))
"""


def test_bombs_need_little_memory(server: Server) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")

    server.answers |= {
        "/bomb": http(bomb(400), Content_Encoding="gzip"),
        "/bombs": http(gzip.compress(bomb(400)), Content_Encoding="gzip, gzip"),
        "/endless": endless,
    }
    done = subprocess.run(
        [sys.executable, "-c", _IN_LITTLE_MEMORY, server.url], capture_output=True, text=True, timeout=120, check=True
    )
    assert ["larger" in line or "packed as" in line for line in done.stdout.splitlines()] == [True] * 3


def test_a_broken_address_in_a_sitemap_loses_no_other(server: Server) -> None:
    places = [
        "file:///etc/passwd",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "javascript:alert(1)",
        "/page",
        "//x y",
        "/page",
    ]
    server.answers["/map"] = http(
        "<urlset>" + "".join(f"<url><loc>{place}</loc></url>" for place in places) + "</urlset>"
    )
    items = fetched(f"{server.url}/map")
    assert pages(items) == [f"{server.url}/page"]
    assert server.asked.count("/page") == 1


def test_sitemaps_that_lead_in_circles_or_down_for_ever_end(server: Server) -> None:
    def index(place: str) -> bytes:
        return http(f"<sitemapindex><sitemap><loc>{place}</loc></sitemap></sitemapindex>")

    server.answers |= {"/self": index("/self"), "/a": index("/b"), "/b": index("/a")}
    server.answers |= {f"/{n}": index(f"/{n + 1}") for n in range(50)}
    assert fetched(f"{server.url}/self") + fetched(f"{server.url}/a") == []
    assert server.asked == ["/self", "/a", "/b"]
    assert all(isinstance(item, Rejected) for item in fetched(f"{server.url}/0"))
    assert len(server.asked) < 10


def test_a_sitemap_leads_to_so_many_pages(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "_PLACES", 10)
    server.answers["/map"] = http("<urlset>" + "".join(f"<loc>/{n}</loc>" for n in range(50)) + "</urlset>")
    items = fetched(f"{server.url}/map")
    assert "more than 10 pages" in str(next(item for item in items if isinstance(item, Remark)))
    assert len(server.asked) == 10


def test_pages_and_pauses_are_counted_by_host(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetcher, "_PAGES", 2)
    other = Server()
    places = [f"{server.url}/page", f"{other.url}/page", f"{server.url.replace('//', '//u1@')}/page"]
    server.answers["/map"] = http("<urlset>" + "".join(f"<loc>{place}</loc>" for place in places) + "</urlset>")
    sleeps: list[float] = []
    one = Fetcher(pause=5.0, allow_private=True, sleep=sleeps.append)
    items = list(one.items(f"{server.url}/map"))
    one.close()
    other.close()
    assert pages(items) == [f"{server.url}/page"]
    assert ["pages of this host" in str(item) for item in items[1:]] == [True, False]
    assert len(sleeps) == 2  # of two ports of one host; the rules of the second are not asked for any more


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "::1", "::", "fe80::1", "fe80::1%1", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b::a01:203", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
    "2001:db8::1",
])  # fmt: skip
def test_addresses_that_not_everybody_may_reach(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808"])
def test_addresses_of_everybody(address: str) -> None:
    assert is_public(address)


def test_a_name_that_changes_its_address_reaches_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = socket.getaddrinfo, []

    def flips(host: str, *more: object, **named: object) -> object:
        if "example" not in str(host):
            return real(host, *more, **named)  # type: ignore[arg-type]
        asked.append(host)
        public = real("93.184.216.34", *more, **named)  # type: ignore[arg-type]
        private = real("127.0.0.1", *more, **named)  # type: ignore[arg-type]
        return {"flips.example": [public, private][len(asked) > 1], "loop.example": private}.get(host, public + private)

    class Connections:
        """No connection is made to anything but the address that was looked at."""

        made: ClassVar[list[str]] = []

        def connect_tcp(self, host: str, *_: object) -> None:
            self.made.append(host)
            raise musnad.SourceError("no way out of a test")

    monkeypatch.setattr(socket, "getaddrinfo", flips)
    monkeypatch.setattr("musnad.sources.fetching.connecting.httpcore.SyncBackend", Connections)
    for host in ("flips.example", "loop.example", "both.example"):
        (item,) = fetched(f"http://{host}{server.url[16:]}/page", private=False)
        assert isinstance(item, Rejected)
    assert Connections.made == ["93.184.216.34"]
    assert server.asked == []


def test_a_name_server_that_does_not_answer_is_waited_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5))
    monkeypatch.setattr("musnad.sources.fetching.connecting.RESOLVED", 0.2)
    began = time.monotonic()
    (item,) = fetched("http://slow.example/page")
    assert "slow.example: no answer from the name server in 0.2 seconds" in str(item)
    assert time.monotonic() - began < 3


def test_a_proxy_of_the_environment_is_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Server()
    monkeypatch.setenv("HTTP_PROXY", other.url)
    monkeypatch.setenv("ALL_PROXY", other.url)
    assert pages(fetched(f"{server.url}/page")) == [f"{server.url}/page"]
    assert other.asked == []
    other.close()


@pytest.mark.parametrize(
    ("host", "address", "own"),
    [
        ("example.org", "https://example.org:8443/1", True),
        ("www.example.org", "http://news.EXAMPLE.org/1", True),
        ("example.org", "https://www.example.org/1", True),
        ("m.example.org", "https://www.example.org/1", True),
        ("news.example.org", "https://example.org/1", False),
        ("example.org", "https://anexample.org/1", False),
        ("example.org", "https://example.org@evil.example/1", False),
        ("m.sa", "https://real.sa/1", False),
        ("www.com.sa", "https://real.com.sa/1", False),
        ("m.com.sa", "https://real.com.sa/1", False),
        ("example.org", "http://[::1", False),
        ("", "1", False),
    ],
)
def test_what_lies_on_a_host(host: str, address: str, own: bool) -> None:
    assert is_own(address, host) is own


def feed(*entries: str, link: str = "") -> str:
    return f'<rss version="2.0"><channel><title>الأيام</title><link>{link}</link>{"".join(entries)}</channel></rss>'


def entry(guid: str, link: str = "", text: str = TEXT) -> str:
    return f"<item><title>خبر</title><guid>{guid}</guid><link>{link}</link><description>{text}</description></item>"


def test_a_feed_names_articles_of_its_own_host_only(server: Server) -> None:
    long = "قال الوزير إن المحادثات انتهت. " * 20
    server.answers["/feed"] = http(
        feed(
            entry("http://real.example/1", "http://real.example/1", long),
            entry(f"{server.url}/2", text=long),
            entry("7", text=long),
        ),
        Content_Type="text/xml",
    )
    assert pages(fetched(f"{server.url}/feed")) == ["127.0.0.1#http://real.example/1", f"{server.url}/2", "127.0.0.1#7"]


def test_a_saved_feed_has_the_host_that_it_says() -> None:
    names = [
        next(read_stream(feed(entry(guid), link=link).encode(), "feed.xml")).id  # type: ignore[union-attr]
        for guid, link in [
            ("http://www.real.example/1", "https://real.example/"),
            ("http://real.example/1", "http://evil.example/"),
            ("1", "http://evil.example/"),
            ("http://real.example/1", ""),
        ]
    ]
    assert names[:3] == ["http://www.real.example/1", "evil.example#http://real.example/1", "evil.example#1"]
    assert names[3].startswith("feed-")


def test_a_page_of_another_host_is_not_what_a_feed_says_of_it(server: Server) -> None:
    there = server.url.replace("127.0.0.1", "localhost")
    server.answers["/feed"] = http(feed(entry("http://real.example/9", f"{there}/page")), Content_Type="text/xml")
    (page,) = fetched(f"{server.url}/feed")
    assert isinstance(page, musnad.Document)
    assert (page.id, page.url, page.title) == (f"{there}/page", f"{there}/page", "الوزير يعلن نهاية المحادثات")


@pytest.mark.parametrize(
    ("own", "known"),
    [
        ("http://real.example/own", "{}/x"),
        ("http://127.0.0.1.evil.example/own", "{}/x"),
        ("{}/", "{}/x"),
        ("{}/better", "{}/better"),
    ],
)
def test_a_page_names_itself_on_its_own_host_only(own: str, known: str, server: Server) -> None:
    link = f'<head><link rel="canonical" href="{own}"><meta property="og:url" content="{own}">'.replace(
        "{}", server.url
    )
    server.answers["/x"] = http(PAGE.replace("<head>", link))
    assert pages(fetched(f"{server.url}/x")) == [known.format(server.url)]


def test_what_a_feed_may_not_open_stays_closed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim", encoding="utf-8")
    start = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "{"ha" * 1000}"><!ENTITY b "{"&a;" * 1000}"><!ENTITY c "{"&b;" * 1000}">]>'
    text = start + feed(entry("1", text=f"{TEXT}&x;&c;"))
    items = list(read_stream(text.encode(), "feed.xml"))
    assert all("geheim" not in str(item) and len(str(item)) < 10_000 for item in items)


LARGE = {
    "a page of 7 MB": "<p>قال الوزير إن المحادثات انتهت، وإن اللجنة ستعود.</p>" * 80_000,
    "66,000 paragraphs": "<p>قال.</p>" * 66_000,
    "100,000 attributes": f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>قال</p>",
    "100,000 attributes, hidden": f"<script>'<a b=\"'</script><p {' '.join(f'a{n}' for n in range(100_000))}>قال</p>\">",
    "nested 100,000 deep": "<div>" * 100_000,
    "quotation marks without end": '<a b="' * 300_000,
}


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_a_page_out_of_all_measure_is_refused_at_once(body: str) -> None:
    began = time.process_time()
    (item,) = read_stream(f"<html><body>{body}</body></html>".encode(), "page.html")
    assert isinstance(item, Rejected)
    assert "save the article's text" in str(item)
    assert time.process_time() - began < 10
