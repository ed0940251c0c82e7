"""How fast a ledger takes articles in and finds statements.

    python benchmarks/ledger.py CORPUS.jsonl.gz… [--articles N] [--statements 1000000] [--json FIGURES.json]

Takes the corpora into a new SQLite ledger on all cores, takes them in again, asks 200 varied questions, repeats the
statements under new identifiers up to the wanted number and asks again. Prints versions, machine and figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import tempfile
import time
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from musnad.ledger import Filters, Ledger
from musnad.ledger.ingest import ingest
from musnad.sources import read_path

QUESTIONS = 200


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("corpora", nargs="+", type=Path)
    cli.add_argument("--articles", type=int)
    cli.add_argument("--statements", type=int, default=1_000_000)
    cli.add_argument("--json", type=Path)
    args = cli.parse_args()
    figures: dict[str, Any] = {"machine": f"{processor()}, {os.cpu_count()} cores", "python": platform.python_version()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        with Ledger(path) as ledger:
            figures["ingest"] = taken_in(ledger, args)
            figures["again"] = taken_in(ledger, args)
            counts = ledger.counts()
            figures["counts"] = counts
            figures["bytes_a_statement"] = round(size(path) / counts["statements"])
            figures["search"] = asked(ledger)
            multiply(ledger, args.statements)
            figures["counts_multiplied"] = ledger.counts()["statements"]
            figures["search_multiplied"] = asked(ledger)
    out = json.dumps(figures, indent=1, ensure_ascii=False)
    print(out)
    if args.json:
        args.json.write_text(out, encoding="utf-8")


def taken_in(ledger: Ledger, args: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    items = chain.from_iterable(read_path(path) for path in args.corpora)
    done = ingest(ledger, islice(items, args.articles))
    seconds = time.perf_counter() - began
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {
        "articles": done.seen, "added": done.added, "unchanged": done.unchanged, "rejected": done.rejected,
        "seconds": round(seconds, 1), "articles_per_second": round(done.seen / seconds),
        "peak_memory_mb": own, "peak_memory_of_a_worker_mb": workers,
    }  # fmt: skip


def size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.parent.glob(path.name + "*"))


def questions(ledger: Ledger) -> list[tuple[str, Filters]]:
    """Words, phrases, beginnings and filters, drawn from the statements themselves."""
    rng = random.Random(1)
    with ledger.database.read() as bind:
        most = bind.scalar(text("SELECT max(number) FROM statements")) or 1
        drawn = [
            bind.execute(
                text(
                    "SELECT s.words, e.name, s.stance FROM statements s JOIN entities e ON e.number = s.speaker WHERE s.number >= :n LIMIT 1"
                ),
                {"n": rng.randrange(1, most)},
            ).one()
            for _ in range(QUESTIONS)
        ]
    asked = []
    for n, (words, name, stance) in enumerate(drawn):
        tokens = [word for word in words.split() if len(word) > 3 and word.isalpha()] or ["الرئيس"]
        first = rng.randrange(len(tokens))
        query = [
            tokens[first],
            " ".join(tokens[first : first + 2]),
            f'"{" ".join(tokens[first : first + 2])}"',
            tokens[first][:4] + "*",
        ][n % 4]
        filters = [Filters(), Filters(stance=stance), Filters(speaker=name), Filters(since="2015-08-01")][n // 4 % 4]
        asked.append((query, filters))
    return asked


def asked(ledger: Ledger) -> dict[str, Any]:
    every = questions(ledger)
    for query, filters in every[:10]:
        ledger.search(query, filters)
    times = []
    found = 0
    for query, filters in every:
        began = time.perf_counter()
        found += bool(ledger.search(query, filters))
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {
        "questions": len(times), "with_results": found, "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1), "worst_ms": round(times[-1], 1),
    }  # fmt: skip


def multiply(ledger: Ledger, wanted: int) -> None:
    """Repeat all articles under new identifiers until there are as many statements as wanted."""
    copy = ledger.counts()
    rounds = max(0, -(-wanted // copy["statements"]) - 1)
    with ledger.database.write() as bind:
        documents = bind.scalar(text("SELECT max(number) FROM documents")) or 0
        statements = bind.scalar(text("SELECT max(number) FROM statements")) or 0
        same = "hash, title, outlet, url, published, text, rest"
        plain = "kind, stance, speaker, read_as, content, words, cue, parties, within, confidence, published"
        for n in range(1, rounds + 1):
            bind.execute(
                text(
                    f"INSERT INTO documents (number, id, {same}) SELECT number + :d, id || '-' || :n, {same} "
                    "FROM documents WHERE number <= :most"
                ),
                {"d": documents * n, "n": n, "most": documents},
            )
            bind.execute(
                text(
                    f"INSERT INTO statements (number, document, id, {plain}) SELECT number + :s, document + :d, id, {plain} "
                    "FROM statements WHERE number <= :most"
                ),
                {"s": statements * n, "d": documents * n, "most": statements},
            )
        last = statements
        while rows := bind.execute(
            text("SELECT number, words FROM statements WHERE number > :last ORDER BY number LIMIT 20000"),
            {"last": last},
        ).all():
            ledger.index.add(bind, [(row.number, ledger.terms.line(row.words)) for row in rows])
            last = rows[-1].number


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
