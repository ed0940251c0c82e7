"""Connections to the server of a model: each thread has its own, and an answer is there in time or not at all."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from musnad.errors import ModelError, SourceError
from musnad.llm.settings import Settings
from musnad.sources.fetching.connecting import GuardedNetwork, Transport


class LineError(Exception):
    """No answer came over a connection; `is_gone`: nobody listens there. The message has neither address nor key."""

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.is_gone = is_gone


class ModelConnection:
    """One connection, one request at a time. Headers, body and all of an answer must be there in `settings.seconds`."""

    def __init__(self, settings: Settings) -> None:
        self._guard = GuardedNetwork(settings.seconds, allow_private=True)
        headers = {"accept-encoding": "identity"}  # what is packed has no bound
        if settings.key:
            headers["authorization"] = f"Bearer {settings.key}"
        self._http = httpx.Client(
            headers=headers, transport=Transport(self._guard, _proxy(settings)), follow_redirects=False, trust_env=False
        )

    @contextmanager
    def post(self, address: str, asked: dict[str, Any]) -> Iterator[httpx.Response]:
        """Yield the answer to a request, its body still to be read. Raises `LineError`, and `ModelError` for an impossible address."""
        self._guard.begin()
        try:
            with self._http.stream("POST", address, json=asked) as response:
                yield response
        except SourceError:
            raise self._late_or_gone() from None
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            httpx.HTTPError,
            OSError,
        ) as error:
            kind = "its certificate does not fit" if isinstance(error, ssl.SSLError) else type(error).__name__
            raise LineError(f"the connection failed ({kind})") from None
        except (httpx.InvalidURL, UnicodeError):
            raise ModelError("llm.url: no server can have that name; see docs/llm.md") from None

    def close(self) -> None:
        self._http.close()

    def _late_or_gone(self) -> LineError:
        """The guard's error in these words: its own name the host."""
        try:
            self._guard.left()
        except SourceError:
            return LineError("the server takes too long")
        return LineError("no server answers at this address", is_gone=True)


def _proxy(settings: Settings) -> str | None:
    """The proxy of the environment (HTTPS_PROXY, NO_PROXY) by which a server beyond this machine is reached; None without one."""
    server = urlsplit(settings.url)
    if settings.is_here or proxy_bypass(server.hostname or ""):
        return None
    return getproxies().get(server.scheme)


class ModelConnections:
    """The connections of all threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, threading.Lock()
        self._opened: list[ModelConnection] = []

    def open(self) -> ModelConnection:
        """Return a new connection, for the thread that asks for it."""
        line = ModelConnection(self._settings)
        with self._lock:
            self._opened.append(line)
        return line

    def close(self) -> None:
        """Close all of them."""
        for line in self._opened:
            line.close()
