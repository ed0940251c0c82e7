"""The words of a page that name an event."""

from __future__ import annotations

from typing import NamedTuple

from musnad.lexicon import Trigger
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.text.clitics import without_article

_NEAR = 10  # tokens within which a trigger's second word stands
_DISTANT = 6  # tokens beside a trigger that may tell that it means something else
_PLURAL = 4  # letters above which an ending «ون» is that of a plural
_DISASTER = 3  # words for a disaster from which it is what kills
_OPENS = w.STOP | w.COMMA | w.THAT | w.QAD | w.KANA | w.RELATIVE | w.CLAUSE | w.NEGATION | w.COLON | w.OPEN | w.DASH


class Hit(NamedTuple):
    """A trigger and its tokens."""

    first: int
    last: int
    trigger: Trigger


def find_triggers(page: Page, spots: Spots) -> list[Hit]:
    """Return the triggers of a page in the order of the text."""
    hits = []
    disaster = sum(word.core in page.lexicon.lists["disasters"] for word in page.words) >= _DISASTER
    for at, word in enumerate(page.words):
        if not word.triggers or spots.at[at] is not None or _names_an_outlet(page, at):
            continue
        for trigger in word.triggers:
            if trigger.type == "ASSAULT" and (trigger.frame == "kill" or word.core.endswith("ضرب")) and disaster:
                continue  # «زلزال يضرب الجزيرة ومقتل المئات»
            last = _end(page, at, trigger)
            if last and _fits(page, at, trigger) and not _means_another(page, at, last, trigger):
                hits.append(Hit(at, last, trigger))
                break
    return hits


def _means_another(page: Page, at: int, last: int, trigger: Trigger) -> bool:
    """What only looks like an event: an attack of words, a verdict, an appeal to a court, the leaving of a union."""
    lists, behind = page.lexicon.lists, page.words[last : last + _DISTANT]
    if any(word.form in lists["figurative"] for word in behind[:3]):
        return True  # «شن هجوما لاذعا على المعارضة»
    if trigger.type == "ASSAULT" and trigger.context == "legal" and page.words[at].prefix == "ب":
        return any(word.core in lists["verdicts"] for word in page.words[max(0, at - _DISTANT) : at])  # «قضت بإعدام»
    if trigger.type == "PROTEST" and at and without_article(page.words[at - 1].core) in lists["arms"]:
        return True  # «طائرة مسيرة»
    if trigger.type == "COERCE" and page.words[at].core.startswith("اسر"):
        owned = page.words[at].core.startswith("اسرت")  # «أسرته»
        return owned or bool(behind and behind[0].form in lists["bereaved"])  # «أسر الشهداء»
    if trigger.mode == "primitive" and behind and behind[0].form in lists["complaints"]:
        return True  # «الطعن على الحكم»
    if (
        trigger.type == "AGREE"
        and trigger.part == "noun"
        and not trigger.needs
        and behind
        and behind[0].form in lists["standing"]
    ):
        return True  # «الاتفاق النووي»
    if trigger.type == "RETREAT":
        whence = next((n + 1 for n, word in enumerate(behind) if word.form == "من"), len(behind))
        return whence < len(behind) and behind[whence].core in lists["left"]  # «انسحاب بريطانيا من الاتحاد»
    return False


def _names_an_outlet(page: Page, at: int) -> bool:
    """«قناة المسيرة»."""
    role = page.words[at - 1].role if at else None
    return role is not None and role.kind == "outlet" and bool(page.flags[at] & w.DEFINITE)


def _end(page: Page, at: int, trigger: Trigger) -> int:
    """The token after a trigger with what it needs; 0 where that is missing."""
    if not trigger.needs:
        return at + 1
    _, limit = page.sentence_of(at)
    for i in range(at + 1, min(limit, at + 1 + _NEAR)):
        word = page.words[i]
        if word.core in trigger.needs or word.form in trigger.needs or without_article(word.core) in trigger.needs:
            return at + 1 if i > at + 1 or word.role is not None else i + 1  # «أوقفت الشرطة»: the subject
    if trigger.suffix and any(word.core in trigger.needs for word in page.words[max(0, at - 4) : at]):
        return at + 1  # «الاتفاق الذي وقعته»
    if trigger.type == "AID" and any(word.core in trigger.needs for word in page.words[max(0, at - 4) : at]):
        return at + 1  # «قافلة مساعدات وصلت»
    return 0


def _fits(page: Page, at: int, trigger: Trigger) -> bool:
    """Whether the form can be what the trigger takes it for: of «قصف» the verb opens a clause, the noun does not."""
    word = page.words[at]
    if trigger.suffix == "ه" and word.raw.endswith("ة"):
        return False  # «رحلة»
    noun = any(other.part == "noun" for other in word.triggers)
    if trigger.part == "noun":
        verbal = any(other.part != "noun" for other in word.triggers)
        if (
            verbal
            and at + 1 < len(page)
            and page.words[at + 1].core.endswith("ون")
            and len(page.words[at + 1].core) > _PLURAL
        ):
            return False  # «خطف مسلحون»: a nominative follows the verb
        return word.prefix in {"", "و", "ف", "ب", "ل", "ول", "وب", "ك"}
    if at and page.flags[at - 1] & w.PREPOSITION and trigger.part == "past":
        return False  # «في سجن الرملة»
    if word.core.startswith("صادر") and at + 1 < len(page) and page.words[at + 1].form in {"عن", "من"}:
        return False  # «بيان صادر عن الوزارة»
    if word.prefix not in {"", "و", "ف", *(["ل"] if trigger.part == "present" else [])} or word.flags & w.PREPOSITION:
        return False
    if word.flags & w.TIME:  # «فجر الجمعة»، but «فجر نفسه»، «وفجر المهاجمون قنابلهم»
        behind = page.words[at + 1] if at + 1 < len(page) else word
        return not behind.flags & w.TIME and (
            behind.form in {"نفسه", "نفسها", "نفسيهما"} or behind.core.endswith("ون") or behind.role is not None
        )
    if not noun and word.role is None:
        return True
    closed = (
        bool(page.flags[at - 1] & (w.DEFINITE | w.DEMONYM | w.PLACE)) and not word.prefix
    )  # «أن الجيش الإسرائيلي قصف»
    nominative = (
        at + 1 < len(page) and page.words[at + 1].core.endswith("ون") and len(page.words[at + 1].core) > _PLURAL
    )
    opens = (
        nominative
        or at == page.sentence_of(at)[0]
        or bool(page.flags[at - 1] & _OPENS)
        or word.prefix in {"و", "ف"}
        or closed
    )
    return opens and not (at and page.flags[at - 1] & w.PREPOSITION)
