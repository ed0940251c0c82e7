"""A record as a table in a terminal that shows Arabic from right to left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from musnad.record import Party, Record, Statement
from musnad.views.events import event_table, rows_of, timeline
from musnad.views.labels import label
from musnad.views.lines import UNSAFE, clean, from_the_right, isolated
from musnad.views.table import RowTable

if TYPE_CHECKING:
    from musnad.ledger.search import Hit

_COLOURS = {"direct": "green", "indirect": "cyan", "mixed": "yellow"}


def print_record(record: Record, console: Console) -> None:
    """Print one record: its heading, its statements and events as tables, its notes."""
    with from_the_right(console) as inner:
        inner.print(_heading(record))
        if record.statements:
            inner.print(_table(record))
        else:
            inner.print(Text(label("no-statements"), style="dim"))
        if record.events:
            inner.print(event_table(rows_of(record.events)))
        for line in timeline(record.events):
            inner.print(line)
        for note in record.notes:
            where = f"«{clean(note.span.text)}»" if note.span else ""
            inner.print(
                Text(f"ملاحظة: {label(note.code)} {where} {clean(note.detail or '')}".rstrip(), style="magenta")
            )


def print_hits(hits: list[Hit], console: Console) -> None:
    """Print statements that were found, the words asked for in bold."""
    with from_the_right(console) as inner:
        if not hits:
            inner.print(Text(label("no-results"), style="dim"))
            return
        table = hit_table()
        for hit in hits:
            table.add_row(*hit_cells(hit), names=[hit_name(hit)])
        inner.print(table)


def hit_table() -> RowTable:
    """A table for statements that were found."""
    return RowTable([("speaker", 3), ("stance", 2), ("content", 8), ("source", 3)])


def hit_name(hit: Hit) -> str:
    """What the next command takes: the article, and the statement in it."""
    return f"{hit.article} {hit.statement['id']}"


def hit_cells(hit: Hit) -> list[Text]:
    """The row of a statement: speaker, stance, words, where they stand."""
    kind = hit.statement["kind"]
    stance = Text.assemble((label(hit.statement["stance"]), "bold"), "\n", (label(kind), _COLOURS[kind]))
    content = Text(style=_COLOURS[kind])
    at = 0
    for start, end in hit.marks:
        content.append(_one_line(hit.words[at:start])).append(_one_line(hit.words[start:end]), style="bold reverse")
        at = end
    content.append(_one_line(hit.words[at:]))
    sources = [f"عن: {clean(source['name'])}" for source in hit.statement["sources"] or ()]
    copied = ["(نسخة)"] if hit.copy_of else []
    day = isolated(clean(hit.published)) if hit.published else ""
    return [
        Text(clean(hit.speaker), style="bold"), stance, content,
        Text("\n".join(filter(None, [clean(hit.outlet or ""), day, *copied, *sources]))),
    ]  # fmt: skip


def _one_line(text: str) -> str:
    return text.replace("\n", " ").translate(UNSAFE)


def print_rows(names: list[str], rows: Iterable[Sequence[object]], console: Console) -> None:
    """Print the rows of an answer as a table, the first column at the right."""
    table = Table(box=box.HORIZONTALS, header_style="bold")
    for name in names:
        table.add_column(clean(name), overflow="fold")
    for row in rows:
        table.add_row(*(clean(_cell(value)) for value in row))
    with from_the_right(console) as inner:
        inner.print(table)


def _cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "؛ ".join(map(_cell, value))
    return "" if value is None else str(value)


def _heading(record: Record) -> Text:
    title = record.title or record.text.strip().split("\n")[0]
    day = isolated(clean(record.published)) if record.published else ""
    facts = " · ".join(filter(None, (clean(record.outlet or ""), day)))
    return Text.assemble((clean(title)[:200], "bold"), (f"  {facts}" if facts else "", "dim"))


def _table(record: Record) -> RowTable:
    table = RowTable([("number", 1), ("speaker", 4), ("stance", 3), ("content", 10), ("parties", 4)])
    for statement in record.statements:
        table.add_row(*_cells(statement))
    return table


def _cells(statement: Statement) -> list[Text]:
    colour = _COLOURS[statement.kind]
    cue = clean(statement.cue.text) if statement.cue else "—"
    stance = Text.assemble((label(statement.stance), "bold"), f"\n{cue}\n", (label(statement.kind), colour))
    links = [f"إلى: {_name(statement.addressee)}"] if statement.addressee else []
    links += [f"عن: {_name(source)}" for source in statement.sources]
    if statement.within:
        links.append(f"داخل {statement.within}")
    speaker = Text(_name(statement.speaker), style="bold")
    if statement.speaker.span is None:
        speaker.append("\n(ضمنا)", style="dim")
    content = f"«{clean(statement.text)}»" if statement.kind == "direct" else clean(statement.text)
    return [Text(statement.id, style="dim"), speaker, stance, Text(content, style=colour), Text("\n".join(links))]


def _name(party: Party) -> str:
    return clean(party.name)
