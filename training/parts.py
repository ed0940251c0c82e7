"""Parts that the networks of statements and of events have in common: how they look around, pointers, small layers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from musnad.scores.network import DILATIONS

HIDDEN = 48
SIZE, EXACT_SIZE = 96, 128  # numbers of a token: of the fast reader, of the exact one
STATES = 768  # numbers that the encoder gives of a token


class Convolution(nn.Module):
    def __init__(self, size: int, reach: int) -> None:
        super().__init__()
        self.conv, self.normal = nn.Conv1d(size, size, 3, padding=reach, dilation=reach), nn.LayerNorm(size)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        moved = torch.relu(self.conv(hidden.T[None])[0].T)
        return self.normal(hidden + functional.dropout(moved, 0.2, self.training)) * mask


class Sizes(NamedTuple):
    """How many numbers a network is told of a word, of its place, of a candidate for a cue; how many it keeps of a token."""

    word: int
    here: int
    cue: int
    kept: int = SIZE


class Network(nn.Module):
    """What `musnad.scores.network` is before its decisions, in a form that can be trained.

    `told`: whether it is told what the encoder makes of each token.
    """

    def __init__(self, sizes: Sizes, depth: int, *, told: bool = False) -> None:
        super().__init__()
        size = sizes.kept
        self.word, self.here = nn.Linear(sizes.word, size), nn.Linear(sizes.here, size, bias=False)
        self.normal = nn.LayerNorm(size)
        self.convs = nn.ModuleList([Convolution(size, reach) for reach in DILATIONS[:depth]])
        if told:
            self.state, self.state_normal = nn.Linear(STATES, size, bias=False), nn.LayerNorm(STATES)

    def encode(self, words: Tensor, here: Tensor, mask: Tensor, states: Tensor | None = None) -> Tensor:
        mixed = self.word(functional.dropout(words, 0.1, self.training)) + self.here(here)
        if states is not None:
            mixed = mixed + self.state(self.state_normal(functional.dropout(states, 0.1, self.training)))
        hidden = functional.dropout(self.normal(torch.relu(mixed)) * mask, 0.2, self.training)
        for conv in self.convs:
            hidden = conv(hidden, mask)
        return hidden


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


def token_loss(score: Tensor, wanted: Any, known: Any) -> Tensor:
    """The loss of the decisions on every token that was annotated; these only propose, so they count less."""
    known = torch.from_numpy(known).expand_as(score)
    return 0.2 * functional.binary_cross_entropy_with_logits(score, torch.from_numpy(wanted), known, reduction="sum")


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
