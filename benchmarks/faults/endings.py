"""How the command ends: with hostile arguments, and killed at any moment and started again."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyarrow import parquet

from musnad.errors import LedgerError
from musnad.ledger import Ledger
from musnad.ledger.verify import verify_ledger
from musnad.record import Document
from musnad.sources import read_path

if TYPE_CHECKING:
    from __main__ import Given

MUSNAD = [sys.executable, "-m", "musnad"]
#: Nothing here names a place outside the folder of the tries: some of these are given as the name of an output.
WORDS = (
    "", " ", ".", "-", "--", "x" * 5000, "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"),
    "nowhere/x", "/dev/full", "/dev/null", "'", '"', "*", "\"قال", "(قال OR", "NEAR(", "قال*", "-1", "0", "1e400", "nan",
    "99999999999999999999", "2025-02-30", "٢٠٢٥-٠١-٠١", "9999-12-31", "\x1b[2J", "a\nb", "postgresql://u:geheim@127.0.0.1:1/x",
    "sqlite:///x", "http://127.0.0.1:1/", "file:///nowhere/x", "COPY x TO 'y'", "%s%n", "{0}", "news.db", "a.jsonl",
)  # fmt: skip
COMMANDS = (
    "read {}", "read a.jsonl --from {}", "read a.jsonl --published {}", "read a.jsonl --outlet {}", "read a.jsonl --min-confidence {}",
    "ingest {} -l other.db --workers 1", "ingest a.jsonl -l {} --workers 1", "ingest a.jsonl -l other.db --workers 1 --rejected {}",
    "search {} -l news.db", "search x -l {}", "search x -l news.db --since {}", "search x -l news.db --limit {}", "who {} -l news.db",
    "show {} -l news.db", "stats -l {}", "verify -l {}", "stories {} -l news.db", "positions {} -l news.db", "promises -l news.db --today {}",
    "conflicts -l {}", "run {} -o out", "run a.jsonl -o {}", "query {} news.db", "events -l news.db --type {}", "map -l news.db -o {}",
    "correct a s1 -l news.db --speaker {}", "export -f {} -l news.db", "export -f jsonl -l news.db -o {}", "eval {}", "serve -l {}",
)  # fmt: skip
NAMES = ("سامي الخوري", "هدى سالم", "كريم حداد", "رشيد عمر", "سعاد المهيري")
ARTICLES = 500
KILLS, LEDGERS = 10, 4  # kills of one ledger, ledgers of a kind


def commands(given: Given) -> Iterator[str | None]:
    """Each command with an argument that it does not expect: an exit code, a few lines, nothing secret."""
    archive = archived(given.folder / "a.jsonl", 3)
    subprocess.run([*MUSNAD, "ingest", str(archive), "-l", str(given.folder / "news.db"), "--workers", "1"], check=True)
    for number in given.tries(70):
        command, word = COMMANDS[number % len(COMMANDS)], given.chance.choice(WORDS)
        arguments = [word if part == "{}" else part for part in command.split()]
        try:
            done = subprocess.run(
                [*MUSNAD, *arguments],
                cwd=given.folder,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=10,
                check=False,
            )
        except subprocess.TimeoutExpired:
            if command.startswith("serve") and word == "news.db":
                continue  # it serves the ledger
            yield f"{command} {word!r:.80}: still running after 10 seconds"
            continue
        said = done.stderr.decode("utf-8", "replace")
        wrong = done.returncode not in {0, 1, 2, 3} or any(
            w in said for w in ("Traceback", "should not happen", "geheim", "\x1b[2J")
        )
        yield f"{command} {word!r:.80}: {done.returncode} {said[-200:]}" if wrong else None


def archived(path: Path, articles: int, seed: int = 7) -> Path:
    """Write articles that are all different, in one file."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for n in range(articles):
            name, other = chance.sample(NAMES, 2)
            text = (
                f"قال الوزير {name} إن الجلسة رقم {n} انتهت دون نتيجة.\nوأضافت النائبة {other}: «سنعود إلى الجلسة رقم {n + 1} غدا».\n"
                f"وقتل {chance.randrange(2, 40)} أشخاص في هجوم شنه مسلحون على قرية قرب {chance.choice(('عمان', 'بغداد', 'طرابلس'))} أمس."
            )
            day = f"2025-{1 + n % 12:02}-{1 + n % 28:02}"
            file.write(
                json.dumps({"id": f"n{n}", "text": text, "published": day, "outlet": f"o{n % 5}"}, ensure_ascii=False)
                + "\n"
            )
    return path


