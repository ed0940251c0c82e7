"""What those who take part, and places, are called."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.cases import in_no_case
from musnad.names.naming import name_of
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page

_ADJECTIVE = ("ي", "يه")  # how the adjective of a country ends


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
    name = cast.text(first, last) if cast.person_in(first, last) is None else name_of(page, spots, cast, tokens)
    known = in_no_case(name, page.lexicon)
    if known == name:  # no other case
        return name_of(page, spots, cast, tokens)
    return known if known in page.text else name


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
