"""What stands between a ledger and the network: who may ask, how much, how often, and what a page may load.

Pages run no script at all and load nothing from elsewhere. Where the server listens beyond this machine, a token is asked
for. A form that changes something carries a secret of this process, and no other site may send it.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from http.cookies import SimpleCookie
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "musnad"
LARGEST = 2_000_000  # bytes of a request
_CLIENTS = 4096  # whose rate is remembered
_OPEN = ("/static/", "/login")
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class Secret:
    """The secret of this process that its own forms carry."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(24)

    def fits(self, given: str) -> bool:
        return hmac.compare_digest(self.value.encode(), given.encode())


class Guard:
    """Lets a request through, or answers it: 400 wrong host, 401 no token, 403 from another site, 413 too large, 429 too often."""

    def __init__(self, app: ASGIApp, token: str | None, hosts: frozenset[str], rate: float) -> None:
        self._app, self._token, self._hosts, self._rate = app, token, hosts, rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        headers = Headers(scope=scope)
        refused = self._refusal(scope, headers)
        if refused is not None:
            await refused(scope, receive, sending)
            return
        body = await _whole(headers, receive)
        if body is None:
            answer = PlainTextResponse(f"a request has at most {LARGEST} bytes", 413, {"connection": "close"})
            await answer(scope, receive, sending)
            return
        await self._app(scope, _again(body, receive), sending)

    def _refusal(self, scope: Scope, headers: Headers) -> Any:
        host = _name(headers.get("host", ""))
        if "*" not in self._hosts and host not in self._hosts:  # a name that another site points at this machine
            return PlainTextResponse("this server does not go by that name; start it with --host", 400)
        if not self._may_ask((scope.get("client") or ("", 0))[0]):
            return PlainTextResponse("too many requests; wait a second", 429, {"retry-after": "1"})
        changes = scope["method"] not in {"GET", "HEAD", "OPTIONS"}
        if changes and (_foreign(headers, host) or headers.get("sec-fetch-site") in {"cross-site", "same-site"}):
            return PlainTextResponse("another site may not change anything here", 403)
        if self._token is not None and not scope["path"].startswith(_OPEN) and not self._known(headers):
            if "text/html" in headers.get("accept", ""):
                return RedirectResponse("/login", 303)
            return PlainTextResponse("a token is needed: Authorization: Bearer …", 401, {"www-authenticate": "Bearer"})
        return None

    def _known(self, headers: Headers) -> bool:
        given = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not given:
            cookies: SimpleCookie = SimpleCookie()
            cookies.load(headers.get("cookie", ""))
            given = cookies[COOKIE].value if COOKIE in cookies else ""
        return hmac.compare_digest(given.encode(), (self._token or "").encode())

    def _may_ask(self, client: str) -> bool:
        """A bucket for each address: `rate` requests a second, twice as many at once."""
        now = time.monotonic()
        left, then = self._buckets.pop(client, (2 * self._rate, now))
        left = min(2 * self._rate, left + (now - then) * self._rate)
        self._buckets[client] = (max(left - 1, 0.0), now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return left >= 1


def _name(host: str) -> str:
    """The host without its port: `[::1]:8000` is `::1`."""
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0].lower()


def _foreign(headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    return origin is not None and _name(origin.rpartition("//")[2]) != host


async def _whole(headers: Headers, receive: Receive) -> bytes | None:
    """The body of a request, None where it is too large."""
    given = headers.get("content-length", "0")
    if not given.isdigit() or int(given) > LARGEST:
        return None
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
        if message["type"] != "http.request" or not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def give() -> Message:
        return {"type": "http.request", "body": waiting.pop(), "more_body": False} if waiting else await receive()

    return give
