"""Names, links and decisions of a small ledger as one number, renewed with every write: a byte that was flipped there shows.

Articles, statements and events bear a seal each (`rows`). The rows here are short and many, so they are sealed together,
and only where the file is small enough to be looked through when it is opened.
"""

from __future__ import annotations

import zlib

from sqlalchemy import Connection

_SEALED = (
    "entities", "sources", "participants", "story_of", "stories", "utterance_of", "happening_of", "links", "issues", "decisions",
    "corrections", "watches", "compared", "conflicts",
)  # fmt: skip
_NAME = "sealed"  # of the row of `settings` that holds the number


def seal(bind: Connection) -> None:
    """Write the number of the rows as they are now."""
    bind.exec_driver_sql("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (_NAME, _number(bind)))


def unseal(bind: Connection) -> None:
    """Take the number away: the ledger has grown, and is not looked through any more."""
    bind.exec_driver_sql("DELETE FROM settings WHERE name = ?", (_NAME,))


def is_broken(bind: Connection) -> bool:
    """Whether the rows are not those that were sealed; a ledger without the number was never sealed."""
    kept = bind.exec_driver_sql("SELECT value FROM settings WHERE name = ?", (_NAME,)).scalar()
    return kept is not None and kept != _number(bind)


def _number(bind: Connection) -> str:
    number = 0
    for table in _SEALED:
        for row in bind.exec_driver_sql(f"SELECT * FROM {table} ORDER BY rowid"):
            number = zlib.crc32(repr(tuple(row)).encode("utf-8", "backslashreplace"), number)
    return str(number)
