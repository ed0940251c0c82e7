"""The network that finds events, learned from annotated articles: which words name one, its status, who takes part on
which side, when and where.

    python training/events.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Writes events.npz, as training/statements.py writes statements.npz.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from examples import EventTarget, Example, Tokens
from learning import EVENT_TOKEN, Batch, Losses, encode, learn_network
from musnad.scores.features import PAIR, STATUSES, TYPES, Columns
from musnad.scores.network import WINDOWS, pairs
from parts import Network, Pointer, Sizes, layers, pointer_loss, token_loss

DEPTH = 5
_FAR = 60  # tokens within which a party that no mention has in its sentence is looked for


class EventNetwork(Network):
    """The decisions on events."""

    def __init__(self, sizes: Sizes, *, told: bool = False) -> None:
        super().__init__(sizes, DEPTH, told=told)
        size = sizes.kept
        self.event_token, self.trigger = nn.Linear(size, EVENT_TOKEN), layers(size, 48, 1 + len(TYPES))
        self.status = layers(2 * size, 48, len(STATUSES))
        self.pointers = nn.ModuleDict({"sides": Pointer(size, size, PAIR, False, out=3)})
        for name in ("time", "place"):
            self.pointers[name] = Pointer(size, size, PAIR, True)
        for name in ("taker_end", "place_end"):
            self.pointers[name] = Pointer(size, 2 * size, PAIR, False)


class Pairs(NamedTuple):
    """The candidates of the mentions of an article: tokens, their numbers, and what is right."""

    rows: Any  # which mentions are asked
    keys: Any
    counts: Any
    numbers: Any  # float16
    right: (
        Any  # of sides one for each candidate, -1 where it does not count; of pointers the place in `keys`, -1 for none
    )


class Targets(NamedTuple):
    """The mentions of the events of an article, in tokens, and the targets of every decision on them."""

    kinds: Any  # of every token: 0, or 1 + the number of the type
    at: Any
    status: Any
    sides: Pairs
    pointers: dict[str, Pairs]
    ends: dict[str, tuple[Any, Any, Any]]  # anchors, begins, last tokens


def losses_of(model: EventNetwork, batch: Batch) -> Losses:
    """The losses of every decision of a batch, summed."""
    hidden = encode(model, batch)
    losses = {"event_token": token_loss(model.event_token(hidden), batch.event_token, batch.event_known)}
    found = [(targets_of(example), offset, example.columns.size) for example, offset in batch.events]
    if not found:
        return losses
    tokens = torch.from_numpy(np.concatenate([np.arange(size) + offset for _, offset, size in found]))
    kinds = torch.from_numpy(np.concatenate([one.kinds for one, _, _ in found]))
    losses["trigger"] = functional.cross_entropy(model.trigger(hidden[tokens]), kinds, reduction="sum")
    at = torch.from_numpy(np.concatenate([one.at + offset for one, offset, _ in found]))
    if not len(at):
        return losses
    status = torch.from_numpy(np.concatenate([one.status for one, _, _ in found]))
    told = torch.cat([hidden[at], _sentences(batch, hidden)[at]], 1)
    losses["status"] = functional.cross_entropy(model.status(told), status, reduction="sum")
    firsts = np.cumsum([0, *(len(one.at) for one, _, _ in found)])
    rows, keys, numbers, counts, right = _joined([(one.sides, o) for one, o, _ in found], firsts, shift=False)
    if len(keys):
        owner = torch.from_numpy(np.repeat(np.arange(len(counts)), counts))
        score, _ = model.pointers["sides"](hidden[at][rows], hidden, keys, numbers, owner)
        known = right >= 0
        losses["sides"] = functional.cross_entropy(score[known], right[known], reduction="sum")
    for name in ("time", "place"):
        rows, keys, numbers, counts, right = _joined([(one.pointers[name], o) for one, o, _ in found], firsts)
        if len(keys):
            losses[name] = pointer_loss(model.pointers[name], hidden[at][rows], hidden, keys, numbers, counts, right)
    for name in ("taker_end", "place_end"):
        losses[name] = _ends(model.pointers[name], name, found, batch, hidden)
    return losses


def _sentences(batch: Batch, hidden: Tensor) -> Tensor:
    """Of every token the mean of its sentence, as `musnad.scores.network.sentence_means` gives it; tokens outside `batch.events` are not used."""
    number, known = torch.zeros(len(hidden), dtype=torch.long), 1
    for example, offset in batch.events:
        sentence = torch.from_numpy(example.columns.sentence)
        number[offset : offset + len(sentence)] = sentence + known
        known += int(sentence[-1]) + 1
    length = torch.bincount(number, minlength=known).clamp(min=1)
    return (torch.zeros(known, hidden.shape[1]).index_add(0, number, hidden) / length[:, None])[number]


def _joined(parts: list[tuple[Pairs, int]], firsts: Any, *, shift: bool = True) -> tuple[Any, ...]:
    """The candidates of several articles in a row."""
    rows = np.concatenate([part.rows + first for (part, _), first in zip(parts, firsts, strict=False)])
    keys = np.concatenate([part.keys + offset for part, offset in parts])
    numbers = np.concatenate([part.numbers for part, _ in parts]).astype(np.float32)
    sizes = np.cumsum([0, *(len(part.keys) for part, _ in parts)])
    right = np.concatenate(
        [np.where(p.right >= 0, p.right + size * shift, -1) for (p, _), size in zip(parts, sizes, strict=False)]
    )
    counts = np.concatenate([part.counts for part, _ in parts])
    return (*(torch.from_numpy(x) for x in (rows, keys, numbers)), counts, torch.from_numpy(right))


def _ends(pointer: Any, name: str, found: list[tuple[Targets, int, int]], batch: Batch, hidden: Tensor) -> Tensor:
    numbers, keys, counts, right, question, size = [], [], [], [], [], 0
    for (one, offset, _), (example, _) in zip(found, batch.events, strict=True):
        anchors, begins, lasts = one.ends[name]
        if not len(begins):
            continue
        its, its_counts = pairs(example.columns, begins, "party_end")
        starts = np.cumsum(its_counts) - its_counts
        numbers.append(example.columns.of_pairs(np.repeat(begins, its_counts), its))
        right.append(starts + np.minimum(lasts - begins, its_counts - 1) + size)
        keys.append(its + offset)
        counts.append(its_counts)
        question.append((anchors + offset, begins + offset))
        size += len(its)
    if not keys:
        return hidden.sum() * 0
    anchors, begins = (torch.from_numpy(np.concatenate(x)) for x in zip(*question, strict=True))
    return pointer_loss(
        pointer, torch.cat([hidden[anchors], hidden[begins]], 1), hidden, torch.from_numpy(np.concatenate(keys)),
        torch.from_numpy(np.concatenate(numbers)), np.concatenate(counts), torch.from_numpy(np.concatenate(right)),
    )  # fmt: skip


def targets_of(example: Example) -> Targets:
    """The targets of an article, kept once they were asked for."""
    if "events" not in example.choices:
        example.choices["events"] = _targets(example)
    return example.choices["events"]  # type: ignore[no-any-return]


def _targets(example: Example) -> Targets:
    columns = example.columns
    kinds = np.zeros(columns.size, np.int64)
    mentions: list[tuple[int, EventTarget]] = []
    for event in example.events or []:
        for first, last in event.triggers:
            kinds[first:last] = 1 + TYPES.index(event.type)
            mentions += [(at, event) for at in range(first, last)]
    at = np.array([n for n, _ in mentions], np.int64)
    status = np.array([STATUSES.index(event.status) for _, event in mentions], np.int64)
    sides, takers = _sides(columns, mentions)
    pointers, ends = {}, {"taker_end": takers}
    pointers["time"] = _pointer(
        columns, "time", at, [None if e.times is None else _near(columns, n, [(t, t + 1) for t in e.times]) for n, e in mentions],
        np.array(sorted({time.first for time in example.times}), np.int64),
    )  # fmt: skip
    places = [None if e.places is None else _near(columns, n, e.places) for n, e in mentions]
    pointers["place"] = _pointer(columns, "place", at, places)
    known = [(n, place) for (n, _), place in zip(mentions, places, strict=True) if place]
    ends["place_end"] = _as_ends(known)
    return Targets(kinds, at, status, sides, pointers, ends)


def _as_ends(known: list[tuple[int, Tokens]]) -> tuple[Any, Any, Any]:
    return (
        np.array([n for n, _ in known], np.int64), np.array([place[0] for _, place in known], np.int64),
        np.array([place[1] - 1 for _, place in known], np.int64),
    )  # fmt: skip


def _near(columns: Columns, at: int, places: list[Tokens]) -> Tokens | tuple[()]:
    """The place nearest to a token, one of its own sentence first; nothing where there is none."""
    ranked = [(columns.sentence[p[0]] != columns.sentence[at], abs(p[0] - at), p) for p in places]
    return min(ranked)[2] if ranked else ()


def _pointer(columns: Columns, window: str, at: Any, wanted: list[Any], allowed: Any = None) -> Pairs:
    """The candidates around mentions; `wanted` is what is right for each, () for none, None where it is not known."""
    low, high = WINDOWS[window]
    rows = [
        n for n, one in enumerate(wanted)
        if one is not None and (not one or low <= one[0] - at[n] <= high)
    ]  # fmt: skip
    rows = np.array(rows, np.int64)
    keys, counts = pairs(columns, at[rows], window, allowed)
    owner = np.repeat(rows, counts)
    right = np.full(len(rows), -1)
    starts = np.cumsum(counts) - counts
    for place, n in enumerate(rows):
        if wanted[n]:
            hit = np.flatnonzero(keys[starts[place] : starts[place] + counts[place]] == wanted[n][0])
            right[place] = starts[place] + hit[0] if len(hit) else -1
    return Pairs(rows, keys, counts, columns.of_pairs(at[owner], keys).astype(np.float16), right)


def _sides(columns: Columns, mentions: list[tuple[int, EventTarget]]) -> tuple[Pairs, tuple[Any, Any, Any]]:
    """Who takes part in what each mention names: those of its sentence; one whom no mention has there, at the nearest mention."""
    at = np.array([n for n, _ in mentions], np.int64)
    right: list[dict[int, int]] = [{} for _ in mentions]
    ends: list[tuple[int, Tokens]] = []
    of_event: dict[int, list[int]] = {}
    for number, (_, event) in enumerate(mentions):
        of_event.setdefault(id(event), []).append(number)
    for numbers in of_event.values():
        event = mentions[numbers[0]][1]
        for side, places in event.parties:
            chosen = {n: _near(columns, at[n], places) for n in numbers} if places else {}
            own = {n: p for n, p in chosen.items() if columns.sentence[p[0]] == columns.sentence[at[n]]}
            if not own and chosen:
                n = min(chosen, key=lambda n: abs(chosen[n][0] - at[n]))
                own = {n: chosen[n]} if abs(chosen[n][0] - at[n]) <= _FAR else {}
            for n in numbers:
                for first, _ in places:
                    right[n][first] = -1
            for n, place in own.items():
                right[n][place[0]] = side
                ends.append((int(at[n]), place))
    keys, counts = pairs(columns, at, "taker")
    owner = np.repeat(np.arange(len(at)), counts)
    labels = np.array([right[o].get(int(k), 0) for o, k in zip(owner, keys, strict=True)], np.int64)
    numbers_ = columns.of_pairs(at[owner], keys).astype(np.float16) if len(keys) else np.zeros((0, PAIR), np.float16)
    return Pairs(np.arange(len(at)), keys, counts, numbers_, labels), _as_ends(ends)


if __name__ == "__main__":
    learn_network(__doc__, "events", EventNetwork, losses_of)
