"""Whether it happened at all: from the words around a trigger and from how it is told."""

from __future__ import annotations

from musnad.events.triggers import Hit
from musnad.lexicon import word as w
from musnad.lexicon.word import Word
from musnad.page import Page

_BEFORE, _BEHIND = 5, 4  # tokens around a trigger that tell
_CONTINUED = 14  # tokens from «واصل» to what goes on
_WISHED = 9  # tokens from «للمطالبة» to the last thing that is asked for
_CALLED_OFF = 12  # tokens from «ألغى» to what was called off
_GOVERNED = 20  # tokens from «تعرض» to what was undergone
#: What is only asked for, warned of or threatened has not happened and is not planned.
WISHED = {"URGE", "ASK", "WARN", "THREATEN"}
_AHEAD = {"EXPECT", "PROMISE", "HOPE"}
_GIVEN = {"ASSAULT", "PROTEST", "CONSULT"}  # «لم يوقع الاتفاق» denies the agreement, «لم تنجح المحادثات» no talks
_LASTING = {"take"}  # حصار, احتجاز: told in the present they go on

_MOMENTARY = {"arrest", "convict"}  # of these «تعتقل» tells what was done


def status_of(page: Page, hit: Hit, stance: str | None) -> str | None:
    """Return the status of an event, or None where the text only thinks of it. `stance`: of the statement that tells it."""
    lists = page.lexicon.lists
    first, limit = page.sentence_of(hit.first)
    start = max(first, hit.first - _BEFORE)
    for i in range(hit.first - 1, start - 1, -1):  # a clause that ends does not reach the trigger
        if page.flags[i] & (w.COMMA | w.COLON | w.STOP):
            start = i + 1
            break
    clause = next(
        (i + 1 for i in range(hit.first - 1, first - 1, -1) if page.flags[i] & (w.STOP | w.COMMA | w.THAT)), first
    )
    before = page.words[start : hit.first]
    near = page.words[max(start, hit.first - 2) : hit.first]
    behind = page.words[hit.last : min(limit, hit.last + _BEHIND)]
    if any(_is(word, lists["cancelled"]) for word in [*before[-4:], *behind[:3]]) or (
        _called_off(page, hit, first) or _prevented(page, hit, first)
    ):
        return "cancelled"
    purpose = hit.trigger.part == "noun" and page.words[hit.first].prefix[-1:] == "ل"
    if purpose and not any(
        _is(word, lists["undergoes"]) for word in page.words[max(first, hit.first - _GOVERNED) : hit.first]
    ):
        return _purpose(page, hit, first)
    if hit.trigger.type == "ASSAULT" and near and _is(near[-1], lists["halts"]):
        return None  # «لا وقف لإطلاق النار»
    if [word.form for word in near] == ["اذا", "ما"]:
        return None  # «إذا ما التقيا الشهر المقبل»: a condition
    negated = any(word.flags & w.NEGATION or _is(word, lists["deniers"]) for word in near) and not _given(
        page, hit, near
    )
    if negated or stance == "DENY":
        return "denied"
    any_at_all = bool(near) and near[-1].form == "اي" and any(word.flags & w.NEGATION for word in before)
    if any_at_all:
        return "denied"  # «لم يصلوا إلى أي اتفاق»
    may = hit.trigger.part == "present" and bool(near) and near[-1].form == "قد"
    if may or any(_is(word, lists["possible"]) for word in before) or stance in WISHED:
        return None
    if hit.trigger.part == "noun" and any(
        _is(word, lists["wished"]) for word in page.words[max(first, hit.first - _WISHED) : hit.first]
    ):
        return None  # «للمطالبة بتفعيل حق العودة ورفع الحصار»
    verb = hit.trigger.part
    told = hit.first > 1 and page.words[hit.first - 2].form in {
        "قبل",
        "بعد",
        "منذ",
    }  # «قبل أن يلتقي الوزير» tells of the past
    ahead = verb == "future" or (verb == "present" and not told and any(word.flags & w.THAT for word in near))
    before_it = hit.trigger.frame == "meet" and verb == "noun" and any(word.core == "قبل" for word in near)
    later = [word for word in behind[:3] if word.prefix != "ل"]  # «يقوم بزيارة لإجراء محادثات» is on its way
    intended = verb == "noun" and any(
        _is(word, lists["intends"]) for word in page.words[max(clause, hit.first - _CONTINUED) : hit.first]
    )
    if (
        ahead
        or before_it
        or intended
        or stance in _AHEAD
        or any(_is(word, lists["planned"]) for word in [*before, *later])
    ):
        return "planned"
    goes_on = verb == "noun" and any(
        _is(word, lists["continues"]) for word in page.words[max(clause, hit.first - _CONTINUED) : hit.first]
    )
    lasts = hit.trigger.frame in {"crowd", "take"} and any(
        word.form == "منذ" for word in page.words[hit.last : hit.last + _BEHIND]
    )
    if goes_on or (lasts and verb == "noun"):
        return "ongoing"  # «واصل الأسرى إضرابهم»، «المضرب عن الطعام منذ 54 يوما»
    if any(_is(word, lists["going_on"]) for word in [*before[-3:], *behind[:2]]) or (
        hit.trigger.frame in _LASTING and hit.trigger.mode not in _MOMENTARY and verb == "present"
    ):
        return "ongoing"
    return "happened"


