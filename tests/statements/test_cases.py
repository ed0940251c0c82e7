"""Sentences and the statements in them, one table: what a person would write, and which of them are not read so yet."""

from __future__ import annotations

from pathlib import Path

import pytest

import musnad

LINES = (Path(__file__).parent / "cases.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [[*line.split("\t"), "", ""][:3] for line in LINES if line and not line.startswith(("#", "text\t"))]
CASES = [
    pytest.param(text, expected, id=text[:30], marks=[pytest.mark.xfail(strict=True)] if gap else [])
    for text, expected, gap in ROWS
]


def shown(statement: musnad.Statement) -> str:
    cells = [
        statement.cue.text if statement.cue else "",
        statement.speaker.name,
        statement.text,
        statement.kind,
        statement.stance,
        statement.addressee.name if statement.addressee else "",
        "، ".join(source.name for source in statement.sources),
    ]
    return " | ".join(cells).rstrip(" |")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentence(text: str, expected: str, reader: musnad.Reader) -> None:
    assert " ## ".join(shown(s) for s in reader.read(text).statements) == expected


def test_few_sentences_are_gaps() -> None:
    assert sum(bool(gap) for _, _, gap in ROWS) <= len(ROWS) // 4
