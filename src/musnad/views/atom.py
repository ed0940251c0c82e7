"""A watch as an Atom feed (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree

from musnad.views.labels import label
from musnad.views.lines import clean

if TYPE_CHECKING:
    from musnad.ledger.search import Hit
    from musnad.ledger.watches import Watch

_ATOM = "http://www.w3.org/2005/Atom"
_TITLE = 90  # characters of a saying that a title has


def as_atom(watch: Watch, hits: Sequence[Hit], itself: str, page: str, address: Callable[[Hit], str]) -> bytes:
    """Return the feed of what a watch finds; `itself` and `page` are its address and that of its page, `address` gives a statement's."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "ar")
    _put(feed, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"musnad:watch:{watch.name}:{watch.made}").urn)
    _put(feed, "title", f"{label('musnad')}: {clean(watch.name)}")
    _put(feed, "updated", max((_moment(hit.published, watch) for hit in hits), default=f"{watch.made}Z"))
    _put(_put(feed, "author"), "name", "Musnad")
    _put(feed, "link", rel="self", href=itself, type="application/atom+xml")
    _put(feed, "link", rel="alternate", href=page, type="text/html")
    for hit in hits:
        entry = _put(feed, "entry")
        _put(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"musnad:{hit.article}#{hit.statement['content']}").urn)
        words = clean(hit.words)
        short = words if len(words) <= _TITLE else words[: _TITLE - 1] + "…"
        _put(entry, "title", f"{label(hit.statement['stance'])} {clean(hit.speaker)}: {short}")
        _put(entry, "updated", _moment(hit.published, watch))
        _put(entry, "link", rel="alternate", href=address(hit), type="text/html")
        _put(_put(entry, "author"), "name", clean(hit.outlet or "") or "Musnad")
        _put(entry, "content", "\n".join(filter(None, [words, clean(hit.title or "")])), type="text")
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")  # type: ignore[no-any-return]


def _put(parent: Any, name: str, text: str = "", **given: str) -> Any:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}", given)
    if text:
        child.text = text
    return child


def _moment(day: str | None, watch: Watch) -> str:
    """The day of publication as the moment that a feed asks for; of an article without one that of the watch."""
    return f"{day}T00:00:00Z" if day else f"{watch.made}Z"
