"""Whatever is asked, and whatever befalls the server: there is an answer, in time, and it says no more than it should."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn
from urllib.parse import quote

import httpx
import pytest

import musnad
from musnad.errors import LedgerError, UnavailableError
from musnad.ledger import Ledger
from musnad.ledger.database import Database
from musnad.web import dear, door, reading, sockets
from musnad.web.answers import without_passwords
from tests.web.conftest import filled, serving

ADDRESS = "postgresql://musnad:geheim@10.0.0.7/news"
DEAR = ("قال: " * 40_000)[:199_999]  # minutes of work


@pytest.fixture
def own(tmp_path: Path, reader: musnad.Reader) -> Iterator[str]:
    yield from serving(filled(tmp_path / "own.db", reader), rate=10_000.0)


@pytest.mark.parametrize(("path", "status"), [
    ("/?path=1&self=2&values=3", 200), ("/search?_loop_vars=1&_block_vars=2&_Context__self=3&caller=4", 200), ("/?q=x", 307),
    ("/stories?since=&until=", 200), ("/stories?since=0", 422), ("/promises?today=٢٠٢٥-٠١-٠١", 422), ("/search?until=2025-02-30", 422), ("/search?stance=FOO", 422), ("/search?page=99", 404), ("/conflicts?kind=FOO", 422),
    ("/api/search?since=0", 422), ("/api/search?since=9999-12-31", 422), ("/api/pledges?today=0999-12-31", 422),
    ("/api/search?speaker=%00", 422), ("/search?query=%00", 422), ("/api/articles/%00", 422), ("/article/%00", 422), ("/static/%00", 404),
    ("/api/stories/2147483648", 422), ("/story/99999999999999999999", 422), ("/api/stories/2147483647", 404),
    ("/api/nothing", 404), ("/nothing", 404), ("/api/search?limit=" + "9" * 5000, 422),
])  # fmt: skip
def test_every_address_has_an_answer(server: str, path: str, status: int) -> None:
    answer = httpx.get(server + path)
    assert answer.status_code == status
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if path.startswith("/api/"):
        assert isinstance(answer.json()["detail"], str)


@pytest.mark.parametrize(("body", "status"), [
    ('{"text": NaN}', 422), ('{"text": Infinity}', 422), ('{"text": "MARK \\ud800"}', 422), ('{"text": "x", "MARK \\ud800": 1}', 422),
    ('{"text": "MARK\\u0000"}', 422), ('{"text": "x", "published": 0}', 422), ('{"text": "x", "published": "9999-12-31"}', 422),
    ('{"text": "x", "published": "MARK"}', 422), ('{"text": ' + "1" * 5000 + "}", 400), ("[" * 100_000, 400), ("{MARK", 422),
])  # fmt: skip
def test_what_a_body_may_not_be_is_said_without_saying_it_again(server: str, body: str, status: int) -> None:
    answer = httpx.post(f"{server}/api/read", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert "MARK" not in answer.text


def test_head_is_get_without_its_body(server: str) -> None:
    for path in ("/", "/api/entities", "/api/stories/77", "/static/musnad.css"):
        head, full = httpx.head(server + path), httpx.get(server + path)
        assert (head.status_code, head.content) == (full.status_code, b"")
        assert head.headers["content-length"] == str(len(full.content))


@pytest.mark.parametrize(("error", "status"), [
    (RuntimeError(f"broken at {ADDRESS}"), 500), (RecursionError("/root/secret"), 500), (LedgerError(f"{ADDRESS}: refused"), 503),
])  # fmt: skip
def test_a_failure_is_answered_behind_the_same_guard_and_gives_nothing_away(
    server: str, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Ledger, "statements", fail)
    for path in ("/api/search", "/search"):
        answer = httpx.get(server + path)
        assert answer.status_code == status
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search("geheim|10.0.0.7|secret|Error", answer.text)


def test_a_ledger_that_cannot_be_asked_is_a_503_that_names_nothing(
    tmp_path: Path, reader: musnad.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = filled(tmp_path / "own.db", reader)

    def down(_: Database) -> NoReturn:
        raise UnavailableError(f"{where}: the server is not there")

    for server in serving(where):
        monkeypatch.setattr(Database, "read", down)
        for path in ("/api/search", "/", "/conflicts", "/article/quake1"):
            answer = httpx.get(server + path)
            assert answer.status_code == 503
            assert "own.db" not in answer.text


def test_a_log_holds_no_password() -> None:
    assert "geheim" not in without_passwords(f"{ADDRESS}: refused for geheim", ADDRESS)
    escaped = "postgresql://u:a%40b:c@h/db?x=1"
    assert without_passwords(f"«a@b:c» «a%40b:c» {escaped}", escaped) == "«…» «…» …"
    assert without_passwords("news.db: locked", "news.db") == "news.db: locked"


def test_dear_texts_leave_cheap_requests_alone_and_end(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = {"text": "قالت النائبة هدى سالم إن الموازنة ستقر غدا."}
    assert httpx.post(f"{own}/api/read", json=ordinary, timeout=120).status_code == 200  # the process is there
    monkeypatch.setattr(reading, "SECONDS", 4.0)
    monkeypatch.setattr(dear, "PATIENCE", 4.0)
    answers: list[httpx.Response] = []

    def post(path: str, **given: Any) -> None:
        answers.append(httpx.post(own + path, timeout=120, **given))

    threads = [threading.Thread(target=post, args=["/api/read"], kwargs={"json": {"text": DEAR}}) for _ in range(5)]
    threads.append(threading.Thread(target=post, args=["/read"], kwargs={"data": {"text": DEAR}}))
    for thread in threads:
        thread.start()
    with httpx.Client() as client:
        while any(thread.is_alive() for thread in threads):
            assert client.get(f"{own}/api/entities?limit=1", timeout=10).status_code == 200
            assert client.get(f"{own}/api/search?query=" + quote("السلاح"), timeout=10).status_code == 200
    assert [answer.status_code for answer in answers] == [503] * 6
    assert any("retry-after" in answer.headers for answer in answers)
    monkeypatch.setattr(reading, "SECONDS", 60.0)
    monkeypatch.setattr(dear, "PATIENCE", 60.0)
    assert httpx.post(f"{own}/api/read", json=ordinary, timeout=120).json()["statements"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux shows them")
def test_the_reading_process_ends_with_a_server_that_is_killed(tmp_path: Path, reader: musnad.Reader) -> None:
    command = [sys.executable, "-m", "musnad", "serve", "-l", str(filled(tmp_path / "own.db", reader)), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        running.stderr.readline()
        _until(lambda: bool(_children(running.pid)), 60)
        workers = _children(running.pid)
        running.kill()
        _until(lambda: not any(map(_runs, workers)), 30)
        assert running.stderr.read() == b""  # nobody holds the pipe open


@pytest.mark.parametrize("begun", [
    b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", b"POST /api/read HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{",
    b"POST /api/read HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"GET /read HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /rea",
])  # fmt: skip
def test_a_request_that_does_not_come_to_its_end_is_ended(
    own: str, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(sockets, "ARRIVING", 0.5)
    with _connected(own) as slow:
        slow.sendall(begun)
        for _ in range(200):
            time.sleep(0.1)
            try:
                if begun:
                    slow.sendall(b"x" if b"chunked" not in begun else b"1\r\nx\r\n")
                if not slow.recv(65536):
                    return
            except BlockingIOError:
                continue
            except OSError:  # closed by the other side
                return
    pytest.fail("the connection was still open after 20 seconds")


def test_many_idle_connections_keep_nobody_out(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST", 20)
    idle = [_connected(own) for _ in range(60)]
    assert httpx.get(f"{own}/read").status_code == 200
    for connection in idle:
        connection.close()


def test_who_guesses_a_token_waits(tmp_path: Path, reader: musnad.Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(door, "time", SimpleNamespace(monotonic=lambda: now[0]))
    for server in serving(filled(tmp_path / "own.db", reader), token="geheim"):

        def ask(token: str, server: str = server) -> httpx.Response:
            return httpx.get(f"{server}/api/stories", headers={"authorization": f"Bearer {token}"})

        assert [ask("old").status_code for _ in range(20)] == [401] * 20  # the same again is no guess
        answer = [ask(f"guess {number}") for number in range(5)][-1]
        assert answer.status_code == 429
        assert httpx.post(f"{server}/login", data={"token": "geheim"}).status_code == 429
        now[0] += int(answer.headers["retry-after"])
        assert ask("geheim").status_code == 200
        assert httpx.post(f"{server}/login", data={"token": "geheim"}).status_code == 303


@pytest.mark.parametrize(("origin", "status"), [
    ("{server}", 404), ("http://127.0.0.1:1", 403), ("http://127.0.0.1", 403), ("http://evil.example//127.0.0.1", 403), ("https{rest}", 403),
    ("{server}/", 403), ("{server}.evil.example", 403), ("127.0.0.1", 403), ("null", 403), ("", 403),
])  # fmt: skip
def test_a_form_of_another_origin_changes_nothing(server: str, origin: str, status: int) -> None:
    given = {"article": "none", "statement": "s1", "speaker": "x", "author": "x"}
    origin = origin.format(server=server, rest=server.removeprefix("http"))
    assert httpx.post(f"{server}/api/corrections", json=given, headers={"origin": origin}).status_code == status


@pytest.mark.parametrize("speaker", [" ", "\0", "ا\nب", "\u200f", "\x85"])
def test_nobody_is_made_the_speaker(server: str, speaker: str) -> None:
    given = {"article": "party2", "speaker": speaker, "author": "x"}
    assert httpx.post(f"{server}/api/corrections", json={**given, "statement": "s1"}).status_code == 422
    secret = re.search(r'name="secret" value="([^"]+)"', httpx.get(f"{server}/correct?article=party2&name=s1").text)
    assert secret
    assert httpx.post(f"{server}/correct", data={**given, "name": "s1", "secret": secret[1]}).status_code == 422


def test_the_description_is_whole(server: str) -> None:
    described = httpx.get(f"{server}/api/openapi.json").json()
    for name in re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)):
        assert name in described["components"]["schemas"]
    for operations in described["paths"].values():
        for operation in operations.values():
            assert {"400", "401", "403", "404", "413", "422", "429", "503"} <= set(operation["responses"])


def test_links_go_to_words_that_are_there(server: str) -> None:
    links = {link for path in ("/search", "/promises?today=2025-03-10", "/conflicts") for link in
             re.findall(r'href="(/article/[^"]+#[^"]+)"', httpx.get(server + path, timeout=60).text)}  # fmt: skip
    assert links
    for link in links:
        page, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in httpx.get(server + page).text


def _connected(server: str) -> socket.socket:
    address = httpx.URL(server)
    connection = socket.create_connection((address.host, address.port or 80))
    connection.setblocking(False)
    return connection


def _until(done: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.2)


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
