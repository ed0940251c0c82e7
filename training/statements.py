"""The network that finds statements, learned from annotated articles.

    python training/statements.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Writes statements.npz (numbers of one byte, with scales), for the exact reader where its encoder lies in --out. The articles for checking are never learned from unless
--everything is given. Same seed, same bytes, on one thread. Tried without clear gain: to
learn what a first network reads in 6,000 unlabelled articles before the annotated ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from examples import Example, Target
from learning import TOKEN, Batch, Losses, encode, learn_network
from musnad.scores.features import PAIR, SPAN, STANCES, Columns
from musnad.scores.network import WINDOWS, pairs
from parts import Network, Pointer, Sizes, layers, pointer_loss, token_loss

DEPTH = 4
PARTIES = ("speaker", "addressee", "source", "antecedent")
KINDS = ("direct", "indirect", "mixed")


class StatementNetwork(Network):
    """The decisions on statements."""

    def __init__(self, sizes: Sizes, *, told: bool = False) -> None:
        super().__init__(sizes, DEPTH, told=told)
        size = sizes.kept
        self.token, self.cue = nn.Linear(size, TOKEN), layers(size + sizes.cue, 64, 1)
        self.stance, self.kind = layers(3 * size, 32, len(STANCES)), layers(2 * size + SPAN, 32, len(KINDS))
        self.pointers = nn.ModuleDict(
            {"begin": Pointer(size, size, PAIR, False), "end": Pointer(size, 2 * size, PAIR, False)}
        )
        for name in PARTIES:
            self.pointers[name] = Pointer(size, 2 * size, 2 * PAIR, True)
            if name != "antecedent":
                self.pointers[f"{name}_end"] = Pointer(size, 2 * size, PAIR, False)


def losses_of(model: StatementNetwork, batch: Batch) -> Losses:
    """The losses of every decision of a batch, summed."""
    hidden = encode(model, batch)
    reports = model.cue(torch.cat([hidden[torch.from_numpy(batch.cue_at)], torch.from_numpy(batch.cue_numbers)], 1))[
        :, 0
    ]
    losses = {"token": token_loss(model.token(hidden), batch.token, batch.known)}
    losses["cue"] = functional.binary_cross_entropy_with_logits(
        reports, torch.from_numpy(batch.reports), reduction="sum"
    )
    if not batch.examples:
        return losses
    cue = _gather(batch, lambda t: t.cue)
    first, last = _gather(batch, lambda t: t.content[0][0]), _gather(batch, lambda t: t.content[0][1] - 1)
    of_cue, of_first, of_last = hidden[cue], hidden[first], hidden[last]
    both = torch.cat([of_cue, of_first], 1)
    losses["begin"] = _point(model, batch, "begin", of_cue, hidden)
    losses["end"] = _point(model, batch, "end", both, hidden)
    for name in PARTIES:
        losses[name] = _point(model, batch, name, both, hidden)
        if name != "antecedent":
            known = _gather(batch, lambda t, n=name: max(_party(t, n)[0], 0))
            losses[f"{name}_end"] = _point(model, batch, f"{name}_end", torch.cat([of_cue, hidden[known]], 1), hidden)
    behind = hidden[torch.clamp(cue + 1, max=len(hidden) - 1)]
    stances = torch.tensor([STANCES.index(t.stance) for _, _, targets in batch.examples for t in targets])
    losses["stance"] = functional.cross_entropy(
        model.stance(torch.cat([of_cue, of_first, behind], 1)), stances, reduction="sum"
    )
    numbers = np.concatenate([_contents(e.columns, targets) for e, _, targets in batch.examples])
    kinds = torch.tensor([KINDS.index(t.kind) for _, _, targets in batch.examples for t in targets])
    shown = model.kind(torch.cat([of_first, of_last, torch.from_numpy(numbers)], 1))
    losses["kind"] = functional.cross_entropy(shown, kinds, reduction="sum")
    return losses


def _gather(batch: Batch, token: Any) -> Tensor:
    return torch.tensor([token(t) + offset for _, offset, targets in batch.examples for t in targets])


def _contents(columns: Columns, targets: list[Target]) -> Any:
    first, last, cue = (
        np.array(x) for x in zip(*((t.content[0][0], t.content[0][1] - 1, t.cue) for t in targets), strict=True)
    )
    return columns.of_contents(first, last, cue)


def _party(target: Target, name: str) -> tuple[int, int]:
    """The tokens of a party; -1 where there is none, -2 where it is not known whether there is."""
    if name in target.repeated:
        return _UNKNOWN, _UNKNOWN
    if name == "source":
        return target.sources[0] if target.sources else (-1, -1)
    if name == "antecedent" and not target.open:
        return _UNKNOWN, _UNKNOWN
    return getattr(target, name) or (-1, -1)


_UNKNOWN = -2
#: Of every pointer: the token that it is asked at, and the one that is right (-1: none).
_QUESTIONS: dict[str, tuple[Callable[[Target], int], Callable[[Target], int]]] = {
    "begin": (lambda t: t.cue, lambda t: t.content[0][0]),
    "end": (lambda t: t.content[0][0], lambda t: t.content[0][1] - 1),
    **{name: (lambda t: t.cue, lambda t, n=name: _party(t, n)[0]) for name in PARTIES},  # type: ignore[misc]
    **{
        f"{name}_end": (lambda t, n=name: _party(t, n)[0], lambda t, n=name: _party(t, n)[1] - 1)  # type: ignore[misc]
        for name in PARTIES
    },
}


@dataclass(slots=True)
class Choice:
    """The candidates of one pointer for the cues of an article: tokens, their numbers, and which is right."""

    rows: Any  # which of the article's cues
    keys: Any
    counts: Any
    numbers: Any  # float16
    right: Any  # places in `keys`, -1 for none of them


def _choice(example: Example, targets: list[Target], name: str) -> Choice:
    anchor_of, wanted_of = _QUESTIONS[name]
    window = "party_end" if name.endswith("_end") else {"begin": "start"}.get(name, name)
    anchors, wanted = np.array([anchor_of(t) for t in targets]), np.array([wanted_of(t) for t in targets])
    low, high = WINDOWS[window]
    far = (wanted >= 0) & ((wanted - anchors < low) | (wanted - anchors > high))
    rows = np.flatnonzero((anchors >= 0) & (wanted != _UNKNOWN) & ~far)
    keys, counts = pairs(example.columns, anchors[rows], window)
    firsts = np.cumsum(counts) - counts
    right = (
        np.where(wanted[rows] >= 0, firsts + wanted[rows] - keys[np.minimum(firsts, max(len(keys) - 1, 0))], -1)
        if len(keys)
        else np.full(len(rows), -1)
    )
    numbers = example.columns.of_pairs(np.repeat(anchors[rows], counts), keys)
    if name in PARTIES:
        begin = np.array([t.content[0][0] for t in targets])
        numbers = np.hstack([numbers, example.columns.of_pairs(np.repeat(begin[rows], counts), keys)])
    return Choice(rows, keys, counts, numbers.astype(np.float16), right)


def _point(model: StatementNetwork, batch: Batch, name: str, question: Tensor, hidden: Tensor) -> Tensor:
    """The loss of a pointer: of the right token among the candidates of each anchor, or of none."""
    choices, firsts, cue = [], [], 0
    for example, offset, targets in batch.examples:
        kept = example.choices.get(name)
        if kept is None:
            kept = example.choices[name] = _choice(example, targets, name)
        choices.append((kept, offset))
        firsts.append(cue)
        cue += len(targets)
    counts = np.concatenate([kept.counts for kept, _ in choices])
    if not counts.sum():
        return hidden.sum() * 0
    rows = torch.from_numpy(
        np.concatenate([kept.rows + first for (kept, _), first in zip(choices, firsts, strict=True)])
    )
    keys = torch.from_numpy(np.concatenate([kept.keys + offset for kept, offset in choices]))
    numbers = torch.from_numpy(np.concatenate([kept.numbers for kept, _ in choices]).astype(np.float32))
    sizes = np.cumsum([0, *(len(kept.keys) for kept, _ in choices)])
    right = torch.from_numpy(
        np.concatenate(
            [np.where(kept.right >= 0, kept.right + size, -1) for (kept, _), size in zip(choices, sizes, strict=False)]
        )
    )
    return pointer_loss(model.pointers[name], question[rows], hidden, keys, numbers, counts, right)


if __name__ == "__main__":
    learn_network(__doc__, "statements", StatementNetwork, losses_of)
