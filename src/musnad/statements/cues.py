"""Which words of a page report: a cue form in a place where it opens a content."""

from __future__ import annotations

from typing import NamedTuple

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.phrases import is_rare
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening
from musnad.statements.frames import find_opening
from musnad.statements.idioms import attitude_of, special_opening
from musnad.statements.nouns import noun_opening
from musnad.statements.verbs import has_voice, is_adverbial, is_finite, is_passive, opens_clause, subject_near
from musnad.text.clitics import bare

_CLOSE = 12
_NEAR = 8


class Hit(NamedTuple):
    """A reporting word: its token, its cue, and where its content opens (None: the content stands before it)."""

    at: int
    cue: Cue
    opening: Opening | None


def find_cues(page: Page, spots: Spots) -> list[Hit]:
    """Return the reporting words of a page, in order of the text."""
    hits: list[Hit] = []
    for at, word in enumerate(page.words):
        if not word.cues or spots.at[at] is not None or page.flags[at] & w.SOURCE:  # «نقلا عن» is no verb
            continue
        _, limit = page.sentence_of(at)
        inside = page.quote_of[at]
        if inside >= 0 and inside not in page.left_open:
            limit = min(limit, page.quotes.close[inside])
        for cue in word.cues:
            hit = _read(page, spots, at, cue, limit)
            if hit is not None:
                hits.append(hit)
                break
    return hits


