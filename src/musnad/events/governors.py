"""Parties that stand elsewhere than beside the trigger: its governing verb, the subject before it, the host, who underwent it."""

from __future__ import annotations

from musnad.events.anchors import Anchor, Anchors
from musnad.events.parties import PHRASE
from musnad.events.triggers import Hit
from musnad.lexicon import word as w

REACH = 24  # tokens from a trigger to its last party
ENDS = w.STOP | w.THAT | w.COLON | w.CLAUSE | w.SOURCE | w.LINE
_STARTS = w.THAT | w.KANA | w.CLAUSE | w.MARK
_FAR = 120  # tokens from a pronoun back to its person
_GOVERNED = 25  # tokens from an event back to the verb whose object it is
_SUBJECT = 9  # tokens of a subject with those joined to it
_NEAR = 5  # tokens from a meeting to the verb that names who met
_BACK = 12  # tokens from a trigger back to a verb or subject that governs it
_FAR_BACK = 24  # tokens from a verb back to the subject behind «أن», with what is said of it between
_OWNED_UP = 14  # tokens from an attack to who took responsibility for it


class Governors(Anchors):
    """Finds the parties that a verb elsewhere in the sentence gives to a trigger."""

    def _governor(self, hit: Hit) -> list[Anchor]:
        """The subject of the verb whose object the event is: «شنت طائرات التحالف غارات»، «غارات شنها التحالف»."""
        page, light = self.page, self.page.lexicon.lists["light_verbs"]
        light = light | page.lexicon.lists["intends"]
        if hit.trigger.frame == "meet" and page.words[hit.first].prefix[-1:] == "ل":
            light = light | page.lexicon.lists["journeys"]  # «توجه الوزير إلى باريس للقاء نظيره»
        first, limit = page.sentence_of(hit.first)
        carried = page.words[hit.first - 1].core in light and hit.first > first  # «شنوا الهجوم بسيارة يقودها …»
        if not carried and (found := self._carried_behind(hit, limit)):
            return found
        for at in range(hit.first - 1, max(first, hit.first - _GOVERNED) - 1, -1):
            if (
                page.flags[at - 1] & w.RELATIVE
                and page.words[at].core.endswith(("ه", "ها"))
                and not page.words[hit.first].prefix
            ):
                continue  # «الاستطلاع الذي أجرته رويترز بعد القمة»: its object is the survey
            if hit.trigger.frame == "meet" and page.words[at].core in page.lexicon.lists["chairs"]:
                return self._named_before(at, owner=True)  # «خلال ترؤسه اجتماعا للحكومة»
            if page.words[at].core in light or page.words[at].form in light:
                between = [a for a in self.anchors(at + 1, hit.first) if a.led_by in {"", "و"}]
                between = [a for a in between if a.first - at - self._times(at + 1, a.first) <= _NEAR]
                if between:
                    return self._with_joined(between[0], between)
                before = self._before(at)
                if before is not None or page.words[at].core not in page.lexicon.lists["carries_out"]:
                    return [before] if before is not None else []  # but «يعتزم الرئيس عقد اجتماع»
            if page.words[at].core in page.lexicon.lists["doings"]:
                doers = [a for a in self.anchors(at + 1, hit.first)[:1] if a.first == at + 1 and a.led_by == ""]
                if doers and hit.first - doers[0].last <= PHRASE:
                    return doers  # «قيام مستوطنين بإحراق منزل»
            if page.flags[at] & ENDS:
                break
        return self._owner(hit.last, limit)

    def _carried_behind(self, hit: Hit, limit: int) -> list[Anchor]:
        """«غارات شنها التحالف مع فرنسا»، «العملية التي شاركت بها فرنسا»: the subject of a verb behind the event."""
        page, light = self.page, self.page.lexicon.lists["light_verbs"]
        for at in range(hit.last, min(limit, hit.last + _NEAR)):
            form = page.words[at].core
            verb = form in light or form.removesuffix("ها") in light or form.removesuffix("ه") in light
            if not verb or page.words[at].raw.endswith("ة"):
                continue  # «قادة», not «قاده»
            takes_part = at + 1 < limit and page.words[at + 1].form in {"بها", "فيها", "به", "فيه"}
            if not takes_part and not form.endswith(("ه", "ها")):
                continue
            start = at + 1 + takes_part
            found = self.anchors(start, min(limit, at + _SUBJECT))
            if found and not (found[0].led_by == "في" and self._is_place(found[0])):  # «المقرر عقده في سنغافورة»
                allied = [a._replace(led_by="و") if a.led_by == "مع" else a for a in found[1:]]
                return self._with_joined(found[0], [found[0], *allied])
        return []

    def _owner(self, first: int, limit: int) -> list[Anchor]:
        """Who took responsibility or is said to have done it: «تبناه تنظيم القاعدة»، «نسب إلى المتمردين»."""
        for at in range(first, min(limit, first + _OWNED_UP)):
            if self.page.words[at].core in self.page.lexicon.lists["owns_up"]:
                return self.anchors(at + 1, min(limit, at + 8))[:1]
        return []

    def _times(self, first: int, last: int) -> int:
        """How many words of time stand between."""
        return sum(
            bool(self.page.flags[i] & w.TIME) or self.page.words[i].form in {"من", "يوم"} for i in range(first, last)
        )

    def _undergoer(self, hit: Hit) -> list[Anchor]:
        """«تعرضت ثكنة للجيش لهجوم»، «القوات الأميركية تعرضت لهجوم»: who underwent it."""
        page, verbs = self.page, self.page.lexicon.lists["undergoes"]
        if found := self._undergoer_behind(hit):
            return found
        ends = hit.trigger.frame == "kill" and hit.trigger.suffix  # «لقي سبعة أشخاص مصرعهم»
        led = page.words[hit.first].prefix[-1:] == "ل" or page.words[hit.first - 1].form in {"الي", "ل", "من"}
        if not ends and not led:
            return []
        first, _ = page.sentence_of(hit.first)
        for at in range(hit.first - 1, max(first, hit.first - _BACK) - 1, -1):
            if page.words[at].core in verbs:
                between = [a for a in self.anchors(at + 1, hit.first) if a.led_by in {"", "ل"}]
                before = self._before(at)
                return between[:1] or ([before] if before is not None else [])
        return []

    def _undergoer_behind(self, hit: Hit) -> list[Anchor]:
        """«الهجوم الذي تعرض له رجال الأمن»."""
        page, verbs = self.page, self.page.lexicon.lists["undergoes"]
        _, limit = page.sentence_of(hit.first)
        for at in range(hit.last, min(limit, hit.last + _NEAR)):
            if page.words[at].core in verbs and page.flags[at - 1] & w.RELATIVE and at + 1 < limit:
                start = at + 1 + (page.words[at + 1].form in {"له", "لها"})
                return [a for a in self.anchors(start, min(limit, start + _NEAR))[:1] if a.first == start]
        return []

    def _before(self, at: int) -> Anchor | None:
        """The subject before a verb: «كيري يلتقي لافروف»، «وكانت المقاومة قد حررت»، «إن انتحاريا يقود سيارة فجر نفسه»."""
        page = self.page
        first, _ = page.sentence_of(at)
        end = at
        while end > first and page.flags[end - 1] & (w.QAD | w.TIME | w.NEGATION):
            end -= 1
        if end <= first or page.words[at].prefix in {"و", "ف"}:
            return None
        for start in range(end - 1, max(first, end - _FAR_BACK) - 1, -1):
            after_that = start > first and bool(page.flags[start - 1] & w.THAT)
            inside = self.spots.at[start] is not None and not self.spots.starts(start)  # «مون جاي-إن»
            if inside or (end - start > _BACK and not after_that):
                continue
            opens = start == first or bool(page.flags[start - 1] & _STARTS and not page.flags[start - 1] & w.COMMA)
            if not opens:
                continue
            party = (
                self._party(start, end)
                or self._party(start + 1, end)
                or (self._noun(start, end) if after_that else None)
            )
            if party is None:
                continue
            between = page.words[party[1] : end]
            ends = any(page.flags[i] & (ENDS | w.RELATIVE) for i in range(party[1], end))
            told = any((word.cues and word.role is None) or word.triggers for word in between)
            if not ends and not told:
                return Anchor(*party, "")
        return None

    def _host(self, visitors: list[Anchor], behind: list[Anchor]) -> list[Anchor]:
        """The country that is visited, or whose capital is, takes part, unless the visitor is its own."""
        for anchor in behind:
            country = self._government(anchor) if anchor.led_by in {"الي", "ل", ""} and anchor not in visitors else None
            if country is None:
                continue
            titles = {
                self.page.lexicon.nations.get(self.page.words[at].core)
                for v in visitors
                for at in range(v.first, v.last)
            }
            return [] if country in titles else [anchor._replace(led_by="host")]
        return []

    def _fighters(self, hit: Hit) -> list[Anchor]:
        """The body or group of whose doings a fight is a circumstance: «تمكن الجيش من دخول المدينة بعد معارك»."""
        first, _ = self.page.sentence_of(hit.first)
        around = self.anchors(max(first, hit.first - _GOVERNED), hit.first)
        for anchor in around:
            spot, role = self.spots.at[anchor.first], self.page.words[anchor.first].role
            fights = (spot is not None and spot[2] == "ORG") or (role is not None and role.kind in {"body", "group"})
            tells = any(cue.part != "noun" for cue in self.page.words[anchor.first - 1].cues)  # «أفاد المرصد بمقتل …»
            if fights and anchor.led_by == "" and not tells:
                return self._with_joined(anchor, around)
        return []

    def _gathered(self, hit: Hit) -> list[Anchor]:
        """«القمة التي جمعت بوتين وترامب»، «قمة تجمع بين بوتين وترامب»."""
        _, limit = self.page.sentence_of(hit.first)
        sides, gathers = {"", "و", "بين", "مع", "ب"}, self.page.lexicon.lists["gathers"]
        if self.page.words[hit.first - 1].core in gathers:  # «جمع لقاء في باريس وزيري الخارجية»
            return [a for a in self.anchors(hit.last, min(limit, hit.last + REACH)) if a.led_by in sides]
        for at in range(hit.last, min(limit, hit.last + _NEAR)):
            if self.page.words[at].core in gathers:
                return [a for a in self.anchors(at + 1, min(limit, at + REACH)) if a.led_by in sides]
            if self.page.flags[at] & w.STOP or self.page.words[at].triggers:
                break  # «جاءت المفاوضات بعد قمة جمعت …»: that gathering is another
        return []

    def _is_body(self, anchor: Anchor) -> bool:
        role = self.page.words[anchor.first].role
        return role is not None and role.kind == "body"

    def _named_behind_clause(self, hit: Hit) -> list[Anchor]:
        """«وخلال قمة في بانمونجوم، أكد كيم ومون التزامهما»: whose deed it was a circumstance of, where that follows."""
        first, limit = self.page.sentence_of(hit.first)
        if hit.first - first > 1:
            return []
        for at in range(hit.last, min(limit, hit.last + REACH)):
            word = self.page.words[at]
            if any(cue.part == "past" for cue in word.cues) and word.role is None and not word.prefix:
                found = self.anchors(at + 1, min(limit, at + REACH))
                subject = [a for a in found[:1] if a.led_by == "" and a.first - at <= 2]
                return [a for a in self._with_joined(subject[0], found) if self._holds_office(a)] if subject else []
        return []

    def _named_before(self, at: int, *, owner: bool = False) -> list[Anchor]:
        """The last person or office holder before a noun in its sentence; of «زيارته» also in the sentences before."""
        first, _ = self.page.sentence_of(at)
        first = next((i + 1 for i in range(at - 1, first - 1, -1) if self.page.flags[i] & w.THAT), first)
        people = [
            a
            for a in self.anchors(max(first, at - REACH), at)
            if self._holds_office(a) and a.led_by not in {"علي", "ضد"}
        ]
        if people:
            return people[-1:]
        if owner:  # «أعرب المجلس في اجتماعه عن قلقه»
            subjects = [a for a in self.anchors(first, at) if a.led_by == "" and self._is_body(a)]
            if subjects:
                return subjects[-1:]
        for spot in reversed(self.spots.all) if owner else ():
            if spot[1] <= at and spot[2] == "PER":
                return [Anchor(spot[0], spot[1], "")] if at - spot[0] < _FAR else []
        return []
