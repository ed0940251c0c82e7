"""Which words of a page report: a cue form in a place where it opens a content."""

from __future__ import annotations

from typing import NamedTuple

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening
from musnad.statements.frames import find_opening, is_rare
from musnad.statements.idioms import attitude_of, special_opening
from musnad.text.clitics import bare

#: Forms that are commoner as other words (between, after, matter): they report only close before «أن» or a quotation.
_COMMON = {
    "بين",
    "عقب",
    "رد",
    "زاد",
    "عد",
    "يعد",
    "تعد",
    "امل",
    "امر",
    "علق",
    "وجه",
    "سلم",
    "طلب",
    "نشر",
    "كتب",
    "ختم",
    "جاء",
    "ورد",
}
_BECOMES = {"سيكون", "ستكون", "يكون", "تكون", "بات", "باتت", "اصبح", "اصبحت", "يبدو", "بدا", "ظل", "مازال", "يعد"}
_COURTS = {"محكمه", "قاضي", "قضاء", "محلفين", "محاكم", "هييه"}
#: After these a form that can be verb or noun is the noun: عدم ذكر اسمه، في حال رفض الاتفاق.
_BEFORE_NOUNS = {
    "عدم",
    "يمكن",
    "حال",
    "حاله",
    "مجرد",
    "ضروره",
    "تم",
    "يتم",
    "جري",
    "سيتم",
    "لا",
    "دون",
    "بدون",
    "اعاده",
    "قبل",
    "بعد",
}
#: Verbs that also tell where words stand: «تصريحات نشرت على الموقع».
TOLD_OF = {"نشر", "ورد", "جاء", "كتب", "نقل", "أورد"}
#: Verbal nouns that report with their owner and a preposition: دعوته إلى، تحذيره من.
_OWNED_NOUNS = {"دعا", "حذر", "طالب", "رحب", "ندد", "أشاد", "تعهد", "أشار"}
#: Bare objects of telling that name a topic and take no position.
_TOPICS = {
    "سبب", "اسباب", "تفاصيل", "حقيقه", "ملابسات", "سر", "اسرار", "موعد", "مواعيد", "كيفيه", "هويه", "طبيعه", "مصير", "شروط",
    "قائمه", "نتائج", "اسماء", "تشكيله", "معلومات", "مضمون", "محتوي", "خطط", "ابرز",
}  # fmt: skip
_ONE_OF = {"من", "احد", "احدي", "اول", "اكبر", "اهم", "ابرز", "اقدم", "افضل", "اكثر"}
_BEFORE_PHRASES = {"بعد", "قبيل", "قبل", "خلال", "عقب", "اثر", "منذ", "حول", "بشان", "في", "الي", "عن", "مع", "ضمن"}
_POINTERS = {"هذه", "هذا", "ذلك", "تلك"}
_CLOSE = 12
_NEAR = 8
_SPEAKING_NOUNS = {"قال"}


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
        if inside >= 0:
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
        return _noun(page, spots, at, cue, limit)
    if cue.part == "participle" and any(c.part == "noun" and not c.suffix for c in word.cues):
        return None  # «موافقة» is the noun
    if cue.part == "participle" and (word.core.startswith("ال") or not _adverbial_participle(page, at)):
        return None
    if cue.part in {"past", "present"} and not _finite(page, spots, at, cue):
        return None
    if "relay" in cue.frames and cue.part in {"past", "present"} and not _carries(page, spots, at, cue, limit):
        return None  # «نقل السفارة»: nobody's words are carried
    if word.form == "عبر" and not (_opens_clause(page, spots, at) or _left_subject_near(page, spots, at)):
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
    if word.core in _COMMON and not asked and not (near and opening.frame in {"that", "quote", "colon"}):
        asks = cue.lemma == "أمر" or (cue.lemma == "طلب" and opening.frame == "bare")
        if not (asks and _opens_clause(page, spots, at)):
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
    if word.form == "بين" and spots.at[at - 1] is None and page.words[at - 1].role is None:
        return None  # «الاتفاق بين طهران والمجموعة»
    if word.core == "بين" and (
        opening.frame != "that" or (not word.prefix and not _left_subject_near(page, spots, at))
    ):
        return None
    if cue.lemma == "وعد" and cue.part == "present" and opening.frame == "quote":
        return None  # «تعد "خيانة"»: counts as
    if opening.frame == "bare" and cue.stance == "SAY" and page.words[opening.first].form in _TOPICS:
        return None  # «يكشف سبب الوفاة»: a topic, no position
    if "voice" in cue.frames and not _has_voice(page, spots, at, opening):
        return None
    if cue.lemma == "عد" and page.words[at + 1].form in _POINTERS:
        return None  # «وتعد هذه أول إشارة»: counts as
    if "verdict" in cue.frames and any(
        bare(page.words[i].core) in _COURTS for i in range(max(0, at - 3), min(opening.first, at + 6))
    ):
        return None
    if (
        opening.frame == "bare"
        and "accuse" not in cue.frames
        and ("need" in cue.frames or not _bare_verb(page, spots, at, cue, opening))
    ):
        return None
    if "impersonal" in cue.frames and cue.part == "present" and _passive(page, spots, at, cue, opening):
        return None
    if (
        "impersonal" in cue.frames
        and cue.part == "present"
        and opening.region_end <= at + 1
        and (
            not _left_subject_near(page, spots, at)
            or page.flags[at - 1] & w.RELATIVE
            or page.words[at - 2].form in _POINTERS
        )
    ):
        return None
    return Hit(at, cue, opening)


