"""A researcher takes events away, and opens them and the ledger in other people's tools: what the pages in docs/ say is run."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import musnad
from musnad.exports import formats
from musnad.ledger import Ledger
from musnad.ledger.event_rows import COLUMNS
from musnad.ledger.flat import COLUMNS as STATEMENT_COLUMNS
from tests.command import musnad_text

DOCS = Path(__file__).parents[2] / "docs"
ARTICLES = [
    musnad.Document(
        id="r1", published="2018-07-20", outlet="الأيام", url="https://example.org/r1",
        text="وشنت طائرات التحالف غارات على الحوثيين في صنعاء أمس.\nوقصف الجيش التركي قرية قرب دهوك أمس.",
    ),
    musnad.Document(
        id="r2", published="2018-07-21", outlet="الشروق", text="قصفت طائرات إسرائيلية موقعا في دمشق فجر السبت.\nودعا فلاديمير بوتين إسرائيل إلى وقف القصف.",
    ),
    musnad.Document(id="r3", published="2018-07-22", outlet="المساء", text="نفى الجيش التركي قصف قرية في دمشق."),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Path:
    where = tmp_path_factory.mktemp("research")
    with Ledger(where / "news.db") as ledger:
        ledger.add(map(reader.read, ARTICLES))
    return where


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return musnad_text("export", *options, folder=folder, environment={**os.environ, "MUSNAD_LEDGER": "news.db"})


@pytest.fixture(scope="module")
def attacks(folder: Path) -> Path:
    for form in ("events-csv", "events-parquet"):
        done = run(folder, "--format", form, "--type", "ASSAULT", "--status", "happened", "--output", "attacks")
        assert done.returncode == 0, done.stderr
        assert re.fullmatch(rf"\d+ rows in attacks\.{form.removeprefix('events-')}\n", done.stderr)
    return folder


def snippet(tool: str) -> str:
    found = re.search(
        rf"<!-- runs: {tool} -->\n```\w+\n(.*?)```", (DOCS / "research.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert found is not None
    return found[1]


def counted(rows: Mapping[str, Any]) -> dict[str, int]:
    return {str(country): int(count) for country, count in rows.items()}


@pytest.fixture
def expected(attacks: Path) -> dict[str, int]:
    """The answer, counted by hand from the rows."""
    with (attacks / "attacks.csv").open(encoding="utf-8-sig", newline="") as file:
        events = {(row["article"], row["event"]): row["country"] for row in csv.DictReader(file) if row["country"]}
    return {country: list(events.values()).count(country) for country in sorted(set(events.values()))}


def test_the_question_in_pandas(attacks: Path, expected: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(attacks)
    names: dict[str, Any] = {}
    exec(snippet("pandas"), names)
    assert counted(names["answer"].to_dict()) == expected
    assert expected["SYR"] == 1


def test_the_question_in_polars(attacks: Path, expected: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("polars")
    monkeypatch.chdir(attacks)
    names: dict[str, Any] = {}
    exec(snippet("polars"), names)
    assert counted(dict(names["answer"].iter_rows())) == expected


@pytest.mark.parametrize("file", ["attacks.parquet", "attacks.csv"])
def test_the_question_in_sql(
    attacks: Path, expected: dict[str, int], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(attacks)
    found = duckdb.sql(snippet("duckdb").replace("attacks.parquet", file)).fetchall()
    assert counted(dict(found)) == expected


def test_the_question_in_r(attacks: Path, expected: dict[str, int]) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    code = snippet("R").rstrip() + ' |>\n  write_csv("answer.csv")\n'
    done = subprocess.run(["Rscript", "-e", code], cwd=attacks, capture_output=True, text=True, check=False)
    if "there is no package" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[0])
    assert done.returncode == 0, done.stderr
    with (attacks / "answer.csv").open(encoding="utf-8", newline="") as file:
        assert {row["country"]: int(row["n"]) for row in csv.DictReader(file)} == expected


@pytest.mark.parametrize(
    ("form", "columns"),
    [
        ("events-csv", COLUMNS),
        ("csv", STATEMENT_COLUMNS),
        ("polecat", formats()["polecat"].COLUMNS),
        ("cameo", formats()["cameo"].COLUMNS),
    ],
)
def test_every_column_is_explained(form: str, columns: tuple[str, ...]) -> None:
    page = (DOCS / "exports.md").read_text(encoding="utf-8")
    table = page.partition(f"<!-- columns: {form} -->\n")[2].partition("\n\n")[0]
    named = [name for line in table.splitlines()[2:] for name in re.findall("`([^`]+)`", line.split("|")[1])]
    assert sorted(named) == sorted(columns)


def test_every_format_is_explained() -> None:
    page = (DOCS / "exports.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in formats())


def test_a_filter_that_does_not_go_with_a_format_is_one_error(folder: Path) -> None:
    done = run(folder, "--format", "plover", "--stance", "DENY", "--output", "x")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("musnad: plover is made of events, which --type, --status")
    assert "--stance goes with csv" in done.stderr
    assert run(folder, "--format", "csv", "--type", "ASSAULT").returncode == 2
    assert not list(folder.glob("x*"))


def test_an_export_that_fails_leaves_no_file(folder: Path) -> None:
    code = "import sys; sys.modules['pyarrow'] = None; from musnad.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "export", "--format", "events-parquet", "--ledger", "news.db", "--output", "none.parquet"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "pip install 'musnad[parquet]'" in done.stderr
    assert not (folder / "none.parquet").exists()


@pytest.mark.parametrize("view", ["articles", "statements", "events", "participants", "sources", "entities"])
def test_datasette_shows_words(folder: Path, view: str) -> None:
    pytest.importorskip("datasette")
    asked = f"/news/{view}_view.json?_shape=array"
    done = subprocess.run(
        [sys.executable, "-m", "datasette", "news.db", "--get", asked],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    if view == "statements":
        called = next(row for row in rows if row["stance"] == "URGE")
        assert (called["article"], called["speaker"], called["addressee"]) == ("r2", "فلاديمير بوتين", "إسرائيل")
    if view == "participants":
        assert ("r1", "recipient", "الحوثيون") in {(row["article"], row["side"], row["name"]) for row in rows}
    if view == "events":
        assert {row["status"] for row in rows if row["article"] == "r3"} == {"denied"}
    if view == "articles":
        assert [row["article"] for row in rows] == ["r1", "r2", "r3"]
