"""Reading the data files: tab-separated rows under a header line, comments after `#`."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from musnad.text.fold import fold


def open_text(name: str) -> str:
    """Return the text of a shipped data file; names ending in .gz are unpacked."""
    blob = (files("musnad.lexicon") / "data" / name).read_bytes()
    return (gzip.decompress(blob) if name.endswith(".gz") else blob).decode("utf-8")


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a data file as dicts of column to text; missing last cells are empty."""
    header: list[str] = []
    for line in open_text(name).splitlines():
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not header:
            header = cells
            continue
        yield dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))


@cache
def word_lists() -> dict[str, frozenset[str]]:
    """The lists of words (`lists.tsv`) by name, each word as it is written and folded."""
    found = ((row["list"], row["words"].split()) for row in rows("lists.tsv"))
    return {name: frozenset(words) | frozenset(map(fold, words)) for name, words in found}