def _purpose(page: Page, hit: Hit, first: int) -> str | None:
    """«ممهدا الطريق لرفع العقوبات» only thinks of it; «استعدادا لقمة»، «يتوجه إلى باريس للقاء ماكرون» plans it; in
    «استنكاره للهجوم» it is the object of a noun of saying."""
    lists, before = page.lexicon.lists, page.words[max(first, hit.first - _GOVERNED) : hit.first]
    if before and any(cue.part == "noun" for cue in before[-1].cues) and page.flags[hit.first] & w.DEFINITE:
        return "happened"
    if before and _is(before[-1], lists["results"]):
        return "happened"
    journey = hit.trigger.frame == "meet" and any(_is(word, lists["journeys"]) for word in before)
    return "planned" if journey or (before and _is(before[-1], lists["towards"])) else None


def _called_off(page: Page, hit: Hit, first: int) -> bool:
    """«ألغى الرئيس الأميركي دونالد ترامب القمة»: the object of a verb of calling off, behind a long subject."""
    if hit.trigger.part != "noun" or not page.flags[hit.first] & w.DEFINITE or page.words[hit.first].prefix:
        return False
    for at in range(hit.first - 1, max(first, hit.first - _CALLED_OFF) - 1, -1):
        word = page.words[at]
        if _is(word, page.lexicon.lists["cancelled"]):
            return True
        if word.triggers or page.flags[at] & (w.MARK | w.THAT | w.PREPOSITION | w.RELATIVE):
            return False
    return False


def _prevented(page: Page, hit: Hit, first: int) -> bool:
    """«منعت الشرطة الوزير من زيارة المدرسة»."""
    if hit.trigger.part != "noun" or page.words[hit.first - 1].form != "من":
        return False
    return any(
        _is(word, page.lexicon.lists["prevents"]) for word in page.words[max(first, hit.first - _GOVERNED) : hit.first]
    )


def _given(page: Page, hit: Hit, near: list[Word]) -> bool:
    """Whether a verb is denied of an event that there was: «لم تسفر المحادثات عن اتفاق»، not «لم تعقد المحادثات»."""
    lists = page.lexicon.lists
    definite = page.words[hit.first].flags & w.DEFINITE or (
        hit.last < len(page) and page.flags[hit.last] & w.DEFINITE  # «محادثات السلام»
    )
    if not near or hit.trigger.type not in _GIVEN or not definite:
        return False
    if hit.trigger.type == "CONSULT" and near[-1].core in lists["failed"]:
        return True  # «فشلت المحادثات»
    if len(near) < 2:
        return False
    verb = near[1]
    of_the_event = _is(verb, lists["takes_place"]) or _is(verb, lists["light_verbs"]) or _is(verb, lists["deniers"])
    return bool(near[0].flags & w.NEGATION) and not of_the_event and not verb.flags & (w.PREPOSITION | w.NEGATION)


def _is(word: object, forms: frozenset[str]) -> bool:
    return word.core in forms or word.form in forms  # type: ignore[attr-defined]
