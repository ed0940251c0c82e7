"""The parties that stand around a trigger, and what leads to each: a preposition, و, or nothing."""

from __future__ import annotations

from typing import NamedTuple

from musnad.events.parties import Parties
from musnad.lexicon import word as w
from musnad.names.spots import Spot
from musnad.page import Page
from musnad.text.clitics import without_article
from musnad.text.fold import fold

_LONGEST_PLACE = 4  # tokens
OF_TWO = 14  # tokens of an office that two hold, with both names


class Anchor(NamedTuple):
    """A party near a trigger: its tokens, and the preposition before it («» for none, «و» for one more of the same)."""

    first: int
    last: int
    led_by: str


def names_a_place(page: Page, spot: Spot) -> bool:
    """A place, or a capital that the tagger takes for its government; not a demonym or a group of people."""
    words = page.words[spot[0] : spot[1]]
    capital = " ".join(word.core for word in words) in page.lexicon.governments and spot[1] - spot[0] == 1
    if spot[2] != "LOC" and not capital:
        return False
    if words[0].raw.endswith(("اً", "ًا")) or words[0].form in page.lexicon.lists["of_attacks"]:
        return False  # «119 حوثياً»، «صاروخا باليستيا»
    return not all(word.flags & w.DEMONYM for word in words) and words[0].role is None and len(words) <= _LONGEST_PLACE


