"""What a cue takes: where, after a reporting word, the reported words begin.

A cue opens its content by a complementiser (أن، إن), by a quotation or a colon, by its preposition
(دعا إلى، حذر من) or, for some verbs, by a bare noun phrase (نفى وجود اتفاق).
"""

from __future__ import annotations

from typing import NamedTuple

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.parties import read_party
from musnad.text.clitics import bare

_REACH = 60  # tokens between a cue and its content
_SPEECH = 4  # words from which a quotation is speech and not a name
#: What an unnamed source is said to be: مصادر مطلعة، مسؤول رفيع، شهود عيان.
_OF_SOURCES = {
    "عيان", "مطلع", "مطلعه", "مسوول", "مسووله", "رفيع", "رفيعه", "كبير", "كبار", "خاص", "خاصه", "موثوق", "موثوقه", "مقرب",
    "مقربه", "اخر", "اخري", "اخرون", "سابق", "سابقون", "عده", "متطابقه", "عليم", "مستقل", "مستقله", "بارز", "بارزون",
}  # fmt: skip
#: Words before «أن» that make it their own complement: قبل أن، يمكن أن، إلا أن.
_OTHER_THAT = {
    "قبل", "بعد", "دون", "بدون", "يمكن", "يجب", "غير", "الا", "رغم", "كما", "حتي", "بيد", "منذ", "لولا", "ينبغي",
    "بشرط", "شريطه", "لو", "بل", "علما", "سبق", "بمجرد", "لدرجه", "بحيث", "بحجه", "حجه", "بذريعه", "ذريعه", "بدعوي", "بدافع", "خشيه", "باعتبار", "بسبب", "بفضل", "اما", "مع", "حيث", "يبدو", "يعني", "بما", "طالما", "لطالما", "ريثما", "كلما",
}  # fmt: skip
_CONCERNS = {"يتعلق", "تتعلق", "يخص", "تخص", "يبدو"}  # فيما يتعلق بـ
_PREPOSITIONS = {"الي", "علي", "من", "عن", "في", "مع"}


class Opening(NamedTuple):
    """Where a content opens: its kind (that, quote, colon, phrase, bare), first content token, end of the cue's region.

    `cut` is the number of characters of the first token that are an attached preposition.
    """

    frame: str
    first: int
    region_end: int
    cut: int = 0


