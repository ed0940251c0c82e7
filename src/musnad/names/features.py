"""What the name tagger sees of a word: its form, parts, groups, name lists and look.

Every feature belongs to one word and one distance from the tagged word, or to the groups of
two neighbours; training and tagging take them from here.
"""

from __future__ import annotations

from typing import NamedTuple

from musnad.text.clitics import bare

REACH = 2  # words on either side that say something about a word
AROUND = [distance for distance in range(-REACH, REACH + 1) if distance]
_FAR = frozenset("wckgu")  # kinds of feature that are seen from two words away


def shape(form: str) -> str:
    """A word's coarse look: digits, Latin, mark, or Arabic by length."""
    if form[:1].isdigit():
        return "0"
    if form.isascii():
        return "a" if form[:1].isalpha() else "." + form[:1]
    if not form[:1].isalpha():
        return "." + form[:1]
    return "s" if len(form) < 4 else "m" if len(form) < 7 else "l"


class Seen(NamedTuple):
    """The features of a word for itself, those that its neighbours see, its core and its coarse group."""

    own: list[str]
    around: list[str]
    core: str
    group: str


def word_features(form: str, cluster: dict[str, tuple[str, str]], flags: dict[str, str]) -> Seen:
    """Return what is seen of a word.

    `form` is folded; `cluster` gives a fine and a coarse group a form; `flags` the name lists it is in.
    """
    form = "¶" if form == "\n" else form
    core = bare(form)
    fine, coarse = cluster.get(form) or cluster.get(core) or ("?", "?")
    usual, flag = _listed(form, core, flags)
    looks = shape(form)
    own = ["w=" + form, "b=" + core, "c=" + fine, "k=" + coarse, "g=" + flag, "u=" + usual, "s=" + looks]
    around = own.copy()
    if looks in "sml":
        own += ["<" + form[:1], "<" + form[:2], "<" + form[:3], ">" + form[-1:]]
        own += [">" + form[-n:] for n in (2, 3, 4) if len(form) > n]
        if len(form) == 1:
            own.pop()  # one letter is no ending
        own += ["<b" + core[:3], "ki=" + coarse + flag, "us=" + usual + str(core is form)]
        around += ["<" + form[:2], ">" + form[-2:]]
    return Seen(own, around, core, coarse)


def _listed(form: str, core: str, flags: dict[str, str]) -> tuple[str, str]:
    """What the form usually is in raw news, and the name lists it stands in; ~ where only its core does."""
    whole, part = flags.get(form, ""), flags.get(core, "")
    usual = (part or whole).partition(";")[0] if (part or whole).startswith("=") else "-"
    whole = whole.rpartition(";")[2]
    part = part.rpartition(";")[2]
    return usual, whole or (part and "~" + part) or "-"


def feature_name(distance: int, name: str) -> str:
    return f"{distance:+d}{name}" if distance else f"0{name}"


def coarse_group(form: str, cluster: dict[str, tuple[str, str]]) -> str:
    return (cluster.get(form) or cluster.get(bare(form)) or ("?", "?"))[1]


def sentence_features(forms: list[str], cluster: dict[str, tuple[str, str]], flags: dict[str, str]) -> list[list[str]]:
    """Return the features of each word of a sentence, as the trainer sees them."""
    columns: list[list[str]] = [[] for _ in forms]
    groups = [coarse_group(form, cluster) for form in forms]
    for at, form in enumerate(forms):
        own, around, _, _ = word_features(form, cluster, flags)
        columns[at] += [feature_name(0, name) for name in own]
        for distance in AROUND:
            if 0 <= at - distance < len(forms):
                seen = around if abs(distance) < REACH else [name for name in around if name[0] in _FAR]
                columns[at - distance] += [feature_name(distance, name) for name in seen]
        if at:
            columns[at].append(f"kk-{groups[at - 1]}|{groups[at]}")
            columns[at - 1].append(f"kk+{groups[at - 1]}|{groups[at]}")
    return columns
