"""What a page says of itself in JSON-LD: the days of its own article, not of a video, a comment or another article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from musnad.sources.headline import likeness
from musnad.sources.naming import host_of, site_of

_WRAPPING = re.compile(
    r"<!--|-->|/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|//\s*<!\[CDATA\[|//\s*\]\]>|<!\[CDATA\[|\]\]>"
)
_LAST_COMMA = re.compile(r",(\s*[}\]])")
_TYPE = re.compile(r'"@type"\s*:\s*"([^"]{1,60})"')
_DAY = re.compile(r'"datePublished"\s*:\s*"([^"]{1,60})"')
_OF_ARTICLES = ("article", "blogposting", "report")
_OF_OTHERS = ("videoobject", "comment", "itemlist", "review", "event", "socialmediaposting")
_ALIKE, _UNLIKE, _FEW = 0.5, 0.3, 3  # shares of a headline's words; words that are too few to tell


class WrittenDays(NamedTuple):
    """Days as they are written: of publication and of change."""

    published: list[str]
    modified: list[str]


def claims(tree: Any, titles: Iterable[str], addresses: Iterable[str | None]) -> WrittenDays:
    """Return the days that the page's own article has; of the page itself where no article is described."""
    titles, places = list(titles), {place for address in addresses if (place := _place(address))}
    nodes = [node for script in tree.iter("script") if _is_linked(script) for node in _nodes(script.text or "")]
    articles = [(node, _is_own(node, titles, places)) for node in nodes if _is_a(node, _OF_ARTICLES)]
    chosen = [node for node, own in articles if own]
    if not chosen:
        chosen = [node for node, own in articles if own is None]
    if not articles:
        chosen = [
            node
            for node in nodes
            if _is_a(node, ("webpage", "itempage")) and _is_own(node, titles, places) is not False
        ]
    return WrittenDays(_values(chosen, "datePublished"), _values(chosen, "dateModified"))


def _is_linked(script: Any) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json"


def _values(nodes: list[dict[str, Any]], key: str) -> list[str]:
    found = (node.get(key) for node in nodes)
    return [value for value in found if isinstance(value, str)]


def _nodes(text: str) -> Iterator[dict[str, Any]]:
    """The things that a script describes first of all: what stands within them (comments, videos, parts) is not theirs."""
    try:
        value = _parsed(text)
    except (ValueError, RecursionError):
        yield from _rescued(text)
        return
    waiting = [value]
    for found in waiting:  # grows while it is read
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            yield found
            if "@graph" in found:
                waiting.append(found["@graph"])
            if _is_a(found, ("page",)):
                waiting.append(found.get("mainEntity"))


def _parsed(text: str) -> Any:
    """The value of a script, also of one that is wrapped, has a comma too much, or is written for HTML."""
    bare = _WRAPPING.sub("", text).strip().rstrip(";")
    for form in (bare, _LAST_COMMA.sub(r"\1", bare), unescape(bare)):
        try:
            return json.loads(form, strict=False)
        except ValueError:
            continue
    raise ValueError("no JSON")


def _rescued(text: str) -> Iterator[dict[str, Any]]:
    """What is plain even of a broken script: one day, and nothing described but an article."""
    days, types = set(_DAY.findall(text)), [kind.lower() for kind in _TYPE.findall(text)]
    if len(days) == 1 and any(kind.endswith(_OF_ARTICLES) for kind in types):
        if not any(kind.endswith(_OF_OTHERS) for kind in types):
            yield {"@type": "Article", "datePublished": days.pop()}


def _is_a(node: dict[str, Any], endings: tuple[str, ...]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.lower().endswith(endings) and not kind.lower().endswith("socialmediaposting")
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _is_own(node: dict[str, Any], titles: list[str], places: set[str]) -> bool | None:
    """Whether a thing is the page's own article, by its address and headline; None where they do not tell."""
    there = {place for address in _addresses(node) if (place := _place(address))}
    headline = node.get("headline") or node.get("name")
    alike = max((likeness(headline, title) for title in titles), default=1.0) if isinstance(headline, str) else None
    if there & places or (alike is not None and alike >= _ALIKE):
        return True
    if there and places:
        return False
    few = not isinstance(headline, str) or len(headline.split()) < _FEW
    return False if alike is not None and alike < _UNLIKE and not few else None


def _addresses(node: dict[str, Any]) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value


def _place(address: str | None) -> str:
    """An address as it is compared; nothing for what is none, and for a site's first page."""
    host = host_of(address)
    if not host or not address:
        return ""
    parts = urlsplit(address)
    path = unquote(parts.path).rstrip("/")
    return f"{site_of(host)}{path}?{parts.query}" if path or parts.query else ""
