"""The name tagger: a linear-chain model over word forms, learned from annotated news.

Every feature belongs to one word and one distance from the tagged word, or to the classes of
two neighbours. A word's whole contribution is therefore one small matrix, computed once a form
and kept; tagging a text is a sum of rows and a best path over the few stretches in doubt. Before the
path is sought, a word that comes back in the text leans towards what it seems to be in its other places.
How the weights were made: `training/names.py`; what they are worth: `docs/names-card.md`.
"""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from threading import Lock
from typing import Any

import numpy as np

from musnad.lexicon import Lexicon
from musnad.text.clitics import bare

REACH = 2  # words on either side that say something about a word
WEIGHTS = "names.npz"
ELSEWHERE = 0.2  # weight of what a word seems to be in its other places, and the share that counts as nothing:
NOTHING = 0.02  # both chosen on names; half and twice as much give nearly the same
RARE, LEAN = 20, 0.5  # a word seen less often in the corpus leans towards a person's name by this much
COMMON = 2500  # occurrences in the corpus from which a word's places say nothing of each other
_KEPT = 50_000  # forms kept before the cache starts afresh


def shape(form: str) -> str:
    """A word's coarse look: digits, Latin, mark, or Arabic by length."""
    if form[:1].isdigit():
        return "0"
    if form.isascii():
        return "a" if form[:1].isalpha() else "." + form[:1]
    if not form[:1].isalpha():
        return "." + form[:1]
    return "s" if len(form) < 4 else "m" if len(form) < 7 else "l"


def word_features(form: str, cluster: dict[str, tuple[str, str]], flags: dict[str, str]) -> list[tuple[int, str]]:
    """Return (distance, feature) pairs: distance 0 tells of the word itself, +1 of the word before it.

    `form` is folded; `cluster` gives a fine and a coarse group a form; `flags` the name lists it is in.
    """
    form = "¶" if form == "\n" else form
    core = bare(form)
    fine, coarse = cluster.get(form) or cluster.get(core) or ("?", "?")
    usual, flag = _listed(form, core, flags)
    looks = shape(form)
    own = [f"w={form}", f"b={core}", f"c={fine}", f"k={coarse}", f"g={flag}", f"u={usual}", f"s={looks}"]
    if looks in "sml":
        own += [f"<{form[:n]}" for n in (1, 2, 3)] + [f">{form[-n:]}" for n in (1, 2, 3, 4) if len(form) > n]
        own += [f"<b{core[:3]}", f"ki={coarse}{flag}", f"us={usual}{core is form}"]
    found = [(0, name) for name in own]
    for distance in (-1, 1):
        found += [(distance, name) for name in own[:7]]
        if looks in "sml":
            found += [(distance, f"<{form[:2]}"), (distance, f">{form[-2:]}")]
    for distance in (-2, 2):
        found += [(distance, name) for name in (own[0], own[2], own[3], own[4], own[5])]
    return found


def _listed(form: str, core: str, flags: dict[str, str]) -> tuple[str, str]:
    """What the form usually is in raw news, and the name lists it stands in; ~ where only its core does."""
    whole, part = flags.get(form, ""), flags.get(core, "")
    usual = (part or whole).partition(";")[0] if (part or whole).startswith("=") else "-"
    whole = whole.rpartition(";")[2]
    part = part.rpartition(";")[2]
    return usual, whole or (part and "~" + part) or "-"


def feature_name(distance: int, name: str) -> str:
    return f"{distance:+d}{name}" if distance else f"0{name}"


def coarse_group(form: str, cluster: dict[str, tuple[str, str]]) -> str:
    return (cluster.get(form) or cluster.get(bare(form)) or ("?", "?"))[1]


def sentence_features(forms: list[str], cluster: dict[str, tuple[str, str]], flags: dict[str, str]) -> list[list[str]]:
    """Return the features of each word of a sentence, as the trainer sees them."""
    columns: list[list[str]] = [[] for _ in forms]
    groups = [coarse_group(form, cluster) for form in forms]
    for at, form in enumerate(forms):
        for distance, name in word_features(form, cluster, flags):
            to = at - distance
            if 0 <= to < len(forms):
                columns[to].append(feature_name(distance, name))
        if at:
            columns[at].append(f"kk-{groups[at - 1]}|{groups[at]}")
            columns[at - 1].append(f"kk+{groups[at - 1]}|{groups[at]}")
    return columns


class _Forms:
    """What is kept of each form seen: its number, its contribution by distance and tag, its coarse group, its core."""

    def __init__(self, tags: int) -> None:
        self.number: dict[str, int] = {}
        self.parts: Any = np.zeros((1024, 2 * REACH + 1, tags), np.float32)
        self.group: Any = np.zeros(1024, np.int32)
        self.core: Any = np.zeros(
            1024, np.int32
        )  # number of the form without its particles; -1: a word that tells nothing
        self.cores: dict[str, int] = {}

    def make_room(self, at: int) -> None:
        if at == len(self.parts):
            self.group = np.concatenate([self.group, np.zeros_like(self.group)])
            self.core = np.concatenate([self.core, np.zeros_like(self.core)])
            self.parts = np.concatenate([self.parts, np.zeros_like(self.parts)])


