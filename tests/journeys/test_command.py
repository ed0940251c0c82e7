"""The command as people and scripts run it: a process of its own, real files, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import musnad

ARTICLE = "قال الوزير إن المحادثات انتهت.\n"


def test_reading_a_file_gives_one_json_record_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    done = musnad("read", str(path), "--published", "2026-01-02", "--outlet", "مثال")
    row = json.loads(done.stdout)
    assert done.returncode == 0
    assert (row["published"], row["outlet"], row["statements"][0]["speaker"]["name"]) == (
        "2026-01-02",
        "مثال",
        "الوزير",
    )
    assert done.stderr == b""


def test_standard_input_is_read() -> None:
    done = musnad("read", "-", stdin=ARTICLE.encode())
    assert json.loads(done.stdout)["text"] == ARTICLE


@pytest.mark.parametrize(
    ("form", "start"), [("json", b"["), ("html", b"<!doctype html>"), ("table", " \u2067".encode())]
)
def test_output_formats(form: str, start: bytes) -> None:
    done = musnad("read", "-", "-f", form, stdin=ARTICLE.encode())
    assert done.returncode == 0
    assert done.stdout.startswith(start)


def test_one_bad_input_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    done = musnad("read", str(tmp_path), str(tmp_path / "missing"))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert len(done.stderr.splitlines()) == 2
    assert b"Traceback" not in done.stderr


def test_nothing_read_is_exit_code_three(tmp_path: Path) -> None:
    assert musnad("read", str(tmp_path / "missing")).returncode == 3


@pytest.mark.parametrize(
    "args", [("read", "-", "--from", "pdf"), ("read", "-", "--published", "yesterday"), ("read",), ("sing",)]
)
def test_wrong_use_is_exit_code_two(args: tuple[str, ...]) -> None:
    done = musnad(*args, stdin=ARTICLE.encode())
    assert done.returncode == 2
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({"id": str(n), "text": ARTICLE * 30}) for n in range(300)), encoding="utf-8")
    command = f"{sys.executable} -m musnad read {path} | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=120, env=os.environ)
    assert len(done.stdout) == 10
    assert done.stderr == b""


def test_megabytes_on_one_line_are_read(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(
        "قال الوزير إن المحادثات انتهت في المدينة على خير وعاد الوفد إلى بلاده بعد أيام طويلة. " * 7_000,
        encoding="utf-8",
    )
    assert path.stat().st_size > 1_000_000
    done = musnad("read", "--fast", str(path))
    assert done.returncode == 0, done.stderr[-500:]
    assert json.loads(done.stdout)["statements"]


def test_the_demonstration_shows_its_articles() -> None:
    done = musnad("demo", "-f", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["demo-summit", "demo-denial", "demo-chain"]
    assert all(len(row["statements"]) >= 5 for row in rows)


def test_eval_prints_perfect_figures_for_its_own_reading(tmp_path: Path) -> None:
    done = musnad("demo", "-f", "jsonl")
    gold = tmp_path / "gold.jsonl"
    gold.write_bytes(done.stdout)
    metrics = json.loads(musnad("eval", str(gold), "--json").stdout)
    assert metrics["attributed_f1"] == metrics["exact_f1"] == metrics["kind_accuracy"] == 1.0


def test_eval_says_which_line_of_the_annotations_is_wrong(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"id": "1", "text": "نص", "statements": [{"content": [[0, 99]], "kind": "direct", "stance": "SAY", "speaker": null}]}\n',
        encoding="utf-8",
    )
    done = musnad("eval", str(gold))
    assert done.returncode == 1
    assert b"gold.jsonl:1: statement 1" in done.stderr


def test_the_schema_is_printed() -> None:
    assert json.loads(musnad("schema").stdout)["$id"].endswith("record-1.json")


def test_the_help_shows_the_commands_in_the_order_in_which_people_meet_them() -> None:
    shown = musnad("-h").stdout.decode()
    parts = [shown.index(f"─ {part} ─") for part in ("Read", "Ledger", "Across articles", "Pages", "Archives")]
    assert parts == sorted(parts)
    assert (
        parts[0]
        < shown.index("│ read ")
        < parts[1]
        < shown.index("│ check ")
        < parts[2]
        < shown.index("│ conflicts ")
        < parts[3]
    )
    assert "Find statements by their words." in musnad("search", "-h").stdout.decode()
