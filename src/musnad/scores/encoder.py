"""What a network that learned from many languages makes of each token in its context; the exact reader is told it."""

from __future__ import annotations

import os
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from musnad import weights
from musnad.page import Page
from musnad.scores.pieces import Pieces

# Its builds tell Microsoft what they run, and keep a number of the machine: asked at its import, and of Windows behind it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import onnxruntime

onnxruntime.disable_telemetry_events()


class Encoder:
    """Six layers of multilingual-e5-small, taught further by training/encoder.py, run by onnxruntime on one thread."""

    def __init__(self, folder: Traversable) -> None:
        kept = weights.load("pieces", folder)
        normal = {line[0]: line[1:] for line in weights.lines(kept["normal"])}
        self._pieces = Pieces(weights.lines(kept["pieces"]), kept["scores"], normal)
        self._words, self._places = kept["words"], kept["places"]
        self._scale, self._shift = kept["normal.weight"], kept["normal.bias"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = (folder / "encoder.onnx").read_bytes()
        self._layers = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def states(self, page: Page) -> Any:
        """The numbers of each token: those of its first and of its last piece, centred and scaled. (tokens, 2 * 384)."""
        found = []
        for window in self._pieces.windows(page):
            embedded = _normal(self._words[window.pieces] + self._places[: len(window.pieces)])
            embedded = (embedded * self._scale + self._shift).astype(np.float32)
            encoded = self._layers.run(None, {"embedded": embedded[None]})[0][0]
            found.append(np.hstack([encoded[window.first], encoded[window.last]]))
        return _normal(np.vstack(found))


def _normal(x: Any) -> Any:
    x = x - x.mean(axis=1, keepdims=True)
    return x / np.sqrt(np.square(x).mean(axis=1, keepdims=True) + 1e-12)
