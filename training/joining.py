"""Whether two words name one event: small networks on what `musnad.events.joining` says of each pair, and on their contexts.

    python training/joining.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Reads the annotated mentions of events with the network that lies in --out (parties, times and places as it finds them)
and writes joining.npz beside it. Same seed, same bytes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from examples import Example, Maker, options
from learning import OUT, collect
from musnad.events import joining
from musnad.events.decisions import set_circumstances
from musnad.events.draft import EventMention
from musnad.events.reading import Events
from musnad.scores.scorer import Scorer

SEED, NETWORKS, CONTEXT, HIDDEN, EPOCHS, RATE, BATCH = 7, 3, 16, 32, 6, 3e-3, 128


@dataclass(slots=True)
class Pairs:
    """Pairs of mentions: what is told of each, its two mentions by number, whether they are one event; and the contexts of mentions."""

    numbers: Any
    old: Any
    new: Any
    right: Any
    contexts: Any
    sentences: Any


def pairs_of(example: Example, scorer: Scorer, events: Events) -> Pairs | None:
    """The annotated mentions of an article beside those of their type that stand before them."""
    page, spots, cast = example.page, example.spots, example.cast
    scored = scorer.read(page, spots)
    share = scorer.events.triggers(scored.event_context)
    named: list[tuple[EventMention, int]] = []
    for number, event in enumerate(example.events or []):
        for first, last in event.triggers:
            at = first + int((1 - share[first:last, 0]).argmax())
            named.append((EventMention((first, last), at, event.type, float(1 - share[at, 0]), None), number))
    named.sort(key=lambda one: one[0].tokens)
    mentions, event_of = [mention for mention, _ in named], np.array([number for _, number in named])
    old, new = joining.pairs_of(mentions)
    if not len(old):
        return None
    set_circumstances(mentions, scored.columns, scored.event_context, scorer.events, example.times)
    events.name_takers(page, spots, cast, scored, mentions)
    table = joining.Table(scored, mentions, joining.facts_of(page, scored, mentions))
    return Pairs(table.numbers(old, new), old, new, event_of[old] == event_of[new], table.contexts, table.means)


def together(found: list[Pairs]) -> Pairs:
    """The pairs of all articles in a row."""
    offsets = np.cumsum([0, *(len(one.contexts) for one in found)])
    old, new = (
        np.concatenate([getattr(one, side) + at for one, at in zip(found, offsets, strict=False)])
        for side in ("old", "new")
    )
    rows = {
        name: np.concatenate([getattr(one, name) for one in found])
        for name in ("numbers", "right", "contexts", "sentences")
    }
    return Pairs(old=old, new=new, **rows)


class Joining(nn.Module):
    """Whether a pair is one event, from what is told of it and from the contexts of both words and of both sentences."""

    def __init__(self, numbers: int, size: int) -> None:
        super().__init__()
        self.word, self.sentence = nn.Linear(size, CONTEXT), nn.Linear(size, CONTEXT)
        self.first, self.second = nn.Linear(numbers + 4 * CONTEXT, HIDDEN), nn.Linear(HIDDEN, 1)

    def forward(self, numbers: Any, words: tuple[Any, Any], sentences: tuple[Any, Any]) -> Any:
        beside = []
        for layer, states in ((self.word, words), (self.sentence, sentences)):
            old, new = (torch.tanh(layer(side)) for side in states)
            beside += [old * new, (old - new).abs()]
        row = functional.dropout(torch.cat([numbers, *beside], 1), 0.1, self.training)
        return self.second(torch.relu(self.first(row)))[:, 0]


def fit(pairs: Pairs, seed: int) -> dict[str, Any]:
    """Learn whether a pair is one event."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    scales = {name: (x.mean(0), x.std(0) + 1e-6) for name in ("contexts", "sentences") for x in [getattr(pairs, name)]}
    contexts, sentences = (
        torch.from_numpy(((getattr(pairs, name) - mean) / scale).astype(np.float32))
        for name, (mean, scale) in scales.items()
    )
    network = Joining(pairs.numbers.shape[1], contexts.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.02)
    numbers, right = torch.from_numpy(pairs.numbers), torch.from_numpy(pairs.right.astype(np.float32))
    old, new = torch.from_numpy(pairs.old), torch.from_numpy(pairs.new)
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for batch in np.array_split(rng.permutation(len(right)), max(1, len(right) // BATCH)):
            some = torch.from_numpy(batch)
            one, other = old[some], new[some]
            score = network(numbers[some], (contexts[one], contexts[other]), (sentences[one], sentences[other]))
            loss = functional.binary_cross_entropy_with_logits(score, right[some])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    layers = {"word": network.word, "sentence": network.sentence, "0": network.first, "1": network.second}
    weights = {
        f"{name}.{part}": getattr(layer, part).detach().numpy()
        for name, layer in layers.items()
        for part in ("weight", "bias")
    }
    for name, (mean, scale) in zip(("word", "sentence"), scales.values(), strict=True):  # of contexts as they come
        weights[f"{name}.weight"] = weights[f"{name}.weight"] / scale
        weights[f"{name}.bias"] = weights[f"{name}.bias"] - weights[f"{name}.weight"] @ mean
    return {name: values.astype(np.float32) for name, values in weights.items()}


def main() -> None:
    args = options(__doc__, OUT)
    torch.set_num_threads(1)
    maker = Maker()
    scorer = Scorer(maker.lexicon, args.out)
    events = Events(scorer.events, args.out)
    examples = collect(maker, args.gold, args.corpora, everything=args.everything, leave_out=args.leave_out)
    found = [pairs for e in examples if e.events and (pairs := pairs_of(e, scorer, events)) is not None]
    pairs = together(found)
    fitted = [fit(pairs, SEED + number) for number in range(NETWORKS)]
    np.savez(args.out / "joining.npz", **{name: np.stack([one[name] for one in fitted]) for name in fitted[0]})
    print(f"{len(pairs.right)} pairs, {pairs.right.mean():.3f} one event", file=sys.stderr)


if __name__ == "__main__":
    main()
