"""How many faults are found by trying to make some: wrong values, damaged files, bombs, kills, hostile requests.

    python benchmarks/faults ARTICLES [--seed 1] [--share 1.0] [--only KIND…]

ARTICLES is anything that `musnad read` takes: the real articles that are damaged and stored. Prints for each kind how
often it was tried, what failed, the memory of its largest process in megabytes and its seconds; then each failure. Every
kind runs in a process of its own. The exit code is 1 where anything failed. `--share 0.1` tries a tenth.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import endings
import intake
import keeping
import server

from musnad.record import Document
from musnad.sources import read_path

ARTICLES = 300  # real articles that are damaged and stored
KINDS: dict[str, Callable[..., Iterator[str | None]]] = {
    "growth of time with length": intake.growth,
    "wrong values": intake.values,
    "damaged articles": intake.articles,
    "damaged files": intake.files,
    "bombs and endless input": intake.limits,
    "commands": endings.commands,
    "flipped bytes of a ledger": keeping.damage,
    "hostile requests": server.hostile,
    "cheap searches beside dear texts": server.dear,
    "kills of ingest": endings.kills_of_ingest,
    "kills of link": endings.kills_of_link,
    "kills of run": endings.kills_of_run,
}
TIMED = {"growth of time with length", "cheap searches beside dear texts"}


@dataclass(frozen=True, slots=True)
class Given:
    """What each kind of try is given: real articles, chance, a folder of its own, the share of tries wanted."""

    articles: list[Document]
    chance: random.Random
    folder: Path
    share: float

    def tries(self, whole: int) -> range:
        return range(max(1, round(whole * self.share)))


@dataclass(frozen=True, slots=True)
class Result:
    tries: int
    failures: list[str]
    megabytes: int
    seconds: float


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("articles", type=Path)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--share", type=float, default=1.0)
    cli.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND")
    args = cli.parse_args()
    print(f"{'kind':<34}{'tries':>6}{'failures':>9}{'MB':>6}{'s':>6}")
    results: dict[str, Result] = {}
    for timed, beside in ((True, 1), (False, os.cpu_count() or 1)):  # what is timed runs alone
        with multiprocessing.get_context("fork").Pool(beside, maxtasksperchild=1) as pool:
            names = [(name, args.articles, args.seed, args.share) for name in args.only if (name in TIMED) is timed]
            for name, result in pool.imap_unordered(_tried, names):
                results[name] = result
                tried, failed = result.tries, len(result.failures)
                print(f"{name:<34}{tried:>6}{failed:>9}{result.megabytes:>6}{result.seconds:>6.0f}", flush=True)
    print(
        f"\n{'all':<34}{sum(r.tries for r in results.values()):>6}{sum(len(r.failures) for r in results.values()):>9}"
    )
    for name, result in results.items():
        for failure in result.failures:
            print(f"{name}: {failure[:400]}")
    sys.exit(any(result.failures for result in results.values()))


def _tried(given: tuple[str, Path, int, float]) -> tuple[str, Result]:
    """Try one kind, in a process of its own."""
    name, articles, seed, share = given
    real = list(islice((item for item in read_path(articles) if isinstance(item, Document)), ARTICLES))
    began = time.perf_counter()
    outcomes: list[str | None] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            outcomes += KINDS[name](Given(real, random.Random(f"{seed} {name}"), Path(folder), share))
        except Exception:  # what Musnad itself lets through ends the kind
            outcomes.append(traceback.format_exc().strip().replace("\n", " | ")[-400:])
    seconds = time.perf_counter() - began
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    return name, Result(len(outcomes), [outcome for outcome in outcomes if outcome is not None], memory, seconds)


if __name__ == "__main__":
    main()
