"""How a ledger goes out: one module a format, found by its place in this folder or by an entry point of `musnad.exports`.

A format module has NAME, BINARY, ENDING (of the file's name), ROWS and `write(rows, stream)`, which returns how many rows it
wrote. By ROWS, `rows` are records with those of their statements that were chosen («articles», «statements»), or articles with
those of their events (`coding.Selected`, «events»).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from musnad.ledger import Filters, Ledger
from musnad.ledger.coding import Selected, verbal_stances
from musnad.ledger.events import EventFilters, parts_of
from musnad.ledger.frames import chosen

#: What may be asked of a format, by what its rows are.
FILTERS = {
    "events": ("type", "status", "actor", "place", "since", "until", "min_confidence"),
    "statements": ("query", "speaker", "source", "stance", "kind", "outlet", "since", "until", "min_confidence"),
}
FILTERS["articles"] = FILTERS["statements"]


@cache
def formats() -> dict[str, Any]:
    """Return the formats by name."""
    from musnad import exports

    modules = [
        importlib.import_module(f"musnad.exports.{info.name}") for info in pkgutil.iter_modules(exports.__path__)
    ]
    found = {module.NAME: module for module in modules}
    return found | {point.name: point.load() for point in entry_points(group="musnad.exports")}


def unfit(form: Any, given: Iterable[str], spelt: Callable[[str], str] = str) -> str | None:
    """Say which of the filters given do not go with a format, and which do; None where all do. `spelt`: how a filter is written."""
    wrong = [name for name in given if name not in FILTERS[form.ROWS]]
    if not wrong:
        return None
    fitting = [name for name, other in formats().items() if set(wrong) <= set(FILTERS[other.ROWS])]
    those, these = (", ".join(map(spelt, names)) for names in (wrong, FILTERS[form.ROWS]))
    instead = f"; {those} goes with {', '.join(fitting)}" if fitting else ""
    return f"{form.NAME} is made of {form.ROWS}, which {these} choose{instead}"


def rows_of(
    form: Any,
    ledger: Ledger,
    query: str | None = None,
    filters: Filters | None = None,
    events: EventFilters | None = None,
) -> Iterator[Any]:
    """Return what a format writes of a ledger: `query` and `filters` choose statements, `events` events."""
    return selected(ledger, events) if form.ROWS == "events" else chosen(ledger, query, filters)


def selected(ledger: Ledger, filters: EventFilters | None = None) -> Iterator[Selected]:
    """Yield the articles of a ledger with those of their events, and statements that count as such, that fit."""
    if filters in (None, EventFilters()):
        yield from map(Selected, ledger.records())
        return
    with ledger.database.read() as bind:
        parts = parts_of(bind, filters or EventFilters(), verbal_stances())
    for article, those in parts.items():
        record = ledger.document(article)
        if record is not None:
            yield Selected(record, those)


def table(ledger: Ledger, query: str | None = None, filters: Filters | None = None) -> Any:
    """Return the statements of a ledger, or of a search, as a `pyarrow.Table`: a statement a row."""
    from musnad.ledger.flat import arrow_batches

    schema, batches = arrow_batches(chosen(ledger, query, filters))
    import pyarrow as pa

    return pa.Table.from_batches(batches, schema)