def _opens_clause(page: Page, spots: Spots, at: int) -> bool:
    """«أمر الرئيس بوقف القتال»: the first word of its clause, with one behind it who can do it."""
    first = at == page.sentence_of(at)[0] or page.words[at].prefix == "و" or bool(page.flags[at - 1] & w.COMMA)
    after = page.words[at + 1] if at + 1 < len(page) else page.words[at]
    return first and not after.prefix and (after.role is not None or spots.at[at + 1] is not None)


def _passive(page: Page, spots: Spots, at: int, cue: Cue, opening: Opening) -> bool:
    """«ويعتبر الفهمي من المواهب»، «تعتبر أرضية صلبة للقول إن»: is held to be, and nobody holds it."""
    behind = range(at + 1, min(at + 5, opening.first))
    member = opening.frame == "bare" and any(page.words[i].form in _ONE_OF for i in behind)
    named = opening.region_end <= at + 1 or _has_voice(page, spots, at, opening)
    return cue.lemma == "اعتبر" and (member or not named)


def _has_voice(page: Page, spots: Spots, at: int, opening: Opening) -> bool:
    """Whether somebody or a document stands by the verb as its subject."""
    after = any(
        spots.at[i] is not None or page.words[i].role is not None or page.flags[i] & (w.PLACE | w.VENUE)
        for i in range(at + 1, min(opening.region_end, at + 5))
    )
    return after or _left_subject_near(page, spots, at)


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
    return _left_subject_near(page, spots, at) or bool(flags & w.RELATIVE)


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


def _adverbial_participle(page: Page, at: int) -> bool:
    """«مؤكدا» as an adverb of saying, not «كان مؤكدا» nor an adjective after a noun without article."""
    form = page.words[at].core
    if at and (page.flags[at - 1] & (w.NEGATION | w.KANA) or page.words[at - 1].core in _BECOMES):
        return False
    agrees = at and form.endswith("ه") and page.words[at - 1].form.endswith("ه") and not page.words[at - 1].cues
    if agrees and not page.flags[at - 1] & (w.DEFINITE | w.MARK | w.TIME) and not page.flags[at + 1] & w.THAT:
        return False  # «فعالية مؤيدة لإسرائيل»
    return form.endswith(("ا", "ه", "ين", "ات"))


def _finite(page: Page, spots: Spots, at: int, cue: Cue) -> bool:
    """Not denied (لم يعلن) and not wanted (أن يقول)."""
    if at == 0:
        return True
    before, flags = page.words[at - 1], page.flags[at - 1]
    if flags & w.NEGATION and cue.part == "present" and before.form in {"لم", "لن", "لا", "ولم", "ولا", "ولن", "الم"}:
        return cue.lemma == "استبعد"
    if flags & w.NEGATION and before.form in {"ما", "وما"} and cue.part == "past":
        return bool(cue.suffix) or (at > 1 and page.words[at - 2].form in {"وفق", "بحسب", "حسب"})
    if cue.part == "present" and (before.core in {"ان", "بان", "ممن"} or before.form == "من"):
        return False
    if flags & w.KANA and at > 1 and page.flags[at - 2] & w.RELATIVE and cue.part == "present":
        return False  # «الذي كان ينتقد السعودية» tells a habit
    if flags & w.RELATIVE and before.form == "التي" and cue.part == "past" and cue.gender == "m" and cue.number == "s":
        told_in = at + 1 < len(page) and page.flags[at + 1] & w.RESUMPTIVE  # «التصريحات التي قال فيها»
        if not cue.suffix and not told_in and not _can_be_subject(page, spots, at + 1):
            return False  # «العملية التي أعلن عن إطلاقها»: the passive
    after = page.words[at + 1] if at + 1 < len(page) else before
    if cue.lemma == "طلب" and after.form == "عدم":
        return False  # «طلب عدم الكشف عن اسمه»
    if cue.part == "past" and any(c.part == "noun" for c in page.words[at].cues) and not page.words[at].prefix:
        if (after.form.endswith(("ها", "هم")) or after.raw.endswith("ه")) and not after.flags & w.RESUMPTIVE:
            return False  # «كشف هويتها»: the noun and its object
    if cue.part == "past" and cue.lemma in TOLD_OF and _behind_plain_noun(page, spots, at):
        return False  # «تصريحات نشرت على الموقع»
    if before.form in {"ان", "بان"} and page.words[at].core in _COMMON and not page.words[at].prefix:
        return False  # «أن رد الوسام يهدف»: behind أنّ stands a noun
    if (before.form in _BEFORE_PHRASES and not page.words[at].prefix and cue.suffix) or before.form == "بعيد":
        return False  # «بعيد تبلغه»: behind a preposition stands a noun
    if cue.part == "past" and before.form in _BEFORE_NOUNS and not page.words[at].prefix:
        return False
    return not (before.form in {"لا", "من", "عن"} and cue.part == "past" and cue.lemma in {"بين"})


