"""Long articles in parts that overlap: each word is asked about in one part, and seen with what stands around it."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from musnad.page import Page

_OVERLAP = 0.15  # of a part, on either side


class ArticlePart(NamedTuple):
    """Tokens `first` to `last` - 1 are shown; what begins in `core` is read in this part."""

    first: int
    last: int
    core: tuple[int, int]


def parts_of(page: Page, characters: int) -> list[ArticlePart]:
    """Return the parts of a page, each of at most so many characters where sentences allow it; most pages are one."""
    size = len(page)
    if len(page.text) <= characters:
        return [ArticlePart(0, size, (0, size))]
    core = max(int(characters * (1 - 2 * _OVERLAP)), 1)
    overlap = int(characters * _OVERLAP)
    bounds, begun = [0], 0
    for first, last in _pieces(page, core):
        if page.end[last - 1] - page.start[begun] > core and first > begun:
            bounds.append(first)
            begun = first
    bounds.append(size)
    return [
        ArticlePart(
            _token(page, page.start[first] - overlap), _token(page, page.end[last - 1] + overlap), (first, last)
        )
        for first, last in pairwise(bounds)
    ]


def _pieces(page: Page, most: int) -> list[tuple[int, int]]:
    """The sentences of a page, in tokens; those that are longer than a part in pieces of words."""
    found = []
    for first, last in page.sentences:
        begin = first
        for at in range(first, last):
            if page.end[at] - page.start[begin] > most and at > begin:
                found.append((begin, at))
                begin = at
        found.append((begin, last))
    return found


def _token(page: Page, offset: int) -> int:
    return min(max(page.token_at(max(offset, 0)), 0), len(page))
