"""The noun phrase of a speaker or addressee: where it begins and where it ends.

A party is a noun with what belongs to it (adjectives, genitives, names, «في» or «لـ» before a place
or a body) and its appositions; time, occasion and manner end it.
"""

from __future__ import annotations

from musnad.lexicon import Word
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.text.clitics import bare

_ENDS = (
    w.ADVERBIAL
    | w.TIME
    | w.CLAUSE
    | w.SOURCE
    | w.OWN
    | w.THAT
    | w.KANA
    | w.QAD
    | w.STOP
    | w.COLON
    | w.DASH
    | w.RESUMPTIVE
)
_COMMON = 100  # times in the corpora from which a word is no unknown part of a name
_LONGEST = 40


def read_party(page: Page, spots: Spots, first: int, limit: int, *, here: bool = False) -> tuple[int, int] | None:
    """Return the party that begins at or soon after `first` and ends before `limit`, in tokens, or None.

    `here`: it begins at `first`, whatever particle is attached to that word.
    """
    start = first if here else _begin(page, spots, first, limit)
    if start is None:
        return None
    end = _end(page, spots, start, min(limit, start + _LONGEST))
    while (
        end > start and page.flags[end - 1] & (w.COMMA | w.DASH | w.COLON | w.PREPOSITION) and not spots.at[end - 1]
    ) or (end > start and page.words[end - 1].raw in {"(", "["}):
        end -= 1
    if end <= start:
        return None
    while end - start > 1 and page.words[start].raw in {"(", ")"}:
        start += 1
    if page.words[end - 1].raw == ")" and not any(page.words[i].raw == "(" for i in range(start, end)):
        end -= 1
    # «ترامب» in marks: the marks are not the name
    while end - start > 2 and page.quotes.close.get(start) == end - 1:
        start, end = start + 1, end - 1
    return start, end


def _begin(page: Page, spots: Spots, at: int, limit: int) -> int | None:
    """Skip time, manner and occasion that stand between the verb and its subject."""
    skipped = False
    while at < limit:
        flags, word = page.flags[at], page.words[at]
        if (flags & (w.COMMA | w.TIME | w.DASH | w.NUMBER | w.RESUMPTIVE) and spots.at[at] is None) or (
            _is_adverb(word) and spots.at[at] is None
        ):
            at += 1
            continue
        if word.form in page.lexicon.lists["meanwhile"]:
            at += 1  # «استنكرت خلالها وفاة الصحفي»: the occasion is complete
            continue
        if word.form == "كل" and at + 1 < limit and page.words[at + 1].form == "من":
            return at + 2
        adverb = flags & (w.ADVERBIAL | w.PREPOSITION | w.CLAUSE | w.OWN | w.VENUE | w.SOURCE) and not spots.starts(at)
        attached = word.prefix[-1:] in ("ل", "ب", "ك") or word.raw in {"ل", "لـ", "ب", "بـ"}
        if (adverb and word.role is None) or attached:
            skipped = True
            at += 1
            while at < limit and not page.flags[at] & w.COMMA and not _subject_like(page, spots, at):
                at += 1
            continue
        if skipped and not _subject_like(page, spots, at):
            at += 1
            continue
        if flags & w.MARK and not flags & w.OPEN:
            return None if word.raw not in {"(", ")"} else at + 1
        return at
    return None


def _is_adverb(word: Word) -> bool:
    """An accusative with its sign written (دومًا، حرفيًا) says how, and is never who."""
    return word.raw.endswith(("ًا", "اً")) and word.role is None


def _subject_like(page: Page, spots: Spots, at: int) -> bool:
    """A word that can open the late subject of a verb: an office or a person's name, no particle attached."""
    word = page.words[at]
    if word.prefix or (at and page.flags[at - 1] & w.PREPOSITION):
        return False
    if at and page.words[at - 1].prefix[-1:] == "ل":
        return False
    before = page.words[at - 1] if at else None
    if before and before.flags & (w.VENUE | w.ADVERBIAL):
        return False
    if word.role is not None and word.role.kind in {"office", "person", "honorific", "unnamed"}:
        if before is not None and before.flags & w.TIME and word.form in page.lexicon.lists["ordinals"]:
            return False  # كانون الأول
        told = (
            before is not None
            and not word.flags & w.DEFINITE
            and (spots.at[at - 1] is not None or before.role is not None)
        )
        if told and word.role.kind in {"person", "unnamed"}:
            return True  # «قال لرويترز مسؤول»
        return bool(at and page.flags[at - 1] & (w.COMMA | w.TIME | w.CLOSE)) or word.role.kind == "honorific"
    return bool(spots.starts(at) and spots.person(at) and at and page.flags[at - 1] & (w.COMMA | w.TIME))


