"""A server on this machine that speaks the OpenAI chat protocol, or something that only looks like it.

An answer is a row of pieces: bytes that are sent, seconds that pass, and None, at which the connection is torn down.
"""

from __future__ import annotations

import json
import select
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

Messages = list[dict[str, str]]
LONGEST = 12.0  # seconds after which an answer without end is torn down: the benchmark itself must end
Pieces = Iterable[bytes | float | None]


@dataclass(slots=True)
class Request:
    """What was asked, and what became of it: `answered` where the whole answer went to somebody who was still there."""

    path: str
    messages: Messages
    answered: bool = False
    cost: float = 0.0

    @property
    def key(self) -> str:
        return json.dumps(self.messages)


class Server(socketserver.ThreadingTCPServer):
    """`answer` gives the pieces of the answer to a request."""

    allow_reuse_address = daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer: Callable[[Request], Pieces]) -> None:
        self.answer, self.requests, self.lock = answer, list[Request](), threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(OSError, ValueError):
            request = _read(self.request)
            with self.server.lock:  # type: ignore[attr-defined]
                self.server.requests.append(request)  # type: ignore[attr-defined]
            end = time.monotonic() + LONGEST
            for piece in self.server.answer(request):  # type: ignore[attr-defined]
                if piece is None or time.monotonic() > end:
                    self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                if _is_left(self.request, 0 if isinstance(piece, bytes) else piece):
                    return
                if isinstance(piece, bytes):
                    self.request.sendall(piece)
            request.answered = True


def _is_left(connection: socket.socket, seconds: float) -> bool:
    """Let time pass; whether the other side went away within it."""
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if select.select([connection], [], [], max(left, 0))[0]:
            return not connection.recv(1, socket.MSG_PEEK)
        if left <= 0:
            return False


def _read(connection: socket.socket) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:])
    while len(body) < int(fields.get("content-length", 0)):
        body += _more(connection)
    return Request(lines[0].split(" ")[1], json.loads(body)["messages"])


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(1 << 16)
    if not piece:
        raise ValueError("it went away")
    return piece


@contextmanager
def serving(answer: Callable[[Request], Pieces]) -> Iterator[Server]:
    """A server that answers until the block ends."""
    with Server(answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def chat(text: Any, finish: str = "stop", **fields: Any) -> bytes:
    """The body of an answer, with whatever else it may hold."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return json.dumps({"object": "chat.completion", "choices": [choice], **fields}).encode()


def http(body: bytes, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """An answer as HTTP; `length`: what it says of its length, where that is not true. «_» in names of headers is «-»."""
    told = {"content-type": "application/json", "content-length": str(len(body) if length is None else length)}
    told |= {name.replace("_", "-"): value for name, value in headers.items()} | {"connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def tokens(text: str) -> int:
    """How many tokens a text may be: one for four characters of Latin script and digits, one for two and a half of Arabic.

    An estimate: no vocabulary of a model is at hand here. Current ones lie around it, older ones need twice as many for Arabic.
    """
    letters = [char for char in text if not char.isspace()]
    arabic = sum("\u0600" <= char <= "\u06ff" for char in letters)
    return round(arabic / 2.5 + (len(text) - arabic) / 4)


def usage(request: Request, reply: str, times: float = 1.0) -> dict[str, int]:
    """What an honest server counts; `times`: of a model that needs more tokens."""
    asked = sum(tokens(message["content"]) for message in request.messages)
    return {"prompt_tokens": round(asked * times), "completion_tokens": round(tokens(reply) * times)}
