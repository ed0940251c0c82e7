"""Articles by address: pages, feeds and sitemaps over HTTP, politely.

What a site's robots.txt forbids is not fetched; between two requests to a host there is a pause; what has not
changed since the last time is not sent again (ETag, Last-Modified); who answers 429 or 503 is waited for.
Only http and https, only public addresses unless allowed, only so many bytes and seconds.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from musnad.errors import SourceError
from musnad.record import Document
from musnad.sources import feed as feeds
from musnad.sources import html
from musnad.sources.decoding import decode
from musnad.sources.intake import Item, Rejected

AGENT = "Musnad/0.1 (news reading; respects robots.txt)"
_LARGEST = 16 * 1024 * 1024  # bytes of one answer
_LONGEST = 30.0  # seconds of one answer
_REDIRECTS = 5
_TRIES = 3
_WAIT = 60.0  # seconds at most between two tries
_WORDS = 60  # words from which an entry of a feed is the article itself
_PAGES = 1000  # pages of one host in one run
_PLACE = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>", re.IGNORECASE)


class Memory(Protocol):
    """What was fetched before: the marks that a server gave an address."""

    def marks(self, url: str) -> tuple[str | None, str | None]: ...
    def remember(self, url: str, etag: str | None, modified: str | None) -> None: ...


@dataclass
class Forgetful:
    """A memory for one run."""

    kept: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def marks(self, url: str) -> tuple[str | None, str | None]:
        return self.kept.get(url, (None, None))

    def remember(self, url: str, etag: str | None, modified: str | None) -> None:
        self.kept[url] = (etag, modified)


class Unchanged(Exception):  # noqa: N818  (an answer, not an error)
    """The server says that nothing has changed since the last time."""


class Fetcher:
    """Fetches addresses, one after the other, and reads what they hold. Use it in one thread."""

    def __init__(
        self,
        memory: Memory | None = None,
        *,
        pause: float = 1.0,
        allow_private: bool = False,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._memory: Memory = memory or Forgetful()
        self._pause, self._allow_private, self._sleep = pause, allow_private, sleep
        self._client = httpx.Client(headers={"User-Agent": AGENT}, timeout=_LONGEST, follow_redirects=False)
        self._robots: dict[str, Protego] = {}
        self._last: dict[str, float] = {}
        self._count: dict[str, int] = {}

    def close(self) -> None:
        self._client.close()

    def items(self, url: str, deep: bool = True) -> Iterator[Item]:
        """Yield the articles at an address: of a page itself, of a feed its entries, of a sitemap its pages."""
        try:
            body = self._get(url)
            text, _ = decode(body, url)
        except Unchanged:
            return
        except (SourceError, httpx.HTTPError, OSError, ValueError) as error:
            yield Rejected(url, str(error) or f"cannot be fetched ({type(error).__name__})")
            return
        if feeds.looks_like(text) and deep:
            for item in feeds.documents(text, url):
                yield from self._whole(item)
        elif re.search(r"<(?:urlset|sitemapindex)\b", text[:2000]) and deep:
            index = "<sitemapindex" in text[:2000]
            for place in _PLACE.findall(text)[:_PAGES]:
                yield from self.items(urljoin(url, place.replace("&amp;", "&")), deep=index)
        else:
            for item in html.documents(text, url):
                if isinstance(item, Document):
                    item = _named(item, url)
                yield item

    def _whole(self, item: Item) -> Iterator[Item]:
        """An entry of a feed is the article where it is long; else its page is."""
        if isinstance(item, Document) and item.url and len(item.text.split()) < _WORDS:
            pages = list(self.items(item.url, deep=False))
            found = [page for page in pages if isinstance(page, Document)]
            if found:
                kept = {name: getattr(found[0], name) or getattr(item, name) for name in Document.__struct_fields__}
                yield Document(**kept | {"id": item.id, "url": item.url})
            elif pages:  # the page cannot be had: what the feed says is better than nothing
                yield item
            return
        yield item

    def _get(self, url: str) -> bytes:
        for _ in range(_REDIRECTS + 1):
            self._may_fetch(url)
            answer, body = self._ask(url)
            if answer.status_code == 304:
                raise Unchanged
            if answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                continue
            if answer.status_code != 200:
                raise SourceError(f"{url}: the server answers {answer.status_code} {answer.reason_phrase}")
            self._memory.remember(url, answer.headers.get("etag"), answer.headers.get("last-modified"))
            return body
        raise SourceError(f"{url}: more than {_REDIRECTS} redirections")

    def _ask(self, url: str) -> tuple[httpx.Response, bytes]:
        etag, modified = self._memory.marks(url)
        headers = {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        for attempt in range(_TRIES):
            self._take_turn(url)
            with self._client.stream("GET", url, headers=headers) as answer:
                self._check_peer(url, answer)
                if answer.status_code in {429, 503} and attempt + 1 < _TRIES:
                    self._sleep(min(_WAIT, _seconds(answer.headers.get("retry-after"), 2.0 ** (attempt + 1))))
                    continue
                return answer, self._body(url, answer)
        raise SourceError(f"{url}: the server is busy; try again later")

    def _body(self, url: str, answer: httpx.Response) -> bytes:
        began = time.monotonic()
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > _LARGEST:
                raise SourceError(f"{url}: larger than {_LARGEST >> 20} MB")
            if time.monotonic() - began > _LONGEST:
                raise SourceError(f"{url}: not all there after {_LONGEST:.0f} seconds")
        return bytes(body)

    def _may_fetch(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SourceError(f"{url}: only http and https are fetched")
        for address in _addresses(parts.hostname):
            self._check_address(url, address)
        self._count[parts.netloc] = self._count.get(parts.netloc, 0) + 1
        if self._count[parts.netloc] > _PAGES:
            raise SourceError(f"{url}: {_PAGES} pages of this host were fetched; run it again later")
        robots = self._rules(parts.scheme, parts.netloc)
        if not robots.can_fetch(url, AGENT):
            raise SourceError(f"{url}: the site's robots.txt does not allow it")

    def _rules(self, scheme: str, host: str) -> Protego:
        if host not in self._robots:
            self._robots[host] = Protego.parse("")  # also while its own file is fetched
            try:
                answer, body = self._ask(f"{scheme}://{host}/robots.txt")
                if answer.status_code == 200:
                    self._robots[host] = Protego.parse(body.decode("utf-8", "replace"))
                elif answer.status_code >= 500:
                    self._robots[host] = Protego.parse("User-agent: *\nDisallow: /")  # RFC 9309: unreachable means no
            except (SourceError, httpx.HTTPError) as error:
                self._robots.pop(host)
                raise SourceError(f"{scheme}://{host}/robots.txt: cannot be fetched ({error})") from None
        return self._robots[host]

    def _take_turn(self, url: str) -> None:
        host = urlsplit(url).netloc
        rules = self._robots.get(host)
        pause = max(self._pause, float(rules.crawl_delay(AGENT) or 0) if rules else 0)
        ready = self._last.get(host, 0.0) + min(pause, _WAIT)
        if (wait := ready - time.monotonic()) > 0:
            self._sleep(wait)
        self._last[host] = time.monotonic()

    def _check_peer(self, url: str, answer: httpx.Response) -> None:
        """The address that really answers, so that a name that changes its address in between gains nothing."""
        stream: Any = answer.extensions.get("network_stream")
        peer = stream.get_extra_info("server_addr") if stream is not None else None
        if peer:
            self._check_address(url, str(peer[0]))

    def _check_address(self, url: str, address: str) -> None:
        if not self._allow_private and not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise SourceError(f"{url}: {address} is no public address; allow it with --allow-private")


def _addresses(host: str) -> set[str]:
    try:
        return {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise SourceError(f"{host}: no such host ({error.strerror or error})") from None


def _seconds(header: str | None, otherwise: float) -> float:
    return float(header) if header is not None and header.isdigit() else otherwise


def _named(page: Document, url: str) -> Document:
    """A page fetched by its address is known by it."""
    kept = {name: getattr(page, name) for name in Document.__struct_fields__}
    return Document(**kept | {"id": page.url or url, "url": page.url or url})
