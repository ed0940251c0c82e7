"""A fact-checker puts right what was read: on pages without script, and by the interface for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

import musnad
from musnad.ledger import Ledger
from musnad.ledger.corrections import history
from musnad.ledger.verify import verify_ledger
from tests.web.conftest import filled, serving


@pytest.fixture
def where(tmp_path: Path, reader: musnad.Reader) -> Iterator[Path]:
    where = filled(tmp_path / "own.db", reader)
    yield where
    assert [str(finding) for finding in verify_ledger(where)] == []


@pytest.fixture
def own(where: Path) -> Iterator[str]:
    yield from serving(where, rate=10_000.0)


def grave(page: Any) -> list[str]:
    return [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in {"serious", "critical"}]


def test_the_form_is_filled_in_and_says_who_when_and_why(page: Any, own: str, where: Path) -> None:
    page.goto(f"{own}/article/party2")
    page.locator(".card", has_text="تهريب السلاح").get_by_role("link", name="صحح").first.click()
    assert page.get_by_label("الكلمات كما وردت").input_value() == "تهريب السلاح عبر ميناء العقبة"
    assert page.get_by_label("القائل", exact=True).input_value() == "حزب الفجر"
    assert page.get_by_label("الموقف").input_value() == "DENY"
    assert page.locator("article mark").inner_text() == "تهريب السلاح عبر ميناء العقبة"
    assert grave(page) == []
    page.get_by_label("القائل", exact=True).fill("رئيس الحزب")
    page.get_by_label("من يصحح").fill("هدى سالم")
    page.get_by_label("السبب").fill("هو من تكلم")
    page.get_by_role("button", name="احفظ").click()
    card = page.locator("#card-s1")
    assert "✓ صُحح" in card.inner_text()
    assert "رئيس الحزب" in card.inner_text()
    assert "ضمنا" not in card.inner_text()
    with Ledger(where) as ledger:
        (made,) = history(ledger, "party2")
    assert (made.author, made.note, list(made.changes or {})) == ("هدى سالم", "هو من تكلم", ["speaker"])
    page.goto(f"{own}/article/party2")
    page.get_by_role("link", name="صحح").first.click()
    assert page.get_by_label("من يصحح").input_value() == "هدى سالم"  # known by now


def test_the_history_undoes_each(page: Any, own: str) -> None:
    for field, value in (("speaker", "رئيس الحزب"), ("stance", "REFUSE")):
        wanted = {"article": "party2", "statement": "s1", field: value, "author": "سامي"}
        assert httpx.post(f"{own}/api/corrections", json=wanted).json()["action"] == "mended"
    page.goto(f"{own}/corrections")
    assert page.locator(".rows li").count() == 2
    assert page.get_by_role("button", name="تراجع").count() == 0  # nobody undoes without a name
    page.get_by_label("من يصحح").fill("هدى")
    page.get_by_role("button", name="هذا اسمي").click()
    assert grave(page) == []
    page.locator(".rows li", has_text="رئيس الحزب").get_by_role("button", name="تراجع").click()
    assert "تُراجع" in page.locator(".undone").inner_text() or "تراجع عنه هدى" in page.locator(".undone").inner_text()
    page.goto(f"{own}/article/party2")
    assert "حزب الفجر" in page.locator("#card-s1").inner_text()
    assert "رفض" in page.locator("#card-s1").inner_text()


def test_words_that_stand_twice_are_chosen_between(page: Any, own: str) -> None:
    page.goto(f"{own}/correct?article=quake1&name=s1")
    page.get_by_label("من يصحح").fill("هدى")
    page.get_by_label("الكلمات كما وردت").fill("فرق الإنقاذ حضرت")
    page.get_by_role("button", name="احفظ").click()
    assert "ليست هذه الكلمات في المقال: «فرق الإنقاذ حضرت»" in page.get_by_role("alert").inner_text()
    page.get_by_label("الكلمات كما وردت").fill("تحت")
    page.get_by_role("button", name="احفظ").click()
    assert "في أكثر من موضع" in page.locator("fieldset").inner_text()
    assert grave(page) == []
    page.locator("fieldset label", has_text="أنقاض المدرسة").get_by_role("radio").check()
    page.get_by_role("button", name="احفظ").click()
    assert page.locator("mark.content").inner_text() == "تحت"
    assert "المدرسة" in page.locator("p", has=page.locator("mark.content")).inner_text()


def test_what_was_missed_is_added_from_a_sentence(page: Any, own: str) -> None:
    page.goto(f"{own}/article/quake2")
    page.get_by_role("link", name="أضف ما فات القراءة").click()
    page.locator("summary", has_text="خذ جملة").click()
    page.locator(".sentences a").first.click()
    words = page.get_by_label("الكلمات كما وردت").input_value()
    assert words.startswith("ارتفع عدد الجرحى")
    page.get_by_label("الكلمات كما وردت").fill(words.partition("،")[2].strip())
    page.get_by_label("القائل", exact=True).fill("كمال بنعيسى")
    page.get_by_label("من يصحح").fill("هدى")
    page.get_by_role("button", name="احفظ").click()
    assert "✓ أُضيف" in page.locator(".card", has_text="تواصل فرق الإنقاذ").first.inner_text()
    page.get_by_role("link", name="أضف ما فات القراءة").click()
    page.get_by_role("link", name="إضافة حدث").click()
    page.get_by_label("الكلمات التي تسمي الحدث").fill("البحث")
    page.locator("select[name=type]").select_option("AID")
    page.get_by_label("الأطراف").fill("فرق الإنقاذ")
    page.get_by_role("button", name="احفظ").click()
    assert "فرق الإنقاذ" in page.locator(".event", has_text="مساعدة").inner_text()


def test_the_queue_begins_with_the_least_sure(page: Any, own: str) -> None:
    page.goto(f"{own}/doubtful")
    shown = [int(share.strip().rstrip("%")) for share in page.locator(".doubt").all_inner_texts()]
    assert shown == sorted(shown)
    assert grave(page) == []
    page.get_by_label("من يصحح").fill("هدى")
    page.get_by_role("button", name="هذا اسمي").click()
    words = page.locator(".hits .card blockquote").first.inner_text()
    page.get_by_role("button", name="القراءة صحيحة").first.click()
    assert page.url == f"{own}/doubtful"
    assert words not in page.locator(".hits .card blockquote").all_inner_texts()
    page.get_by_role("link", name="الأحداث").last.click()
    count = page.locator(".event").count()
    page.locator(".event").first.get_by_role("link", name="صحح").click()
    page.get_by_role("button", name="ليس حدثا").click()
    assert page.locator(".event").count() == count - 1


def test_nothing_is_changed_without_the_secret_or_a_name(own: str) -> None:
    given = {"article": "party2", "name": "s1", "speaker": "x", "words": "تهريب السلاح عبر ميناء العقبة", "author": "x"}
    for path in ("/correct", "/undo/1", "/author"):
        assert httpx.post(own + path, data={**given, "secret": "guessed"}).status_code == 403, path
    secret = (
        httpx.get(f"{own}/correct?article=party2&name=s1").text.partition('name="secret" value="')[2].partition('"')[0]
    )
    nameless = httpx.post(f"{own}/correct", data={**given, "secret": secret, "author": " "})
    assert (nameless.status_code, "من يصحح: لا بد من كتابته" in nameless.text) == (422, True)
    assert (
        httpx.post(f"{own}/api/corrections", json={"article": "party2", "statement": "s1", "stance": "SAY"}).status_code
        == 422
    )
    assert httpx.get(f"{own}/api/corrections").json() == []


def test_a_program_corrects_adds_and_undoes(own: str) -> None:
    wanted = {
        "article": "party2",
        "add": "event",
        "words": "وغادر",
        "type": "RETREAT",
        "actors": ["رئيس الحزب"],
        "author": "bot",
    }
    made = httpx.post(f"{own}/api/corrections", json=wanted).json()
    assert (made["action"], made["part"]) == ("added", "event")
    often = httpx.post(
        f"{own}/api/corrections", json={"article": "quake1", "statement": "s1", "words": "تحت", "author": "bot"}
    )
    assert often.status_code == 422
    assert "say where it begins" in often.json()["detail"]
    undone = httpx.post(f"{own}/api/corrections/{made['number']}/undo", json={"author": "bot"}).json()
    assert undone["undone_by"] == "bot"
    assert httpx.post(f"{own}/api/corrections/{made['number']}/undo", json={"author": "bot"}).status_code == 422
    assert httpx.post(f"{own}/api/corrections/77/undo", json={"author": "bot"}).status_code == 404
    least = httpx.get(f"{own}/api/doubtful/events", params={"limit": 1}).json()
    assert least[0]["corrected"] is None


def test_hostile_words_of_a_correction_stay_text(page: Any, own: str) -> None:
    evil = "<script>document.title='broken'</script>"
    wanted = {"article": "party2", "statement": "s1", "speaker": evil, "note": evil, "author": evil}
    httpx.post(f"{own}/api/corrections", json=wanted)
    for path in (
        "/corrections",
        "/article/party2",
        "/correct?article=party2&name=s1",
        f"/correct?article={quote(evil)}",
    ):
        page.goto(own + path)
        assert page.title() != "broken"
        assert page.locator("main script").count() == 0
