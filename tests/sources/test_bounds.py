"""What is unpacked is counted: bombs, endless input and pipes, by the command itself; memory stays below 600 MB."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from musnad.record import Document
from musnad.sources import Rejected, Remark, read_path

TEXT = "قال الوزير إن المحادثات انتهت في المدينة على خير."
LINE = json.dumps({"id": "1", "text": TEXT}).encode() + b"\n"
MEGABYTES = 600
_MEASURED = """
import resource, subprocess, sys
done = subprocess.run(["bash", "-c", sys.argv[1]], stderr=subprocess.PIPE, timeout=280)
sys.stderr.buffer.write(done.stderr)
print("memory", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def shell(command: str) -> tuple[list[str], str, int]:
    """Run a line of shell in which `musnad` is the command: its output by lines, its complaints, its memory in MB."""
    line = f'musnad() {{ {sys.executable} -m musnad "$@"; }}\n{command}'
    arguments = [sys.executable, "-c", _MEASURED, line]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=True)
    *output, memory = done.stdout.splitlines()
    return output, done.stderr, int(memory.split()[1])


def bomb(path: Path, start: bytes, piece: bytes) -> None:
    """Write a packed file of 4 GB: the piece, 64 MB of it, again and again."""
    packed = gzip.compress(piece * (1 << 20))
    path.write_bytes(gzip.compress(start) + packed * 64)


@pytest.mark.parametrize(
    ("start", "piece", "reason", "articles"),
    [
        (b"", b" " * 64, "larger than 40 MB unpacked", 0),
        (b"", b"a b c d\n" * 8, "larger than 40 MB unpacked", 0),
        (b'{"id": "1", "text": "', b"a" * 64, "a line of more than 128 MB", 0),
        (LINE, b"a" * 64, "a line of more than 128 MB", 1),
        (LINE, b"\n" * 64, "blank lines without end", 1),
    ],
)
def test_a_packed_file_of_4_gigabytes(start: bytes, piece: bytes, reason: str, articles: int, tmp_path: Path) -> None:
    bomb(tmp_path / "bomb.gz", start, piece)
    output, said, memory = shell(f"musnad read --fast {tmp_path}/bomb.gz")
    assert len(output) == articles
    assert len(said.splitlines()) == 1, said
    assert "bomb.gz" in said
    assert reason in said
    assert memory < MEGABYTES


@pytest.mark.parametrize("piece", [b"x <b>" * 13, b"a" * 64, b"\n" * 64])
def test_what_is_packed_twice_is_no_text(piece: bytes, tmp_path: Path) -> None:
    (tmp_path / "twice.gz").write_bytes(gzip.compress(gzip.compress(LINE) + gzip.compress(piece * (1 << 20)) * 64))
    output, said, memory = shell(f"musnad read --fast {tmp_path}/twice.gz")
    assert output == []
    assert said.splitlines()[0].endswith(
        "not a text file (packed as gzip more than once); give text, HTML or JSON Lines"
    )
    assert memory < MEGABYTES


def test_a_bomb_beside_an_article_in_a_ledger_and_in_a_run(tmp_path: Path) -> None:
    bomb(tmp_path / "bomb.jsonl.gz", LINE, b"a" * 64)
    (tmp_path / "z.jsonl").write_bytes(LINE.replace(b'"1"', b'"2"'))
    _, said, memory = shell(f"musnad ingest {tmp_path}/*.gz {tmp_path}/z.jsonl --workers 1 --ledger {tmp_path}/a.db")
    assert "2 taken in, 0 changed, 0 unchanged, 1 rejected" in said
    assert memory < MEGABYTES
    _, said, memory = shell(f"musnad run {tmp_path}/*.gz {tmp_path}/z.jsonl --workers 1 --output {tmp_path}/out")
    assert said.startswith("2 articles, 2 statements, 2 events, 1 rejected")
    assert memory < MEGABYTES


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("musnad read /dev/zero", "not a text file"),
        ("musnad read /dev/urandom", "not a text file"),
        ("musnad read - < /dev/zero", "not a text file"),
        ("cat /dev/zero | musnad read -", "not a text file"),
        ("yes قال | musnad read -", "larger than 40 MB"),
        ("(printf '{\"id\": '; yes 1 | tr -d '\\n') | musnad read -", "a line of more than 128 MB"),
        ("musnad ingest - --workers 1 --ledger {}/a.db < /dev/zero", "not a text file"),
        ("musnad read - <&-", "standard input: cannot be read"),
    ],
)
def test_input_without_end(command: str, reason: str, tmp_path: Path) -> None:
    output, said, memory = shell(command.replace("{}", str(tmp_path)))
    assert output == []
    assert reason in said.splitlines()[0]
    assert "Traceback" not in said
    assert memory < MEGABYTES


def test_pipes_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(TEXT.encode()))
    os.mkfifo(tmp_path / "pipe")
    output, said, _ = shell(f"cd {tmp_path}\ncat a.gz > pipe &\nmusnad read --fast <(zcat a.gz) <(cat a.gz) pipe")
    assert [json.loads(line)["text"] for line in output] == [TEXT] * 3
    assert said == ""


def test_a_large_archive_is_read_line_by_line_whatever_its_first_lines_are(tmp_path: Path) -> None:
    line = (
        json.dumps({"text": f"{TEXT} " * 100}, ensure_ascii=False).encode() + b"\n"
    )  # longer than what a file is known by
    broken = line.replace("خير".encode(), b"\xff", 1)
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf{broken\n\n" + line * 1200 + broken * 2 + b"\n" + line)
    items = list(read_path(tmp_path / "a.jsonl"))
    assert (tmp_path / "a.jsonl").stat().st_size > 8 << 20
    assert sum(isinstance(item, Document) for item in items) == 1203
    assert [str(item).rpartition("/")[2][:11] for item in items if isinstance(item, Rejected)] == ["a.jsonl:1: "]
    assert [str(item).rpartition("/")[2] for item in items if isinstance(item, Remark)] == [
        "a.jsonl: 2 places do not fit UTF-8 and are read as \ufffd, the first at line 1,203"
    ]


def test_a_large_archive_in_an_old_encoding_is_read_in_it(tmp_path: Path) -> None:
    line = json.dumps({"text": f"{TEXT} " * 100}, ensure_ascii=False).encode("cp1256") + b"\n"
    (tmp_path / "a.jsonl").write_bytes(line * 1700)
    items = list(read_path(tmp_path / "a.jsonl"))
    assert (tmp_path / "a.jsonl").stat().st_size > 8 << 20
    assert {item.text for item in items if isinstance(item, Document)} == {f"{TEXT} " * 100}
    assert "cp1256" in str(items[0])


def test_what_stands_before_the_damage_of_a_packed_archive_is_read(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(LINE.replace(b'"1"', b'"%d"' % n) for n in range(5000)), compresslevel=0)
    (tmp_path / "a.gz").write_bytes(whole[:-20_000])
    *articles, rejected = read_path(tmp_path / "a.gz")
    assert len(articles) > 4500
    assert all(isinstance(article, Document) for article in articles)
    assert "cannot be read" in str(rejected)


def test_more_values_than_an_article_has_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "1", "more": [' + b"[]," * 1_000_000 + b"[]]}\n" + LINE)
    rejected, article = read_path(tmp_path / "a.jsonl")
    assert "more than 1,000,000 values" in str(rejected)
    assert isinstance(article, Document)
