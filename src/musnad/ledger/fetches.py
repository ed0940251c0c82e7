"""What a server said of an address the last time, kept in the ledger, so that nothing is sent twice."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from musnad.ledger.store import Ledger
from musnad.ledger.tables import fetched


class Fetches:
    """A memory for `sources.fetching.Fetcher`. What a run remembers is stored when its articles are: `keep()`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._new: dict[str, tuple[str | None, str | None]] = {}

    def marks(self, url: str) -> tuple[str | None, str | None]:
        if url in self._new:
            return self._new[url]
        with self._ledger.database.read() as bind:
            row = bind.execute(select(fetched).where(fetched.c.url == url)).one_or_none()
        return (row.etag, row.modified) if row is not None else (None, None)

    def remember(self, url: str, etag: str | None, modified: str | None) -> None:
        self._new[url] = (etag, modified)

    def keep(self) -> None:
        """Store what was remembered; called when the articles are in, so that a killed run fetches them again."""
        rows = [{"url": u, "etag": e, "modified": m} for u, (e, m) in self._new.items() if e or m]
        self._new = {}
        if rows:
            with self._ledger.database.write() as bind:
                bind.execute(delete(fetched).where(fetched.c.url.in_([row["url"] for row in rows])))
                bind.execute(insert(fetched), rows)
