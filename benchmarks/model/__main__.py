"""How well recorded replies of a language model are read, and whether answers, servers, kills and limits can break the reader.

    python benchmarks/model --articles GOLD.jsonl --replies REPLIES.txt [--seed 1] [--each 30] [--only PART…]

GOLD holds annotated articles as `musnad eval` takes them, REPLIES what a model said to each: blocks that begin with «# ID». A
server on this machine answers with them, whole or broken. Prints the figures of the replay, then for each kind of fault how
often it was tried and what failed. The exit code is 1 where anything failed.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import commands
import msgspec
from broken import Broken, tries_of
from replay import Article, replay

from musnad.evaluation import load_gold
from musnad.reader import Reader
from musnad.record import Document

PARTS = ("replay", "faults", "speed", "budget")
_NAMED = 3  # failures of a kind that are printed


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--articles", type=Path, required=True)
    cli.add_argument("--replies", type=Path, required=True)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--each", type=int, default=30, help="broken replies of each kind")
    cli.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    args = cli.parse_args()
    began = time.monotonic()
    articles = read_articles(args.articles, args.replies)
    fast = Reader(fast=True)
    rows: list[tuple[str, int, list[str]]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "replay" in args.only:
            replay(articles, {a.document.id: fast.read(a.document) for a in articles}, str(folder / "answers.db"))
        for part, carry_out in (("speed", commands.speed), ("budget", commands.budget)):
            if part in args.only:
                rows.append((part, *_outcomes(carry_out(articles, folder))))
    if "faults" in args.only:
        broken = Broken(fast)
        broken.all(list(tries_of(articles, args.seed, args.each)))
        rows += [(kind, tries, broken.failures[kind]) for kind, tries in sorted(broken.tries.items())]
        for told, of_what in ((True, "with a note"), (False, "without any note")):
            found = [f"{kind} {n}" for (kind, noted), n in sorted(broken.emptied.items()) if noted is told]
            print(f"nothing left of what the fast reader finds, {of_what}: {', '.join(found) or 'never'}")
        print("slowest article: {:.1f} s ({})".format(*broken.slowest))
    print(f"\n{'kind':<34}{'tries':>6}{'failures':>9}")
    for kind, tries, failures in rows:
        print(f"{kind:<34}{tries:>6}{len(failures):>9}")
    print(f"{'all':<34}{sum(row[1] for row in rows):>6}{sum(len(row[2]) for row in rows):>9}")
    for kind, _, failures in rows:
        for failure in failures[:_NAMED]:
            print(f"{kind}: {failure[:400]}")
    print(f"{time.monotonic() - began:.0f} seconds")
    sys.exit(any(row[2] for row in rows))


def read_articles(gold: Path, replies: Path) -> list[Article]:
    """The annotated articles that have a reply."""
    blocks = (block.partition("\n") for block in re.split(r"(?m)^# ", replies.read_text("utf-8"))[1:])
    said = {name.strip(): reply.strip() for name, _, reply in blocks}
    fields = Document.__struct_fields__
    return [
        Article(msgspec.convert({key: row[key] for key in fields if key in row}, Document), said[row["id"]], row)
        for row in load_gold(gold)
        if row["id"] in said
    ]


def _outcomes(tried: Iterator[str | None]) -> tuple[int, list[str]]:
    outcomes = list(tried)
    return len(outcomes), [outcome for outcome in outcomes if outcome is not None]


if __name__ == "__main__":
    main()
