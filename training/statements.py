"""The network that finds statements, learned from annotated articles.

    python training/statements.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Writes network.npz (numbers of one byte, with scales). The articles for checking are never learned from unless
--everything is given. Same seed, same bytes, on one thread. Tried without clear gain: to
learn what a first network reads in 6,000 unlabelled articles before the annotated ones.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import events
from examples import Example, Maker, Target, gold, marks, options, written
from musnad import weights
from musnad.lexicon import Word
from musnad.scores.features import PAIR, SPAN, STANCES, STATUSES, TYPES, Columns, WordFeatures
from musnad.scores.network import DILATIONS, EVENT_DILATIONS, PLACE, TAKER, WINDOWS, pairs
from pointers import Pointer, layers, pointer_loss
from saving import arrays, save

OUT = Path(__file__).parent.parent / "src/musnad/weights/fast"
SIZE = 96  # numbers of a token
BATCH = 8
PHASES = ((9, 2e-3), (3, 7e-4))  # epochs, rate
#: How much decisions count that are not worth 1: those on events, as they are, outweigh those on statements.
WORTH = dict.fromkeys(events.DECISIONS, 0.25)
PARTIES = ("speaker", "addressee", "source", "antecedent")
KINDS = ("direct", "indirect", "mixed")
TOKEN, EVENT_TOKEN = 4, 2  # decisions on every token: BEGIN, END, PARTY, CUE of statements; TAKER, PLACE of events
GAP = 8  # empty tokens between articles of a batch, as far as a convolution reaches
STRANGE = 0.08  # share of the words that are no candidates which the cue score is shown as well
SEED = 7


class Convolution(nn.Module):
    def __init__(self, size: int, reach: int) -> None:
        super().__init__()
        self.conv, self.normal = nn.Conv1d(size, size, 3, padding=reach, dilation=reach), nn.LayerNorm(size)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        moved = torch.relu(self.conv(hidden.T[None])[0].T)
        return self.normal(hidden + functional.dropout(moved, 0.2, self.training)) * mask


class Model(nn.Module):
    """`musnad.scores.network` in a form that can be trained."""

    def __init__(self, word: int, here: int, cue: int, size: int = SIZE) -> None:
        super().__init__()
        self.word, self.here, self.normal = nn.Linear(word, size), nn.Linear(here, size, bias=False), nn.LayerNorm(size)
        self.convs = nn.ModuleList([Convolution(size, reach) for reach in DILATIONS])
        self.event_convs = nn.ModuleList([Convolution(size, reach) for reach in EVENT_DILATIONS])
        self.token, self.event_token = nn.Linear(size, TOKEN), nn.Linear(size, EVENT_TOKEN)
        self.cue = layers(size + cue, 64, 1)
        self.stance, self.kind = layers(3 * size, 32, len(STANCES)), layers(2 * size + SPAN, 32, len(KINDS))
        self.pointers = nn.ModuleDict(
            {"begin": Pointer(size, size, PAIR, False), "end": Pointer(size, 2 * size, PAIR, False)}
        )
        for name in PARTIES:
            self.pointers[name] = Pointer(size, 2 * size, 2 * PAIR, True)
            if name != "antecedent":
                self.pointers[f"{name}_end"] = Pointer(size, 2 * size, PAIR, False)
        self.trigger, self.status = layers(size, 48, 1 + len(TYPES)), layers(size, 32, len(STATUSES))
        self.pointers["sides"] = Pointer(size, size, PAIR, False, out=3)
        for name in ("time", "place"):
            self.pointers[name] = Pointer(size, size, PAIR, True)
        for name in ("taker_end", "place_end"):
            self.pointers[name] = Pointer(size, 2 * size, PAIR, False)

    def encode(self, words: Tensor, here: Tensor, mask: Tensor) -> Tensor:
        mixed = self.word(functional.dropout(words, 0.1, self.training)) + self.here(here)
        hidden = functional.dropout(self.normal(torch.relu(mixed)) * mask, 0.2, self.training)
        for conv in self.convs:
            hidden = conv(hidden, mask)
        return hidden

    def encode_events(self, hidden: Tensor, mask: Tensor) -> Tensor:
        for conv in self.event_convs:
            hidden = conv(hidden, mask)
        return hidden


class Words:
    """The numbers of word forms, in an array that grows."""

    def __init__(self, features: WordFeatures) -> None:
        self._features = features
        self._number: dict[Word, int] = {}
        self._rows: list[Any] = []

    def rows(self, example: Example) -> Any:
        for word in example.page.words:
            if word not in self._number:
                self._number[word] = len(self._rows)
                self._rows.append(self._features.row(word).astype(np.float16))
        return np.stack([self._rows[self._number[word]] for word in example.page.words]).astype(np.float32)


class Batch:
    """Several articles in a row, with the targets of all their cues; tokens count through."""

    def __init__(self, examples: list[Example], words: Words, rng: np.random.Generator) -> None:
        size = sum(example.columns.size + GAP for example in examples) + GAP
        rows = [words.rows(example) for example in examples]
        self.words = np.zeros((size, rows[0].shape[1]), np.float32)
        self.here = np.zeros((size, examples[0].columns.here.shape[1]), np.float32)
        self.mask = np.zeros((size, 1), np.float32)
        self.token, self.event_token = np.zeros((size, TOKEN), np.float32), np.zeros((size, EVENT_TOKEN), np.float32)
        self.known, self.event_known = np.zeros((size, 1), np.float32), np.zeros((size, 1), np.float32)
        self.offsets: list[int] = []
        cues: list[Any] = []
        at = GAP
        for example, row in zip(examples, rows, strict=True):
            end = at + example.columns.size
            self.words[at:end], self.here[at:end], self.mask[at:end] = row, example.columns.here, 1
            self.known[at:end], self.event_known[at:end] = 1, example.events is not None
            _mark(self.token[at:end], self.event_token[at:end], example)
            cues.append(_cue_samples(example, at, rng))
            self.offsets.append(at)
            at = end + GAP
        self.cue_at = np.concatenate([c[0] for c in cues])
        self.cue_numbers = np.concatenate([c[1] for c in cues])
        self.reports = np.concatenate([c[2] for c in cues])
        self.events = [(e, o) for e, o in zip(examples, self.offsets, strict=True) if e.events is not None]
        self.examples = [(e, o, _by_cue(e)) for e, o in zip(examples, self.offsets, strict=True)]
        self.examples = [(e, o, t) for e, o, t in self.examples if t]


def _by_cue(example: Example) -> list[Target]:
    """One target for each cue, in order."""
    found: dict[int, Target] = {}
    for target in example.targets:
        if target.cue >= 0 and not target.content[0][0] <= target.cue < target.content[0][1]:
            found.setdefault(target.cue, target)
    return [found[cue] for cue in sorted(found)]


def _mark(token: Any, event_token: Any, example: Example) -> None:
    """Set what every token is."""
    for event in example.events or []:
        for _, places in event.parties:
            for first, _ in places:
                event_token[first, TAKER] = 1
        for first, _ in event.places or []:
            event_token[first, PLACE] = 1
    for target in example.targets:
        for first, last in target.content:
            token[first, 0] = 1
            token[min(last, len(token)) - 1, 1] = 1
        for party in (target.speaker, target.addressee, target.antecedent, *target.sources):
            if party is not None:
                token[party[0], 2] = 1
        if target.cue >= 0:
            token[target.cue, 3] = 1


def _cue_samples(example: Example, offset: int, rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Words and whether they report: the candidates, the annotated cues, and some other words."""
    cues = {target.cue for target in example.targets if target.cue >= 0}
    others = np.flatnonzero(rng.random(example.columns.size) < STRANGE)
    at = np.unique(np.concatenate([example.columns.candidates, np.array(sorted(cues), np.int64), others]))
    reports = np.array([float(int(a) in cues) for a in at], np.float32)
    return at + offset, example.columns.of_cues(at), reports


