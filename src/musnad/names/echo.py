"""Names that come back: what a text says clearly in one place holds for the same words in another.

The tagger reads a word by its neighbours; in an unclear place a name escapes it, or is cut short, or
is taken for another kind. This second look uses the text's own evidence, in three steps: a name of
several words is found wherever the words stand, the same words are of one kind throughout, and a
surname alone is a name where the text has it within a fuller one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from musnad.text.clitics import readings

Span = tuple[int, int, str]
_SHORTEST = 3  # letters of a word that may be taken for a name again
_NAMESAKES = 40  # names with one first word that are looked for; keeps the cost of a long text linear
_COMMON = 2500  # occurrences in the corpus from which a word is too common to be one by itself


def add_echoes(forms: list[str], spans: list[Span], counts: Mapping[str, int]) -> list[Span]:
    """Return the spans with what the rest of the text tells of them, in order."""
    return _lone_parts(forms, _one_kind(forms, _whole_again(forms, spans)), counts)


def _whole_again(forms: list[str], spans: list[Span]) -> list[Span]:
    """Find the names of several words again where they were missed or found in part."""
    kinds: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for first, last, kind in spans:
        if last - first > 1 and kind != "MISC":
            kinds[tuple(forms[first:last])][kind] += 1
    begin: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(kinds, key=len, reverse=True):
        begin[name[0]].append(name)
    held = {i: span for span in spans for i in range(span[0], span[1])}
    found: set[Span] = set()
    parts: set[Span] = set()
    free = 0  # names found do not overlap
    starting = _read_as(forms, begin)
    for at, form in enumerate(forms):
        if at < free or form not in starting:
            continue
        names = [name for word in starting[form] for name in begin[word][:_NAMESAKES]]
        name = next((name for name in names if tuple(forms[at + 1 : at + len(name)]) == name[1:]), ())
        if not name:
            continue
        end = at + len(name)
        inside = {held[i] for i in range(at, end) if i in held}
        if all(first >= at and last <= end for first, last, _ in inside):
            found.add((at, end, kinds[name].most_common(1)[0][0]))
            parts |= inside
            free = end
    return sorted((set(spans) - parts) | found)


def _one_kind(forms: list[str], spans: list[Span]) -> list[Span]:
    """Give the same words the kind that they mostly have in the text."""
    kinds: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for first, last, kind in spans:
        kinds[tuple(forms[first:last])][kind] += 1
    return [(first, last, kinds[tuple(forms[first:last])].most_common(1)[0][0]) for first, last, _ in spans]


def _lone_parts(forms: list[str], spans: list[Span], counts: Mapping[str, int]) -> list[Span]:
    """Add the words that are names elsewhere: of a person any part, of a place or body the whole."""
    held = {i for first, last, _ in spans for i in range(first, last)}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for first, last, kind in spans:
        if kind == "PER":
            for form in forms[first:last]:
                kinds[form][kind] += 1
        elif last - first == 1:
            kinds[forms[first]][kind] += 1
    echoes: list[Span] = []
    known = _read_as(forms, kinds)
    for at, form in enumerate(forms):
        if at in held or form not in known:
            continue
        for word in known[form]:
            if len(word) >= _SHORTEST and counts.get(word, 0) < _COMMON:
                kind, times = kinds[word].most_common(1)[0]
                if kind != "MISC" and times * 2 > sum(kinds[word].values()):
                    echoes.append((at, at + 1, kind))
                    break
    return _joined(sorted([*spans, *echoes]), set(echoes)) if echoes else spans


def _read_as(forms: list[str], words: Collection[str]) -> dict[str, list[str]]:
    """The forms that are one of these words, whole or behind attached particles, and which."""
    endings = {word[-2:] for word in words}  # particles stand in front, and two letters at least are left
    return {
        form: found
        for form in set(forms)
        if form[-2:] in endings and (found := [word for _, word in readings(form) if word in words])
    }


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
