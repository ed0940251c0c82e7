"""The former name tagger, a linear-chain model over word forms: it labels the news from which `names.py` learns.

It was learned (python-crfsuite) from the training part of ANERcorp and 70,600 sentences that a fine-tuned sentence
encoder had labelled (`teacher.py`); its weights, `linear.npz`, are the names.npz that was shipped until commit 34aaa36,
whose training/names.py tells how. A word's whole contribution is one small matrix of weights by distance and tag; a word
that comes back in the text leans towards what it seems to be in its other places.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from musnad.lexicon import Lexicon
from musnad.names.features import shape
from musnad.names.tagger import set_best_paths, tag_spans
from musnad.text.clitics import bare

WEIGHTS = Path(__file__).parent / "linear.npz"
REACH = 2  # words on either side that say something about a word
AROUND = [distance for distance in range(-REACH, REACH + 1) if distance]
_NEIGHBOURS = [REACH + distance for distance in AROUND]
ELSEWHERE = 0.2  # weight of what a word seems to be in its other places, and the share that counts as nothing:
NOTHING = 0.02  # both chosen on names; half and twice as much give nearly the same
RARE, LEAN = 20, 0.5  # a word seen less often in the corpus leans towards a person's name by this much
COMMON = 2500  # occurrences in the corpus from which a word's places say nothing of each other
_KEPT = 64_000  # forms kept before the cache starts afresh


class Seen(NamedTuple):
    """The features of a word for itself, those that its neighbours see, its core and its coarse group."""

    own: list[str]
    around: list[str]
    core: str
    group: str


def word_features(form: str, cluster: dict[str, tuple[str, str]], flags: dict[str, str]) -> Seen:
    """Return what is seen of a word.

    `form` is folded; `cluster` gives a fine and a coarse group a form; `flags` the name lists it is in.
    """
    form = "¶" if form == "\n" else form
    core = bare(form)
    fine, coarse = cluster.get(form) or cluster.get(core) or ("?", "?")
    usual, flag = _listed(form, core, flags)
    looks = shape(form)
    own = ["w=" + form, "b=" + core, "c=" + fine, "k=" + coarse, "g=" + flag, "u=" + usual, "s=" + looks]
    around = own.copy()
    if looks in "sml":
        own += ["<" + form[:1], "<" + form[:2], "<" + form[:3], ">" + form[-1:]]
        own += [">" + form[-n:] for n in (2, 3, 4) if len(form) > n]
        if len(form) == 1:
            own.pop()  # one letter is no ending
        own += ["<b" + core[:3], "ki=" + coarse + flag, "us=" + usual + str(core is form)]
        around += ["<" + form[:2], ">" + form[-2:]]
    return Seen(own, around, core, coarse)


def _listed(form: str, core: str, flags: dict[str, str]) -> tuple[str, str]:
    """What the form usually is in raw news, and the name lists it stands in; ~ where only its core does."""
    whole, part = flags.get(form, ""), flags.get(core, "")
    usual = (part or whole).partition(";")[0] if (part or whole).startswith("=") else "-"
    whole = whole.rpartition(";")[2]
    part = part.rpartition(";")[2]
    return usual, whole or (part and "~" + part) or "-"


def feature_name(distance: int, name: str) -> str:
    return f"{distance:+d}{name}" if distance else f"0{name}"


class _Forms:
    """What is kept of each form seen: its number, its contribution by distance and tag, its coarse group, its core."""

    def __init__(self, tags: int) -> None:
        self.number: dict[str, int] = {}
        self.parts: Any = np.zeros((1024, 2 * REACH + 1, tags), np.float32)
        self.group: Any = np.zeros(1024, np.int32)
        self.core: Any = np.zeros(1024, np.int32)  # number of the form without particles; -1: a word that tells nothing
        self.cores: dict[str, int] = {}

    def make_room(self, size: int) -> None:
        while len(self.parts) < size:
            self.group = np.concatenate([self.group, np.zeros_like(self.group)])
            self.core = np.concatenate([self.core, np.zeros_like(self.core)])
            self.parts = np.concatenate([self.parts, np.zeros_like(self.parts)])


class _Table:
    """Weights by feature name: one row a name, row 0 for names that weigh nothing."""

    def __init__(self, names: list[str], weights: Any, distances: list[int]) -> None:
        """Take from the model's features, sorted by name, those at some distances."""
        blocks = []
        self.row: dict[str, int] = {}
        for distance in distances:
            mark = feature_name(distance, "")
            first, last = bisect_left(names, mark), bisect_left(names, mark + "\U0010ffff")
            rows = [self.row.setdefault(name[len(mark) :], len(self.row) + 1) for name in names[first:last]]
            blocks.append((rows, weights[first:last]))
        self.weights: Any = np.zeros((len(self.row) + 1, len(distances), weights.shape[1]), np.float32)
        for place, (rows, block) in enumerate(blocks):
            self.weights[rows, place] = block

    def sums(self, features: Sequence[list[str]]) -> Any:
        """The summed weights of each list of features: (lists, distances, tags)."""
        get = self.row.get
        rows = [0]  # the first row of every list, so that none is empty
        starts = []
        for names in features:
            starts.append(len(rows) - 1)
            rows += [row for name in names if (row := get(name))]
            rows.append(0)
        return np.add.reduceat(self.weights[rows[:-1]], starts, axis=0)


