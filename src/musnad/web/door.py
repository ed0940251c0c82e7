"""Who may come in where a token is asked for, and how long they wait who guess it."""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

import msgspec
from starlette.exceptions import HTTPException

CLIENTS = 4096  # addresses that are remembered
_FREE = 5  # wrong tokens without a wait
_LONGEST = 60.0  # seconds of a wait; it doubles from one second on
_FORGOTTEN = 900.0  # seconds after the last wrong token


class Secret:
    """The secret of this process that its own forms carry."""

    def __init__(self) -> None:
        self.value = secrets.token_urlsafe(24)

    def fits(self, given: str) -> bool:
        return hmac.compare_digest(self.value.encode(), given.encode())


class _Guesses(msgspec.Struct):
    """Wrong tokens of one address: how many, the last (its digest), when, and until when it waits."""

    count: int = 0
    last: bytes = b""
    at: float = 0.0
    until: float = 0.0


class WatchFeed(NamedTuple):
    """A watch as its feed is asked for: its name, and when it was made."""

    name: str
    made: str


class Door:
    """Compares what is given with the token. An address that gives wrong ones waits, each time twice as long."""

    def __init__(self, token: str | None) -> None:
        self._token = token
        self.cookie = _digest(token or secrets.token_urlsafe(24)).hex()  # what a browser keeps in place of the token
        self._guesses: OrderedDict[str, _Guesses] = OrderedDict()

    @property
    def open(self) -> bool:
        """Whether no token is asked for."""
        return self._token is None

    def key_of(self, feed: WatchFeed) -> str:
        """The key that opens the feed of a watch, and nothing else: no other that is made later under the same name."""
        written = f"feed {feed.made} {feed.name}".encode("utf-8", "surrogateescape")
        return hmac.new(self.cookie.encode(), written, hashlib.sha256).hexdigest()[:40]

    def knows(self, client: str, given: str, feed: WatchFeed | None = None) -> bool:
        """Whether an address gives the token, or the cookie that stands for it, or the key of the feed that it asks for. Raises a 429
        where it has to wait first."""
        guesses, now = self._guesses.get(client, _Guesses()), time.monotonic()
        if now < guesses.until:
            seconds = math.ceil(guesses.until - now)
            raise HTTPException(429, f"too many wrong tokens; wait {seconds} seconds", {"retry-after": str(seconds)})
        if self._token is None or not given:
            return False
        opening = [self._token, self.cookie] if feed is None else [self.key_of(feed)]
        fits = [hmac.compare_digest(_digest(given), _digest(right)) for right in opening]
        if not any(fits):
            self._count(client, guesses, _digest(given), now)
        return any(fits)

    def _count(self, client: str, guesses: _Guesses, given: bytes, now: float) -> None:
        if given == guesses.last:  # an old cookie comes with every picture of a page
            return
        if now - guesses.at > _FORGOTTEN:
            guesses.count = 0
        guesses.count, guesses.last, guesses.at = guesses.count + 1, given, now
        if guesses.count >= _FREE:
            guesses.until = now + min(2.0 ** min(guesses.count - _FREE, 10), _LONGEST)
        self._guesses[client] = guesses
        self._guesses.move_to_end(client)
        if len(self._guesses) > CLIENTS:
            self._guesses.popitem(last=False)


def address_of(client: tuple[str, int] | None) -> str:
    """Whom an address belongs to: itself, of IPv6 its network of 64 bits, which one household has all of."""
    text = client[0] if client else ""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or address.packed[:8].hex())
    return text


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
