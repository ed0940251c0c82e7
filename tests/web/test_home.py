"""The first page tells what is there and what is new; a search keeps its address, watchlists feed a reader, statements are shared."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import httpx
import pytest
from PIL import Image
from sqlalchemy import update

import musnad
from musnad.ledger import Ledger, tables, watches
from musnad.ledger.across.linking import link
from musnad.web import home
from tests.command import musnad as command
from tests.web.conftest import filled, serving

LATER = musnad.Document(
    id="party3", outlet="المساء", published="2025-03-09", title="حزب الفجر مرة أخرى",
    text="نفى حزب الفجر شراء السلاح من الخارج.\nوقال كمال بنعيسى إن البحث انتهى.",
)  # fmt: skip


@pytest.fixture
def where(tmp_path: Path, reader: musnad.Reader) -> Path:
    return filled(tmp_path / "own.db", reader)


@pytest.fixture
def own(where: Path) -> Iterator[str]:
    yield from serving(where, rate=10_000.0)


def later(where: Path, reader: musnad.Reader) -> None:
    with Ledger(where) as ledger:
        ledger.add([reader.read(LATER)])
        link(ledger)


def test_the_first_page_tells_what_is_there(page: Any, own: str) -> None:
    page.goto(own)
    held = page.locator(".held").inner_text()
    assert held.startswith("في هذا السجل: 7 مقالات · 4 منابر")
    assert "2025-03-01" in held
    assert page.locator("section", has_text="أحدث يوم").locator("li").count() == 1
    assert "اتهام لحزب الفجر" in page.locator("section", has_text="قصص الأسبوع").inner_text()
    page.get_by_label("القول المنسوب").fill("نفى حزب الفجر تهريب السلاح")
    page.get_by_role("button", name="تحقق").click()
    assert "/check?claim=" in page.url
    page.goto(own)
    page.get_by_label("ألصق نص المقال").fill("قالت النائبة هدى سالم إن الموازنة ستقر غدا.")
    page.get_by_role("button", name="اقرأ").click()
    assert page.locator(".card dd").first.inner_text() == "هدى سالم"
    page.goto(own)
    page.get_by_label("الكلمات").fill("السلاح")
    page.get_by_role("button", name="ابحث").click()
    assert page.url.startswith(f"{own}/search?query=")


def test_what_is_new_is_new_since_the_last_visit(
    page: Any, own: str, where: Path, reader: musnad.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.goto(own)
    assert "أحدث يوم" in page.locator("main").inner_text()  # nobody was here before
    later(where, reader)
    monkeypatch.setattr(home, "_STAY", -1)  # the next look is another visit
    page.goto(own)
    new = page.locator("section", has_text="الجديد منذ زيارتك")
    assert "مقال واحد · قولان" in new.inner_text()
    assert new.get_by_role("link").all_inner_texts() == ["حزب الفجر مرة أخرى"]
    assert date.today().isoformat() in new.inner_text()
    monkeypatch.setattr(home, "_STAY", 3600)
    page.reload()  # the same visit
    assert "مقال واحد" in new.inner_text()
    monkeypatch.setattr(home, "_STAY", -1)
    page.goto(own)
    assert "لا جديد" in new.inner_text()


@pytest.mark.parametrize("cookie", ["x", "1.2-3", "9.9.9", "1.1.1-999999999999.1.1", "٣.٣.٣-1.1.1", "-" * 500])
def test_a_strange_cookie_of_a_visit_counts_for_nothing(server: str, cookie: str) -> None:
    assert httpx.get(server, headers={"cookie": f"visit={cookie}".encode()}).status_code == 200


def test_old_addresses_of_searches_lead_to_them(page: Any, server: str) -> None:
    page.goto(f"{server}/?query={quote('السلاح')}&stance=DENY")
    assert page.url == f"{server}/search?query={quote('السلاح')}&stance=DENY"
    assert page.locator(".hits .card").count() == 1


def test_filters_are_folded_on_a_phone_and_open_where_one_is_set(page: Any, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}/search")
    assert not page.get_by_label("المنبر").is_visible()
    page.locator("summary").first.click()
    page.get_by_label("المنبر").fill("المساء")
    page.get_by_role("button", name="ابحث").click()
    assert page.get_by_label("المنبر").is_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{server}/search")
    assert page.get_by_label("المنبر").is_visible()


def test_a_search_is_watched_and_feeds_a_reader(page: Any, own: str, where: Path, reader: musnad.Reader) -> None:
    page.goto(f"{own}/search?query={quote('السلاح')}&stance=DENY")
    page.get_by_role("link", name="تابع هذا البحث").click()
    page.get_by_label("اسم المتابعة").fill("السلاح & <النفي>")
    page.get_by_role("button", name="احفظ").click()
    assert page.locator(".hits .card").count() == 1
    feed = page.get_by_role("link", name="خلاصة Atom").get_attribute("href")
    later(where, reader)
    found = feedparser.parse(httpx.get(own + feed).content)
    assert (found.bozo, found.version, found.feed.title) == (False, "atom10", "مسند: السلاح & <النفي>")
    assert [entry.updated for entry in found.entries] == ["2025-03-09T00:00:00Z", "2025-03-05T00:00:00Z"]
    assert found.entries[0].title == "نفى حزب الفجر: شراء السلاح من الخارج"
    for entry in found.entries:
        address, _, anchor = entry.link.partition("#")
        assert f'id="{anchor}"' in httpx.get(address).text
    assert len({entry.id for entry in found.entries}) == 2
    page.goto(own)
    assert "جديد: قول واحد" in page.locator("section", has_text="المتابعات").last.inner_text()
    page.goto(f"{own}/watches")
    page.locator("li", has_text="السلاح & <النفي>").get_by_role("button").click()
    assert "السلاح & <النفي>" not in page.locator("main").inner_text()


def test_a_feed_is_opened_by_its_own_key_only(where: Path) -> None:
    for server in serving(where, token="geheim"):
        logged = {"authorization": "Bearer geheim"}
        shown = httpx.get(f"{server}/watch?name=watched", headers=logged).text
        feed = re.search(r'href="(/watch\.atom\?[^"]+)"', shown)
        assert feed
        address = server + feed[1].replace("&amp;", "&")
        assert httpx.get(f"{server}/watch.atom?name=watched").status_code == 401
        assert feedparser.parse(httpx.get(address).content).version == "atom10"
        assert "geheim" not in address
        assert httpx.get(address.replace("name=watched", "name=other")).status_code == 401
        assert httpx.get(address.replace("made=2", "made=1")).status_code == 401
        assert httpx.get(address.replace("watch.atom", "search")).status_code == 401
        assert httpx.get(f"{server}/watches", headers={"accept": "text/html"}).status_code == 303


def test_the_key_of_a_forgotten_watch_opens_none_of_its_name(where: Path) -> None:
    with Ledger(where) as ledger:
        write_made(ledger, "2025-03-01T08:00:00")
        for server in serving(where, token="geheim"):
            logged = {"authorization": "Bearer geheim"}
            feed = re.search(
                r'href="(/watch\.atom\?[^"]+)"', httpx.get(f"{server}/watch?name=watched", headers=logged).text
            )
            assert feed
            old = server + feed[1].replace("&amp;", "&")
            assert httpx.get(old).status_code == 200
            watches.forget(ledger, "watched")
            watches.save(ledger, "watched", watches.Wanted(words="الاتفاق"))
            assert httpx.get(old).status_code == 404
            assert httpx.get(re.sub("made=[^&]*", "made=", old)).status_code == 401
            assert httpx.get(f"{server}/watch.atom?name=watched", headers=logged).status_code == 200


def write_made(ledger: Ledger, moment: str) -> None:
    """Let the watches have been made at a moment."""
    with ledger.database.write() as bind:
        bind.execute(update(tables.watches).values(made=moment))


def test_what_is_new_in_a_watch_is_seen_by_a_button(page: Any, own: str, where: Path, reader: musnad.Reader) -> None:
    page.goto(f"{own}/watch?name=watched")
    assert page.get_by_role("button", name="اطّلعت عليه").count() == 0
    later(where, reader)
    page.reload()
    assert "جديد: قول واحد" in page.locator("main").inner_text()
    page.get_by_role("button", name="اطّلعت عليه").click()
    assert page.get_by_role("button", name="اطّلعت عليه").count() == 0
    page.goto(own)
    assert "جديد: قول واحد" not in page.locator("section", has_text="المتابعات").last.inner_text()
    form = {"secret": "wrong", "name": "watched", "last": 1}
    assert httpx.post(f"{own}/watches/seen", data=form).status_code == 403


def test_a_person_is_watched_from_their_page(page: Any, own: str) -> None:
    page.goto(f"{own}/who?key={quote('name:كمال بنعيسي')}")
    page.get_by_role("link", name="تابع ما يقوله").click()
    page.get_by_role("button", name="احفظ").click()
    assert page.locator("h1").inner_text() == "كمال بنعيسى"
    assert page.locator(".hits .card").count() >= 1


def test_a_command_is_told_what_is_new_once(where: Path, reader: musnad.Reader, tmp_path: Path) -> None:
    name = "x; touch broken $(touch broken)"
    assert command("watches", "save", name, "--words", "السلاح", "--ledger", str(where)).returncode == 0
    later(where, reader)
    out, script = tmp_path / "told.jsonl", tmp_path / "take.py"
    script.write_text("import sys\nopen(sys.argv[1], 'ab').write(sys.stdin.buffer.read())\n", encoding="utf-8")
    notify = f"{sys.executable} '{script}' '{out}'"
    for _ in range(2):
        assert command("watches", "notify", notify, "--ledger", str(where)).returncode == 0
    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [one["watch"]["name"] for one in told] == ["watched", name]
    assert [hit["article"] for hit in told[0]["statements"]] == ["party3"]
    assert not Path("broken").exists()


def test_what_a_command_refused_is_told_again(where: Path, reader: musnad.Reader) -> None:
    later(where, reader)
    failed = command("watches", "notify", f"{sys.executable} -c 'raise SystemExit(3)'", "--ledger", str(where))
    assert failed.returncode == 1
    assert b"ended with 3 for 'watched'" in failed.stderr
    assert command("watches", "notify", "/no/such/program", "--ledger", str(where)).returncode == 1
    with Ledger(where) as ledger:
        assert len(watches.fresh(ledger, watches.watch(ledger, "watched"))) == 1
    assert command("watches", "notify", "'open", "--ledger", str(where)).returncode == 2
    assert command("watches", "save", "nothing", "--ledger", str(where)).returncode == 1


def test_a_statement_is_shared_as_text_and_as_a_picture(page: Any, server: str) -> None:
    page.goto(f"{server}/search?query={quote('السلاح')}&stance=DENY")
    page.get_by_role("link", name="شارك").click()
    page.locator(".block").click()
    marked = page.locator(".block").evaluate("() => getSelection().toString()")  # evaluated from outside
    assert marked.splitlines()[0] == "نفى حزب الفجر: تهريب السلاح عبر ميناء العقبة"
    assert "المساء، \u20662025-03-05\u2069" in marked
    assert marked.splitlines()[-1].endswith("/article/party2#a1-s1")
    picture = httpx.get(f"{server}/share.png?article=party2&name=s1")
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)
    drawn = httpx.get(f"{server}/share.svg?article=party2&name=s1")
    assert drawn.headers["content-type"] == "image/svg+xml"
    page.goto(f"{server}/share.svg?article=party2&name=s1")
    assert page.evaluate("document.documentElement.tagName") == "svg"
    assert httpx.get(f"{server}/share?article=party2&name=s99").status_code == 404


def test_errors_are_said_in_the_language_of_the_page(page: Any, server: str) -> None:
    for path, said in (
        ("/article/none", "ليس في هذا السجل شيء بهذا العنوان"), ("/search?since=abc", "من يوم: اليوم يُكتب هكذا"),
        ("/search?stance=FOO", "الموقف: ليست من القيم المعروفة"), ("/utterance/abc", "ليس عددا مقبولا"),
    ):  # fmt: skip
        assert page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang=ar").status in {404, 422}
        assert said in page.get_by_role("alert").inner_text()
        assert "لا نتائج" not in page.locator("h1").inner_text()
        page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang=en")
        assert page.get_by_role("alert").inner_text().isascii()


def test_no_day_is_drawn_backwards(page: Any, server: str) -> None:
    """Where a day stands, its year is left of its month: measured in the browser, on pages that read from the right."""
    measure = """() => {
      const found = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
      for (let node; node = walker.nextNode();) for (const day of node.data.matchAll(/\\d{4}-\\d\\d-\\d\\d/g)) {
        const at = (from, to) => { const range = document.createRange(); range.setStart(node, from); range.setEnd(node, to);
                                   return range.getBoundingClientRect().left; };
        found.push([day[0], at(day.index, day.index + 4) < at(day.index + 5, day.index + 7)]);
      }
      return found; }"""
    days = []
    for path in ("/", "/search", "/stories", "/utterances", "/happenings", "/happening/1", "/story/1", "/utterance/1", "/promises",
                 "/conflicts", "/outlets", "/watch?name=watched", "/share?article=party2&name=s1", "/article/talks1", "/doubtful",
                 "/search?since=abc"):  # fmt: skip
        page.goto(server + path)
        found = page.evaluate(measure)
        assert [day for day, right in found if not right] == [], path
        days += found
    assert len(days) > 40
