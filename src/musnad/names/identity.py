"""Who a party is to event data sets: English name, Wikidata, country or PLOVER code, sector.

All of it stands in tables with their origin (`lexicon/data`, NOTICE). What no table tells is empty; nothing is guessed from sounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from musnad.lexicon.tables import rows, word_lists
from musnad.names.cases import case_forms
from musnad.names.forms import key_of
from musnad.text.clitics import CONJUNCTIONS, definite, without_article
from musnad.text.fold import fold

_PRESS = "JRN"  # the sector of outlets
_LONGEST = 4  # words of a country's name
_MOST = 12  # words of a name that are looked at
_STEM = 4  # letters in which an adjective is like the name
_CODE = re.compile(r"([A-Z]{3,})(?:@(.*))?")
_HELD = re.compile(r"(?:> *)?(\d{8})?-?(?:< *)?(\d{8})?")
#: Actors of PLOVER that are no country: its table «Non-state actor codes».
NO_STATE = frozenset({"IGO", "NGO", "ISM", "IMG", "MNC"})


class State(NamedTuple):
    """A country as data sets know it; Kosovo has no ISO code, and who is no member of the state system no COW number."""

    entity: str
    alpha3: str
    cow: str
    english: str
    wikidata: str


class Identity(NamedTuple):
    """Who a party is. Of «روسيا وإيران» there are two codes; `english` and `wikidata` are joined by «; »."""

    english: str = ""
    wikidata: str = ""  # Q7747
    codes: tuple[str, ...] = ()  # ISO 3166-1 alpha-3, or IGO, NGO, ISM, IMG, MNC
    sector: str = ""

    @property
    def code(self) -> str:
        """PLOVER's code of the actor."""
        return "; ".join(self.codes)

    @property
    def iso3(self) -> str:
        """The countries, ISO 3166-1 alpha-3."""
        return "; ".join(code for code in self.codes if code not in NO_STATE)

    @property
    def cow(self) -> str:
        """The countries by their numbers in the Correlates of War."""
        return "; ".join(state.cow for code in self.codes if (state := states().get(code)) and state.cow)


@lru_cache(maxsize=1 << 14)
def identify(
    name: str, entity: str | None = None, title: str = "", *, person: bool = False, day: str | None = None
) -> Identity:
    """Return who bears a name, as far as tables tell.

    `title` is what the article calls somebody («وزير الخارجية المصري»); the words of the name of a `person` tell nothing
    («تركي», the first name, is no Turk). `day` chooses among the offices of the actor table.
    """
    key, entity = key_of(name), entity or ""
    body = _bodies_by_entity().get(entity) or _body(key)
    joined = _joined(key) if not (person or entity or body) else []
    if len(joined) > 1:
        both = [states()[code] for code in joined]
        return Identity("; ".join(s.english for s in both), "; ".join(s.wikidata for s in both), tuple(joined))
    called = [[] if person else key.split()[:_MOST], key_of(title).split()[:_MOST]]
    english, wikidata = _names_of(entity, body)
    held = _held(entity, key, day)
    country = _country_of(entity, body, held) or next(filter(None, map(_told, called)), "")
    sector = body["sector"] if body else held[1] or _sector_of(entity, [*called[0], *called[1]])
    return Identity(english, wikidata, (country,) if country else (), sector)


@cache
def states() -> dict[str, State]:
    """The countries by alpha-3 code and by identifier."""
    found: dict[str, State] = {}
    for row in rows("states.tsv"):
        state = State(
            row["entity"], row["alpha3"], row["cow"], row["english"], row["wikidata"].removeprefix("wikidata:")
        )
        found |= {state.entity: state} | ({state.alpha3: state} if state.alpha3 else {})
    return found


def _names_of(entity: str, body: dict[str, str] | None) -> tuple[str, str]:
    """The English name and the identifier of Wikidata."""
    if entity in states():
        return states()[entity].english, states()[entity].wikidata
    if entity in _people():
        return _people()[entity][0], entity.removeprefix("wikidata:")
    english, entity = (body["english"], body["entity"]) if body else ("", entity)
    return english, entity.removeprefix("wikidata:") if entity.startswith("wikidata:") else ""


