"""Parts of the networks that the decisions on statements and on events share: pointers, their loss, small layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

HIDDEN = 48


class Pointer(nn.Module):
    """A score of every candidate token for a question asked at an anchor, and of none of them."""

    def __init__(self, size: int, question: int, pair: int, none: bool, out: int = 1) -> None:
        super().__init__()
        self.question, self.key = nn.Linear(question, HIDDEN), nn.Linear(size, HIDDEN, bias=False)
        self.pair, self.score = nn.Linear(pair, HIDDEN, bias=False), nn.Linear(HIDDEN, out)
        self.none = nn.Sequential(nn.Linear(question, 32), nn.ReLU(), nn.Linear(32, 1)) if none else None

    def forward(
        self, question: Tensor, hidden: Tensor, keys: Tensor, numbers: Tensor, owner: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        mixed = self.question(question)[owner] + self.key(hidden)[keys] + self.pair(numbers)
        score = self.score(torch.relu(mixed))
        return score[:, 0] if score.shape[1] == 1 else score, None if self.none is None else self.none(question)[:, 0]


def layers(size: int, middle: int, out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(size, middle), nn.ReLU(), nn.Dropout(0.3), nn.Linear(middle, out))


def pointer_loss(
    pointer: Pointer, question: Tensor, hidden: Tensor, keys: Tensor, numbers: Tensor, counts: Any, right: Tensor
) -> Tensor:
    """The loss of the candidates at `right`, one for each question, or of none where that is -1."""
    owner = torch.from_numpy(np.repeat(np.arange(len(counts)), counts))
    score, none = pointer(question, hidden, keys, numbers, owner)
    top = torch.full((len(counts),), -1e9).scatter_reduce(0, owner, score.detach(), "amax")
    if none is not None:
        top = torch.maximum(top, none.detach())
    total = torch.zeros(len(counts)).index_add(0, owner, torch.exp(score - top[owner]))
    reached = score[right.clamp(min=0)]
    if none is not None:
        total = total + torch.exp(none - top)
        reached = torch.where(right < 0, none, reached)
    return (torch.log(total) + top - reached).sum()
