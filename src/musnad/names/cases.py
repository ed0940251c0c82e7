"""Nouns in the case that a sentence asks for, and in the one by which they are known: «الحوثيين» are «الحوثيون», «انتحاريا» is «انتحاري»."""

from __future__ import annotations

from musnad.lexicon import Lexicon
from musnad.lexicon import word as w
from musnad.lexicon.word import Word
from musnad.text.fold import fold

_PLURAL, _DUAL, _OBLIQUE, _ACCUSATIVE = "ون", "ان", "ين", "ا"  # endings
_LONG = 5  # letters above which an ending «ين» is that of a plural
_TANWEEN = "ً"
_FEMININE = "ه"  # behind it no «ا» stands for the case: «ابنها» is her son
_SEVERAL = {"group", "unnamed"}  # kinds of nouns that are of several people


def case_forms(word: str) -> tuple[str, ...]:
    """A folded word as it stands, and as it would in the nominative: إسرائيليين، إسرائيليون; فلسطينيا، فلسطيني."""
    plural = (word.removesuffix(_OBLIQUE) + _PLURAL,) if word.endswith(_OBLIQUE) else ()
    return (word, *plural, *((word.removesuffix(_ACCUSATIVE),) if word.endswith(_ACCUSATIVE) else ()))


def in_no_case(name: str, lexicon: Lexicon) -> str:
    """A party told by what it is, in the nominative: «ناشطين مسلمين», «الطرفين», «مسؤولا أمنيا»; any other name as it is."""
    written = name.split()
    if not written:
        return name
    words = [lexicon.word(raw) for raw in written]
    if _are_people(words[0]):
        return _nominative(written, words, lexicon)
    role = words[0].role
    if role is not None and words[0].core == fold(role.noun) + _ACCUSATIVE and not fold(role.noun).endswith(_FEMININE):
        noun, *adjectives = written
        return " ".join([_bare(noun), *(_bare(a) if fold(a).endswith("يا") else a for a in adjectives)])
    return name


def _are_people(word: Word) -> bool:
    """Whether a word is that of people told by what they are, in the plural or dual, in another case: «الحوثيين»."""
    known = bool(word.flags & w.DEMONYM) or word.role is not None
    return known and word.core.endswith(_OBLIQUE) and len(word.core) > _LONG and not _is_one(word)


def _is_one(word: Word) -> bool:
    """Whether a noun that ends so is that of one person: «الأمين العام»."""
    role = word.role
    return role is not None and role.kind not in _SEVERAL and fold(role.noun).endswith(_OBLIQUE)


def _nominative(written: list[str], words: list[Word], lexicon: Lexicon) -> str:
    """With the adjectives that follow; what «من» governs stays as it is. Whether a noun is dual or plural, the commoner of both says."""
    if any(word.core in lexicon.lists["dual_numerals"] for word in words):
        return " ".join(written)  # «صحفيين اثنين»
    ending = max((_PLURAL, _DUAL), key=lambda end: lexicon.counts.get(words[0].core[:-2] + end, 0))
    for n, noun in enumerate(written):
        after_from = n and words[n - 1].form in lexicon.lists["from"]
        if not noun.endswith(_OBLIQUE) or after_from or words[n].flags & w.RELATIVE:  # «الذين»
            break
        written[n] = noun[:-2] + ending
    return " ".join(written)


def _bare(noun: str) -> str:
    return noun.rstrip(_TANWEEN).removesuffix(_ACCUSATIVE).rstrip(_TANWEEN)
