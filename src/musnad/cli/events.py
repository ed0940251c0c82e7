"""What happened, as a ledger holds it: the command `events`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

import msgspec
import typer

from musnad.cli.app import app, console, put, usage
from musnad.cli.ledger import AsJson, LedgerOption, Limit, day_option

if TYPE_CHECKING:
    from musnad.ledger.events import EventFilters


@app.command()
def events(
    ledger: LedgerOption = "musnad.db",
    actor: Annotated[str | None, typer.Option(help="Who takes part, on either side: all words of the name.")] = None,
    kind: Annotated[str | None, typer.Option("--type", help="CONSULT, AGREE, ASSAULT …")] = None,
    status: Annotated[str | None, typer.Option(help="happened, ongoing, planned, cancelled or denied.")] = None,
    place: Annotated[str | None, typer.Option(help="All words of the place's name.")] = None,
    since: Annotated[str | None, typer.Option(help="First day of the event, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day of the event, YYYY-MM-DD.")] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Show events, the latest first. Where the text gives no day, that of the article counts."""
    from musnad.ledger import Ledger

    chosen = _filters(actor, kind, status, place, since, until)
    with Ledger(ledger) as opened:
        hits = opened.events(chosen, limit=limit)
    if as_json:
        put("".join(msgspec.json.encode(hit).decode() + "\n" for hit in hits))
        return
    from musnad.views.events import print_event_hits

    print_event_hits(hits, console())


def _filters(
    actor: str | None, kind: str | None, status: str | None, place: str | None, since: str | None, until: str | None
) -> EventFilters:
    from musnad.ledger.events import EventFilters
    from musnad.record import EventType, Status

    for option, value, allowed in (("--type", kind, get_args(EventType)), ("--status", status, get_args(Status))):
        if value is not None and value not in allowed:
            usage(f"{option} {value}: there are {', '.join(allowed)}")
    for option, day in (("--since", since), ("--until", until)):
        day_option(option, day)
    return EventFilters(actor=actor, type=kind, status=status, place=place, since=since, until=until)
