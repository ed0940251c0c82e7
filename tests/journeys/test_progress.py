"""What a person sees who waits, in a real terminal: stages from the beginning, by articles, never 100 % before the end."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

terminal = pytest.importorskip("tests.terminal", reason="no terminal to look at")
_ARTICLES = 60


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "articles.jsonl"
    text = "قال الوزير سامي الخوري إن المحادثات رقم {} انتهت في المدينة القديمة.\nونفت الحركة وجود أي اتفاق مع الحكومة."
    path.write_text(
        "".join(
            json.dumps({"id": f"a{n}", "published": f"2025-03-{n % 9 + 1:02}", "text": text.format(n)}) + "\n"
            for n in range(_ARTICLES)
        ),
        encoding="utf-8",
    )
    return path


def lines_of(stage: str, screens: list[list[str]]) -> list[str]:
    """What a stage showed, each once, in its order."""
    return list(dict.fromkeys(line for screen in screens for line in screen if f" {stage} " in line))


@pytest.mark.parametrize("known", [True, False], ids=["a file", "a pipe"])
def test_an_ingest_shows_how_far_it_is(archive: Path, tmp_path: Path, known: bool) -> None:
    ledger = str(tmp_path / "news.db")
    source = str(archive) if known else "-"
    arguments = ("ingest", source, "--ledger", ledger, "--workers", "1")
    screens = [screen for _, screen in terminal.shown(*arguments, stdin=None if known else archive) if screen]
    reading, linking = lines_of("reading", screens), lines_of("linking", screens)
    assert "starting" in reading[0]
    assert "after reading" in linking[0]
    for stage in (reading, linking):
        assert stage[-1].startswith("✓")
        assert f"{_ARTICLES} articles" in stage[-1]
        before = [line for line in stage if not line.startswith("✓")]
        assert not any("100%" in line for line in before)
    assert any(re.search(r"\d+% \d+ of (about )?60 articles, \d+/s", line) for line in reading)
    assert any(re.search(r"\d+% \d+ of 60 articles, \d+/s", line) for line in linking)
    assert all(len(line) <= 80 for line in reading + linking)


def test_the_articles_of_a_folder_are_counted_one_by_one(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for number, line in enumerate(archive.read_text("utf-8").splitlines()):
        (folder / f"{number}.txt").write_text(json.loads(line)["text"], "utf-8")
    code = f"'{sys.executable}' -m musnad read --fast '{folder}' > '{tmp_path / 'out.jsonl'}'"
    (tmp_path / "go").write_text(code)
    screens = [screen for _, screen in terminal.run("bash", str(tmp_path / "go")) if screen]
    reading = lines_of("reading", screens)
    assert any(re.search(r"\d+% \d+ of about \d+ articles", line) for line in reading)
    assert reading[-1].startswith("✓")
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == _ARTICLES


def test_nobody_watches_a_pipe(archive: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "musnad", "ingest", str(archive), "--ledger", str(tmp_path / "news.db"), "--workers", "1"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == f"{_ARTICLES} taken in, 0 changed, 0 unchanged, 0 rejected\n"
