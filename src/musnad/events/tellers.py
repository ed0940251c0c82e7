"""Whether who tells of an event takes part in it: «أعلنت الرباط قطع علاقاتها مع طهران»، «أكد كيري أنه سيلتقي نظراءه»."""

from __future__ import annotations

from typing import NamedTuple

from musnad.events.draft import Taker
from musnad.events.participants import Participants, Sides
from musnad.events.salience import REPORTED
from musnad.events.triggers import Hit
from musnad.events.verbs import pronoun_subject
from musnad.lexicon import word as w
from musnad.page import Page

_OPENING = 2  # tokens at the beginning of a content in which a noun is what the speaker does
_OWN_DEEDS = {"SAY", "STRESS", "PROMISE", "DENY", "HOPE"}  # stances in which one tells what oneself does


class Told(NamedTuple):
    """A piece of a statement's content in characters, its stance, its number, and who says it."""

    start: int
    end: int
    stance: str
    number: int
    speaker: Taker | None


def tells_of_oneself(
    page: Page, participants: Participants, hit: Hit, sides: Sides, content: Told, speaker: Taker
) -> bool:
    """Whether the speaker of a content, or who speaks through him, is one of those who act in an event that it tells."""
    if sides.silent:
        pledged = content.stance == "PROMISE" and hit.first == page.token_at(content.start)
        return pledged or pronoun_subject(page, hit) in {"ه", "ها", "هم"}  # «تعهد بأن يلتقي نظيره»
    if content.stance not in _OWN_DEEDS:
        return False
    if hit.trigger.frame == "kill" and not sides.actors and participants.has_killed(speaker, sides.recipients):
        return True
    alone = not sides.actors or (hit.trigger.frame == "meet" and len(sides.actors) == 1)
    executed = hit.trigger.context == "legal"  # «أعلنت السعودية إعدام 37 شخصا»
    noun = (
        hit.trigger.part == "noun"
        and hit.trigger.genitive != "place"
        and (hit.trigger.type not in REPORTED or executed)
    )
    return noun and alone and participants.can_act(speaker) and _opens(page, hit, content)


def means_the_speaker(page: Page, taker: Taker) -> bool:
    """«قال الجيش إن طائراته قصفت مواقع»: arms and people that a pronoun gives to somebody, who is the speaker."""
    lists, noun = page.lexicon.lists, page.words[taker.tokens[0]].core
    stem = next((noun.removesuffix(end) for end in ("ها", "هم", "ه") if noun.endswith(end)), "")
    return stem in lists["arms"] or stem in lists["followers"]


def principal(page: Page, participants: Participants, speaker: Taker) -> Taker:
    """Who has acted where the speaker tells of his own deeds: «المتحدث باسم الجيش» tells of the army's."""
    first, last = speaker.tokens
    behind = next(
        (at + 1 for at in range(first, last) if page.words[at].form in page.lexicon.lists["speaks_for"]), last
    )
    return next(iter(participants.named(behind, last)), speaker)


def _opens(page: Page, hit: Hit, content: Told) -> bool:
    """Whether the noun opens what is said, or what carries it does: «نفت إجراء أي مفاوضات»."""
    carried = page.lexicon.lists["carries_out"]
    ahead = [page.words[at].core for at in range(page.token_at(content.start), hit.first)]
    if hit.trigger.frame in {"meet", "sign"} and not hit.trigger.suffix and not hit.trigger.needs:
        if not any(core in carried for core in ahead):
            return False  # «قال مون إن قمة سنغافورة …»
    known = bool(ahead) and bool(page.flags[hit.first] & w.DEFINITE) and not hit.trigger.needs  # «القبض على»
    return sum(core not in carried for core in ahead) < _OPENING and not known