def _country_of(entity: str, body: dict[str, str] | None, held: tuple[str, str]) -> str:
    if entity in states():
        return states()[entity].alpha3
    if body:
        return body["code"]
    return held[0] or (_people()[entity][1] if entity in _people() else "")


def _told(words: list[str]) -> str:
    """The country or code that words name: the country that they begin with, an adjective, a known body, another country."""
    if country := _country_at(words, 0)[1]:
        return country
    words, body = _without_body([without_article(definite(word)) for word in words])
    adjectives = (_adjective(word, behind) for word, behind in pairwise([*words, ""]))
    return next(filter(None, adjectives), "") or body or _somewhere(words)


def _somewhere(words: list[str]) -> str:
    """A country by its name, unless it is only where somebody is: not «القوات في سوريا», but «محكمة في باريس»."""
    lists = word_lists()
    for at in range(1, len(words)):
        country = _country_at(words, at, capitals=words[at - 1] in lists["within"])[1]
        before = words[at - 1]
        if country and (
            before not in lists["place_before"] or (before in lists["within"] and words[0] in lists["of_a_place"])
        ):
            return country
    return ""


def _without_body(words: list[str]) -> tuple[list[str], str]:
    """Words without a known body among them, and its code: «عناصر من ميليشيات الحوثي», «مجلس الأمن حول سوريا»."""
    for at, end in combinations(range(len(words) + 1), 2):
        behind = words[end] if end < len(words) else None
        if (behind is None or behind in word_lists()["place_before"]) and (body := _body(" ".join(words[at:end]))):
            return [*words[:at], *words[end:]], body["code"]
    return words, ""


def _joined(key: str) -> list[str]:
    """The countries of «الولايات المتحدة وبريطانيا وفرنسا»; none where the name is not all countries."""
    words, found, at = key.split(), [], 0
    while at < len(words):
        length, country = _country_at(words, at, capitals=True)
        if not length and at and words[at].startswith(CONJUNCTIONS):
            rest = [without_article(words[at][1:]), *words[at + 1 :]]
            length, country = _country_at(rest, 0, capitals=True)
        if not length:
            return []
        found.append(country)
        at += length
    return list(dict.fromkeys(found))


def _country_at(words: list[str], at: int, *, capitals: bool = False) -> tuple[int, str]:
    """How many words of a country's name begin at a word, and its alpha-3 code."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        name = " ".join(words[at : at + length])
        found = _countries().get(name) or (_capitals().get(name) if capitals else None)
        if found:
            return length, found
    return 0, ""


def _adjective(word: str, behind: str) -> str:
    """The country of a demonym in any of its forms: إسرائيلي، الإسرائيليين، فلسطينيا."""
    bare = without_article(word)
    if bare in _countries():
        return ""  # «سوريا» is no accusative
    for form in case_forms(bare):
        both = _named_by_two().get(without_article(behind)[:_STEM], ())
        if found := next((code for first, code in both if form.startswith(first)), _demonyms().get(form)):
            return found
    return ""


def _sector_of(entity: str, words: list[str]) -> str:
    if entity.startswith("outlet:"):
        return _PRESS
    for before, word in pairwise(["", *(without_article(definite(word)) for word in words)]):
        if {before, word} <= word_lists()["councils"]:
            continue  # the Security Council is no police
        for form in (word, *case_forms(without_article(word))):
            if found := _sectors().get(form):
                return found
    return ""


def _body(key: str) -> dict[str, str] | None:
    """A known body by its name, or by its name with what newsrooms add to it."""
    words = key.split()
    while words:
        if found := _bodies().get(" ".join(words)):
            return found
        if words[-1] not in word_lists()["epithets"]:
            return None
        words.pop()
    return None


def _held(entity: str, key: str, day: str | None) -> tuple[str, str]:
    """Country and sector that the actor table gives for a day: of several those that were held then, else the first."""
    codes = _actors().get(entity) or _actors().get(key) or []
    when = (day or "").replace("-", "")
    fitting = [code for code, dates in codes if when and dates and _is_within(dates, when)]
    chosen = next(iter(fitting), None) or next((code for code, dates in codes if not dates), None)
    return _split(chosen or (codes[0][0] if codes else ""))


def _is_within(dates: str, day: str) -> bool:
    found = _HELD.fullmatch(dates)
    if dates.startswith("<"):
        return day <= dates.strip("< ")
    start, end = (found[1], found[2]) if found else (None, None)
    return (start or "") <= day <= (end if end and end >= (start or "") else "99991231")


def _split(code: str) -> tuple[str, str]:
    """«ISRGOV» is the government of Israel; what is neither a country nor one of PLOVER's actors and sectors is nothing."""
    parts = [code[at : at + 3] for at in range(0, len(code), 3)]
    country = next((part for part in parts[:1] if part in states() or part in NO_STATE), "")
    return country, next((_cameo()[part] for part in parts if part in _cameo()), "")


