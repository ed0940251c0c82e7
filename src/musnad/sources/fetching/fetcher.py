"""Articles by address: pages, feeds and sitemaps over HTTP, politely.

What a site's robots.txt forbids is not fetched; between two requests to a host there is a pause; what has not
changed since the last time is not sent again (ETag, Last-Modified); who answers 429 or 503 is waited for.
Only http and https, only public addresses unless allowed, only so many bytes (as unpacked) and seconds.
What one address does wrong is one `Rejected`; the next is read.
"""

from __future__ import annotations

import re
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from protego import Protego

from musnad.errors import SourceError
from musnad.record import Document
from musnad.sources import feed, html
from musnad.sources.decoding import decode
from musnad.sources.fetching.connecting import GuardedNetwork, Transport
from musnad.sources.intake import Item, Rejected, Remark
from musnad.sources.naming import host_of, is_own

AGENT = "Musnad/0.1 (news reading; respects robots.txt)"
_LARGEST = 16 * 1024 * 1024  # bytes of one answer, unpacked
_ROBOTS = 512 * 1024  # bytes of a robots.txt that are heeded (RFC 9309 asks for 500 KiB)
_LONGEST = 30.0  # seconds of one answer
_REDIRECTS = 5
_TRIES = 3
_WAIT = 60.0  # seconds at most between two tries
_WORDS = 60  # words from which an entry of a feed is the article itself
_PAGES = 1000  # pages of one host in one run
_PLACES = 5000  # addresses that one address leads to
_DEPTH = 3  # an index of sitemaps, a sitemap or a feed, a page
_PLACE = re.compile(r"<loc>\s*(?:<!\[CDATA\[\s*)?([^<\s\]]+)", re.IGNORECASE)
_MAP = re.compile(r"<(?:urlset|sitemapindex)\b")
_LONGEST_ADDRESS = 4000  # characters
_SHORT = 2000  # characters of an address in a message


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
        self._pause, self._sleep = pause, sleep
        self._guard = GuardedNetwork(_LONGEST, allow_private=allow_private)
        self._client = httpx.Client(
            transport=Transport(self._guard),
            trust_env=False,
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"},
        )
        self._robots: dict[str, Protego] = {}
        self._last: dict[str, float] = {}
        self._count: dict[str, int] = {}

    def close(self) -> None:
        self._client.close()

    def items(self, url: str) -> Iterator[Item]:
        """Yield the articles at an address: of a page itself, of a feed its entries, of a sitemap its pages."""
        waiting, seen = deque([(url, _DEPTH)]), {url}
        while waiting:
            place, depth = waiting.popleft()
            try:
                there, text = self._text(place)
                if depth and _MAP.search(text[:2000]):
                    below = depth - 1 if "<sitemapindex" in text[:2000] else 0
                    found = list(_places(there, text))
                    new = [address for address in found if address not in seen][: _PLACES - len(seen)]
                    seen.update(new)
                    waiting.extendleft((address, below) for address in reversed(new))
                    if not found:
                        yield Rejected(place, "the sitemap names no pages")
                    if not seen.issuperset(found):
                        yield Remark(
                            place, f"leads to more than {_PLACES:,} pages; the rest is left: give its sitemaps"
                        )
                elif depth > 1 and feed.looks_like(text):
                    for number, item in enumerate(feed.entries(text, there, host_of(there))):
                        yield from self._whole(item, host_of(there)) if number < _PLACES else [item]
                else:
                    yield from _page(there, text)
            except Unchanged:
                continue
            except Exception as error:  # whatever a server or what it sends may cause: the next address is read
                yield _refused(place, error)

    def _whole(self, entry: Item, host: str) -> Iterator[Item]:
        """An entry of a feed is the article where it is long; else its page is."""
        if not isinstance(entry, Document) or not entry.url or len(entry.text.split()) >= _WORDS:
            yield entry
            return
        try:
            pages = [item for item in _page(*self._text(entry.url)) if isinstance(item, Document)]
        except Unchanged:
            return
        except Exception:  # the page cannot be had: what the feed says is better than nothing
            pages = []
        if not pages:
            yield entry
        elif is_own(pages[0].url, host):
            kept = {name: getattr(pages[0], name) or getattr(entry, name) for name in Document.__struct_fields__}
            yield Document(**kept | {"id": entry.id, "url": entry.url})
        else:  # a page of another host: what the feed says of it is not what it says
            yield pages[0]

    def _text(self, url: str) -> tuple[str, str]:
        """Return the address that answered in the end, and the text that it sent."""
        there, body = self._get(_address(url))
        return str(there), decode(body, str(there))[0]

    def _get(self, url: httpx.URL) -> tuple[httpx.URL, bytes]:
        for _ in range(_REDIRECTS + 1):
            self._may_fetch(url)
            answer, body = self._ask(url)
            if answer.status_code == 304 and any(self._memory.marks(str(url))):
                raise Unchanged
            if answer.status_code in {301, 302, 303, 307, 308}:
                if not (target := answer.headers.get("location")):
                    raise SourceError(f"{url}: the server sends the reader on and does not say where")
                url = _address(_joined(str(url), target))
                continue
            if answer.status_code != 200:
                raise SourceError(f"{url}: the server answers {answer.status_code} {answer.reason_phrase}")
            self._memory.remember(str(url), answer.headers.get("etag"), answer.headers.get("last-modified"))
            return url, body
        raise SourceError(f"{url}: more than {_REDIRECTS} redirections")

    def _ask(self, url: httpx.URL) -> tuple[httpx.Response, bytes]:
        etag, modified = self._memory.marks(str(url))
        headers = {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        for attempt in range(_TRIES):
            self._take_turn(url)
            self._guard.begin()
            with self._client.stream("GET", url, headers=headers) as answer:
                if answer.status_code in {429, 503} and attempt + 1 < _TRIES:
                    self._sleep(min(_WAIT, _seconds(answer.headers.get("retry-after"), 2.0 ** (attempt + 1))))
                    continue
                return answer, _body(answer) if answer.status_code == 200 else b""
        raise SourceError(f"{url}: the server is busy; try again later")

    def _may_fetch(self, url: httpx.URL) -> None:
        self._count[url.host] = self._count.get(url.host, 0) + 1
        if self._count[url.host] > _PAGES:
            raise SourceError(f"{url}: {_PAGES} pages of this host were fetched; run it again later")
        if not self._rules(url).can_fetch(str(url), AGENT):
            raise SourceError(f"{url}: the site's robots.txt does not allow it")

    def _rules(self, url: httpx.URL) -> Protego:
        """What the robots.txt of a site (scheme, host and port) says."""
        site = str(url.join("/robots.txt"))
        if site not in self._robots:
            self._robots[site] = Protego.parse("")  # also while its own file is fetched
            try:
                answer, body = self._ask(httpx.URL(site))
            except Exception as error:
                self._robots.pop(site)
                raise SourceError(f"{site}: cannot be fetched ({error or type(error).__name__})") from None
            if answer.status_code == 200:
                self._robots[site] = Protego.parse(body[:_ROBOTS].decode("utf-8", "replace"))
            elif answer.status_code >= 500:
                self._robots[site] = Protego.parse("User-agent: *\nDisallow: /")  # RFC 9309: unreachable means no
        return self._robots[site]

    def _take_turn(self, url: httpx.URL) -> None:
        rules = self._robots.get(str(url.join("/robots.txt")))
        pause = max(self._pause, float(rules.crawl_delay(AGENT) or 0) if rules else 0)
        ready = self._last.get(url.host, 0.0) + min(pause, _WAIT)
        if (wait := ready - time.monotonic()) > 0:
            self._sleep(wait)
        self._last[url.host] = time.monotonic()


def _address(url: str) -> httpx.URL:
    """Return an address that may be asked. Raises `SourceError` for any other."""
    if len(url) > _LONGEST_ADDRESS:
        raise SourceError(
            f"{_short(url)}: an address of {len(url):,} characters; give one of {_LONGEST_ADDRESS:,} at most"
        )
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceError(f"{_short(url)}: not an address ({error})") from None
    if found.scheme not in {"http", "https"} or not found.host:
        raise SourceError(f"{_short(url)}: only http and https are fetched")
    if found.userinfo:
        raise SourceError(f"{_short(url)}: a user name in an address is not sent; leave it out")
    return found.copy_with(host=found.host.rstrip("."), fragment=None)


def _joined(base: str, target: str) -> str:
    """Return where a link leads, as written where it is no address at all."""
    try:
        return str(httpx.URL(base).join(unescape(target)))
    except (httpx.InvalidURL, ValueError):
        return target


def _places(there: str, text: str) -> Iterator[str]:
    """The addresses in a sitemap, each once."""
    found = islice(_PLACE.finditer(text), _PLACES + 1)
    yield from dict.fromkeys(_joined(there, match[1]) for match in found)


def _body(answer: httpx.Response) -> bytes:
    """Return the bytes of an answer, unpacked. Raises `SourceError` where they are too many or not as they are said to be."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise SourceError(f"{_short(str(answer.url))}: packed as {_short(packing)}, though gzip was asked for")
    unpack = zlib.decompressobj(wbits=15 if packing == "deflate" else 31) if packing not in {"", "identity"} else None
    body = bytearray()
    for part in answer.iter_raw():
        try:
            body += unpack.decompress(part, _LARGEST + 1 - len(body)) if unpack else part
        except zlib.error:
            raise SourceError(f"{answer.url}: not packed as {packing}, though the server says so") from None
        if len(body) > _LARGEST:
            raise SourceError(f"{answer.url}: larger than {_LARGEST >> 20} MB")
        if unpack is not None and unpack.eof:
            break  # what follows is no part of it
    if unpack is not None and not unpack.eof:
        raise SourceError(f"{answer.url}: the answer breaks off; try again later")
    return bytes(body)


def _seconds(header: str | None, otherwise: float) -> float:
    return float(header) if header is not None and header.isascii() and header.isdigit() else otherwise


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _refused(url: str, error: Exception) -> Rejected:
    told = str(error) if isinstance(error, SourceError) else f"cannot be fetched ({type(error).__name__}: {error})"
    return Rejected(_short(url), _short(told))


def _is_its(own: str | None, url: str) -> bool:
    """Whether a page that was fetched from `url` may be known by its own word: not by that of another host, or the first page."""
    return is_own(own, host_of(url)) and any(urlsplit(own or "")[2:4]) and urlsplit(own or "")[2:4] != ("/", "")


def _page(url: str, text: str) -> Iterator[Item]:
    """A page that was fetched is known by its address, or by one of the same host that it names as its own."""
    for item in html.documents(text, url):
        if isinstance(item, Document):
            named = item.url if _is_its(item.url, url) else url
            kept = {name: getattr(item, name) for name in Document.__struct_fields__}
            item = Document(**kept | {"id": named, "url": named})
        yield item
