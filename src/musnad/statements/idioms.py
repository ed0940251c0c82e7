"""Cues with a syntax of their own: وصف القرار بأنه، طلب من، جاء في البيان أن، اتهم، حمل المسؤولية، أبدى قلقه."""

from __future__ import annotations

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening
from musnad.statements.frames import bare_opening, led_by_subject
from musnad.statements.quotations import is_speech
from musnad.text.clitics import bare


def special_opening(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Opening | None:
    """Cues with a syntax of their own."""
    if "attitude" in cue.frames and not {"عن"} & cue.frames:  # أبدى قلقه بشأن …
        for i in range(at + 1, min(limit, at + 16)):
            if attitude_of(page, i) is not None:
                return Opening("bare", i, i)
        return None
    if "describe" in cue.frames:  # وصف القرار بأنه نهائي
        return _describe(page, spots, at, cue, limit)
    if "request" in cue.frames:  # طلب الرئيس من البرلمان الموافقة
        return _request(page, spots, at, limit)
    if "venue" in cue.frames:  # جاء في البيان أن …
        return _in_document(page, at, limit)
    if "accuse" in cue.frames or "blame" in cue.frames:
        return _accuse(page, spots, at, cue, limit)
    return None


def _request(page: Page, spots: Spots, at: int, limit: int) -> Opening | None:
    """What is asked of somebody: the noun phrase behind «من» and the one who is asked."""
    for i in range(at + 2, min(limit, at + 16)):
        if page.flags[i] & (w.THAT | w.STOP | w.COLON):
            return None
        if page.words[i].form == "من" and spots.at[i] is None:
            asked = read_party(page, spots, i + 1, min(limit, i + 12))
            asked = read_subject(page, spots, *asked) if asked is not None else None
            if asked is None or asked[1] >= limit or page.words[asked[1]].prefix or page.flags[asked[1]] & w.MARK:
                return None
            return Opening("phrase", asked[1], i)
    return None


def _in_document(page: Page, at: int, limit: int) -> Opening | None:
    first = at + 1
    while first < limit and page.words[first].form in {"ايضا", "كذلك"}:
        first += 1
    if first + 1 >= limit or page.words[first].form not in {"في", "ب", "ضمن"}:
        return None
    for i in range(first + 1, min(limit, at + 14)):
        if page.flags[i] & w.THAT and not page.words[i].prefix:
            return Opening("that", i + 1, i)
        if page.flags[i] & w.COLON and i + 1 < limit and page.flags[i + 1] & w.OPEN:
            return Opening("quote", i + 2, i)
        if page.flags[i] & w.OPEN and is_speech(page, i, page.quotes.close.get(i, i)):
            return Opening("quote", i + 1, i)
        if page.flags[i] & (w.STOP | w.RELATIVE) or (page.words[i].cues and page.words[i].role is None):
            return None
    return None


def _describe(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Opening | None:
    """The content of وصف is what is described and how; of وصفه بـ the description alone."""
    that = next(
        (i for i in range(at + 1, min(limit, at + 40)) if page.words[i].form in page.lexicon.lists["as_that"]), limit
    )
    behind = that if cue.suffix and not any(page.flags[i] & w.COMMA for i in range(at + 1, that)) else limit
    for i in range(at + 1, min(limit, at + 40)):
        word = page.words[i]
        if i < behind < limit:
            continue
        if word.prefix == "ب" or word.raw in {"ب", "بـ"} or word.form in page.lexicon.lists["as_that"]:
            if (
                cue.suffix
                or i == at + 1
                or (i == at + 2 and page.words[at + 1].form in page.lexicon.lists["object_pronouns"])
            ):
                if word.form.startswith("بان"):
                    return Opening("that", i + 1, i)
                first = i + 1 if word.raw in {"ب", "بـ"} else i
                return Opening("phrase", first, i, word.cut if first == i else 0)
            found = bare_opening(page, spots, at, cue, limit)
            return found
        if page.flags[i] & (w.STOP | w.COLON):
            break
    return None


def _accuse(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Opening | None:
    mark = {"ب"} if "accuse" in cue.frames else {"مسووليه", "المسووليه", "مسووليته"}
    for i in range(at + 1, min(limit, at + 30)):
        word = page.words[i]
        if (word.prefix == "ب" and "accuse" in cue.frames) or word.form in mark or word.form.startswith("بان"):
            if cue.suffix:
                return Opening("phrase", i, i, word.cut)
            if led_by_subject(page, spots, at, cue):
                return Opening("bare", at + 1, at + 1)  # «روسيا تتهم واشنطن بدعم»: the accused stands at once
            return bare_opening(page, spots, at, cue, limit, any_noun=True)
        if page.flags[i] & w.STOP:
            break
    return None


def attitude_of(page: Page, at: int) -> str | None:
    """The stance of a noun of attitude, with or without article and owner: أمل، الأمل، أمله."""
    form = bare(page.words[at].core)
    for ending in ("", "ها", "هما", "هم", "ه"):
        stem = form.removesuffix(ending)
        if stem in page.lexicon.attitudes:
            return page.lexicon.attitudes[stem]
        if stem.endswith("ت") and stem[:-1] + "ه" in page.lexicon.attitudes:  # خيبته
            return page.lexicon.attitudes[stem[:-1] + "ه"]
    return None
