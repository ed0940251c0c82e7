"""How likely two statements report one saying: a learned score of what is compared.

A logistic regression over numbers of a pair (`utterances.NUMBERS`); weights/linking.npz is made by training/linking.py from pairs that
were judged by reading (docs/cards/linking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from musnad import weights

_MOST = 30.0  # log odds, beyond which nothing is surer


class Sameness:
    """The score of a pair."""

    def __init__(self, size: int) -> None:
        """`size`: how many numbers it is told. Raises ValueError where the weights are of another size."""
        kept = weights.load("linking")
        self._weight: list[float] = kept["saying.weight"].tolist()
        self._bias = float(kept["saying.bias"][0])
        if len(self._weight) != size:
            raise ValueError(f"weights/linking.npz is of {len(self._weight)} numbers, not {size}")

    def share(self, numbers: Sequence[float]) -> float:
        """How likely a pair is one, from 0 to 1."""
        score = self._bias + sum([weight * number for weight, number in zip(self._weight, numbers, strict=True)])
        return 1 / (1 + exp(-max(-_MOST, min(_MOST, score))))
