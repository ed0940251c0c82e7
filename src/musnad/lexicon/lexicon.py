"""All tables in memory, and the one question the reader asks of them: what is this form?"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from musnad.lexicon import word as w
from musnad.lexicon.inflection import forms, noun_forms
from musnad.lexicon.tables import open_text, rows, word_lists
from musnad.lexicon.word import CLASSES, Cue, Role, Trigger, Word
from musnad.text.clitics import readings
from musnad.text.fold import fold, fold_map

_MARKS = {
    "«": w.OPEN, "“": w.OPEN, "‟": w.OPEN, "„": w.OPEN, "»": w.CLOSE, "”": w.CLOSE, '"': w.OPEN | w.CLOSE,
    "،": w.COMMA, ",": w.COMMA, "؛": w.COMMA, ";": w.COMMA, ":": w.COLON, "：": w.COLON,
    ".": w.STOP, "!": w.STOP, "؟": w.STOP, "?": w.STOP, "…": w.STOP, "۔": w.STOP, "\n": w.LINE | w.STOP,
    "-": w.DASH, "–": w.DASH, "—": w.DASH, "ـ": w.DASH,
}  # fmt: skip
_BEFORE_CUES = ("", "و", "ف", "ب", "ل", "ول", "وب")
_KEPT = 80_000  # forms kept before the rare ones are forgotten, so that no archive fills the memory
_COMMON = 50  # times in the corpora behind the vocabulary from which a form is never forgotten: 25,000 forms


class Lexicon:
    """The lexicon, loaded once and shared: `word(raw)` is a dictionary look-up after the first time."""

    def __init__(self) -> None:
        self.lists = word_lists()
        self._classes: dict[str, int] = defaultdict(int)
        for row in rows("particles.tsv"):
            for form in row["words"].split():
                self._classes[fold(form)] |= CLASSES[row["class"]]
        for row in rows("times.tsv"):
            for form in row["words"].split():
                self._classes[fold(form)] |= w.TIME
        self.documents: set[str] = set()
        for row in rows("venues.tsv"):
            self._classes[fold(row["noun"])] |= w.VENUE
            if row["holder"] == "document":
                self.documents.add(fold(row["noun"]))
        self._abbreviations = {row["form"]: row["stands_for"] for row in rows("abbreviations.tsv")}
        self._roles = {
            fold(r["noun"]): Role(fold(r["noun"]), r["kind"], r["gender"], r["relational"] == "yes")
            for r in rows("roles.tsv")
        }
        self._cues = _cue_forms()
        self._triggers = _trigger_forms()
        self.attitudes = {fold(r["noun"]): r["stance"] for r in rows("attitudes.tsv")}
        cells = _vocabulary()
        self.counts = dict(zip(cells[::4], map(int, cells[1::4]), strict=True))
        self._read_countries()
        heads = (self.lists[kind] for kind in ("regions", "societies", "country_heads", "ali", "korean"))
        self.name_heads = frozenset(self.countries).union(self.governments, *heads)
        self.place_heads = self.lists["towns"] | self.lists["lands"] | self.lists["halls"]
        self.outlets = {tuple(fold(row["name"]).split()): row for row in rows("outlets.tsv")}
        self.outlet_starts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for key in sorted(self.outlets, key=len, reverse=True):
            self.outlet_starts[key[0]].append(key)
        self._words: dict[str, Word] = {}

    def _read_countries(self) -> None:
        """Read what countries are called: their names, adjectives and people, and what stands for a government."""
        self.country_names: dict[str, str] = {}  # by identifier
        for row in rows("countries.tsv"):
            self.country_names.setdefault(row["entity"], row["name"])
        self.governments = {fold(row["name"]): row["country"] for row in rows("nicknames.tsv")}
        self.nations = {
            row["form"]: self.country_names[row["entity"]]
            for row in rows("demonyms.tsv")
            if row["entity"] in self.country_names
        }
        for row in rows("demonyms.tsv"):
            self._classes[row["form"]] |= w.DEMONYM
            if row["form"].endswith("ون"):
                self._classes[row["form"][:-2] + "ين"] |= w.DEMONYM
        self.countries = {  # the name that each is shown by
            fold(row["name"]): self.country_names.get(row["entity"], row["name"])
            for table in ("countries.tsv", "country_names.tsv")
            for row in rows(table)
        }

    @cached_property
    def clusters(self) -> dict[str, tuple[str, str]]:
        """The fine and the coarse group of words to which a form belongs; one pair for all of a group."""
        cells = _vocabulary()
        pairs = list(zip(cells[2::4], cells[3::4], strict=True))
        one = {pair: pair for pair in pairs}
        return dict(zip(cells[::4], map(one.__getitem__, pairs), strict=True))

    @cached_property
    def _names(self) -> set[str]:
        """The first words of names of places; of small ones, only the long."""
        found: set[str] = set()
        for table in ("countries.tsv", "places.tsv", "nicknames.tsv", "country_names.tsv"):
            for row in rows(table):
                first = fold(row["name"]).split()[0]
                if len(first) > 3 or table != "places.tsv" or int(row["people"]) > 1_000_000:
                    found.add(first)
        return found

    def word(self, raw: str) -> Word:
        """Return what is known of a written form. Equal forms give the same object."""
        found = self._words.get(raw)
        if found is None:
            if len(self._words) >= _KEPT:
                self._words = {
                    key: word for key, word in self._words.copy().items() if self.counts.get(word.form, 0) >= _COMMON
                }
            found = self._words[raw] = self._look_up(raw)
        return found

    def outlet_at(self, words: list[Word], at: int) -> int:
        """How many words of a known outlet's name begin at `at`; 0 where none does."""
        for key in self.outlet_starts.get(words[at].core, ()):
            if all(words[at + n].form == part for n, part in enumerate(key[1:], 1) if at + n < len(words)) and at + len(
                key
            ) <= len(words):
                return len(key)
        return 0

    def core(self, raw: str) -> str:
        """Return the folded word of a written form, without its particles: all that an index of words needs."""
        found = self._words.get(raw)
        return self._letters(raw).core if found is None else found.core

    def _look_up(self, raw: str) -> Word:
        made = self._letters(raw)
        if not made.flags:
            self._describe(made)
        return made

    def _letters(self, raw: str) -> Word:
        """A form with its reading, and whether it is a mark or a number; not yet with what the tables say of it."""
        mark = _MARKS.get(raw)
        if mark is not None:
            made = Word(raw, raw)
            made.flags = mark | w.MARK
            return made
        made = Word(raw, fold(self._abbreviations.get(raw, raw)))
        if not raw[0].isalnum():
            made.flags = w.MARK
            return made
        if made.form[:1].isdecimal():
            made.flags = w.NUMBER
            return made
        self._split(made)
        return made

    def _describe(self, made: Word) -> None:
        """Set the classes, cues and role that the tables give for the reading of a form."""
        raw, core = made.raw, made.core
        made.flags |= self._classes.get(made.form, 0) | self._classes.get(core, 0)
        accusative = raw.endswith(("اً", "ًا"))  # «روسياً», but «روسيا»
        if (
            core.endswith("ا")
            and (accusative or core not in self._names)
            and self._classes.get(core[:-1], 0) & w.DEMONYM
        ):
            made.flags |= w.DEMONYM  # «نائبا صوماليا»
        made.cues = self._cues.get(core, ()) if made.prefix in _BEFORE_CUES else ()
        if made.prefix[-1:] in ("ب", "ل"):
            parts = {"noun"} if made.prefix[-1] == "ب" else {"noun", "present"}  # بالقول، للتنديد، ليعلن
            made.cues = tuple(c for c in made.cues if c.part in parts)
        made.triggers = self._triggers.get(core, ())
        made.role = self._roles.get(core) or self._owned_role(core, raw) or self._inflected_role(core)
        if core.startswith("ال") and len(core) > 4 and raw[made.cut : made.cut + 1] not in "أإآ":  # «ألمانيا»
            made.flags |= w.DEFINITE
        if core in self._names and not accusative and not made.role and not made.cues and core not in self._classes:
            made.flags |= w.PLACE
        if raw.isascii():
            made.flags |= w.LATIN

    def _inflected_role(self, core: str) -> Role | None:
        """An indefinite noun after لكن or كان (لكن متحدثا باسم الجيش), or a plural that has lost its ن (مسؤولو الوزارة)."""
        if core.endswith("و") and core not in self._classes:  # متمردو الحركة
            return self._roles.get(core + "ن")
        if (
            core.endswith("ي") and len(core) > 4 and core not in self._classes and core not in self._cues
        ):  # مقاتلي الحركة
            plural = self._roles.get(core[:-1] + "ون")
            if plural is not None:
                return plural
        if core.endswith("ين") and core not in self._classes and core not in self._cues:  # وفقا لمهندسين
            return self._roles.get(core[:-2] + "ون")
        if core.endswith(("ان", "تين", "ين")) and len(core) > 5 and core not in self._classes:  # جنديان
            one = self._roles.get(core[:-2]) or self._roles.get(core.removesuffix("تين") + "ه")
            if one is not None and one.kind == "person":
                return one
        role = self._roles.get(core[:-1]) if core.endswith("ا") and core not in self._classes else None
        if role is not None and role.noun in self.lists["delegations"]:
            return role  # «وفدا»
        return role if role is not None and role.kind in {"office", "person", "unnamed"} else None

    def _owned_role(self, core: str, raw: str) -> Role | None:
        """A person's noun with its owner: محاميه، زوجته، مستشارها."""
        if core in self._classes or core in self._cues or raw.endswith("ة"):  # «مسلحة» is an adjective
            return None
        for owner in ("ها", "هم", "هما", "ه"):
            stem = core.removesuffix(owner)
            if stem == core or len(stem) < 4:
                continue
            role = self._roles.get(stem[:-1] + "ه" if stem.endswith("ت") else stem)
            if role is not None and role.kind in {"office", "person"}:
                return role
        return None

    def reading(self, form: str) -> tuple[str, str]:
        """Return the particles and the word of a folded form: whole where the whole is known, else the reading whose word
        is commonest by far."""
        chosen = ("", form)
        if self.is_known(form):
            return chosen
        whole = self.counts.get(form, 0)
        for prefix, core in readings(form)[1:]:
            if len(core) < 3 and prefix[-1] not in "وف" and not self.is_known(core):
                continue  # «ليا» is a name
            count = self.counts.get(core, 0)
            article = core.startswith("ال") and len(core) > 4
            if prefix == "ف" and whole > count:
                continue  # «فيصل» is a name
            if prefix in ("و", "ف"):
                fits = self.is_known(core) or article or count > 1.5 * whole
            elif prefix[-1] == "ك":
                fits = article and count > whole
            else:
                long = (len(core) > 3 and count > 1.2 * whole) or (len(core) == 3 and count > whole)
                fits = (
                    (article and (count > 0 or whole == 0))
                    or long
                    or count > 3 * whole + 20
                    or (self.is_known(core) and count > whole)
                )
            if fits and (not chosen[0] or count > 3 * self.counts.get(chosen[1], 0)):
                chosen = (prefix, core)
        return chosen

    def _split(self, made: Word) -> None:
        """Set the reading of a form, and where its word begins."""
        made.prefix, made.core = self.reading(made.form)
        if made.prefix:
            letters, offsets = fold_map(made.raw)
            whole_word = len(made.prefix) < len(letters) and letters[len(made.prefix) :] == made.core
            made.cut = offsets[len(made.prefix)] if whole_word else 0  # of «للصحفيين» no word is left

    def split(self, raw: str, prefix: str) -> Word:
        """Return the reading of a form with this one-letter particle, whatever the tables say."""
        key = prefix + "|" + raw
        found = self._words.get(key)
        if found is None:
            made = Word(raw, fold(raw))
            made.prefix, made.core = prefix, made.form[1:]
            made.cut = fold_map(raw)[1][1]
            self._describe(made)
            found = self._words[key] = made
        return found

    def whole(self, raw: str) -> Word:
        """Return the reading of a form without any particle, whatever the tables say."""
        key = "|" + raw
        found = self._words.get(key)
        if found is None:
            made = Word(raw, fold(raw))
            self._describe(made)
            found = self._words[key] = made
        return found

    def is_known(self, form: str) -> bool:
        """Whether a folded form stands in a table of function words, cues, roles, outlets or triggers."""
        return (
            form in self._classes
            or form in self._cues
            or form in self._roles
            or form in self.outlet_starts
            or form in self._triggers
        )