def _read(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Hit | None:
    word = page.words[at]
    letter = word.raw[word.cut :][:1]
    if cue.initial and letter != cue.initial and letter in "أآ" and cue.initial in "اأآإ":
        return None
    if cue.lemma == "ادعى" and cue.part == "present" and word.raw.endswith("ى"):
        return None  # «يدعى»: is called
    if cue.part == "past" and word.raw.endswith(("اً", "ًا")):
        return None  # «حذراً» is the adjective, «حذرا» the dual
    if cue.suffix == "ه" and word.raw.endswith("ة"):
        return None
    if word.role is not None and cue.part in {"participle", "noun"} and word.core.startswith("ال"):
        return None
    if cue.part == "noun":
        opening = noun_opening(page, spots, at, cue, limit)
        return Hit(at, cue, opening) if opening is not None else None
    if cue.part == "participle" and any(c.part == "noun" and not c.suffix for c in word.cues):
        return None  # «موافقة» is the noun
    if cue.part == "participle" and (word.core.startswith("ال") or not is_adverbial(page, at)):
        return None
    if cue.part in {"past", "present"} and not is_finite(page, spots, at, cue):
        return None
    if "relay" in cue.frames and cue.part in {"past", "present"} and not _carries(page, spots, at, cue, limit):
        return None  # «نقل السفارة»: nobody's words are carried
    if word.form == "عبر" and not (opens_clause(page, spots, at) or subject_near(page, spots, at)):
        return None  # «عبر شريط»: by way of
    opening = special_opening(page, spots, at, cue, limit) or find_opening(page, spots, at, cue, limit)
    if (
        word.form == "عبر"
        and opening is not None
        and opening.frame == "phrase"
        and not attitude_of(page, opening.first)
    ):
        return None
    if opening is None:
        if _said_next(page, at, limit):
            return None  # «…»، وأردف قائلا: the next word opens the content
        if "quote" in cue.frames and cue.part != "noun" and quoted_before(page, at) is not None:
            return Hit(at, cue, None)
        return None
    near = opening.first - at <= _CLOSE or (opening.frame in {"quote", "colon"} and bool(page.words[at].prefix))
    asked = "request" in cue.frames and opening.frame == "phrase"
    if "near" in cue.frames and opening.first - at > _NEAR:
        return None
    if (
        word.core in page.lexicon.lists["common_forms"]
        and not asked
        and not (near and opening.frame in {"that", "quote", "colon"})
    ):
        asks = cue.lemma == "أمر" or (cue.lemma == "طلب" and opening.frame == "bare")
        if not (asks and opens_clause(page, spots, at)):
            return None
    if (
        cue.lemma == "بين"
        and cue.part == "present"
        and not any(
            page.words[i].role is not None or spots.at[i] is not None
            for i in range(at + 1, min(opening.region_end, at + 5))
        )
    ):
        return None  # «تبين أن» without a subject: it turned out
    spokes = at + 1 < limit and page.words[at + 1].form in page.lexicon.lists["speaks_for"]
    if cue.part == "participle" and spokes:
        return None  # «هونت متحدثة باسم البرج من الأمر»: who speaks for it
    is_one = page.words[at - 1].form in page.lexicon.lists["copulas"] and word.core in page.lexicon.lists["counted"]
    if cue.part == "past" and is_one:
        return None  # «وهو طالب جامعي»
    if word.form == "بين" and spots.at[at - 1] is None and page.words[at - 1].role is None:
        return None  # «الاتفاق بين طهران والمجموعة»
    if word.core == "بين" and (opening.frame != "that" or (not word.prefix and not subject_near(page, spots, at))):
        return None
    if cue.lemma == "وعد" and cue.part == "present" and opening.frame == "quote":
        return None  # «تعد "خيانة"»: counts as
    if (
        opening.frame == "bare"
        and cue.stance == "SAY"
        and page.words[opening.first].form in page.lexicon.lists["topics"]
    ):
        return None  # «يكشف سبب الوفاة»: a topic, no position
    if cue.lemma == "تحدث" and opening.frame == "phrase" and not _quotes_in(page, opening.first, limit):
        return None  # «تحدث عن العلاقات»: a topic
    if "voice" in cue.frames and not has_voice(page, spots, at, opening):
        return None
    if cue.lemma == "عد" and page.words[at + 1].form in page.lexicon.lists["pointers"]:
        return None  # «وتعد هذه أول إشارة»: counts as
    if "verdict" in cue.frames and any(
        bare(page.words[i].core) in page.lexicon.lists["courts"]
        for i in range(max(0, at - 3), min(opening.first, at + 6))
    ):
        return None
    if (
        opening.frame == "bare"
        and "accuse" not in cue.frames
        and ("need" in cue.frames or not _bare_verb(page, spots, at, cue, opening))
    ):
        return None
    if "impersonal" in cue.frames and cue.part == "present" and is_passive(page, spots, at, cue, opening):
        return None
    if (
        "impersonal" in cue.frames
        and cue.part == "present"
        and opening.region_end <= at + 1
        and (
            not subject_near(page, spots, at)
            or page.flags[at - 1] & w.RELATIVE
            or page.words[at - 2].form in page.lexicon.lists["pointers"]
        )
    ):
        return None
    return Hit(at, cue, opening)


def _quotes_in(page: Page, first: int, limit: int) -> bool:
    """Whether words are quoted within a phrase, before its first comma."""
    for i in range(first, limit):
        if page.flags[i] & w.OPEN:
            return True
        if page.flags[i] & w.COMMA:
            return False
    return False


def _bare_verb(page: Page, spots: Spots, at: int, cue: Cue, opening: Opening) -> bool:
    """A verb with a bare object reports only where it has a subject that can speak, or goes on from one who spoke.

    Without that, «رفض الاتفاق» is the noun and «يؤكد احترامه» is what a fact shows.
    """
    before, flags = page.words[at - 1] if at else None, page.flags[at - 1] if at else w.STOP
    word = page.words[at]
    if (
        before is not None
        and (flags & w.PREPOSITION or (before.prefix[-1:] in ("ب", "ل") and before.prefix))
        and not word.prefix
    ):
        return False
    if cue.part == "participle":
        return True
    if opening.first > at + 1 and any(
        spots.at[i] is not None
        or page.words[i].role is not None
        or page.flags[i] & (w.PLACE | w.LATIN)
        or is_rare(page, i)
        for i in range(at + 1, opening.first)
    ):
        noun = any(c.part == "noun" for c in word.cues)
        return not noun or bool(
            flags & (w.STOP | w.COMMA | w.CLAUSE | w.RELATIVE | w.QAD | w.CLOSE | w.DASH)
            or word.prefix
            or at == page.sentence_of(at)[0]
            or (before is not None and before.form in {"كما", "ثم"})
        )
    told_in = bool(page.flags[at + 1] & w.RESUMPTIVE) if at + 1 < len(page) else False  # «بيانا أكد فيه خلو …»
    if word.prefix == "و" or told_in or (before is not None and before.form in {"كما", "فيما", "اذ", "حيث"}):
        noun = any(c.part == "noun" and not c.suffix for c in word.cues) and bool(word.prefix)
        if noun and not flags & (w.COMMA | w.CLOSE | w.STOP) and at > page.sentence_of(at)[0]:
            return False  # «احترام الحقوق ورفض التمييز»: a second noun
        return cue.part == "past"
    return subject_near(page, spots, at) or bool(flags & w.RELATIVE)


def _carries(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> bool:
    """نقل عن، نسب إلى; or an outlet that carries words of nobody named; or within a source phrase."""
    about = "عن" if cue.lemma == "نقل" else "الي"
    teller = page.words[at + 1].role if at + 1 < limit else None
    return (
        any(page.words[i].form == about and _can_tell(page, spots, i + 1) for i in range(at + 1, min(at + 14, limit)))
        or (teller is not None and teller.kind == "outlet")
        or bool(at and page.flags[at - 1] & w.SOURCE)
    )


def _can_tell(page: Page, spots: Spots, at: int) -> bool:
    """«نقل عن مسؤول»، not «نقل مشاهد عن بدء المراسم»."""
    known = w.DEFINITE | w.PLACE | w.LATIN | w.OPEN | w.TIME | w.DEMONYM
    return at < len(page) and bool(
        spots.at[at]
        or page.words[at].role
        or page.flags[at] & known
        or is_rare(page, at)
        or page.words[at].form.endswith("ين")
    )


def _said_next(page: Page, at: int, limit: int) -> bool:
    return any(
        cue.lemma == "قال" and cue.part in {"participle", "noun"}
        for i in range(at + 1, min(at + 7, limit))
        for cue in page.words[i].cues
    )


def quoted_before(page: Page, at: int) -> tuple[int, int] | None:
    """The quotation that ends just before a cue: «…»، قال الوزير."""
    i = at - 1
    while (
        i >= 0
        and at - i <= 4
        and (
            page.flags[i] & (w.COMMA | w.DASH)
            or page.words[i].raw in {".", ".."}
            or page.words[i].form in {"هكذا", "هذا", "ما"}
        )
    ):
        i -= 1
    if i < 0 or not page.flags[i] & w.CLOSE:
        return None
    opening = page.opening_of.get(i)
    if opening is None or i - opening < 3:
        return None
    return opening, i
