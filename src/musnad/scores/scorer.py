"""From a page to the tokens in their context, on which every learned decision is made."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from musnad import weights
from musnad.lexicon import Lexicon, Word
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.scores.features import Columns, WordFeatures, kinds_of
from musnad.scores.network import Network
from musnad.scores.several import Several

if TYPE_CHECKING:
    from musnad.scores.encoder import Encoder

#: Weights in the average: of the network that is told what the encoder gives, of the one that is not.
_WORTH = (0.7, 0.3)
_KEPT = 60_000  # word forms kept before all are learned anew, so that no archive fills the memory


class Scored(NamedTuple):
    """A page as the networks read it: columns over its tokens, what the network of statements keeps of each word alone,
    and what it and the network of events keep of each word in its context."""

    columns: Columns
    words: Any  # (tokens, size of the network of statements)
    statement_context: Any  # (tokens, size of the network of statements)
    event_context: Any  # (tokens, size of the network of events)


class Scorer:
    """Reads pages with the networks of a folder of weights, and with the encoder where there is one in it.

    Loaded once and shared: it keeps what it learned of word forms, nothing of a text.
    """

    def __init__(self, lexicon: Lexicon, folder: Traversable) -> None:
        self.statements, self.events = _network("statements", folder), _network("events", folder)
        self._encoder = _encoder(folder) if (folder / "encoder.onnx").is_file() else None
        self._features = WordFeatures(lexicon, *weights.vectors())
        self._store = _Store(self.statements.size + self.events.size)
        self._lock = Lock()

    def read(self, page: Page, spots: Spots) -> Scored:
        """Return a page as the networks read it; the page has a token at least."""
        words, kinds = self._look_up(page.words)
        columns = Columns(page, spots, kinds)
        statement_words, event_words = words[:, : self.statements.size], words[:, self.statements.size :]
        if self._encoder is not None:
            states = self._encoder.states(page)
            statement_words = statement_words + self.statements.project_states(states)
            event_words = event_words + self.events.project_states(states)
        context = self.statements.encode(statement_words, columns), self.events.encode(event_words, columns)
        return Scored(columns, statement_words, *context)

    def _look_up(self, words: list[Word]) -> tuple[Any, Any]:
        """The projected numbers of word forms (words, size) and their kinds (words, kinds); new forms are learned once."""
        store = self._store
        if len(store.number) > _KEPT:
            store = self._store = _Store(store.words.shape[1])
        if not store.number.keys() >= set(words):
            with self._lock:
                new = [word for word in dict.fromkeys(words) if word not in store.number]
                # one by one: what a form gives must not hang on the forms that are learned with it
                store.add(new, [self._project(self._features.row(word)) for word in new])
        rows = np.array([store.number[word] for word in words])
        return store.words[rows], store.kinds[rows]

    def _project(self, row: Any) -> Any:
        return np.hstack([self.statements.project(row), self.events.project(row)])


def _network(name: str, folder: Traversable) -> Network:
    """The network `name` of a folder, averaged with `name`_alone where that is there."""
    network = Network(weights.load(name, folder))
    if not (folder / f"{name}_alone.npz").is_file():
        return network
    return Several([network, Network(weights.load(f"{name}_alone", folder))], _WORTH)


def _encoder(folder: Traversable) -> Encoder:
    from musnad.scores.encoder import Encoder  # onnxruntime takes a while to import, and the fast reader does without

    return Encoder(folder)


class _Store:
    """The rows of word forms, in arrays that grow."""

    def __init__(self, size: int) -> None:
        self.number: dict[Word, int] = {}
        self.words = np.zeros((1024, size), np.float32)
        self.kinds = np.zeros((1024, 5), bool)

    def add(self, words: list[Word], rows: list[Any]) -> None:
        """Add forms; their numbers come last, when all else is in its place."""
        if not words:
            return  # another thread was first
        at = len(self.number)
        end = at + len(words)
        while end > len(self.words):
            self.words = np.vstack([self.words, np.zeros_like(self.words)])
            self.kinds = np.vstack([self.kinds, np.zeros_like(self.kinds)])
        self.words[at:end] = rows
        self.kinds[at:end] = [kinds_of(word) for word in words]
        self.number.update(zip(words, range(at, end), strict=True))
