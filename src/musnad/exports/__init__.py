"""How a ledger goes out: one module a format, found by its place in this folder or by an entry point of `musnad.exports`.

A format module has NAME, BINARY and `write(rows, stream)`, where rows are records with those of their
statements that were chosen.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import msgspec

from musnad.ledger import Filters, Ledger
from musnad.record import Record

_AT_ONCE = 500
_MOST = 10_000_000


@cache
def formats() -> dict[str, Any]:
    """Return the formats by name."""
    import musnad.exports as folder

    modules = [importlib.import_module(f"musnad.exports.{info.name}") for info in pkgutil.iter_modules(folder.__path__)]
    found = {module.NAME: module for module in modules}
    return found | {point.name: point.load() for point in entry_points(group="musnad.exports")}


def table(ledger: Ledger, query: str | None = None, filters: Filters | None = None) -> Any:
    """Return the statements of a ledger, or of a search, as a `pyarrow.Table`: a statement a row."""
    from musnad.ledger.flat import arrow_batches

    schema, batches = arrow_batches(chosen(ledger, query, filters))
    import pyarrow as pa

    return pa.Table.from_batches(batches, schema)


def chosen(ledger: Ledger, query: str | None = None, filters: Filters | None = None) -> Iterator[Record]:
    """Yield the records of a ledger, in the order of its articles, each with the statements that a search chooses."""
    if query is None and filters in (None, Filters()):
        yield from ledger.records()
        return
    wanted: dict[str, set[str]] = {}
    narrowed = filters or Filters()
    hits = ledger.search(query, narrowed, limit=_MOST) if query else ledger.statements(narrowed, limit=_MOST)
    for hit in hits:
        wanted.setdefault(hit.article, set()).add(hit.statement["id"])
    for article, kept in wanted.items():
        record = ledger.document(article)
        if record is not None:
            yield msgspec.structs.replace(record, statements=tuple(s for s in record.statements if s.id in kept))
