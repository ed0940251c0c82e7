"""Count in a ledger which names are one person's, and write `lexicon/data/persons.tsv`.

    musnad ingest CORPUS … --ledger news.db
    python training/persons.py news.db

Counted are the names of persons as articles write them (`mentions` of a record), once an article; copies are left out. Two forms of a name
are one person's where the words around them say so: `alike` is the cosine of the words before both (six at most, of the same sentence:
mostly offices), a word weighed by the logarithm of how rare it is. Each rule below has its name in the column `how` of the table.
The same ledger gives the same table.
"""

from __future__ import annotations

import math
import re
import sqlite3
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import msgspec

from musnad.lexicon.tables import word_lists
from musnad.names.forms import canonical, name_words
from musnad.names.knowledge import Knowledge
from musnad.names.spelling import sound_of
from musnad.text.clitics import without_article
from musnad.text.fold import fold

TABLE = Path(__file__).parent.parent / "src/musnad/lexicon/data/persons.tsv"
WORDS = re.compile(r"\w+")
END = re.compile(r"[.؟!?\n:؛\"«»]")  # of what stands around a name
REACH = 70, 6  # letters and words before a name that are looked at
LEAST = 2  # articles that give a form
BORNE = 20  # names that bear a word: سلمان and سليمان are two given names however like they sound
FEW = 0.1  # a slip of the pen is so much rarer than the name
SOUND, SLIP, LETTER, FATHERS = 0.25, 0.1, 0.35, 0.35  # least `alike`
APART = 0.34  # share of the rarer form's articles that give both: a letter's difference tells two persons apart
TOGETHER = 3, 0.25  # articles that give a short and a long form both, and their share of the rarer form's
ONLY = 0.9  # share of the long forms of a short one that are one person's
PERSONS = 0.9  # share of the mentions of a form that are a person's
SURNAME = 0.97  # share of articles with a surname alone that name its bearer
WORD = 0.8  # share of the articles with a word that have it in the name of a person: «المعلم» is any teacher, too
MOSTLY = 0.85  # share of all articles with a full name with that surname that name him
BARE = 12  # articles with a surname alone and a full name
COUNTED = 20  # articles that name somebody whom no table knows
OLD = "oeda:"  # identifiers of the actor table, which has one for each spelling


HEAD = """\
# Persons by the forms of their names that news uses: form (folded words without article; a surname alone with it), key in a ledger, usual name,
# how it is known, articles that give it, articles that give the form that it was joined with, cosine of the words before both.
# name: the usual form. sound, letter: another spelling. fathers: more or fewer fathers. surname: alone; articles that name its bearer
# beside it, of those that name anybody so called beside it. Rules and thresholds: training/persons.py.
# Source: counted in 55,215 articles of SaudiNewsNet, ANT and further outlets (NOTICE), by training/persons.py; identifiers of people.tsv and actors.tsv.
form\tperson\tname\thow\tarticles\tof\talike"""


class Join(NamedTuple):
    """A form of a name and the one that it is another of; the articles that give each, and how like they are."""

    form: str
    other: str
    how: str
    articles: int
    of_other: int
    alike: float


