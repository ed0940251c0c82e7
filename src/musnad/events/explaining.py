"""Why an event was read as it was: how sure each of its words was, and what stood against each decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from musnad.events.draft import DraftEvent, EventMention, Taker
from musnad.events.naming import place_name
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.features import STATUSES

_LEAST = 0.02  # share from which a candidate is shown

Choices = Mapping[str, list[tuple[str | None, float]]]  # of each decision: names with their shares, None for none


def explain(page: Page, cast: Cast, happening: DraftEvent) -> dict[str, Any]:
    """Return the candidates of the decisions of one event with their probabilities: of the event as a whole, then by mention."""
    takers: list[Taker] = happening.choices.get("party", [])
    return {
        "confidence": round(happening.confidence, 3),
        "candidates": _shown({
            "actor": [(taker.name, taker.acts) for taker in takers],
            "recipient": [(taker.name, taker.suffers) for taker in takers],
            "time": [(_words(page, time.first, time.last), share) for time, share in happening.choices.get("time", [])],
            "place": happening.choices.get("place", []),
        }),
        "mentions": [_mention(page, cast, m) for m in happening.mentions],
    }  # fmt: skip


def _mention(page: Page, cast: Cast, mention: EventMention) -> dict[str, Any]:
    first, last = mention.tokens
    statuses = sorted(zip(STATUSES, mention.statuses.tolist(), strict=True), key=lambda one: -one[1])
    candidates: Choices = {
        "status": [(status, share) for status, share in statuses],
        "actor": [(taker.name, min(taker.acts, 1.0)) for taker in mention.takers],
        "recipient": [(taker.name, min(taker.suffers, 1.0)) for taker in mention.takers],
        "time": [(_words(page, time.first, time.last) if time else None, share) for time, share in mention.times],
        "place": [(place_name(page, cast, place) if place else None, share) for place, share in mention.places],
    }
    return {
        "words": _words(page, first, last), "span": [page.start[first], page.end[last - 1]],
        "share": round(mention.share, 3), "candidates": _shown(candidates),
    }  # fmt: skip


def _shown(candidates: Choices) -> dict[str, list[dict[str, Any]]]:
    shown = {
        name: [{"name": what, "share": round(share, 3)} for what, share in found if share >= _LEAST]
        for name, found in candidates.items()
    }
    return {name: found for name, found in shown.items() if found}


def _words(page: Page, first: int, last: int) -> str:
    return page.text[page.start[first] : page.end[last - 1]]
