"""Names that come back: a surname alone is a name where the same text has it within a fuller one.

The tagger reads a word by its neighbours; a bare surname in an unclear place escapes it although
the text has told who that is. This second look uses the text's own evidence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from musnad.text.clitics import readings

Span = tuple[int, int, str]
_SHORTEST = 3  # letters of a word that may be taken for a name again
_COMMON = 2500  # occurrences in the corpus from which a word is too common to be one by itself


def add_echoes(forms: list[str], spans: list[Span], counts: Mapping[str, int]) -> list[Span]:
    """Return the spans with the echoes of persons, places and organisations added, in order."""
    held = {i for first, last, _ in spans for i in range(first, last)}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for first, last, kind in spans:
        if kind == "PER":
            for form in forms[first:last]:
                kinds[form][kind] += 1
        elif last - first == 1:
            kinds[forms[first]][kind] += 1
    echoes: list[Span] = []
    for at, form in enumerate(forms):
        if at in held:
            continue
        for _, word in readings(form):
            if word in kinds and len(word) >= _SHORTEST and counts.get(word, 0) < _COMMON:
                kind, times = kinds[word].most_common(1)[0]
                if kind != "MISC" and times * 2 > sum(kinds[word].values()):
                    echoes.append((at, at + 1, kind))
                    break
    return _joined(sorted([*spans, *echoes]), set(echoes)) if echoes else spans


def _joined(spans: list[Span], echoes: set[Span]) -> list[Span]:
    """Join an echo to the person it stands beside: two halves of one name."""
    out: list[Span] = []
    for span in spans:
        beside = bool(out) and out[-1][1] == span[0] and out[-1][2] == span[2] == "PER"
        if beside and (span in echoes or out[-1] in echoes):
            out[-1] = (out[-1][0], span[1], "PER")
        else:
            out.append(span)
    return out
