"""A claim and what is like it in a ledger, in a terminal, from right to left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from musnad.views.labels import label
from musnad.views.lines import clean, from_the_right, isolated
from musnad.views.table import RowTable
from musnad.views.terminal import hit_cells, hit_name, hit_table

if TYPE_CHECKING:
    from musnad.ledger.claims import Checked, ClaimMatch


def print_checked(found: Checked, console: Console) -> None:
    """Print what was understood of a claim, how often it is reported and denied, and the statements, the nearest first."""
    with from_the_right(console) as inner:
        claim = found.claim
        who = clean(claim.speaker) if claim.speaker else label("claim-anybody")
        inner.print(Text.assemble((f"{who}: ", "bold"), clean(claim.words)))
        if not found.reports:
            inner.print(Text(label("claim-nothing"), style="bold yellow"))
            return
        counts = (("claim-said", found.said), ("claim-others", found.by_others), ("claim-denied", found.denied))
        for code, count in counts:
            counted = f"{label(code)}: {count.statements} ({label('claim-outlets')}: {count.outlets})"
            since = f" {label('claim-since')} {isolated(count.first_day)}" if count.first_day else ""
            inner.print(Text(counted + since, style="bold" if count.statements else "dim"))
        inner.print(_table(found.reports))


def _table(reports: list[ClaimMatch]) -> RowTable:
    table = hit_table()
    for one in reports:
        speaker, stance, words, where = hit_cells(one.hit)
        if one.missing:
            words.append(f"\n{label('claim-missing')}: {clean('، '.join(one.missing))}", style="dim")
        if one.negation:
            words.append(f"\n{label('claim-negation')}", style="yellow")
        table.add_row(speaker, stance, words, where, names=[hit_name(one.hit)])
    return table
