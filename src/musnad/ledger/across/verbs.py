"""Verbs of the future and the present, by their letters and by how often they are written."""

from __future__ import annotations

from musnad.lexicon import Lexicon
from musnad.text.clitics import CONJUNCTIONS

_WILL, _PERSONS = "س", "يتنا"  # what a verb of the future begins with, and the letter of the person behind it
_WE = "نا"
_SEEN = 10  # times that a verb without its سـ must have been seen
_SHORTEST = 3  # letters that are left of a verb of two or more without its ending


def alone(form: str, lexicon: Lexicon) -> str:
    """A folded word without the «و» or «ف» before it: سيعقد of «وسيعقد», but «وفد»."""
    rest = form[1:]
    if form[:1] in CONJUNCTIONS and len(rest) > 2 and lexicon.counts.get(rest, 0) > lexicon.counts.get(form, 0):
        return rest
    return rest if form[:1] in CONJUNCTIONS and is_future(rest, lexicon) else form


def is_future(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word is a verb of the future: سـ before a present that is commoner without it than the word itself."""
    if len(form) < 4 or form[0] != _WILL or form[1] not in _PERSONS or form in lexicon.lists["becomes"]:
        return False
    return _times(form[1:], lexicon) >= max(_SEEN, lexicon.counts.get(form, 0) / 5)


def is_present(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word may be a verb of the present: «نقبل» of «لن نقبل»."""
    return form[:1] in tuple(_PERSONS) and lexicon.counts.get(form, 0) >= _SEEN


def is_willed(form: str, lexicon: Lexicon) -> bool:
    """Rule "no act": whether what a verb of the future or the present names can be promised; not «سيفوز», «سنرى», «لن يكون»."""
    stem = form[2:] if is_future(form, lexicon) else form[1:]
    return stem not in lexicon.lists["not_willed"]


def we_will(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word says «سأفعل» or «سنفعل» of what can be promised."""
    return form[1:2] in tuple(_WE) and is_future(form, lexicon) and is_willed(form, lexicon)


def we_do(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word may say «أفعل» or «نفعل» of what can be promised."""
    return form[:1] in tuple(_WE) and is_present(form, lexicon) and is_willed(form, lexicon)


def _times(form: str, lexicon: Lexicon) -> int:
    """How often a verb is written, without the ending of two or more: «تعلق» of «تعلقان»."""
    short = form[:-2] if form[-2:] in lexicon.lists["endings_of_more"] and len(form) - 2 >= _SHORTEST else form
    return max(lexicon.counts.get(form, 0), lexicon.counts.get(short, 0))
