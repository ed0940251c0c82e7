"""The name tagger's network as torch learns it, and what it is told of every form; `names.py` trains it."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from musnad import weights
from musnad.lexicon import Lexicon
from musnad.names.features import ITSELF, word_features
from musnad.names.tagger import DILATIONS, REACH, tells

TAGS = ["O", *(place + "-" + kind for place in "BI" for kind in ("LOC", "MISC", "ORG", "PER"))]
Sentence = list[tuple[str, str]]
SIZE, LIKE = 64, 32  # numbers of a word, and of what its other places tell
FEATURES = 16_000  # the commonest are kept
LEAST = 8  # occurrences of a feature
NEVER = -12.0  # the weight of a tag that continues no name
HIDE_ITSELF, HIDE, DROP = 0.15, 0.1, 0.1  # shares hidden in training: a form's own features, single features, numbers


class Text(NamedTuple):
    """A text in numbers of forms and tags."""

    forms: Any
    tags: Any


class Forms:
    """What is known of every form: the rows of its features, how it is used, the number of its core (-1: tells nothing)."""

    def __init__(self, counts: Counter[str], lexicon: Lexicon, flags: dict[str, str]) -> None:
        forms = sorted(counts)
        self.number = {form: at for at, form in enumerate(forms)}
        seen = [word_features(form, lexicon, flags) for form in forms]
        often: Counter[str] = Counter()
        for form, word in zip(forms, seen, strict=True):
            for name in word.features:
                often[name] += counts[form]
        self.names = sorted((name for name in often if often[name] >= LEAST), key=lambda name: (-often[name], name))[
            :FEATURES
        ]
        row = {name: number for number, name in enumerate(self.names, 1)}
        most = max(len(word.features) for word in seen)
        rows_, itself = np.zeros((len(forms), most), np.int64), np.zeros((len(forms), most), bool)
        used, vectors = weights.vectors()
        use = np.zeros((len(forms), vectors.shape[1]), np.float32)
        cores: dict[str, int] = {}
        self.core = np.full(len(forms), -1)
        for at, word in enumerate(seen):
            kept = [name for name in word.features if name in row]
            rows_[at, : len(kept)] = [row[name] for name in kept]
            itself[at, : len(kept)] = [name.startswith(ITSELF) for name in kept]
            number = next((n for form in word.used_as if (n := used.get(form)) is not None), None)
            if number is not None:
                use[at] = vectors[number]
            if tells(word.core, lexicon.counts):
                self.core[at] = cores.setdefault(word.core, len(cores))
        self.rows, self.itself, self.use = torch.from_numpy(rows_), torch.from_numpy(itself), torch.from_numpy(use)

    def text(self, text: Sentence) -> Text:
        return Text(np.array([self.number[form] for form, _ in text]), np.array([TAGS.index(tag) for _, tag in text]))


class Model(nn.Module):
    """The network of `names/tagger.py` as torch learns it."""

    def __init__(self, features: int, use: int) -> None:
        super().__init__()
        self.features = nn.EmbeddingBag(features + 1, SIZE, mode="sum", padding_idx=0)
        nn.init.normal_(self.features.weight, std=0.1)
        self.features.weight.data[0] = 0
        self.use = nn.Linear(use, SIZE)
        self.normal = nn.LayerNorm(SIZE)
        self.first = nn.Parameter(torch.randn(2 * REACH + 1, SIZE, SIZE) * 0.06)
        self.first_bias = nn.Parameter(torch.zeros(SIZE))
        self.conv = nn.ParameterList([nn.Parameter(torch.randn(3, SIZE, SIZE) * 0.07) for _ in DILATIONS])
        self.conv_bias = nn.ParameterList([nn.Parameter(torch.zeros(SIZE)) for _ in DILATIONS])
        self.elsewhere = nn.Linear(SIZE, LIKE)
        self.told = nn.Linear(LIKE, SIZE)
        self.out = nn.Linear(SIZE, len(TAGS))
        self.free_moves = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        never = [[NEVER * (b[0] == "I" and a[2:] != b[2:]) for b in TAGS] for a in TAGS]
        self.never = torch.tensor(never)

    @property
    def moves(self) -> torch.Tensor:
        return self.free_moves + self.never

    def project(self, forms: Forms, which: torch.Tensor) -> torch.Tensor:
        found = forms.rows[which]
        if self.training:
            hidden = (torch.rand(len(which), 1) < HIDE_ITSELF) & forms.itself[which]
            found = found.masked_fill(hidden | (torch.rand(found.shape) < HIDE), 0)
        return functional.relu(self.normal(self.features(found) + self.use(forms.use[which])))

    def forward(self, forms: Forms, ids: Any, groups: Any) -> torch.Tensor:
        """Scores of the tags of words in a row; ids of -1 are empty places, groups the cores that come back."""
        which, place = np.unique(np.maximum(ids, 0), return_inverse=True)
        here = torch.from_numpy((ids >= 0).astype(np.float32))[:, None]
        words = self.project(forms, torch.from_numpy(which))[torch.from_numpy(place)] * here
        words = functional.dropout(words, DROP, self.training)
        hidden = sum(_moved(words @ self.first[n], REACH - n) for n in range(2 * REACH + 1)) + self.first_bias
        hidden = functional.relu(hidden) * here
        for number, reach in enumerate(DILATIONS):
            if number == len(DILATIONS) - 1:
                hidden = self._tell_other_places(hidden, torch.from_numpy(groups))
            kernel, seen = self.conv[number], functional.dropout(hidden, DROP, self.training)
            moved = _moved(seen @ kernel[0], reach) + seen @ kernel[1] + _moved(seen @ kernel[2], -reach)
            hidden = (hidden + functional.relu(moved + self.conv_bias[number])) * here
        return self.out(functional.dropout(hidden, DROP, self.training))

    def _tell_other_places(self, hidden: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
        places = torch.nonzero(groups >= 0).flatten()
        _, word, times = torch.unique(groups[places], return_inverse=True, return_counts=True)
        again = times[word] > 1
        places, word = places[again], word[again]
        if not len(places):
            return hidden
        like = torch.sigmoid(self.elsewhere(hidden[places]))
        total = like.new_zeros(len(times), LIKE).index_add(0, word, like)
        others = (total[word] - like) / (times[word] - 1)[:, None]
        return hidden.index_add(0, places, self.told(others))

    def arrays(self) -> dict[str, Any]:
        """The weights as `names/tagger.py` names them."""
        found = {name: value.detach().numpy() for name, value in self.named_parameters()}
        for number in range(len(DILATIONS)):
            found[f"conv{number}.weight"] = found.pop(f"conv.{number}")
            found[f"conv{number}.bias"] = found.pop(f"conv_bias.{number}")
        found["first.bias"] = found.pop("first_bias")
        found["moves"] = found.pop("free_moves") + self.never.numpy()
        return found


def _moved(rows_: torch.Tensor, by: int) -> torch.Tensor:
    """What stands `by` places before, or behind where it is less than 0."""
    if not by:
        return rows_
    empty = rows_.new_zeros(abs(by), rows_.shape[1])
    return torch.cat([empty, rows_[:-by]]) if by > 0 else torch.cat([rows_[-by:], empty])


def path_loss(
    score: torch.Tensor, moves: torch.Tensor, parts: list[tuple[int, int]], tags: torch.Tensor
) -> torch.Tensor:
    """The mean surprise at the tags of stretches, of a linear chain."""
    longest = max(last - first for first, last in parts)
    at = torch.zeros(len(parts), longest, dtype=torch.int64)
    there = torch.zeros(len(parts), longest, dtype=torch.bool)
    for n, (first, last) in enumerate(parts):
        at[n, : last - first] = torch.arange(first, last)
        there[n, : last - first] = True
    emitted, want = score[at], tags[at]
    right = (emitted.gather(2, want[..., None])[..., 0] * there).sum(1) + moves[0, want[:, 0]]
    right = right + (moves[want[:, :-1], want[:, 1:]] * there[:, 1:]).sum(1)
    right = right + moves[want.gather(1, there.sum(1, keepdim=True) - 1)[:, 0], 0]
    total = emitted[:, 0] + moves[0]
    for step in range(1, longest):
        further = torch.logsumexp(total[:, :, None] + moves, 1) + emitted[:, step]
        total = torch.where(there[:, step, None], further, total)
    return (torch.logsumexp(total + moves[:, 0], 1) - right).mean()
