"""What stands between a ledger and the network: who may ask, how much, how often.

Pages run no script at all and load nothing from elsewhere. Where the server listens beyond this machine, a token is asked
for. A form that changes something carries a secret of this process, and no other site may send it.
"""

from __future__ import annotations

import time
from collections import OrderedDict

from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from musnad.web.door import CLIENTS, Door, WatchFeed, address_of

COOKIE = "musnad"
FEED = "/watch.atom"  # may be opened by a key in its address: feed readers cannot log in
LARGEST = 2_000_000  # bytes of a request
_PORTS = {"http": ":80", "https": ":443"}
_OPEN = ("/static/", "/login")


class Guard:
    """Lets a request through, or refuses it: 400 wrong host, 401 no token, 403 from another site, 413 too large, 429 too often."""

    def __init__(self, app: ASGIApp, door: Door, hosts: frozenset[str], rate: float) -> None:
        self._app, self._door, self._hosts, self._rate = app, door, hosts, rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        self._refuse(scope, headers)
        if not (self._door.open or scope["path"].startswith(_OPEN) or self._known(scope, headers)):
            if "text/html" not in headers.get("accept", ""):
                raise HTTPException(401, "a token is needed: Authorization: Bearer …", {"www-authenticate": "Bearer"})
            await RedirectResponse("/login", 303)(scope, receive, send)
            return
        await self._app(scope, _again(await _whole(headers, receive), receive), send)

    def _refuse(self, scope: Scope, headers: Headers) -> None:
        given = headers.get("host", "").lower()
        if "*" not in self._hosts and _name(given) not in self._hosts:
            # a name that another site points at this machine
            raise HTTPException(400, "this server does not go by that name; start it with --host")
        if not self._may_ask(address_of(scope.get("client"))):
            raise HTTPException(429, "too many requests; wait a second", {"retry-after": "1"})
        changes = scope["method"] not in {"GET", "HEAD", "OPTIONS"}
        foreign = _foreign(headers.get("origin"), scope["scheme"], given)
        if changes and (foreign or headers.get("sec-fetch-site") in {"cross-site", "same-site"}):
            raise HTTPException(403, "another site may not change anything here")

    def _known(self, scope: Scope, headers: Headers) -> bool:
        asked = QueryParams(scope["query_string"]) if scope["path"] == FEED else {}
        if "key" in asked:
            feed = WatchFeed(asked.get("name", ""), asked.get("made", ""))
            return self._door.knows(address_of(scope.get("client")), asked["key"], feed)
        given = headers.get("authorization", "").removeprefix("Bearer ").strip()
        given = given or cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        return self._door.knows(address_of(scope.get("client")), _written(given))

    def _may_ask(self, client: str) -> bool:
        """A bucket for each address: `rate` requests a second, twice as many at once."""
        now = time.monotonic()
        left, then = self._buckets.pop(client, (2 * self._rate, now))
        left = min(2 * self._rate, left + (now - then) * self._rate)
        self._buckets[client] = (max(left - 1, 0.0), now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return left >= 1


def _written(header: str) -> str:
    """A header as it was written: its bytes are UTF-8, whatever the server took them for."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _name(host: str) -> str:
    """The host without its port: `[::1]:8000` is `::1`."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _foreign(origin: str | None, scheme: str, host: str) -> bool:
    """Whether a browser says that a form stands on another site than this one: another scheme, name or port, or none."""
    if origin is None:  # a program, not a browser
        return False
    usual = _PORTS.get(scheme, "")
    return origin.lower().removesuffix(usual) != f"{scheme}://{host.removesuffix(usual)}"


async def _whole(headers: Headers, receive: Receive) -> bytes:
    """The body of a request. Raises a 413 where it is too large."""
    refusal = HTTPException(413, f"a request has at most {LARGEST} bytes", {"connection": "close"})
    given = headers.get("content-length", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 20 and int(given) <= LARGEST):
        raise refusal
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST:
            raise refusal
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def give() -> Message:
        return {"type": "http.request", "body": waiting.pop(), "more_body": False} if waiting else await receive()

    return give
