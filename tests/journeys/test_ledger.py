"""A newsroom's way through its ledger, with the real command."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from musnad.ledger import Ledger
from tests.command import musnad

ARTICLES = [
    {"id": "a1", "outlet": "الأيام", "published": "2025-03-01", "text": "قال الوزير سامي الخوري إن وقف إطلاق النار سيبدأ غدا، بحسب وكالة رويترز."},
    {"id": "a2", "outlet": "الشروق", "published": "2025-03-04", "text": "نفى سامي الخوري وجود أي اتفاق مع الحكومة.\nوقالت النائبة هدى سالم: «لن نقبل بأقل من هدنة كاملة هذه المرة»."},
]  # fmt: skip


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles, the ledger that took them in, and the list of what was rejected."""
    folder = tmp_path_factory.mktemp("ingested")
    (folder / "news").mkdir()
    lines = "".join(json.dumps(article, ensure_ascii=False) + "\n" for article in ARTICLES)
    (folder / "news" / "all.jsonl").write_text(lines + "broken\n", encoding="utf-8")
    done = musnad("ingest", "news", "-l", "news.db", "--workers", "1", "--rejected", "bad.jsonl", folder=folder)
    assert done.returncode == 1
    assert "2 taken in, 0 changed, 0 unchanged, 1 rejected" in done.stderr.decode()
    return folder


