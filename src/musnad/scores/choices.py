"""Small networks over the numbers of candidates: what each of them is, or which one of them it is.

Two layers each; several that were learned alike decide together, in the mean (training/settling.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def what_each_is(rows: Any, weights: dict[str, Any], name: str) -> Any:
    """How likely each candidate is of each class: (candidates, classes). `rows`: (candidates, numbers)."""
    return np.mean([_softmax(score, axis=1) for score in _scores(rows, weights, name)], axis=0)


def which_one(rows: Any, weights: dict[str, Any], name: str) -> Any:
    """How likely each candidate is the one: (candidates,); what lacks of one in sum is that it is none of them."""
    nones = weights[f"{name}.none"]
    scores = zip(_scores(rows, weights, name), nones, strict=True)
    return np.mean([_softmax(np.append(score[:, 0], none), axis=0)[:-1] for score, none in scores], axis=0)


def _scores(rows: Any, weights: dict[str, Any], name: str) -> Any:
    """The scores of the candidates by each network: (networks, candidates, outputs)."""
    layers = [weights[f"{name}.{layer}.{part}"] for layer in (0, 1) for part in ("weight", "bias")]
    for first, bias, second, other in zip(*layers, strict=True):
        yield np.maximum(rows @ first.T + bias, 0) @ second.T + other


def _softmax(score: Any, axis: int) -> Any:
    share = np.exp(score - score.max(axis=axis, keepdims=True))
    return share / share.sum(axis=axis, keepdims=True)