def _behind_plain_noun(page: Page, spots: Spots, at: int) -> bool:
    word, before = page.words[at], page.words[at - 1]
    loose = w.MARK | w.CLAUSE | w.KANA | w.QAD | w.RELATIVE | w.DEFINITE | w.NEGATION | w.PRONOUN | w.THAT | w.SOURCE
    plain = not before.flags & loose and spots.at[at - 1] is None and before.role is None
    plain = plain and not before.raw.endswith(("ه", "ها", "هم"))  # «من جانبه»
    return not word.prefix and plain and before.form not in {"ثم", "كما", "ما", "لما", "وقد"}


def _can_be_subject(page: Page, spots: Spots, at: int) -> bool:
    return at < len(page) and bool(
        spots.at[at] or page.words[at].role or page.flags[at] & (w.DEFINITE | w.PLACE | w.OPEN)
    )


def _left_subject_near(page: Page, spots: Spots, at: int) -> bool:
    if at == 0 or page.words[at].prefix:
        return False
    while at > 1 and page.flags[at - 1] & w.QAD:
        at -= 1
    flags = page.flags[at - 1]
    if flags & (w.RELATIVE | w.PRONOUN) or page.words[at - 1].form.removeprefix("و") in {"لكنه", "لكنها", "لكنهم"}:
        return True
    return bool(spots.at[at - 1] or page.words[at - 1].role or flags & (w.DEMONYM | w.DEFINITE)) and not flags & w.TIME


def _noun(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Hit | None:
    """A verbal noun reports where it has an owner and a clause, or stands with بـ after a verb of saying."""
    word = page.words[at]
    before = page.words[at - 1] if at else None
    if cue.lemma == "قال" and not (cue.suffix or word.prefix == "ب" or word.core == "القول"):
        return None
    if cue.lemma == "قال" and before is not None and before.form in {"حد", "الي", "علي"} and word.core != "القول":
        return None
    if before is not None and before.core in {"عدم", "يمكن", "يمكننا", "يجوز", "يصح"}:
        return None
    if cue.lemma == "اعتبر" or cue.lemma in {"صرح", "كشف", "وصف", "علق", "نقل"}:
        return None
    opening = find_opening(page, spots, at, cue, limit)
    if opening is None or opening.first - at > _CLOSE + 4:
        return None
    if opening.frame == "bare":
        if cue.lemma not in {"أكد", "نفى"} or not (cue.suffix or _owned(page, at)) or word.core.startswith("ال"):
            return None
        return Hit(at, cue, opening)
    if opening.frame == "phrase":
        allowed = cue.lemma in {"شكر", "هدد"} and (
            bool(cue.suffix) or opening.region_end - at > 1 or word.core.startswith("ال") or cue.lemma == "شكر"
        )
        allowed = allowed or (bool(cue.suffix) and cue.lemma in _OWNED_NOUNS)
        allowed = allowed or (
            cue.lemma == "أكد" and before is not None and before.form in {"الي", "مع", "جدد", "مجددا", "علي"}
        )
        crossed = any(page.flags[i] & w.COMMA for i in range(at + 1, opening.first))  # «وتهديد الأمن، وأن …»
        return Hit(at, cue, opening) if allowed and not crossed else None
    if (
        cue.suffix
        or word.prefix == "ب"
        or word.core == "القول"
        or (opening.first - at > 1 and opening.region_end > at + 1)
    ):
        return Hit(at, cue, opening)
    if word.core.startswith("ال") and (cue.lemma == "أكد" or (before is not None and before.form == "الي")):
        return Hit(at, cue, opening)
    return None


def _owned(page: Page, at: int) -> bool:
    """A genitive follows that can own the noun: «تأكيد الصحافة»."""
    return at + 1 < len(page) and bool(page.flags[at + 1] & (w.DEFINITE | w.PLACE) or page.words[at + 1].role)


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
