"""Answers that are broken in how they come: protocol, status, length, time, size, and what they say of themselves."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Callable
from email.utils import formatdate
from itertools import repeat
from typing import Any, NamedTuple

from checks import MARKER
from server import Pieces, chat, http


class Way(NamedTuple):
    """How an answer comes. `expect`: what must become of the article («answered», «unanswered», «cut», or «error», which ends
    the command where the server never answered before). `again`: how many attempts the reader may make."""

    expect: str
    pieces: Callable[[random.Random, str], Pieces]
    again: int = 1


def _status(status: str, **headers: str) -> Callable[[random.Random, str], Pieces]:
    return lambda chance, reply: [http(json.dumps({"error": {"message": MARKER}}).encode(), status, **headers)]


def _body(make: Callable[[str], bytes | str], **headers: str) -> Callable[[random.Random, str], Pieces]:
    def pieces(chance: random.Random, reply: str) -> Pieces:
        body = make(reply)
        return [http(body if isinstance(body, bytes) else body.encode(), **headers)]

    return pieces


def _content(content: Any, **fields: Any) -> Callable[[random.Random, str], Pieces]:
    return _body(lambda reply: chat(content, **fields))


def _counts(**counts: Any) -> Way:
    return Way("answered", _body(lambda reply: chat(reply, usage=counts)))


def _cut_off(chance: random.Random, reply: str) -> Pieces:
    whole = http(chat(reply))
    return [whole[: chance.randrange(len(whole) - 1)], chance.choice((0.0, None))]


def _bomb(reply: str) -> bytes:
    return gzip.compress(gzip.compress(b'{"choices": [{"message": {"content": "' + b" " * (64 << 20), 9))


def _wait(seconds: str) -> Way:
    return Way("unanswered", _status("429 Too Many Requests", retry_after=seconds))


def _dripping(what: bytes) -> Callable[[random.Random, str], Pieces]:
    return lambda chance, reply: (piece for byte in what + http(chat(reply)) for piece in (bytes([byte]), 0.5))


_CHUNKED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
WAYS: dict[str, Way] = {
    **{f"status {code}": Way("error", _status(f"{code} No")) for code in (400, 401, 403, 404)},
    **{f"status {code}": Way("unanswered", _status(f"{code} No")) for code in (402, 405, 408, 409, 413, 418, 422, 425, 451, 500, 501, 502, 503, 504, 529, 599, 201, 204, 206)},
    **{f"redirect {code}": Way("unanswered", _status(f"{code} There", location=where)) for code, where in (
        (301, "http://127.0.0.1:1/"), (302, "file:///etc/passwd"), (303, "http://[::"), (307, "/v1/chat/completions"), (308, "\xff\xfe"), (302, "http://x:99999999/"))},
    "429, 2 seconds": _wait("2"),
    "429, a day": _wait("86400"),
    "429, a date": Way("unanswered", lambda chance, reply: [http(b"", "429 No", retry_after=formatdate(time.time() + 30, usegmt=True))]),
    "429, long ago": _wait("Thu, 01 Jan 1970 00:00:00 GMT"),
    "429, year 9999": _wait("Fri, 31 Dec 9999 23:59:59 -2359"),
    "429, nonsense": _wait("soon"),
    "429, a blank": _wait(""),
    "429, no zone": _wait("Thu, 01 Jan 1970 00:00:00"),
    "429, huge zone": _wait("Thu, 01 Jan 1970 00:00:00 +99999999"),
    "429, huge": _wait("9" * 4000),
    "429, negative": _wait("-5"),
    "429, inf": _wait("inf"),
    "429, odd digits": _wait("\xb2"),
    "content null": Way("unanswered", _content(None)),
    "content a number": Way("unanswered", _content(5)),
    "content a list": Way("unanswered", _content([{"type": "text", "text": MARKER}])),
    "content true": Way("unanswered", _content(True)),
    "choices empty": Way("unanswered", _body(lambda reply: '{"choices": []}')),
    "choices null": Way("unanswered", _body(lambda reply: '{"choices": null}')),
    "choices words": Way("unanswered", _body(lambda reply: '{"choices": "abc"}')),
    "choices an object": Way("unanswered", _body(lambda reply: '{"choices": {"0": {}}}')),
    "choices of lists": Way("unanswered", _body(lambda reply: '{"choices": [[1]]}')),
    "message words": Way("unanswered", _body(lambda reply: '{"choices": [{"message": "abc"}]}')),
    "a list": Way("unanswered", _body(lambda reply: "[]")),
    "a number": Way("unanswered", _body(lambda reply: "1e999")),
    "null": Way("unanswered", _body(lambda reply: "null")),
    "not JSON": Way("unanswered", _body(lambda reply: "<html>" + reply)),
    "half of JSON": Way("unanswered", _body(lambda reply: chat(reply)[:-3])),
    "JSON twice": Way("unanswered", _body(lambda reply: chat(reply) * 2)),
    "no body": Way("unanswered", _body(lambda reply: "")),
    "deep JSON": Way("unanswered", _body(lambda reply: "[" * 200_000)),
    "deep content": Way("unanswered", _body(lambda reply: b'{"choices": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")),
    "not UTF-8": Way("unanswered", _body(lambda reply: chat(MARKER).replace(MARKER.encode(), b"\xff\xfe"))),
    "UTF-16": Way("unanswered", _body(lambda reply: chat(reply).decode().encode("utf-16"))),
    "half a character": Way("any", _body(lambda reply: chat(reply + "\ud800"))),
    "wrong type": Way("answered", _body(chat, content_type="text/html; charset=utf-7")),
    "no type": Way("answered", _body(chat, content_type="")),
    "a stream of events": Way("unanswered", _body(lambda reply: b"data: " + chat(reply) + b"\n\ndata: [DONE]\n\n", content_type="text/event-stream")),
    "closed before its end": Way("unanswered", _cut_off),
    "closed at once": Way("unanswered", lambda chance, reply: [None]),
    "not HTTP": Way("unanswered", lambda chance, reply: [b"SSH-2.0-OpenSSH_9.2\r\n"]),
    "length too large": Way("unanswered", lambda chance, reply: [http(chat(reply), length=1 << 30)]),
    "length too small": Way("unanswered", lambda chance, reply: [http(chat(reply), length=40)]),
    "length negative": Way("unanswered", lambda chance, reply: [http(chat(reply), length=-1)]),
    "length too large, held open": Way("unanswered", lambda chance, reply: [http(chat(reply), length=1 << 30), 30.0], 0),
    "chunks without end": Way("unanswered", lambda chance, reply: [_CHUNKED + b"fffffff\r\n{", 30.0], 0),
    "chunks that stop": Way("unanswered", lambda chance, reply: [_CHUNKED + b"5\r\n{\"cho\r\n", 30.0], 0),
    "chunks of nonsense": Way("unanswered", lambda chance, reply: [_CHUNKED + b"zz\r\nxx"]),
    "endless chunks": Way("unanswered", lambda chance, reply: (_CHUNKED if n == 0 else b"1\r\n \r\n" for n in range(10**9)), 0),
    "endless slow chunks": Way("unanswered", lambda chance, reply: (piece for n in range(10**9) for piece in (_CHUNKED if n == 0 else b"1\r\n \r\n", 0.2)), 0),
    "three megabytes": Way("unanswered", _body(lambda reply: chat(" " * (3 << 20)))),
    "a megabyte": Way("any", _body(lambda reply: chat((reply + "\n") * ((1 << 20) // max(len(reply), 1))))),
    "gzip": Way("unanswered", _body(lambda reply: gzip.compress(chat(reply)), content_encoding="gzip")),
    "gzip bomb": Way("unanswered", _body(_bomb, content_encoding="gzip, gzip"), 0),
    "no gzip": Way("unanswered", _body(chat, content_encoding="gzip")),
    "unknown encoding": Way("unanswered", _body(chat, content_encoding="x-rot13")),
    "a byte a half second": Way("unanswered", _dripping(b""), 0),
    "a body of single bytes": Way("unanswered", lambda chance, reply: (p for n in range(10**9) for p in ((http(b"", length=10**6), 0.3) if n == 0 else (b" ", 0.3))), 0),
    "interim answers without end": Way("unanswered", lambda chance, reply: (p for _ in repeat(0) for p in (b"HTTP/1.1 100 Continue\r\n\r\n", 0.3)), 0),
    "headers without end": Way("unanswered", lambda chance, reply: (p for n in range(10**9) for p in (b"HTTP/1.1 200 OK\r\n" if n == 0 else b"x: y\r\n", 0.3)), 0),
    "headers of a megabyte": Way("unanswered", _body(chat, x="y" * (1 << 20))),
    "silence": Way("unanswered", lambda chance, reply: [30.0], 0),
    "silence behind the headers": Way("unanswered", lambda chance, reply: [http(b"", length=10), 30.0], 0),
    "finish_reason length": Way("cut", _body(lambda reply: chat(reply[: len(reply) * 2 // 3], finish="length"))),
    "finish_reason length, nothing": Way("cut", _content("", finish="length")),
    "finish_reason odd": Way("answered", _body(lambda reply: chat(reply, finish=MARKER))),
    "usage negative": _counts(prompt_tokens=-5, completion_tokens=-(10**30)),
    "usage words": _counts(prompt_tokens="many", completion_tokens=[1]),
    "usage huge": _counts(prompt_tokens=10**30, completion_tokens=10**18),
    "usage fractions": _counts(prompt_tokens=1.5, completion_tokens=True),
    "usage null": Way("answered", _body(lambda reply: chat(reply, usage=None))),
    "usage a list": Way("answered", _body(lambda reply: chat(reply, usage=[1]))),
    "usage without end": Way("any", _body(lambda reply: chat(reply)[:-1] + b', "usage": {"prompt_tokens": 1' + b"0" * 5000 + b"}}")),
}  # fmt: skip