class Anchors(Parties):
    """Finds the parties around the triggers of one page."""

    def anchors(self, first: int, limit: int) -> list[Anchor]:
        """The parties between two tokens, with what leads to them."""
        page, lists = self.page, self.page.lexicon.lists
        found: list[Anchor] = []
        at = first
        led_by = ""
        while at < limit:
            word, flags = page.words[at], page.flags[at]
            if at in self.timed or flags & w.COMMA:  # «في قصر السلام أمس الأول، وزير الخارجية»
                at, led_by = self.timed.get(at, at + 1), ""
                continue
            if word.form in lists["in_presence"]:
                at, led_by = at + 1, "مع"  # who presides or is there takes part
                continue
            if word.form == "بقياده" and found and at - found[-1].last <= 1:
                at, led_by = at + 1, "و"  # «التحالف بقيادة السعودية»
                continue
            two, end = self._office_of_two(at, limit)
            if two:
                found += [two[0]._replace(led_by=led_by or word.prefix[-1:].replace("و", "")), two[1]]
                at, led_by = end, ""
                continue
            party = self._party(at, limit)
            if party is not None and found and led_by == "" and not word.prefix:
                party = party[0], self._named_in_place(*party, limit)
            if party is not None:
                prefix = word.prefix[-1:] if party[0] == at else ""
                if prefix == "و" and found:
                    led_by = "و"
                elif prefix in {"ل", "ب", "ك"} and led_by not in lists["against"]:  # «على مواقع للحوثيين»
                    led_by = prefix
                found.append(Anchor(*party, led_by))
                at, led_by = max(party[1], at + 1), ""
                continue
            if word.form in lists["weapons"] or (
                word.form in lists["hands"] and at > first and page.words[at - 1].form in {"علي", "من"}
            ):
                led_by = "by"
            elif word.form == "من" and at > first and self._counts(at - 1):
                pass  # «مع عدد من الصحفيين»
            elif word.form in lists["in_guard"] or (
                word.form == "عن" and at and page.words[at - 1].form.startswith("دفاع")
            ):
                led_by = "for"
            elif word.raw == "علي" and not flags & w.PREPOSITION:
                led_by = ""  # a name
            elif flags & (w.PREPOSITION | w.ADVERBIAL) or word.form in lists["against"] or word.form in {"بين", "مع"}:
                led_by = word.core if word.core in {"مع", "بين"} else word.form
            elif word.prefix[-1:] in {"ل", "ب"} and led_by not in lists["against"]:  # «على موقع لتدريب المقاتلين»
                led_by = word.prefix[-1]
            elif flags & w.RELATIVE or word.form in lists["among_them"]:
                led_by = "rel"
            at += 1
        return found

    def _office_of_two(self, at: int, limit: int) -> tuple[list[Anchor], int]:
        """«الرئيسان الروسي والأمريكي»، «وزيرا الخارجية الروسي سيرغي لافروف والتركي …»: one anchor for each of the two, who
        may be named elsewhere in the page, and the token after the phrase; none for anything else.
        """
        page, end = self.page, at + 1
        if without_article(page.words[at].core) not in page.lexicon.lists["offices_of_two"]:
            return [], end
        found: list[Anchor] = []
        for i in range(at + 1, min(limit, at + OF_TWO)):
            if page.flags[i] & (w.STOP | w.THAT | w.RELATIVE | w.PREPOSITION):
                break
            person = self.spots.person(i)
            if found and person is not None and person[0] == i and not page.words[i].prefix:
                found[-1], end = Anchor(i, person[1], found[-1].led_by), person[1]  # the name behind the adjective
            elif page.flags[i] & w.DEMONYM and self.spots.at[i] is None and page.words[i].prefix in {"", "و"}:
                found.append(self._holder(at, i)._replace(led_by="و" if found else ""))
                end = i + 1
        return (found, end) if len(found) == 2 else ([], end)

    def _holder(self, office: int, nation: int) -> Anchor:
        """Whoever in the article holds an office of a nation: «الرئيس الروسي فلاديمير بوتين»; else the adjective alone."""
        head, adjective = without_article(self.page.words[office].core), self.page.words[nation].core
        country = self.page.lexicon.nations.get(adjective)
        said = {without_article(word) for word in (adjective, *(fold(country).split() if country else ()))}
        for known in self.cast.offices:
            spot = self.spots.at[known.person.first_seen]
            if said & known.words and head.startswith(known.head) and spot is not None:
                return Anchor(spot[0], spot[1], "")
        return Anchor(nation, nation + 1, "")

    def _with_joined(self, first: Anchor, anchors: list[Anchor]) -> list[Anchor]:
        """A party and those joined to it by و."""
        found = [first]
        for anchor in anchors[anchors.index(first) + 1 :]:
            marks = sum(bool(self.page.flags[i] & w.MARK) for i in range(found[-1].last, anchor.first))
            if anchor.led_by != "و" or anchor.first - found[-1].last - marks > 2 + 3 * self._sided(found[-1].last):
                break
            found.append(anchor)
        return found

    def _sided(self, at: int) -> bool:
        """«من جهة، و» between two sides."""
        return [word.form for word in self.page.words[at : at + 2]] in (["من", "جهه"], ["من", "جانب"])

    def _chain(self, anchors: list[Anchor]) -> list[Anchor]:
        """The first of some parties with those joined to it."""
        return self._with_joined(anchors[0], anchors) if anchors else []

    def _is_place(self, anchor: Anchor) -> bool:
        spot = self.spots.at[anchor.first]
        return spot is not None and names_a_place(self.page, spot)

    def _is_country(self, anchor: Anchor) -> bool:
        words = self.page.words[anchor.first : anchor.last]
        return self._is_place(anchor) and " ".join(word.core for word in words) in self.page.lexicon.countries

    def _government(self, anchor: Anchor) -> str | None:
        """The country whose government a place stands for: «طهران»، and the country itself."""
        name = " ".join(word.core for word in self.page.words[anchor.first : anchor.last])
        if self._is_country(anchor) and name not in self.page.lexicon.governments:
            return self.cast.text(anchor.first, anchor.last)
        return self.page.lexicon.governments.get(name) if self._is_place(anchor) else None

    def _only_a_place(self, anchor: Anchor) -> bool:
        """A place that is no government: it cannot meet, sign or fight."""
        return self._is_place(anchor) and self._government(anchor) is None

    def _is_town(self, anchor: Anchor) -> bool:
        """A place that is no country, said with or without «مدينة»."""
        if self.page.words[anchor.first].role is not None or self._counted(anchor.first, anchor.last) is not None:
            return False  # «حزب العدالة في إسطنبول»
        return self._is_place(Anchor(anchor.last - 1, anchor.last, "")) and not self._is_country(anchor)

    def _is_adjective(self, at: int) -> bool:
        word = self.page.words[at]
        return bool(self.page.flags[at] & w.DEFINITE) and word.core.endswith(("ي", "يه")) and self.spots.at[at] is None

    def _holds_office(self, anchor: Anchor) -> bool:
        roles = (self.page.words[i].role for i in range(anchor.first, anchor.last))
        return (
            any(role is not None and role.kind == "office" for role in roles)
            or self.spots.person(anchor.first) is not None
        )
