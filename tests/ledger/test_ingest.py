"""Taking articles in: in parallel, twice, killed half way, two at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

import musnad
from musnad.errors import LedgerError
from musnad.ledger import Ledger
from musnad.ledger.ingest import IngestProgress, ingest
from musnad.ledger.verify import verify_ledger
from musnad.sources import Rejected, Remark, read_path

NAMES = ["سامي الخوري", "هدى سالم", "كريم حداد", "رشيد عمر", "سعاد المهيري"]


def archive(path: Path, articles: int) -> Path:
    """Write articles that are all different, in one file."""
    rng = random.Random(7)
    with path.open("w", encoding="utf-8") as file:
        for n in range(articles):
            name, other = rng.sample(NAMES, 2)
            text = f"قال الوزير {name} إن الجلسة رقم {n} انتهت دون نتيجة.\nوأضافت النائبة {other}: «سنعود إلى الجلسة رقم {n + 1} غدا صباحا»."
            day = f"2025-{1 + n % 12:02}-{1 + n % 28:02}"
            file.write(msgspec.json.encode({"id": f"n{n}", "text": text, "published": day}).decode() + "\n")
    return path


def rows(where: str | Path) -> list[str]:
    with Ledger(where) as ledger:
        return [record.to_json() for record in ledger.records()]


def command(file: Path, where: str | Path) -> list[str]:
    return [sys.executable, "-m", "musnad", "ingest", str(file), "--ledger", str(where), "--workers", "1"]


def test_several_processes_give_the_same_ledger_as_one(tmp_path: Path) -> None:
    file = archive(tmp_path / "all.jsonl", 70)  # more than workers get at once
    for name, workers in (("one.db", 1), ("two.db", 2)):
        with Ledger(tmp_path / name) as ledger:
            assert ingest(ledger, read_path(file), workers=workers) == IngestProgress(
                added=70, found=70, read=70, whole=True
            )
    assert rows(tmp_path / "one.db") == rows(tmp_path / "two.db")


def test_what_cannot_be_read_is_reported_and_the_rest_taken_in(where: str, tmp_path: Path) -> None:
    file = tmp_path / "mixed.jsonl"
    good = '{"id": "1", "text": "قال الوزير إن المحادثات انتهت."}'
    mended, half = '{"id": "3", "text": "نص\\u0000 مقطوع"}', '{"id": "\\ud800", "text": "قال الوزير."}'
    file.write_text(f'{good}\nnot json\n{{"id": "2"}}\n{mended}\n{half}\n', encoding="utf-8")
    seen: list[str] = []

    def watch(progress: IngestProgress, item: Rejected | Remark | None) -> None:
        seen.extend([str(item)] if item is not None else [])

    with Ledger(where) as ledger:
        done = ingest(ledger, read_path(file), workers=1, seen=watch)
        assert (done.added, done.rejected) == (2, 3)
        assert ledger.counts()["documents"] == 2
        assert [record.text for record in ledger.records()][1] == "نص\ufffd مقطوع"
    assert [line.partition(":")[2][:2] for line in seen] == ["2:", "3:", "5:"]


def test_killed_at_any_moment_and_started_again(tmp_path: Path) -> None:
    """MUSNAD_KILLS=50 kills as often as one likes; benchmarks/faults kills a hundred times."""
    kills = int(os.environ.get("MUSNAD_KILLS", "3"))
    file = archive(tmp_path / "all.jsonl", 300 * max(1, kills // 3))
    where = tmp_path / "killed.db"
    rng = random.Random(3)
    for _ in range(kills):
        process = subprocess.Popen(command(file, where), stderr=subprocess.DEVNULL)
        time.sleep(0.6 + rng.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert wrong_in(where) == []
    assert subprocess.run(command(file, where), capture_output=True, check=True).returncode == 0
    with Ledger(tmp_path / "whole.db") as ledger:
        ingest(ledger, read_path(file), workers=1)
    assert rows(where) == rows(tmp_path / "whole.db")


def wrong_in(where: Path) -> list[str]:
    """What does not fit; nothing where the process was killed before there was a ledger."""
    try:
        return [str(finding) for finding in verify_ledger(where)]
    except LedgerError as error:
        return [] if "there is no ledger here" in str(error) else [str(error)]


def test_two_ingests_at_once_and_a_search_between(where: str, tmp_path: Path) -> None:
    file = archive(tmp_path / "all.jsonl", 80)
    both = [subprocess.Popen(command(file, where), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    with Ledger(where) as ledger:
        while any(process.poll() is None for process in both):
            for hit in ledger.search("الجلسة", limit=5):
                assert hit.words[slice(*hit.marks[0])] == "الجلسة"
            time.sleep(0.05)  # the two ingests need the machine more
        said = [process.communicate()[1] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert ledger.counts()["documents"] == 80
    assert sorted(rows(where)) == sorted(set(rows(where)))
    assert list(verify_ledger(where)) == []


def test_an_article_of_the_command_is_the_article_of_the_reader(
    where: str, tmp_path: Path, fast: musnad.Reader
) -> None:
    file = archive(tmp_path / "all.jsonl", 3)
    with Ledger(where) as ledger:
        ingest(ledger, read_path(file), workers=1)
        for item in read_path(file):
            assert isinstance(item, musnad.Document)
            assert ledger.document(item.id) == fast.read(item)
