"""Feeds (RSS, Atom, JSON Feed) as saved: each entry is an article, as far as the feed holds its words."""

from __future__ import annotations

import hashlib
import html as entities
import re
from collections.abc import Iterator
from typing import Any

from musnad.record import Document
from musnad.sources.intake import Item, Rejected

NAME = "feed"
SUFFIXES = (".rss", ".atom", ".xml")
ORDER = 10  # before HTML, which would take a feed for a page
_BREAK = re.compile(r"<(?:/p|br|/div|/li|/h\d)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,2000}>")
_START = re.compile(r"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)


def looks_like(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:1500]
    return (start.startswith("<") and _START.search(start) is not None) or (
        start.startswith("{") and '"https://jsonfeed.org/version' in start.replace("\\/", "/")
    )


def documents(text: str, name: str) -> Iterator[Item]:
    """Yield the entries as articles. The outlet is the feed's title."""
    try:
        from fastfeedparser import parse
    except ImportError:
        yield Rejected(name, "feeds need fastfeedparser; pip install 'musnad[web]'")
        return
    try:
        feed: Any = parse(text)
    except Exception as error:  # whatever a broken feed raises
        yield Rejected(name, f"the feed cannot be parsed ({type(error).__name__}: {error})")
        return
    outlet = (feed.feed.get("title") or "").strip() or None
    for number, entry in enumerate(feed.entries, 1):
        yield _article(entry, f"{name}, entry {number}", outlet)


def _article(entry: Any, where: str, outlet: str | None) -> Item:
    title = plain(entry.get("title") or "").replace("\n", " ")
    content = entry.get("content") or [{}]
    body = plain(content[0].get("value") or "") or plain(entry.get("description") or entry.get("summary") or "")
    if not body:
        return Rejected(where, "the entry holds no words; ingest the page it links to")
    text = f"{title}\n{body}" if title and not body.startswith(title) else body
    identifier = entry.get("id") or entry.get("link") or hashlib.sha256(text.encode()).hexdigest()[:16]
    day = str(entry.get("published") or entry.get("updated") or "")[:10]
    return Document(
        id=str(identifier), text=text, title=title or None, url=entry.get("link"), outlet=outlet,
        published=day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None,
    )  # fmt: skip


def plain(markup: str) -> str:
    """Return the words of a piece of HTML, a line a paragraph."""
    text = entities.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))
    return "\n".join(line for line in (" ".join(row.split()) for row in text.split("\n")) if line)
