"""Keeping a ledger right: entities, annotate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from musnad.cli.app import LEDGER, app, put
from musnad.cli.ledger import AsJson, LedgerOption, Limit

entities = typer.Typer(help="Names across articles: list, merge, split, rename.", no_args_is_help=True)
annotate = typer.Typer(help="Annotated articles: take corrections out and in.", no_args_is_help=True)
app.add_typer(entities, name="entities", rich_help_panel=LEDGER)
app.add_typer(annotate, name="annotate", rich_help_panel=LEDGER)


@entities.command("list")
def list_entities(
    name: Annotated[str | None, typer.Argument(help="Words of the name.")] = None,
    ledger: LedgerOption = "musnad.db",
    limit: Limit = 30,
    as_json: AsJson = False,
) -> None:
    """Show who speaks, with the keys that the other commands take."""
    from musnad.ledger import Ledger

    with Ledger(ledger, create=False) as opened:
        for entity in opened.entities(name, limit=limit):
            if as_json:
                put(msgspec.json.encode(entity).decode() + "\n")
                continue
            mark = "\t(names nobody)" if entity.described else ""
            put(f"{entity.statements}\t{entity.key}\t{entity.name}{mark}\n")


def _decide(ledger: str, action: str, key: str, target: str) -> None:
    from musnad.ledger import Ledger
    from musnad.ledger.entities import decide

    with Ledger(ledger, create=False) as opened:
        decide(opened.database, action, key, target)


@entities.command()
def merge(key: str, into: str, ledger: LedgerOption = "musnad.db") -> None:
    """What KEY says is said by INTO: two names of one person. Kept as a decision that later articles follow."""
    _decide(ledger, "merge", key, into)


@entities.command()
def split(key: str, out_of: str, ledger: LedgerOption = "musnad.db") -> None:
    """KEY is somebody of its own again, no longer OUT_OF."""
    _decide(ledger, "split", key, out_of)


@entities.command()
def rename(key: str, name: str, ledger: LedgerOption = "musnad.db") -> None:
    """Show KEY under another name."""
    _decide(ledger, "rename", key, name)


@entities.command()
def decisions(ledger: LedgerOption = "musnad.db", as_json: AsJson = False) -> None:
    """Show what was decided about names, in the order in which it was."""
    from musnad.ledger import Ledger
    from musnad.ledger.entities import made

    with Ledger(ledger, create=False) as opened:
        for decision in made(opened.database):
            if as_json:
                put(msgspec.json.encode(decision._asdict()).decode() + "\n")
                continue
            put(f"{decision.made}\t{decision.action}\t{decision.key}\t{decision.target}\n")


@annotate.command("export")
def annotate_export(ledger: LedgerOption = "musnad.db") -> None:
    """Print the corrected articles as lines of the annotation format."""
    from musnad.ledger import Ledger
    from musnad.ledger.annotations import gold_lines

    with Ledger(ledger, create=False) as opened:
        for row in gold_lines(opened):
            put(msgspec.json.encode(row).decode() + "\n")


@annotate.command("import")
def annotate_import(
    file: Annotated[Path, typer.Argument(help="Annotated articles, JSON Lines.")],
    ledger: LedgerOption = "musnad.db",
    author: Annotated[str | None, typer.Option(envvar="MUSNAD_AUTHOR", help="Who annotated them.")] = None,
) -> None:
    """Take annotated articles: where they differ from the reading, they become corrections."""
    from musnad.evaluation import load_gold
    from musnad.ledger import Ledger
    from musnad.ledger.annotations import take_gold

    with Ledger(ledger, create=False) as opened:
        taken = take_gold(opened, iter(load_gold(file)), author=author, note=f"annotate import {file.name}")
    typer.echo(f"{taken} corrections", err=True)
