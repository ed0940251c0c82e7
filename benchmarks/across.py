"""How well articles are linked, and how fast: stories, utterances, and the cost of one article more.

    python benchmarks/across.py LEDGER SAME_STORY.jsonl

LEDGER holds the ANT corpus (others may be in it too) and is linked; it is copied, not changed. SAME_STORY.jsonl has lists
of ids of articles on one story. Pairs of statements are `training/utterance_pairs.tsv`: judged by hand, limits chosen on
those with even numbers, the rest kept apart.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
import time
from itertools import combinations, pairwise
from pathlib import Path

from sqlalchemy import select

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across.linking import link
from musnad.ledger.tables import documents, statements, story_of, utterance_of

PAIRS = Path(__file__).parent.parent / "training/utterance_pairs.tsv"
ADDED = 30  # articles that are taken out and put in again, one by one


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ledger.db"
        shutil.copy(sys.argv[1], copy)
        with Ledger(copy) as ledger:
            link(ledger)
            _stories(ledger, [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()])
            _utterances(ledger)
            _one_more(ledger)


def _stories(ledger: Ledger, same: list[list[str]]) -> None:
    with ledger.database.read() as bind:
        query = select(documents.c.id, story_of.c.story).join(story_of, story_of.c.document == documents.c.number)
        story = {row.id: row.story for row in bind.execute(query)}
    known = [[article for article in articles if article in story] for articles in same]
    silver = {tuple(sorted(pair)) for articles in known for pair in combinations(articles, 2)}
    judged = {article for articles in known for article in articles}
    by_story: dict[int, list[str]] = {}
    for article in sorted(judged):
        by_story.setdefault(story[article], []).append(article)
    found = {pair for articles in by_story.values() for pair in combinations(articles, 2)}
    _print(f"stories, pairs of {len(judged)} articles", len(silver & found), len(found), len(silver))


def _utterances(ledger: Ledger) -> None:
    rows = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pairs = list(csv.DictReader(rows, delimiter="\t"))
    counts = [[0, 0, 0], [0, 0, 0]]
    with ledger.database.read() as bind:
        query = select(statements.c.content, utterance_of.c.utterance).join(
            utterance_of, utterance_of.c.statement == statements.c.number
        )
        query = query.join(documents, documents.c.number == statements.c.document)

        def utterance(article: str, start: int, end: int) -> int:
            for row in bind.execute(query.where(documents.c.id == article)):
                spans = json.loads(row.content)
                if spans[0][0] < end and start < spans[-1][1]:
                    return int(row.utterance)
            return -1

        for number, pair in enumerate(pairs):
            one = utterance(pair["one"], int(pair["start"]), int(pair["end"]))
            other = utterance(pair["other"], int(pair["other_start"]), int(pair["other_end"]))
            same, found = pair["same"] == "yes", one == other != -1
            for at, yes in enumerate((same and found, found, same)):
                counts[number % 2][at] += yes
    _print("utterances, pairs worked on", *counts[0])
    _print("utterances, pairs kept apart", *counts[1])


def _one_more(ledger: Ledger) -> None:
    """The last articles once more: forgotten with their links, read again, added and linked one by one."""
    with ledger.database.read() as bind:
        ids = list(bind.scalars(select(documents.c.id).order_by(documents.c.published.desc()).limit(ADDED)))
    reader, times = musnad.Reader(), []
    for article in ids:
        changed = _document(ledger, article)
        parts = [time.perf_counter()]
        record = reader.read(changed)
        parts.append(time.perf_counter())
        ledger.add([record])
        parts.append(time.perf_counter())
        link(ledger)
        parts.append(time.perf_counter())
        times.append([1000 * (b - a) for a, b in pairwise(parts)])
    for name, column in zip(("read", "stored", "linked"), zip(*times, strict=True), strict=True):
        print(f"one article more, {name}: median {sorted(column)[len(column) // 2]:.0f} ms, worst {max(column):.0f} ms")


def _document(ledger: Ledger, article: str) -> musnad.Document:
    record = ledger.document(article)
    assert record is not None
    kept = {name: getattr(record, name) for name in musnad.Document.__struct_fields__}
    return musnad.Document(**kept | {"text": record.text + "\n."})


def _print(what: str, both: int, found: int, want: int) -> None:
    precision, recall = both / max(found, 1), both / max(want, 1)
    f1 = 2 * both / max(found + want, 1)
    print(f"{what}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f} ({want} pairs)")


if __name__ == "__main__":
    main()
