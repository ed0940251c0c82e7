"""How a network learns from annotated articles: the articles, batches of them, the steps."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from examples import Example, Maker, Target, gold, marks, options, written
from musnad import weights
from musnad.lexicon import Word
from musnad.scores.encoder import Encoder
from musnad.scores.features import WordFeatures
from musnad.scores.network import PLACE, TAKER
from parts import EXACT_SIZE, SIZE, STATES, Network, Sizes
from saving import arrays, save

OUT = Path(__file__).parent.parent / "src/musnad/weights/fast"
BATCH = 8
PHASES = ((4, 2e-3), (2, 7e-4))  # epochs, rate: more of them were not tried with this many articles
TOKEN, EVENT_TOKEN = 4, 2  # decisions on every token: BEGIN, END, PARTY, CUE of statements; TAKER, PLACE of events
GAP = 8  # empty tokens between articles of a batch, as far as a convolution reaches
STRANGE = 0.08  # share of the words that are no candidates which the cue score is shown as well
SEED = 7

Losses = dict[str, Tensor]


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
        self.states: Tensor | None = None  # what the encoder makes of each token, if the network is told it
        if any(example.states is not None for example in examples):
            self.states = torch.zeros(size, STATES)
            for example, offset in zip(examples, self.offsets, strict=True):
                self.states[offset : offset + example.columns.size] = torch.from_numpy(example.states)
        self.examples = [(e, o, by_cue(e)) for e, o in zip(examples, self.offsets, strict=True)]
        self.examples = [(e, o, t) for e, o, t in self.examples if t]


def by_cue(example: Example) -> list[Target]:
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


def encode(network: Network, batch: Batch) -> Tensor:
    """The tokens of a batch in their context: (tokens, size)."""
    words, here, mask = (torch.from_numpy(x) for x in (batch.words, batch.here, batch.mask))
    return network.encode(words, here, mask, batch.states)


def fit(
    network: Network, losses_of: Callable[[Any, Batch], Losses], examples: list[Example], words: Words,
    *, epochs: int, rate: float,
) -> None:  # fmt: skip
    """Train in place, one of `PHASES`: Adam, a rate that rises shortly and falls to nothing."""
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    steps, step = epochs * -(-len(examples) // BATCH), 0
    for epoch in range(epochs):
        network.train()
        order, began, shown = rng.permutation(len(examples)), time.time(), Counter[str]()
        for first in range(0, len(order), BATCH):
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 50) * (1 - step / steps) ** 0.8 + 1e-6
            step += 1
            losses = losses_of(network, Batch([examples[n] for n in order[first : first + BATCH]], words, rng))
            optimiser.zero_grad()
            (sum(losses.values()) / (5 * BATCH)).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            shown.update({name: float(value.detach()) for name, value in losses.items()})
        print(f"{epoch} {time.time() - began:.0f} s {as_line(shown, len(examples))}", file=sys.stderr, flush=True)
    network.eval()


def as_line(losses: Counter[str], articles: int) -> str:
    """Losses per article, in one line."""
    return " ".join(f"{name} {value / articles:.3f}" for name, value in losses.items() if "_end" not in name)


def sizes_of(features: WordFeatures, example: Example) -> Sizes:
    """How many numbers a network is told."""
    columns = example.columns
    return Sizes(features.size, columns.here.shape[1], columns.of_cues(np.array([0])).shape[1])


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


def add_states(examples: list[Example], folder: Path) -> None:
    """Keep of each example what the encoder of the exact reader makes of its tokens, in numbers of two bytes."""
    encoder = Encoder(folder)
    for example in examples:
        example.states = encoder.states(example.page).astype(np.float16)


def learn_network(
    description: str | None, name: str, make: Callable[..., Network], losses_of: Callable[[Any, Batch], Losses]
) -> None:
    """Learn one network from the command line, and write it as `name`.npz: of the exact reader where its encoder lies in --out."""
    args = options(description, OUT)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    maker = Maker()
    examples = collect(maker, args.gold, args.corpora, everything=args.everything, leave_out=args.leave_out)
    told = (args.out / "encoder.onnx").is_file()
    statements, events = sum(len(e.targets) for e in examples), sum(len(e.events or []) for e in examples)
    reader = "exact" if told else "fast"
    print(
        f"{name} of the {reader} reader: {len(examples)} articles, {statements} statements, {events} events",
        file=sys.stderr,
    )
    if told:
        add_states(examples, args.out)
    features = WordFeatures(maker.lexicon, *weights.vectors())
    sizes = sizes_of(features, examples[0])._replace(kept=EXACT_SIZE if told else SIZE)
    torch.manual_seed(SEED)
    network, words = make(sizes, told=told), Words(features)
    for epochs, rate in PHASES:
        fit(network, losses_of, examples, words, epochs=epochs, rate=rate)
    args.out.mkdir(parents=True, exist_ok=True)
    save(arrays(network), args.out / f"{name}.npz")
