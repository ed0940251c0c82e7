"""Connections that do not linger: a request has to arrive in time, an answer to be taken, and there are not too many."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

ARRIVING = 20.0  # seconds in which a request has to come, from its first byte or the connection to the last
ANSWERED = 300.0  # seconds until an answer is sent: longer than any queue
TAKEN = 120.0  # seconds in which the last of an answer has to be taken
MOST = 200  # connections: fewer than a process may have files open
_HEADERS = 32_768  # bytes
_IDLE = 5  # seconds between two requests of one connection
_LEFT = 5  # seconds for what is not done when the server is stopped


class Punctual(H11Protocol):
    """A connection that is closed where the other side is late. Of too many, the one that waits longest makes room."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._phase: Literal["arriving", "answering", "idle"] = "arriving"
        self._since = self.loop.time()
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= MOST:
            self._make_room(transport)
        super().connection_made(transport)
        self._enter("arriving", ARRIVING)

    def data_received(self, data: bytes) -> None:
        if self._phase == "idle":
            self._enter("arriving", ARRIVING)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()  # begins with the next request where it has come already
        if self.cycle.response_complete:
            self._enter("idle", TAKEN)
        else:
            self._enter("arriving", ARRIVING)
            self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._late is not None:
            self._late.cancel()

    def _look(self) -> None:
        """Give the answer its time from when the request has come whole."""
        cycle = self.cycle
        if self._phase == "arriving" and cycle is not None and not cycle.more_body and not cycle.response_complete:
            self._enter("answering", ANSWERED)

    def _enter(self, phase: Literal["arriving", "answering", "idle"], seconds: float) -> None:
        if self._late is not None:
            self._late.cancel()
        self._phase, self._since = phase, self.loop.time()
        self._late = self.loop.call_later(seconds, self.transport.abort)

    def _make_room(self, transport: asyncio.Transport) -> None:
        others = [other for other in self.connections if isinstance(other, Punctual) and other._phase != "answering"]
        if not others:
            transport.abort()
            return
        first = min(others, key=lambda other: other._since)
        self.connections.discard(first)
        first.transport.abort()


def server(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> uvicorn.Server:
    """Return the server of an application, ready to `run`."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=Punctual,
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=_LEFT,
            h11_max_incomplete_event_size=_HEADERS,
        )
    )