def kills_of_ingest(given: Given) -> Iterator[str | None]:
    """`musnad ingest`, killed while batches are stored or linked, then carried to its end: the ledger of one that was not."""
    for ledger in given.tries(LEDGERS):
        archive = archived(given.folder / "all.jsonl", ARTICLES, ledger)
        whole, where = given.folder / f"whole{ledger}.db", given.folder / f"killed{ledger}.db"
        subprocess.run(
            [*MUSNAD, "ingest", str(archive), "-l", str(whole), "--workers", "1"], check=True, capture_output=True
        )
        command = [*MUSNAD, "ingest", str(archive), "-l", str(where), "--workers", "1"]
        yield from _killed_again_and_again(command, where, given.chance, 2.0)
        yield _ended_like(command, where, whole)


def kills_of_link(given: Given) -> Iterator[str | None]:
    """`musnad link`, killed while links are made, then carried to its end."""
    for ledger in given.tries(LEDGERS):
        archive = archived(given.folder / "all.jsonl", ARTICLES, ledger)
        whole, where = given.folder / f"whole{ledger}.db", given.folder / f"killed{ledger}.db"
        with Ledger(where) as made:
            from musnad.reader import Reader

            reader = Reader(fast=True)
            made.add(reader.read(item) for item in read_path(archive) if isinstance(item, Document))
        with sqlite3.connect(where) as source, sqlite3.connect(whole) as copy:
            source.backup(copy)
        subprocess.run([*MUSNAD, "link", "-l", str(whole)], check=True, capture_output=True)
        command = [*MUSNAD, "link", "-l", str(where)]
        yield from _killed_again_and_again(command, where, given.chance, 1.0)
        yield _ended_like(command, where, whole)


def _killed_again_and_again(
    command: list[str], where: Path, chance: random.Random, longest: float
) -> Iterator[str | None]:
    """Start the command and kill it, at once or after its first write, up to `longest` seconds later."""
    for kill in range(KILLS):
        before = _stamp(where)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while kill % 3 and process.poll() is None and _stamp(where) == before:
            time.sleep(0.005)
        time.sleep(chance.random() * longest)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = _wrong_in(where)
        yield f"after kill {kill + 1}: {found[0]}" if found else None


def _wrong_in(where: Path) -> list[str]:
    """What does not fit; nothing where it was killed before there was a ledger."""
    try:
        return [str(finding) for finding in verify_ledger(where)] if where.exists() else []
    except LedgerError as error:
        return [] if "there is no ledger here" in str(error) else [str(error)]


def _stamp(where: Path) -> tuple[int, ...]:
    """What changes when a file, its journal or a folder of parts is written."""
    paths = where.glob("**/*") if where.is_dir() else (where, where.with_name(f"{where.name}-wal"))
    return tuple(path.stat().st_size for path in paths if path.exists())


def _ended_like(command: list[str], where: Path, whole: Path) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"carried to its end: {done.stderr[-200:]}"
    one, other = set(_dump(where)), set(_dump(whole))
    differ = sorted(one ^ other)
    return f"another ledger: {len(differ)} rows, {differ[:2]}" if differ else None


def _dump(path: Path) -> list[str]:
    """All rows of a ledger."""
    bind = sqlite3.connect(path)
    try:
        return list(bind.iterdump())
    finally:
        bind.close()


def kills_of_run(given: Given) -> Iterator[str | None]:
    """`musnad run`, killed after its first parts, then carried to its end: the rows of one that was not."""
    for output in given.tries(2):
        archive = archived(given.folder / "all.jsonl", 4 * ARTICLES, output)
        whole, where = given.folder / f"whole{output}", given.folder / f"killed{output}"
        options = ["--workers", "1", "--part-size", "200"]
        subprocess.run([*MUSNAD, "run", str(archive), "-o", str(whole), *options], check=True, capture_output=True)
        command = [*MUSNAD, "run", str(archive), "-o", str(where), *options]
        for kill in range(KILLS):
            before = _stamp(where) if where.exists() else ()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and (not where.exists() or _stamp(where) == before):
                time.sleep(0.005)
            time.sleep(given.chance.random() * 0.8)
            process.send_signal(signal.SIGKILL)
            process.wait()
            yield None if process.returncode == -signal.SIGKILL else f"kill {kill + 1} came too late"
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        same = done.returncode == 0 and _rows(where) == _rows(whole)
        yield None if same else f"another archive of rows: {done.stderr[-200:]}"


def _rows(folder: Path) -> list[tuple[str, str]]:
    """All rows of a run, each with the name of its table."""
    return sorted(
        (path.relative_to(folder).parts[0], json.dumps(row, ensure_ascii=False, sort_keys=True, default=str))
        for path in folder.glob("**/*.parquet")
        for row in parquet.read_table(path).to_pylist()
    )
