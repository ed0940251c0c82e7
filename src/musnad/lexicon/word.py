"""What the lexicon says of one written form."""

from __future__ import annotations

from typing import Final, NamedTuple

# Classes of function words, as bits of `Word.flags`.
THAT: Final = 1
PREPOSITION: Final = 1 << 1
ADVERBIAL: Final = 1 << 2
RELATIVE: Final = 1 << 3
CLAUSE: Final = 1 << 4
SOURCE: Final = 1 << 5
OWN: Final = 1 << 6
KANA: Final = 1 << 7
QAD: Final = 1 << 8
NEGATION: Final = 1 << 9
PRONOUN: Final = 1 << 10
REFERENCE: Final = 1 << 11
FIRST_PERSON: Final = 1 << 12
TIME: Final = 1 << 13
VENUE: Final = 1 << 14
OPEN: Final = 1 << 15
CLOSE: Final = 1 << 16
COMMA: Final = 1 << 17
COLON: Final = 1 << 18
STOP: Final = 1 << 19
LINE: Final = 1 << 20
MARK: Final = 1 << 21  # any other punctuation
DEFINITE: Final = 1 << 22
DEMONYM: Final = 1 << 23
NUMBER: Final = 1 << 24
LATIN: Final = 1 << 25
PLACE: Final = 1 << 27
DASH: Final = 1 << 28
RESUMPTIVE: Final = 1 << 29
TITLE_ADJECTIVE: Final = 1 << 30

CLASSES: Final = {
    "that": THAT,
    "preposition": PREPOSITION,
    "adverbial": ADVERBIAL,
    "relative": RELATIVE,
    "resumptive": RESUMPTIVE,
    "title_adjective": TITLE_ADJECTIVE,
    "clause": CLAUSE,
    "source": SOURCE,
    "own": OWN,
    "kana": KANA,
    "qad": QAD,
    "negation": NEGATION,
    "pronoun": PRONOUN,
    "reference": REFERENCE,
    "first_person": FIRST_PERSON,
}
#: The classes of words that tell how a sentence is built, and nothing of what it is about.
FUNCTION: Final = sum(CLASSES.values()) & ~(TITLE_ADJECTIVE | SOURCE)


class Cue(NamedTuple):
    """A reporting form: its verb, stance, what it takes, and what it agrees with."""

    lemma: str
    stance: str
    frames: frozenset[str]
    part: str  # past, present, participle or noun
    gender: str
    number: str
    suffix: str


class Role(NamedTuple):
    """A noun for what a person or body is; see `data/roles.tsv`."""

    noun: str
    kind: str
    gender: str
    relational: bool


class Trigger(NamedTuple):
    """A form that names an event; see `data/triggers.tsv`."""

    type: str
    mode: str | None
    needs: frozenset[str]
    part: str  # past, present, future or noun
    number: str
    suffix: str


class Word:
    """One written form: folded letters, attached particles, classes. Shared by all its occurrences.

    `prefix` holds the attached particles that the reading has (و، ل، ول …), `core` the folded
    word without them; `cut` is how many characters of the written form they take.
    """

    __slots__ = ("core", "cues", "cut", "flags", "form", "prefix", "raw", "role", "triggers")

    def __init__(self, raw: str, form: str) -> None:
        self.raw = raw
        self.form = form
        self.prefix = ""
        self.core = form
        self.cut = 0
        self.flags = 0
        self.cues: tuple[Cue, ...] = ()
        self.role: Role | None = None
        self.triggers: tuple[Trigger, ...] = ()

    def __repr__(self) -> str:
        return f"Word({self.raw!r}, prefix={self.prefix!r}, flags={self.flags:#x}, cues={len(self.cues)})"