@pytest.fixture
def ledger(ingested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger of the test's own, in the folder where the command runs."""
    shutil.copytree(ingested, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return str(tmp_path / "news.db")


def rows(*args: str) -> list[dict[str, object]]:
    done = musnad(*args, "--json")
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_list_of_the_rejected_is_ingested_when_the_cause_is_gone(ledger: str, tmp_path: Path) -> None:
    assert json.loads((tmp_path / "bad.jsonl").read_text(encoding="utf-8"))["rejected"].endswith("all.jsonl:3")
    file = tmp_path / "news" / "all.jsonl"
    good = json.dumps({"id": "a3", "text": "قال المدير إن العمل مستمر."}, ensure_ascii=False)
    file.write_text(file.read_text(encoding="utf-8").replace("broken", good), encoding="utf-8")
    done = musnad("ingest", "bad.jsonl", "--from", "rejected", "-l", ledger, "--workers", "1")
    assert "1 taken in, 0 changed, 2 unchanged, 0 rejected" in done.stderr.decode()


def test_search_by_words_and_filters(ledger: str) -> None:
    assert [row["speaker"] for row in rows("search", "وقف اطلاق النار", "-l", ledger)] == ["سامي الخوري"]
    assert [
        row["article"] for row in rows("search", "اتفاق", "-l", ledger, "--speaker", "الخوري", "--stance", "DENY")
    ] == ["a2"]
    table = musnad("search", "هدنة", "-l", ledger).stdout.decode()
    assert "هدى سالم" in table
    assert table.splitlines()[1].startswith(" \u2067")
    assert musnad("search", "هدنة", "-l", ledger, "--since", "yesterday").returncode == 2
    assert rows("search", "هدنة", "-l", ledger, "--min-confidence", "1") == []
    assert musnad("events", "-l", ledger, "--min-confidence", "1.5").returncode == 2


def test_who_and_show(ledger: str) -> None:
    assert [row["published"] for row in rows("who", "الخوري", "-l", ledger)] == ["2025-03-04", "2025-03-01"]
    shown = musnad("who", "الخوري", "-l", ledger).stdout.decode()
    assert "name:سامي خوري" in shown
    assert "الوزير سامي الخوري (1)" in shown
    assert "لن نقبل بأقل" in musnad("show", "a2", "-l", ledger).stdout.decode()
    assert musnad("show", "nothing", "-l", ledger).returncode == 1


def test_who_is_drawn_over_time(ledger: str, tmp_path: Path) -> None:
    picture = tmp_path / "who.svg"
    assert musnad("who", "الخوري", "-l", ledger, "--plot", str(picture)).returncode == 0
    assert picture.stat().st_size > 5000
    assert "no statement with a date" in musnad("who", "فلان", "-l", ledger, "--plot", str(picture)).stderr.decode()


def test_stats_and_their_picture(ledger: str, tmp_path: Path) -> None:
    figures = rows("stats", "-l", ledger)[0]
    assert figures["documents"] == 2
    assert figures["sources"] == [{"label": "رويترز", "count": 1}]
    for name in ("figures.png", "figures.svg"):
        assert musnad("stats", "-l", ledger, "--plot", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).stat().st_size > 5000


def test_names_are_merged_and_statements_corrected(ledger: str) -> None:
    keys = [line.split("\t")[1] for line in musnad("entities", "list", "-l", ledger).stdout.decode().splitlines()]
    assert set(keys) == {"name:سامي خوري", "name:هدي سالم"}
    assert musnad("entities", "merge", "name:هدي سالم", "name:سامي خوري", "-l", ledger).returncode == 0
    assert len(rows("who", "الخوري", "-l", ledger)) == 3
    assert "merge" in musnad("entities", "decisions", "-l", ledger).stdout.decode()
    assert musnad("correct", "a2", "s1", "--stance", "REFUSE", "-l", ledger).returncode == 0
    assert len(rows("search", "اتفاق", "-l", ledger, "--stance", "REFUSE")) == 1
    assert '"stance":"REFUSE"' in musnad("annotate", "export", "-l", ledger).stdout.decode()


def test_a_correction_is_made_listed_and_undone(ledger: str) -> None:
    note = ["--author", "هدى", "--note", "من النص"]
    done = musnad(
        "correct", "a2", "s1", "--words", "أي اتفاق مع الحكومة", "--addressee", "الصحافيون", *note, "-l", ledger
    )
    assert done.stderr.decode() == "correction 1; musnad correct --undo 1 takes it back\n"
    assert len(rows("search", "وجود", "-l", ledger)) == 0
    added = ["--add", "statement", "--words", "بحسب وكالة رويترز", "--speaker", "رويترز"]
    assert musnad("correct", "a1", *added, *note, "-l", ledger).returncode == 0
    (made,) = rows("corrections", "a2", "-l", ledger)
    assert (made["author"], made["note"], made["action"]) == ("هدى", "من النص", "mended")
    shown = musnad("corrections", "-l", ledger).stdout.decode()
    assert "هدى" in shown
    assert "إضافة" in shown
    for number in ("1", "2"):
        assert musnad("correct", "--undo", number, "-l", ledger).returncode == 0
    assert len(rows("search", "وجود", "-l", ledger)) == 1
    assert [one["undone"] is not None for one in rows("corrections", "-l", ledger)] == [True, True]


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["a2", "s1"], 2, "nothing to correct"), (["a2"], 2, "name the article and what to correct"),
        (["a2", "s1", "--stance", "SHOUT"], 2, "there are SAY"), (["a2", "s1", "--words", "لا شيء"], 1, "does not stand in the article"),
        (["a2", "s1", "--words", "سا", "--at", "9999"], 1, "say where it begins"), (["--undo", "7"], 1, "there is no correction 7"),
        (["a2", "--add", "event", "--words", "نفى"], 1, "what is added needs type"), (["a2", "e9", "--place", "عمان"], 1, "no such event"),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_made_is_said(ledger: str, given: list[str], code: int, said: str) -> None:
    done = musnad("correct", *given, "-l", ledger)
    assert done.returncode == code
    assert said in done.stderr.decode()
    assert done.stderr.decode().count("\n") == 1


def test_the_least_sure_come_first_until_they_are_right(ledger: str) -> None:
    first = rows("doubtful", "-l", ledger)
    sure = [row["statement"]["confidence"] for row in first]  # type: ignore[index]
    assert sure == sorted(sure)
    shown = musnad("doubtful", "-l", ledger).stdout.decode()
    assert str(first[0]["article"]) in shown
    assert (
        musnad("correct", str(first[0]["article"]), first[0]["statement"]["id"], "--right", "-l", ledger).returncode
        == 0
    )  # type: ignore[index]
    assert len(rows("doubtful", "-l", ledger)) == len(first) - 1
    assert rows("doubtful", "--events", "-l", ledger, "--min-confidence", "1") == []
    for command in (
        ["utterances"],
        ["happenings"],
        ["positions", "الخوري", "--issue", "هدنة"],
        ["promises"],
        ["promises", "--pledges"],
        ["conflicts"],
    ):
        assert rows(*command, "--min-confidence", "1", "-l", ledger) == []
        assert musnad(*command, "--min-confidence", "7", "-l", ledger).returncode == 2


def test_a_search_is_kept_and_forgotten(ledger: str) -> None:
    assert (
        musnad("watches", "save", "الخوري", "--speaker", "سامي الخوري", "--stance", "DENY", "-l", ledger).returncode
        == 0
    )
    assert [row["article"] for row in rows("watches", "show", "الخوري", "-l", ledger)] == ["a2"]
    assert musnad("watches", "list", "-l", ledger).stdout.decode() == "الخوري\t0\tspeaker=سامي الخوري stance=DENY\n"
    assert musnad("watches", "forget", "الخوري", "-l", ledger).returncode == 0
    assert musnad("watches", "show", "الخوري", "-l", ledger).returncode == 1
    assert musnad("watches", "save", "x", "--stance", "SHOUT", "--words", "هدنة", "-l", ledger).returncode == 2


def test_what_goes_out_verifies_and_comes_in(ledger: str, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    assert musnad("export", "-f", "jsonl", "-o", str(file), "-l", ledger).returncode == 0
    assert musnad("verify", str(file)).returncode == 0
    assert musnad("verify", ledger).returncode == 0
    assert musnad("ingest", str(file), "-l", str(tmp_path / "again.db"), "--workers", "1").returncode == 0
    again = musnad("export", "-f", "jsonl", "-l", str(tmp_path / "again.db")).stdout
    assert again == file.read_bytes()
    assert musnad("export", "-f", "paper", "-l", ledger).returncode == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_ledger_that_may_not_be_written(ledger: str, tmp_path: Path) -> None:
    Path(ledger).chmod(0o444)
    done = musnad("ingest", str(tmp_path / "news"), "-l", ledger)
    assert b"may not be written" in done.stderr


def test_a_file_that_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("not a database at all " * 50, encoding="utf-8")
    done = musnad("search", "كلمة", "-l", str(tmp_path / "x.db"))
    assert done.returncode == 1
    assert b"the file is not a ledger" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", [
    ("search", "x", "-l"), ("who", "x", "-l"), ("show", "x", "-l"), ("stats", "-l"), ("verify",), ("stories", "-l"), ("link", "-l"),
    ("events", "-l"), ("entities", "list", "-l"), ("export", "-f", "csv", "-l"), ("serve", "-l"),
])  # fmt: skip
def test_only_ingest_and_watch_make_a_ledger(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = musnad(*command, str(tmp_path / "typo.db"))
    assert done.returncode == 1
    assert b"typo.db: there is no ledger here" in done.stderr
    assert b"musnad ingest SOURCE" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_verify_fails_on_a_ledger_without_articles(ledger: str, tmp_path: Path) -> None:
    done = musnad("verify", ledger)
    assert done.stderr.decode() == "every row fits its article: 2 articles, 3 statements, 0 events, 5 links checked\n"
    with Ledger(tmp_path / "empty.db"):
        pass
    done = musnad("verify", str(tmp_path / "empty.db"))
    assert done.returncode == 1
    assert b"holds no articles" in done.stderr


def test_a_feed_is_watched_until_it_is_stopped(tmp_path: Path, site: str) -> None:
    where = str(tmp_path / "news.db")
    watching = subprocess.Popen(
        [sys.executable, "-m", "musnad", "watch", f"{site}/feed", "-l", where, "--every", "1", "--allow-private"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stderr is not None
    rounds = [next(line for line in watching.stderr if " new, " in line) for _ in range(2)]
    watching.send_signal(signal.SIGTERM)
    assert watching.wait(30) == 0
    watching.stderr.close()
    assert [line.split(" new")[0] for line in rounds] == ["1", "0"]
    assert [row["article"] for row in rows("search", "المحادثات", "-l", where)][:1] == ["127.0.0.1#g1"]


def test_events_as_pages_on_a_map_and_day_by_day(ledger: str, tmp_path: Path) -> None:
    article = {
        "id": "e1",
        "published": "2025-03-01",
        "text": "التقى الرئيس دونالد ترامب نظيره فلاديمير بوتين في هلسنكي أمس.",
    }
    file = tmp_path / "met.jsonl"
    file.write_text(json.dumps(article, ensure_ascii=False) + "\n", encoding="utf-8")
    assert musnad("ingest", str(file), "-l", ledger, "--workers", "1").returncode == 0
    for command, word in (("map", "هلسنكي"), ("timeline", "28 شباط 2025")):
        page = tmp_path / f"{command}.html"
        assert musnad(command, "-o", str(page), "-l", ledger, "--since", "2025-01-01").returncode == 0
        assert word in page.read_text(encoding="utf-8")
