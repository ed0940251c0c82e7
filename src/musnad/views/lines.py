"""Lines of a terminal that shows Arabic from right to left.

Every line begins with a right-to-left mark, so that a terminal with bidirectional text lays it out
as one Arabic line: the first column then stands at the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

_RTL = "\u200f"
_NARROWEST = 60
#: Characters that would steer the terminal or turn its lines: never printed from an article.
UNSAFE = dict.fromkeys((*range(0, 32), *range(127, 160), 1564, 8206, 8207, *range(8234, 8239), *range(8294, 8298)))


@contextmanager
def from_the_right(console: Console) -> Iterator[Console]:
    """Give a console to print on, and hand its lines on with a right-to-left mark."""
    inner = Console(
        width=max(console.width - 1, _NARROWEST), force_terminal=console.is_terminal,
        color_system="auto" if console.is_terminal else None, legacy_windows=False,
    )  # fmt: skip
    with inner.capture() as captured:
        yield inner
    for line in captured.get().split("\n"):
        console.file.write(f"{_RTL}{line}\n" if line.strip() else "\n")


def clean(text: str) -> str:
    """Text from outside as it may go to a terminal: on one line, without control characters."""
    return " ".join(text.replace("\n", " ").translate(UNSAFE).split())
