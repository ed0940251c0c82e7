"""A ledger for agents: what can be asked of it by the Model Context Protocol. Nothing can be changed through it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import msgspec
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from musnad import __version__
from musnad.errors import MusnadError
from musnad.ledger import Filters, Ledger, claims
from musnad.ledger.stats import titles
from musnad.readers import ArticleReader
from musnad.record import Document, is_day

_INSTRUCTIONS = (
    "A checkable ledger of Arabic news: who said what, to whom, on whose report. Every statement has its words and the article that they "
    "stand in, with offsets in Unicode code points, the end exclusive. Confidence 0.9 means that nine in ten such statements are right: "
    "quote the words and name the article. Musnad says what was reported, never what is true."
)
_LONGEST = 200_000  # characters of an article that is read
Query = Annotated[str, Field(min_length=1, max_length=2_000)]
Name = Annotated[str | None, Field(max_length=200)]
Day = Annotated[str | None, Field(max_length=10, description="YYYY-MM-DD")]
Limit = Annotated[int, Field(ge=1, le=100)]


class _Tools:
    """What can be asked of a ledger; the docstrings are what an agent is told."""

    def __init__(self, ledger: Ledger, reader: ArticleReader) -> None:
        self._ledger, self._reader = ledger, reader

    def search(
        self, query: Query, speaker: Name = None, outlet: Name = None, stance: Name = None, since: Day = None, until: Day = None,
        limit: Limit = 20,
    ) -> dict[str, Any]:  # fmt: skip
        """Find statements by their words, in any spelling: words, "phrases", beginnings*. The best come first."""
        filters = _filters(speaker=speaker, outlet=outlet, stance=stance, since=since, until=until)
        return {"statements": self._ledger.search(query, filters, limit=limit)}

    def who_said(self, speaker: Query, since: Day = None, until: Day = None, limit: Limit = 20) -> dict[str, Any]:
        """What a person or body has said, newest first, and under which titles; the name in any spelling."""
        people = self._ledger.entities(speaker, limit=5)
        named = {one.name: [row.label for row in titles(self._ledger.database, one.number)] for one in people}
        found = self._ledger.statements(_filters(speaker=speaker, since=since, until=until), limit=limit)
        return {"people": named, "statements": found}

    def show_article(self, article: Query) -> dict[str, Any]:
        """An article by its id, with all that was read in it."""
        record = self._ledger.document(article)
        if record is None:
            raise ToolError(f"there is no article {article!r}")
        return record.to_dict()

    def check_claim(self, claim: Query, since: Day = None, until: Day = None, limit: Limit = 20) -> dict[str, Any]:
        """Who is said to have said what a claim says, in which words, on whose report, and who denies it."""
        read = claims.claim_of(self._reader.read(claims.document_of(claim)))
        return {"checked": claims.check(self._ledger, read, _filters(since=since, until=until), limit)}

    def read_article(
        self, text: Annotated[str, Field(min_length=1, max_length=_LONGEST)], published: Day = None
    ) -> dict[str, Any]:
        """Read an article that is not in the ledger: its statements and events. Nothing of it is kept."""
        return self._reader.read(Document(id="given", text=text, published=published)).to_dict()


def server_for(ledger: Ledger, reader: ArticleReader) -> MCPServer:
    """Return the server for a ledger; claims and articles are read by `reader`."""
    server = MCPServer("musnad", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = _Tools(ledger, reader)
    for tool in (tools.search, tools.who_said, tools.show_article, tools.check_claim, tools.read_article):
        server.tool()(_told(tool))
    return server


def _told(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """What a tool gives as plain values; what is wrong with the asking as an error that says so."""

    @wraps(tool)
    def asked(*given: Any, **named: Any) -> dict[str, Any]:
        try:
            return msgspec.to_builtins(tool(*given, **named), enc_hook=list)  # type: ignore[no-any-return]
        except MusnadError as error:
            raise ToolError(str(error)) from None

    return asked


def _filters(*, since: str | None, until: str | None, **others: str | None) -> Filters:
    for day in (since, until):
        if day is not None and not is_day(day):
            raise ToolError(f"{day!r} is not a day; write it like 2025-08-16")
    return Filters(since=since, until=until, **others)  # type: ignore[arg-type]
