"""Learned scores over the tokens of a page: does this word report, where do its words begin and end, who is beside it.

A small convolutional network reads the columns of a page; each decision is a score over the tokens near a reporting
word, or one that names an event (a pointer). Trained by training/statements.py and events.py, run here with numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import log
from typing import Any

import numpy as np

from musnad.scores.features import Columns

#: Tokens around the anchor of a decision, first and last: of a content's begin and of parties around the cue,
#: of every end behind the begin.
WINDOWS = {
    "start": (-100, 60), "end": (0, 200), "speaker": (-60, 45), "addressee": (-25, 45), "source": (-60, 60),
    "antecedent": (-80, -1), "party_end": (0, 24), "taker": (-60, 60), "place": (-100, 100), "time": (-60, 60),
}  # fmt: skip
#: How far the layers reach: that of statements has the first four, that of events all five.
DILATIONS = (1, 2, 4, 8, 1)
#: Tokens that are hardly a begin, an end or a party are no candidates; scores (log odds) from which they are.
LEAST = -4.0
_TOGETHER = 64  # anchors decided together: what is worked out for them stays in a processor's cache
_TOKENS = 2048  # of a text read together, longer than nearly all articles, for the same reason
BEGIN, END, PARTY, CUE = range(4)
TAKER, PLACE = range(2)


@dataclass(slots=True)
class Candidates:
    """The candidates of one decision for several anchors, in a row: `at[starts[n]:starts[n + 1]]` are those of anchor n.

    `share` is the probability of each; `none` that of no candidate at all, by anchor.
    """

    at: Any
    starts: Any
    share: Any
    none: Any
    _best: list[tuple[int, float, float]] = field(init=False)  # the likeliest, its share and that of none, by anchor

    def __post_init__(self) -> None:
        top, share = np.full(len(self.none), -1), np.zeros(len(self.none))
        some = np.flatnonzero(np.diff(self.starts))
        if len(some):
            begins = self.starts[some]
            share[some] = np.maximum.reduceat(self.share, begins)
            alike = np.flatnonzero(self.share == np.repeat(share, np.diff(self.starts)))
            top[some] = self.at[alike[np.searchsorted(alike, begins)]]  # of several the first
        self._best = list(zip(top.tolist(), share.tolist(), self.none.tolist(), strict=True))

    @classmethod
    def of(cls, keys: Any, counts: Any, scored: tuple[Any, Any]) -> Candidates:
        """Candidates `keys`, `counts` of them for each anchor, with the shares that `Network.point` gave them."""
        return cls(keys, np.concatenate([[0], np.cumsum(counts)]), *scored)

    def best(self, anchor: int, enough: float = 1.0) -> tuple[int, float]:
        """The likeliest candidate of an anchor and its probability; -1 where it has none, or none is likelier.

        `enough`: the probability from which it is taken though none is likelier.
        """
        at, share, none = self._best[anchor]
        return (-1, none) if at < 0 or (share <= none and share < enough) else (at, share)

    def first(self, anchor: int, number: int = 3) -> list[tuple[int, float]]:
        """The likeliest candidates of an anchor with their probabilities, best first."""
        first, last = self.starts[anchor], self.starts[anchor + 1]
        order = first + np.argsort(-self.share[first:last], kind="stable")[:number]
        return [(int(self.at[n]), float(self.share[n])) for n in order]

    def likeliest(self, number: int, least: float) -> tuple[Any, Any, Any]:
        """Of every anchor the `number` likeliest candidates that are `least` likely, best first: anchors, candidates, shares."""
        rows = np.flatnonzero(self.share >= least)
        owner = np.repeat(np.arange(len(self.none)), np.diff(self.starts))
        rows = first_of_each(rows, -self.share, owner, number)
        return owner[rows], self.at[rows], self.share[rows]


class Network:
    """The weights, and the scores that they give."""

    def __init__(self, weights: dict[str, Any]) -> None:
        self._w = weights
        self.size = weights["word.bias"].shape[0]
        self._depth = sum(f"conv{number}.bias" in weights for number in range(len(DILATIONS)))

    def project(self, rows: Any) -> Any:
        """Numbers of word forms as the network keeps them: (forms, size)."""
        return rows @ self._w["word.weight"].T + self._w["word.bias"]

    def project_states(self, states: Any) -> Any:
        """Numbers of tokens that the encoder gives, as the network keeps them, if it does: (tokens, size)."""
        w = self._w
        if "state.weight" not in w:
            return np.zeros((len(states), self.size), np.float32)
        return (states * w["state_normal.weight"] + w["state_normal.bias"]) @ w["state.weight"].T

    @property
    def empty(self) -> Any:
        """What the network keeps of a word that it is not told: (size,)."""
        return self._w["word.bias"]

    def encode(self, words: Any, columns: Columns) -> Any:
        """The tokens of a page in their context: (tokens, size), from the projected forms and the columns."""
        dilations, size = DILATIONS[: self._depth], columns.size
        reach = sum(dilations)
        found = np.empty((size, self.size), np.float32)
        for first in range(0, size, _TOKENS):  # with as many tokens on either side as the layers reach
            last, low = min(first + _TOKENS, size), max(first - reach, 0)
            near = slice(low, last + reach)
            hidden = self._normal("normal", np.maximum(words[near] + columns.here[near] @ self._w["here.weight"].T, 0))
            for number, dilation in enumerate(dilations):
                hidden = self._look_around(f"conv{number}", hidden, dilation)
            found[first:last] = hidden[first - low : last - low]
        return found

    def _look_around(self, name: str, hidden: Any, reach: int) -> Any:
        """A layer that tells every token what stands `reach` tokens before and behind it."""
        before, itself, behind = self._w[f"{name}.weight"]  # what each gives: (3, size, size)
        moved = hidden @ itself + self._w[f"{name}.bias"]
        moved[reach:] += hidden[:-reach] @ before
        moved[:-reach] += hidden[reach:] @ behind
        return self._normal(f"{name}.normal", hidden + np.maximum(moved, 0, out=moved))

    def tokens(self, hidden: Any) -> Any:
        """How likely every token begins a content, ends one, begins a party, or reports: log odds (tokens, 4)."""
        return hidden @ self._w["token.weight"].T + self._w["token.bias"]

    def event_tokens(self, hidden: Any) -> Any:
        """How likely every token begins who takes part in an event, or its place: log odds (tokens, 2)."""
        return hidden @ self._w["event_token.weight"].T + self._w["event_token.bias"]

    def cues(self, hidden: Any, numbers: Any) -> Any:
        """How likely words report: probabilities, from their context and `Columns.of_cues`."""
        return sigmoid(self._layers("cue", np.hstack([hidden, numbers]))[:, 0])

    def stances(self, cue: Any, begin: Any, behind: Any) -> Any:
        """The shares of the stances, from the context of cue, content and the word behind the cue."""
        return _softmax(self._layers("stance", np.hstack([cue, begin, behind])))

    def kinds(self, begin: Any, end: Any, numbers: Any) -> Any:
        """The shares of direct, indirect and mixed, from the context of a content's ends and `Columns.of_contents`."""
        return _softmax(self._layers("kind", np.hstack([begin, end, numbers])))

    def triggers(self, hidden: Any) -> Any:
        """How likely tokens name no event, or one of each type: (tokens, 1 + types)."""
        return _softmax(self._layers("trigger", hidden))

    def statuses(self, hidden: Any, sentence: Any) -> Any:
        """The shares of the statuses of events, from the context of a word that names each and from its sentence."""
        return _softmax(self._layers("status", np.hstack([hidden, sentence])))

    def sides(self, question: Any, hidden: Any, keys: Any, numbers: Any, counts: Any) -> Any:
        """How likely candidates take no part, act, or suffer: (candidates, 3); arguments as for `point`."""
        mixed = self._mix("sides", question, hidden, keys, numbers, np.repeat(np.arange(len(counts)), counts))
        return _softmax(mixed @ self._w["sides.score.weight"].T + self._w["sides.score.bias"])

    def point(self, name: str, question: Any, hidden: Any, keys: Any, numbers: Any, counts: Any) -> tuple[Any, Any]:
        """The shares of candidates `keys` (tokens) and of none, for questions with `counts` candidates each.

        `question` (anchors, …) is what is known of each anchor, `numbers` (candidates, …) of each pair.
        """
        w = self._w
        owner = np.repeat(np.arange(len(counts)), counts)
        mixed = self._mix(name, question, hidden, keys, numbers, owner)
        score = mixed @ w[f"{name}.score.weight"][0] + w[f"{name}.score.bias"][0]
        none = self._layers(f"{name}.none", question)[:, 0] if f"{name}.none.0.weight" in w else None
        return _shares(score, counts, owner, none)

    def _mix(self, name: str, question: Any, hidden: Any, keys: Any, numbers: Any, owner: Any) -> Any:
        w = self._w
        mixed = (question @ w[f"{name}.question.weight"].T + w[f"{name}.question.bias"])[owner]
        weight, low, high = w[f"{name}.key.weight"].T, keys.min(initial=len(hidden)), keys.max(initial=0) + 1
        # where anchors stand so close that they share their candidates, each token is weighed once
        mixed += (hidden[low:high] @ weight)[keys - low] if len(keys) > high - low else hidden[keys] @ weight
        mixed += numbers @ w[f"{name}.pair.weight"].T
        return np.maximum(mixed, 0, out=mixed)

    def _layers(self, name: str, x: Any) -> Any:
        w = self._w
        x = np.maximum(x @ w[f"{name}.0.weight"].T + w[f"{name}.0.bias"], 0)
        return x @ w[f"{name}.1.weight"].T + w[f"{name}.1.bias"]

    def _normal(self, name: str, x: Any) -> Any:
        x = x - x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1] + 1e-5)
        x *= self._w[f"{name}.weight"]
        x += self._w[f"{name}.bias"]
        return x


