"""The way from a page to its events: words that name one, who takes part, which words name the same one."""

from __future__ import annotations

from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from musnad import weights
from musnad.events.confidence import set_confidence
from musnad.events.decisions import decide, takers_of
from musnad.events.draft import DraftEvent, EventMention, Taker
from musnad.events.joining import join
from musnad.events.naming import taker_name
from musnad.events.settling import settle, settle_all
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.network import Network
from musnad.scores.scorer import Scored
from musnad.times import Time

_SURE = 0.3  # confidence from which an event is shown: where F1 is best on articles held apart
_CLEAR = 0.4  # probability from which words are evidence; less likely ones only where an event has no others
_PART = 0.4  # from which somebody takes part in what a mention names


class ContentPiece(NamedTuple):
    """A piece of a statement's content in characters, the statement's number, its stance, and who says it."""

    start: int
    end: int
    number: int
    stance: str
    speaker: str | None


class Events:
    """Finds the events of pages. Loaded once and shared."""

    def __init__(self, network: Network, folder: Traversable) -> None:
        self._network, self._folder = network, folder

    def find(
        self, page: Page, spots: Spots, cast: Cast, scored: Scored, times: list[Time], told: list[ContentPiece]
    ) -> list[DraftEvent]:
        """Return the events of a page in the order of their first words. `told`: the contents of its statements."""
        found = self.likely(page, spots, cast, scored, times, told)
        settle_all(page, spots, cast, found, self._settling)
        return found

    def likely(
        self, page: Page, spots: Spots, cast: Cast, scored: Scored, times: list[Time], told: list[ContentPiece]
    ) -> list[DraftEvent]:
        """Return the events that are shown, as each is told by its own mentions."""
        return [one for one in self.possible(page, spots, cast, scored, times, told) if one.confidence >= _SURE]

    def possible(
        self, page: Page, spots: Spots, cast: Cast, scored: Scored, times: list[Time], told: list[ContentPiece]
    ) -> list[DraftEvent]:
        """Return as well what is hardly an event, with its confidence."""
        mentions = decide(scored.columns, scored.event_context, self._network, times)
        if not mentions:
            return []
        self.name_takers(page, spots, cast, scored, mentions)
        found = join(page, scored, mentions, self._joining)
        for happening in found:
            happening.mentions = [one for one in happening.mentions if one.share >= _CLEAR] or happening.mentions
            settle(page, cast, happening)
            inside = innermost(page.start[happening.mentions[0].tokens[0]], told)
            if inside is not None:
                happening.said_in, happening.said_by = inside.number, inside.speaker
                if inside.stance == "DENY" and len(happening.mentions) == 1:
                    happening.status = "denied"  # «نفت بغداد عقد اجتماع»
        set_confidence(found, len(page.sentences), self._confidence)
        return found

    def shares(self, scored: Scored) -> list[float]:
        """How likely each token names an event."""
        return (1 - self._network.triggers(scored.event_context)[:, 0]).tolist()  # type: ignore[no-any-return]

    def name_takers(self, page: Page, spots: Spots, cast: Cast, scored: Scored, mentions: list[EventMention]) -> None:
        """Set who takes part in what each mention names, under their names."""
        found = takers_of(scored.columns, scored.event_context, self._network, mentions)
        names: dict[tuple[tuple[int, int], bool], str] = {}
        for mention, takers in zip(mentions, found, strict=True):
            named: dict[str, Taker] = {}  # «نظيره [نيكوس أندريو]»: title and name share what speaks for the party
            for tokens, acts, suffers in sorted(takers, key=lambda one: -one[1] - one[2]):
                key = tokens, acts > suffers
                if key not in names:
                    names[key] = taker_name(page, spots, cast, tokens, acts=acts > suffers)
                name = names[key]
                known = named.get(name, Taker(tokens, name, 0.0, 0.0))
                named[name] = Taker(known.tokens, name, known.acts + acts, known.suffers + suffers)
            for taker in sorted(named.values(), key=lambda one: -one.acts - one.suffers):
                inside = any(_cross(taker.tokens, other.tokens) for other in mention.possible)
                if taker.name and not inside:
                    mention.possible.append(taker)
            mention.takers = [taker for taker in mention.possible if taker.acts + taker.suffers >= _PART]

    @cached_property
    def _confidence(self) -> dict[str, Any]:
        return weights.load("confidence", self._folder)

    @cached_property
    def _settling(self) -> dict[str, Any]:
        return weights.load("settling", self._folder)

    @cached_property
    def _joining(self) -> dict[str, Any]:
        return weights.load("joining", self._folder)


def _cross(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def innermost(at: int, told: list[ContentPiece]) -> ContentPiece | None:
    """The smallest content around a character."""
    inside = [content for content in told if content.start <= at < content.end]
    return min(inside, key=lambda content: content.end - content.start, default=None)
