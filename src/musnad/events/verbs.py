"""Who takes part in an event that a verb tells: by the frame of its row in the table and where the parties stand."""

from __future__ import annotations

from musnad.events.anchors import Anchor
from musnad.events.nouns import FROM_TRIGGER_TO_ON, Nouns
from musnad.events.parties import PHRASE
from musnad.events.triggers import Hit
from musnad.lexicon import word as w
from musnad.page import Page
from musnad.text.clitics import without_article

_DESCRIBED = 7  # tokens of a phrase that a relative clause describes
_LEADS = {"", "و", "علي", "ضد", "عن", "ب", "ل"}  # what leads to whom a deed is done to
_SUFFERS = {"kill"}


class Verbs(Nouns):
    """Finds the parties of triggers that are verbs."""

    def _of_verb(self, hit: Hit, behind: list[Anchor]) -> tuple[list[Anchor], list[Anchor], bool]:
        page = self.page
        if hit.trigger.frame in {"attack", "kill"} and self._of_an_attack(hit.first):
            return *self._by_frame(hit, [], behind), False
        if hit.trigger.frame == "attack" and (by_whom := self._attack_behind(hit)) is not None:
            rest = [a for a in behind if a.first > hit.last and a not in by_whom]
            return by_whom, self._by_frame(hit, [], rest)[1], False
        if page.flags[hit.first - 1] & w.RELATIVE and not hit.trigger.suffix and hit.first > 1:
            subject = self._antecedent(hit.first - 1)
            return *self._by_frame(hit, subject, behind), False
        direct = [a for a in behind if a.led_by in {"", "و"}]
        start = hit.last
        for anchor in behind:  # «التقى أمس في بيروت رئيس الحكومة …»
            if anchor.led_by not in {"في", "ب"} or not self._is_place(anchor) or anchor.first - start > 2:
                break
            start, behind = anchor.last, behind[1:]
        near = bool(direct) and direct[0] is behind[0]
        near = near and direct[0].first - start - self._times(start, direct[0].first) <= 2
        after = hit.trigger.number != "s"  # a verb before its subject is singular: behind «خطفوا» stands the object
        near = near and not after and not self._is_object(direct[0]) and not pronoun_subject(page, hit)
        before = None if page.flags[hit.first - 1] & w.RELATIVE else self._described(hit) or self._before(hit.first)
        if before is not None and self._only_a_place(before):
            before = None  # «وفي بلدة بيت حانون، أطلقت القوات النار»
        by = [a for a in behind if a.led_by == "by"]
        if by:
            return by[:1], [before] if before is not None else direct[:1], False
        of_relative = near and hit.trigger.suffix  # «صاروخا أطلقه مسلحون»
        if before is not None and not of_relative and (not near or not page.words[hit.first].prefix):
            joined = self.anchors(before.first, hit.first) if hit.trigger.number != "s" else []
            subject = self._with_joined(joined[0], joined) if joined and joined[0].first == before.first else [before]
            rest = behind
        elif near:
            subject = self._with_joined(behind[0], behind)
            rest = [a for a in behind if a not in subject]
        else:
            subject, rest = self._going_on(hit) or self._giver(hit), behind
        return *self._by_frame(hit, subject, rest), not subject

    def _attack_behind(self, hit: Hit) -> list[Anchor] | None:
        """«استهدفت غارة أمريكية الحاج»: the attack that is the subject has done it for those whose it is; None elsewhere."""
        if hit.last >= len(self.page) or self.page.words[hit.last].prefix:
            return None
        noun = next((t for t in self.page.words[hit.last].triggers if t.type == "ASSAULT" and t.part == "noun"), None)
        return self._nations(Hit(hit.last, hit.last + 1, noun)) if noun is not None else None

    def _described(self, hit: Hit) -> Anchor | None:
        """«أنقذت الشرطة امرأة من نيكاراغوا احتجزت عاما»: somebody unknown, of whom a verb right behind tells."""
        page = self.page
        if hit.trigger.part != "past" or hit.trigger.suffix or page.words[hit.first].prefix:
            return None
        end = hit.first
        if end > 2 and page.words[end - 2].form == "من" and self.spots.at[end - 1] is not None:
            end -= 2
        for first in range(max(0, end - _DESCRIBED), end):
            party = self._party(first, end)
            if party == (first, end) and not page.flags[first] & w.DEFINITE and self._are_people([Anchor(*party, "")]):
                return Anchor(*party, "")
        return None

    def _going_on(self, hit: Hit) -> list[Anchor]:
        """Whose deeds a joined verb goes on to tell: «داهمت الشرطة منزلا وألقت القبض على رجلين»."""
        page = self.page
        first, _ = page.sentence_of(hit.first)
        verb = page.words[first]
        told = any(trigger.part == "past" for trigger in verb.triggers) or any(cue.part == "past" for cue in verb.cues)
        joined = page.words[hit.first].prefix == "و" and hit.trigger.part == "past" and hit.trigger.number == "s"
        if hit.trigger.frame == "kill":
            return []  # «قال مصدر إن شخصا قتل وأصيب أربعة»
        if not told or not joined or verb.core.endswith("ت") != page.words[hit.first].core.endswith("ت"):
            return []
        return [a for a in self.anchors(first + 1, hit.first)[:1] if a.first == first + 1 and a.led_by == ""]

    def _giver(self, hit: Hit) -> list[Anchor]:
        """«وصلت طائرة مساعدات إماراتية إلى عدن»: whose the aid is."""
        words, limit = self.page.words, min(len(self.page), hit.last + FROM_TRIGGER_TO_ON)
        if hit.trigger.frame != "give":
            return []
        return [
            Anchor(at, at + 1, "nation")
            for at in range(hit.last + 1, limit)
            if words[at].core in self.page.lexicon.nations
            and not self.page.flags[at] & w.DEFINITE
            and (words[at - 1].core in hit.trigger.needs or words[at - 2].core in hit.trigger.needs)
        ][:1]

    def _of_an_attack(self, at: int) -> bool:
        """«هجوم انتحاري يستهدف الشرطة»، «انفجار استهدف دورية»: the attack is the subject, and nobody."""
        if not at or self.page.flags[at - 1] & w.MARK or self.page.words[at].prefix:
            return False
        relative = self.page.flags[at - 1] & w.RELATIVE
        for word in reversed(self.page.words[max(0, at - (_DESCRIBED if relative else PHRASE)) : at]):
            if word.flags & w.MARK:
                return False
            if any(other.type == "ASSAULT" and other.part == "noun" for other in word.triggers):
                return True
        return False

    def _antecedent(self, relative: int) -> list[Anchor]:
        """Who stands right before a relative pronoun: «المسلحون الذين اقتحموا القرية»."""
        for first in range(relative - 1, max(-1, relative - _DESCRIBED), -1):
            if self.page.flags[first] & w.MARK:
                break
            party = self._party(first, relative)
            if party is not None:
                return [Anchor(*party, "")] if relative - party[1] < PHRASE else []
        return []

    def _by_frame(self, hit: Hit, subject: list[Anchor], rest: list[Anchor]) -> tuple[list[Anchor], list[Anchor]]:
        frame = hit.trigger.frame
        if frame in {"meet", "host", "visit"}:
            rest = self._without_office_of(subject, rest)
        if frame in {"meet", "clash", "sign"}:
            led = {"", "و", "مع", "ب", "بين"} | ({"من"} if hit.trigger.mode == "phone" else set())
            if hit.trigger.genitive == "matter":
                led = {"مع", "بين"}  # «بحث الوزيران التعاون»
            others = [a for a in rest if a.led_by in led and not self._only_a_place(a)]
            if frame != "sign":
                others = [a for a in others if a.led_by in {"مع", "بين", "من"} or not self._is_place(a)]
            return subject + self._chain(others), []
        if frame == "host" and not any(self._holds_office(a) for a in subject):
            return [], []  # «استقبل المستشفى الجرحى»
        if frame in {"visit", "host"}:
            others = [a for a in rest if a.led_by == "" and not self._is_place(a)][:1]
            return subject + others, []
        if frame == "arrive":
            delegations = self.page.lexicon.lists["delegations"]
            return [a for a in subject if self._holds_office(a) or self.page.words[a.first].core in delegations], []
        suffered = (frame == "take" or hit.trigger.mode == "abduct") and hit.trigger.part == "past"
        if suffered and not any(a.led_by == "" for a in rest) and self._are_people(subject):
            if subject[0].first >= hit.last or not self._object(hit, subject):
                return [], subject  # «اعتقل الناشطون»، «اختطف 9 عراقيين»: a passive
        if frame in _SUFFERS:
            return self._of_killing(hit, subject, rest)
        if frame in {"attack", "take"} and not any(a.led_by in {"", "علي", "ضد"} for a in rest):
            rest = rest + self._object(hit, subject)
        if frame == "crowd":
            return subject, [a for a in rest if a.led_by in {"ضد", "علي"}][:1]
        if hit.trigger.mode == "withdraw" and hit.trigger.type == "SANCTION" and (posts := self._posts(hit)):
            return subject, posts
        sanction = hit.trigger.type == "SANCTION"
        led = _LEADS | ({"الي"} if frame == "give" or sanction else set()) | ({"مع"} if sanction else set())
        return subject, self._chain(
            [a for a in rest if a.led_by in led and not (a.led_by == "ب" and self._is_place(a))]
        )

    def _posts(self, hit: Hit) -> list[Anchor]:
        """«استدعت باريس سفيرها لدى روما»: the countries where the envoys serve."""
        _, limit = self.page.sentence_of(hit.first)
        for at in range(hit.last, min(limit, hit.last + FROM_TRIGGER_TO_ON)):
            if self.page.words[at].form in self.page.lexicon.lists["posted"]:
                found = self._chain([a for a in self.anchors(at + 1, limit) if a.first == at + 1 or a.led_by == "و"])
                return [a._replace(led_by="host") for a in found if self._government(a) is not None]
        return []

    def _without_office_of(self, subject: list[Anchor], rest: list[Anchor]) -> list[Anchor]:
        """«التقى علي الغفيص وزير العمل أمس محمد الصمعاني»: offices behind a name are his, where somebody else follows."""
        if not subject or self.cast.person_in(*subject[-1][:2]) is None:
            return rest
        end, kept = subject[-1].last, list(rest)
        while len([a for a in kept if a.led_by == ""]) > 1 and kept[0].first - end <= 1:
            role = self.page.words[kept[0].first].role
            if role is None or role.kind != "office" or self.spots.person(kept[0].last - 1) is not None:
                break
            end = kept.pop(0).last
        return kept

    def _of_killing(self, hit: Hit, subject: list[Anchor], rest: list[Anchor]) -> tuple[list[Anchor], list[Anchor]]:
        """«قتل أربعة حوثيين» is a passive; «قتل الجيش ثلاثة مسلحين» has an object."""
        objects = [a for a in rest if a.led_by == "" and not self._is_place(a)]
        subject = [a for a in subject if not self._is_place(a) or self._government(a)]
        if subject and objects and subject[0].last <= hit.first and objects[0].first == hit.last:
            return subject, objects[:1]  # «إن مسلحين قتلوا خمسة جنود»
        counted = not subject or self._counted(subject[0].first, subject[0].last) is not None
        counted = counted or any(self.page.flags[i] & w.NUMBER for i in range(hit.last, subject[0].first))
        if subject and objects and not counted and hit.trigger.part != "past":
            return subject, objects[:1]
        numbered = subject and any(
            self.page.flags[i] & w.NUMBER or self.page.words[i].core in self.page.lexicon.lists["numerals"]
            for a in objects[:1]
            for i in range(subject[0].last, a.last)
        )
        if subject and not counted and ((objects and numbered) or self._is_force(subject[0])):
            return subject, objects[:1] or self._object(hit, subject)  # «قد قتلت فرقة من الجيش أربعة من المتهمين»
        return [], subject or objects[:1]

    def _is_force(self, anchor: Anchor) -> bool:
        """«الجيش»، «قوات الأمن»، «إسرائيل»: what can only have killed, where somebody else was killed."""
        page, spot = self.page, self.spots.at[anchor.first]
        arm = without_article(page.words[anchor.first].core) in page.lexicon.lists["arms"]
        return arm or self._is_body(anchor) or (spot is not None and spot[2] in {"ORG", "LOC"})

    def _are_people(self, subject: list[Anchor]) -> bool:
        """Somebody by trade or state, and no body that could act."""
        if not subject:
            return False
        first, last, _ = subject[0]
        role = self.page.words[first].role
        return self._counted(first, last) is not None or (
            role is not None and role.kind in {"group", "unnamed", "person"}
        )

    def _is_object(self, anchor: Anchor) -> bool:
        """«حاصرت الحوثيين»: the ending of a plural tells the object."""
        word = self.page.words[anchor.first]
        before = self.page.words[anchor.first - 1]
        if self._is_place(anchor) and without_article(before.core) in self.page.lexicon.lists["regions"]:
            return True  # «استهدفا منطقة الكسوة»
        if word.core == "عددا":
            return True  # «استهدفت عددا من القواعد»
        last = self.page.words[anchor.last - 1]
        if anchor.last - anchor.first > 1 and last.core.endswith("ين") and last.core.startswith("ال") and not last.role:
            return self.spots.at[anchor.last - 1] is None  # «تقصف السكان المدنيين»
        plural = word.core.endswith("ين") and len(word.core) > 5
        if anchor.first and self.page.words[anchor.first - 1].core in self.page.lexicon.lists["nobody"]:
            return False  # «آلاف اللبنانيين»
        one = word.role is not None and word.role.kind == "office"  # «الأمين»
        return plural and not one and self.spots.at[anchor.first] is None and bool(word.role or word.flags & w.DEMONYM)


def pronoun_subject(page: Page, hit: Hit) -> str:
    """The pronoun of «أكد أنه سيلتقي لافروف»، «قال إنهما لم يتوصلا»: the subject is on the complementiser; empty for none."""
    for word in page.words[max(0, hit.first - 2) : hit.first]:
        if word.flags & w.THAT:
            return next((pronoun for pronoun in ("هما", "ها", "هم", "ه") if word.form.endswith(pronoun)), "")
    return ""
