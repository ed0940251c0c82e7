"""Where: the place that belongs to a trigger, and where an article is set."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from musnad.events.anchors import names_a_place
from musnad.events.circumstances import away
from musnad.events.draft import HIT, Happening, Tokens
from musnad.events.triggers import Hit
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.text.clitics import without_article

_UNUSUAL = 200  # times in the corpora behind the vocabulary
_REACH = 60  # tokens from a trigger to its place
_LEAD = 3  # number of the last sentence of the lead, which says where an article is set
_DATELINE = 8  # tokens of a line in which its dateline stands
_LONGEST = 3  # tokens of a name in quotation marks
_TALKS = {"meet", "visit", "host", "sign"}
_MOVES = {"AID", "MOBILIZE", "RETREAT"}
_DEEDS = {"take", "attack", "kill", "clash", "crowd"}
_CLOSE = 8  # tokens from «الاجتماع» to where it was held
_ONWARD = 12  # tokens from a journey to «إلى» and where it leads
_WORDS_OF_PLACE = 5  # tokens between a preposition and its place
_BEFORE = 3  # tokens from what is talked about to its place: الأوضاع الأمنية في اليمن


def places_of(page: Page, spots: Spots, hit: Hit, parties: set[int]) -> list[tuple[int, Tokens]]:
    """The places of a trigger with how far they stand: its genitive (قمة هلسنكي), what «في» or its like leads to in its
    sentence, and where a verb of hosting sets it (شهدت تعز معارك).

    `parties` are tokens of those who take part: they are no place beside it.
    """
    first, limit = page.sentence_of(hit.first)
    first, limit = max(first, hit.first - _REACH), min(limit, hit.last + _REACH)
    near = _clause_of(page, hit, first, limit)
    pointing = hit.trigger.frame in _TALKS and hit.trigger.part == "noun" and page.flags[hit.first] & w.DEFINITE
    if pointing:  # «عبر في الاجتماع عن سعادته بما تحقق في عدن»
        near = range(near.start, min(near.stop, hit.last + _CLOSE))
    led = (
        {"ب"}
        | ({"علي"} if hit.trigger.type == "ASSAULT" else set())
        | ({"ل"} if hit.trigger.frame == "visit" or _is_blow(hit) else set())  # «القصف التركي لقرى كردستان»
        | ({"الي"} if hit.trigger.type in _MOVES or hit.trigger.frame in {"visit", "arrive"} else set())
        | ({"من"} if hit.trigger.type == "RETREAT" else set())
    )
    onward = {"الي"} & led
    found = [(-1, (hit.last, hit.last + 1))] if _is_unheard_of(page, spots, hit) else []
    for place in named_places(page, spots, first, limit):
        at, last = place
        behind = at >= hit.last
        far = 0 if at in near else _REACH
        if at in parties:
            if at > first and _is_where_they_are(page, at, hit):
                found.append((1, place))
        elif (
            at == hit.last
            and not page.words[at].prefix
            and (
                hit.trigger.part == "noun" or hit.trigger.frame == "arrive"  # «وصلت عدن»
            )
        ):
            found.append((-1, place))
        elif _hosts(page, place, hit, first):
            found.append((0, place))
        elif _stands_at(page, at, hit.last if behind else first, led if behind else led - {"ل"} - onward):
            if onward and at - hit.last > _ONWARD and _stands_at(page, at, hit.last, onward):
                continue  # «زيارة لروسيا … قبل التوجه إلى …»
            if hit.trigger.frame in _TALKS and _is_matter(page, at, first):
                continue
            host = hit.trigger.frame == "visit" and behind and page.words[at].prefix[-1:] == "ل"
            found.append((HIT if host else away(hit, at, last) + far, place))
    return found


def _is_blow(hit: Hit) -> bool:
    return hit.trigger.frame == "attack" and hit.trigger.part == "noun"


def named_places(page: Page, spots: Spots, first: int, limit: int) -> Iterator[Tokens]:
    """The places that are named between two tokens: tagged ones, and «بلدة آبلدا», a name behind the word for what it is."""
    begin = bisect_left(spots.all, first, key=lambda spot: spot[0])
    tagged = spots.all[begin : bisect_left(spots.all, limit, key=lambda spot: spot[0])]
    palaces = page.lexicon.lists["palaces"]  # a government, but behind «في» a place
    known = [spot[:2] for spot in tagged if page.words[spot[1] - 1].form in palaces or names_a_place(page, spot)]
    heads = page.lexicon.place_heads
    for at in range(first, limit - 1):
        if page.words[at].core in heads:
            place = _unheard_town(page, spots, at) or _lands(page, spots, at) or _hall(page, spots, at)
            if place is not None:
                known.append(place)
    yield from sorted(known)


def _hall(page: Page, spots: Spots, at: int) -> Tokens | None:
    """«قصر السلام»: a house that talks are held in."""
    named = at + 1 < len(page) and page.flags[at + 1] & w.DEFINITE and spots.at[at + 1] is None
    return (at, at + 2) if named and page.words[at].core in page.lexicon.lists["halls"] else None


def _lands(page: Page, spots: Spots, at: int) -> Tokens | None:
    """The adjective of «الأراضي السورية»، «الأجواء الأردنية»: a country under another name."""
    if page.words[at].core not in page.lexicon.lists["lands"] or spots.at[at + 1] is not None:
        return None
    word = page.words[at + 1]
    return (at + 1, at + 2) if word.core in page.lexicon.nations and not word.prefix else None


def setting_of(page: Page, spots: Spots) -> Tokens | None:
    """Where an article is set: the first place in its headline or lead that a preposition leads to, and no whole country;
    else the town of its dateline (أديس أبابا - رويترز).
    """
    limit = next((at for at in range(len(page)) if page.sentence_number(at) > _LEAD), len(page))
    for place in named_places(page, spots, 0, limit):
        led = _stands_at(page, place[0], page.sentence_of(place[0])[0], {"ب"})
        if led and not _is_country(page, place) and not _is_matter(page, place[0], 0):
            return place
    return _dateline(page, spots)


def _dateline(page: Page, spots: Spots) -> Tokens | None:
    for first, last in page.lines[:2]:
        for spot in spots.all:
            if first <= spot[0] < min(last, first + _DATELINE) and spot[1] < len(page):
                alone = spot[1] == last or page.flags[spot[1]] & (w.DASH | w.COLON | w.COMMA | w.NUMBER)
                opens = spot[0] == first or page.flags[spot[0] - 1] & w.MARK
                if alone and opens and names_a_place(page, spot) and not _is_country(page, spot[:2]):
                    return spot[:2]
    return None


def settle_place(page: Page, happening: Happening, setting: Tokens | None) -> None:
    """Give an event its place: the nearest that is no whole country; else the country of its own clause; else, where the
    lead tells it, the setting; else a country from further off.
    """
    ranked = sorted((_is_country(page, place), far, place) for far, place in happening.places)
    country_from_afar = bool(ranked) and ranked[0][0] and ranked[0][1] >= _REACH
    led = any(page.sentence_number(first) <= _LEAD for first, _ in happening.triggers)
    if setting is not None and happening.status != "denied" and (country_from_afar or (led and not ranked)):
        happening.place = setting
    else:
        vague = not ranked or (ranked[0][1] >= _REACH and happening.trigger.type == "ASSAULT")
        sides = _country_of_sides(page, happening) if vague else None
        happening.place = sides or (ranked[0][2] if ranked else None)


def _country_of_sides(page: Page, happening: Happening) -> Tokens | None:
    """Where no place is told: the country that was attacked (غارات على سوريا), or whose court or police it was."""
    if happening.trigger.type == "ASSAULT":
        return next((taker.tokens for taker in happening.recipients if _is_country(page, taker.tokens)), None)
    if happening.trigger.type == "COERCE":
        nations = (at for taker in happening.actors for at in range(*taker.tokens) if page.flags[at] & w.DEMONYM)
        return next(((at, at + 1) for at in nations if page.words[at].core in page.lexicon.nations), None)
    return None


def _is_where_they_are(page: Page, at: int, hit: Hit) -> bool:
    """A place within the name of who acts: «أهالي سقطرى»، «محكمة في أديس أبابا»."""
    before = page.words[at - 1]
    return before.core in page.lexicon.lists["residents"] or (before.form == "في" and hit.trigger.frame in _DEEDS)


def _hosts(page: Page, place: Tokens, hit: Hit, first: int) -> bool:
    """«شهدت مدينة تعز اشتباكات»، «تستضيف القاهرة اجتماعا», before the trigger; «هز انفجار العاصمة بغداد»."""
    lists, at = page.lexicon.lists, place[0]
    while at > first and without_article(page.words[at - 1].core) in lists["regions"]:
        at -= 1
    if at >= hit.last:  # «هز انفجار عنيف مدينة تعز»
        shaken = hit.first > first and page.words[hit.first - 1].core in lists["shakes"]
        return shaken and not any(page.flags[i] & (w.MARK | w.PREPOSITION) for i in range(hit.last, at))
    if page.words[place[0]].prefix[-1:] in {"ل", "ب"}:
        return False
    hosting = page.words[at - 1].core if at > first else ""
    next_to = place[1] + bool(place[1] < len(page) and page.flags[place[1]] & w.RELATIVE)  # «كندا التي استضافت القمة»
    behind = page.words[next_to].core if next_to < len(page) else ""
    if hosting not in lists["hosts"] and behind not in lists["hosts"]:
        return False
    return not any(page.flags[i] & (w.STOP | w.THAT | w.COLON) for i in range(place[1], hit.first))


def _is_matter(page: Page, at: int, floor: int) -> bool:
    """«بحثا الأوضاع في اليمن»: where what they talked about is, and not where they met."""
    while at > floor and not (page.flags[at] & w.PREPOSITION) and not page.words[at].prefix:
        at -= 1
    return any(page.words[i].core in page.lexicon.lists["matters"] for i in range(max(floor, at - _BEFORE), at))


def _unheard_town(page: Page, spots: Spots, at: int) -> Tokens | None:
    """The name behind a word like بلدة that nobody tagged: in quotation marks, or a word that is no usual one."""
    if page.words[at].core not in page.lexicon.lists["towns"] or spots.at[at] is not None:
        return None  # with its article a noun takes no name: «السجن المؤبد»
    name = at + 1
    titled = page.words[name].role is not None and page.words[name].role.kind == "honorific"  # type: ignore[union-attr]
    if titled and name + 1 < len(page) and not page.words[name].prefix and not page.flags[name + 1] & w.MARK:
        return name, name + 2  # «مدينة الشيخ زويد»
    if page.flags[name] & w.OPEN and (close := page.quotes.close.get(name, 0)) - name - 1 in range(1, _LONGEST + 1):
        return name + 1, close
    return (name, name + 1) if _is_unusual(page, spots, name) else None


def _is_unusual(page: Page, spots: Spots, at: int) -> bool:
    word = page.words[at]
    known = word.prefix or word.role or word.cues or word.triggers or page.flags[at] & ~(w.PLACE | w.DEFINITE)
    return bool(
        not known
        and spots.at[at] in {None, (at, at + 1, "MISC")}
        and word.form.isalpha()
        and page.lexicon.counts.get(word.form, 0) < _UNUSUAL
    )


def _is_unheard_of(page: Page, spots: Spots, hit: Hit) -> bool:
    """«قمة ألاسكا»: a meeting is called after a place that nobody tagged, a word that is no usual adjective."""
    definite = hit.trigger.suffix or page.flags[hit.first] & w.DEFINITE or page.words[hit.first].form.endswith("ا")
    if hit.trigger.frame != "meet" or hit.trigger.part != "noun" or definite or hit.last >= len(page):
        return False
    if page.words[hit.last].raw.endswith(("اً", "ًا")):
        return False  # «لقاء وجهاً لوجه»
    if page.words[hit.last].core.endswith(("ي", "يه")):
        return False  # «اجتماع سري»
    return _is_unusual(page, spots, hit.last) and not page.flags[hit.last] & w.DEFINITE


def _clause_of(page: Page, hit: Hit, first: int, limit: int) -> range:
    """The tokens around a trigger with no other verb or event between: what «في» leads to there belongs to it."""
    lists = page.lexicon.lists

    def ends(at: int) -> bool:
        word = page.words[at]
        own = (
            word.core in lists["takes_place"] or word.form in lists["light_verbs"] or word.core in lists["light_verbs"]
        )
        other = bool(word.triggers) or any(cue.part in {"past", "present"} for cue in word.cues)
        return bool(page.flags[at] & (w.THAT | w.COLON | w.SOURCE | w.CLAUSE)) or (other and not own)

    start = next((at + 1 for at in range(hit.first - 1, first - 1, -1) if ends(at)), first)
    end = next((at for at in range(hit.last, limit) if ends(at)), limit)
    return range(start, end)


def _is_country(page: Page, place: Tokens) -> bool:
    name = " ".join(word.core for word in page.words[slice(*place)])
    if page.words[place[1] - 1].core in page.lexicon.lists["wide"]:
        return True
    if name in page.lexicon.nations and page.flags[place[0]] & w.DEMONYM:
        return True  # «الأراضي السورية»
    return name in page.lexicon.countries and name not in page.lexicon.governments  # «عمان» is a capital too


def _stands_at(page: Page, at: int, floor: int, led: set[str]) -> bool:
    """Whether a preposition of place leads to a name, over words like مدينة or محافظة and an opening mark between them."""
    i = at
    while i >= floor and at - i <= _WORDS_OF_PLACE:
        if page.words[i].prefix[-1:] in led:
            return True
        if i == floor:
            return False
        before = page.words[i - 1]
        if before.core in page.lexicon.lists["of_place"] or before.core in led:
            return True
        if before.flags & w.OPEN or before.raw in {"#", "_"}:  # «غارات على «تعز»»، «في #إقليم_قندوز»
            i -= 1
            continue
        if before.form == "بين" and page.words[i - 2].core in page.lexicon.lists["lands"]:
            return True  # «قرب الحدود بين قطاع غزة وإسرائيل»
        if without_article(before.core) not in page.lexicon.lists["regions"]:
            return False
        i -= 1
    return False


def place_name(page: Page, written: str, place: Tokens) -> str:
    """The name of a place: as written, of «الأراضي السورية» the country's."""
    country = page.lexicon.nations.get(page.words[place[0]].core) if place[1] - place[0] == 1 else None
    return country if country is not None and page.flags[place[0]] & w.DEMONYM else written
