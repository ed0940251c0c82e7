"""What those who take part are called: the fullest name of a person, of anybody else the words as they stand alone."""

from __future__ import annotations

from functools import cached_property

from musnad.events.anchors import OF_TWO, Anchor
from musnad.events.draft import Taker, Tokens
from musnad.events.governors import Governors
from musnad.lexicon import word as w
from musnad.lexicon.word import Word
from musnad.names.naming import name_of
from musnad.page import Page
from musnad.text.clitics import without_article
from musnad.text.fold import fold

_PLURAL = 5  # letters above which an ending «ين» is that of a plural


class Takers(Governors):
    """Names the parties of one page, and says what they are."""

    def is_state(self, taker: Taker) -> bool:
        """A country, its capital, or who holds an office."""
        anchor = Anchor(*taker.tokens, "")
        return self._government(anchor) is not None or self._holds_office(anchor)

    def can_act(self, taker: Taker) -> bool:
        """Not a paper, an outlet or somebody unnamed."""
        role = self.page.words[taker.tokens[0]].role
        return role is None or role.kind not in {"paper", "outlet", "unnamed"}

    def has_killed(self, force: Taker, victims: list[Taker]) -> bool:
        """«أعلن الجيش مقتل 20 إرهابيا»: whether an army or police tells of militants whom it will have killed itself."""
        head = self.page.words[force.tokens[0]]
        arm = without_article(head.core) in self.page.lexicon.lists["forces"]
        militants = self.page.lexicon.lists["militants"]
        return arm and any(self.page.words[at].core in militants for v in victims for at in range(*v.tokens))

    def named(self, first: int, last: int) -> list[Taker]:
        """The parties between two tokens."""
        return self._takers(self.anchors(first, last)) if first < last else []

    def _takers(self, anchors: list[Anchor]) -> list[Taker]:
        found: list[Taker] = []
        for anchor in anchors:
            name = self._name(anchor)
            if name and all(known.name != name for known in found):
                named = self._is_named(anchor) or name in self.cast.by_name
                found.append(taker(self.page, (anchor.first, anchor.last), name, named))
        return found

    def _name(self, anchor: Anchor) -> str | None:
        """The fullest name of a person, the words of anybody else as they stand alone: «الحوثيين» are «الحوثيون»; None for nobody."""
        page, (first, last, led_by) = self.page, anchor
        if self._counted(first, last) is not None:
            return self.cast.text(first, last)
        if led_by == "host":
            return self._government(anchor)
        if page.words[first].core in page.lexicon.lists["counterparts"]:
            return self._in_that_office(first, last)
        if self._is_of_office_of_two(first):
            return self._singular_office(first)
        if last - first == 1 and page.words[first].core in page.lexicon.lists["both"]:
            return None  # «اتفق الجانبان»: they have been named
        if led_by == "nation":
            return page.lexicon.nations[page.words[first].core]
        words, nobody = page.words[first:last], page.lexicon.lists["nobody"]
        if all(word.core in nobody or word.form in nobody for word in words):
            return None
        role = words[0].role
        named = self.cast.spots_between(first, last)
        if len(named) > 1 and role is not None and role.kind == "office" and self._gives_its_name(named[0]):
            at = named[-1]  # «المشرف على مركز الملك سلمان الدكتور عبدالله الربيعة»
            return self._name(Anchor(at, self.cast.spot_end(at), led_by))
        if self.cast.person_in(first, last) is not None or (role is not None and role.kind in {"office", "person"}):
            return _without_case(name_of(page, self.spots, self.cast, (first, last)), words[0])
        country = page.lexicon.governments.get(" ".join(word.core for word in words))
        if country is not None and fold(country) in self._countries and self._is_place(anchor):
            return country  # «واشنطن» where the article also says الولايات المتحدة
        return self._fuller(first, last) or _without_case(self._in_the_nominative(first, last), words[0])

    def _in_the_nominative(self, first: int, last: int) -> str:
        """«الحوثيين» are «الحوثيون», with the adjectives that follow: «ناشطون مسلمون»; what «من» governs stays as it is."""
        written = self.cast.text(first, last).split(" ")
        if any(word.core in self.page.lexicon.lists["dual_numerals"] for word in self.page.words[first:last]):
            return " ".join(written)  # «صحفيين اثنين»
        converted = False
        for n, word in enumerate(self.page.words[first:last][: len(written)]):
            known = bool(word.flags & w.DEMONYM) or word.role is not None
            people = (word.core.endswith("ين") and len(word.core) > _PLURAL and known) or (n > 0 and converted)
            if people and written[n].endswith("ين") and (not n or written[n - 1] != "من"):
                written[n], converted = written[n][:-2] + "ون", True
        return " ".join(written)

    def _fuller(self, first: int, last: int) -> str | None:
        """«التنظيم» for a «تنظيم داعش» named before: the noun of a body alone, or with what is said of it."""
        page, role = self.page, self.page.words[first].role
        alone = last - first == 1 or not any(self.spots.at[i] or page.flags[i] & w.DEMONYM for i in range(first, last))
        if role is None or role.kind != "body" or not page.flags[first] & w.DEFINITE or not alone:
            return None
        return self.cast.fuller_body(first, first + 1)

    def _in_that_office(self, first: int, last: int) -> str:
        """«التقى وزير الخارجية المصري بنظيره السوداني»: وزير الخارجية السوداني."""
        page = self.page
        start, _ = page.sentence_of(first)
        office = next((i for i in range(start, first) if (role := page.words[i].role) and role.kind == "office"), None)
        if office is None:
            return self.cast.text(first, last)
        ends = w.DEMONYM | w.MARK | w.PREPOSITION
        end = next(
            (
                i
                for i in range(office + 1, first)
                if page.flags[i] & ends or page.words[i].triggers or self.spots.at[i] or self._is_verb(i)
            ),
            first,
        )
        holder = self._holder(office, first + 1)
        if self.spots.at[holder.first] is not None:
            return self._name(holder) or ""  # of whom the article says «وزير خارجية روسيا سيرغي لافروف»
        return f"{self.cast.text(office, end)} {self.cast.text(first + 1, last)}"

    def _is_of_office_of_two(self, nation: int) -> bool:
        """Not of «وزيرين فلسطينيين», who are both of one nation."""
        one = bool(self.page.flags[nation] & w.DEMONYM) and not self.page.words[nation].core.endswith(("يين", "يان"))
        return one and self._office_before(nation) is not None

    def _office_before(self, nation: int) -> int | None:
        """The «وزيرا» to which the adjective of «وزيرا الخارجية المصري والسوداني» belongs."""
        page = self.page
        for at in range(nation - 1, max(-1, nation - OF_TWO), -1):
            if without_article(page.words[at].core) in page.lexicon.lists["offices_of_two"]:
                return at
            if page.flags[at] & (w.STOP | w.PREPOSITION) or not page.flags[at] & (w.DEFINITE | w.DEMONYM):
                return None
        return None

    def _singular_office(self, nation: int) -> str:
        """«وزيرا الخارجية المصري والسوداني»: وزير الخارجية المصري, وزير الخارجية السوداني."""
        page, at = self.page, self._office_before(nation)
        assert at is not None
        end = next(i for i in range(at + 1, nation + 1) if page.flags[i] & w.DEMONYM)
        head = self.cast.text(at, at + 1)
        head = head[:-1] if head.endswith(("ا", "ي")) else head[:-2]
        return " ".join(
            [head, *([self.cast.text(at + 1, end)] if end > at + 1 else []), self.cast.text(nation, nation + 1)]
        )

    @cached_property
    def _countries(self) -> frozenset[str]:
        """The countries that the page names, folded."""
        named = (" ".join(word.core for word in self.page.words[first:last]) for first, last, _ in self.spots.all)
        return frozenset(name for name in named if name in self.page.lexicon.countries)

    def _is_named(self, anchor: Anchor) -> bool:
        """By a name of its own, not as «زعيم إقليم كتالونيا السابق»."""
        inside = range(anchor.first, anchor.last)
        role = self.page.words[anchor.first].role
        if role is not None and role.kind in {"office", "person"}:
            return self.cast.person_in(anchor.first, anchor.last) is not None
        body = role is not None and role.kind in {"body", "group"} and self.page.flags[anchor.first] & w.DEFINITE
        return bool(body) or any(self.spots.at[i] is not None or self.page.flags[i] & w.DEMONYM for i in inside)


