"""Whether somebody says what he himself is going to do."""

from __future__ import annotations

from itertools import islice

from musnad.lexicon import Lexicon
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

_LOOKED_AT = 8  # words at the beginning of a statement
_HEAD = 160  # characters that hold as many, as a rule
_OWN_REACH = 3  # words before which «بلاده» stands, if the statement is about it
_SEEN = 10  # times that a verb without its سـ must have been seen
_NOT = "لن"


def is_own_future(words: str, kind: str, lexicon: Lexicon) -> bool:
    """Rule "own future": «سنرد قريبا»، «(قال إنه) سيوقف المناورات»، «بلاده ستنسحب»، «لن نقبل».

    Not «الأسعار سترتفع», which foretells, nor «سيكون صعبا»; in somebody's own words (`kind` direct) «سيوقف» is about another.
    """
    raw = _first(words[:_HEAD])
    if len(raw) <= _LOOKED_AT and len(words) > _HEAD:  # the last one may be cut
        raw = _first(words)
    raw = raw[:_LOOKED_AT]
    forms = [fold(token) for token in raw]
    for at, form in enumerate(forms):
        behind = forms[at + 1] if at + 1 < len(forms) else ""
        if _is_future(form, lexicon):
            if raw[at].startswith(("سأ", "سن")) or (at == 0 and kind != "direct"):
                return True
        elif (form == _NOT and behind.startswith(("ا", "ن")) and lexicon.counts.get(behind, 0) >= _SEEN) or (
            form in lexicon.lists["own"] and at < _OWN_REACH and (behind == _NOT or _is_future(behind, lexicon))
        ):
            return True
    return False


def _first(text: str) -> list[str]:
    """The words at the beginning of a text, and one more."""
    return list(islice((token for token in tokenize(text).raw if token[0].isalnum()), _LOOKED_AT + 1))


def _is_future(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word is a verb of the future: سـ before a present that is commoner without it than the word itself."""
    if len(form) < 4 or form[0] != "س" or form[1] not in "يتنا" or form in lexicon.lists["becomes"]:
        return False
    return lexicon.counts.get(form[1:], 0) >= max(_SEEN, lexicon.counts.get(form, 0) / 5)
