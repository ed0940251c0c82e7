"""Whether words name an event that was named before: a small network on what `musnad.events.joining` says of each pair.

    python training/joining.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Reads the annotated mentions of events with the network that lies in --out (parties, times and places as it finds them)
and writes joining.npz beside it. Same seed, same bytes.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from examples import Example, Maker, options
from learning import OUT, collect
from musnad.events import joining
from musnad.events.decisions import set_circumstances
from musnad.events.draft import Happening, Mention
from musnad.events.reading import Events
from musnad.scores.scorer import Scorer

SEED, HIDDEN, EPOCHS, RATE = 7, 24, 12, 3e-3


def pairs_of(example: Example, scorer: Scorer, events: Events) -> list[tuple[Any, bool]]:
    """Every annotated mention beside each event of its type that was named before, and whether it names that one."""
    page, spots, cast = example.page, example.spots, example.cast
    scored = scorer.read(page, spots)
    share = scorer.events.triggers(scored.event_context)
    named: list[tuple[Mention, int]] = []
    for number, event in enumerate(example.events or []):
        for first, last in event.triggers:
            at = first + int((1 - share[first:last, 0]).argmax())
            named.append((Mention((first, last), at, event.type, float(1 - share[at, 0]), None), number))
    named.sort(key=lambda one: one[0].tokens)
    mentions = [mention for mention, _ in named]
    if not mentions:
        return []
    set_circumstances(mentions, scored.columns, scored.event_context, scorer.events, example.times)
    events.name_takers(page, spots, cast, scored, mentions)
    rows: list[tuple[Any, bool]] = []
    found: list[Happening] = []
    of_event: dict[int, Happening] = {}
    for mention, number in named:
        mention.facts = joining.facts_of(page, scored, mention)
        known = joining.candidates(found, mention)
        own = of_event.get(number)
        rows += [(joining.numbers(scored, mention, one, known), one is own) for one in known]
        if own is None:
            found.append(of_event.setdefault(number, Happening([mention])))
        else:
            own.mentions.append(mention)
    return rows


def fit(rows: Any, right: Any) -> dict[str, Any]:
    """Learn whether a pair is one event."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    first, second = nn.Linear(joining.SIZE, HIDDEN), nn.Linear(HIDDEN, 1)
    optimiser = torch.optim.AdamW([*first.parameters(), *second.parameters()], lr=RATE, weight_decay=0.02)
    x, y = torch.from_numpy(rows), torch.from_numpy(right.astype(np.float32))
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for batch in np.array_split(rng.permutation(len(x)), max(1, len(x) // 64)):
            score = second(torch.relu(first(functional.dropout(x[batch], 0.1))))[:, 0]
            loss = functional.binary_cross_entropy_with_logits(score, y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return {
        "0.weight": first.weight.detach().numpy(), "0.bias": first.bias.detach().numpy(),
        "1.weight": second.weight.detach().numpy(), "1.bias": second.bias.detach().numpy(),
    }  # fmt: skip


def main() -> None:
    args = options(__doc__, OUT)
    torch.set_num_threads(1)
    maker = Maker()
    scorer = Scorer(maker.lexicon, args.out)
    events = Events(scorer.events, args.out)
    examples = collect(maker, args.gold, args.corpora, everything=args.everything, leave_out=args.leave_out)
    found = [pair for example in examples if example.events for pair in pairs_of(example, scorer, events)]
    rows, right = np.stack([row for row, _ in found]), np.array([same for _, same in found])
    weights = fit(rows, right)
    np.savez(args.out / "joining.npz", **weights)
    share = joining.shares_of(rows, weights)
    print(
        f"{len(rows)} pairs, {right.mean():.3f} one event, right {((share >= 0.5) == right).mean():.3f}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
