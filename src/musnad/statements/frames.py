"""What a cue takes: where, after a reporting word, the reported words begin.

A cue opens its content by a complementiser (أن، إن), by a quotation or a colon, by its preposition
(دعا إلى، حذر من) or, for some verbs, by a bare noun phrase (نفى وجود اتفاق).
"""

from __future__ import annotations

from musnad.lexicon import Cue, Word
from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening
from musnad.statements.quotations import SPEECH, after_colon, after_comma, is_clock, is_speech, late_quotation
from musnad.text.clitics import bare

_REACH = 60  # tokens between a cue and its content
_RARE = 20  # times in the corpora behind the vocabulary
_OCCASION = 45  # tokens from a subject over an occasion to the position that was taken


def find_opening(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Opening | None:
    """Return the opening of the content of the cue at token `at`, or None where it opens none before `limit`."""
    frames = cue.frames
    stop = min(limit, at + _REACH)
    fallback = bare_opening(page, spots, at, cue, limit) if "obj" in frames else None
    relative = noun = False
    # «الطلب إن وجد»: a verbal noun takes أن
    conditional = cue.part == "noun" and cue.lemma != "قال" and page.words[at].core.startswith("ال")
    led = led_by_subject(page, spots, at, cue)
    if "infinitive" in frames and (urged := _urged(page, at, stop)) is not None:
        return Opening("bare", urged, urged)

    def late(end: int) -> Opening | None:
        told = "quote" in frames and "that" in frames and cue.part == "past"
        return late_quotation(page, end + 1, limit, end) if told else None

    i = at + 1
    while i < stop:
        flags, word = page.flags[i], page.words[i]
        if flags & w.OPEN and i in page.quotes.close:
            closing = page.quotes.close[i]
            first = page.words[i + 1] if i + 1 < stop else word
            if first.prefix[-1:] == "ب" and "ب" in frames and "that" in frames and closing - i <= SPEECH:
                return Opening("phrase", i + 1, i, first.cut)  # طالب "بتحقيق مستقل"
            if "relay" in frames and i == at + 1:
                i = closing + 1  # ونقلت «أن بي سي نيوز» عن مسؤولين
                continue
            near = fallback is None or i - at <= 2 or closing - i > SPEECH or page.flags[i - 1] & w.COLON
            if fallback and fallback.first < i and _verbal_noun(page, fallback.first, i):
                return fallback  # «أعلن إرسال تعزيزات "كبيرة"»
            if near and is_speech(page, i, closing) and ("quote" in frames or page.flags[i - 1] & w.COLON):
                if page.flags[i - 1] & w.COLON or not relative or closing - i > 2 * SPEECH:
                    return Opening("quote", i + 1, i)
            if closing - i <= 9:
                i = closing + 1
                continue
        if flags & w.COLON and not is_clock(page, i):
            return after_colon(page, i, cue, limit)
        if flags & w.THAT and spots.at[i] is not None and word.raw == "بان":  # بان كي مون
            i += 1
            continue
        if flags & w.THAT and (word.prefix in {"و", "ف"} or (conditional and word.raw == "إن")):
            i += 1
            continue
        if flags & w.THAT and i + 2 < limit and page.flags[i + 1] & w.COLON and "that" in frames:
            return after_colon(page, i + 1, cue, limit)  # «صرح أن: …»
        if flags & w.THAT and page.words[i - 1].core not in page.lexicon.lists["other_that"]:
            if "that" in frames or page.words[i - 1].form in frames or ({"ب"} & frames and word.form[0] == "ب"):
                if fallback and (relative or noun):
                    return fallback
                return Opening("that", i + 1, _before_preposition(page, i))
            return fallback
        if flags & w.THAT:
            return fallback
        if word.form == "عما" and "عن" in frames and i + 1 < limit:
            return Opening("that", i + 1, i)  # «سأل عما إذا»
        if word.form == "عن" and bare(page.words[i - 1].form) in page.lexicon.lists["comes_from"]:
            i += 1
            continue
        if word.form in frames and word.form in page.lexicon.lists["content_prepositions"] and spots.at[i] is None:
            if word.form == "في" and "that" in frames and i - at > 4:
                i += 1  # «يرى بارقة أمل للحل في سورية»
                continue
            nxt = i + 1
            if word.form == "عن" and page.words[i - 1].core.startswith(("المسووليه", "مسووليت")):
                return Opening("bare", i - 1, i - 1)  # «أعلن التنظيم في بيان المسؤولية عن التفجير»
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
        elif (
            word.prefix[-1:] in frames
            and word.prefix
            and not word.flags & w.TIME
            and word.core not in page.lexicon.lists["content_prepositions"]
        ):
            if (i > at + 1 or not flags & w.VENUE) and not _another_follows(page, spots, i, frames, stop):
                named = word.prefix[-1:] == "ب" and _part_of_name(page, spots, at, i)
                if not named or ("whom" in frames and page.words[i - 1].form.endswith("ين")):
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
            return fallback or late(i)
        if flags & w.SOURCE and page.flags[i - 1] & w.COMMA:
            # «ذكرت الصحيفة، نقلا عن مسؤولين، أن …»: a source phrase between commas
            comma = _closing_comma(page, i, min(stop, i + 12))
            if comma is not None:
                i = comma + 1
                continue
        elif flags & w.SOURCE and i > at + 1 and "that" in frames:
            that = _that_behind(page, i, min(stop, i + 14))  # «ذكرت الصحيفة نقلا عن مسؤولين أن …»
            if that is not None:
                i = that
                continue
        if (
            flags & w.CLAUSE
            and i > at + 1
            and page.words[min(i + 1, stop - 1)].form not in page.lexicon.lists["concerns"]
        ) or flags & w.SOURCE:
            return fallback or late(i)
        i += 1
    if fallback is None and "comma" in frames and cue.part == "past":
        return after_comma(page, spots, at, limit)
    return fallback


def _urged(page: Page, at: int, limit: int) -> int | None:
    """The verbal noun of «ناشد الأطراف السماح بدخول المساعدات»: what is urged, behind who is."""
    for i in range(at + 2, min(limit, at + 15)):
        if page.words[i].form in page.lexicon.lists["urged"]:
            return i
        if page.flags[i] & (w.STOP | w.THAT | w.COLON | w.OPEN) or page.words[i].form in {"ان", "الي"}:
            return None
    return None


def _that_behind(page: Page, at: int, limit: int) -> int | None:
    """The complementiser behind a source phrase that no comma sets off, with no other verb or mark between."""
    for i in range(at + 1, limit):
        word, flags = page.words[i], page.flags[i]
        if flags & w.THAT:
            return i if not word.prefix or word.form[0] == "ب" else None
        told = any(cue.part in {"past", "present"} for cue in word.cues) and word.role is None
        if flags & (w.STOP | w.COLON | w.COMMA | w.CLAUSE) or told:
            return None
    return None


def led_by_subject(page: Page, spots: Spots, at: int, cue: Cue) -> bool:
    """Whether the subject opens the sentence right before the verb, so that none can follow it: «تركيا تؤكد»."""
    if cue.part not in {"past", "present"} or page.words[at].prefix:
        return False
    first, _ = page.sentence_of(at)
    return 0 < at - first <= 8 and read_party(page, spots, first, at) == (first, at)


def _phrase(page: Page, cue: Cue, preposition: int, first: int) -> Opening:
    return Opening("phrase", first, preposition)


def _before_preposition(page: Page, at: int) -> int:
    return at - 1 if page.words[at - 1].form in page.lexicon.lists["content_prepositions"] else at


def _part_of_name(page: Page, spots: Spots, cue_at: int, at: int) -> bool:
    """«مسؤولون بالإدارة»: بـ right after an unnamed source belongs to it."""
    before, word = page.words[at - 1], page.words[at]
    after = page.words[at + 1] if at + 1 < len(page) else word
    if before.form in page.lexicon.lists["governs_b"] or (
        after.prefix == "ب" and page.flags[at - 1] & (w.DEFINITE | w.DEMONYM)
    ):
        return True  # «نددت الجالية بالمملكة بالتصريحات»
    if not (word.role is not None or spots.at[at] is not None or word.core.startswith("ال")):
        return False
    return before.role is not None and before.role.kind in {"unnamed", "group", "person"} and at - 1 > cue_at


def _closing_comma(page: Page, first: int, limit: int) -> int | None:
    """The comma that closes an insertion, unless a content opens before it."""
    for i in range(first, limit):
        if page.flags[i] & w.COMMA:
            return i
        if page.flags[i] & (w.COLON | w.STOP | w.THAT):
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
        if page.flags[at - 1] & w.VENUE or (page.words[at - 1].form.endswith("ه") and word.form.endswith("ه")):
            return False  # «فعالية مؤيدة لإسرائيل»
        return word.form.endswith(("ا", "ه", "ين")) and not word.core.startswith("ال") and other.lemma != "تحدث"
    if other.part == "noun":
        return other.lemma in {"قال"} and (other.suffix != "" or word.prefix == "ب")
    return word.prefix in {"و", "ف"} or page.words[at - 1].form in {"و", "كما", "فيما", "حيث"}


def bare_opening(page: Page, spots: Spots, at: int, cue: Cue, limit: int, *, any_noun: bool = False) -> Opening | None:
    """The noun phrase that is the content itself: after the subject, or at once where the cue has it before."""
    if cue.suffix and cue.part != "noun":
        return None
    # a participle has its subject behind it: «مؤكدا عزم بلاده»
    alone = cue.part == "participle" or led_by_subject(page, spots, at, cue)
    subject = None if alone else read_subject(page, spots, at + 1, limit, any_noun=any_noun)
    first = subject[1] if subject else at + 1
    if subject and first < limit and page.flags[first] & w.RELATIVE:
        first = _after_relative(page, first, limit)
    if first + 1 < limit and page.words[first].raw in {"لـ", "ل"} and page.flags[first + 1] & w.OPEN:
        first = page.quotes.close.get(first + 1, first) + 1  # أكد لـ"العربية" أهمية الدعم
    while first < limit and (
        page.flags[first] & (w.COMMA | w.TIME | w.NUMBER | w.RESUMPTIVE)
        or page.words[first].form in page.lexicon.lists["manners"]
        or (page.flags[first] & w.ADVERBIAL and page.words[first].form.endswith("ا"))
    ):
        first += 1
    if not subject and first + 1 < limit and page.flags[first] & w.PREPOSITION and page.flags[first + 1] & w.VENUE:
        # «أعلنت في بيان مشترك مساء الثلاثاء مسؤوليتها»: the occasion ends with its time
        times = [i for i in range(first + 2, min(limit, first + 7)) if page.flags[i] & w.TIME]
        first = times[-1] + 1 if times else first
    if first < limit and page.flags[first] & w.PREPOSITION:
        first = _after_time(page, first, limit)
    if subject and first + 2 < limit and page.flags[first] & w.PREPOSITION and page.flags[first + 1] & w.VENUE:
        first = _after_venue(page, first, limit)
    if subject and first < limit and page.flags[first] & (w.ADVERBIAL | w.PREPOSITION):
        # «وصف الوزير، في تصريح له، اللقاء …»: the occasion between commas
        comma = next((i for i in range(first, min(limit, first + 12)) if page.flags[i] & w.COMMA), None)
        first = comma + 1 if comma is not None else first
    if subject and (position := _position(page, spots, subject[1], limit)) is not None:
        first = position
    if first >= limit:
        return None
    flags, word = page.flags[first], page.words[first]
    if (
        flags & (w.ADVERBIAL | w.CLAUSE | w.SOURCE | w.STOP | w.THAT | w.RELATIVE | w.COLON)
        or word.form in page.lexicon.lists["content_prepositions"]
    ):
        return None
    if (word.prefix and word.prefix[-1:] in "وفلبك") or _is_verb(word):
        return None
    if flags & w.MARK and not flags & w.OPEN:
        return None
    return Opening("bare", first, first)


def _position(page: Page, spots: Spots, first: int, limit: int) -> int | None:
    """«أكد الملك خلال لقائه، الاثنين، مع الوزير، ضرورة …»: the noun of a position behind an occasion of any length."""
    occasion = False
    for i in range(first, min(limit, first + _OCCASION)):
        word, flags = page.words[i], page.flags[i]
        if word.core in page.lexicon.lists["positions"] and not word.prefix:
            behind = page.flags[i - 1] & (w.COMMA | w.TIME) or spots.at[i - 1] is not None
            return i if occasion and behind else None
        leads = flags & (w.PREPOSITION | w.ADVERBIAL) or word.form in page.lexicon.lists["occasions"]
        occasion = occasion or bool(leads)
        told = word.role is None and any(cue.part in {"past", "present"} for cue in word.cues)
        if flags & (w.THAT | w.COLON | w.STOP | w.OPEN | w.SOURCE) or told:
            return None
    return None


def _after_venue(page: Page, preposition: int, limit: int) -> int:
    """«استنكر الحزب في بيان له القرار»: where the place of saying ends without a comma."""
    at = preposition + 2
    while at < limit and page.words[at].form in page.lexicon.lists["of_venues"]:
        at += 1
    return at if at > preposition + 2 and at < limit and page.flags[at] & w.DEFINITE else preposition


def _after_relative(page: Page, relative: int, limit: int) -> int:
    """Where a subject's relative clause ends: at its comma, or at a time with an indefinite noun behind it."""
    for i in range(relative + 1, min(limit - 1, relative + 18)):
        after = page.words[i + 1]
        plain = not after.prefix and not after.flags & (w.DEFINITE | w.TIME | w.MARK | w.PREPOSITION | w.NUMBER)
        if (
            page.flags[i] & (w.COMMA | w.TIME)
            and plain
            and not (after.cues and after.cues[0].part in {"past", "present"})
        ):
            return i + 1
    return relative


def _is_verb(word: Word) -> bool:
    return any(c.part in {"past", "participle"} for c in word.cues) and all(c.part != "noun" for c in word.cues)


def _after_time(page: Page, preposition: int, limit: int) -> int:
    """«أعلنت في نيسان الماضي وقف التجارب»: where a phrase of time alone ends."""
    at = preposition + 1
    if at >= limit or not page.flags[at] & w.TIME:
        return preposition
    goes_on = w.TIME | w.NUMBER | w.DEFINITE | w.MARK
    earlier = page.lexicon.lists["earlier"]
    while at < limit and (page.flags[at] & goes_on or page.words[at].form in earlier) and not page.flags[at] & w.OPEN:
        at += 1
    return at


def _verbal_noun(page: Page, at: int, mark: int) -> bool:
    """Whether a bare object begins with an indefinite noun that takes more than the quotation behind it."""
    flags, word = page.flags[at], page.words[at]
    plain = not flags & (w.DEFINITE | w.MARK | w.ADVERBIAL | w.PREPOSITION | w.NUMBER) and word.role is None
    known = page.lexicon.counts.get(word.form, 0) > _RARE
    return plain and known and not page.flags[mark - 1] & (w.COMMA | w.TIME | w.COLON) and mark - at <= 12