def blocks(anchors: int) -> Iterator[slice]:
    """Slices of so many anchors, not too many in each: decided together they cost memory, hundreds of bytes a candidate."""
    return (slice(first, first + _TOGETHER) for first in range(0, anchors, _TOGETHER))


def first_of_each(rows: Any, rank: Any, owner: Any, number: int) -> Any:
    """Of the rows of each owner the first `number` by rank; `rank` and `owner` are of all rows. Owner by owner, in that order."""
    ranked = rows[np.lexsort((rows, rank[rows], owner[rows]))]
    owners = owner[ranked]
    return ranked[np.arange(len(ranked)) - np.searchsorted(owners, owners) < number]


def pairs(columns: Columns, anchors: Any, windows: str | Iterable[str], allowed: Any = None) -> tuple[Any, Any]:
    """The tokens within a window around each anchor, of several the widest, and how many each anchor has; `allowed` holds the
    tokens there may be."""
    reach = [WINDOWS[window] for window in ((windows,) if isinstance(windows, str) else windows)]
    first, last = min(low for low, _ in reach), max(high for _, high in reach)
    low = np.clip(anchors + first, 0, columns.size)
    high = np.clip(anchors + last + 1, 0, columns.size)
    if allowed is not None:
        low, high = np.searchsorted(allowed, low), np.searchsorted(allowed, high)
    counts = np.maximum(high - low, 0)
    ends = np.cumsum(counts)
    at = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts) + np.repeat(low, counts)
    return (allowed[at] if allowed is not None else at), counts


