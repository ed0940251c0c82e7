"""Articles by address: what needs the packages of `musnad[web]`. The fetcher is loaded when it is asked for: connections alone need fewer."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from musnad.sources.fetching.fetcher import AGENT, Fetcher, Forgetful, Memory

__all__ = ["AGENT", "Fetcher", "Forgetful", "Memory"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(importlib.import_module("musnad.sources.fetching.fetcher"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