def find_opening(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Opening | None:
    """Return the opening of the content of the cue at token `at`, or None where it opens none before `limit`."""
    frames = cue.frames
    stop = min(limit, at + _REACH)
    fallback = bare_opening(page, spots, at, cue, limit) if "obj" in frames else None
    relative = noun = False
    # «الطلب إن وجد»: a verbal noun takes أن
    conditional = cue.part == "noun" and cue.lemma != "قال" and page.words[at].core.startswith("ال")
    led = _led_by_subject(page, spots, at, cue)
    i = at + 1
    while i < stop:
        flags, word = page.flags[i], page.words[i]
        if flags & w.OPEN and i in page.quotes.close:
            closing = page.quotes.close[i]
            if "relay" in frames and i == at + 1:
                i = closing + 1  # ونقلت «أن بي سي نيوز» عن مسؤولين
                continue
            near = fallback is None or i - at <= 2 or closing - i > _SPEECH or page.flags[i - 1] & w.COLON
            if near and _is_speech(page, i, closing) and ("quote" in frames or page.flags[i - 1] & w.COLON):
                if page.flags[i - 1] & w.COLON or not relative or closing - i > 2 * _SPEECH:
                    return Opening("quote", i + 1, i)
            if closing - i <= 9:
                i = closing + 1
                continue
        if flags & w.COLON and not _clock(page, i):
            return _after_colon(page, i, cue, limit)
        if flags & w.THAT and spots.at[i] is not None and word.raw == "بان":  # بان كي مون
            i += 1
            continue
        if flags & w.THAT and (word.prefix in {"و", "ف"} or (conditional and word.raw == "إن")):
            i += 1
            continue
        if flags & w.THAT and page.words[i - 1].core not in _OTHER_THAT:
            if "that" in frames or page.words[i - 1].form in frames or ({"ب"} & frames and word.form[0] == "ب"):
                if fallback and (relative or noun):
                    return fallback
                return Opening("that", i + 1, _before_preposition(page, i))
            return fallback
        if flags & w.THAT:
            return fallback
        if word.form in frames and word.form in _PREPOSITIONS and spots.at[i] is None:
            nxt = i + 1
            if nxt < limit and page.flags[nxt] & w.THAT:
                return Opening("that", nxt + 1, i)
            if fallback and fallback.first < i <= fallback.first + 3 and not page.flags[fallback.first] & w.DEFINITE:
                return fallback  # «أعلن عدم رضاه عن …»، «أعلن التنظيم مسؤوليته عن …»
            if led and i > at + 1 and word.form == "علي" and fallback and not {"whom"} & frames:
                return fallback  # «تركيا تؤكد حرصها على …»: what follows the verb is its object
            if nxt < limit and not page.flags[nxt] & (w.VENUE | w.TIME | w.MARK) | (page.flags[nxt] & w.OPEN):
                return _phrase(page, cue, i, nxt)
            if nxt < limit and page.flags[nxt] & w.OPEN:
                return _phrase(page, cue, i, nxt)
        elif word.prefix[-1:] in frames and word.prefix and not word.flags & w.TIME and word.core not in _PREPOSITIONS:
            if (i > at + 1 or not flags & w.VENUE) and not _another_follows(page, spots, i, frames, stop):
                if not (word.prefix[-1:] == "ب" and _part_of_name(page, spots, at, i)):
                    return Opening("phrase", i, i, word.cut)
        elif word.raw in {"ب", "لـ", "ل", "بـ"} and word.form in frames and i + 1 < limit:
            return Opening("phrase", i + 1, i)
        if flags & w.RELATIVE and page.flags[i - 1] & w.COMMA:
            # «التقرير، الذي نشر على الموقع، أن …»: the relative clause between commas
            comma = _closing_comma(page, i, min(stop, i + 18))
            if comma is not None:
                i = comma + 1
                continue
        relative = relative or bool(flags & w.RELATIVE)
        # «رفض مزاعم خصمه أن …»: the clause belongs to the noun, and the noun is what was refused
        noun = noun or (
            any(c.part == "noun" and c.lemma != "قال" for c in word.cues) and word.role is None and spots.at[i] is None
        )
        if _other_cue(page, i, cue):
            return fallback
        if flags & w.SOURCE and page.flags[i - 1] & w.COMMA:
            # «ذكرت الصحيفة، نقلا عن مسؤولين، أن …»: a source phrase between commas
            comma = _closing_comma(page, i, min(stop, i + 12))
            if comma is not None:
                i = comma + 1
                continue
        if (
            flags & w.CLAUSE and i > at + 1 and page.words[min(i + 1, stop - 1)].form not in _CONCERNS
        ) or flags & w.SOURCE:
            return fallback
        i += 1
    if fallback is None and "comma" in frames and cue.part == "past":
        return _after_comma(page, spots, at, limit)
    return fallback


def _after_comma(page: Page, spots: Spots, at: int, limit: int) -> Opening | None:
    """A comma typed for the colon: «وقال الوزير للصحفيين، تم تحديد المناطق»."""
    party = read_party(page, spots, at + 1, limit)
    if party is None or (page.words[party[0]].role is None and spots.at[party[0]] is None):
        return None
    comma = next((i for i in range(party[1], min(party[1] + 4, limit)) if page.flags[i] & w.COMMA), limit)
    if comma + _SPEECH >= limit or page.flags[comma + 1] & (
        w.RELATIVE | w.CLAUSE | w.SOURCE | w.ADVERBIAL | w.PREPOSITION
    ):
        return None
    after = page.words[comma + 1]
    return None if after.cues and after.role is None else Opening("colon", comma + 1, comma)


def _led_by_subject(page: Page, spots: Spots, at: int, cue: Cue) -> bool:
    """Whether the subject opens the sentence right before the verb, so that none can follow it: «تركيا تؤكد»."""
    if cue.part not in {"past", "present"} or page.words[at].prefix:
        return False
    first, _ = page.sentence_of(at)
    return 0 < at - first <= 8 and read_party(page, spots, first, at) == (first, at)


def _phrase(page: Page, cue: Cue, preposition: int, first: int) -> Opening:
    return Opening("phrase", first, preposition)


def _is_speech(page: Page, opening: int, closing: int) -> bool:
    """Whether a quotation holds words said, not a name: set after a colon or a complementiser, long, or the clause's end."""
    if opening and page.flags[opening - 1] & (w.COLON | w.THAT):
        return True
    if opening and page.words[opening - 1].raw in {"ل", "لـ"}:
        return False  # قال لـ«بوابة الوسط»
    last = min(closing, len(page))
    words = sum(not page.flags[i] & w.MARK for i in range(opening + 1, last))
    after = page.flags[closing + 1] if closing + 1 < len(page) else w.STOP
    if after & w.COLON:
        return False  # what was said comes behind the colon
    before = page.words[opening - 1] if opening else None
    role = before.role if before is not None else None
    if role is not None and role.kind in {"outlet", "body"} and not (role.kind == "body" and words >= _SPEECH):
        return words > 2 * _SPEECH  # قناة «آر تي في آي»
    if words >= _SPEECH:
        return True
    ends = bool(after & (w.STOP | w.COMMA))
    said = before is not None and bool(before.cues or before.flags & (w.DEFINITE | w.TIME | w.ADVERBIAL | w.COMMA))
    return ends and words > 1 and said


def _after_colon(page: Page, colon: int, cue: Cue, limit: int) -> Opening | None:
    """A colon opens a quotation, a clause (قال: إنه …) or the words themselves."""
    nxt = colon + 1
    while nxt < len(page) and page.flags[nxt] & w.LINE:
        nxt += 1
    if nxt >= len(page):
        return None
    if page.flags[nxt] & w.OPEN and nxt in page.quotes.close:
        return Opening("quote", nxt + 1, colon)
    if nxt >= limit:
        return None
    first_person = page.words[nxt].form in {"اننا", "انني", "اني"}
    if page.flags[nxt] & w.THAT and not first_person and not page.words[nxt].form.startswith("لان"):
        return Opening("that", nxt + 1, colon)
    if "quote" in cue.frames or "that" in cue.frames:
        return Opening("colon", nxt, colon)
    return None


def _clock(page: Page, at: int) -> bool:
    return bool(page.flags[at - 1] & w.NUMBER and at + 1 < len(page) and page.flags[at + 1] & w.NUMBER)


def _before_preposition(page: Page, at: int) -> int:
    return at - 1 if page.words[at - 1].form in _PREPOSITIONS else at


def _part_of_name(page: Page, spots: Spots, cue_at: int, at: int) -> bool:
    """«مسؤولون بالإدارة»: بـ right after an unnamed source belongs to it."""
    before, word = page.words[at - 1], page.words[at]
    if not (word.role is not None or spots.at[at] is not None or word.core.startswith("ال")):
        return False
    return before.role is not None and before.role.kind in {"unnamed", "group", "person"} and at - 1 > cue_at


def _closing_comma(page: Page, first: int, limit: int) -> int | None:
    """The comma that closes an insertion, unless a content opens before it."""
    for i in range(first, limit):
        if page.flags[i] & w.COMMA:
            return i
        if page.flags[i] & (w.COLON | w.STOP):
            return None
    return None


def _another_follows(page: Page, spots: Spots, at: int, frames: frozenset[str], stop: int) -> bool:
    """«دعا الأمين العام للأمم المتحدة الأطراف إلى …»: the لـ of a name, while إلى is still to come."""
    if "الي" not in frames or page.words[at].prefix[-1:] != "ل":
        return False
    for i in range(at + 1, min(stop, at + 14)):
        if page.flags[i] & w.STOP:
            return False
        if page.words[i].form == "الي":
            return spots.at[at] is not None or page.words[at].role is not None
    return False


def _other_cue(page: Page, at: int, cue: Cue) -> bool:
    """Whether another reporting word takes over before this one has opened a content."""
    word = page.words[at]
    if not word.cues or word.role is not None:
        return False
    other = word.cues[0]
    if other.lemma == "ادعى" and word.raw.endswith("ى"):
        return False  # «ويدعى محمد علي»
    if other.part == "participle":
        return word.form.endswith(("ا", "ه", "ين")) and not word.core.startswith("ال") and other.lemma != "تحدث"
    if other.part == "noun":
        return other.lemma in {"قال"} and (other.suffix != "" or word.prefix == "ب")
    return word.prefix in {"و", "ف"} or page.words[at - 1].form in {"و", "كما", "فيما", "حيث"}


def bare_opening(page: Page, spots: Spots, at: int, cue: Cue, limit: int, *, any_noun: bool = False) -> Opening | None:
    """The noun phrase that is the content itself: after the subject, or at once where the cue has it before."""
    if cue.suffix and cue.part != "noun":
        return None
    # a participle has its subject behind it: «مؤكدا عزم بلاده»
    subject = None if cue.part == "participle" else read_subject(page, spots, at + 1, limit, any_noun=any_noun)
    first = subject[1] if subject else at + 1
    while first < limit and page.flags[first] & (w.COMMA | w.TIME | w.NUMBER | w.RESUMPTIVE):
        first += 1
    if not subject and first + 1 < limit and page.flags[first] & w.PREPOSITION and page.flags[first + 1] & w.VENUE:
        # «أعلنت في بيان مشترك مساء الثلاثاء مسؤوليتها»: the occasion ends with its time
        times = [i for i in range(first + 2, min(limit, first + 7)) if page.flags[i] & w.TIME]
        first = times[-1] + 1 if times else first
    if subject and first < limit and page.flags[first] & (w.ADVERBIAL | w.PREPOSITION):
        # «وصف الوزير، في تصريح له، اللقاء …»: the occasion between commas
        comma = next((i for i in range(first, min(limit, first + 12)) if page.flags[i] & w.COMMA), None)
        first = comma + 1 if comma is not None else first
    if first >= limit:
        return None
    flags, word = page.flags[first], page.words[first]
    if (
        flags & (w.ADVERBIAL | w.CLAUSE | w.SOURCE | w.STOP | w.THAT | w.RELATIVE | w.COLON)
        or word.form in _PREPOSITIONS
    ):
        return None
    if (word.prefix and word.prefix[-1:] in "وفلبك") or (word.cues and word.cues[0].part in {"past", "participle"}):
        return None
    if flags & w.MARK and not flags & w.OPEN:
        return None
    return Opening("bare", first, first)


def _noun_and_adjectives(page: Page, start: int, end: int) -> tuple[int, int] | None:
    if page.words[start].prefix or page.flags[start] & (w.PRONOUN | w.NUMBER | w.ADVERBIAL | w.MARK):
        return None
    at = start + 1
    while at < end and page.words[at].form.endswith(("ات", "يون", "ي", "يه")) and not page.words[at].prefix:
        at += 1
    return start, at


def read_subject(page: Page, spots: Spots, first: int, limit: int, *, any_noun: bool = False) -> tuple[int, int] | None:
    """The subject of a verb that takes a bare object: only as many words as surely belong to it.

    Adjectives agree in the article, so a word with ال continues a word with ال or a noun without it
    (its genitive); a noun without ال after a finished phrase is the object.
    """
    party = read_party(page, spots, first, min(limit, first + 25))
    if party is None:
        return None
    start, end = party
    word = page.words[start]
    owned = start + 1 < end and spots.at[start + 1] is not None and not page.words[start + 1].prefix  # أنصار نجفي
    nation = start + 1 < end and bool(page.flags[start] & w.DEFINITE and page.flags[start + 1] & w.DEMONYM)
    owned = (
        owned or nation or any(spots.person(i) for i in range(start, min(end, start + 4)))
    )  # البرلماني المصري مصطفى بكري
    if (
        word.role is None
        and spots.at[start] is None
        and not owned
        and not word.flags & (w.PLACE | w.LATIN | w.DEMONYM | w.OPEN)
    ):
        return _noun_and_adjectives(page, start, end) if any_noun else None
    at = start
    head = page.words[start].role
    unnamed = head is not None and head.kind in {"unnamed", "group"} and not page.flags[start] & w.DEFINITE
    closed = False  # the phrase can take no genitive any more
    while at < end:
        spot = spots.at[at]
        if spot is not None:
            other = spots.at[at - 1] if at > start and spots.at[start] is not None else None
            beside = other is not None and not (other[2] == spot[2] == "PER")
            # «دعت اللجنة بوتين إلى …»: behind a body a person's name is somebody else
            bodied = closed and spot[2] == "PER" and head is not None and head.kind in {"body", "outlet", "paper"}
            apart = bodied and not page.flags[at - 1] & (w.COMMA | w.PREPOSITION) and not page.words[at - 1].prefix
            if (beside or apart) and not page.words[at].prefix:
                return start, at  # «دعت إريتريا مجلس الأمن»: two names in a row are two parties
            at = spot[1]
            closed = True
            continue
        flags, word = page.flags[at], page.words[at]
        definite = bool(flags & w.DEFINITE)
        if at > start and unnamed and not definite and not word.prefix and not flags & (w.MARK | w.PREPOSITION):
            if not word.form.endswith(("ي", "يه")) and bare(word.form) not in _OF_SOURCES:
                if not page.flags[at - 1] & w.PREPOSITION:
                    return start, at
        if at > start and closed:
            feminine = (head is not None and head.gender == "f") or (
                head is None and page.words[start].form.endswith("ه")
            )
            linked_last = any(page.words[k].prefix == "و" for k in range(start + 1, at))
            genitive = bool(page.words[at - 1].prefix) or bool(page.words[at - 2].prefix and at - 2 > start)
            ends = word.form.endswith("ه")
            agrees = ends == feminine or linked_last or genitive or (ends and page.words[at - 1].form.endswith("ه"))
            adjective = (
                definite
                and agrees
                and bool(flags & (w.DEMONYM | w.TITLE_ADJECTIVE) or word.form.endswith(("ي", "يه", "ده")))
            )
            title = word.role is not None and (
                bool(page.flags[at - 1] & w.COMMA)
                or (spots.person(at - 1) is not None and word.role.kind == "office" and not definite)
            )
            linked = (
                bool(word.prefix)
                or word.form in {"باسم", "بلسان"}
                or bool(flags & (w.MARK | w.PREPOSITION))
                or page.flags[at - 1] & w.PREPOSITION
            )
            # «لتنسيق الشؤون»: the genitive of a noun with its particle
            linked = linked or page.words[at - 1].form in {"باسم", "بلسان"}
            linked = linked or bool(page.words[at - 1].prefix and definite and not page.flags[at - 1] & w.DEFINITE)
            if not (adjective or title or linked or word.flags & w.REFERENCE):
                return start, at
        closed = closed or definite or bool(word.flags & w.PLACE)
        at += 1
    return start, end
