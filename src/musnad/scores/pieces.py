"""Words as the encoder reads them: pieces of a unigram vocabulary, in windows of a length that it can take."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np

from musnad.page import Page

#: Harakat, tatweel and marks of direction: the encoder never saw them.
_UNWRITTEN = re.compile("[\u064b-\u0652\u0670\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE = "\u2581"  # how the vocabulary writes the space before a word
_LONGEST, _LONGEST_PIECE = 40, 16  # letters of a word, of a piece
_KEPT = 100_000  # words whose pieces are kept
START, END, UNKNOWN = 0, 1, 2  # the first pieces of the vocabulary
WINDOW, CORE, BEFORE, BEHIND = 510, 384, 80, 40  # pieces


class Window(NamedTuple):
    """A stretch of pieces, and where in it the first and last piece of each token stand that is read there."""

    pieces: Any
    first: Any
    last: Any


class Pieces:
    """Cuts words into the likeliest pieces of a vocabulary, and pages into windows of them.

    `pieces` begins with START, END and UNKNOWN; `scores` are log probabilities; `normal` says how letters are written.
    """

    def __init__(self, pieces: list[str], scores: Any, normal: dict[str, str]) -> None:
        self._number = {piece: number for number, piece in enumerate(pieces) if number > UNKNOWN}
        self._scores, self._normal = [float(score) for score in scores], normal
        self._unknown = min(self._scores) - 10
        self._kept: dict[str, tuple[int, ...]] = {}

    def of_word(self, raw: str) -> tuple[int, ...]:
        """The numbers of a word's pieces, one at least."""
        known = self._kept.get(raw)
        if known is None:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            known = self._kept[raw] = self._cut(raw)
        return known

    def _cut(self, raw: str) -> tuple[int, ...]:
        """The likeliest way to write a word in pieces (Viterbi)."""
        letters = "".join(self._normal.get(letter, letter) for letter in _UNWRITTEN.sub("", raw)).replace(" ", _SPACE)
        written = _SPACE + letters[:_LONGEST]
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(-1e9, 0, UNKNOWN)] * len(written)
        for begin in range(len(written)):
            score = best[begin][0]
            best[begin + 1] = max(best[begin + 1], (score + self._unknown, begin, UNKNOWN))
            for end in range(begin + 1, min(len(written), begin + _LONGEST_PIECE) + 1):
                number = self._number.get(written[begin:end])
                if number is not None and score + self._scores[number] > best[end][0]:
                    best[end] = (score + self._scores[number], begin, number)
        found, at = [], len(written)
        while at > 0:
            _, before, number = best[at]
            found.append(number)
            at = before
        return tuple(reversed(found))

    def windows(self, page: Page) -> list[Window]:
        """The windows of a page: whole if it is short, else cores with some tokens around them to be understood by."""
        units = [self.of_word(word.raw) for word in page.words]
        sizes = np.array([len(unit) for unit in units])
        behind = np.cumsum(sizes)  # pieces up to the end of each token
        found, begin = [], 0
        while begin < len(units):
            done = int(behind[begin - 1]) if begin else 0
            if behind[-1] <= WINDOW:
                end = len(units)
            else:
                end = max(begin + 1, int(np.searchsorted(behind, done + CORE, "right")))
            low = int(np.searchsorted(behind, done - BEFORE)) if done > BEFORE else 0
            high = max(end, int(np.searchsorted(behind, behind[end - 1] + BEHIND, "right")))
            found.append(_window(units, sizes, (min(low, begin), begin, end, high)))
            begin = end
        return found


def _window(units: list[tuple[int, ...]], sizes: Any, bounds: tuple[int, int, int, int]) -> Window:
    low, begin, end, high = bounds
    inside = [piece for unit in units[low:high] for piece in unit][:WINDOW]
    pieces = [START, *inside, END]
    ends = np.cumsum(sizes[low:high])  # the last piece of each token, START counted
    last = np.minimum(ends[begin - low : end - low], len(pieces) - 1)
    first = np.minimum(last, ends[begin - low : end - low] - sizes[begin:end] + 1)
    return Window(np.array(pieces, np.int64), first, last)
