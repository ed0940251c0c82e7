"""HTML pages: main text, title, day and outlet by trafilatura."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from musnad.record import Document
from musnad.sources.intake import Item, Rejected

NAME = "html"
SUFFIXES = (".html", ".htm", ".xhtml")
_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|article|meta|div|p)\b", re.IGNORECASE)


def looks_like(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:2000]
    return start.startswith("<") and _TAG.search(start) is not None


def documents(text: str, name: str) -> Iterator[Item]:
    from trafilatura import bare_extraction  # half a second: only where a page is read

    try:
        page = bare_extraction(text, include_comments=False, include_tables=False, with_metadata=True)
    except (ValueError, RecursionError, AssertionError) as error:
        yield Rejected(name, f"the page cannot be parsed ({type(error).__name__}); save its text and read that")
        return
    if page is None or isinstance(page, dict) or not page.text or not page.text.strip():
        yield Rejected(name, "no article text was found on the page; save its text and read that")
        return
    title, body = page.title, page.text
    whole = f"{title}\n{body}" if title and not body.startswith(title) else body
    yield Document(
        id=hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16], text=whole, title=title,
        url=page.url, outlet=page.sitename, published=page.date,
    )  # fmt: skip
