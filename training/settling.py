"""Who takes part in an event, when and where it was, by all that an article tells: small networks on the numbers of candidates.

    python training/settling.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Reads the annotated articles with the networks, joining and confidence that lie in --out, compares their events with the
annotated ones, and writes settling.npz beside them. Same seed, same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from confidence import plain
from examples import gold, marks, options, written
from learning import OUT
from musnad.evaluation import event_pairs, same_name
from musnad.events import circumstances, parties
from musnad.events.draft import DraftEvent
from musnad.reader import Laid, Reader
from musnad.record import Document

SEED, NETWORKS, HIDDEN, EPOCHS, RATE, DECAY, DROPOUT = 7, 3, 32, 10, 3e-3, 0.02, 0.1
ROWS, GROUPS = 128, 32  # candidates, and groups of them, that are learned from together

Row = dict[str, Any]


class Case(NamedTuple):
    """The candidates of one decision, in numbers, and which of them are right: of parties 1 acts, 2 suffers it."""

    decision: str  # party, time, place
    numbers: Any
    right: Any


def cases(reader: Reader, row: Row) -> Iterator[Case]:
    """Yield the decisions on those events of an annotated article that are read in it."""
    laid = reader.lay_out(Document(id=row["id"], text=row["text"], published=row.get("published")))
    if laid.scored is None:
        return
    happenings = reader.happenings(laid, reader.drafts(laid), settled=False)
    pairs = event_pairs(row, {"events": [plain(laid.page, happening) for happening in happenings]})
    for theirs, ours in sorted((theirs, ours) for ours, theirs in pairs.items()):
        event = row["events"][ours]
        for case in (
            _parties(laid, happenings, theirs, event), _place(laid, happenings, theirs, event),
            _time(laid, happenings, theirs, event) if row.get("published") else None,
        ):  # fmt: skip
            if case is not None and len(case.right):
                yield case


def _parties(laid: Laid, happenings: list[DraftEvent], number: int, event: Row) -> Case:
    page, spots, cast, _, _ = laid
    found = parties.candidates(page, happenings, [parties.surest(one) for one in happenings], number)
    wanted = [(_names(one), side) for side, role in ((1, "actors"), (2, "recipients")) for one in event[role]]
    right = np.zeros(len(found), np.int64)
    for at, one in enumerate(found):  # each annotated party is one candidate, the likeliest
        hit = next((party for party in wanted if same_name(party[0], one.best.name)), None)
        if hit is not None:
            wanted.remove(hit)
            right[at] = hit[1]
    return Case("party", parties.numbers(page, spots, cast, happenings[number], found), right)


def _place(laid: Laid, happenings: list[DraftEvent], number: int, event: Row) -> Case:
    page, spots, cast, _, _ = laid
    found = circumstances.places(page, cast, happenings, number)
    wanted = _names(event["place"]) if event.get("place") else []
    right = np.array([same_name(wanted, one.name) for one in found], np.int64)
    return Case("place", circumstances.numbers_of_places(page, spots, happenings[number], found), right)


def _time(laid: Laid, happenings: list[DraftEvent], number: int, event: Row) -> Case:
    happening, date = happenings[number], event.get("date")
    found = circumstances.times(happenings, number)
    numbers = circumstances.numbers_of_times(laid.page, happening, found)
    right, kept = [], happening.time
    for one in found:
        happening.time = one.what
        days = happening.days
        right.append(bool(days and date and [day.isoformat() for day in days] == [date["start"], date["end"]]))
    happening.time = kept
    return Case("time", numbers, np.array(right, np.int64))


def _names(party: Row) -> list[str]:
    return [party["name"], *party.get("also", [])]


class Small(nn.Module):
    """Two layers."""

    def __init__(self, numbers: int, outputs: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(numbers, HIDDEN), nn.Linear(HIDDEN, outputs)
        self.none = nn.Parameter(torch.zeros(1))

    def forward(self, rows: Tensor) -> Tensor:
        return self.second(torch.relu(self.first(functional.dropout(rows, DROPOUT, self.training))))


def loss_of_each(network: Small, some: list[tuple[Tensor, Tensor]]) -> Tensor:
    """What each candidate is."""
    return functional.cross_entropy(network(torch.cat([rows for rows, _ in some])), torch.cat([y for _, y in some]))


def loss_of_one(network: Small, some: list[tuple[Tensor, Tensor]]) -> Tensor:
    """Which candidate is the one, or that none is: the summed share of all that are right is to be high."""
    losses = []
    scores = network(torch.cat([rows for rows, _ in some]))[:, 0].split([len(rows) for rows, _ in some])
    for score, (_, right) in zip(scores, some, strict=True):
        share = torch.log_softmax(torch.cat([score, network.none]), 0)
        wanted = torch.cat([right > 0, (right.sum() == 0)[None]])
        losses.append(-torch.logsumexp(share[wanted], 0))
    return torch.stack(losses).mean()


def fit(
    found: list[Case], outputs: int, loss_of: Callable[[Small, list[tuple[Tensor, Tensor]]], Tensor], seed: int
) -> dict[str, Any]:
    """Learn one decision."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    every = np.concatenate([case.numbers for case in found])
    mean, scale = every.mean(0), every.std(0) + 1e-3
    ready = [(torch.from_numpy((c.numbers - mean) / scale), torch.from_numpy(c.right)) for c in found]
    network = Small(every.shape[1], outputs)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    batches = max(1, len(every) // ROWS if loss_of is loss_of_each else len(ready) // GROUPS)
    for epoch in range(EPOCHS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for batch in np.array_split(rng.permutation(len(ready)), batches):
            loss = loss_of(network, [ready[n] for n in batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    first = network.first.weight.detach().numpy() / scale  # of numbers as they come
    return {
        "0.weight": first, "0.bias": network.first.bias.detach().numpy() - first @ mean,
        "1.weight": network.second.weight.detach().numpy(), "1.bias": network.second.bias.detach().numpy(),
        "none": network.none.detach().numpy()[0],
    }  # fmt: skip


def learned(found: Iterable[Case]) -> dict[str, Any]:
    """The weights of all decisions, of several networks each."""
    by_decision: dict[str, list[Case]] = {"party": [], "time": [], "place": []}
    for case in found:
        by_decision[case.decision].append(case)
    weights = {}
    for decision, some in by_decision.items():
        outputs, loss_of = (3, loss_of_each) if decision == "party" else (1, loss_of_one)
        fitted = [fit(some, outputs, loss_of, SEED + number) for number in range(NETWORKS)]
        for name in fitted[0]:
            weights[f"{decision}.{name}"] = np.stack([one[name] for one in fitted]).astype(np.float32)
        right = np.mean([(case.right > 0).any() for case in some])
        print(f"{decision}: {len(some)} decisions, {right:.3f} have somebody or something", file=sys.stderr)
    return weights


def main() -> None:
    args = options(__doc__, OUT)
    torch.set_num_threads(1)
    reader = Reader(weights=args.out)
    rows = [*gold(args.gold), *marks(args.corpora), *written()]
    left_out = set(args.leave_out)
    known = [
        row
        for row, source, use in rows
        if row.get("events") and source not in left_out and (args.everything or use != "check")
    ]
    np.savez(args.out / "settling.npz", **learned(case for row in known for case in cases(reader, row)))


if __name__ == "__main__":
    main()
