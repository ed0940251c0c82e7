"""Who takes part in an event: from what stands around its trigger, by the frame that the lexicon gives it."""

from __future__ import annotations

from typing import NamedTuple

from musnad.events.anchors import Anchor
from musnad.events.draft import HIT, Taker, Tokens
from musnad.events.governors import ENDS, REACH
from musnad.events.nouns import TALKS
from musnad.events.triggers import Hit
from musnad.events.verbs import Verbs

_REACH_OF_TITLES = 45  # tokens from a meeting to its last party: its sides have long titles
_ROW = 4  # tokens between two parties of one verb with nothing before them
_TOWNS_ARE_PLACES = {"ASSAULT", "COERCE", "CONCEDE", "MOBILIZE", "AID"}


class Sides(NamedTuple):
    """Who did it and to whom; `silent`: the verb's subject stands nowhere in its clause."""

    actors: list[Taker]
    recipients: list[Taker]
    silent: bool
    places: list[tuple[int, Tokens]]  # towns that were attacked or surrounded: where, and not who


class Participants(Verbs):
    """Finds the parties of the triggers of one page."""

    def of(self, hit: Hit) -> Sides:
        """Return actors and recipients of an event named by one trigger."""
        _, limit = self.page.sentence_of(hit.first)
        reach = _REACH_OF_TITLES if hit.trigger.frame in TALKS else REACH
        limit = self._clause_end(hit.last, min(limit, hit.last + reach))
        behind = self.anchors(hit.last, limit)
        if hit.trigger.frame not in TALKS:
            behind = self._in_a_row(hit, behind)
        if behind and hit.last - hit.first > 1 and behind[0].first == hit.last and self._is_adjective(hit.last):
            del behind[0]  # «قطع علاقاته الدبلوماسية»
        silent = False
        crowd = self.page.words[hit.first].role if hit.trigger.frame == "crowd" else None
        if crowd is not None and crowd.kind != "body":
            themselves = self._party(hit.first, limit)  # «آلاف المتظاهرين»: the word names who protests
            return Sides(self._takers([Anchor(*themselves, "")]) if themselves else [], self._takers(
                [a for a in behind if a.led_by in {"ضد", "علي"}][:1]), False, [])  # fmt: skip
        if hit.trigger.part == "noun":
            actors, recipients = self._of_noun(hit, behind)
        else:
            actors, recipients, silent = self._of_verb(hit, behind)
        if hit.trigger.frame in {"visit", "arrive"} and actors:
            actors = actors + self._host(actors, behind)
        places = [a for a in recipients if hit.trigger.type in _TOWNS_ARE_PLACES and self._is_town(a)]
        recipients = [a for a in recipients if a not in places]
        places += [a for a in actors if a.led_by == "host"]  # who is visited is also where
        if hit.trigger.frame == "take":
            recipients = [a for a in recipients if not self._is_place(a)]  # nobody arrests a country
        doers = self._takers(actors)
        others = [other for other in self._takers(recipients) if all(other.name != doer.name for doer in doers)]
        return Sides(doers, others, silent, [(HIT, (a.first, a.last)) for a in places])

    def _in_a_row(self, hit: Hit, behind: list[Anchor]) -> list[Anchor]:
        """Without those whom only some far-off noun or verb brings in."""
        end = hit.last
        kept: list[Anchor] = []
        for anchor in behind:
            if anchor.led_by in {"", "و"} and anchor.first - end > _ROW:
                continue
            kept.append(anchor)
            end = anchor.last
        return kept

    def _clause_end(self, at: int, limit: int) -> int:
        for i in range(at, limit):
            if (self.page.flags[i] & ENDS and self.page.words[i].form != "غير") or (
                i > at + 1
                and self.page.words[i].cues
                and self.page.words[i].prefix in {"", "و", "ف"}
                and self.page.words[i].cues[0].part in {"past", "present"}
                and self.page.words[i].role is None
                and self.page.words[i].form not in self.page.lexicon.lists["common_forms"]
            ):
                return i
        return limit
