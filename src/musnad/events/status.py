"""What settles the status of an event beside the scores: a negation before it, a word that calls it off, its day."""

from __future__ import annotations

from musnad.events.draft import Mention
from musnad.lexicon import word as w
from musnad.page import Page

_BEFORE, _BESIDE = 3, 3  # tokens
_ENDS = w.COMMA | w.STOP | w.THAT | w.COLON | w.RELATIVE | w.CLAUSE


def is_negated(page: Page, mention: Mention) -> bool:
    """Rule "negated": «لم يلتق», «ولم يتوصلا إلى [اتفاق]»; not «لا يزال [القتال]», and not across the end of a clause."""
    for at in range(mention.at - 1, max(-1, mention.at - 1 - _BEFORE), -1):
        if page.words[at].core in page.lexicon.lists["undone"]:
            return True
        if page.flags[at] & _ENDS:
            return False
    return False


def is_called_off(page: Page, mention: Mention) -> bool:
    """Rule "called off": «لكن [الاجتماع] قد تم إلغاؤه», «إلغاء [القمة]»; not further off than three words."""
    first, limit = page.sentence_of(mention.at)
    near = page.words[max(first, mention.tokens[0] - _BESIDE) : min(limit, mention.tokens[1] + _BESIDE)]
    return any(word.core in page.lexicon.lists["called_off"] for word in near)
