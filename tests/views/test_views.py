"""What people see: a page without script, a table without control characters."""

from __future__ import annotations

import io
from html.parser import HTMLParser

from rich.console import Console

import musnad
from musnad.demo import demo_documents
from musnad.views.page import render_page
from musnad.views.terminal import print_record

HOSTILE = 'قال الوزير: «<script>alert(1)</script> لن نتراجع أبدا» & "انتهى" \u202e\x1b[31m.'


class Balance(HTMLParser):
    """Checks that every tag is closed in order, and collects the words."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.text: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_is_well_formed_and_holds_the_article_unaltered(reader: musnad.Reader) -> None:
    records = [reader.read(document) for document in demo_documents()]
    page = Balance()
    page.feed(render_page(records))
    assert not page.stack
    words = "".join(page.text)
    for record in records:
        assert all(line in words for line in record.text.split("\n"))


def test_article_text_never_becomes_markup_or_script(reader: musnad.Reader) -> None:
    page = Balance()
    page.feed(render_page([reader.read(HOSTILE)]))
    assert not {"script", "img", "iframe"} & set(page.tags)
    assert "<script>alert(1)</script>" in "".join(page.text)


def test_the_table_prints_no_control_characters_from_the_article(reader: musnad.Reader) -> None:
    out = io.StringIO()
    print_record(reader.read(HOSTILE), Console(file=out, width=100))
    printed = out.getvalue()
    assert "لن نتراجع" in printed
    assert not any(code in printed for code in ("\u202e", "\x1b[31m"))
    assert all(line.startswith("\u200f") for line in printed.splitlines() if line.strip())
