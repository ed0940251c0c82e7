"""The name tagger: a small convolutional network over word forms, learned from annotated and labelled news.

What a form gives itself and its neighbours is computed once and kept; a text costs the sum of those rows, two
convolutions, and a best path over the few stretches in doubt. Between the convolutions a word that comes back in
the text is told what it seems to be in its other places.
How the weights were made: `training/names.py`; what they are worth: `docs/names-card.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Lock
from typing import Any

import numpy as np

from musnad import weights
from musnad.lexicon import Lexicon
from musnad.names.features import Seen, word_features

WEIGHTS = "names"
REACH = 2  # words on either side whose forms a word is read with at first
DILATIONS = (1, 2)  # how far the convolutions after that look
SURE = (
    6.0  # lead of «no name» from which a word is in no doubt; paths over all words gave the same names in 400 articles
)
COMMON = 2500  # occurrences in the corpus from which a word's places say nothing of each other
_SHORTEST = 3  # letters of a word whose places tell of each other
_PERSONS = frozenset("GS")  # marks of given names and surnames in the name lists
_KEPT = 32_000  # forms kept before the cache starts afresh


def tells(core: str, counts: Mapping[str, int]) -> bool:
    """Whether what a word is in one place of a text tells what it is in another."""
    return len(core) >= _SHORTEST and counts.get(core, 0) < COMMON


class _Forms:
    """What is kept of each form seen: its number, what it gives by distance, the number of its core."""

    def __init__(self, size: int) -> None:
        self.number: dict[str, int] = {}
        self.parts: Any = np.zeros((1024, 2 * REACH + 1, size), np.float32)
        self.core: Any = np.zeros(1024, np.int32)  # number of the form without particles; -1: a word that tells nothing
        self.cores: dict[str, int] = {}

    def make_room(self, size: int) -> None:
        while len(self.parts) < size:
            self.core = np.concatenate([self.core, np.zeros_like(self.core)])
            self.parts = np.concatenate([self.parts, np.zeros_like(self.parts)])


class Tagger:
    """Tags the words of a text. Loaded once; tagging only reads, but for a cache that may be lost at any time."""

    def __init__(self, lexicon: Lexicon, folder: Traversable | None = None) -> None:
        w = self._w = weights.load(WEIGHTS, folder or files("musnad.names"))
        self.tags: list[str] = weights.lines(w["tags"])
        self._flags = dict(line.split("\t") for line in weights.lines(w["flags"]))
        self._row = {name: row for row, name in enumerate(weights.lines(w["features"]), 1)}
        self._lexicon = lexicon
        self._used, self._vectors = weights.vectors()
        self._moves = w["moves"]
        self._unfit = np.array([[b[0] == "I" and a[2:] != b[2:] for b in self.tags] for a in self.tags])
        self._size = w["first"].shape[2]
        self._kernels = [np.hstack(w[f"conv{n}.weight"]) for n in range(len(DILATIONS))]
        self._out = np.ascontiguousarray(w["out.weight"].T)
        self._store = _Forms(self._size)
        self._lock = Lock()

    def _look_up(self, forms: list[str]) -> tuple[Any, Any, Any]:
        """What all forms give by distance (known forms, distances, size), the rows of these forms there, and their cores;
        new forms are computed once, by one thread."""
        store = self._store
        if len(store.number) > _KEPT:
            store = self._store = _Forms(self._size)
        if not store.number.keys() >= (seen := set(forms)):
            with self._lock:
                self._learn(store, [form for form in seen if form not in store.number])
        numbers = np.array([store.number[form] for form in forms])
        return store.parts, numbers, store.core[numbers]

    def _learn(self, store: _Forms, forms: list[str]) -> None:
        """Add forms to a store; their numbers come last, when all else is in its place."""
        if not forms:
            return  # another thread was first
        at = len(store.number)
        store.make_room(at + len(forms))
        seen = [word_features(form, self._lexicon, self._flags) for form in forms]
        new = slice(at, at + len(forms))
        projected = self._project(seen)
        for place, kernel in enumerate(self._w["first"]):
            store.parts[new, place] = projected @ kernel
        counts, cores = self._lexicon.counts, store.cores
        store.core[new] = [
            cores.setdefault(word.core, len(cores)) if tells(word.core, counts) else -1 for word in seen
        ]  # fmt: skip
        store.number.update(zip(forms, range(at, at + len(forms)), strict=True))

    def _project(self, seen: Sequence[Seen]) -> Any:
        """Numbers of forms as the network reads them: (forms, size)."""
        w, get = self._w, self._row.get
        rows = [0]  # the first row of every list, so that none is empty; row 0 gives nothing
        starts = []
        for word in seen:
            starts.append(len(rows) - 1)
            rows += [row for name in word.features if (row := get(name))]
            rows.append(0)
        found = np.add.reduceat(w["features.weight"][rows[:-1]], starts, axis=0)
        found += self._use(seen) @ w["use.weight"].T + w["use.bias"]
        found -= found.mean(axis=1, keepdims=True)
        found /= np.sqrt(np.square(found).mean(axis=1, keepdims=True) + 1e-5)
        return np.maximum(found * w["normal.weight"] + w["normal.bias"], 0)

    def _use(self, seen: Sequence[Seen]) -> Any:
        """How forms are used: a vector each, of nothing where none is known."""
        found = np.zeros((len(seen), self._vectors.shape[1]), np.float32)
        for at, word in enumerate(seen):
            number = next((n for form in word.used_as if (n := self._used.get(form)) is not None), None)
            if number is not None:
                found[at] = self._vectors[number]
        return found

    def tag(self, forms: list[str]) -> list[tuple[int, int, str]]:
        """Return the names among folded forms as (first, last + 1, kind), kind PER, LOC, ORG or MISC, in order."""
        if not forms:
            return []
        return self._names(self.scores(forms))

    def is_listed(self, form: str) -> bool:
        """Whether a folded form stands in the list of persons' names."""
        return not _PERSONS.isdisjoint(self._flags.get(form, ""))

    def scores(self, forms: list[str]) -> Any:
        """How well each tag fits each word: (forms, tags)."""
        w = self._w
        parts, rows, cores = self._look_up(forms)
        hidden = parts[rows, REACH] + w["first.bias"]
        for distance in range(1, REACH + 1):
            hidden[distance:] += parts[rows[:-distance], REACH - distance]
            hidden[:-distance] += parts[rows[distance:], REACH + distance]
        np.maximum(hidden, 0, out=hidden)
        for number, reach in enumerate(DILATIONS):
            if number == len(DILATIONS) - 1:
                self._tell_other_places(hidden, cores)
            given = hidden @ self._kernels[number]  # to the word behind, to itself, to the word before
            moved = given[:, self._size : -self._size]
            moved += w[f"conv{number}.bias"]
            moved[reach:] += given[:-reach, : self._size]
            moved[:-reach] += given[reach:, -self._size :]
            hidden += np.maximum(moved, 0, out=moved)
        return hidden @ self._out + w["out.bias"]

    def _tell_other_places(self, hidden: Any, cores: Any) -> None:
        """Add to every word that comes back what the same word is like in the other places of the text."""
        w = self._w
        places = np.flatnonzero(cores >= 0)
        _, word, times = np.unique(cores[places], return_inverse=True, return_counts=True)
        again = times[word] > 1
        if not again.any():
            return
        places, word = places[again], word[again]
        order = np.argsort(word, kind="stable")
        places, word = places[order], word[order]
        like = hidden[places] @ w["elsewhere.weight"].T + w["elsewhere.bias"]
        like = 1 / (1 + np.exp(-like))
        first = np.flatnonzero(np.diff(word, prepend=-1))
        number = times[word[first]]
        others = (np.repeat(np.add.reduceat(like, first), number, axis=0) - like) / np.repeat(number - 1, number)[
            :, None
        ]
        hidden[places] += others @ w["told.weight"].T + w["told.bias"]

    def _names(self, score: Any) -> list[tuple[int, int, str]]:
        """The names of the likeliest tags; where these do not fit together, of the best path over the words in doubt.

        A stretch of words in doubt stands between words that are surely no name.
        """
        path = score.argmax(axis=1)
        unfit = np.flatnonzero(self._unfit[np.concatenate([[0], path[:-1]]), path])
        if len(unfit):
            doubtful = np.flatnonzero(score[:, 0] - score[:, 1:].max(axis=1) < SURE)
            breaks = np.flatnonzero(np.diff(doubtful) > 1) + 1
            starts = np.concatenate([[0], breaks, [len(doubtful)]])
            wrong = np.unique(np.searchsorted(starts, np.searchsorted(doubtful, unfit), side="right") - 1)
            firsts, sizes = doubtful[starts[wrong]], np.diff(starts)[wrong]
            order = np.argsort(-sizes, kind="stable")
            set_best_paths(path, score, self._moves, firsts[order], sizes[order])
        return tag_spans([self.tags[tag] for tag in path.tolist()])