def _end(page: Page, spots: Spots, start: int, limit: int) -> int:
    at = start
    bracket = 0
    while at < limit:
        flags, word = page.flags[at], page.words[at]
        if word.raw == "(":
            closing = next((i for i in range(at + 1, min(limit, at + 9)) if page.words[i].raw == ")"), None)
            if closing is None:
                return at  # no name is that long
            bracket += 1
        elif word.raw == ")":
            bracket -= 1
        elif bracket > 0:
            pass
        elif flags & w.OPEN and at in page.quotes.close:
            closing = page.quotes.close[at]
            if (
                closing >= limit
                or closing - at > 8
                or (page.words[at + 1].prefix == "ب" and page.words[at - 1].role is None)
            ):
                return at
            at = closing
            if closing + 1 < limit and _plain_noun(page, spots, closing + 1):
                return closing + 1  # «وكالة "سانا" وصول …»: the object
        elif at > start and spots.person(at - 1) is not None and spots.at[at] is None and _common_noun(page, spots, at):
            return at  # «الكسندر شولغين عقد اجتماع»: a name takes no genitive
        elif (at > start and _is_adverb(word) and spots.at[at] is None) or (
            at > start and _ends_here(page, spots, start, at, limit)
        ):
            return at
        elif flags & w.COMMA:
            named = any(spots.person(i) for i in range(start, at))
            if not _apposition(page, spots, at + 1, limit) or (named and _another_body(spots, at + 1)):
                return at
            if _bodies(page, start, at + 1):
                return at  # «حملت الحكومة، ميليشيا الحوثي مسؤولية»
        at += 1
    return at


def _common_noun(page: Page, spots: Spots, at: int) -> bool:
    return _plain_noun(page, spots, at) and page.lexicon.counts.get(page.words[at].form, 0) > _COMMON


def _plain_noun(page: Page, spots: Spots, at: int) -> bool:
    """An indefinite noun that can continue no name in quotation marks."""
    word = page.words[at]
    loose = w.DEFINITE | w.MARK | w.PREPOSITION | w.LATIN | w.PLACE | w.DEMONYM | w.NUMBER
    known = word.prefix or word.role is not None or spots.at[at] is not None or word.flags & loose
    return not known and not word.form.endswith(("ي", "يه", "ون", "ين"))


def _ends_here(page: Page, spots: Spots, start: int, at: int, limit: int) -> bool:
    flags, word = page.flags[at], page.words[at]
    if spots.at[at] is not None and not spots.starts(at):
        return False
    if at > start and word.role is None and any(c.part == "noun" and (c.suffix or c.lemma == "قال") for c in word.cues):
        return True  # «عن ممثلين للادعاء القول»، «عن عضو تأكيده»
    accusative = word.form.endswith("ا")  # «نقلت الوكالة تصريحا لـ…»
    if flags & (w.RELATIVE | w.NEGATION) or (flags & w.VENUE and accusative and word.role is None):
        return True
    if word.form == "لدي" and at + 1 < limit and not word.prefix and page.words[start].role is not None:
        return page.words[start].role.kind != "office"  # type: ignore[union-attr]  # ممثل روسيا لدى المنظمة
    if flags & w.TITLE_ADJECTIVE and page.flags[at - 1] & w.DEFINITE and not page.flags[at - 1] & w.TIME:
        return False  # الأمين العام، النائب العام
    if flags & _ENDS and not (flags & w.TIME and spots.at[at] is not None):
        return word.role is None or bool(flags & (w.THAT | w.STOP | w.COLON))
    if flags & w.PREPOSITION:
        return not _belongs(page, spots, at, limit)
    if word.raw in {"ل", "لـ"}:
        return True
    if word.prefix[-1:] == "ل":
        return told_to(page, spots, at)
    if (
        word.cues
        and word.cues[0].part in {"past", "participle"}
        and word.prefix in {"", "و", "ف"}
        and word.role is None
    ):
        return spots.at[at] is None
    return False


