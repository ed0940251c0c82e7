"""Each page in a real browser: what it shows, on which side, without a serious finding of an accessibility checker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from musnad.web.rendering import words_of
from tests.llm.server import KEY, Reply, chat_server
from tests.web.conftest import HOSTILE, serving

PAGES = [
    "/", "/search", "/search?query=" + quote("السلاح"), "/watches", "/watch?name=watched", "/share?article=party2&name=s1", "/article/party2", "/people", "/who?key=" + quote("name:كمال بنعيسي"), "/stories", "/story/1",
    "/utterances", "/utterance/1", "/happenings", "/happening/1", "/promises?today=2025-03-10", "/conflicts", "/outlets", "/read", "/login",
    "/check", "/check?claim=%D9%82%D8%A7%D9%84+%D8%B3%D8%A7%D9%85%D9%8A+%D8%A5%D9%86+%D8%A7%D9%84%D8%A7%D8%AA%D9%81%D8%A7%D9%82+%D9%88%D9%82%D8%B9",
    "/story/999", "/corrections", "/doubtful", "/doubtful/events", "/correct?article=party2&name=s1", "/correct?article=party2&add=event",
]  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_everybody(page: Any, server: str, path: str, language: str) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    answer = page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status == (404 if path == "/story/999" else 200)
    assert page.evaluate("getComputedStyle(document.body).direction") == ("rtl" if language == "ar" else "ltr")
    found = Axe().run(page)
    grave = [v["id"] for v in found.response["violations"] if v["impact"] in {"serious", "critical"}]
    assert grave == []
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert [error for error in errors if answer.status == 200] == []


def test_arabic_runs_from_the_right_and_evidence_is_marked_where_it_stands(page: Any, server: str) -> None:
    page.goto(f"{server}/article/quake1")
    brand, language = page.locator(".brand").bounding_box(), page.locator(".language").bounding_box()
    assert brand["x"] > language["x"]
    article, cards = page.locator("article").bounding_box(), page.locator("section").bounding_box()
    assert article["x"] > cards["x"]
    content = page.locator("mark.content").first
    assert content.inner_text() == "فرق الإنقاذ انتشلت أربعين ناجيا من تحت أنقاض المدرسة القديمة"
    cue, speaker = page.locator("b.cue").first.bounding_box(), page.locator("span.speaker").first.bounding_box()
    assert cue["x"] > speaker["x"] > content.bounding_box()["x"]
    assert page.evaluate("document.fonts.check('16px \"Noto Naskh Arabic\"')")


def test_no_word_of_the_pages_is_hidden_by_a_method_of_the_table() -> None:
    for words in words_of().values():
        assert [key for key in words if hasattr(words, key)] == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_outlets_are_readable_on_a_phone(page: Any, server: str, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}/outlets?lang={language}")
    name = page.get_by_role("rowheader").first.bounding_box()
    assert name["height"] < 90  # two or three lines: no word is broken
    days = page.get_by_role("row").nth(1).locator("time")
    first, last = (days.nth(at).bounding_box() for at in (0, 1))
    begins = (first["y"], first["x"] if language == "en" else -first["x"])
    assert begins <= (last["y"], last["x"] if language == "en" else -last["x"])  # the first day is read first


def test_a_search_shows_and_asks_how_sure_the_reading_is(page: Any, server: str) -> None:
    page.goto(f"{server}/search")
    page.get_by_label("أقل ثقة").select_option("0.9")
    page.get_by_role("button", name="ابحث").click()
    shown = page.locator(".hits .doubt").all_inner_texts()
    assert shown
    assert all(int(share.strip().rstrip("%")) >= 90 for share in shown)


def test_from_a_search_to_the_evidence_and_to_all_reports(page: Any, server: str) -> None:
    page.goto(server)
    page.get_by_label("الكلمات").fill("أَنقاض المدرسه")
    page.get_by_role("button", name="ابحث").click()
    assert page.locator("mark.asked").first.inner_text() == "أنقاض"
    page.locator(".hits .card > a").first.click()
    assert "#a1-s1" in page.url
    page.get_by_role("link", name="كل الروايات").first.click()
    assert page.locator(".wordings .card").count() == 2
    assert [card.inner_text() for card in page.locator(".wordings .kind").all()] == [
        "غير مباشر",
        "كاملا",
        "غير مباشر",
        "كاملا",
    ]
    assert "أخرجت" in page.locator("ins").all_inner_texts()
    assert page.locator("svg.chain rect").count() == 3  # a speaker and two outlets


def test_what_somebody_said_is_drawn_over_time(page: Any, server: str) -> None:
    page.goto(f"{server}/who?key={quote('name:كمال بنعيسي')}")
    picture = page.locator(".over-time img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property(
        "complete", True
    )  # asked from outside: the page's policy lets nothing be evaluated in it
    assert picture.evaluate("image => image.naturalWidth") > 300
    assert page.goto(f"{server}/who/over-time.svg?key=nobody").status == 404


def test_the_keyboard_reaches_the_content_first(page: Any, server: str) -> None:
    page.goto(f"{server}/stories")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")  # the browser gets there in its own time


def test_what_articles_bring_stays_text(page: Any, server: str) -> None:
    for path in (
        "/",
        "/search",
        "/stories",
        "/outlets",
        "/utterances",
        "/conflicts",
        f"/article/{quote(HOSTILE.id, safe='')}",
    ):
        page.goto(server + path)
        assert page.title() != "broken"
        assert page.locator("main img, main script").count() == 0
    assert "<script>" in page.locator("article").inner_text()
    page.goto(server + "/search?query=" + quote("<script>document.title='broken'</script> \"'"))
    assert page.title() != "broken"


def test_a_pasted_article_is_read_and_not_kept(page: Any, server: str) -> None:
    page.goto(f"{server}/read")
    page.locator("textarea").fill("قالت النائبة هدى سالم إن الموازنة ستقر غدا.")
    page.get_by_role("button", name="اقرأ").click()
    assert page.locator(".card dd").first.inner_text() == "هدى سالم"
    page.goto(f"{server}/people?name={quote('هدى سالم')}")
    assert page.locator(".people li").count() == 0


def test_the_page_says_where_a_text_goes_before_it_is_pasted(page: Any, server: str, ledger_file: Path) -> None:
    for asking in serving(ledger_file, reader="llm", sent_to="localhost:1"):
        page.goto(f"{asking}/read?lang=ar")
        assert "يُرسَل النص إلى نموذج لغوي في: localhost:1" in page.locator("main").inner_text()
        page.goto(f"{asking}/read?lang=en")
        assert "The text is sent to a language model at: localhost:1" in page.locator("main").inner_text()
    for language in ("ar", "en"):
        page.goto(f"{server}/read?lang={language}")  # the exact reader sends nothing
        shown = page.locator("main").inner_text()
        assert "نموذج لغوي" not in shown
        assert "language model" not in shown


def pasted(page: Any, server: str) -> str:
    """What the page shows of an article that is pasted."""
    page.goto(f"{server}/read")
    page.locator("textarea").fill("قالت النائبة هدى سالم إن الموازنة ستقر غدا.")
    page.get_by_role("button", name="اقرأ").click()
    page.wait_for_load_state()
    return str(page.locator("main").inner_text())


def test_a_pasted_article_is_read_by_a_language_model(
    page: Any, ledger_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chat_server() as model:
        for name, value in (("URL", model.url), ("MODEL", "tiny"), ("KEY", KEY)):
            monkeypatch.setenv(f"MUSNAD_LLM_{name}", value)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        for server in serving(ledger_file, reader="llm", sent_to="localhost:1"):
            model.say(Reply(status=401))
            assert "tiny: the server refused the key (401)" in pasted(page, server)
            assert KEY not in page.content()
            model.say("S الموازنة ستقر غدا | قالت | i | SAY | النائبة هدى سالم | هدى سالم")
            pasted(page, server)
            assert page.locator(".card dd").first.inner_text() == "هدى سالم"
            assert model.count == 1


def test_pictures_for_the_readme(browser: Any, server: str, tmp_path: Path) -> None:
    """MUSNAD_PICTURES=docs/pictures renews those that the README shows."""
    folder = Path(os.environ.get("MUSNAD_PICTURES", tmp_path))
    context = browser.new_context(viewport={"width": 1100, "height": 620})
    page = context.new_page()
    for name, path in (("article", "/article/quake2"), ("utterance", "/utterance/1")):
        page.goto(server + path)
        page.evaluate("document.fonts.ready")
        page.screenshot(path=folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 20_000
    context.close()