class Tagger:
    """Tags the words of a text."""

    def __init__(self, lexicon: Lexicon) -> None:
        with np.load(WEIGHTS, allow_pickle=False) as arrays:
            self.tags: list[str] = str(arrays["tags"]).split(" ")
            names = bytes(arrays["features"]).decode("utf-8").split("\n")
            weights = arrays["weights"].astype(np.float32)
            self._moves = arrays["moves"].astype(np.float32)
            flags = bytes(arrays["flags"]).decode("utf-8").split("\n")
        self._own = _Table(names, weights, [0])
        self._around = _Table(names, weights, AROUND)
        self._flags = dict(line.split("\t") for line in flags)
        self._cluster = lexicon.clusters
        self._counts = lexicon.counts
        self._person = [at for at, tag in enumerate(self.tags) if tag[2:] == "PER"]
        self._group = {group: at for at, group in enumerate(sorted({g for _, g in self._cluster.values()} | {"?"}))}
        self._sure = _overturns(self._moves)
        self._alone = self._moves[0] + self._moves[:, 0]
        self._pairs = self._pair_table(names, weights)
        self._store = _Forms(len(self.tags))

    def _pair_table(self, names: list[str], weights: Any) -> Any:
        """Weights of neighbouring groups, for the second word and for the first: (groups, groups, 2, tags)."""
        number = self._group
        table = np.zeros((len(number), len(number), 2, len(self.tags)), np.float32)
        for row in range(bisect_left(names, "kk"), bisect_left(names, "kl")):
            left, right = names[row][3:].split("|")
            if left in number and right in number:
                table[number[left], number[right], int(names[row][2] == "+")] = weights[row]
        return table

    def _look_up(self, forms: list[str]) -> tuple[Any, Any, Any]:
        """The contributions (forms, distances, tags), groups and cores of forms; new forms are computed once, by one thread."""
        store = self._store
        if len(store.number) > _KEPT:
            store = self._store = _Forms(len(self.tags))
        if not store.number.keys() >= set(forms):
            self._learn(store, [form for form in dict.fromkeys(forms) if form not in store.number])
        numbers = np.array([store.number[form] for form in forms])
        return store.parts[numbers], store.group[numbers], store.core[numbers]

    def _learn(self, store: _Forms, forms: list[str]) -> None:
        """Add forms to a store; their numbers come last, when all else is in its place."""
        if not forms:
            return  # another thread was first
        at = len(store.number)
        store.make_room(at + len(forms))
        seen = [word_features(form, self._cluster, self._flags) for form in forms]
        new = slice(at, at + len(forms))
        store.parts[new, REACH] = self._own.sums([word.own for word in seen])[:, 0]
        store.parts[new, _NEIGHBOURS] = self._around.sums([word.around for word in seen])
        store.group[new] = [self._group[word.group] for word in seen]
        cores, leaning = [], []
        for n, (form, word) in enumerate(zip(forms, seen, strict=True), at):
            times = self._counts.get(word.core, 0)
            tells = len(word.core) > 2 and times < COMMON
            cores.append(store.cores.setdefault(word.core, len(store.cores)) if tells else -1)
            if times < RARE and self._counts.get(form, 0) < RARE and form.isalpha() and not form.isascii():
                leaning.append(n)
        store.core[new] = cores
        for tag in self._person:
            store.parts[leaning, REACH, tag] += LEAN
        store.number.update(zip(forms, range(at, at + len(forms)), strict=True))

    def tag(self, forms: list[str]) -> list[tuple[int, int, str]]:
        """Return the names among folded forms as (first, last + 1, kind), kind PER, LOC, ORG or MISC, in order."""
        return self.names(self.scores(forms)) if forms else []

    def scores(self, forms: list[str]) -> Any:
        """How well each tag fits each word: (forms, tags)."""
        parts, groups, cores = self._look_up(forms)
        size = len(forms)
        score = np.zeros((size, len(self.tags)), np.float32)
        for distance in range(-REACH, REACH + 1):
            rows = parts[:, distance + REACH]
            if distance > 0:
                score[:-distance] += rows[distance:]
            elif distance < 0:
                score[-distance:] += rows[:distance]
            else:
                score += rows
        pairs = self._pairs[groups[:-1], groups[1:]]
        score[1:] += pairs[:, 0]
        score[:-1] += pairs[:, 1]
        self._lean_on_other_places(score, cores)
        return score

    def join(self, moves: Any) -> None:
        """Let the moves of another tagger with the same tags weigh beside its own."""
        self._moves = self._moves + moves
        self._sure = _overturns(self._moves)

    def _lean_on_other_places(self, score: Any, cores: Any) -> None:
        """Add to each word's scores what the same word seems to be in the other places of the text."""
        places = np.flatnonzero(cores >= 0)
        _, word, times = np.unique(cores[places], return_inverse=True, return_counts=True)
        again = times[word] > 1
        places, word = places[again], word[again]
        alone = score[places] + self._alone
        share = np.exp(alone - alone.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        total = np.zeros((len(times), len(self.tags)), np.float32)
        np.add.at(total, word, share)
        others = (total[word] - share).clip(0) / (times[word] - 1)[:, None]
        score[places] += ELSEWHERE * np.log(1 + others / NOTHING)

    def names(self, score: Any) -> list[tuple[int, int, str]]:
        """The names of the likeliest tags; a stretch of words in doubt stands between words that are surely no name."""
        doubtful = np.flatnonzero(score[:, 0] - score[:, 1:].max(axis=1) < self._sure)
        if not len(doubtful):
            return []
        breaks = np.flatnonzero(np.diff(doubtful) > 1) + 1
        firsts = doubtful[np.concatenate([[0], breaks])]
        sizes = np.diff(np.concatenate([[0], breaks, [len(doubtful)]]))
        longest_first = np.argsort(-sizes, kind="stable")
        path = np.zeros(len(score), np.int64)
        set_best_paths(path, score, self._moves, firsts[longest_first], sizes[longest_first])
        return tag_spans([self.tags[tag] for tag in path.tolist()])


def _overturns(moves: Any) -> float:
    """The lead of «no name» that no neighbours can overturn: the most that any other tag gains from its two moves."""
    gain = moves[:, None, 1:] + moves[1:, :].T[None, :, :] - moves[:, 0][:, None, None] - moves[0][None, :, None]
    return float(gain.max())
