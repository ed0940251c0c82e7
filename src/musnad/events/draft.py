"""An event in the making, in token positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from musnad.times import Time
from musnad.times.calendar import Days, news_week

Tokens = tuple[int, int]  # first, last + 1


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes part: where it stands, the fullest name that the article gives, and how likely it acts or suffers."""

    tokens: Tokens
    name: str
    acts: float
    suffers: float


class Facts(NamedTuple):
    """What is compared of a mention: worked out once, compared with many."""

    head: str
    definite: bool
    noun: bool
    verb: bool
    names: frozenset[str]
    acting: frozenset[str]
    when: Any
    where: str | None
    status: int
    words: frozenset[str]  # of its sentence
    context: Any  # numbers of the word
    sentence: Any  # numbers of its sentence


@dataclass(slots=True)
class EventMention:
    """Words that name an event, in tokens, and what the scores say of them."""

    tokens: Tokens
    at: int  # the word of these that names it likeliest
    type: str
    share: float  # that they name an event at all
    statuses: Any  # shares of `STATUSES`
    takers: list[Taker] = field(default_factory=list)
    possible: list[Taker] = field(default_factory=list)  # these, and whoever else may take part
    times: list[tuple[Time | None, float]] = field(default_factory=list)  # None: no time
    places: list[tuple[Tokens | None, float]] = field(default_factory=list)  # None: no place


@dataclass(slots=True)
class DraftEvent:
    """One event: its mentions, and what they say together."""

    mentions: list[EventMention]
    mode: str | None = None
    status: str = "happened"
    actors: list[Taker] = field(default_factory=list)
    recipients: list[Taker] = field(default_factory=list)
    time: Time | None = None
    ahead: bool = False  # still to come when it was written
    place: Tokens | None = None
    place_name: str = ""
    said_in: int = -1  # the innermost statement that tells it, by number
    said_by: str | None = None  # who says that statement
    choices: dict[str, list[Any]] = field(
        default_factory=dict
    )  # what stood against each other, with shares: party, time, place
    confidence: float = 0.0

    @property
    def type(self) -> str:
        return self.mentions[0].type

    @property
    def days(self) -> Days | None:
        """When it was, or will be. A week runs from Sunday to Saturday. Rule "what goes on has not ended": of «حرب تدور منذ أشهر،
        اندلعت في 15 نيسان» the days reach to that of publication, as in 15 of 17 annotated events; of what happened they do not."""
        time = self.time
        days = None if time is None else time.future if self.ahead else time.past
        if time is None or days is None or time.today is None:
            return days
        if time.week:
            days = news_week(days, time.today)
        return (days[0], time.today) if self.status == "ongoing" and days[0] < time.today else days
