"""An event in the making, in token positions."""

from __future__ import annotations

from dataclasses import dataclass, field

from musnad.lexicon import Trigger
from musnad.times import Time

Tokens = tuple[int, int]  # first, last + 1
HIT = -2  # how far a place stands that is itself attacked, surrounded or visited


@dataclass(slots=True)
class Taker:
    """Who takes part: where it stands and the fullest name that the article gives."""

    tokens: Tokens
    name: str
    named: bool = False  # by a name or as a known body, and not only by what they are
    head: str = ""  # the office or trade of one person, without article: نائب
    words: frozenset[str] = frozenset()  # of the name, folded, without articles; of the country for its capital


@dataclass(slots=True)
class Happening:
    """One or several words for one happening, what is known of it so far, and the draft of the statement that tells it."""

    trigger: Trigger
    triggers: list[Tokens]
    actors: list[Taker] = field(default_factory=list)
    recipients: list[Taker] = field(default_factory=list)
    status: str = "happened"
    ahead: bool = False  # still to come when it was written
    time: Time | None = None
    told_then: bool = False  # the time is that of the saying: «قال الوزير الجمعة إن …»
    places: list[tuple[int, Tokens]] = field(default_factory=list)  # candidates with how far each stands from a trigger
    place: Tokens | None = None
    said_in: int = -1
    refers: bool = False  # a word that points back: «اللقاء»، «الهجوم»
    aside: bool = False  # a circumstance of something else: «بعد مواجهات»
    spoken: bool = False  # told in quotation marks
    timeless: bool = False  # told in a headline, whose present or noun leaves open whether it has been
    silent: bool = False  # a verb whose subject stands nowhere in its clause
    sides: list[tuple[list[Taker], list[Taker]]] = field(default_factory=list)  # actors and recipients of each mention
    features: set[str] = field(default_factory=set)  # what its mentions look like, for `salience`

    @property
    def takers(self) -> list[Taker]:
        return self.actors + self.recipients
