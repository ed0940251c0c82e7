"""Word forms of real news: how often each occurs and which forms are used alike.

    python training/vocabulary.py CORPUS.jsonl.gz… [--words FILE.tsv…]

Trains word vectors (gensim CBOW, 64 dimensions), groups them twice by k-means (1,024 and 128
groups) and writes lexicon/data/vocabulary.tsv.gz: form, count, fine group, coarse group.
Only counts and group numbers leave this script, no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from gensim.models import Word2Vec
from sklearn.cluster import MiniBatchKMeans

from musnad.text.fold import fold
from musnad.text.tokens import tokenize

OUT = Path(__file__).parent.parent / "src/musnad/lexicon/data/vocabulary.tsv.gz"
LEAST = 7  # occurrences
FINE, COARSE = 1024, 128


def sentences(corpora: list[str], words: list[str]) -> Iterator[list[str]]:
    """Yield paragraphs as folded forms, numbers as one form; `words` are token-per-line files, labels unused."""
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                for paragraph in json.loads(line)["text"].split("\n"):
                    forms = ["0" if w[0].isdigit() else fold(w) for w in tokenize(paragraph).raw]
                    if len(forms) > 2:
                        yield forms
    for path in words:
        forms = []
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if line.strip():
                forms.append(fold(line.split("\t")[0]))
            elif forms:
                yield forms
                forms = []


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("corpora", nargs="+")
    cli.add_argument("--words", nargs="*", default=[])
    args = cli.parse_args()
    text = list(sentences(args.corpora, args.words))
    counts = Counter(form for sentence in text for form in sentence)
    model = Word2Vec(text, vector_size=64, window=3, min_count=LEAST, workers=2, epochs=5, sg=0, negative=8, seed=1)
    forms = [form for form in model.wv.index_to_key if len(form) < 30 and "\t" not in form]
    vectors = np.stack([model.wv[form] for form in forms])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = [
        MiniBatchKMeans(k, batch_size=8192, n_init=1, max_iter=80, random_state=1).fit_predict(vectors)
        for k in (FINE, COARSE)
    ]
    lines = (f"{form}\t{counts[form]}\t{groups[0][n]}\t{groups[1][n]}" for n, form in enumerate(forms))
    with gzip.GzipFile(OUT, "wb", mtime=0) as sink:
        sink.write("\n".join(lines).encode("utf-8"))
    print(f"{len(forms)} forms, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
