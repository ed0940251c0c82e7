"""Whether a form that can be a verb of saying is one where it stands: finite, active, with somebody who can say."""

from __future__ import annotations

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening


def _clause_behind(page: Page, at: int) -> bool:
    return at + 1 < len(page) and bool(page.flags[at + 1] & w.THAT)


def is_finite(page: Page, spots: Spots, at: int, cue: Cue) -> bool:
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
    if cue.part == "past" and "placed" in cue.frames and _behind_plain_noun(page, spots, at):
        return False  # «تصريحات نشرت على الموقع»
    if (
        before.form in {"ان", "بان"}
        and page.words[at].core in page.lexicon.lists["common_forms"]
        and not page.words[at].prefix
    ):
        return False  # «أن رد الوسام يهدف»: behind أنّ stands a noun
    if (
        before.form in page.lexicon.lists["before_phrases"] and not page.words[at].prefix and cue.suffix
    ) or before.form == "بعيد":
        return False  # «بعيد تبلغه»: behind a preposition stands a noun
    if cue.part == "past" and before.form in page.lexicon.lists["before_nouns"] and not page.words[at].prefix:
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


def subject_near(page: Page, spots: Spots, at: int) -> bool:
    if at == 0 or page.words[at].prefix:
        return False
    while at > 1 and page.flags[at - 1] & w.QAD:
        at -= 1
    flags = page.flags[at - 1]
    if flags & (w.RELATIVE | w.PRONOUN) or page.words[at - 1].form.removeprefix("و") in {"لكنه", "لكنها", "لكنهم"}:
        return True
    return bool(spots.at[at - 1] or page.words[at - 1].role or flags & (w.DEMONYM | w.DEFINITE)) and not flags & w.TIME


def is_adverbial(page: Page, at: int) -> bool:
    """«مؤكدا» as an adverb of saying, not «كان مؤكدا» nor an adjective after a noun without article."""
    form = page.words[at].core
    if at and (page.flags[at - 1] & (w.NEGATION | w.KANA) or page.words[at - 1].core in page.lexicon.lists["becomes"]):
        return False
    agrees = at and form.endswith("ه") and page.words[at - 1].form.endswith("ه") and not page.words[at - 1].cues
    if agrees and not page.flags[at - 1] & (w.DEFINITE | w.MARK | w.TIME) and not _clause_behind(page, at):
        return False  # «فعالية مؤيدة لإسرائيل»
    return form.endswith(("ا", "ه", "ين", "ات"))


def is_passive(page: Page, spots: Spots, at: int, cue: Cue, opening: Opening) -> bool:
    """«ويعتبر الفهمي من المواهب»، «تعتبر أرضية صلبة للقول إن»: is held to be, and nobody holds it."""
    behind = range(at + 1, min(at + 5, opening.first))
    member = opening.frame == "bare" and any(page.words[i].form in page.lexicon.lists["one_of"] for i in behind)
    named = opening.region_end <= at + 1 or has_voice(page, spots, at, opening)
    return cue.lemma == "اعتبر" and (member or not named)


def has_voice(page: Page, spots: Spots, at: int, opening: Opening) -> bool:
    """Whether somebody or a document stands by the verb as its subject."""
    after = any(
        spots.at[i] is not None or page.words[i].role is not None or page.flags[i] & (w.PLACE | w.VENUE)
        for i in range(at + 1, min(opening.region_end, at + 5))
    )
    return after or subject_near(page, spots, at)


def opens_clause(page: Page, spots: Spots, at: int) -> bool:
    """«أمر الرئيس بوقف القتال»: the first word of its clause, with one behind it who can do it."""
    first = at == page.sentence_of(at)[0] or page.words[at].prefix == "و" or bool(page.flags[at - 1] & w.COMMA)
    if at + 1 >= len(page):
        return False
    after = page.words[at + 1]
    return first and not after.prefix and (after.role is not None or spots.at[at + 1] is not None)
