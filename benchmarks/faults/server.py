"""The server: hostile requests, and cheap searches while dear texts are read."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
from intake import VALUES

from musnad.ledger import Ledger
from musnad.ledger.across.linking import link
from musnad.reader import Reader

if TYPE_CHECKING:
    from __main__ import Given

PORT = 18_771
SECONDS = 20.0  # within which each request has an answer
CHEAP = 1.0  # seconds that a cheap search may take beside dear texts
DEAR = ("قال: " * 40_000)[:199_999]
PATHS = (
    "/", "/article/{}", "/stories", "/story/{}", "/who/{}", "/conflicts", "/promises", "/positions", "/events", "/static/{}", "/{}",
    "/api/search", "/api/articles/{}", "/api/entities", "/api/stories/{}", "/api/events", "/api/openapi.json", "/api/{}",
)  # fmt: skip
NAMES = (
    "query",
    "speaker",
    "source",
    "stance",
    "kind",
    "outlet",
    "since",
    "until",
    "limit",
    "offset",
    "type",
    "today",
    "min_confidence",
    "name",
)
GIVEN_AWAY = re.compile(r"Traceback|secret-folder|sqlalchemy|sqlite3?\.|File \"")


@contextmanager
def serving(given: Given) -> Iterator[str]:
    """The real server with a ledger of real articles; its address."""
    folder = given.folder / "secret-folder"
    folder.mkdir()
    reader = Reader(fast=True)
    with Ledger(folder / "news.db") as ledger:
        ledger.add(reader.read(article) for article in given.articles[:100])
        link(ledger)
    command = [
        sys.executable,
        "-m",
        "musnad",
        "serve",
        "-l",
        str(folder / "news.db"),
        "--port",
        str(PORT),
        "--rate",
        "100000",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{PORT}"
    for _ in range(300):
        try:
            httpx.get(f"{address}/api/search?limit=1")
            break
        except httpx.TransportError:
            time.sleep(0.1)
    try:
        yield address
    finally:
        process.terminate()
        process.wait()


def hostile(given: Given) -> Iterator[str | None]:
    """Requests with wrong paths, parameters, bodies and headers: an answer that gives nothing away, behind the guard."""
    with serving(given) as address, httpx.Client(timeout=SECONDS) as client:
        for _ in given.tries(200):
            yield _asked(client, address, given.chance)


def _asked(client: httpx.Client, address: str, chance: random.Random) -> str | None:
    path = chance.choice(PATHS).replace("{}", httpx.QueryParams({"x": _value(chance)}).__str__()[2:] or "x")
    url = f"{address}{path}?{httpx.QueryParams({chance.choice(NAMES): _value(chance) for _ in range(chance.randrange(4))})}"
    try:
        kind = chance.randrange(6)
        if kind == 0:
            body = chance.choice(
                (
                    '{"text": NaN}',
                    "[" * 50_000,
                    '{"text": "\\ud800"}',
                    "",
                    '{"text": "x", "published": 0}',
                    '{"text": "' + "«" * 20_000 + '"}',
                )
            )
            answer = client.post(f"{address}/api/read", content=body, headers={"content-type": "application/json"})
        elif kind == 1:
            answer = client.post(
                f"{address}/read", data={chance.choice(("text", "url", "published", "x")): _value(chance)}
            )
        elif kind == 2:
            header = chance.choice(
                ("host", "origin", "accept", "cookie", "accept-language", "range", "authorization", "if-none-match")
            )
            value = _value(chance).encode("latin-1", "replace").translate(None, b"\0\r\n")[:3000].strip()
            answer = client.get(url, headers={header: value.decode("latin-1")})
        else:
            answer = client.request(chance.choice(("GET", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE")), url)
    except (httpx.InvalidURL, httpx.LocalProtocolError):
        return None  # the client itself does not send it
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {url[:200]}"
    if answer.status_code >= 500:
        return f"{answer.status_code}: {url[:200]}"
    if "default-src 'none'" not in answer.headers.get("content-security-policy", "") and answer.status_code != 400:
        return f"no guard ({answer.status_code}): {url[:200]}"
    found = GIVEN_AWAY.search(answer.text)
    return f"gives {found.group()!r} away: {url[:200]}" if found else None


def _value(chance: random.Random) -> str:
    return str(chance.choice(VALUES))[:5000].encode("utf-8", "replace").decode()


def dear(given: Given) -> Iterator[str | None]:
    """Three dear texts at once, and cheap searches beside them until they are answered."""
    with serving(given) as address:
        httpx.post(
            f"{address}/api/read", json={"text": "قال الوزير إن المحادثات انتهت."}, timeout=120
        )  # the process is there
        threads = [
            threading.Thread(
                target=httpx.post, args=[f"{address}/api/read"], kwargs={"json": {"text": DEAR}, "timeout": 200}
            )
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        with httpx.Client(timeout=60) as client:
            while any(thread.is_alive() for thread in threads):
                began = time.monotonic()
                answer = client.get(f"{address}/api/search", params={"query": "قال", "limit": 20})
                seconds = time.monotonic() - began
                wrong = seconds > CHEAP or answer.status_code != 200
                yield f"a cheap search: {answer.status_code}, {seconds:.2f} s" if wrong else None
                time.sleep(0.3)
