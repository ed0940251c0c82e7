"""How word forms are used: a vector for each form from the words that stand beside it.

    python training/vectors.py --corpora FOLDER [--leave-out SOURCE…] [--out FOLDER]

Counts, for every form, the common forms one and two places before and behind it, weighs them by positive pointwise
mutual information and keeps the strongest directions (singular value decomposition). Writes vectors.npz: numbers of one
byte with a scale a row. Only numbers and word forms leave this script, no text. Same seed, same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.utils.extmath import randomized_svd

from examples import texts
from musnad.lexicon import Lexicon
from musnad.text.tokens import tokenize

OUT = Path(__file__).parent.parent / "src/musnad/weights"
SIZE = 48
LEAST = 12  # occurrences of a form
CONTEXTS = 3000  # common forms that count as neighbours
PLACES = (-2, -1, 1, 2)
SMOOTHING = 0.75  # of the neighbours' counts (Levy and others 2015)
SCALE = 3.0  # length of every vector: what the network was tuned to
EVERY_OTHER = "saudinewsnet"  # the largest corpus by far: half of it is enough


def forms_of(corpora: Path, leave_out: set[str]) -> Iterator[list[str]]:
    """Yield the folded forms of every article, without attached particles, numbers as one form."""
    lexicon = Lexicon()
    known: dict[str, str] = {}
    number = 0
    for source, article in texts(corpora):
        number += 1
        if source in leave_out or (source == EVERY_OTHER and number % 2):
            continue
        forms = []
        for raw in tokenize(article["text"]).raw:
            form = known.get(raw)
            if form is None:
                form = known[raw] = "0" if raw[0].isdigit() else lexicon.word(raw).core
            forms.append(form)
        yield forms


def neighbours(articles: Iterator[list[str]]) -> tuple[list[str], Any]:
    """Return the forms, commonest first, and how often each stands beside each common form: (forms, places × common)."""
    number: dict[str, int] = {}
    pieces = []
    for forms in articles:
        pieces.append(np.array([-1, -1, *(number.setdefault(form, len(number)) for form in forms), -1, -1], np.int64))
    text = np.concatenate(pieces)
    counts = np.bincount(text[text >= 0], minlength=len(number))
    order = np.argsort(-counts, kind="stable")
    kept = int((counts >= LEAST).sum())
    rank = np.empty(len(number), np.int64)
    rank[order] = np.arange(len(number))
    text = np.where(text >= 0, rank[text], -1)
    parts = []
    for place in PLACES:
        here, there = text[2:-2], text[2 + place : len(text) - 2 + place]
        both = (here >= 0) & (here < kept) & (there >= 0) & (there < CONTEXTS)
        ones = np.ones(int(both.sum()), np.float64)
        parts.append(sparse.coo_matrix((ones, (here[both], there[both])), shape=(kept, CONTEXTS)).tocsr())
    names = list(number)
    return [names[n] for n in order[:kept]], sparse.hstack(parts).tocoo()


def vectors_of(counts: Any) -> Any:
    """Vectors of one length from counts of neighbours."""
    total = counts.sum()
    rows = np.asarray(counts.sum(axis=1)).ravel()
    columns = np.asarray(counts.sum(axis=0)).ravel() ** SMOOTHING
    columns *= total / columns.sum()
    surprise = np.maximum(np.log(counts.data * total / (rows[counts.row] * columns[counts.col])), 0)
    matrix = sparse.csr_matrix((surprise, (counts.row, counts.col)), shape=counts.shape)
    left, strength, _ = randomized_svd(matrix, SIZE, n_iter=4, random_state=0)
    found = left * np.sqrt(strength)
    return SCALE * found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--corpora", type=Path, required=True)
    cli.add_argument("--leave-out", nargs="*", default=[])
    cli.add_argument("--out", type=Path, default=OUT)
    args = cli.parse_args()
    forms, counts = neighbours(forms_of(args.corpora, set(args.leave_out)))
    found = vectors_of(counts)
    scale = (np.abs(found).max(axis=1) / 127).astype(np.float16)
    numbers = np.clip(np.round(found / np.maximum(scale, 1e-6)[:, None]), -127, 127).astype(np.int8)
    escaped = "\n".join(form.replace("\n", "\\n") for form in forms)  # one form is a line break itself
    text = np.frombuffer(escaped.encode(), np.uint8)
    np.savez(args.out / "vectors.npz", forms=text, vectors=numbers, **{"vectors.scale": scale})
    print(f"{len(forms)} forms")


if __name__ == "__main__":
    main()
