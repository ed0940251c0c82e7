"""What articles tell together, with the real command: from the archive to who broke his word, and the server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.command import musnad
from tests.journeys.test_ledger import rows
from tests.news import NEWS


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("across")
    lines = [{name: getattr(a, name) for name in ("id", "outlet", "published", "title", "text")} for a in NEWS]
    (folder / "news.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    where = str(folder / "news.db")
    assert musnad("ingest", str(folder / "news.jsonl"), "-l", where, "--workers", "1", "--exact").returncode == 0
    return where


def test_every_view_has_a_table_and_rows(ledger: str) -> None:
    for command, words in (
        (["stories"], "زلزال يضرب صفرو"), (["utterances"], "أخرجت"), (["happenings"], "لقاء"),
        (["promises", "--today", "2025-03-10"], "تحقق"), (["promises", "--pledges"], "ملاحقة المهربين"), (["conflicts"], "نفي لقول"),
        (["conflicts", "--speaker", "الخوري"], "رجوع عن موقف"), (["positions", "الخوري", "--issue", "اليرموك"], "↩"), (["stories", "1"], "زلزال"),
    ):  # fmt: skip
        shown = musnad(*command, "-l", ledger)
        assert shown.returncode == 0, shown.stderr.decode()
        assert words in shown.stdout.decode()
        assert rows(*command, "-l", ledger)


def test_what_cannot_be_meant_is_said(ledger: str) -> None:
    for command, words in (
        (["promises", "--state", "broken"], "overdue"), (["conflicts", "--kind", "war"], "denial"), (["stories", "--since", "May"], "--since May"),
        (["serve", "--host", "0.0.0.0"], "--token"),
    ):  # fmt: skip
        done = musnad(*command, "-l", ledger)
        assert done.returncode == 2
        assert words in done.stderr.decode()
    missing = musnad("stories", "999", "-l", ledger)
    assert (missing.returncode, missing.stderr.decode()) == (1, "musnad: there is no story 999\n")


def test_a_link_that_is_wrong_is_cut(ledger: str) -> None:
    assert musnad("links", "split", "story", "quake2", "quake1", "-l", ledger).returncode == 0
    assert [story["articles"] for story in rows("stories", "-l", ledger)] == [2]
    assert musnad("links", "merge", "story", "quake2", "quake1", "-l", ledger).returncode == 0
    assert [story["articles"] for story in rows("stories", "-l", ledger)] == [2, 2]
    assert len(musnad("links", "decisions", "-l", ledger).stdout.decode().splitlines()) == 2


def test_an_issue_that_was_named(ledger: str) -> None:
    assert musnad("issues", "define", "المياه", "اليرموك", "-l", ledger).returncode == 0
    assert musnad("issues", "list", "-l", ledger).stdout.decode() == "المياه\tاليرموك\n"
    assert [step["side"] for step in rows("positions", "الخوري", "--issue", "المياه", "-l", ledger)] == [
        "for",
        "against",
    ]
    assert musnad("issues", "forget", "المياه", "-l", ledger).returncode == 0


def test_the_server_says_where_it_is(ledger: str) -> None:
    command = [sys.executable, "-m", "musnad", "serve", "-l", ledger, "--port", "18931"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        assert server.stderr is not None
        address = re.search(r"http://\S+", server.stderr.readline().decode())
        assert address is not None
        for _ in range(100):
            try:
                answer = httpx.get(address.group())
                break
            except httpx.TransportError:
                time.sleep(0.1)
        assert "مُسنَد" in answer.text
    finally:
        server.terminate()
        server.communicate()


def test_without_a_ledger_nothing_is_served(tmp_path: Path) -> None:
    done = musnad("serve", "-l", str(tmp_path / "nowhere" / "news.db"))
    assert done.returncode == 1
    assert "there is no folder" in done.stderr.decode()
