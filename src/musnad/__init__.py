"""Musnad reads Arabic news: who said what, to whom, on whose report; every row anchored to its words.

import musnad

record = musnad.Reader().read("قال الوزير إن المحادثات انتهت.")
record.statements[0].speaker.name, record.statements[0].text
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from musnad.errors import (
    BatchError,
    BudgetError,
    ConfigError,
    CorrectionError,
    EvidenceError,
    GoldError,
    LedgerError,
    MissingError,
    ModelError,
    MusnadError,
    OutputError,
    RecordError,
    SearchError,
    SourceError,
    UnavailableError,
)

if TYPE_CHECKING:
    from musnad.reader import Reader
    from musnad.readers import open_reader
    from musnad.record import Document, Event, Interval, Mention, Note, Party, Record, Span, Statement, json_schema

__all__ = [
    "BatchError",
    "BudgetError",
    "ConfigError",
    "CorrectionError",
    "Document",
    "Event",
    "EvidenceError",
    "GoldError",
    "Interval",
    "LedgerError",
    "Mention",
    "MissingError",
    "ModelError",
    "MusnadError",
    "Note",
    "OutputError",
    "Party",
    "Reader",
    "Record",
    "RecordError",
    "SearchError",
    "SourceError",
    "Span",
    "Statement",
    "UnavailableError",
    "__version__",
    "json_schema",
    "open_reader",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the reader and the record on first use: importing the package reads no table."""
    if name == "Reader":
        from musnad.reader import Reader

        return Reader
    if name == "open_reader":
        from musnad.readers import open_reader

        return open_reader
    if name in __all__:
        from musnad import record

        return getattr(record, name)
    raise AttributeError(f"module 'musnad' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
