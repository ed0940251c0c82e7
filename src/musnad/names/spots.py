"""Where names stand in a page: the tagger's spans, completed by what the lexicon knows."""

from __future__ import annotations

from musnad.lexicon.word import DEMONYM, PLACE, STOP, THAT
from musnad.names.echo import add_echoes
from musnad.names.missed import missed_names
from musnad.names.tagger import Tagger
from musnad.names.wholes import read_whole, without_on
from musnad.page import Page
from musnad.text.clitics import without_article

_TOWN_AND_NAME = 3  # tokens of a name behind «بلدية» from which the first is the town's
Spot = tuple[int, int, str]  # first token, last + 1, kind: PER, LOC, ORG or MISC


class Spots:
    """The names of a page by token: `at[i]` is the spot that holds token i, or None."""

    def __init__(self, page: Page, tagger: Tagger) -> None:
        forms = [word.form for word in page.words]
        tagged = [part for spot in tagger.tag(forms) for part in without_on(page, spot)]
        echoed = add_echoes(forms, tagged, page.lexicon.counts)
        named = [part for spot in echoed for part in without_on(page, spot)]
        read_whole(page, named, tagger.is_listed)
        self.all: list[Spot] = [part for spot in named for part in _whole_names(page, spot)]
        self.at: list[Spot | None] = [None] * len(page)
        for spot in self.all:
            for i in range(spot[0], spot[1]):
                self.at[i] = spot
        if missed := missed_names(page, self.at):
            for first, last, kind in missed:
                self.at[first:last] = [(first, last, kind)] * (last - first)
            self.all = sorted({spot for spot in self.at if spot is not None})

    def person(self, at: int) -> Spot | None:
        spot = self.at[at]
        return spot if spot and spot[2] == "PER" else None

    def last_before(self, at: int) -> tuple[int, int] | None:
        """The last name that stands before a token: what «الأخير» points at."""
        for i in range(at - 1, max(-1, at - 60), -1):
            spot = self.at[i]
            if spot is not None and spot[2] != "MISC":
                return spot[0], spot[1]
        return None

    def starts(self, at: int) -> bool:
        spot = self.at[at]
        return spot is not None and spot[0] == at


def _whole_names(page: Page, spot: Spot) -> list[Spot]:
    """Cut titles and lone demonyms off, and cut a spot at a word with an attached لـ or و: «كريغ للصحفيين» is one name and not two."""
    first, last, kind = spot
    if kind == "PER":
        while (
            first < last
            and (role := page.words[first].role) is not None
            and role.kind in {"honorific", "office", "person"}
        ):
            first += 1
        opens = first == 0 or page.flags[first - 1] & STOP
        if opens and any(cue.part in {"past", "present"} for cue in page.words[first].cues):
            if last - first == 1:
                return []  # «دان الوزير القصف»: a verb opens the sentence
            if page.words[first].prefix == "و":
                first += 1  # «وروت مارغو باخمان»
        while last > first + 1 and page.words[last - 1].form in page.lexicon.lists["parts_of_day"]:
            last -= 1  # «إيمانويل ماكرون ليل الجمعة»
        town = first and without_article(page.words[first - 1].core) in page.lexicon.lists["towns"]
        if town and last - first >= _TOWN_AND_NAME:  # «رئيس بلدية صفرو كمال بنعيسى»
            return [(first, first + 1, "LOC"), (first + 1, last, kind)]
        if first == last or all(page.flags[i] & DEMONYM for i in range(first, last)):
            return []
        spot = first, last, kind
    peoples = all(page.flags[i] & DEMONYM and not page.flags[i] & PLACE for i in range(first, last))
    if kind == "LOC" and peoples and page.words[first].core not in page.lexicon.countries:
        return []  # «حوثيا», but «السعودية»
    if kind == "LOC" and last - first == 1 and page.words[first].core in page.lexicon.lists["movements"]:
        return [(first, last, "ORG")]
    for i in range(first + 1, last):
        if page.flags[i] & THAT:
            return [(first, i, kind)]
        if page.words[i].prefix and page.words[i].prefix[-1] in "لو" and kind in {"PER", "LOC"}:
            rest = (i, last, kind) if page.words[i].prefix == "و" else None
            return [(first, i, kind), *(_whole_names(page, rest) if rest else [])]
    return [spot]
