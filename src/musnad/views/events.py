"""Events in a terminal: a table, and a line of time with one line a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.text import Text

from musnad.record import Event
from musnad.views.labels import event_label, label
from musnad.views.lines import clean, directed, from_the_right, isolated
from musnad.views.table import RowTable

if TYPE_CHECKING:
    from musnad.ledger.events import EventHit

_STATUS = {"happened": "green", "ongoing": "cyan", "planned": "yellow", "cancelled": "red", "denied": "magenta"}


class ShownEvent(NamedTuple):
    """An event as it is shown; `source` and `name` tell where one of a ledger comes from."""

    type: str
    status: str
    words: str
    actors: list[str]
    recipients: list[str]
    days: tuple[str, str] | None
    place: str | None
    source: str = ""
    name: str = ""


def rows_of(events: Iterable[Event]) -> list[ShownEvent]:
    """Return the events of a record as they are shown."""
    return [
        ShownEvent(
            event.type, event.status, "، ".join(dict.fromkeys(span.text for span in event.triggers)),
            [party.name for party in event.actors], [party.name for party in event.recipients],
            (event.date.start, event.date.end) if event.date else None, event.place.name if event.place else None,
        )
        for event in events
    ]  # fmt: skip


def print_event_hits(hits: list[EventHit], console: Console) -> None:
    """Print events that were found in a ledger."""
    with from_the_right(console) as inner:
        if not hits:
            inner.print(Text(label("no-results"), style="dim"))
            return
        inner.print(event_table([_row_of(hit) for hit in hits]))


def _row_of(hit: EventHit) -> ShownEvent:
    event: dict[str, Any] = hit.event
    date, place = event["date"], event["place"]
    actors, recipients = ([party["name"] for party in event[side]] for side in ("actors", "recipients"))
    words = "، ".join(dict.fromkeys(hit.words.split(" … ")))
    source = "\n".join(filter(None, [hit.outlet, hit.published]))
    days = (date["start"], date["end"]) if date else None
    return ShownEvent(
        event["type"],
        event["status"],
        words,
        actors,
        recipients,
        days,
        place and place["name"],
        source,
        f"{hit.article} {event['id']}",
    )


def event_table(rows: list[ShownEvent]) -> RowTable:
    """Return events as a table: what, who and whom, when and where, whether it happened, and which article tells it."""
    told = any(row.name for row in rows)
    table = RowTable([("event", 2), ("actor", 3), ("recipient", 3), ("when_where", 3)] + [("source", 2)] * told)
    for row in rows:
        what = Text.assemble((event_label(row.type), "bold"), "\n", (label(row.status), _STATUS[row.status]))
        what.append("\n" + clean(row.words), style="dim")
        who, whom = (Text("\n".join(map(clean, names)) or "—") for names in (row.actors, row.recipients))
        cells = [what, who, whom, Text(_when_and_where(row))]
        table.add_row(*cells, *([_lines_of(row.source)] * told), names=[row.name])
    return table


def timeline(events: Iterable[Event]) -> Iterator[Text]:
    """Yield the dated events, a line a day, where there is more than one day."""
    rows = [row for row in rows_of(events) if row.days]
    days = sorted({row.days[0] for row in rows if row.days})
    for day in days if len(days) > 1 else ():
        line = Text.assemble((isolated(day), "bold"), "━● ")
        for n, row in enumerate(row for row in rows if row.days and row.days[0] == day):
            who = " و".join(map(clean, row.actors[:2]))
            line.append(" · " if n else "")
            line.append(f"{event_label(row.type)} {who}".strip(), style=_STATUS[row.status])
        yield line


def _when_and_where(row: ShownEvent) -> str:
    days = directed(" – ".join(dict.fromkeys(row.days))) if row.days else ""
    return "\n".join(filter(None, [days, clean(row.place or "")])) or "—"


def _lines_of(text: str) -> Text:
    return Text("\n".join(map(directed, text.split("\n"))))
