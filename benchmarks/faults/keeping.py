"""A ledger whose bytes were flipped: each command gives the right answer or one clear line, never another answer."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import musnad.cli
from musnad.exports import formats
from musnad.ledger import Ledger
from musnad.ledger.across.linking import link
from musnad.ledger.terms import shared
from musnad.reader import Reader

if TYPE_CHECKING:
    from __main__ import Given

ARTICLES = 12
ASKED = 4  # questions of each damaged ledger
LENGTHS = (1, 1, 4, 16, 64, 512)  # bytes that are flipped beside each other
QUESTIONS = (
    "search قال --json", "who الرئيس --json", "show FIRST --json", "stats --json", "events --json", "stories --json",
    "utterances --json", "happenings --json", "conflicts --json", "promises --json", "export -f jsonl", "export -f csv", "verify",
)  # fmt: skip


class Answer(NamedTuple):
    code: int
    output: bytes
    said: str


def damage(given: Given) -> Iterator[str | None]:
    """One try is one place of a ledger of real articles and some questions about it."""
    sound = given.folder / "sound.db"
    reader = Reader(fast=True)
    with Ledger(sound) as ledger:
        ledger.add(reader.read(article) for article in given.articles[:ARTICLES])
        link(ledger)
    questions = [question.replace("FIRST", given.articles[0].id) for question in QUESTIONS]
    for module in ("across", "events", "keeping", "ledger", "reading"):  # loaded here, no copy loads them again
        importlib.import_module(f"musnad.cli.{module}")
    formats()
    assert shared().lexicon
    right = {question: _asked(question, sound) for question in questions}
    if any(answer.code for answer in right.values()):
        yield f"the sound ledger: {[answer for answer in right.values() if answer.code]}"
    whole = sound.read_bytes()
    for number in given.tries(100):
        data = bytearray(whole)
        at, length = given.chance.randrange(len(data)), given.chance.choice(LENGTHS)
        for place in range(at, min(at + length, len(data))):
            data[place] ^= given.chance.randrange(1, 256)
        path = given.folder / f"{number}.db"
        path.write_bytes(data)
        some = given.chance.sample(questions, ASKED)
        wrong = [f"{q}, {length} bytes at {at}: {a}" for q in some if not _holds(a := _asked(q, path), right[q], q)]
        path.unlink()
        yield wrong[0] if wrong else None


def _holds(answer: Answer, right: Answer, question: str) -> bool:
    """Whether it is the right answer or one clear line; `verify` may name more than one thing that does not fit."""
    if answer[:2] == right[:2]:
        return True
    clear = answer.code in {1, 3} and "Traceback" not in answer.said and "should not happen" not in answer.said
    return clear and (question == "verify" or len(answer.said.splitlines()) == 1)


def _asked(question: str, path: Path) -> Answer:
    """Ask by the command, in a copy of this process, where all that it needs is loaded already."""
    out, err = path.with_suffix(".out"), path.with_suffix(".err")
    child = os.fork()
    if child == 0:
        for file, number in ((out, 1), (err, 2)):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.argv = ["musnad", *question.split(), *(["-l"] if question != "verify" else []), str(path)]
        try:
            musnad.cli.main()
        except SystemExit as end:
            sys.stdout.flush()
            os._exit(int(end.code or 0))
        os._exit(99)
    status = os.waitpid(child, 0)[1]
    said = err.read_text("utf-8").replace(str(path), "news.db")
    return Answer(os.waitstatus_to_exitcode(status), out.read_bytes().replace(str(path).encode(), b"news.db"), said)
