"""WARC archives of web pages, packed or not: each page that was answered or kept is an article, each text of a WET file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from musnad.errors import SourceError
from musnad.record import Document
from musnad.sources.decoding import decode
from musnad.sources.intake import Item, Rejected, Remark, guarded
from musnad.sources.payload import LARGEST, Payload, payload

if TYPE_CHECKING:
    from musnad.sources.intake import Head

NAME = "warc"
SUFFIXES = (".warc", ".warc.gz", ".wet", ".wet.gz")
_FOUND = 200  # the HTTP status of a page


def looks_like(text: str) -> bool:
    return False


def opens(head: Head) -> bool:
    return head.start.startswith(b"WARC/")


def read(file: BinaryIO, name: str) -> Iterator[Item]:
    """Yield the articles of an archive; a record that cannot be read is reported, and the next one is.

    Answers of another status than 200 are no pages: they are left out and counted. The date of a record is when it
    was fetched, so it is never the day of publication.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        yield Rejected(name, "WARC needs fastwarc; pip install 'musnad[web]'")
        return
    kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    archive: Any = None
    left_out: Counter[int] = Counter()
    while True:
        try:
            archive = archive or iter(ArchiveIterator(file, record_types=kinds, parse_http=True))
            record = next(archive, None)
            if record is None:
                break
            status = record.http_headers.status_code if record.is_http and record.http_headers else None
            if status not in {None, _FOUND}:
                left_out[status] += 1
                continue
            form = _form(record)
            if form is None:
                continue
            where = f"{name}, {record.headers.get('WARC-Target-URI') or 'a page without address'}"
            body = record.reader.read(LARGEST + 1)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # whatever a broken archive raises: a panic of the library is no Exception
            yield Rejected(
                name, f"the archive is damaged ({type(error).__name__}: {error}); what stands after this point is lost"
            )
            break
        yield from guarded(_article(record, body, form, where), where)
    if left_out:
        said = ", ".join(f"{status}: {count:,}" for status, count in sorted(left_out.items()))
        yield Remark(name, f"{left_out.total():,} answers that are no pages were left out (HTTP status {said})")


def documents(text: str, name: str) -> Iterator[Item]:
    yield Rejected(name, "a WARC archive must be given by its path")


def _form(record: Any) -> str | None:
    """The format of what a record holds: html, text, "" where it does not say; None for pictures, scripts and the like."""
    if record.is_http:
        kind = record.http_content_type or ""
        return "html" if "html" in kind else None if kind else ""
    kind = (record.headers.get("Content-Type") or "").lower()
    return "html" if "html" in kind else "text" if kind.startswith("text/plain") else None


def _article(record: Any, body: bytes, form: str, where: str) -> Iterator[Item]:
    """Yield the article in the body of a record; of one that does not say what it is, only if it is a page."""
    from musnad.sources import html, plain

    if len(body) > LARGEST:
        raise SourceError(f"{where}: the page is larger than {LARGEST >> 20} MB")
    headers = record.http_headers
    page = Payload(body)
    if headers is not None:
        page = payload(body, headers.get("Transfer-Encoding") or "", headers.get("Content-Encoding") or "")
    try:
        text, note = decode(page.data, where)
    except SourceError:
        if form:
            raise
        return
    if not form and not html.looks_like(text):
        return
    if note is not None:
        yield Remark(where, note)
    if page.cut:
        yield Remark(where, "the page is damaged in the archive; only its beginning is read")
    url = record.headers.get("WARC-Target-URI")
    for item in (plain if form == "text" else html).documents(text, where):
        if isinstance(item, Document) and item.url is None:
            item = msgspec.structs.replace(item, url=url)
        yield item
