"""Sentences and the statements in them, one table."""

from __future__ import annotations

from pathlib import Path

import pytest

import musnad

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith(("#", "text\t"))
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


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[row[0][:30] for row in ROWS])
def test_sentence(text: str, expected: str, reader: musnad.Reader) -> None:
    assert " ## ".join(shown(s) for s in reader.read(text).statements) == expected
