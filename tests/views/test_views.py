"""What people see: a page without script, a table without control characters."""

from __future__ import annotations

import io
from html.parser import HTMLParser

from rich.console import Console

import musnad
from musnad.demo import demo_documents
from musnad.ledger.events import EventHit
from musnad.views.happened import render_map, render_timeline
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
    assert all(line.startswith(" \u2067") for line in printed.splitlines() if line.strip(" ─"))


def happened(reader: musnad.Reader, text: str, day: str = "2018-07-17") -> list[EventHit]:
    record = reader.read(musnad.Document(id="<b>a1", text=text, published=day))
    return [
        EventHit(
            number=n, article=record.id, outlet='الأيام "&', published=day, words="<i>قصف",
            event=record.to_dict()["events"][n],
        )
        for n in range(len(record.events))
    ]  # fmt: skip


def test_a_map_shows_each_place_once_and_leads_to_its_events(reader: musnad.Reader) -> None:
    hits = happened(
        reader,
        "التقى دونالد ترامب نظيره الروسي فلاديمير بوتين في هلسنكي أمس. واجتمع إيمانويل ماكرون مع أنغيلا ميركل في باريس الاثنين. وزار سيرغي لافروف هلسنكي السبت.",
    )
    found = render_map(hits, "خريطة <b>")
    Balance().feed(found.replace("<!doctype html>", ""))
    assert found.count("<circle") == 2
    assert found.count('href="#geonames-658225"') == found.count('id="geonames-658225"') == 1
    assert "<b>" not in found
    assert "<i>" not in found
    assert "<script" not in found


def test_a_line_of_time_goes_from_the_latest_day_back(reader: musnad.Reader) -> None:
    hits = happened(
        reader,
        "التقى دونالد ترامب فلاديمير بوتين في هلسنكي أمس. وكان إيمانويل ماكرون قد اجتمع في 3 أيار 2018 مع أنغيلا ميركل في باريس.",
    )
    found = render_timeline(hits, "الأحداث")
    Balance().feed(found.replace("<!doctype html>", ""))
    assert found.index('id="d2018-07-16"') < found.index('id="d2018-05-03"')
    assert "3 أيار 2018" in found


def test_pages_of_nothing_say_so() -> None:
    for page in (render_map([], "خريطة"), render_timeline([], "أحداث")):
        assert "0 حدثا" in page
