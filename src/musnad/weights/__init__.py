"""What was learned: files of numbers, each with a card in docs/cards, made again by `make weights`.

`fast` and `exact` hold the weights of the two readers under the same names; `exact` has an encoder besides, and the
networks of `fast` as `…_alone.npz`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np


def shipped(*, fast: bool) -> Traversable:
    """The folder of the weights of a reader."""
    return files("musnad.weights") / ("fast" if fast else "exact")


def load(name: str, folder: Traversable | None = None) -> dict[str, Any]:
    """Return the arrays of the file `name`.npz of a folder, or of this one; numbers of one byte as float32.

    An array `x` kept as int8 has its scales beside it, `x.scale`, one a row; one of three axes has a row for each
    pair of the first two.
    """
    found: dict[str, Any] = {}
    place = folder if folder is not None else files("musnad.weights")
    with (place / f"{name}.npz").open("rb") as source, np.load(source, allow_pickle=False) as kept:
        for key in kept.files:
            if key.endswith(".scale"):
                continue
            array = kept[key]
            if array.dtype == np.int8:
                scale = kept[key + ".scale"].astype(np.float32)
                array = (array.reshape(len(scale), -1) * scale[:, None]).reshape(array.shape)
            elif array.dtype == np.float16:
                array = array.astype(np.float32)
            found[key] = array
    return found


def lines(array: Any) -> list[str]:
    """The lines of a text that is kept as bytes."""
    return bytes(array).decode("utf-8").split("\n")


@cache
def vectors() -> tuple[dict[str, int], Any]:
    """How word forms are used: their numbers, and a vector for each number. Loaded once and shared.

    One of the forms is a line break; it is kept as the two signs of its escape.
    """
    kept = load("vectors")
    forms = [form.replace("\\n", "\n") for form in lines(kept["forms"])]
    if len(forms) != len(kept["vectors"]):
        raise ValueError(
            f"vectors.npz holds {len(forms)} forms and {len(kept['vectors'])} vectors; make it again: training/vectors.py"
        )
    return {form: number for number, form in enumerate(forms)}, kept["vectors"]
