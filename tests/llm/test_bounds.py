"""Answers that give nothing, too much, or the same twice, from a server on loopback."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import musnad
from musnad.llm import LlmReader, Settings

TEXT = "قال وزير الخارجية سامي الخوري في عمان إن المحادثات انتهت.\nوقصف الجيش الإسرائيلي قرية النخيل أمس، وأدى القصف إلى مقتل مدنيين."
EVENT = "E ASSAULT | happened | وقصف ; القصف | الجيش الإسرائيلي | قرية النخيل"
SAID = "S المحادثات انتهت | قال | i | SAY | وزير الخارجية سامي الخوري | سامي الخوري"
Read = Callable[..., musnad.Record]


class _Server(BaseHTTPRequestHandler):
    body, headers_too, asked = b"", dict[str, str](), list[dict[str, str]]()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        type(self).asked.append({key.lower(): value for key, value in self.headers.items()})
        self.send_response(200)
        for key, value in {"Content-Length": str(len(self.body)), **self.headers_too}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Reads the article with what a model says, or with these bytes and headers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    model = LlmReader(Settings(url=url, model="m", cache="", retries=0, seconds=20.0, ask_again=False))

    def told(
        reply: str | None, body: bytes | None = None, finish: str = "stop", text: str = TEXT, **headers: str
    ) -> musnad.Record:
        choice = {"message": {"content": reply}, "finish_reason": finish}
        _Server.body = body if body is not None else json.dumps({"choices": [choice]}).encode()
        _Server.headers_too = {name.replace("_", "-"): value for name, value in headers.items()}
        return model.read(musnad.Document(id="a", text=text))

    yield told
    model.close()
    server.shutdown()
    server.server_close()


def codes(record: musnad.Record) -> list[str]:
    return [note.code for note in record.notes]


def test_reads_what_the_model_says(read: Read) -> None:
    record = read(f"{SAID}\n{EVENT}")
    assert [one.speaker.name for one in record.statements] == ["سامي الخوري"]
    assert [[span.text for span in one.triggers] for one in record.events] == [["وقصف", "القصف"]]
    assert "llm-unanswered" not in codes(record)


@pytest.mark.parametrize("reply", ["", " \n\t", "\u200b\ufeff", None])
def test_an_answer_of_nothing_is_none(read: Read, fast: musnad.Reader, reply: str | None) -> None:
    record = read(reply)
    assert "llm-unanswered" in codes(record)
    assert record.statements == fast.read(TEXT).statements


def test_silence_where_the_fast_reader_is_sure_is_no_answer(read: Read, fast: musnad.Reader) -> None:
    """A model that an article orders to be silent costs the article nothing but the model's reading."""
    record = read("E none")
    assert record.statements == fast.read(TEXT).statements
    note = next(note for note in record.notes if note.code == "llm-unanswered")
    assert note.detail == "the answer names nothing, the fast reader is sure of 1"


def test_an_answer_of_which_nothing_stands_in_the_article_is_none(read: Read, fast: musnad.Reader) -> None:
    record = read("I cannot help with that.\nS الكواكب تسعة | زعم | i | CLAIM | الفلكي | الفلكي")
    assert record.statements == fast.read(TEXT).statements
    assert {"llm-unanswered", "llm-refused"} <= set(codes(record))


def test_nothing_before_the_end_of_the_tokens_is_an_answer_that_was_cut(read: Read) -> None:
    note = next(note for note in read("", finish="length").notes if note.code == "llm-unanswered")
    assert note.detail == "the answer was cut"


def test_an_event_that_is_told_twice_is_one(read: Read) -> None:
    record = read(f"{SAID}\n{EVENT}\n{EVENT}\n{SAID}")
    assert (len(record.statements), len(record.events)) == (1, 1)


def test_a_word_names_an_event_once(read: Read) -> None:
    record = read("E ASSAULT | happened | القصف ; القصف ; القصف | الجيش الإسرائيلي")
    assert [[span.text for span in one.triggers] for one in record.events] == [["القصف"]]


def test_what_is_packed_is_not_unpacked(read: Read) -> None:
    bomb = gzip.compress(gzip.compress(b" " * (64 << 20)))
    record = read(None, bomb, Content_Encoding="gzip, gzip")
    note = next(note for note in record.notes if note.code == "llm-unanswered")
    assert note.detail == "the answer is packed, which was not asked for"
    assert _Server.asked[-1]["accept-encoding"] == "identity"


def test_a_word_that_stands_everywhere_is_found_at_once(read: Read) -> None:
    pieces = " ~ ".join(["من … من"] * 24)
    began = time.monotonic()
    read("\n".join([f"S {pieces} | من | i | SAY | من | من"] * 4), text=" ".join(["من"] * 1_000) + ".")
    assert time.monotonic() - began < 20
