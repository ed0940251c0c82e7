"""Speed, memory and growth of the reader, with the machine and the versions they were measured on.

    python benchmarks/reading.py CORPUS.jsonl[.gz]… [--articles 5000] [--json FIGURES.json]

Measures articles a second on one core and on two processes, the time from process start to the
first record, peak memory, growth with the length of one text, and where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import io
import json
import os
import platform
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import musnad

_reader: musnad.Reader | None = None


def texts(path: str) -> Iterator[str]:
    opened: Callable[..., Any] = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def mixed(paths: list[str], wanted: int) -> list[str]:
    """The first articles of each file in turn, so that every collection is in the sample."""
    share = wanted // len(paths)
    return list(chain.from_iterable(islice(texts(path), share) for path in paths))


def read_many(articles: list[str]) -> int:
    global _reader
    _reader = _reader or musnad.Reader()
    return sum(len(_reader.read(text).statements) for text in articles)


def machine() -> dict[str, str]:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    packages = " ".join(f"{name} {version(name)}" for name in ("musnad", "numpy", "msgspec"))
    return {"machine": f"{model}, {os.cpu_count()} cores", "python": platform.python_version(), "packages": packages}


def one_core(articles: list[str]) -> dict[str, object]:
    read_many(articles[:50])
    began = time.perf_counter()
    statements = read_many(articles)
    seconds = time.perf_counter() - began
    words = sum(len(text.split()) for text in articles)
    return {
        "articles": len(articles), "words": words, "statements": statements, "seconds": round(seconds, 2),
        "articles_per_second": round(len(articles) / seconds), "words_per_second": round(words / seconds),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def two_processes(articles: list[str]) -> dict[str, object]:
    parts = [articles[i : i + 250] for i in range(0, len(articles), 250)]
    # spawned, not forked: a forked worker would inherit what the first measurement has learned of the words
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(read_many, [articles[:20]] * 4))  # both readers loaded
        began = time.perf_counter()
        list(pool.map(read_many, parts))
        seconds = time.perf_counter() - began
    return {"articles_per_second": round(len(articles) / seconds)}


def first_record() -> dict[str, object]:
    """From the start of the process to the end of `musnad read` on one short text, best of five."""
    best = 9.9
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "musnad", "read", "-"],
            input="قال الوزير إن المحادثات انتهت.".encode(),
            capture_output=True,
            check=True,
        )
        best = min(best, time.perf_counter() - began)
    return {"seconds": round(best, 2)}


def growth(articles: list[str]) -> list[dict[str, object]]:
    reader = musnad.Reader()
    whole = "\n".join(articles)
    words = whole.split(" ")
    reader.read(" ".join(words[:20_000]))
    rows = []
    for size in (12_500, 25_000, 50_000, 100_000, 200_000):
        text = " ".join(words[:size])
        began = time.perf_counter()
        reader.read(text)
        seconds = time.perf_counter() - began
        rows.append(
            {"words": size, "seconds": round(seconds, 2), "microseconds_per_word": round(seconds / size * 1e6, 1)}
        )
    return rows


def profile(articles: list[str], lines: int = 14) -> str:
    profiler = cProfile.Profile()
    profiler.runcall(read_many, articles)
    out = io.StringIO()
    pstats.Stats(profiler, stream=out).strip_dirs().sort_stats("tottime").print_stats(lines)
    return out.getvalue().split("\n\n", 2)[-1].strip()


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("corpora", nargs="+")
    cli.add_argument("--articles", type=int, default=5000)
    cli.add_argument("--json", type=Path)
    args = cli.parse_args()
    articles = mixed(args.corpora, args.articles)
    figures: dict[str, object] = {**machine(), "first_record": first_record(), "one_core": one_core(articles)}
    figures["two_processes"] = two_processes(articles)
    figures["growth"] = growth(articles)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    print("\nWhere the time goes (500 articles, by own time):\n" + profile(articles[:500]))


if __name__ == "__main__":
    main()
