"""Offices before a name: who speaks as «المتحدث الرسمي للمركز رأفت الصباغ» is «رأفت الصباغ»."""

from __future__ import annotations

from itertools import pairwise

from musnad.lexicon import Lexicon
from musnad.lexicon import word as w
from musnad.lexicon.word import Word
from musnad.names.knowledge import shared
from musnad.text.tokens import tokenize

_LEADING_ELSEWHERE = w.RELATIVE | w.PREPOSITION | w.THAT | w.CLAUSE | w.ADVERBIAL
_CLOSING = w.DEFINITE | w.PLACE | w.DEMONYM
_PEOPLE = ("office", "person")  # nouns of somebody else, whose the name may be


def without_title(name: str, lexicon: Lexicon) -> str:
    """The name of a known person at the end of a party that begins with an office; else the party as it is.

    Rule "office before a name": the office ends in a definite word or a place, and no other person may own the name. Not «والد الشابة آنا كامبل»
    (kin), «متحدث باسم الرئيس محمود عباس» (an office before the name, the master's), «قائد التحالف الذي يقوده خليفة حفتر», «جامعة الأمير
    محمد بن فهد».
    """
    written = [raw for raw in tokenize(name).raw if raw[0].isalnum()]
    words = [lexicon.word(raw) for raw in written]
    if not words or words[0].role is None or words[0].role.kind != "office":
        return name
    for at in range(1, len(words) - 1):
        rest = " ".join(written[at:])
        if shared().is_named(rest) and _is_office(words[:at]):
            return rest
    return name


def _is_office(words: list[Word]) -> bool:
    """Whether words are one whole office, with ranks behind it: «الناطق الإعلامي بشرطة منطقة جازان المقدم»."""
    while len(words) > 1 and _is(words[-1], "honorific"):
        words = words[:-1]
    return bool(words[-1].flags & _CLOSING) and not any(
        word.flags & _LEADING_ELSEWHERE or _adds(word) or (_is(word, *_PEOPLE) and not _is_named_after(word, behind))
        for word, behind in pairwise([*words[1:], None])
        if word is not None
    )


def _adds(word: Word) -> bool:
    """Whether a word adds somebody: «ومحمد», «والسوري», «والدكتور»; not «والأعمال»."""
    return word.prefix[:1] == "و" and (
        not word.flags & w.DEFINITE or bool(word.flags & w.DEMONYM) or word.role is not None
    )


def _is_named_after(office: Word, behind: Word | None) -> bool:
    """Whether an office is in the name of a house: «مركز الملك سلمان للإغاثة», with a bare name behind it."""
    return behind is not None and not behind.prefix and behind.role is None and not behind.flags


def _is(word: Word, *kinds: str) -> bool:
    return word.role is not None and word.role.kind in kinds