def _belongs(page: Page, spots: Spots, at: int, limit: int) -> bool:
    """Whether a preposition goes on with the name: «في» before a place or a body, «على» after مطلع."""
    word = page.words[at]
    if at + 1 >= limit:
        return False
    after = page.words[at + 1]
    if word.form in page.lexicon.lists["name_prepositions"]:
        if after.flags & (w.VENUE | w.TIME | w.ADVERBIAL | w.NUMBER) and after.role is None:
            return False
        if bare(after.form) in page.lexicon.documents or after.flags & w.VENUE:
            return False
        known = spots.at[at + 1] is not None or after.role is not None
        place = at + 2 < limit and spots.at[at + 2] is not None and not page.words[at + 2].prefix  # في قطاع غزة
        return known or place or bool(after.flags & (w.DEFINITE | w.PLACE | w.LATIN)) or word.form in {"من", "بلا"}
    if word.form == "عن":
        return bare(page.words[at - 1].form) in {"صادر", "صادره"}  # بيان صادر عن الوزارة
    before = page.words[at - 2 if page.flags[at - 1] & w.TITLE_ADJECTIVE else at - 1].core.removeprefix("ال")
    return before.startswith(("مطلع", "مقرب", "مشرف", "مقربه"))


def told_to(page: Page, spots: Spots, at: int) -> bool:
    """Whether a word with لـ names those who were told, not part of the name before it."""
    word, spot = page.words[at], spots.at[at]
    core = word.core
    if spot is not None and spot[2] == "LOC" and page.words[at - 1].role is None and spots.person(at - 1) is None:
        place = " ".join(word.core for word in page.words[spot[0] : spot[1]])
        if place not in page.lexicon.countries and place not in page.lexicon.governments:
            return False  # «مبعوث الأمم المتحدة للشرق الأوسط»
    if spots.person(at - 1) is not None and (word.role is not None or spots.at[at] is not None):
        return True  # a name takes no genitive: «قال ويلسون لمحكمة نيوكاسل»
    if core.removeprefix("ال") in page.lexicon.lists["people_told"] or word.flags & w.LATIN:
        return True
    if word.role is not None and word.role.kind == "outlet":
        return True
    if core in page.lexicon.outlet_starts and page.lexicon.outlet_at(page.words, at):
        return True
    if core in {"ـ", ""} or word.raw in {"ل", "لـ"}:
        return True
    return False


def _another_body(spots: Spots, at: int) -> bool:
    """«انتقد الرئيس، دونالد ترامب، الصين»: behind a person's name a place or body is somebody else."""
    spot = spots.at[at] if at < len(spots.at) else None
    return spot is not None and spot[2] in {"LOC", "ORG"}


def _bodies(page: Page, start: int, at: int) -> bool:
    """Whether two bodies stand on the sides of a comma: the one is not the other."""
    head, other = page.words[start].role, page.words[at].role
    return head is not None and other is not None and head.kind == other.kind == "body"


def _apposition(page: Page, spots: Spots, at: int, limit: int) -> bool:
    """Whether what follows a comma says again who the party is: a name, an office, or a bracketed time between."""
    if at >= limit:
        return False
    word, flags = page.words[at], page.flags[at]
    if flags & (_ENDS | w.PREPOSITION | w.COMMA) or (word.cues and word.role is None):
        return False
    if word.form in {"وهو", "وهي"}:
        return True
    if word.prefix[:1] in ("و", "ف"):
        return False
    if spots.starts(at) and spots.at[at] is not None:
        return True
    return word.role is not None or _set_off_name(page, at, limit)


def _set_off_name(page: Page, at: int, limit: int) -> bool:
    """One to four unknown words between two commas after an office: a name that the tagger did not know."""
    for i in range(at, min(at + 5, limit)):
        flags, word = page.flags[i], page.words[i]
        if flags & w.COMMA:
            return i > at
        if (
            flags & ~(w.PLACE | w.LATIN | w.DEFINITE)
            or word.cues
            or word.role
            or page.lexicon.counts.get(word.form, 0) > 4000
        ):
            return False
    return False
