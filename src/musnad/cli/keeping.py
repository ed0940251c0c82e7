"""Keeping a ledger right: entities, correct, annotate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from musnad.cli.app import LEDGER, app, put, usage
from musnad.cli.ledger import LedgerOption, Limit

entities = typer.Typer(help="Names across articles: list, merge, split, rename.", no_args_is_help=True)
annotate = typer.Typer(help="Annotated articles: take corrections out and in.", no_args_is_help=True)
app.add_typer(entities, name="entities", rich_help_panel=LEDGER)
app.add_typer(annotate, name="annotate", rich_help_panel=LEDGER)


@entities.command("list")
def list_entities(
    name: Annotated[str | None, typer.Argument(help="Words of the name.")] = None,
    ledger: LedgerOption = "musnad.db",
    limit: Limit = 30,
) -> None:
    """Show who speaks, with the keys that the other commands take."""
    from musnad.ledger import Ledger

    with Ledger(ledger, create=False) as opened:
        for entity in opened.entities(name, limit=limit):
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
def decisions(ledger: LedgerOption = "musnad.db") -> None:
    """Show what was decided about names, in the order in which it was."""
    from musnad.ledger import Ledger
    from musnad.ledger.entities import made

    with Ledger(ledger, create=False) as opened:
        for decision in made(opened.database):
            put(f"{decision.made}\t{decision.action}\t{decision.key}\t{decision.target}\n")


@app.command(rich_help_panel=LEDGER)
def correct(
    article: Annotated[str, typer.Argument(help="The id of the article.", metavar="ID")],
    statement: Annotated[str, typer.Argument(help="The statement, as `musnad show` numbers it: s3.")],
    ledger: LedgerOption = "musnad.db",
    speaker: Annotated[str | None, typer.Option(help="Who really said it.")] = None,
    stance: Annotated[str | None, typer.Option(help="The stance as it should be.")] = None,
    kind: Annotated[str | None, typer.Option(help="The kind as it should be.")] = None,
    addressee: Annotated[str | None, typer.Option(help="To whom it was said; an empty text for nobody.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="It is no statement at all.")] = False,
) -> None:
    """Put a statement right. The correction wins over the reading, and over later readings of the same text."""
    from musnad.ledger import Ledger
    from musnad.ledger.corrections import correct as put_right

    changes: dict[str, object] = {
        key: value for key, value in (("stance", stance), ("kind", kind)) if value is not None
    }
    for key, name in (("speaker", speaker), ("addressee", addressee)):
        if name is not None:
            changes[key] = {"name": name, "span": None, "entity": None} if name else None
    if not changes and not remove:
        usage("nothing to correct: give --speaker, --stance, --kind, --addressee or --remove")
    with Ledger(ledger, create=False) as opened:
        put_right(opened, article, statement, None if remove else changes)


@annotate.command("export")
def annotate_export(ledger: LedgerOption = "musnad.db") -> None:
    """Print the corrected articles as lines of the annotation format."""
    from musnad.ledger import Ledger
    from musnad.ledger.corrections import gold_lines

    with Ledger(ledger, create=False) as opened:
        for row in gold_lines(opened):
            put(msgspec.json.encode(row).decode() + "\n")


@annotate.command("import")
def annotate_import(
    file: Annotated[Path, typer.Argument(help="Annotated articles, JSON Lines.")], ledger: LedgerOption = "musnad.db"
) -> None:
    """Take annotated articles: where they differ from the reading, they become corrections."""
    from musnad.evaluation import load_gold
    from musnad.ledger import Ledger
    from musnad.ledger.corrections import take_gold

    with Ledger(ledger, create=False) as opened:
        taken = take_gold(opened, iter(load_gold(file)))
    typer.echo(f"{taken} corrections", err=True)
