"""Verbal nouns that report: تحذيره من، دعوة الوزير إلى، بالقول إن."""

from __future__ import annotations

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening
from musnad.statements.frames import find_opening

_REACH = 16  # tokens from a noun to its content


def noun_opening(page: Page, spots: Spots, at: int, cue: Cue, limit: int) -> Opening | None:
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
    if opening is None or opening.first - at > _REACH:
        return None
    if opening.frame == "bare":
        if cue.lemma not in {"أكد", "نفى"} or not (cue.suffix or _owned(page, at)) or word.core.startswith("ال"):
            return None
        return opening
    if opening.frame == "phrase":
        allowed = cue.lemma in {"شكر", "هدد"} and (
            bool(cue.suffix) or opening.region_end - at > 1 or word.core.startswith("ال") or cue.lemma == "شكر"
        )
        allowed = allowed or (bool(cue.suffix) and "owned" in cue.frames)
        allowed = allowed or (
            cue.lemma == "أكد" and before is not None and before.form in {"الي", "مع", "جدد", "مجددا", "علي"}
        )
        crossed = any(page.flags[i] & w.COMMA for i in range(at + 1, opening.first))  # «وتهديد الأمن، وأن …»
        return opening if allowed and not crossed else None
    if (
        cue.suffix
        or word.prefix == "ب"
        or word.core == "القول"
        or (opening.first - at > 1 and opening.region_end > at + 1)
    ):
        return opening
    if word.core.startswith("ال") and (cue.lemma == "أكد" or (before is not None and before.form == "الي")):
        return opening
    return None


def _owned(page: Page, at: int) -> bool:
    """A genitive follows that can own the noun: «تأكيد الصحافة»."""
    return at + 1 < len(page) and bool(page.flags[at + 1] & (w.DEFINITE | w.PLACE) or page.words[at + 1].role)