def set_best_paths(path: Any, score: Any, moves: Any, firsts: Any, sizes: Any) -> None:
    """Set the tags of stretches to those of their best paths; given longest first, all take each step together."""
    best = score[firsts] + moves[0]
    back = []
    for step in range(1, int(sizes[0])):
        going = int(np.count_nonzero(sizes > step))
        options = best[:going, :, None] + moves
        choice = options.argmax(axis=1)
        back.append(choice)
        best[:going] = options.max(axis=1) + score[firsts[:going] + step]
    tag = (best + moves[:, 0]).argmax(axis=1)
    path[firsts + sizes - 1] = tag
    for step in range(len(back), 0, -1):
        choice = back[step - 1]
        all_of = np.arange(len(choice))
        tag[all_of] = choice[all_of, tag[all_of]]
        path[firsts[all_of] + step - 1] = tag[all_of]


def tag_spans(tags: list[str]) -> list[tuple[int, int, str]]:
    """Return the names of IOB2 tags as (first, last + 1, kind); an I- tag of another kind begins a name."""
    found: list[tuple[int, int, str]] = []
    start, kind = -1, ""
    for at, tag in enumerate([*tags, "O"]):
        if start >= 0 and not (tag[0] == "I" and tag[2:] == kind):
            found.append((start, at, kind))
            start = -1
        if tag != "O" and start < 0:
            start, kind = at, tag[2:]
    return found
