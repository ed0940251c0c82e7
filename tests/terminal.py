"""A real terminal for tests: a command in it, and what it showed."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte


def shown(
    *arguments: str, columns: int = 80, stdin: Path | None = None, **environment: str
) -> Iterator[tuple[bytes, list[str]]]:
    """Run a command of Musnad in a terminal; yield what it wrote so far and what then stands on the screen."""
    command = [sys.executable, "-m", "musnad", *arguments]
    if stdin is not None:
        command = ["bash", "-c", f"{shlex.join(command)} < {shlex.quote(str(stdin))}"]
    yield from run(*command, columns=columns, **environment)


def run(*command: str, columns: int = 80, **environment: str) -> Iterator[tuple[bytes, list[str]]]:
    """Run any command in a terminal of 24 lines, which tells of itself only what `environment` says."""
    known = {name: value for name, value in os.environ.items() if name not in TELLING}
    child = pexpect.spawn(
        command[0], list(command[1:]), dimensions=(24, columns), timeout=120,
        env={**known, "TERM": "xterm-256color", **environment},
    )  # fmt: skip
    screen = pyte.Screen(columns, 24)
    stream = pyte.ByteStream(screen)
    written = b""
    while True:
        try:
            part = child.read_nonblocking(4096, timeout=0.2)
        except pexpect.TIMEOUT:
            continue
        except pexpect.EOF:
            break
        written += part
        stream.feed(part)
        yield written, [line.rstrip() for line in screen.display if line.strip()]
    child.close()
    assert child.exitstatus == 0, written.decode("utf-8", "replace")


#: Variables by which a terminal tells what it is.
TELLING = {
    "VTE_VERSION",
    "TMUX",
    "TERM",
    "TERM_PROGRAM",
    "WT_SESSION",
    "KITTY_WINDOW_ID",
    "KONSOLE_VERSION",
    "COLORTERM",
    "NO_COLOR",
    "COLUMNS",
    "LINES",
}