def _vocabulary() -> list[str]:
    """The cells of the table of common forms, row by row: form, count, fine and coarse group."""
    return open_text("vocabulary.tsv.gz").rstrip("\n").replace("\n", "\t").split("\t")


def _cue_forms() -> dict[str, tuple[Cue, ...]]:
    table: dict[str, list[Cue]] = defaultdict(list)
    for row in rows("cues.tsv"):
        past, past_f, present, participle = (fold(row[k]) for k in ("lemma", "past_f", "present", "participle"))
        nouns = [fold(noun) for noun in row["nouns"].split(",") if noun]
        frames = frozenset(fold(frame) for frame in row["frames"].split(","))
        if "noun" in frames:
            made = [form for noun in nouns for form in noun_forms(noun)]
        else:
            made = list(forms(past, past_f, present, participle, nouns))
            made += [form._replace(text="س" + form.text) for form in made if form.part == "present"]
        for form in made:
            cue = Cue(row["lemma"], row["stance"], frames, form.part, form.gender, form.number, form.suffix)
            # A written form of two cues (يبين) belongs to the one that stands first in the table.
            table[form.text].append(cue)
    return {form: tuple(cues) for form, cues in table.items()}


def _trigger_forms() -> dict[str, tuple[Trigger, ...]]:
    table: dict[str, list[Trigger]] = defaultdict(list)
    for row in rows("triggers.tsv"):
        past, past_f, present = (fold(row[k]) for k in ("past", "past_f", "present"))
        nouns = [fold(noun) for noun in row["nouns"].split(",") if noun]
        needs = frozenset(fold(word) for word in row["needs"].split(",") if word)
        made = (
            list(forms(past, past_f, present, "", nouns)) if past else [f for noun in nouns for f in noun_forms(noun)]
        )
        present_forms = [form for form in made if form.part == "present" and not form.suffix]
        made += [f._replace(text=f.text[:-1] + "ا") for f in present_forms if f.text.endswith("ون")]  # لم يتوصلوا
        made += [f._replace(text=f.text[:-1]) for f in present_forms if f.text.endswith("ان")]  # لم يتوصلا
        made += [form._replace(text="س" + form.text, part="future") for form in made if form.part == "present"]
        made += [
            form._replace(text=form.text + "ا") for form in made if form.text in nouns and form.text[-1] not in "هات"
        ]  # accusatives: هجوما
        made += [
            form._replace(text=(form.text[:-1] + "ت" if form.text.endswith("ه") else form.text) + dual)
            for form in made if form.text in nouns and not form.text.endswith(("ات", "ا")) for dual in ("ين", "ان")
        ]  # fmt: skip  # duals: غارتين
        for form in made:
            table[form.text].append(
                Trigger(row["type"], row["mode"] or None, needs, form.part, form.number, form.suffix)
            )
    return {form: tuple(sorted(found, key=lambda trigger: not trigger.needs)) for form, found in table.items()}
