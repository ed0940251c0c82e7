"""What happened, as a ledger holds it: the commands `events`, `map`, `timeline`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import msgspec
import typer

from musnad.cli.app import LEDGER, MinConfidence, app, console, put, share_option, usage
from musnad.cli.ledger import AsJson, LedgerOption, Limit, day_option
from musnad.files import whole_file

if TYPE_CHECKING:
    from musnad.ledger.events import EventFilters, EventHit


Actor = Annotated[str | None, typer.Option(help="Who takes part, on either side: all words of the name.")]
EventKind = Annotated[str | None, typer.Option("--type", help="CONSULT, AGREE, ASSAULT …")]
EventStatus = Annotated[str | None, typer.Option(help="happened, ongoing, planned, cancelled or denied.")]
Where = Annotated[str | None, typer.Option("--place", help="All words of the place's name.")]
FirstDay = Annotated[str | None, typer.Option("--since", help="First day of the event, YYYY-MM-DD.")]
LastDay = Annotated[str | None, typer.Option("--until", help="Last day of the event, YYYY-MM-DD.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="The HTML page to write.")]
Title = Annotated[str, typer.Option(help="The page's title.")]
MOST = 5000  # events on one page


@app.command(rich_help_panel=LEDGER)
def events(
    ledger: LedgerOption = "musnad.db",
    actor: Actor = None,
    kind: EventKind = None,
    status: EventStatus = None,
    place: Where = None,
    since: FirstDay = None,
    until: LastDay = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Show events, the latest first. Where the text gives no day, that of the article counts."""
    from musnad.ledger import Ledger

    chosen = event_filters(actor, kind, status, place, since, until, min_confidence)
    with Ledger(ledger, create=False) as opened:
        hits = opened.events(chosen, limit=limit)
    if as_json:
        put("".join(msgspec.json.encode(hit).decode() + "\n" for hit in hits))
        return
    from musnad.views.events import print_event_hits

    print_event_hits(hits, console())


@app.command("map", rich_help_panel=LEDGER)
def draw_map(
    output: Output,
    ledger: LedgerOption = "musnad.db",
    actor: Actor = None,
    kind: EventKind = None,
    status: EventStatus = None,
    place: Where = None,
    since: FirstDay = None,
    until: LastDay = None,
    min_confidence: MinConfidence = 0.0,
    title: Title = "خريطة الأحداث",
) -> None:
    """Write a page with the places of events on a map; it needs no network."""
    from musnad.views.happened import render_map

    found = _found(ledger, event_filters(actor, kind, status, place, since, until, min_confidence))
    with whole_file(output) as stream:
        stream.write(render_map(found, title).encode("utf-8", "replace"))


@app.command(rich_help_panel=LEDGER)
def timeline(
    output: Output,
    ledger: LedgerOption = "musnad.db",
    actor: Actor = None,
    kind: EventKind = None,
    status: EventStatus = None,
    place: Where = None,
    since: FirstDay = None,
    until: LastDay = None,
    min_confidence: MinConfidence = 0.0,
    title: Title = "الأحداث يوما بيوم",
) -> None:
    """Write a page with events day by day; it needs no network."""
    from musnad.views.happened import render_timeline

    found = _found(ledger, event_filters(actor, kind, status, place, since, until, min_confidence))
    with whole_file(output) as stream:
        stream.write(render_timeline(found, title).encode("utf-8", "replace"))


def _found(ledger: str, chosen: EventFilters) -> list[EventHit]:
    from musnad.ledger import Ledger

    with Ledger(ledger, create=False) as opened:
        hits = opened.events(chosen, limit=MOST + 1)
    if len(hits) > MOST:
        typer.echo(
            f"musnad: more than {MOST} events; the page shows the latest {MOST}: narrow it with --since, --actor, --type",
            err=True,
        )
    return hits[:MOST]


def event_filters(
    actor: str | None, kind: str | None, status: str | None, place: str | None, since: str | None, until: str | None,
    min_confidence: float,
) -> EventFilters:  # fmt: skip
    """Return the filters of a command, or end it where one cannot be meant."""
    from musnad.ledger.events import EventFilters
    from musnad.record import EventType, Status

    for option, value, allowed in (("--type", kind, get_args(EventType)), ("--status", status, get_args(Status))):
        if value is not None and value not in allowed:
            usage(f"{option} {value}: there are {', '.join(allowed)}")
    for option, day in (("--since", since), ("--until", until)):
        day_option(option, day)
    share_option("--min-confidence", min_confidence)
    return EventFilters(
        actor=actor, type=kind, status=status, place=place, since=since, until=until, min_confidence=min_confidence
    )
