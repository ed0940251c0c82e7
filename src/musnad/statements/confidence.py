"""How sure a statement is: the chance that it is one and that its speaker is right, from the shares of its decisions."""

from __future__ import annotations

from typing import Any

import numpy as np

from musnad.scores.network import log_odds, sigmoid
from musnad.statements.draft import Draft

#: The decisions whose log odds count, in the order of the weights; the last two say how the speaker was found.
SHARES = ("cue", "begin", "end", "speaker", "who")
SIZE = len(SHARES) + 4


def numbers(draft: Draft) -> Any:
    """The log odds of a draft's decisions, and what sort of statement it is: (SIZE,)."""
    row = np.zeros(SIZE, np.float32)
    by_mention = "who" not in draft.shares
    for number, name in enumerate(SHARES):
        share = draft.shares.get(name)
        if share is not None and not (name == "speaker" and not by_mention):
            row[number] = log_odds(share)
    row[-4:] = by_mention, draft.within >= 0, draft.kind == "indirect", draft.cue_at < 0
    return row


def set_confidence(drafts: list[Draft], weights: dict[str, Any]) -> None:
    """Set the confidence of drafts, by weights that training/confidence.py learned."""
    if drafts:
        score = (
            np.stack([numbers(draft) for draft in drafts]) @ weights["statement.weight"] + weights["statement.bias"][0]
        )
        for draft, share in zip(drafts, sigmoid(score), strict=True):
            draft.confidence = float(share)