class Counts:
    """The forms of names in a ledger, by their keys (`canonical`), with articles and the words before them."""

    def __init__(self, ledger: str) -> None:
        self.articles: dict[str, set[int]] = defaultdict(set)
        self.around: dict[str, Counter[str]] = defaultdict(Counter)
        self.written: dict[str, Counter[str]] = defaultdict(Counter)
        self.mentioned: dict[str, Counter[str]] = defaultdict(Counter)  # the kinds under which articles mention a form
        self._vectors: dict[str, dict[str, float]] = {}
        self._rare: Counter[str] = Counter()
        self._all = 0
        for number, text, rest in _articles(ledger, "number, text, rest"):
            self._all += 1
            self._count(number, text, msgspec.json.decode(zlib.decompress(rest))["mentions"])
        self.forms = sorted(form for form in self.articles if self.of(form) >= LEAST and self._is_persons(form))

    def _count(self, number: int, text: str, mentions: list[dict]) -> None:
        before: dict[str, set[str]] = defaultdict(set)
        for form, kind in {(_key(text[slice(*one["span"])]), one["kind"]) for one in mentions}:
            self.mentioned[form][kind] += 1
        for mention in mentions:
            if mention["kind"] == "PERSON":
                start, end = mention["span"]
                form = _key(text[start:end])
                stretch = END.split(text[max(0, start - REACH[0]) : start])[-1]
                before[form].update(map(_folded, WORDS.findall(stretch)[-REACH[1] :]))
                self.written[form][" ".join(text[start:end].split())] += 1
        for form, words in before.items():
            self.articles[form].add(number)
            self.around[form].update(words)
            self._rare.update(words)

    def _is_persons(self, form: str) -> bool:
        """Whether a form is a person's: not «بيونغ يانغ», which is a place in most articles."""
        return self.mentioned[form]["PERSON"] >= PERSONS * self.mentioned[form].total()

    def of(self, form: str) -> int:
        """How many articles give a form."""
        return len(self.articles[form])

    def called(self, form: str) -> str:
        """A form as articles write it most."""
        return max(self.written[form].items(), key=lambda one: (one[1], one[0]))[0]

    def both(self, one: str, other: str) -> int:
        """How many articles give both forms."""
        return len(self.articles[one] & self.articles[other])

    def alike(self, one: str, other: str) -> float:
        """The cosine of the words before two forms."""
        a, b = self._vector(one), self._vector(other)
        return sum(value * b.get(word, 0.0) for word, value in a.items())

    def _vector(self, form: str) -> dict[str, float]:
        if form not in self._vectors:
            times, rare = self.around[form].items(), self._rare
            weights = {word: math.sqrt(n) * math.log(self._all / rare[word]) for word, n in times}
            length = math.sqrt(sum(value * value for value in weights.values())) or 1.0
            self._vectors[form] = {word: value / length for word, value in weights.items()}
        return self._vectors[form]

    def join(self, form: str, other: str, how: str) -> Join:
        """Two forms with their counts, the rarer first."""
        rarer, usual = sorted((form, other), key=lambda one: (self.of(one), one))
        return Join(rarer, usual, how, self.of(rarer), self.of(usual), round(self.alike(form, other), 2))


def _articles(ledger: str, columns: str) -> Iterator[tuple]:
    """The articles of a ledger that are no copies."""
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as bind:
        yield from bind.execute(f"SELECT {columns} FROM documents WHERE copy_of IS NULL ORDER BY number")


# -- forms that sound alike ---------------------------------------------------------


def spellings(counts: Counts) -> Iterator[Join]:
    """Foreign names written in several ways: «ديمتري بيسكوف», «دميتري بيسكوف»; not «وليد سلمان», «وليد سليمان».

    sound: all words sound alike. letter: the sound of one word differs by a letter («كولوم», «كولومب»), and articles do not tell both apart.
    """
    forms = [form for form in counts.forms if 2 <= len(form.split()) <= 4]
    borne = Counter(word for form in forms for word in set(form.split()))
    for one, other in sorted(_candidates(forms)):
        differ = [(a, b) for a, b in zip(one.split(), other.split(), strict=True) if a != b]
        if any(min(borne[a], borne[b]) >= BORNE for a, b in differ):
            continue
        same = all(sound_of(a) == sound_of(b) for a, b in differ)
        found = counts.join(one, other, "sound" if same else "letter")
        slip = same and found.articles <= FEW * found.of_other and found.alike >= SLIP
        apart = counts.both(one, other) > APART * found.articles
        if slip or (found.alike >= SOUND if same else found.alike >= LETTER and not apart):
            yield found


def _candidates(forms: list[str]) -> set[tuple[str, str]]:
    """Pairs of forms with as many words, all of which sound alike but for a letter of one."""
    blocks: dict[tuple, list[str]] = defaultdict(list)
    for form in forms:
        heard = [sound_of(word) for word in form.split()]
        for at in range(len(heard)):
            blocks[at, heard[at][:1], tuple(heard[:at] + heard[at + 1 :])].append(form)
    return {
        (one, other)
        for (at, *_), block in blocks.items()
        for one, other in combinations(sorted(set(block)), 2)
        if _sounds_like(one.split()[at], other.split()[at])
    }


def _sounds_like(one: str, other: str) -> bool:
    a, b = sorted((sound_of(one), sound_of(other)), key=len)
    if a == b:
        return True
    if min(len(one), len(other)) < 5 or len(a) < 3 or len(b) > len(a) + 1:
        return False
    at = next((at for at, letter in enumerate(a) if letter != b[at]), len(a))
    return b[at + 1 :] == (a[at + 1 :] if len(a) == len(b) else a[at:])


