"""The bodies and descriptions that an article names, in its order: «مركز المصالحة الروسي», and «المركز» later on."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from typing import NamedTuple

_LOOKED_BACK = 16  # bodies: keeps the cost of a long text linear
_LONGEST = 4  # words of a form that may stand for a fuller one


class Body(NamedTuple):
    """A body or description that speaks or acts: its first token, its folded words, and what it is called."""

    at: int
    words: tuple[str, ...]
    text: str


class Bodies:
    """What was named so far, by the noun that it begins with."""

    def __init__(self) -> None:
        self._of_head: dict[str, list[Body]] = defaultdict(list)
        self._known: set[tuple[int, tuple[str, ...]]] = set()
        self._places: list[int] = []

    def add(self, body: Body) -> None:
        """Remember a body, once."""
        if body.words and body[:2] not in self._known:
            self._known.add(body[:2])
            insort(self._of_head[body.words[0]], body, key=_place)
            insort(self._places, body.at)

    def count_before(self, at: int) -> int:
        """How many are known before a token."""
        return bisect_left(self._places, at)

    def before(self, head: str, at: int) -> list[Body]:
        """The last ones before a token that begin with a noun, in the order of the text."""
        bodies = self._of_head.get(head, [])
        end = bisect_left(bodies, at, key=_place)
        return bodies[max(0, end - _LOOKED_BACK) : end]

    def fuller(self, words: tuple[str, ...], at: int) -> str | None:
        """The fullest earlier form that begins alike and holds these words: of «المركز» that of the whole name."""
        if not 0 < len(words) <= _LONGEST:
            return None
        wanted = set(words)
        fits = [b for b in self.before(words[0], at) if len(b.words) > len(words) and wanted.issubset(b.words)]
        return max(fits, key=lambda body: len(body.words)).text if fits else None


def _place(body: Body) -> int:
    return body.at
