"""What those who take part, and places, are called."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.lexicon.word import Word
from musnad.names.naming import name_of
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.text.fold import fold

_ADJECTIVE = ("ي", "يه")  # how the adjective of a country ends
_NOMINATIVE = ("ون", "ان")
_PLURAL = 5  # letters above which an ending «ين» is that of a plural


def taker_name(page: Page, spots: Spots, cast: Cast, tokens: tuple[int, int], *, acts: bool) -> str:
    """The fullest name of a party. Rule "as the article writes it": where it writes both, «الحوثيين» are «الحوثيون» and «انتحاريا» is
    «انتحاري»; where it writes one, that one, as in 59 of 69 annotated names.

    Rule "adjective for country": of «غارات [إسرائيلية]» it is Israel that strikes, of «الحرب الروسية [الأوكرانية]» Ukraine
    that suffers; not of «مقتل [فلسطيني]», a man, of «[الإسرائيليون]», who are people, nor of «بحث [السوداني] الملف», a
    man's name beside no noun that it tells of. In 600 articles with 1,211 events it changes 62.
    """
    first, last = tokens
    country = country_of(page, tokens) if _tells_of_a_noun(page, spots, first, acts=acts) else None
    if country is not None:
        return country
    if cast.person_in(first, last) is None and name_of_people(page, first, last):
        return _in_the_nominative(page, cast, first, last)
    return _without_case(page, name_of(page, spots, cast, tokens), page.words[first])


def name_of_people(page: Page, first: int, last: int) -> bool:
    """Whether the words are those of people told by what they are, in the plural: «الحوثيين»، «ناشطين مسلمين»."""
    word = page.words[first]
    known = bool(word.flags & w.DEMONYM) or word.role is not None
    return known and word.core.endswith("ين") and len(word.core) > _PLURAL


def _in_the_nominative(page: Page, cast: Cast, first: int, last: int) -> str:
    """«الحوثيين» are «الحوثيون», «الطرفين» «الطرفان», with the adjectives that follow; what «من» governs stays as it is.

    Whether a noun is dual or plural, the commoner of both nominatives says.
    """
    written = cast.text(first, last).split(" ")
    if any(word.core in page.lexicon.lists["dual_numerals"] for word in page.words[first:last]):
        return " ".join(written)  # «صحفيين اثنين»
    stem, counts = written[0].removesuffix("ين"), page.lexicon.counts
    ending = max(_NOMINATIVE, key=lambda end: counts.get(page.words[first].core[:-2] + end, 0))
    if stem + ending not in page.text:
        return " ".join(written)
    for n, noun in enumerate(written):
        if not noun.endswith("ين") or (n and written[n - 1] == "من"):
            break
        written[n] = noun[:-2] + ending
    return " ".join(written)


def _without_case(page: Page, name: str, head: Word) -> str:
    """«انتحاريا»، «مسؤولا أمنيا» in no case, if the article writes them so as well."""
    if head.role is None or head.core != fold(head.role.noun) + "ا":
        return name
    noun, *adjectives = name.split(" ")
    ends = ("يا", "ياً", "يًا")
    bare = " ".join([noun.rstrip("اً"), *(a.rstrip("اً") if a.endswith(ends) else a for a in adjectives)])
    return bare if f"{bare} " in page.text else name


def _tells_of_a_noun(page: Page, spots: Spots, at: int, *, acts: bool) -> bool:
    """Whether an adjective is no name, and both it and the word before it are definite, or neither and it acts."""
    spot = spots.at[at]
    if at == page.sentence_of(at)[0] or (spot is not None and spot[2] != "MISC"):
        return False
    definite = page.flags[at] & w.DEFINITE
    return definite == page.flags[at - 1] & w.DEFINITE and bool(definite or acts)


def place_name(page: Page, cast: Cast, place: tuple[int, int]) -> str:
    """The name of a place: as written, of the adjective of «الأراضي السورية» the country's."""
    return country_of(page, place) or cast.text(*place)


def country_of(page: Page, tokens: tuple[int, int]) -> str | None:
    """The country whose adjective a single token is («إسرائيلية»); None of its people («روس»، «إسرائيليون»)."""
    word = page.words[tokens[0]]
    if tokens[1] - tokens[0] > 1 or not page.flags[tokens[0]] & w.DEMONYM or not word.core.endswith(_ADJECTIVE):
        return None
    return page.lexicon.nations.get(word.core)
