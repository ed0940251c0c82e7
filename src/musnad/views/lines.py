"""Lines of a terminal that shows Arabic from right to left.

Each line is an isolate of its own from right to left (U+2067 … U+2069, Unicode Annex 9): a terminal with bidirectional text, which
takes a line for one from left to right (VTE, that is GNOME and Xfce, alone or under tmux), lays it out from the right, the first
column first. Before it stands a space, since a terminal hangs a mark without width on the letter before it, and behind it a mark,
since blanks at the end of a line go to the left. Nothing of it is an escape: a terminal without bidirectional text shows the
same columns from the left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len
from rich.console import Console

_RTL, _END, _MARK = "\u2067", "\u2069", "\u200f"
_LTR = "\u2066"
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_NO_WIDTH = re.compile(r"[\u200e\u200f\u2066-\u2069]")
_NUMBER = re.compile(r"[!-~]*[0-9][!-~]*")
_NARROWEST = 60
RULE = "─"  # a line between rows is made of these
#: Characters that would steer the terminal or turn its lines: never printed from an article.
UNSAFE = dict.fromkeys(
    (*range(0, 32), *range(127, 160), 1564, 8206, 8207, *range(8234, 8239), *range(8294, 8298), 0xFFFE, 0xFFFF)
)


@contextmanager
def from_the_right(console: Console) -> Iterator[Console]:
    """Give a console to print on, and hand its lines on as lines from right to left."""
    width = max(console.width - 2, _NARROWEST)
    inner = _Whole(
        width=width, force_terminal=console.is_terminal, color_system="auto" if console.is_terminal else None, legacy_windows=False
    )  # fmt: skip
    with inner.capture() as captured:
        yield inner
    for line in captured.get().split("\n"):
        if not _STYLE.sub("", line).strip(f" {RULE}"):  # has no direction
            console.file.write(f" {line}".rstrip() + "\n")
            continue
        console.file.write(f" {_RTL}{line}{' ' * (width - _width(line))}{_MARK}{_END}\n")


class _Whole(Console):
    """A console that cuts no line: what is longer is there to be copied."""

    def print(self, *things: Any, **how: Any) -> None:
        super().print(*things, **{"crop": False, **how})


def _width(line: str) -> int:
    return cell_len(_NO_WIDTH.sub("", _STYLE.sub("", line)))


def clean(text: str) -> str:
    """Text from outside as it may go to a terminal: on one line, without control characters."""
    return " ".join(text.replace("\n", " ").translate(UNSAFE).split())


def directed(text: str) -> str:
    """Clean text in which each day and number reads from left to right, each for itself, so that a line may end between two."""
    return _NUMBER.sub(lambda found: isolated(found.group()), clean(text))


def isolated(text: str) -> str:
    """A day, a number or an identifier, which reads from left to right."""
    return f"{_LTR}{text}{_END}"