def _each(table: str, column: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table by each of the names in a column."""
    yield from ((key_of(name), row) for row in rows(table) for name in row[column].split("|") if name)


@cache
def _people() -> dict[str, tuple[str, str]]:
    return {row["entity"]: (row["english"], row["country"]) for row in rows("people.tsv")}


@cache
def _bodies() -> dict[str, dict[str, str]]:
    """Bodies by all names that mean them where an actor is coded; outlets, whose people are of any country, by none."""
    both = [*_each("bodies.tsv", "also"), *_each("bodies.tsv", "spellings")]
    return {name: row for name, row in both if row["sector"] != _PRESS}


@cache
def _bodies_by_entity() -> dict[str, dict[str, str]]:
    return {row["entity"]: row for row in rows("bodies.tsv")}


@cache
def _actors() -> dict[str, list[tuple[str, str | None]]]:
    """The codes of political actors with the days on which they were held, by identifier and by name."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for row in rows("actors.tsv"):
        codes = [(match[1], match[2]) for part in row["codes"].split(",") if (match := _CODE.fullmatch(part.strip()))]
        found[row["entity"]] = found[row["key"]] = codes
    return found


@cache
def _countries() -> dict[str, str]:
    """Alpha-3 codes by the names of countries; «مالي» alone is money more often than Mali."""
    tables = (row for table in ("countries.tsv", "country_names.tsv") for row in rows(table))
    found = {key_of(row["name"]): states()[row["entity"]].alpha3 for row in tables if row["entity"] in states()}
    return {name: code for name, code in found.items() if code and name not in word_lists()["no_country"]}


@cache
def _capitals() -> dict[str, str]:
    return {
        key_of(row["name"]): code for row in rows("nicknames.tsv") if (code := _countries().get(key_of(row["country"])))
    }


@cache
def _named_by_two() -> dict[str, list[tuple[str, str]]]:
    """Countries by the stem of their second word, with that of the first: «الكوري الجنوبي» is of كوريا الجنوبية."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, code in _countries().items():
        first, _, second = name.partition(" ")
        adjective = case_forms(first)[-1]  # كوريا, كوري
        if adjective != first and second and " " not in second:
            found.setdefault(second[:_STEM], []).append((adjective, code))
    return found


@cache
def _demonyms() -> dict[str, str]:
    known = states()
    found = ((without_article(row["form"]), row["entity"]) for row in rows("demonyms.tsv") if row["entity"] in known)
    return {form: known[entity].alpha3 for form, entity in found if form not in word_lists()["no_country"]}


@cache
def _sectors() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows("sectors.tsv"):
        for word in f"{row['words']} {row['also']}".split():
            found.setdefault(fold(word), row["sector"])
    return found


@cache
def _cameo() -> dict[str, str]:
    return {role: row["sector"] for row in rows("sectors.tsv") for role in row["cameo"].split()}