def loss_of(model: Model, batch: Batch) -> tuple[dict[str, Tensor], int]:
    """The losses of every decision of a batch, summed, and the number of its cues."""
    mask = torch.from_numpy(batch.mask)
    hidden = model.encode(torch.from_numpy(batch.words), torch.from_numpy(batch.here), mask)
    token = _of_tokens(model.token(hidden), batch.token, batch.known)
    of_events = model.encode_events(hidden, mask)
    reports = model.cue(torch.cat([hidden[torch.from_numpy(batch.cue_at)], torch.from_numpy(batch.cue_numbers)], 1))[
        :, 0
    ]
    losses = {
        "token": token,
        "event_token": _of_tokens(model.event_token(of_events), batch.event_token, batch.event_known),
    }
    losses |= events.losses_of(model, batch, of_events)
    losses["cue"] = functional.binary_cross_entropy_with_logits(
        reports, torch.from_numpy(batch.reports), reduction="sum"
    )
    if not batch.examples:
        return losses, 0
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
    return losses, len(cue)


def _of_tokens(score: Tensor, wanted: Any, known: Any) -> Tensor:
    """The loss of the decisions on every token that was annotated; these only propose, so they count less."""
    known = torch.from_numpy(known).expand_as(score)
    return 0.2 * functional.binary_cross_entropy_with_logits(score, torch.from_numpy(wanted), known, reduction="sum")


