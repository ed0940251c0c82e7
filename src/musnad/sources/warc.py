"""WARC archives of web pages, packed or not: each page of a response is an article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from musnad.errors import SourceError
from musnad.record import Document
from musnad.sources.decoding import decode
from musnad.sources.intake import Item, Rejected

if TYPE_CHECKING:
    from musnad.sources.intake import Head

NAME = "warc"
SUFFIXES = (".warc", ".warc.gz")
_LARGEST = 16 * 1024 * 1024  # bytes of one page


def looks_like(text: str) -> bool:
    return False


def opens(head: Head) -> bool:
    return head.start.startswith(b"WARC/")


def read(file: BinaryIO, name: str) -> Iterator[Item]:
    """Yield the articles of an archive; a record that cannot be read is reported, and the next one is."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        yield Rejected(name, "WARC needs fastwarc; pip install 'musnad[web]'")
        return
    archive = iter(ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True))
    while True:
        try:
            record = next(archive, None)
            if record is None:
                return
            if "html" not in (record.http_content_type or ""):
                continue
            url = record.headers.get("WARC-Target-URI") or "a page without address"
            body = record.reader.read(_LARGEST + 1)
        except Exception as error:  # whatever a broken archive raises
            yield Rejected(
                name, f"the archive is damaged ({type(error).__name__}: {error}); what stands after this point is lost"
            )
            return
        where = f"{name}, {url}"
        if len(body) > _LARGEST:
            yield Rejected(where, f"the page is larger than {_LARGEST >> 20} MB")
            continue
        yield from _page(body, where, url)


def documents(text: str, name: str) -> Iterator[Item]:
    yield Rejected(name, "a WARC archive must be given by its path")


def _page(body: bytes, where: str, url: str) -> Iterator[Item]:
    from musnad.sources import html

    try:
        text, _ = decode(body, where)
    except SourceError as error:
        yield Rejected(where, str(error))
        return
    for item in html.documents(text, where):
        if isinstance(item, Document) and item.url is None:
            item = Document(**{name: getattr(item, name) for name in Document.__struct_fields__} | {"url": url})
        yield item
