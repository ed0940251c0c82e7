"""A server on loopback that speaks the OpenAI chat protocol: it says what it was given to say, and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec

KEY = "sk-geheim-2718281828"
NOTHING = "E none"


class Reply(NamedTuple):
    """An answer: a chat's of `text`, or the bytes of `body`. `wait`: seconds before it; `tokens`: asked and answered, as counted."""

    text: str = NOTHING
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012  never altered
    body: bytes | None = None
    wait: float = 0.0
    tokens: tuple[Any, Any] | None = (1_000, 100)
    end: str = "stop"

    @property
    def sent(self) -> bytes:
        if self.body is not None:
            return self.body
        usage = (
            {"usage": dict(zip(("prompt_tokens", "completion_tokens"), self.tokens, strict=True))}
            if self.tokens
            else {}
        )
        message = {"role": "assistant", "content": self.text}
        return msgspec.json.encode({"choices": [{"index": 0, "message": message, "finish_reason": self.end}], **usage})


class Asked(NamedTuple):
    """A request: the path, the headers by their small letters, the body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[str]:
        """What was said so far, without who said it."""
        return [message["content"] for message in self.body["messages"]]


class ChatServer(ThreadingHTTPServer):
    """Says `replies` in turn, the last one again and again; or what `answering` makes of a request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.replies: list[Reply] = [Reply()]
        self.answering: Callable[[Asked], str] | None = None
        self.ended = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def count(self) -> int:
        return len(self.asked)

    def say(self, *replies: str | Reply) -> None:
        """Lay down what is said from now on, and forget what was asked."""
        self.asked, self.answering = [], None
        self.replies = [Reply(one) if isinstance(one, str) else one for one in replies]

    def reply_to(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            if self.answering is not None:
                return Reply(self.answering(asked))
            return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        body = msgspec.json.decode(self.rfile.read(int(self.headers["content-length"])))
        headers = {key.lower(): value for key, value in self.headers.items()}
        reply = self.server.reply_to(Asked(self.path, headers, body))
        self.server.ended.wait(reply.wait) if reply.wait else None
        self.send_response(reply.status)
        for key, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(reply.sent)),
            **reply.headers,
        }.items():
            self.send_header(key, value)
        self.end_headers()
        try:
            self.wfile.write(reply.sent)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A server that runs until the end of the block."""
    server = ChatServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()
