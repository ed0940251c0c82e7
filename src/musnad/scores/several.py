"""Several networks that decide together: their probabilities are averaged (of tokens their log odds)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from musnad.scores.features import Columns
from musnad.scores.network import Network


class Several(Network):
    """Several networks used as one. What it keeps of a token is what each of them keeps, side by side: (…, size)."""

    def __init__(self, members: Sequence[Network], worth: Sequence[float]) -> None:
        """`worth`: how much each counts; one in sum."""
        self._members, self._worth = members, worth
        self._ends = np.cumsum([member.size for member in members]).tolist()
        self.size: int = self._ends[-1]

    def project(self, rows: Any) -> Any:
        """`Network.project` of each."""
        return np.hstack([member.project(rows) for member in self._members])

    def project_states(self, states: Any) -> Any:
        """`Network.project_states` of each; nothing of one that is not told what the encoder gives."""
        return np.hstack([member.project_states(states) for member in self._members])

    @property
    def empty(self) -> Any:
        """`Network.empty` of each."""
        return np.hstack([member.empty for member in self._members])

    def encode(self, words: Any, columns: Columns) -> Any:
        """`Network.encode` of each."""
        return np.hstack([m.encode(self._part(words, n), columns) for n, m in enumerate(self._members)])

    def tokens(self, hidden: Any) -> Any:
        return self._mean("tokens", hidden)

    def event_tokens(self, hidden: Any) -> Any:
        return self._mean("event_tokens", hidden)

    def triggers(self, hidden: Any) -> Any:
        return self._mean("triggers", hidden)

    def stances(self, cue: Any, begin: Any, behind: Any) -> Any:
        return self._mean("stances", cue, begin, behind)

    def statuses(self, hidden: Any, sentence: Any) -> Any:
        return self._mean("statuses", hidden, sentence)

    def cues(self, hidden: Any, numbers: Any) -> Any:
        return self._mean("cues", hidden, told=(numbers,))

    def kinds(self, begin: Any, end: Any, numbers: Any) -> Any:
        return self._mean("kinds", begin, end, told=(numbers,))

    def sides(self, question: Any, hidden: Any, keys: Any, numbers: Any, counts: Any) -> Any:
        return self._mean("sides", question, hidden, told=(keys, numbers, counts))

    def point(self, name: str, question: Any, hidden: Any, keys: Any, numbers: Any, counts: Any) -> tuple[Any, Any]:
        found = [
            member.point(name, self._part(question, n), self._part(hidden, n), keys, numbers, counts)
            for n, member in enumerate(self._members)
        ]
        shares, nones = zip(*found, strict=True)
        return self._weigh(shares), self._weigh(nones)

    def _mean(self, score: str, *hidden: Any, told: tuple[Any, ...] = ()) -> Any:
        """The mean of a score of all members, each of which sees its own part of `hidden`."""
        parts = ([self._part(x, n) for x in hidden] for n in range(len(self._members)))
        return self._weigh([getattr(m, score)(*own, *told) for m, own in zip(self._members, parts, strict=True)])

    def _weigh(self, found: Iterable[Any]) -> Any:
        return sum(worth * one for worth, one in zip(self._worth, found, strict=True))

    def _part(self, x: Any, member: int) -> Any:
        """The numbers of one member; `x` has those of all, once or (of a question on two tokens) several times."""
        last = self._ends[member]
        first = last - self._members[member].size
        return np.hstack([x[:, n + first : n + last] for n in range(0, x.shape[1], self.size)])