# -- forms with and without fathers -------------------------------------------------


def fathers(counts: Counts) -> Iterator[Join]:
    """Short and long forms: «عادل الجبير», «عادل بن أحمد الجبير»; «خالد بن سلمان», «خالد بن سلمان بن عبدالعزيز».

    fathers: the words before both are alike, or articles give both for one person; nearly all long forms of the short one are his, and all
    short forms of the long one. Not «محمد الغامدي»: two words that many names bear, in few articles.
    """
    bare = {form: words for form in counts.forms if 2 <= len(words := _without_sons(form)) <= 7}
    borne = Counter(word for form in counts.forms for word in set(form.split()))
    goes_on = {form: _fathers_at(counts.called(form)) for form in bare}
    by_first: dict[str, list[str]] = defaultdict(list)
    for form, words in bare.items():
        by_first[words[0]].append(form)
    shorts: dict[str, list[str]] = defaultdict(list)
    for short, words in bare.items():
        if len(short.split()) == 2 and min(borne[word] for word in words) >= BORNE and counts.of(short) < COUNTED:
            continue
        longs = [long for long in by_first[words[0]] if _is_short_of(words, bare[long], goes_on[long])]
        total = sum(map(counts.of, longs))
        for long in longs:
            his = sum(counts.of(other) for other in longs if _agree(bare[long], bare[other]))
            if his >= ONLY * total and _say_one(counts, short, long):
                shorts[long].append(short)
    for long, ones in shorts.items():
        if all(_agree(bare[one], bare[other]) for one, other in combinations(ones, 2)):
            yield from (counts.join(short, long, "fathers") for short in ones)


def _say_one(counts: Counts, short: str, long: str) -> bool:
    """Whether articles tell that a short and a long form are one person's."""
    both, alike = counts.both(short, long), counts.alike(short, long)
    rarer = min(counts.of(short), counts.of(long))
    together = both >= TOGETHER[0] and both >= TOGETHER[1] * rarer and alike >= SLIP
    return alike >= FATHERS or together


def _without_sons(form: str) -> tuple[str, ...]:
    return tuple(word for word in form.split() if word not in word_lists()["sons"])


def _is_short_of(short: tuple[str, ...], long: tuple[str, ...], fathers_at: frozenset[int]) -> bool:
    """Whether a name has the same ends as a longer one, or the longer one goes on with the house or the fathers."""
    goes_on = long[: len(short)] == short and len(short) in fathers_at
    return (short[-1] == long[-1] or goes_on) and len(short) < len(long) and _within(short, long)


