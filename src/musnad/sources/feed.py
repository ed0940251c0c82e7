"""Feeds (RSS, Atom, JSON Feed) as saved or fetched: each entry is an article, as far as the feed holds its words.

A feed names articles of its own host only; what else it calls an entry is kept under that host (`naming`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Any, NamedTuple

from musnad.sources.article import document_of
from musnad.sources.intake import Item, Rejected, Remark
from musnad.sources.naming import host_of, identifier

NAME = "feed"
SUFFIXES = (".rss", ".atom", ".xml")
ORDER = 10  # before HTML, which would take a feed for a page
_BREAK = re.compile(r"<(?:/p|br|/div|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1>|\Z)|<!\[CDATA\[|\]\]>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_START = re.compile(r"<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Modules whose elements count: the beginning of their namespace, and what their names are told by here.
_MODULES = {
    "http://purl.org/rss/1.0/modules/content/": "content:", "http://purl.org/dc/": "dc:", "http://purl.org/rss/1.0/": "",
    "http://www.w3.org/2005/Atom": "", "https://www.w3.org/2005/Atom": "", "http://purl.org/atom/": "",
    "http://my.netscape.com/rdf/": "", "http://backend.userland.com/rss": "",
}  # fmt: skip
_BODIES = ("content:encoded", "content", "description", "summary")
_DAYS = ("pubdate", "published", "issued", "dc:date", "dc:issued", "dc:created", "date", "updated", "modified")


class _FeedEntry(NamedTuple):
    title: str
    link: str | None
    name: str | None
    body: str
    day: str


class _Feed(NamedTuple):
    title: str
    places: list[str]  # where the feed says that it belongs
    entries: Iterator[_FeedEntry]


def looks_like(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:1500]
    return (start.startswith("<") and _START.search(start) is not None) or (
        start.startswith("{") and '"https://jsonfeed.org/version' in start.replace("\\/", "/")
    )


def documents(text: str, name: str) -> Iterator[Item]:
    """Yield the entries of a saved feed as articles."""
    yield from entries(text, name, None)


def entries(text: str, name: str, host: str | None) -> Iterator[Item]:
    """Yield the entries as articles. The outlet is the feed's title.

    `host` is where the feed was fetched from; without it, the feed's own word for its address is taken.
    """
    from lxml.etree import LxmlError  # imported late, as is all of lxml

    try:
        feed = _json_feed(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else _xml_feed(text)
    except (ValueError, RecursionError, LxmlError) as error:
        yield Rejected(name, f"the feed cannot be parsed ({error})")
        return
    host = host or next(filter(None, map(host_of, feed.places)), None) or _nameless(feed)
    number = 0
    for number, entry in enumerate(feed.entries, 1):
        yield from _article(entry, f"{name}, entry {number}", host, feed.title or None)
    if not number and not feed.title:
        yield Rejected(name, "the feed cannot be parsed (it holds neither a title nor entries)")


def _nameless(feed: _Feed) -> str:
    """What stands for the host of a saved feed that names none."""
    return f"feed-{hashlib.sha256(feed.title.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _article(entry: _FeedEntry, where: str, host: str, outlet: str | None) -> Iterator[Item]:
    from musnad.times.written import read_day

    title, body = plain(entry.title).replace("\n", " "), plain(entry.body)
    if not body:
        yield Rejected(where, "the entry holds no words; ingest the page it links to")
        return
    day = read_day(entry.day) if entry.day else None
    if entry.day and day is None:
        yield Remark(where, f"the day of publication stays open: {entry.day[:60]!r} is no date that is understood")
    name = entry.name or entry.link
    yield document_of(
        {
            "id": identifier(name, host) if name else None,
            "text": f"{title}\n{body}" if title and not body.startswith(title) else body,
            "title": title or None, "url": entry.link, "outlet": outlet, "published": day.isoformat() if day else None,
        },
        where,
    )  # fmt: skip


def _json_feed(text: str) -> _Feed:
    feed = json.loads(text.lstrip("\ufeff"))
    items = feed.get("items") or []
    if not isinstance(items, list):
        raise ValueError('its "items" are no list')
    rows = (item for item in items if isinstance(item, dict))
    return _Feed(
        _first(feed, "title"),
        [_first(feed, "feed_url"), _first(feed, "home_page_url")],
        (
            _FeedEntry(
                _first(row, "title"), _first(row, "url", "external_url") or None, _first(row, "id") or None,
                _first(row, "content_html", "content_text", "summary"), _first(row, "date_published", "date_modified"),
            )
            for row in rows
        ),
    )  # fmt: skip


def _first(row: dict[str, Any], *keys: str) -> str:
    """The first of some keys that holds words or a whole number."""
    for key in keys:
        value = row.get(key)
        if (isinstance(value, str) and value.strip()) or type(value) is int:
            return str(value).strip()
    return ""


def _xml_feed(text: str) -> _Feed:
    from lxml import etree

    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    start = text.find("<")
    whole = _NO_XML.sub("", _ENTITY.sub(_character, text[max(start, 0) :]))
    root = etree.fromstring(whole.encode("utf-8", "replace"), parser)
    if root is None:
        raise ValueError("it is no XML")
    channel = next((element for element in root if _name(element) == "channel"), root)
    head = _fields(channel)
    return _Feed(
        plain(head.get("title", [""])[0]),
        head.get("self", []) + head.get("link", []),
        (_entry(element) for element in root.iter() if _name(element) in {"item", "entry"}),
    )


def _character(match: re.Match[str]) -> str:
    """The letter that HTML means by a name; XML itself knows five, which stay."""
    letter = html5.get(match[1], "")
    return letter if letter and letter not in "<>&\"'" else match[0]


def _entry(element: Any) -> _FeedEntry:
    fields = _fields(element)
    name = next(iter(fields.get("guid", []) + fields.get("id", [])), None)
    link = next(iter(fields.get("link", [])), None)
    return _FeedEntry(
        next(iter(fields.get("title", [])), ""),
        link or (name if host_of(name) and "guid" in fields else None),
        name,
        next((body for key in _BODIES for body in fields.get(key, []) if plain(body)), ""),
        next((day for key in _DAYS for day in fields.get(key, [])), ""),
    )


def _fields(element: Any) -> dict[str, list[str]]:
    """What stands directly in an element, by name; links by what they are."""
    found: dict[str, list[str]] = {}
    for child in element:
        name, value = _name(child), _words(child)
        if name == "link" and (href := child.get("href")):
            relation = child.get("rel", "alternate")
            name, value = "link" if relation == "alternate" else relation, href.strip()
        if value:
            found.setdefault(name, []).append(value)
    return found


def _name(element: Any) -> str:
    """The name of an element in lower case, with its module before it: `pubdate`, `dc:date`; `other:…` for the rest."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.lower().rpartition("}")
    if not space:
        return name
    known = (short for begin, short in _MODULES.items() if space[1:].startswith(begin.lower()))
    return f"{next(known, 'other:')}{name}"


def _words(element: Any) -> str:
    """The text of an element; markup within it (XHTML) as markup."""
    if len(element) == 0:
        return (element.text or "").strip()
    from lxml import etree

    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return f"{element.text or ''}{inner}".strip()


def plain(markup: str) -> str:
    """Return the words of a piece of HTML, a line a paragraph; of HTML that was escaped twice as well."""
    if "<" not in markup:
        markup = unescape(markup)
    text = unescape(_TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", markup))))
    return "\n".join(line for line in (" ".join(row.split()) for row in text.split("\n")) if line)
