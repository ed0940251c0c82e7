"""Words as they are indexed and looked for: folded, without attached particles, lightly stemmed.

The same rule makes the terms of a statement and of a query, so what is written «وللوزراء» is found by
«وزراء». The stem takes off only endings that leave four letters, so names keep their shape. A change
here changes the index: raise `VERSION`, and ledgers rebuild theirs when they are opened.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property

from musnad.lexicon import Lexicon
from musnad.text.clitics import without_article
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

VERSION = "1"
_ENDINGS = ("يات", "ات", "ون", "ين", "ان", "ها", "هم", "هن", "نا", "يه", "ه", "ي")
_SHORTEST = 4  # letters that stay when an ending goes
_UNSEEN = 20  # times that a term nobody counted may have stood there
_KEPT = 50_000  # forms kept before the cache starts afresh


class Terms:
    """Makes terms; made once, since it holds the lexicon, which is loaded when it is first needed."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._given = lexicon
        self._kept: dict[str, str] = {}

    @cached_property
    def lexicon(self) -> Lexicon:
        return self._given or Lexicon()

    def of_word(self, raw: str) -> str:
        """Return the term of one written word; empty for a mark."""
        found = self._kept.get(raw)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept = {}
            found = self._kept[raw] = self._make(raw)
        return found

    def of_text(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield (term, start, end) for each word of a text, in code points."""
        tokens = tokenize(text)
        for raw, start, end in zip(tokens.raw, tokens.start, tokens.end, strict=True):
            word = self.of_word(raw)
            if word:
                yield word, start, end

    def load(self) -> None:
        """Load the words and their counts now, rather than when they are first asked for."""
        self.rarity("")

    def rarity(self, term: str) -> float:
        """Return how rare a term is in news: minus the logarithm of its share of all words, about 3 to 17."""
        return math.log(self._all / (self._frequencies.get(term, 0) + _UNSEEN))

    @cached_property
    def _all(self) -> int:
        return sum(self.lexicon.counts.values())

    @cached_property
    def _frequencies(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for form, count in self.lexicon.counts.items():
            if form[:1].isalnum():
                found[_stem(self.lexicon.reading(form)[1])] += count
        return found

    def forms(self, text: str) -> list[str]:
        """Return the folded words of a text, marks left out."""
        return [self.lexicon.word(raw).form for raw in tokenize(text).raw if raw[0].isalnum()]

    def line(self, text: str) -> str:
        """Return the terms of a text in one line, as the index takes them."""
        return " ".join(word for word, _, _ in self.of_text(text))

    def _make(self, raw: str) -> str:
        form = fold(raw)
        if not form[:1].isalnum():
            return ""
        return _stem(self.lexicon.core(raw))


@cache
def shared() -> Terms:
    """Return the terms that all ledgers of this process share."""
    return Terms()


def _stem(core: str) -> str:
    """Take the article and one ending off a folded word."""
    core = without_article(core)
    if len(core) > _SHORTEST and core.endswith(_ENDINGS):
        for ending in _ENDINGS:
            if core.endswith(ending) and len(core) - len(ending) >= _SHORTEST:
                return core[: -len(ending)]
    return core
