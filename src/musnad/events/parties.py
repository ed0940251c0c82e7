"""How far a party goes that begins at a token: «8 متظاهرين فلسطينيين»، «قوات الأمن التركية»، «الأمين العام … الدكتور …»."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.text.clitics import without_article
from musnad.times import Time

_ROLES = {"office", "body", "group", "person", "unnamed"}
_TITLES = {"office", "person", "honorific"}
_LONG = 4  # letters above which an ending «ون» or «ين» is that of a plural
PHRASE = 3  # tokens of a noun and its adjectives
_TITLES_LONG = 22  # tokens from one title to a name behind all of them
_QUOTED = 6  # tokens of a name in quotation marks


class Parties:
    """Finds where the parties of one page end."""

    def __init__(self, page: Page, spots: Spots, cast: Cast, times: list[Time]) -> None:
        self.page, self.spots, self.cast = page, spots, cast
        self.timed = {at: time.last for time in times for at in range(time.first, time.last)}

    def _party(self, at: int, limit: int) -> tuple[int, int] | None:
        page, word, spot = self.page, self.page.words[at], self.spots.at[at]
        if spot is None and (counted := self._counted(at, limit)) is not None:
            return at, self._with_body(counted, limit)
        rocket = spot is not None and spot[2] == "LOC" and word.form in page.lexicon.lists["of_attacks"]  # «باليستيا»
        if rocket or (spot is not None and spot[1] - spot[0] == 1 and self._is_the_place(at)):
            return None
        if spot is not None:
            known = spot[2] != "MISC" or (word.role is not None and word.role.kind in {"body", "group"})
            return (at, min(spot[1], limit)) if known else None
        counts = word.core in page.lexicon.lists["nobody"] and not page.flags[at] & w.DEFINITE
        if counts and at + 2 < limit and page.words[at + 1].form == "من":
            party = self._party(at + 2, limit) or self._noun(at + 2, limit)
            return (at, party[1]) if party is not None and party[0] == at + 2 else None  # «عدد من الصحفيين»
        if word.core in page.lexicon.lists["counterparts"]:
            return self._counterpart(at, limit)
        attack = (
            at > 0 and bool(page.words[at - 1].triggers) and all(t.part == "noun" for t in page.words[at - 1].triggers)
        )
        if attack and word.form in page.lexicon.lists["of_attacks"]:
            return None  # «بهجوم انتحاري»
        if (end := self._dual(at)) or (end := self._followers(at, limit)) or (end := self._forces(at, limit)):
            return at, end
        if word.core in page.lexicon.lists["ordinals"]:
            return None
        if word.role is not None and word.role.kind in _ROLES:
            return self._of_role(at, limit, word.role.kind)
        if word.role is not None and word.role.kind == "honorific":  # صاحب السمو الملكي الأمير محمد بن سلمان
            named = self._named_behind(at + 1, limit)
            return (at, named) if named is not None else None
        people = page.flags[at] & w.DEMONYM and word.form.endswith(("ون", "ين"))
        if people and not (at and page.flags[at - 1] & w.DEFINITE and page.flags[at] & w.DEFINITE):
            return at, self._with_adjectives(at + 1, limit, word.core)
        if (
            word.core.endswith("ون")
            and len(word.core) > _LONG
            and not self._is_verb(at)
            and word.core not in page.lexicon.lists["numerals"]
        ):  # «متشددون»: people, as the subject
            return at, self._with_adjectives(at + 1, limit, word.core)
        return None

    def _of_role(self, at: int, limit: int, kind: str) -> tuple[int, int] | None:
        """A party that begins with a noun of the table of roles."""
        page, word = self.page, self.page.words[at]
        if word.form in page.lexicon.lists["of_attacks"]:
            return at, self._end_of_nation(at + 1, limit)  # «قتل مسلح ثلاثة جنود»: such an adjective takes no genitive
        first, last = read_subject(page, self.spots, at, limit, here=True) or (at, at + 1)
        person = next((i for i in range(first, last) if self.spots.person(i)), None)
        if person is not None:
            spot = self.spots.at[person]
            assert spot is not None
            two = without_article(word.core) in page.lexicon.lists["offices_of_two"]
            if two and person == first + 1:
                return person, spot[1]  # «الوزيران جان إيف لودريان وسيرغي لافروف»
            if kind == "group":  # «المتمردين الحوثيين وفلول الرئيس صالح»
                last = next((i for i in range(first + 1, person) if self._leads_away(i)), last)
            elif kind == "body" and person == first + 1 and not page.flags[first] & w.DEFINITE:
                return first, min(spot[1], limit)  # «ميليشيات صالح»
            elif kind == "body":  # «اعتقلت قوات الأمن الناشط سامي الخوري»
                last = self._title_of(person, first + 1)
            else:
                return first, min(last, spot[1])
        inside = self._end_of_noun(first, last, limit)
        behind = self.spots.at[inside] if inside < limit else None
        plural = word.core.endswith(("ون", "ين")) and len(word.core) > _LONG  # takes no genitive
        open_ended = not plural and not page.flags[first] & w.DEFINITE  # «النظام السوري | الغوطة الشرقية»
        if behind and behind[0] == inside and behind[2] != "PER" and not page.words[inside].prefix and open_ended:
            return first, min(behind[1], limit)  # حركة حماس
        if kind in {"body", "group"}:
            return first, self._with_owner(first, self._with_body(inside, limit), limit)  # «وفد من حركة حماس»
        named = self._named_behind(inside, limit)
        if named is None and kind == "office" and page.flags[first] & w.DEFINITE:
            named = self._named_behind_titles(inside, limit)
        return first, named or inside

    def _end_of_nation(self, at: int, limit: int) -> int:
        """The end of the adjectives of nations at a token: «مسلح | فلسطيني»، «بنظيره | السوداني»."""
        while at < limit and self.page.flags[at] & w.DEMONYM and not self.page.words[at].prefix:
            at += 1
        return at

    def _counted(self, at: int, limit: int) -> int | None:
        """The end of «8 متظاهرين فلسطينيين»، «ألفي عراقي»: a number and who is counted; None where it is something else."""
        page, lists = self.page, self.page.lexicon.lists
        if page.words[at].core in lists["about"] and at + 1 < limit:  # «أكثر من 30 متطرفا»
            return self._counted(at + 1 + (page.words[at + 1].form == "من"), limit)
        if at + 1 >= limit or not (page.flags[at] & w.NUMBER or page.words[at].core in lists["numerals"]):
            return None
        if page.words[at + 1].form == "من" and at + 2 < limit:  # «ثمانية من عناصر الشرطة»
            if page.words[at + 2].form in lists["one_of"] and at + 3 < limit:
                return at + 4  # «اثنين من أبرز قياداتها»
            party = self._party(at + 2, limit)
            return party[1] if party is not None and party[0] == at + 2 else None
        joined = page.words[at + 1]
        if joined.prefix == "و" and joined.core in lists["numerals"] and at + 2 < limit:
            at += 1  # «ثلاثة وعشرين دبلوماسيا»
        noun, flags = page.words[at + 1], page.flags[at + 1]
        person = noun.role is not None and noun.role.kind in {"person", "group", "unnamed"}
        several = noun.core.endswith(("ين", "ون", "يا")) and len(noun.core) > _LONG and not flags & (w.NUMBER | w.TIME)
        person = person or several or noun.core in lists["counted"] or bool(flags & w.DEMONYM)
        scores = page.words[at].core in lists["scores"] and self._party(at + 1, limit) is None  # «مئات الأشخاص»
        person = person or (scores and without_article(noun.core) in lists["counted"])
        if noun.prefix or (flags & w.DEFINITE and not scores) or noun.core in lists["numerals"] or not person:
            return None
        return self._end_of_nation(at + 2, limit)

    def _counts(self, at: int) -> bool:
        """A word that says how many: «عدد من»، «أكثر من»."""
        lists, core = self.page.lexicon.lists, self.page.words[at].core
        return core in lists["nobody"] or core in lists["about"] or core in lists["numerals"]

    def _dual(self, at: int) -> int:
        """The end of «جنديان أميركيان»، «مقتل شرطيين»: two of who may be counted; 0 for anything else."""
        word, counted = self.page.words[at], self.page.lexicon.lists["counted"]
        stem = word.core[:-3] + "ه" if word.core[-3:] in {"تان", "تين"} else word.core[:-2]  # «رهينتين»
        if (
            word.core[-2:] not in {"ان", "ين"}
            or not (stem in counted or stem + "ا" in counted)
            or word.role is not None
        ):
            return 0
        adjective = at + 1 < len(self.page) and self.page.words[at + 1].core[-2:] == word.core[-2:]
        return at + 1 + (adjective and self._is_plain(at + 1))

    def _counterpart(self, at: int, limit: int) -> tuple[int, int] | None:
        """«بنظيره السوداني»: somebody in the same office elsewhere, where no name follows that says who."""
        end = self._end_of_nation(at + 1, limit)
        named = any(self.spots.person(i) for i in range(end, min(end + 2, limit)))
        return (at, end) if end > at + 1 and not named else None

    def _noun(self, at: int, limit: int) -> tuple[int, int] | None:
        """A noun that no table has, with its adjectives: «إن وحدة إسرائيلية خاصة اغتالت»، «هاجموا مسجدا سنيا»."""
        page, word = self.page, self.page.words[at]
        other = (
            w.PREPOSITION
            | w.NUMBER
            | w.TIME
            | w.MARK
            | w.PRONOUN
            | w.ADVERBIAL
            | w.RELATIVE
            | w.NEGATION
            | w.KANA
            | w.THAT
        )
        if (
            page.flags[at] & other
            or word.prefix
            or word.cues
            or word.triggers
            or self._is_verb(at)
            or word.core in page.lexicon.lists["takes_place"]
            or word.form in page.lexicon.lists["of_attacks"]
            or len(word.core) < 3
        ):
            return None
        end = at + 1
        while end < min(limit, at + PHRASE) and not self._leads_away(end) and not self._is_verb(end):
            adjective = page.words[end].core.endswith(("ي", "يه", "ين", "ون", "يا")) or page.flags[end] & w.DEMONYM
            if not adjective or page.flags[end] & w.DEFINITE != page.flags[at] & w.DEFINITE:
                break
            end += 1
        return at, self._with_body(end, limit)  # «قوة من الشرطة العراقية»

    def _forces(self, at: int, limit: int) -> int:
        """The end of «الأمن الأردني»، «الطيران الحربي الروسي»: an arm of the state beside its country's name; 0 else."""
        page = self.page
        if page.words[at].core not in page.lexicon.lists["arms"]:
            return 0
        end = at + 1
        while end < min(limit, at + PHRASE) and page.flags[end] & w.DEFINITE and not page.words[end].prefix:
            if page.flags[end] & w.DEMONYM:
                return end + 1
            end += 1
        return 0 if end >= limit or page.words[end].prefix or not page.flags[end] & w.DEMONYM else end + 1

    def _followers(self, at: int, limit: int) -> int:
        """The end of «أنصار الحريري»، «عناصر الشرطة»: those of a person, a body or a place; 0 for anything else."""
        if self.page.words[at].core not in self.page.lexicon.lists["followers"] or at + 1 >= limit:
            return 0
        known = self.spots.at[at + 1] is not None or self.page.flags[at + 1] & w.DEFINITE
        if self.page.words[at + 1].prefix or self.page.flags[at + 1] & w.MARK or not known:
            return 0
        party = self._party(at + 1, limit)
        return party[1] if party is not None and party[0] == at + 1 else 0

    def _with_body(self, at: int, limit: int) -> int:
        """The end of the body that some people belong to: «9 رجال من الشرطة الاتحادية»، «مسلحين من تنظيم داعش»."""
        if at + 1 < limit and self.page.words[at].form == "من":
            spot, role = self.spots.at[at + 1], self.page.words[at + 1].role
            if (spot is not None and spot[2] == "ORG") or (role is not None and role.kind in {"body", "group"}):
                party = self._party(at + 1, limit)
                end = party[1] if party is not None and party[0] == at + 1 else at
                return end + (end < limit and bool(self.page.flags[end] & w.NUMBER))  # «الفرقة 30»
        return at

    def _with_owner(self, first: int, last: int, limit: int) -> int:
        """The end of the body that an organ or a unit belongs to: «الهيئة العامة للائتلاف الوطني»، «دورية للجيش»."""
        page = self.page
        organ = without_article(page.words[first].core) in page.lexicon.lists["organs"]
        unit = page.words[first].core in page.lexicon.lists["units"]
        if not (organ or unit) or last >= limit or page.words[last].prefix != "ل":
            return last
        spot, role = self.spots.at[last], page.words[last].role
        if (spot is not None and spot[2] == "ORG") or (role is not None and role.kind == "body"):
            party = self._party(last, limit)
            return party[1] if party is not None and party[0] == last else last
        return last

    def _is_the_place(self, at: int) -> bool:
        """«القاعدة» where the text has told of a «قاعدة العند»: no name."""
        noun = without_article(self.page.words[at].core)
        if noun not in self.page.lexicon.lists["towns"] or not self.page.flags[at] & w.DEFINITE:
            return False
        return any(word.core == noun for word in self.page.words[:at])

    def _end_of_noun(self, first: int, last: int, limit: int) -> int:
        """Where the phrase of a group or body ends: before a particle that leads away, a verb, or what belongs to another noun."""
        page, word = self.page, self.page.words[first]
        end = next((i for i in range(first + 1, last) if self._leads_away(i) or self._is_verb(i)), last)
        if (
            end < limit
            and page.flags[end] & w.DEFINITE
            and without_article(page.words[end].core) in page.lexicon.lists["numerals"]
        ):
            return end + 1  # «قادة الدول الثلاث»
        end = next((i for i in range(first + 1, end) if self._is_other(i, first)), end)
        if word.core.endswith(("ون", "ين")) and len(word.core) > _LONG:
            if end > first + 1 and self._names_another(first):
                end = first + 1  # «أطلق مسلحون النار»: a plural with its ن takes no genitive
            return self._with_body(max(end, self._with_adjectives(first + 1, limit, word.core)), limit)
        if end == first + 1 and not page.flags[first] & w.DEFINITE and end < limit:
            if page.flags[end] & w.OPEN and page.quotes.close.get(end, len(page)) - end <= _QUOTED:
                return page.quotes.close[end] + 1  # قوات «ألوية العمالقة»
            while end < min(limit, first + 4) and page.flags[end] & w.DEFINITE and not page.words[end].prefix:
                end += 1  # لمليشيات الحوثي
        return end

    def _with_adjectives(self, at: int, limit: int, noun: str) -> int:
        """The end of the adjectives that agree with a plural: «متظاهرين فلسطينيين»."""
        definite = noun.startswith("ال")
        while at < limit and not self._leads_away(at) and self.spots.at[at] is None:
            core = self.page.words[at].core
            if (
                core[-2:] not in {"ون", "ين"}
                or len(core) <= _LONG
                or core.startswith("ال") != definite
                or self._is_verb(at)
            ):
                break
            at += 1
        return at

    def _named_behind(self, at: int, limit: int) -> int | None:
        """The end of the person's name that an office leads to: «وزير الخارجية الأستاذ عادل الجبير»."""
        page = self.page
        for i in range(at, min(at + 6, limit)):
            if self.spots.starts(i):
                spot = self.spots.person(i)
                return spot[1] if spot is not None and not page.words[i].prefix else None
            role = page.words[i].role
            if page.flags[i] & (w.MARK & ~w.COMMA | w.PREPOSITION) or not (
                page.flags[i] & (w.COMMA | w.DEFINITE | w.DEMONYM) or (role is not None and role.kind == "honorific")
            ):
                return None
        return None

    def _named_behind_titles(self, at: int, limit: int) -> int | None:
        """The end of the name that a chain of titles leads to, each with what it is over: «المستشار في الديوان الملكي
        المشرف العام على مركز الإغاثة الدكتور عبدالله الربيعة». An honorific, or a title right before it, marks the name.
        """
        page = self.page
        titled = False  # an honorific stands right before
        for i in range(at, min(at + _TITLES_LONG, limit)):
            word, flags, spot = page.words[i], page.flags[i], self.spots.at[i]
            if spot is not None and spot[2] == "PER" and (titled or not self._gives_its_name(i)):
                return spot[1] if titled and spot[0] == i else None
            titled = word.role is not None and word.role.kind == "honorific" and not word.prefix
            joined = word.prefix == "و" and not flags & w.DEFINITE
            timed = flags & w.TIME and not flags & w.TITLE_ADJECTIVE
            if joined or timed or flags & (w.MARK | w.THAT | w.RELATIVE) or self._is_verb(i):
                return None
        return None

    def _gives_its_name(self, at: int) -> bool:
        """«مركز الملك سلمان»: a body is called after a person."""
        body = self.page.words[at - 2].role if at > 1 else None
        return body is not None and body.kind == "body"

    def _named_in_place(self, first: int, last: int, limit: int) -> int:
        """The end of «المنسق الإقليمي للعمليات في اليمن عامر الداوودي», an office with its place and then a name; else `last`."""
        page, role = self.page, self.page.words[first].role
        if role is None or role.kind != "office" or self.spots.person(last - 1) is not None:
            return last
        for i in range(last, min(last + _TITLES_LONG, limit)):
            spot = self.spots.at[i]
            if spot is not None and spot[2] == "PER":
                place = self.spots.at[i - 1] is not None or bool(page.flags[i - 1] & (w.PLACE | w.DEMONYM))
                return spot[1] if place and not page.words[i].prefix else last
            if (
                page.flags[i] & (w.MARK | w.TIME | w.THAT | w.RELATIVE)
                or page.words[i].prefix == "و"
                or self._is_verb(i)
            ):
                return last
        return last

    def _title_of(self, person: int, floor: int) -> int:
        """Where the title before a name begins."""
        while person > floor and (role := self.page.words[person - 1].role) is not None and role.kind in _TITLES:
            person -= 1
        return person

    def _is_plain(self, at: int) -> bool:
        return not (self.page.words[at].prefix or self.page.words[at].triggers or self.page.words[at].cues)

    def _is_other(self, at: int, first: int) -> bool:
        """What cannot belong to a phrase: «حركات مسلحة | اتفاق سلام»، «محكمة أميركية | مواطنا»."""
        word = self.page.words[at]
        accusative = word.role is not None and word.core == word.role.noun + "ا"
        return accusative or (at > first + 1 and bool(word.triggers))

    def _is_verb(self, at: int) -> bool:
        """A finite verb, as far as its form tells: «رجل أفغاني يشتبه»، «صحفي يعمل»، «مسلحة أسفرت»."""
        word, flags = self.page.words[at], self.page.flags[at]
        if (
            flags & (w.DEFINITE | w.DEMONYM | w.TIME | w.NUMBER)
            or self.spots.at[at] is not None
            or word.role is not None
        ):
            return False
        told = any(cue.part in {"past", "present"} for cue in word.cues)
        done = any(trigger.part != "noun" for trigger in word.triggers) and all(t.part != "noun" for t in word.triggers)
        imperfect = (
            word.core[:1] in ("ي", "ت") and len(word.core) > 3 and not word.core.endswith(("ي", "يه", "ين", "ات"))
        )
        future = word.core[:2] in ("سي", "ست") and word.core.endswith("ون")  # «سيكون»
        return told or done or future or (imperfect and word.core[:1] == "ي")

    def _names_another(self, at: int) -> bool:
        return bool(self.page.flags[at + 1] & w.DEFINITE and not self.page.flags[at] & w.DEFINITE)

    def _leads_away(self, at: int) -> bool:
        """A mark, a preposition or an attached particle inside a phrase: what follows is something else."""
        if self.page.words[at].form.startswith("بين"):
            return True  # «15 شخصا بينهم نساء»
        if self.page.words[at].form in self.page.lexicon.lists["courses"]:
            return True  # «مجموعة مسلحة باتجاه دورية»
        if self.page.words[at].form in self.page.lexicon.lists["weapons"]:
            return True  # «شاب فلسطيني برصاص جنود»
        return bool(self.page.flags[at] & (w.PREPOSITION | w.MARK | w.RELATIVE)) or self.page.words[at].prefix[-1:] in {
            "و",
            "ب",
            "ل",
            "ك",
        }
