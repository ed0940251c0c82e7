"""Annotations are published without texts and put together with them again, and nothing is joined to a text that differs."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from musnad.evaluation import load_gold

ROOT = Path(__file__).parent.parent.parent
PUBLISHED = sorted((ROOT / "benchmarks/gold").glob("*.jsonl.gz"))
TITLE = "ميناء الواحة يعود إلى العمل"
HARBOUR = f"{TITLE}\nأكد الوزير سالم البحري أن السفن ستدخل غدا.\nوأضاف: «لا خوف على البضائع»."
BRIDGE = "قالت مهندسة إن الجسر متين."

Row = dict[str, Any]


def at(text: str, words: str) -> list[int]:
    return [text.index(words), text.index(words) + len(words)]


def harbour() -> Row:
    """An article with all that can be annotated."""
    speaker = {"name": "سالم البحري", "also": ["الوزير"], "span": at(HARBOUR, "الوزير سالم البحري")}
    first = {
        "content": [at(HARBOUR, "السفن ستدخل غدا")], "cue": at(HARBOUR, "أكد"), "kind": "indirect", "stance": "STRESS",
        "speaker": speaker, "addressee": None, "sources": [],
    }  # fmt: skip
    second = {
        "content": [at(HARBOUR, "لا خوف على البضائع")], "cue": at(HARBOUR, "وأضاف"), "kind": "direct", "stance": "SAY",
        "speaker": {**speaker, "span": None}, "addressee": None, "sources": [],
    }  # fmt: skip
    event = {
        "triggers": [at(HARBOUR, "يعود")], "type": "CONCEDE", "status": "planned", "actors": [{"name": "ميناء الواحة"}],
        "recipients": [], "date": {"start": "2031-05-02", "end": "2031-05-02"}, "place": {"name": "الواحة"},
    }  # fmt: skip
    return {
        "id": "harbour", "title": TITLE, "text": HARBOUR, "published": "2031-05-01", "outlet": "صوت الواحة",
        "origin": "invented", "statements": [first, second], "events": [event], "source": "oasis", "use": "work",
    }  # fmt: skip


def bridge() -> Row:
    """An article without headline, day and annotated events."""
    statement = {
        "content": [at(BRIDGE, "الجسر متين")], "cue": at(BRIDGE, "قالت"), "kind": "indirect", "stance": "SAY",
        "speaker": {"name": "مهندسة", "also": [], "span": at(BRIDGE, "مهندسة")}, "addressee": None, "sources": [],
    }  # fmt: skip
    return {
        "id": "bridge", "title": None, "text": BRIDGE, "published": None, "outlet": None, "origin": "invented",
        "statements": [statement],
    }  # fmt: skip


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def gold(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks/gold.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with the annotations of the two articles."""
    done = gold("publish", write(tmp_path / "invented.jsonl", [harbour(), bridge()]), "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    return tmp_path / "out"


def test_published_and_joined_is_the_same_gold(published: Path, tmp_path: Path) -> None:
    texts = [{key: row[key] for key in ("id", "title", "text")} for row in (bridge(), harbour())]
    done = gold("join", write(tmp_path / "texts.jsonl", texts), "--annotations", published)
    (tmp_path / "joined.jsonl").write_text(done.stdout, encoding="utf-8")
    assert load_gold(tmp_path / "joined.jsonl") == [harbour(), bridge()]
    assert done.stderr == "2 of 2 articles joined; 0 with another text, 0 without a text\n"


def test_published_files_say_no_word_of_a_text(published: Path) -> None:
    lines = gzip.decompress((published / "invented.jsonl.gz").read_bytes()).decode()
    assert "سالم البحري" in lines
    assert not [word for word in ("يعود", "السفن", "البضائع", "متين") if word in lines]


def test_same_articles_give_the_same_bytes(published: Path, tmp_path: Path) -> None:
    gold("publish", tmp_path / "invented.jsonl", "--out", tmp_path / "again")
    names = "out/invented.jsonl.gz", "again/invented.jsonl.gz"
    assert len({(tmp_path / name).read_bytes() for name in names}) == 1


def test_changed_text_is_refused_by_name_and_missing_one_counted(published: Path, tmp_path: Path) -> None:
    text = HARBOUR.replace("غدا", "اليوم")
    changed = write(tmp_path / "texts.jsonl", [{"id": "harbour", "text": text}])
    done = gold("join", changed, "--annotations", published)
    assert done.returncode == 1
    assert not done.stdout
    assert done.stderr.splitlines() == [
        f"harbour: the text in {changed}:1 is another one ({len(text)} characters, annotated were {len(HARBOUR)})",
        "bridge: no text (origin: invented)",
        "0 of 2 articles joined; 1 with another text, 1 without a text",
    ]


def test_text_with_other_white_space_is_found_under_its_headline(published: Path, tmp_path: Path) -> None:
    body = HARBOUR.removeprefix(TITLE).replace("\n", " \n\n ")
    untidy = write(tmp_path / "texts.jsonl", [{"title": f" {TITLE} ", "text": body}])
    done = gold("join", untidy, "--annotations", published)
    assert done.returncode == 0
    assert json.loads(done.stdout) == harbour()


def test_folder_is_read_and_what_is_no_article_in_it_named(published: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep/a.jsonl.gz").write_bytes(gzip.compress(json.dumps(bridge()).encode()))
    write(folder / "lists.jsonl", [["a", "b"]])
    done = gold("join", folder, "--annotations", published)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [bridge()]
    assert f"{folder / 'lists.jsonl'}:1: Expected `object`, got `array`" in done.stderr


@pytest.mark.parametrize(("content", "fault"), [
    (b'\n{"id": "a"', ":2: not JSON"),
    (b'{"id": "\xff"}', ":1: not UTF-8"),
    (b'{"id": "a"}', ":1: Object missing required field `text`"),
    (b'{"id": "a", "text": "b", "statements": [], "url": "c"}', ":1: Object contains unknown field `url`"),
    (b'{"id": "a", "text": "b", "statements": []}\n{"id": "a", "text": "c", "statements": []}', ":2: a second article"),
    (
        b'{"id": "a", "text": "b", "statements": [{"content": [[0, 2]], "kind": "direct", "stance": "SAY", "speaker": null}]}',
        ":1: statement 1: [0, 2] is no span of the text of 1 characters",
    ),
])  # fmt: skip
def test_fault_is_named_with_file_and_line(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    done = gold("publish", path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith(f"gold.py: {path}{fault}")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_shipped_annotations_hold_labels_and_no_text(path: Path) -> None:
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    keys = {"id", "source", "use", "origin", "outlet", "published", "hash", "characters", "statements", "events"}
    assert len({row["id"] for row in rows}) == len(rows) > 0
    assert all(row.keys() <= keys for row in rows)
    ends = {row["id"]: [end for one in row["statements"] for _, end in one["content"]] for row in rows}
    assert all(max(ends[row["id"]], default=0) <= row["characters"] for row in rows)