def taker(page: Page, tokens: Tokens, name: str, named: bool) -> Taker:
    """A party under its name."""
    folded = fold(page.lexicon.governments.get(fold(name), name))
    words = {without_article(word) for word in folded.split()}
    head = page.words[tokens[0]]
    official = head.role is not None and head.role.kind in {"body", "office"}
    if official:  # «وزارة الخارجية الجزائرية»، «الرئيس المصري عبد الفتاح السيسي»: also الجزائر, also مصر
        adjectives = (page.lexicon.nations.get(page.words[at].core) for at in range(tokens[0] + 1, tokens[1]))
        words.update(without_article(word) for nation in adjectives if nation for word in fold(nation).split())
    one = head.role is not None and head.role.kind in {"office", "person"} and not name[:1].isdigit()
    return Taker(tokens, name, named, without_article(head.role.noun) if one else "", frozenset(words))  # type: ignore[union-attr]


def _without_case(name: str, head: Word) -> str:
    """«إن انتحاريا هاجم»، «اغتالوا مسؤولا أمنيا»: a name stands in no case."""
    if head.role is None or head.core != fold(head.role.noun) + "ا":
        return name
    noun, *adjectives = name.split(" ")
    ends = ("يا", "ياً", "يًا")
    return " ".join([noun.rstrip("اً"), *(a.rstrip("اً") if a.endswith(ends) else a for a in adjectives)])