def _gather(batch: Batch, token: Any) -> Tensor:
    return torch.tensor([token(t) + offset for _, offset, targets in batch.examples for t in targets])


def _contents(columns: Columns, targets: list[Target]) -> Any:
    first, last, cue = (
        np.array(x) for x in zip(*((t.content[0][0], t.content[0][1] - 1, t.cue) for t in targets), strict=True)
    )
    return columns.of_contents(first, last, cue)


def _party(target: Target, name: str) -> tuple[int, int]:
    """The tokens of a party; -1 where there is none, -2 where it is not known whether there is."""
    if name == "source":
        return target.sources[0] if target.sources else (-1, -1)
    if name == "antecedent" and target.speaker is not None:
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


def _point(model: Model, batch: Batch, name: str, question: Tensor, hidden: Tensor) -> Tensor:
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


def fit(model: Model, examples: list[Example], words: Words, *, epochs: int, rate: float, seed: int = SEED) -> None:
    """Train in place, one of `PHASES`: Adam, a rate that rises shortly and falls to nothing."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    steps, step = epochs * -(-len(examples) // BATCH), 0
    for epoch in range(epochs):
        model.train()
        order, began, shown, cues = rng.permutation(len(examples)), time.time(), {}, 0
        for first in range(0, len(order), BATCH):
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 50) * (1 - step / steps) ** 0.8 + 1e-6
            step += 1
            losses, number = loss_of(model, Batch([examples[n] for n in order[first : first + BATCH]], words, rng))
            losses = {name: value * WORTH.get(name, 1.0) for name, value in losses.items()}
            optimiser.zero_grad()
            (sum(losses.values()) / (5 * BATCH)).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            cues += number
            for name, value in losses.items():
                shown[name] = shown.get(name, 0) + float(value.detach())
        line = " ".join(f"{name} {value / max(cues, 1):.3f}" for name, value in shown.items() if "_end" not in name)
        print(f"{epoch} {time.time() - began:.0f} s {line}", file=sys.stderr, flush=True)
    model.eval()


def learn(examples: list[Example], maker: Maker, *, seed: int = SEED) -> dict[str, Any]:
    """Learn the network from annotated articles and return its weights."""
    features = WordFeatures(maker.lexicon, *weights.vectors())
    here, cue = examples[0].columns.here.shape[1], examples[0].columns.of_cues(np.array([0])).shape[1]
    torch.manual_seed(seed)
    model = Model(features.size, here, cue)
    words = Words(features)
    for epochs, rate in PHASES:
        fit(model, examples, words, epochs=epochs, rate=rate, seed=seed)
    return arrays(model)


def collect(
    maker: Maker, paths: Iterable[str], corpora: Path, *, everything: bool = False, leave_out: Iterable[str] = ()
) -> list[Example]:
    """The annotated articles to learn from."""
    rows = [*gold(paths), *marks(corpora), *written()]
    return [
        maker.example(row, source, use)
        for row, source, use in rows
        if (everything or use != "check") and source not in set(leave_out)
    ]


def main() -> None:
    args = options(__doc__, OUT)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    maker = Maker()
    examples = collect(maker, args.gold, args.corpora, everything=args.everything, leave_out=args.leave_out)
    print(f"{len(examples)} articles, {sum(len(e.targets) for e in examples)} statements", file=sys.stderr)
    args.out.mkdir(parents=True, exist_ok=True)
    save(learn(examples, maker), args.out / "network.npz")


if __name__ == "__main__":
    main()
