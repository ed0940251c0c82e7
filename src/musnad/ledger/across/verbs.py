"""Verbs of the future and the present, by their letters and by how often they are written."""

from __future__ import annotations

from musnad.lexicon import Lexicon
from musnad.text.clitics import CONJUNCTIONS
from musnad.text.fold import fold

_WILL, _PERSONS = "س", "يتنأ"  # what a verb of the future begins with, and the letter of the person behind it
_WE = "نأ"
_SEEN = 10  # times that a verb without its سـ must have been seen
_SHORTEST = 3  # letters that are left of a verb of two or more without its ending


def alone(raw: str, lexicon: Lexicon) -> str:
    """A written word, folded, without the «و» or «ف» before it: سيعقد of «وسيعقد», but «وفد»; of «سأوقع» the hamza stays."""
    form = fold(raw)
    rest = form[1:]
    if form[:1] in CONJUNCTIONS and rest in lexicon.lists["will"]:  # «ولن»
        return rest
    if form[:1] not in CONJUNCTIONS or len(rest) < _SHORTEST:
        return _with_hamza(form, raw)
    rest = _with_hamza(rest, raw[1:])
    return rest if is_future(rest, lexicon) or lexicon.counts.get(rest, 0) > lexicon.counts.get(form, 0) else form


def _with_hamza(form: str, raw: str) -> str:
    """A folded word with the hamza by which «سأعد», I will, is told from «ساعد», he helped."""
    return raw[:2] + form[2:] if raw[:1] == _WILL and raw[1:2] in tuple(_WE) else form


def is_future(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word is a verb of the future: سـ before a present that is commoner without it than the word itself."""
    if len(form) < 4 or form[0] != _WILL or form[1] not in _PERSONS or form in lexicon.lists["becomes"]:
        return False
    return _times(fold(form[1:]), lexicon) >= max(_SEEN, lexicon.counts.get(form, 0) / 5)


def is_present(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word may be a verb of the present: «نقبل» of «لن نقبل»."""
    return form[:1] in tuple(fold(_PERSONS)) and lexicon.counts.get(form, 0) >= _SEEN


def they_do(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word may be a verb of the present of somebody else: «يزور», «تزور»; not «اعتقل», which is past."""
    return form[:1] in tuple(_PERSONS.strip(_WE)) and is_present(form, lexicon)


def is_willed(form: str, lexicon: Lexicon) -> bool:
    """Rule "no act": whether what a verb of the future or the present names can be promised; not «سيفوز», «سنرى», «لن يكون»."""
    stem = form[2:] if is_future(form, lexicon) else form[1:]
    return stem not in lexicon.lists["not_willed"]


def we_will(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word says «سأفعل» or «سنفعل» of what can be promised."""
    return form[1:2] in tuple(_WE) and is_future(form, lexicon) and is_willed(form, lexicon)


def we_do(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word may say «أفعل» or «نفعل» of what can be promised."""
    return form[:1] in tuple(fold(_WE)) and is_present(form, lexicon) and is_willed(form, lexicon)


def _times(form: str, lexicon: Lexicon) -> int:
    """How often a verb is written, without the ending of two or more: «تعلق» of «تعلقان»."""
    short = form[:-2] if form[-2:] in lexicon.lists["endings_of_more"] and len(form) - 2 >= _SHORTEST else form
    return max(lexicon.counts.get(form, 0), lexicon.counts.get(short, 0))
