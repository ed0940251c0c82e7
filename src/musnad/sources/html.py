"""HTML pages: main text, title and outlet by trafilatura, the day of publication by `dating`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from musnad.errors import SourceError
from musnad.sources import markup
from musnad.sources.article import document_of
from musnad.sources.intake import Item, Rejected, Remark

NAME = "html"
SUFFIXES = (".html", ".htm", ".xhtml")
_TAG = re.compile(r"<(?:!doctype\s+html|html|head|body|article|meta|div|p)\b", re.IGNORECASE)


def looks_like(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:2000]
    return start.startswith("<") and _TAG.search(start) is not None


def documents(text: str, name: str) -> Iterator[Item]:
    """Yield the article of a page, and what is to be known about its day."""
    from trafilatura import bare_extraction, load_html  # half a second: only where a page is read

    from musnad.sources.dating import day_of

    try:
        markup.check(text, name)
        tree = load_html(text)
        page = None if tree is None else bare_extraction(
            tree, include_comments=False, include_tables=False, with_metadata=True,
            date_extraction_params={"extensive_search": False},  # its day is a guess, and not used
        )  # fmt: skip
    except SourceError as error:
        yield Rejected(name, str(error))
        return
    except (ValueError, RecursionError, AssertionError) as error:
        yield Rejected(name, f"the page cannot be parsed ({type(error).__name__}); save its text and read that")
        return
    if page is None or isinstance(page, dict) or not page.text or not page.text.strip():
        yield Rejected(name, "no article text was found on the page; save its text and read that")
        return
    found = day_of(tree, name if name.startswith(("http://", "https://")) else None)
    if found.doubt:
        yield Remark(name, found.doubt)
    title, body = page.title, page.text
    whole = f"{title}\n{body}" if title and not body.startswith(title) else body
    day = found.day.isoformat() if found.day else None
    row = {"text": whole, "title": title, "url": page.url, "outlet": page.sitename, "published": day}
    yield document_of(row, name)
