"""Who is who within one article: a full name given once, then its part, an office, or a pronoun for it.

The cast is read from the whole article first, since headlines use a surname before the text
gives the name. A later short form denotes the fullest earlier form that holds its words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from musnad.lexicon import word as w
from musnad.names.bodies import Bodies, Body
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.text.clitics import without_article

_HOLDS_OFFICE = {"office", "person"}
_NAMESAKES = 24  # offices or namesakes looked back at: keeps the cost of a long text linear
_TITLE_REACH = 9  # words from an office to its holder's name
_PLAIN_REACH = 3  # words from a noun that is no known office to the name that it may bear
_GLUED = re.compile(r'(?<=\w)[«»“”"„](?=\w)')
_SOURCES = ("مصدر", "مصادر", "مسوول", "مسوولون")


@dataclass(slots=True)
class Person:
    """One person of the article: the fullest name, its folded words, and the offices said of him or her."""

    name: str
    words: tuple[str, ...]
    first_seen: int
    gender: str = ""


@dataclass(slots=True)
class Office:
    """An office with its folded words (without article) and the person who holds it in this article.

    `relational`: what is said of the person is whose he or she is («زوجة الرئيس»), and the words are another's too.
    """

    head: str
    words: frozenset[str]
    person: Person
    at: int
    relational: bool


def _place(office: Office) -> int:
    return office.at


class Cast:
    """The persons, offices and bodies of one page."""

    def __init__(self, page: Page, spots: Spots) -> None:
        self.page = page
        self.spots = spots
        self.persons: list[Person] = []
        self.of_spot: dict[int, Person] = {}
        self.offices: list[Office] = []
        self.by_name: dict[str, Person] = {}
        self._of_word: dict[str, list[Person]] = defaultdict(list)
        self._of_head: dict[str, list[Office]] = defaultdict(list)
        self._bodies = Bodies()
        self._words_of: dict[tuple[int, int], tuple[str, ...]] = {}  # of stretches of tokens, as they are asked for
        self._text_of: dict[tuple[int, int], str] = {}
        self._office_at: set[int] = set()  # the first tokens of offices
        self._person_spots = [spot[0] for spot in spots.all if spot[2] == "PER"]
        self.last_speaker: Person | None = None
        self.names: dict[tuple[int, int], tuple[tuple[int, ...], str]] = {}  # of parties, with what was known then
        self._collect_persons()
        self._collect_offices()
        self._collect_genders()
        self._collect_bodies()

    # -- who stands in the article -------------------------------------------------

    def _collect_persons(self) -> None:
        spots = [spot for spot in self.spots.all if spot[2] == "PER"]
        for spot in sorted(spots, key=lambda s: (-(s[1] - s[0]), s[0])):
            words = self._words(spot[0], spot[1])
            if not words:
                continue
            person = self._known(words)
            if person is None:
                person = Person(self.text(spot[0], spot[1]), words, spot[0])
                self.persons.append(person)
                self.by_name.setdefault(person.name, person)
                for word in words:
                    self._of_word[word].append(person)
            self.of_spot[spot[0]] = person

    def _known(self, words: tuple[str, ...]) -> Person | None:
        """The person whose fuller name holds all these words; of several, the first named."""
        wanted = set(words)
        rarest = min(words, key=lambda word: len(self._of_word.get(word, ())))
        fits = [p for p in self._of_word.get(rarest, ()) if wanted <= set(p.words)]
        if len(fits) > 1:  # a surname that two people share: the one whose name ends in it
            ending = [p for p in fits if p.words[-1] == words[-1]]
            fits = ending or fits
        return min(fits, key=lambda p: p.first_seen) if fits else None

    def _collect_offices(self) -> None:
        page = self.page
        for spot in self.spots.all:
            person = self.of_spot.get(spot[0])
            if person is None or spot[2] != "PER":
                continue
            left = self._title_before(spot[0])
            if left is not None:
                self._add_office(left, spot[0], person)
            after = spot[1]
            if (after < len(page) and page.flags[after] & (w.COMMA | w.DASH)) or (
                after < len(page) and page.words[after].raw == "("
            ):
                after += 1
            if after < len(page) and (role := page.words[after].role) and not page.words[after].prefix:
                if role.kind in _HOLDS_OFFICE:
                    self._add_office(after, self._phrase_end(after), person)

    def _collect_genders(self) -> None:
        """Rule "said she": of «قالت سلوى الإدريسي» Salwa is a woman, whatever her office is called; a name alone tells nothing.

        In 725 articles it changes 36 of 2,104 persons.
        """
        for first, person in self.of_spot.items():
            cues = self.page.words[first - 1].cues if first else ()
            if cues and cues[0].gender == "f" and cues[0].part in {"past", "present"}:
                person.gender = "f"

    def offices_of(self, person: Person) -> list[Office]:
        """The offices said of a person, of the last ones that the article gives."""
        return [office for office in self.offices[-_NAMESAKES:] if office.person is person]

    def _title_before(self, at: int) -> int | None:
        """The first office noun of the phrase that ends in the name at `at`."""
        page = self.page
        found = None
        i = at - 1
        while i >= 0 and at - i <= _TITLE_REACH:
            word, flags = page.words[i], page.flags[i]
            if flags & w.COMMA and i == at - 1:
                i -= 1
                continue
            if flags & (w.STOP | w.COLON | w.COMMA | w.THAT | w.RELATIVE | w.ADVERBIAL | w.CLAUSE | w.KANA):
                break
            if word.prefix[-1:] == "ل" and word.triggers:
                break  # «يتوجه المبعوث إلى دمشق للقاء الوزير وليد المعلم»
            spot = self.spots.at[i]
            if spot is not None and spot[2] == "PER":
                break
            if word.role is not None and word.role.kind in _HOLDS_OFFICE:
                found = i
            elif word.cues and word.cues[0].part in {"past", "present"} and word.role is None and spot is None:
                break
            i -= 1
            if word.prefix and found == i + 1:
                break
        return found

    def _phrase_end(self, at: int) -> int:
        page = self.page
        end = at + 1
        while end < len(page) and end - at < 6:
            flags = page.flags[end]
            if (
                flags & (w.MARK | w.THAT | w.RELATIVE | w.ADVERBIAL | w.PREPOSITION | w.TIME)
                or page.words[end].prefix[:1] == "و"
            ):
                break
            end += 1
        return end

    def _add_office(self, first: int, last: int, person: Person) -> None:
        role = self.page.words[first].role
        assert role is not None
        words = frozenset(
            without_article(self.page.words[i].core) for i in range(first, last) if self.page.words[i].raw[0].isalnum()
        )
        office = Office(without_article(role.noun), words, person, first, role.relational)
        self._office_at.add(first)
        insort(self.offices, office, key=_place)
        insort(self._of_head[office.head], office, key=_place)
        if role.gender == "f" and role.kind in _HOLDS_OFFICE:
            person.gender = "f"
        elif not person.gender:
            person.gender = "m"

    def add_office(self, first: int, last: int, person: Person) -> None:
        """Remember the office of a party that names its holder: «المتحدث الرسمي باسم القوات، العقيد تركي المالكي»."""
        name = next((at for at in self.spots_between(first, last) if self.of_spot.get(at) is person), first)
        role = self.page.words[first].role
        if name > first and role is not None and role.kind in _HOLDS_OFFICE and first not in self._office_at:
            self._add_office(first, name, person)

    def _collect_bodies(self) -> None:
        for spot in self.spots.all:
            if spot[2] in {"ORG", "LOC"}:
                self.add_body(spot[0], spot[1])

    def add_body(self, first: int, last: int) -> None:
        """Remember a speaking body under its fullest form, for «المركز» later on."""
        self._bodies.add(Body(first, self._words(first, last), self.text(first, last)))

    def last_body(self, first: int) -> str | None:
        """The last form before `first` that begins with the same noun: «المصدر نفسه»."""
        words = self._words(first, first + 1)
        found = self._bodies.before(words[0], first) if words else []
        return found[-1].text if found else None

    def unnamed_source(self, first: int) -> str | None:
        """The last unnamed source before `first` that was described by this very noun."""
        noun = self._words(first, first + 1)
        found = [
            body for head in _SOURCES for body in self._bodies.before(head, first) if set(noun[:1]) & set(body.words)
        ]
        return max(found).text if found else None

    def spots_between(self, first: int, last: int) -> list[int]:
        """The first tokens of the persons named between two tokens."""
        return self._person_spots[bisect_left(self._person_spots, first) : bisect_left(self._person_spots, last)]

    def spot_end(self, first: int) -> int:
        """The token after a person's name that begins at `first`."""
        spot = self.spots.at[first]
        return spot[1] if spot is not None else first + 1

    def alike(self) -> Iterator[tuple[Person, Person]]:
        """Yield pairs of persons who share a word of their names."""
        for people in self._of_word.values():
            for n, person in enumerate(people[:_NAMESAKES]):
                for other in people[n + 1 : _NAMESAKES]:
                    yield person, other

    # -- naming a party ------------------------------------------------------------

    def known_before(self, at: int) -> tuple[int, ...]:
        """What the name of a party at a token hangs on, beside the text: who spoke last, offices, the bodies before it."""
        return id(self.last_speaker), len(self.offices), self._bodies.count_before(at)

    def person_in(self, first: int, last: int) -> Person | None:
        """The person that a party names, passing by persons who only stand in its title."""
        page = self.page
        inside = [
            spot
            for at in self.spots_between(first, last)
            if (spot := self.spots.at[at]) is not None and self._is_called(first, at)
        ]
        if not inside:
            return None
        head = page.words[first].role
        if (head is not None and head.relational) or any(
            page.words[i].form in self.page.lexicon.lists["speaks_for"] for i in range(first, inside[0][0])
        ):
            # «المتحدث باسم الرئيس بوتين»: the name is the master's, unless a second one follows
            owner = inside[0]
            between = range(first + 1, owner[0])
            kin = head is not None and head.kind == "person"  # «والد الشابة سبيكة شيخ»
            titles = {"office", "honorific", "person"} if kin else {"office", "honorific"}
            belongs = any((role := page.words[i].role) is not None and role.kind in titles for i in between) or (
                owner[0] == first + 1 and head is not None and not page.words[first].form.startswith("ال")
            )
            if belongs and not any(page.flags[i] & w.COMMA for i in between):
                return self.of_spot.get(inside[1][0]) if len(inside) > 1 else None
        titled = [s for s in inside[1:] if (t := page.words[s[0] - 1].role) is not None and t.kind == "honorific"]
        if titled and head is not None and head.kind == "office":
            return self.of_spot.get(titled[0][0])  # «رئيس بلدية أبو عجرم المهندس مشعل»
        return self.of_spot.get(inside[0][0])

    def _is_called(self, first: int, at: int) -> bool:
        """Whether the head of a phrase may bear the name at `at`: not where a preposition or relative clause leads to it.

        «المتحدثون لهسبريس»، «المعطيات التي توفرت لسامي» name others; «المديرية الإقليمية بآيت باها» bears no person's name.
        """
        page = self.page
        if at == first:
            return True
        if page.words[at].prefix[-1:] in ("ل", "ب", "ك") or page.flags[at - 1] & w.PREPOSITION:
            return False
        if any(page.flags[i] & w.RELATIVE for i in range(first, at)):
            return False
        plain = page.words[first].role is None and self.spots.at[first] is None and not page.flags[first] & w.DEMONYM
        return not (plain and at - first > _PLAIN_REACH)

    def person_of_office(self, first: int, last: int, before: int) -> Person | None:
        """The person whom an office stands for: the last one named with it, at best with the same words."""
        while first < last - 1 and (title := self.page.words[first].role) is not None and title.kind == "honorific":
            first += 1  # معالي وزير الخارجية
        role = self.page.words[first].role
        if role is None or role.kind not in _HOLDS_OFFICE:
            return None
        if role.noun in self.page.lexicon.lists["styles"]:
            past = self._offices_before(before)
            return self.last_speaker or (past[-1].person if past else None)
        definite = any(
            self.page.flags[i] & (w.DEFINITE | w.PLACE) or self.spots.at[i] is not None for i in range(first, last)
        )
        speaks_for = first + 1 < last and self.page.words[first + 1].form in self.page.lexicon.lists["speaks_for"]
        if not definite or (speaks_for and not self.page.flags[first] & w.DEFINITE):
            return None  # «قائد عسكري ميداني»، «متحدث باسم الشرطة» is somebody new
        if any(self.spots.person(i) for i in range(first + 1, last)):
            return None  # «محامي ترامب» holds no office of somebody else's
        words = frozenset(self._words(first, last))
        head = without_article(role.noun)
        offices = self._of_head.get(head, [])
        near = bisect_left(offices, before, key=_place)
        for some in (offices[max(0, near - _NAMESAKES) : near], offices[near : near + _NAMESAKES]):
            fits = [o for o in some if words <= o.words or o.words <= words or len(words & o.words) > 1]
            if fits:
                return max(
                    fits,
                    key=lambda o: (len(words & o.words), -len(o.words - words), o.person is self.last_speaker, o.at),
                ).person
        return self._by_description(words, before, role.gender) or self._spoke_last(first, last)

    def _offices_before(self, before: int) -> list[Office]:
        """The last offices that stand before a token; the list is in the order of the text."""
        end = bisect_left(self.offices, before, key=_place)
        return self.offices[max(0, end - _NAMESAKES) : end]

    def _spoke_last(self, first: int, last: int) -> Person | None:
        """«المدرب» of a person whose trade the article never joined to the name: whoever spoke last."""
        word = self.page.words[first]
        alone = all(self.page.flags[i] & w.DEMONYM for i in range(first + 1, last))
        if not (word.flags & w.DEFINITE and alone) or self.last_speaker is None:
            return None
        role = word.role
        if role is not None and role.relational:
            return None
        agrees = role is None or not self.last_speaker.gender or self.last_speaker.gender == role.gender
        held = any(
            o.person is self.last_speaker and o.head != without_article(word.core) for o in self.offices[-_NAMESAKES:]
        )
        return self.last_speaker if agrees and not held else None

    def _by_description(self, words: frozenset[str], before: int, gender: str) -> Person | None:
        """«النجم المصري»: the last person before whose own description shares an adjective.

        Not «الرئيس الأمريكي» of «ميلانيا ترامب، زوجة الرئيس الأمريكي»: that tells whose she is.
        """
        fits = [
            office
            for office in self._offices_before(before)
            if len(words & office.words) >= max(1, len(words) - 1)
            and len(words) > 1
            and not office.relational
            and office.person.gender in {"", gender}
        ]
        return fits[-1].person if fits else None

    def person_by_part(self, first: int, last: int) -> Person | None:
        """A surname that the tagger missed: words that are all part of a person's name."""
        words = self._words(first, last)
        if not words or len(words) > 3:
            return None
        return self._known(words)

    def fuller_body(self, first: int, last: int) -> str | None:
        """«المركز» for an earlier «مركز المصالحة الروسي»: the fullest earlier form that begins alike and holds its words."""
        return self._bodies.fuller(self._words(first, last), first)

    # -- words -----------------------------------------------------------------------

    def _words(self, first: int, last: int) -> tuple[str, ...]:
        found = self._words_of.get((first, last))
        if found is None:
            words = enumerate(self.page.words[first:last])
            spelt = (without_article(word.form if n else word.core) for n, word in words if word.raw[0].isalnum())
            found = self._words_of[first, last] = tuple(spelt)
        return found

    def text(self, first: int, last: int) -> str:
        """The words of a party as a name: attached preposition off, quotation marks and doubled spaces out."""
        found = self._text_of.get((first, last))
        if found is None:
            found = self._text_of[first, last] = self._written(first, last)
        return found

    def _written(self, first: int, last: int) -> str:
        page = self.page
        begin = page.start[first] + page.words[first].cut
        raw = page.text[begin : page.end[last - 1]]
        raw = _GLUED.sub(" ", raw)  # صحيفة"الغد"الأردنية
        for mark in '«»“”"„#':
            raw = raw.replace(mark, "")
        raw = raw.replace("_", " ")  # #حزب_الله
        name = " ".join(raw.split())
        word = page.words[first]
        if word.prefix[-1:] == "ل" and not word.cut and word.core.startswith("ال"):
            name = "ال" + name[len(word.prefix) + 1 :]  # للصحفيين → الصحفيين
        return name.strip(" ،,.:-–—")
