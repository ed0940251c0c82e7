"""The day on which a page was published, or nothing.

Asked in this order: what the page says of itself to machines (JSON-LD, meta elements), what is marked as the day of
publication, the date line at the headline, the address. A day in the text, of a change, of a right, of an embedded
post or of another article is none. Two days of publication that do not agree are none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from musnad.sources import jsonld
from musnad.sources.headline import Headline, date_lines
from musnad.sources.naming import host_of
from musnad.times.written import read_day

_PUBLISHED = frozenset((
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "og:publish_date", "og:pubdate", "article.published", "datepublished", "rnews:datepublished", "publishdate",
    "publish-date", "publish_date", "publishedtime", "published_time", "published-time", "pubdate",
    "publicationdate", "publication_date", "publication-date", "published_date", "published-date", "date.published",
    "article_date_original", "originalpublicationdate", "parsely-pub-date", "sailthru.date",
    "cxenseparse:publishtime", "cxenseparse:recs:publishtime", "bt:pubdate", "dc.date.issued", "dcterms.issued",
    "dc.issued", "citation_publication_date", "citation_date"
))  # fmt: skip
_PERHAPS = frozenset(("date", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created"))
_MODIFIED = frozenset((
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "article:updated_time",
    "updated_time", "datemodified", "lastmod", "last-modified", "dc.date.modified", "dcterms.modified", "revised"
))  # fmt: skip
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_-]|\Z)")
_YEAR = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|[١٢۱۲][٠-٩۰-۹]{3})(?!\d)")
_NEAR = timedelta(days=1)  # by which one moment differs between two time zones


class FoundDay(NamedTuple):
    """The day of publication, or None; and why no day is taken where the page holds dates."""

    day: date | None
    doubt: str | None = None


class _StatedDays(NamedTuple):
    """The days that a page gives itself, the surest first; those on which it was changed; what is not understood."""

    published: list[set[date]]
    modified: set[date]
    unread: list[str]


def day_of(tree: Any, address: str | None) -> FoundDay:
    """Return the day on which a page (an lxml tree) was published; `address` is the page's own, where it is known."""
    head = Headline.of(tree)
    claims = _StatedDays([], set(), [])
    linked = jsonld.claims(tree, head.titles, {address} | head.addresses)
    claims.published.append(_read(linked.published, claims))
    claims.modified.update(_read(linked.modified, claims))
    sure, perhaps = _from_meta(tree, head, claims)
    lines = list(date_lines(tree, head))
    claims.modified.update(line.day for line in lines if line.role == "modified")
    marked = {line.day for line in lines if line.role == "published"}
    plain = {line.day for line in lines if not line.role}
    claims.published.extend((sure, marked))
    if any(claims.published):
        return _agreed(claims)
    plain -= claims.modified
    claims.published.extend((perhaps, plain, _from_address(head.addresses | {address})))
    return _agreed(claims) if any(claims.published) else FoundDay(None, _why(claims, tree))


def _agreed(claims: _StatedDays) -> FoundDay:
    """The first day that is claimed, where the others agree with it, give or take a time zone."""
    levels = [level for level in claims.published if level]
    days = list(dict.fromkeys(day for level in levels for day in sorted(level)))
    if not _agree(days):
        days = [day for day in days if day not in claims.modified] or days
    if _agree(days):
        return FoundDay(days[0])
    told = ", ".join(sorted(day.isoformat() for day in days))
    return FoundDay(None, f"the page gives itself several days of publication ({told}); none is taken")


def _agree(days: list[date]) -> bool:
    return max(days) - min(days) <= _NEAR


def _why(claims: _StatedDays, tree: Any) -> str | None:
    if claims.unread:
        return f"the page's date {claims.unread[0][:60]!r} is not understood; the day of publication stays open"
    if claims.modified:
        return f"the page tells only when it was changed ({max(claims.modified)}); the day of publication stays open"
    if _YEAR.search(tree.text_content()):
        return "no date on the page is plainly that of its publication; the day stays open"
    return None


def _read(values: Iterable[str], claims: _StatedDays) -> set[date]:
    """The days in some pieces of metadata; what is none is kept for the message."""
    days = set()
    for value in values:
        day = read_day(value)
        if day is not None:
            days.add(day)
        elif value.strip():
            claims.unread.append(value)
    return days


def _from_meta(tree: Any, head: Headline, claims: _StatedDays) -> tuple[set[date], set[date]]:
    """The days of publication in meta elements and microdata: those that are named so, and those that may be it."""
    sure: set[date] = set()
    perhaps: set[date] = set()
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        value = element.get("content") or ""
        if name in _PUBLISHED:
            sure |= _read([value], claims)
        elif name in _PERHAPS:
            perhaps |= _read([value], claims)
        elif name in _MODIFIED:
            claims.modified.update(_read([value], claims))
    for element in tree.iter():
        name = (element.get("itemprop") or "").lower() if isinstance(element.tag, str) else ""
        if name in {"datepublished", "datemodified"} and _is_of(element, head):
            value = element.get("content") or element.get("datetime") or element.text_content()
            (sure if name == "datepublished" else claims.modified).update(_read([value], claims))
    return sure, perhaps


def _is_of(element: Any, head: Headline) -> bool:
    """Whether microdata belongs to the article of the headline: its nearest item holds the headline, or it is in no item."""
    item = next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)
    if item is None:
        return element.getparent() is not None and element.getparent().tag == "head"
    kind = (item.get("itemtype") or "").lower()
    return (head.holds(item) or item.tag in {"body", "html"}) and (
        not kind or kind.endswith(("article", "posting", "page", "report"))
    )


def _from_address(addresses: Iterable[str | None]) -> set[date]:
    """The day in a page's own address: /2025/03/05/."""
    return set(_days_in(address for address in addresses if address and host_of(address)))


def _days_in(addresses: Iterable[str]) -> Iterator[date]:
    for address in addresses:
        match = _IN_ADDRESS.search(address)
        day = read_day("-".join(match.groups())) if match else None
        if day is not None:
            yield day