def _fathers_at(name: str) -> frozenset[int]:
    """Before which words of a name, sons not counted, «بن» or «آل» stands: 1 and 2 of «خالد بن سلمان بن عبدالعزيز»."""
    found, at = set(), 0
    for word in name_words(name):
        if word in word_lists()["sons"]:
            found.add(at)
        else:
            found |= {at} if word in word_lists()["houses"] else set()
            at += 1
    return frozenset(found)


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether all words of one stand in the other, in their order."""
    rest = iter(long)
    return all(word in rest for word in short)


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return _within(one, other) or _within(other, one)


# -- persons ------------------------------------------------------------------------


class Persons:
    """Forms of names that were joined; two persons whom `people.tsv` knows are never one."""

    def __init__(self, counts: Counts, knowledge: Knowledge) -> None:
        self.counts, self._knowledge = counts, knowledge
        self.known = {form: known for form in counts.forms if (known := knowledge.listed(form))}
        self.how: dict[str, Join] = {}  # why a form is joined
        self._head = {form: known for form, known in self.known.items() if not known.startswith(OLD)}

    def of(self, form: str) -> str:
        """The person of a form: an identifier, or one form of the name."""
        while form in self._head:
            form = self._head[form]
        return form

    def identifier(self, person: str) -> str:
        """The key of a person in a ledger."""
        return person if ":" in person else self.known.get(person, "name:" + person)

    def name(self, identifier: str) -> str | None:
        """What a person is called whom `people.tsv` knows."""
        return self._knowledge.name(identifier) if self._knowledge.is_person(identifier) else None

    def add(self, join: Join) -> None:
        """Join two forms."""
        rest, head = sorted(map(self.of, (join.form, join.other)), key=self._rank)
        if rest == head or (":" in rest and ":" in head):
            return
        self._head[rest] = head
        for form in (join.form, join.other):
            self.how.setdefault(form, join)

    def _rank(self, person: str) -> tuple[bool, bool, int, str]:
        """Who gives a joined person the name: whom `people.tsv` knows, then who stands in the actor table, then the usual form."""
        return ":" in person, person in self.known, self.counts.of(person), person


# -- surnames -----------------------------------------------------------------------


class Surname(NamedTuple):
    """A surname alone and its bearer: articles that name him beside it, articles that name anybody so called beside it."""

    word: str
    person: str
    his: int
    beside: int
    borne: frozenset[int]  # articles that have the word in the name of a person


def surnames(ledger: str, counts: Counts, persons: Persons) -> list[Surname]:
    """Surnames alone that are one person's. «بوتين», «لافروف»; not «عسيري», «جونسون», who are several, nor «المعلم», any teacher.

    Of the articles that have the surname alone and a full name with it nearly all name him, most of all full names with it are his, and where
    the word stands it stands in a name.
    """
    bearing: dict[str, list[str]] = defaultdict(list)
    for form in counts.forms:
        for word in set(form.split()) if " " in form else ():
            bearing[word].append(form)
    found = {
        counts.called(word): surname
        for word, forms in sorted(bearing.items())
        if counts.of(word) >= BARE and (surname := _surname(counts, persons, word, forms))
    }
    standing: Counter[str] = Counter()
    for (text,) in _articles(ledger, "text"):
        standing.update(found.keys() & set(text.split()))
    return [one for word, one in found.items() if len(one.borne) >= WORD * standing[word]]


def _surname(counts: Counts, persons: Persons, word: str, forms: list[str]) -> Surname | None:
    named: dict[str, set[int]] = defaultdict(set)
    for form in forms:
        named[persons.of(form)] |= counts.articles[form]
    person = max(named, key=lambda one: (len(named[one]), one))
    everybody = set().union(*named.values())
    beside, his = counts.articles[word] & everybody, counts.articles[word] & named[person]
    last = any(form.endswith(" " + word) and persons.of(form) == person for form in forms)
    mostly = len(named[person]) >= MOSTLY * len(everybody)
    if not (last and mostly and len(beside) >= BARE and len(his) >= SURNAME * len(beside)):
        return None
    return Surname(word, person, len(his), len(beside), frozenset(everybody | counts.articles[word]))


# -- the table ----------------------------------------------------------------------


def table(counts: Counts, persons: Persons, alone: list[Surname]) -> Iterator[tuple[str, str, str, str, int, int, str]]:
    """The rows: form, person, name, how, articles that give the form, articles that give the other one, how like they are."""
    for form in counts.forms:
        person, join, times = persons.of(form), persons.how.get(form), counts.of(form)
        identifier = persons.identifier(person)
        name = persons.name(identifier) or counts.called(person)
        if person == form and (join is not None or (" " in form and times >= COUNTED)):
            yield form, identifier, name, "name", times, times, ""
        elif person != form and join is not None and persons.known.get(form) != person:
            other = join.other if join.form == form else join.form
            yield form, identifier, name, join.how, times, counts.of(other), f"{join.alike:.2f}"
    for one in alone:
        identifier = persons.identifier(one.person)
        name = persons.name(identifier) or counts.called(one.person)
        yield fold(counts.called(one.word)), identifier, name, "surname", one.his, one.beside, ""


@cache
def _key(name: str) -> str:
    return canonical(" ".join(name_words(name)))


@cache
def _folded(word: str) -> str:
    return without_article(fold(word))


def main() -> None:
    counts = Counts(sys.argv[1])
    persons = Persons(counts, Knowledge())
    for join in sorted([*spellings(counts), *fathers(counts)], key=lambda one: (-one.alike, one.form, one.other)):
        persons.add(join)
    write(table(counts, persons, surnames(sys.argv[1], counts, persons)))


def write(found: Iterator[tuple]) -> None:
    """Write the table in the order of persons, and print how many rows each rule made."""
    rows = sorted(found, key=lambda row: (row[1], row[0]))
    TABLE.write_text("\n".join([HEAD, *("\t".join(map(str, row)) for row in rows), ""]), encoding="utf-8")
    for how, times in sorted(Counter(row[3] for row in rows).items()):
        print(how, times)


if __name__ == "__main__":
    main()
