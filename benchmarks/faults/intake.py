"""What comes in: wrong values, articles and files that were damaged, input without end, texts that could be dear.

Each try yields None where it went well, else what was wrong.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from math import log2
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import musnad
from musnad.ledger import Ledger
from musnad.ledger.verify import verify_ledger
from musnad.sources import Item, Rejected, Remark, read_path, read_stream

if TYPE_CHECKING:
    from __main__ import Given

TEXT = "قال الوزير سامي الخوري إن المحادثات انتهت في عمان على خير، وأضاف: «سنعود غدا»."
KEYS = ("id", "text", "title", "published", "outlet", "url")
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**400, float("nan"), float("inf"), "", " ", ".", "..", "../../etc/passwd", "\0", "a\0b",
    "\ud800", "\udfff x", "\u202e", "\u200b\u200f", "\ufeff", "\ufffe", "\x1b[2J", "a\nb", "\r\n", "'; DROP TABLE documents; --",
    "<script>alert(1)</script>", "{{7*7}}", "%00", "=1+1", "x" * 5000, "ا" * 300_000, "\u064b" * 5000, "﷽" * 400, "🇵🇸" * 50,
    "0000-00-00", "2025-02-30", "2025-02-28", "٢٠٢٥-٠١-٠١", "9999-12-31", "1000-01-01", "2025-01-01T25:99", "20250101", "-2025-01-01",
    [], {}, [[]], ["a"], {"a": "b"}, {"\ud800": 1}, "http://[::1", "javascript:alert(1)", "file:///etc/passwd", "//a@b:c",
)  # fmt: skip
LONGEST_MESSAGE = 1000  # characters
SECONDS = 10.0  # that a damaged file or article may take
MEGABYTES = 600

GROWN: dict[str, Callable[[int], str]] = {
    "a report without words": lambda n: "قال: " * (n // 5),
    "a sentence that never ends": lambda n: "ثم عاد الوفد من المدينة إلى بلاده بعد أيام طويلة " * (n // 47),
    "a report that never ends": lambda n: "قال الرئيس إن " * (n // 14),
    "charges": lambda n: "اتهم الوزير " * (n // 12),
    "denials": lambda n: "ونفى الرئيس ذلك. " * (n // 17),
    "attacks": lambda n: "هاجم الجيش القرية " * (n // 18),
    "open quotations": lambda n: "«" * n,
    "open quotations of words": lambda n: "قال «نعم " * (n // 9),
    "nested quotations": lambda n: "«قال " * (n // 10) + "» " * (n // 10),
    "straight quotation marks": lambda n: '" ' * (n // 2),
    "brackets": lambda n: "(" * (n // 2) + ")" * (n // 2),
    "one word": lambda n: "ا" * n,
    "letters that stand alone": lambda n: "و " * (n // 2),
    "vowel marks": lambda n: "قَ" + "\u064e" * n,
    "names": lambda n: "محمد علي حسن " * (n // 13),
    "offices": lambda n: "رئيس وزير مدير " * (n // 15),
    "digits": lambda n: "1" * n,
    "days": lambda n: "يوم 5 آذار 2025 " * (n // 16),
    "lines": lambda n: "قال.\n" * (n // 5),
    "blank lines": lambda n: "قال\n" + "\n" * n,
    "commas": lambda n: "قال الوزير، " * (n // 12),
    "double points": lambda n: "سامي: نعم\n" * (n // 10),
    "places": lambda n: "في غزة وفي عمان " * (n // 16),
    "Latin letters": lambda n: "he said that " * (n // 13),
    "agencies": lambda n: "نقلت رويترز عن فرانس برس " * (n // 25),
}
_LENGTHS = (5_000, 40_000)  # characters: three doublings
_MORE = 2.2  # times the seconds, for twice the characters, in the mean of three doublings
_ORDINARY, _FEW = 100, 6  # articles
_DEARER = 4.0  # times the seconds of an ordinary text of as many characters


def said_badly(item: Item) -> str | None:
    """What is wrong with a message: lines, control characters, length; None for an article."""
    if not isinstance(item, Rejected | Remark):
        return None
    words = str(item)
    if len(words) > LONGEST_MESSAGE or not words.isprintable():
        return f"a message of {len(words)} characters: {words[:80]!r}"
    return None


def values(given: Given) -> Iterator[str | None]:
    """A row with one or two wrong values: an article that can be stored and found again, or one line that names it."""
    fast = musnad.Reader(fast=True)
    with Ledger(given.folder / "values.db") as ledger:
        for number in given.tries(1000):
            row: dict[str, Any] = {"id": f"n{number}", "text": TEXT, "published": "2025-03-01"}
            for key in given.chance.sample(KEYS, given.chance.choice((1, 1, 2))):
                row[key] = given.chance.choice(VALUES)
            line = json.dumps(row, ensure_ascii=given.chance.random() < 0.5).encode("utf-8", "surrogatepass")
            yield _stored(ledger, fast, list(read_stream(line, "news.jsonl")), f"{str(row)[:200]}")
    yield from (str(finding) for finding in verify_ledger(given.folder / "values.db"))


def _stored(ledger: Ledger, reader: musnad.Reader, items: list[Item], what: str) -> str | None:
    """Read and store what came of one input, and compare it with what the ledger then holds."""
    if not items:
        return f"no answer at all: {what}"
    for item in items:
        wrong = said_badly(item)
        if wrong:
            return wrong
        if not isinstance(item, musnad.Document):
            continue
        record = reader.read(item)
        ledger.add([record])
        if ledger.document(item.id) != record:
            return f"the ledger holds another article: {what}"
    return None


def articles(given: Given) -> Iterator[str | None]:
    """A real article, damaged, through the door, the reader and the ledger; the rest of the ledger stays as it is."""
    fast = musnad.Reader(fast=True)
    with Ledger(given.folder / "articles.db") as ledger:
        for number in given.tries(500):
            article = given.chance.choice(given.articles)
            text = article.text[:8000]
            for _ in range(given.chance.choice((1, 2, 5, 20))):
                text = _damaged(text, given.chance)
            row = {"id": f"a{number}", "text": text, "published": article.published, "title": article.title}
            line = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
            began = time.perf_counter()
            outcome = _stored(ledger, fast, list(read_stream(line, "news.jsonl")), repr(text[:200]))
            slow = time.perf_counter() - began > SECONDS
            yield f"took more than {SECONDS} s: {text[:200]!r}" if slow else outcome
    yield from (str(finding) for finding in verify_ledger(given.folder / "articles.db"))


def _damaged(text: str, chance: random.Random) -> str:
    """Cut, double, mix or spoil a piece of a text."""
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice((1, 3, 20, 200, 2000)))
    piece = text[start:end]
    signs = '«»""“”()[]:؛،.!؟-–…\u200f\u202e\u200b\u00ad\u0640\u064b\0\ud83d\ufeff\n\r\t\x85\u2028"'
    kinds: tuple[Callable[[], str], ...] = (
        lambda: "", lambda: piece * 3, lambda: piece[::-1], lambda: "".join(chance.sample(piece, len(piece))),
        lambda: "".join(chance.choice(signs) for _ in range(chance.choice((1, 5, 50)))), lambda: piece + chance.choice(signs),
        lambda: piece.replace(" ", ""), lambda: " ".join(piece), lambda: piece.replace(" ", "\n"), lambda: piece + "قال إن ",
        lambda: "".join(chr(chance.choice((chance.randrange(0x600, 0x700), chance.randrange(0x20, 0xD800)))) for _ in piece),
        lambda: piece.upper(), lambda: piece.replace("ا", "أ"), lambda: " ".join(chance.sample(piece.split(), len(piece.split()))),
    )  # fmt: skip
    return text[:start] + chance.choice(kinds)() + text[end:]


def files(given: Given) -> Iterator[str | None]:
    """Files of every format, their bytes damaged: articles and clear lines, in time."""
    wholes = dict(_wholes(given.articles))
    for number in given.tries(400):
        name, whole = given.chance.choice(list(wholes.items()))
        data = bytearray(whole)
        for _ in range(given.chance.choice((1, 1, 4, 30))):
            at = given.chance.randrange(len(data) + 1)
            end = at + given.chance.choice((1, 1, 8, 300))
            data[at:end] = given.chance.choice(
                (
                    b"",
                    bytes(data[at:end]) * 2,
                    given.chance.randbytes(end - at),
                    b"\0" * 4,
                    b"\xff",
                    b"[" * 3000,
                    b"<" * 500,
                )
            )
        path = given.folder / f"{number}-{name}"
        path.write_bytes(data)
        began = time.perf_counter()
        wrong = [said for item in islice(read_path(path), 5000) if (said := said_badly(item))]
        path.unlink()
        if time.perf_counter() - began > SECONDS:
            wrong.append(f"{name}: took more than {SECONDS} s")
        yield wrong[0] if wrong else None


def _wholes(articles: list[musnad.Document]) -> Iterator[tuple[str, bytes]]:
    """A sound file of each format: its name and its bytes."""
    some = articles[:5]
    lines = "\n".join(
        json.dumps({"id": a.id, "text": a.text, "title": a.title}, ensure_ascii=False) for a in some
    ).encode()
    page = (
        "<html><head><title>{}</title><meta charset=utf-8></head><body><article><h1>{}</h1>{}</article></body></html>"
    )
    pages = [
        page.format(a.title, a.title, "".join(f"<p>{line}</p>" for line in a.text.splitlines())).encode() for a in some
    ]
    items = "".join(
        f"<item><title>{a.id}</title><link>http://news.example/{n}</link><pubDate>Sat, 01 Mar 2025 10:00:00 GMT</pubDate>"
        f"<description>{a.text[:900]}</description></item>"
        for n, a in enumerate(some)
    )
    yield "a.txt", some[0].text.encode()
    yield "a-16.txt", some[0].text.encode("utf-16")
    yield "a-1256.txt", some[0].text.encode("cp1256", "replace")
    yield "a.jsonl", lines
    yield "a.jsonl.gz", gzip.compress(lines)
    yield "a.html", pages[0]
    yield "a.html.gz", gzip.compress(pages[1])
    yield (
        "feed.xml",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode(),
    )
    archive = b"".join(_response(f"http://news.example/{n}", body) for n, body in enumerate(pages))
    yield "a.warc", archive
    yield "a.warc.gz", b"".join(gzip.compress(_response(f"http://news.example/{n}", b)) for n, b in enumerate(pages))


def _response(url: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-03-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{len(body):032x}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def limits(given: Given) -> Iterator[str | None]:
    """Bombs of 4 GB, devices and pipes without end, by the command: one line, in bounded memory."""
    line = json.dumps({"id": "1", "text": TEXT}).encode() + b"\n"
    for name, start, piece in (
        ("spaces", b"", b" "), ("words", b"", b"a b c d\n"), ("a text", b'{"id": "1", "text": "', b"a"), ("a line", line, b"a"),
        ("lines", line, b"\n"), ("zeros", b"", b"\0"), ("a page", b"<html><body><p>", b"x <b>"), ("brackets", b"", b"["),
    ):  # fmt: skip
        packed = gzip.compress(piece * ((64 << 20) // len(piece)))
        (given.folder / f"{name}.gz").write_bytes(gzip.compress(start) + packed * 64)
        (given.folder / f"{name} twice.gz").write_bytes(gzip.compress(gzip.compress(start) + packed * 64))
        yield _bounded(f"read --fast '{name}.gz'", given.folder)
        yield _bounded(f"read --fast '{name} twice.gz'", given.folder)
    for command in (
        "read /dev/zero",
        "read - < /dev/zero",
        "read /dev/urandom",
        "ingest - -l a.db --workers 1 < /dev/zero",
    ):
        yield _bounded(command, given.folder)
    for command in (
        "cat /dev/zero",
        "yes قال",
        "(printf '[';yes '[' | tr -d '\\n')",
        "yes '{\"text\":\"x\"' | tr -d '\\n'",
    ):
        yield _bounded("read --fast --from jsonl -", given.folder, f"{command} | ")


def _bounded(command: str, folder: Path, before: str = "") -> str | None:
    measured = (
        "import resource, subprocess, sys; done = subprocess.run(['bash', '-c', sys.argv[1]], capture_output=True, text=True, "
        "timeout=100); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); print(done.stderr[:5000])"
    )
    whole = f"{before}{sys.executable} -m musnad {command}"
    done = subprocess.run(
        [sys.executable, "-c", measured, whole], cwd=folder, capture_output=True, text=True, check=False
    )
    memory, _, said = done.stdout.partition("\n")
    if done.returncode or "Traceback" in said or "should not happen" in said:
        return f"{command}: {done.stderr[-200:]}{said[-200:]}"
    if not 1 <= len(said.strip().splitlines()) <= 3:
        return f"{command}: said {said[:200]!r}"
    return f"{command}: {memory} MB" if int(memory) >= MEGABYTES else None


def growth(given: Given) -> Iterator[str | None]:
    """Texts that could be dear, of 5,000 and 40,000 characters: what they cost beside ordinary texts, and how that grows.

    An ordinary text costs what a hundred articles do in the mean. A few of them are read right before each dear one, so that
    whatever else the machine does weighs on both; of three times the middle one counts.
    """
    fast = musnad.Reader(fast=True)
    articles = [article.text for article in given.articles[:_ORDINARY]]
    few = articles[:_FEW]
    for text in articles:
        _seconds(fast, text)
    all_of_them, the_few = (
        min(sum(_seconds(fast, text) for text in texts) for _ in range(3)) / sum(map(len, texts))
        for texts in (articles, few)
    )
    size = sum(map(len, few)) * the_few / all_of_them  # characters that would cost as much if they were ordinary
    for name, pattern in list(GROWN.items())[: len(given.tries(len(GROWN)))]:
        dearer = []
        for length in _LENGTHS:
            text, times = pattern(length), []
            for _ in range(3):
                usual = sum(_seconds(fast, other) for other in few) / size
                times.append(_seconds(fast, text) / length / usual)
            dearer.append(median(times))
        grown = 2 * (dearer[-1] / dearer[0]) ** (1 / log2(_LENGTHS[-1] / _LENGTHS[0]))
        yield f"{name}: {grown:.2f} times the seconds for each doubling" if grown > _MORE else None
        for length, times_dearer in zip(_LENGTHS, dearer, strict=True):
            wrong = f"{name}: {length} characters cost {times_dearer:.1f} times an ordinary text"
            yield wrong if times_dearer > _DEARER else None


def _seconds(reader: musnad.Reader, text: str) -> float:
    """Processor time of reading a text."""
    began = time.process_time()
    reader.read(musnad.Document(id="x", text=text))
    return time.process_time() - began
