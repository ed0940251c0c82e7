"""How long work goes on, shown on standard error where a person watches: its stages from the first second, each by articles.

What is not known is not shown: a total that is estimated says «about», and no stage is at 100 % before its end.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID

_T = TypeVar("_T")
MANY = 20  # inputs from which a bar is worth its lines
_BAR = 12  # characters: a line fits 80 columns


class Stages:
    """The stages of some work, one line each, all there from the beginning. Shows nothing where nobody watches."""

    def __init__(self, *names: str) -> None:
        self._names = names
        self._shown: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Stages:
        if not sys.stderr.isatty():
            return self
        from rich import progress
        from rich.console import Console
        from rich.table import Column

        self._shown = progress.Progress(
            progress.SpinnerColumn(finished_text="✓"),
            progress.TextColumn("{task.description}"),
            progress.BarColumn(_BAR),
            progress.TextColumn("{task.fields[share]}", justify="right"),
            progress.TextColumn("{task.fields[said]}", table_column=Column(no_wrap=True, overflow="ellipsis")),
            progress.TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        for at, name in enumerate(self._names):
            said = "starting" if at == 0 else f"after {self._names[at - 1]}"
            self._tasks[name] = self._shown.add_task(
                name, start=at == 0, total=None if at == 0 else 1, share="", said=said
            )
        self._shown.start()
        return self

    def show(
        self, name: str, done: int, total: float | None, *, about: bool = False, earlier: int = 0, more: str = ""
    ) -> None:
        """Say how far a stage is: `done` articles of `total`, or of nobody knows how many; `more` is said behind it.

        `earlier`: articles that were done before it began, and tell nothing of its speed.
        """
        if self._shown is None:
            return
        task = self._task(name)
        if not task.started:
            self._shown.start_task(task.id)
        rate = (done - earlier) / max(task.elapsed or 1.0, 0.1)
        whole = None if total is None else max(total, done)
        of = "" if whole is None else f" of {'about ' * about}{whole:,.0f}"
        share = "" if whole is None else f"{min(99, int(100 * done / max(whole, 1)))}%"
        said = f"{done:,}{of} articles, {rate:,.0f}/s{more}"
        # A bar that is full turns green and its clock stops: not before the end.
        self._shown.update(task.id, completed=done, total=None if whole is None else whole + 1, share=share, said=said)

    def say(self, name: str, said: str) -> None:
        """Say something of a stage that cannot be counted."""
        if self._shown is not None:
            self._shown.update(self._task(name).id, said=said)

    def end(self, name: str, said: str) -> None:
        """A stage is over."""
        if self._shown is None:
            return
        task = self._task(name)
        whole = max(task.completed, 1)
        self._shown.start_task(task.id)
        self._shown.update(task.id, completed=whole, total=whole, share="100%", said=said)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown is not None:
            self._shown.stop()

    def _task(self, name: str) -> Task:
        assert self._shown is not None
        return next(task for task in self._shown.tasks if task.id == self._tasks[name])


def progress(things: Iterable[_T], size: int, name: str = "reading") -> Iterable[_T]:
    """Show how many of some articles or files have been gone through, where there is much to do."""
    if size < MANY:
        yield from things
        return
    with Stages(name) as stages:
        for done, thing in enumerate(things):
            stages.show(name, done, size)
            yield thing
        stages.end(name, f"{size:,}")


def estimated(done: int, bytes_done: int, bytes_in_all: int) -> float | None:
    """How many articles there will be in all, if those to come are as long as those before; None where nothing tells."""
    return done * bytes_in_all / bytes_done if bytes_in_all and bytes_done else None
