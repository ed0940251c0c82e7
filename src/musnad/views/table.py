"""A table for a terminal: columns of fixed shares, and below each row the identifiers that the next command takes, whole."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from musnad.views.labels import heading
from musnad.views.lines import RULE, clean, isolated


class RowTable:
    """Columns by the names of their headings and their shares of a line; rows with what they are called."""

    def __init__(self, columns: Sequence[tuple[str, int]], title: str | None = None) -> None:
        self._columns, self._title = columns, title
        self.rows: list[tuple[list[Text], list[str]]] = []

    def add_row(self, *cells: Text, names: Sequence[str] = ()) -> None:
        """Add a row; `names` are identifiers of articles and of what stands in them: «a1 s3»."""
        self.rows.append((list(cells), [name for name in names if name]))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        rule = Text(RULE * options.max_width)
        if self._title:
            yield Text(self._title, style="italic")
        yield rule
        yield self._line([Text(heading(name), style="bold") for name, _ in self._columns])
        for cells, names in self.rows:
            yield rule
            yield self._line(cells)
            for (
                name
            ) in names:  # never folded or cut: it is there to be copied; the blank keeps the mark from coming along
                yield Text(isolated(f"{clean(name)} "), style="dim", no_wrap=True, overflow="ignore")
        yield rule

    def _line(self, cells: list[Text]) -> Table:
        line = Table(box=None, expand=True, show_header=False, pad_edge=False)
        for _, ratio in self._columns:
            line.add_column(ratio=ratio, overflow="fold")
        line.add_row(*cells)
        return line