def sentence_means(columns: Columns, hidden: Any) -> Any:
    """Of every token what its sentence says as a whole: the mean of `hidden` over it. (tokens, size)"""
    starts = np.flatnonzero(np.diff(columns.sentence, prepend=-1))
    lengths = np.diff(np.append(starts, columns.size))
    return np.repeat(np.add.reduceat(hidden, starts) / lengths[:, None].astype(np.float32), lengths, axis=0)


def likely(token: Any, sorts: Iterable[int], keep: tuple[int, ...] = ()) -> list[Any]:
    """The tokens that may be of each sort, from `Network.tokens` (BEGIN, END …) or `Network.event_tokens` (TAKER, PLACE); the nth of `keep` may be of the nth sort."""
    found = []
    for number, sort in enumerate(sorts):
        may = token[:, sort] > LEAST
        if number < len(keep) and keep[number] >= 0:
            may[keep[number]] = True
        found.append(np.flatnonzero(may))
    return found


def ends_behind(columns: Columns, hidden: Any, network: Network, pointer: str, anchors: Any, at: Any) -> list[int]:
    """Where the mentions that begin at tokens `at`, beside `anchors`, likeliest end, exclusive."""
    if not len(at):
        return []
    keys, counts = pairs(columns, at, "party_end")
    numbers = columns.of_pairs(np.repeat(at, counts), keys)
    question = np.hstack([hidden[anchors], hidden[at]])
    ends = Candidates.of(keys, counts, network.point(pointer, question, hidden, keys, numbers, counts))
    return [max(ends.best(n)[0], int(begin)) + 1 for n, begin in enumerate(at)]


def _shares(score: Any, counts: Any, owner: Any, none: Any) -> tuple[Any, Any]:
    """Softmax within each anchor's candidates (and none), all anchors at once."""
    top = np.full(len(counts), -np.inf, np.float32) if none is None else none.astype(np.float32).copy()
    np.maximum.at(top, owner, score)
    top = np.where(np.isfinite(top), top, 0)
    share = np.exp(score - top[owner])
    rest = np.zeros(len(counts), np.float32) if none is None else np.exp(none - top)
    total = rest + np.bincount(owner, share, len(counts))
    total = np.where(total > 0, total, 1)
    return share / total[owner], rest / total


def log_odds(share: float, least: float = 0.005) -> float:
    """The log odds of a probability, of none nearer to 0 or 1 than `least`."""
    share = min(max(share, least), 1 - least)
    return log(share / (1 - share))


def sigmoid(x: Any) -> Any:
    """Log odds as probabilities."""
    return 1 / (1 + np.exp(-x))


def _softmax(x: Any) -> Any:
    x = np.exp(x - x.max(axis=1, keepdims=True))
    return x / x.sum(axis=1, keepdims=True)
