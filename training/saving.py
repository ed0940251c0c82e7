"""What was learned, as the reader loads it: arrays under the names of `musnad.scores.network`, in numbers of one byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from torch import nn


def arrays(model: nn.Module) -> dict[str, Any]:
    """The weights under the names that `musnad.scores.network` knows."""
    found: dict[str, Any] = {}
    for key, value in model.state_dict().items():
        name = key.replace("pointers.", "")
        array = value.detach().numpy()
        parts = name.split(".")
        if parts[0] == "convs":
            kind = "normal." if parts[2] == "normal" else ""
            name = f"conv{parts[1]}.{kind}{parts[3]}"
            array = array.transpose(2, 1, 0) if array.ndim == 3 else array
        elif parts[-2].isdigit():  # the layers of a small network: 0 and the last
            parts[-2] = "0" if parts[-2] == "0" else "1"
            name = ".".join(parts)
        found[name] = array.copy()
    return found


def save(found: dict[str, Any], path: Path) -> None:
    """Write weights as whole numbers of one byte a row, biases and norms as they are."""
    kept: dict[str, Any] = {}
    for name, array in sorted(found.items()):
        if array.ndim < 2:
            kept[name] = array if array.dtype == np.uint8 else array.astype(np.float32)
            continue
        flat = array.reshape(array.shape[0] * (array.shape[1] if array.ndim == 3 else 1), -1)
        scale = np.maximum(np.abs(flat).max(axis=1), 1e-8) / 127
        kept[name], kept[f"{name}.scale"] = (
            np.round(flat / scale[:, None]).astype(np.int8).reshape(array.shape),
            scale.astype(np.float32),
        )
    np.savez(path, **kept)
