"""What the name tagger sees of a word form: its letters, groups, name lists, grammar, and how it is used.

A form has the same features wherever it stands; training and tagging take them from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log1p
from typing import NamedTuple

from musnad.lexicon import Lexicon
from musnad.lexicon import word as w
from musnad.text.clitics import bare

_CLASSES = (
    w.THAT, w.PREPOSITION, w.ADVERBIAL, w.RELATIVE, w.CLAUSE, w.SOURCE, w.OWN, w.KANA, w.NEGATION, w.PRONOUN,
    w.REFERENCE, w.TIME, w.VENUE, w.DEMONYM, w.PLACE, w.TITLE_ADJECTIVE,
)  # fmt: skip
_NO_WORD = "."  # stands for a form without letters
ITSELF = ("w=", "b=")  # features that hardly another form has


class Seen(NamedTuple):
    """The features of a form, the form without particles, and the forms under which its use is looked up, best first."""

    features: list[str]
    core: str
    used_as: tuple[str, str]


def shape(form: str) -> str:
    """A word's coarse look: digits, Latin, mark, or Arabic by length."""
    if form[:1].isdigit():
        return "0"
    if form.isascii():
        return "a" if form[:1].isalpha() else "." + form[:1]
    if not form[:1].isalpha():
        return "." + form[:1]
    return "s" if len(form) < 4 else "m" if len(form) < 7 else "l"


def word_features(form: str, lexicon: Lexicon, flags: Mapping[str, str]) -> Seen:
    """Return what is seen of a folded form; `flags` holds the name lists that forms are in."""
    word = lexicon.word(form or _NO_WORD)
    form = "¶" if form == "\n" else form
    core, groups = bare(form), lexicon.clusters
    fine, coarse = groups.get(form) or groups.get(core) or ("?", "?")
    flag = flags.get(form) or ("~" + flags[core] if core in flags else "-")
    looks = shape(form)
    found = ["w=" + form, "b=" + core, "c=" + fine, "k=" + coarse, "g=" + flag, "s=" + looks]
    if looks in "sml":
        found += ["<" + form[:1], "<" + form[:2], "<" + form[:3]]
        found += [">" + form[-n:] for n in (1, 2, 3, 4) if len(form) > n]
        found += ["<b" + core[:3], "ki=" + coarse + flag]
    found += [f"f={number}" for number, bit in enumerate(_CLASSES) if word.flags & bit]
    found += ["q=" + part for part in sorted({cue.part for cue in word.cues})]
    if word.role is not None:
        found.append("r=" + word.role.kind)
    if word.triggers:
        found.append("t")
    if word.prefix:
        group = groups.get(word.core)
        found += ["p=" + word.prefix, "pb=" + word.core[:3], "cc=" + (group[0] if group else "?")]
    found.append(f"n={int(log1p(lexicon.counts.get(form, 0)))}")
    return Seen(found, core, ("0" if form[:1].isdigit() else word.core, form))
