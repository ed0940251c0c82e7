"""Asking a ledger: search, who, show, stats, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from musnad.cli.app import (
    LEDGER,
    PARTLY,
    MinConfidence,
    app,
    console,
    put,
    share_option,
    usage,
)

if TYPE_CHECKING:
    from musnad.ledger.search import Filters, Hit

LedgerOption = Annotated[
    str, typer.Option("--ledger", "-l", envvar="MUSNAD_LEDGER", help="File of the ledger, or postgresql://…")
]
SpeakerOption = Annotated[str | None, typer.Option(help="Whose words: all words of the name.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="Who carried the words.")]
StanceOption = Annotated[str | None, typer.Option(help="SAY, DENY, WARN …")]
KindOption = Annotated[str | None, typer.Option(help="direct, indirect or mixed.")]
OutletOption = Annotated[str | None, typer.Option(help="The outlet, as its articles name it.")]
Since = Annotated[str | None, typer.Option(help="First day of publication, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option(help="Last day of publication, YYYY-MM-DD.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one row a line.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Rows at most.")]


@app.command(rich_help_panel=LEDGER)
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", beginnings*; any spelling.')],
    ledger: LedgerOption = "musnad.db",
    speaker: SpeakerOption = None,
    source: SourceOption = None,
    stance: StanceOption = None,
    kind: KindOption = None,
    outlet: OutletOption = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Find statements by their words."""
    from musnad.ledger import Ledger

    filters = filters_of(speaker, source, stance, kind, outlet, since, until, min_confidence)
    with Ledger(ledger, create=False) as opened:
        show_hits(opened.search(query, filters, limit=limit), as_json)


@app.command(rich_help_panel=LEDGER)
def who(
    name: Annotated[str, typer.Argument(help="A name or part of it, or the key of an entity.")],
    ledger: LedgerOption = "musnad.db",
    stance: StanceOption = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the statements over time into this file, .png or .svg.")
    ] = None,
) -> None:
    """Show what a person or organisation has said, newest first, and under which titles."""
    from musnad.ledger import Ledger
    from musnad.ledger.stats import stances_over_time, titles

    with Ledger(ledger, create=False) as opened:
        found = opened.entities(name)
        if plot is not None:
            from musnad.views.plots import draw_over_time

            draw_over_time(name, stances_over_time(opened.database, [entity.number for entity in found]), plot)
        if not as_json:
            for entity in found[:10]:
                mark = "  (names nobody: somebody else in every article)" if entity.described else ""
                typer.echo(f"{entity.name}  {entity.key}  {entity.statements}{mark}")
                said = [f"{row.label} ({row.count})" for row in titles(opened.database, entity.number)]
                typer.echo("    " + "؛ ".join(said)) if said else None
        filters = filters_of(name, None, stance, None, None, since, until, min_confidence)
        show_hits(opened.statements(filters, limit=limit), as_json)


@app.command(rich_help_panel=LEDGER)
def show(
    name: Annotated[str, typer.Argument(help="The id of an article.", metavar="ID")],
    ledger: LedgerOption = "musnad.db",
    as_json: AsJson = False,
) -> None:
    """Show one article with its evidence."""
    from musnad.ledger import Ledger
    from musnad.views.terminal import print_record

    with Ledger(ledger, create=False) as opened:
        record = opened.document(name)
    if record is None:
        typer.echo(f"musnad: {opened.database.name} holds no article with the id {name!r}", err=True)
        raise typer.Exit(PARTLY)
    if as_json:
        put(record.to_json() + "\n")
        return
    put(record.text + "\n\n")
    print_record(record, console())


@app.command(rich_help_panel=LEDGER)
def stats(
    ledger: LedgerOption = "musnad.db",
    plot: Annotated[Path | None, typer.Option(help="Draw the figures into this file, .png or .svg.")] = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Count what a ledger holds: speakers, outlets, stances, sources, days, syndicated copies."""
    from musnad.ledger import Ledger
    from musnad.ledger.stats import figures

    with Ledger(ledger, create=False) as opened:
        found = figures(opened.database, limit)
        counts = opened.counts()
    if plot is not None:
        from musnad.views.plots import draw

        draw(found, plot)
    if as_json:
        put(msgspec.json.encode(counts | found).decode() + "\n")
        return
    typer.echo("  ".join(f"{number} {name}" for name, number in counts.items()))
    for title, rows in found.items():
        typer.echo(f"\n{title}")
        for row in rows:
            typer.echo(f"  {row.count:>8}  {row.label}")


@app.command(rich_help_panel=LEDGER)
def verify(
    context: typer.Context,
    what: Annotated[
        str | None, typer.Argument(help="A ledger, or a file of records (JSON Lines); the same as --ledger.")
    ] = None,
    ledger: LedgerOption = "musnad.db",
    as_json: AsJson = False,
) -> None:
    """Check the database, then every row against its article: offsets, words, hashes, days, links."""
    from musnad.ledger.verify import Coverage, verify_file, verify_ledger

    if what is not None and is_given(context, "ledger"):
        usage(f"{what} and --ledger {ledger}: which of the two? give one")
    where, checked = what or ledger, Coverage()
    path = Path(where)
    of_file = path.suffix in {".jsonl", ".json"}
    wrong = 0
    for finding in verify_file(path) if of_file else verify_ledger(where, checked):
        wrong += 1
        if as_json:
            put(msgspec.json.encode(finding._asdict()).decode() + "\n")
        else:
            typer.echo(f"musnad: {finding}", err=True)
    if not (of_file or wrong or checked.articles):
        typer.echo("musnad: the ledger holds no articles, so there is nothing to verify", err=True)
        raise typer.Exit(PARTLY)
    fits = f"{wrong} rows do not fit" if wrong else "every row fits its article"
    typer.echo(fits if of_file else f"{fits}: {checked} checked", err=True)
    if wrong:
        raise typer.Exit(PARTLY)


def is_given(context: typer.Context, parameter: str) -> bool:
    """Whether an option stands on the command line itself."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def filters_of(
    speaker: str | None, source: str | None, stance: str | None, kind: str | None, outlet: str | None,
    since: str | None, until: str | None, min_confidence: float = 0.0,
) -> Filters:  # fmt: skip
    """Return the filters of a command, or end it where one cannot be meant."""
    from typing import get_args

    from musnad.ledger.search import Filters
    from musnad.record import Kind, Stance

    for option, value, allowed in (("--stance", stance, get_args(Stance)), ("--kind", kind, get_args(Kind))):
        if value is not None and value not in allowed:
            usage(f"{option} {value}: there are {', '.join(allowed)}")
    for option, day in (("--since", since), ("--until", until)):
        day_option(option, day)
    share_option("--min-confidence", min_confidence)
    return Filters(
        speaker=speaker, source=source, stance=stance, kind=kind, outlet=outlet, since=since, until=until,
        min_confidence=min_confidence,
    )  # fmt: skip


def day_option(option: str, day: str | None) -> None:
    """End the command where an option that must be a day is none."""
    from musnad.record import is_day

    if day is not None and not is_day(day):
        usage(f"{option} {day}: not a day; write it like 2025-08-16")


def show_hits(hits: list[Hit], as_json: bool) -> None:
    """Print statements, as a table or as JSON."""
    if as_json:
        put("".join(msgspec.json.encode(hit).decode() + "\n" for hit in hits))
        return
    from musnad.views.terminal import print_hits

    print_hits(hits, console())
