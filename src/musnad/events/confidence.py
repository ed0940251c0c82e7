"""How sure an event is: the chance that its words name an event of its type, from what its mentions say together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from musnad.events.draft import DraftEvent
from musnad.scores.features import STATUSES, TYPES
from musnad.scores.network import log_odds, sigmoid

SIZE = 10 + len(STATUSES) + len(TYPES)


def numbers(happening: DraftEvent, sentence_count: int) -> Any:
    """What speaks for an event: the log odds of its two surest mentions and of the surest of who takes part, how many
    mentions there are, whether time and place are told, how many sentences the text has, status and type: (SIZE,)."""
    shares = sorted((mention.share for mention in happening.mentions), reverse=True)
    takers = [min(one.acts + one.suffers, 1.0) for mention in happening.mentions for one in mention.takers]
    length = np.log1p(sentence_count)
    row = [
        log_odds(shares[0]), log_odds(shares[1]) if len(shares) > 1 else 0.0, np.log1p(len(shares)), len(shares) > 1,
        log_odds(max(takers, default=0.0)), bool(happening.actors), bool(happening.recipients),
        happening.time is not None or happening.place is not None, length,
        length * (len(shares) == 1),  # to be named once says less of an event where the text is short
    ]  # fmt: skip
    row += [happening.status == status for status in STATUSES] + [happening.type == kind for kind in TYPES]
    return np.array(row, np.float32)


def set_confidence(happenings: Iterable[DraftEvent], sentence_count: int, weights: dict[str, Any]) -> None:
    """Set the confidence of the events of a text of so many sentences, by weights that training/confidence.py learned."""
    for happening in happenings:
        score = numbers(happening, sentence_count) @ weights["event.weight"] + weights["event.bias"][0]
        happening.confidence = float(sigmoid(score))