class Tagger:
    """Tags the words of a text. Loaded once; tagging only reads, but for a cache that may be lost at any time."""

    def __init__(self, lexicon: Lexicon) -> None:
        blob = (files("musnad.names") / WEIGHTS).read_bytes()
        with np.load(BytesIO(blob), allow_pickle=False) as arrays:
            self.tags: list[str] = str(arrays["tags"]).split(" ")
            names = bytes(arrays["features"]).decode("utf-8").split("\n")
            self._weights = arrays["weights"].astype(np.float32)
            self._moves = arrays["moves"].astype(np.float32)
            flags = bytes(arrays["flags"]).decode("utf-8").split("\n")
        prefixes = [feature_name(distance, "") for distance in range(-REACH, REACH + 1)]
        self._rows: list[dict[str, int]] = [
            {name.removeprefix(prefix): at for at, name in enumerate(names) if name.startswith(prefix)}
            for prefix in prefixes
        ]
        self._flags = dict(line.split("\t") for line in flags)
        self._cluster = lexicon.clusters
        self._counts = lexicon.counts
        self._person = [at for at, tag in enumerate(self.tags) if tag[2:] == "PER"]
        self._groups = sorted({group for _, group in self._cluster.values()} | {"?"})
        self._sure = _overturns(self._moves)
        self._alone = self._moves[0] + self._moves[:, 0]
        self._pairs = self._pair_table(names)
        self._store = _Forms(len(self.tags))
        self._lock = Lock()

    def _pair_table(self, names: list[str]) -> Any:
        """Weights of neighbouring groups, for the second word and for the first: (groups, groups, 2, tags)."""
        number = {group: at for at, group in enumerate(self._groups)}
        table = np.zeros((len(number), len(number), 2, len(self.tags)), np.float32)
        for row, name in enumerate(names):
            if name.startswith(("kk-", "kk+")):
                left, right = name[3:].split("|")
                if left in number and right in number:
                    table[number[left], number[right], int(name[2] == "+")] = self._weights[row]
        return table

    def _look_up(self, forms: list[str]) -> tuple[Any, Any, Any]:
        """The contributions (forms, distances, tags), groups and cores of forms; new forms are computed once, by one thread."""
        store = self._store
        if len(store.number) > _KEPT:
            store = self._store = _Forms(len(self.tags))
        new = {form for form in forms if form not in store.number}
        if new:
            with self._lock:
                for form in new:
                    if form not in store.number:  # another thread may have been first
                        self._learn(store, form)
        numbers = np.array([store.number[form] for form in forms])
        return store.parts[numbers], store.group[numbers], store.core[numbers]

    def _learn(self, store: _Forms, form: str) -> None:
        at = len(store.number)
        store.make_room(at)
        rows: list[list[int]] = [[] for _ in self._rows]
        for distance, name in word_features(form, self._cluster, self._flags):
            row = self._rows[distance + REACH].get(name)
            if row is not None:
                rows[distance + REACH].append(row)
        for distance, found in enumerate(rows):
            if found:
                store.parts[at, distance] = self._weights[found].sum(axis=0)
        store.group[at] = self._groups.index(coarse_group(form, self._cluster))
        core = bare(form)
        seen = self._counts.get(core, 0)
        store.core[at] = store.cores.setdefault(core, len(store.cores)) if len(core) > 2 and seen < COMMON else -1
        if seen < RARE and self._counts.get(form, 0) < RARE and form.isalpha() and not form.isascii():
            store.parts[at, REACH, self._person] += LEAN
        store.number[form] = at

    def tag(self, forms: list[str]) -> list[tuple[int, int, str]]:
        """Return the names among folded forms as (first, last + 1, kind), kind PER, LOC, ORG or MISC, in order."""
        if not forms:
            return []
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
        return self._names(score)

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

    def _names(self, score: Any) -> list[tuple[int, int, str]]:
        doubtful = np.flatnonzero(score[:, 0] - score[:, 1:].max(axis=1) < self._sure).tolist()
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(doubtful):
            last = at
            while last + 1 < len(doubtful) and doubtful[last + 1] - doubtful[last] == 1:
                last += 1
            first = doubtful[at]
            if last == at:  # most stretches are one word
                tag = int((score[first] + self._alone).argmax())
                if tag:
                    found.append((first, first + 1, self.tags[tag][2:]))
                at += 1
                continue
            path = self._best_path(score[first : doubtful[last] + 1])
            found += [(first + a, first + b, kind) for a, b, kind in tag_spans([self.tags[t] for t in path])]
            at = last + 1
        return found

    def _best_path(self, score: Any) -> list[int]:
        """The likeliest tags of a stretch that stands between words without a name."""
        best = score[0] + self._moves[0]
        back = []
        for row in score[1:]:
            options = best[:, None] + self._moves
            choice = options.argmax(axis=0)
            back.append(choice)
            best = options[choice, np.arange(len(choice))] + row
        path = [int((best + self._moves[:, 0]).argmax())]
        for choice in reversed(back):
            path.append(int(choice[path[-1]]))
        return path[::-1]


def _overturns(moves: Any) -> float:
    """The lead of «no name» that no neighbours can overturn: the most that any other tag gains from its two moves."""
    gain = moves[:, None, 1:] + moves[1:, :].T[None, :, :] - moves[:, 0][:, None, None] - moves[0][None, :, None]
    return float(gain.max())


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
