"""Names that are written by ear: «ترامب» and «ترمب», «بوتين» and «بوتن», «غوتيريس» and «غوتيريش» are one each."""

from __future__ import annotations

from functools import lru_cache

_LONG_VOWELS = str.maketrans("", "", "اويى")
_ONE_SOUND = str.maketrans("غقگپڤشچ", "جككبفسج")  # letters that stand for one foreign sound: أنغيلا، أنجيلا
_ARABIC = frozenset("عحصضظذثء")  # letters of no foreign name
_LEAST = 3  # consonants of a name that is known by them: «ماي» and «مو» are two


@lru_cache(maxsize=1 << 14)
def sound_of(word: str) -> str:
    """Return what the spellings of a foreign name have in common: its consonants, one letter for each sound.

    The word is folded. Arabic names, as far as their letters tell, and short ones are returned as they are: سعد is not سعيد.
    """
    if not _ARABIC.isdisjoint(word):
        return word
    heard = word[:1] + word[1:].translate(_LONG_VOWELS)
    heard = "".join(letter for at, letter in enumerate(heard) if at == 0 or letter != heard[at - 1])
    return heard.translate(_ONE_SOUND) if len(heard) >= _LEAST else word
