"""Who takes part in an event that a noun names: its genitive, what it is led by, and the verb that carries it."""

from __future__ import annotations

from musnad.events.anchors import Anchor
from musnad.events.takers import Takers
from musnad.events.triggers import Hit
from musnad.lexicon import word as w

_OWNED = 3  # tokens from an attack to «لـ» and whose it was
TALKS = {"meet", "host", "visit"}
FROM_TRIGGER_TO_ON = 6  # tokens from an attack to «على» and whom it hit
_ALL_ACT = {"meet", "clash", "sign", "host", "visit", "drill"}
_AT_PLACES = {"visit", "kill", "meet", "sign", "clash"}  # زيارة موسكو، قمة هلسنكي، اتفاق فيينا


class Nouns(Takers):
    """Finds the parties of triggers that are nouns."""

    def _of_noun(self, hit: Hit, behind: list[Anchor]) -> tuple[list[Anchor], list[Anchor]]:
        trigger, owners = hit.trigger, self._owners(hit, behind)
        rest = [a for a in behind if a not in owners]
        actors, recipients = self._by_genitive(hit, owners, rest)
        if trigger.frame == "kill" and not recipients:
            recipients = self._undergoer(hit)  # «لقي جنود مصرعهم في غارات على المدينة»
        seen = False
        if trigger.frame in _ALL_ACT:
            others, seen = self._others_in_talks(hit, rest)
            actors += others
        else:
            if trigger.frame != "kill" or not recipients:  # «قتل نائب بعد تصريحات للرئيس»
                recipients += self._hit_by(hit, rest)
            if not actors:
                actors += [a for a in rest if a.led_by == "by" or (a.led_by == "ل" and self._owns(hit, a))][:1]
        actors = self._from_the_sentence(hit, actors, owned=bool(owners))
        if not recipients:
            recipients = self._undergoer(hit)
            actors = [a for a in actors if a not in recipients]
        if (
            not recipients
            and trigger.frame == "attack"
            and not any(a.led_by in self.page.lexicon.lists["against"] for a in rest)
        ):
            recipients = self._object(hit, [])  # «إطلاق صواريخ على مستوطنة»
        actors = self._as_a_circumstance(hit, actors, seen)
        return actors, [a for a in recipients if a not in actors]

    def _owners(self, hit: Hit, behind: list[Anchor]) -> list[Anchor]:
        """Whose event it is: the genitive of the noun with those joined to it, or «لـ» and a party."""
        frame = hit.trigger.frame
        definite = self.page.flags[hit.first] & w.DEFINITE or hit.trigger.suffix  # such a noun takes no genitive
        definite = definite and hit.last - hit.first == 1  # «القبض على 12 شخصا»
        for owner in behind[:1]:
            led = owner.led_by == "ل" or (owner.led_by == "" and not definite)
            visited = owner.led_by == "ل" and self._is_place(owner) and frame == "visit"
            place = self._is_place(owner) and frame in _AT_PLACES  # «قمة هلسنكي»
            town = frame == "attack" and self._is_town(owner)  # «تفجير كابول»
            if owner.first == hit.last and led and not (visited or place or town or self._describes(owner)):
                return self._with_joined(owner, behind)
        return []

    def _by_genitive(self, hit: Hit, owners: list[Anchor], rest: list[Anchor]) -> tuple[list[Anchor], list[Anchor]]:
        """What the owners of an event are in it, by its row in the table."""
        genitive = hit.trigger.genitive
        objects = [a for a in rest if owners and a.led_by == "ل" and a.first == owners[-1].last][:1]
        if genitive == "recipient":  # with an object «إسقاط إسرائيل لطائرة سورية»
            return (list(owners), objects) if objects else ([], list(owners))
        if genitive not in {"actor", "party"}:
            return [], []
        return list(owners) or self._nations(hit), []

    def _others_in_talks(self, hit: Hit, rest: list[Anchor]) -> tuple[list[Anchor], bool]:
        """Who else takes part in talks or a fight, and whether as the object of «خلال لقائه أمس المبعوث الأممي»."""
        rest = self._before_other_talks(hit, rest)
        seen = hit.trigger.suffix and rest and rest[0].led_by == ""
        if seen and rest[0].first - hit.last <= 1 + self._times(hit.last, rest[0].first):
            chair = [a for a in rest[1:] if a.led_by == "مع"]  # «لقائه وفدا برئاسة مخيمر»
            return self._chain(self._with_joined(rest[0], rest)) + chair[:1], True
        led = {"مع", "بين", "و"} | (
            {"ب", "من"} if hit.trigger.mode == "phone" else set()
        )  # «اتصالا بالرئيس»، «من الملك»
        others = [a for a in rest if a.led_by in led and not self._only_a_place(a)]
        return self._chain(_led(others)), bool(seen)

    def _hit_by(self, hit: Hit, rest: list[Anchor]) -> list[Anchor]:
        """Whom a deed was done to: «هجوم على الشرطة»، «قطع علاقاته مع إيران»، «تقديم مساعدات للاجئين»."""
        against = self.page.lexicon.lists["against"] | {"و"} | ({"مع"} if hit.trigger.type == "SANCTION" else set())
        against |= {"ل", "الي"} if hit.trigger.type == "AID" else set()
        return self._chain(_led([a for a in rest if a.led_by in against]))[:2]

    def _from_the_sentence(self, hit: Hit, actors: list[Anchor], *, owned: bool) -> list[Anchor]:
        """The actors with those whom the verb that carries the noun adds: «عقد الوزيران اجتماعا»."""
        frame = hit.trigger.frame
        if frame == "meet" and not actors:
            actors = self._gathered(hit)
        if frame == "clash" and all(a.led_by == "مع" for a in actors):
            actors = self._fighters(hit) + actors
        if frame == "host":
            actors = [a for a in actors if self._holds_office(a)]  # «استقبال سفينة»
        purpose = self.page.words[hit.first].prefix[-1:] == "ل"  # «توجه المبعوث إلى دمشق للقاء الوزير»
        if not actors or (frame in {"meet", "visit"} and (not owned or purpose)):
            actors = self._governor(hit) + actors
        return actors

    def _as_a_circumstance(self, hit: Hit, actors: list[Anchor], seen: bool) -> list[Anchor]:
        """The actors of an event that is told beside another: «قال أوباما خلال اجتماع مع صحفيين»، «في زيارته للمدينة»."""
        frame, suffix = hit.trigger.frame, hit.trigger.suffix
        owned = suffix in {"ه", "ها"} and hit.trigger.genitive != "recipient"
        beside = self.page.words[hit.first - 1].form in self.page.lexicon.lists["during"]
        if not actors and (owned or (frame == "visit" and not suffix)):
            actors = self._named_before(hit.first, owner=owned and frame in TALKS)
        if frame in {"meet", "visit"} and not actors and beside:
            actors = self._named_behind_clause(hit)
        if owned and frame in TALKS and seen and actors:  # «خلال زيارته منزل الأمير»
            return actors + [a for a in self._named_before(hit.first, owner=True) if a not in actors]
        if frame == "meet" and len(actors) == 1 and beside:
            return actors + self._named_before(hit.first)
        return actors

    def _before_other_talks(self, hit: Hit, rest: list[Anchor]) -> list[Anchor]:
        """Without the sides of other talks that stand nearer to them: «زيارة منذ توقيع الاتفاق بين طهران والمجموعة»."""
        limit = rest[-1].first if rest else hit.last
        other = next(
            (
                at
                for at in range(hit.last + 1, limit)
                if any(t.part == "noun" and t.frame in _ALL_ACT for t in self.page.words[at].triggers)
                and self.page.words[at - 1].core not in self.page.lexicon.lists["takes_place"]
            ),
            limit + 1,
        )
        return [a for a in rest if a.first < other or (a.led_by == "مع" and self._holds_office(a))]

    def _owns(self, hit: Hit, anchor: Anchor) -> bool:
        """«هجوما عنيفا لمليشيات الحوثي», but «هجوم على مركز للشرطة»."""
        between = self.page.words[hit.last : anchor.first]
        return len(between) <= _OWNED and not any(word.form in self.page.lexicon.lists["against"] for word in between)

    def _describes(self, anchor: Anchor) -> bool:
        """«هجوم انتحاري»: an adjective of the attack, and nobody."""
        word = self.page.words[anchor.first]
        return (
            anchor.last - anchor.first == 1 and not word.prefix and word.form in self.page.lexicon.lists["of_attacks"]
        )

    def _nations(self, hit: Hit) -> list[Anchor]:
        """The countries of the adjectives behind a noun: «القصف التركي»، «المحادثات الروسية الأميركية»."""
        page, found = self.page, []
        definite = page.flags[hit.first] & w.DEFINITE
        for at in range(hit.last, min(len(page), hit.last + 4)):
            word, flags = page.words[at], page.flags[at]
            if word.prefix or flags & w.MARK or flags & w.DEFINITE != definite or word.role is not None:
                break
            if word.core in page.lexicon.nations and not word.core.endswith(("ون", "ين", "ات")):
                found.append(Anchor(at, at + 1, "nation"))
            elif not word.core.endswith(("ي", "يه", "ه", "ا")):
                break
        return found

    def _object(self, hit: Hit, subject: list[Anchor]) -> list[Anchor]:
        """An object that no table has: «مسلحون هاجموا مسجدا سنيا»، «اختطفوا نقيب الصيادلة»، «أطلقوا النار على دورية»."""
        page = self.page
        _, limit = page.sentence_of(hit.first)
        at = subject[0].last if subject and subject[0].first >= hit.last else hit.last
        found = self._noun(at, limit) if subject and at < limit and not hit.trigger.needs else None
        if found is None:
            on = (
                i
                for i in range(at, min(limit, at + FROM_TRIGGER_TO_ON))
                if page.words[i].form in {"علي", "ضد"} and i + 1 < limit
            )
            found = next((noun for i in on if (noun := self._noun(i + 1, limit)) is not None), None)
        if found is not None and page.words[found[0]].core in page.lexicon.lists["lands"]:
            return []  # «على الحدود السورية»
        owned = found is not None and page.words[found[0]].core.endswith(("ها", "هم", "هما"))  # «على أرضها»
        return [Anchor(*found, "")] if found is not None and not owned else []


def _led(anchors: list[Anchor]) -> list[Anchor]:
    """Without the first ones if they are joined to something else."""
    return anchors[next((n for n, a in enumerate(anchors) if a.led_by != "و"), len(anchors)) :]
