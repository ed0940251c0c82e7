"""Settings: the command line goes before the environment, that before the user's file, and a ledger is given in one way everywhere."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import musnad
from musnad.cli import MODULES
from musnad.cli.defaults import GENERAL
from musnad.ledger import Ledger
from tests.command import musnad_text

ROOT = Path(__file__).parent.parent.parent
#: Commands that need no ledger.
WITHOUT_LEDGER = {"read", "demo", "eval", "gold export", "schema", "run"}
#: Commands that print no rows: they change something, write a file, serve, or have formats of their own.
WITHOUT_ROWS = {
    "read", "demo", "gold export", "schema", "run", "ingest", "watch", "link", "map", "timeline", "correct", "export", "mcp", "serve",
    "entities merge", "entities split", "entities rename", "annotate export", "annotate import", "issues define", "issues forget",
    "links merge", "links split", "watches save", "watches forget", "watches seen", "watches notify",
}  # fmt: skip


def commands() -> Iterator[tuple[str, set[str]]]:
    """Each command with the names of its parameters."""
    for name in MODULES:
        importlib.import_module(f"musnad.cli.{name}")
    from musnad.cli.app import app

    def within(group: Any, called: str) -> Iterator[tuple[str, set[str]]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from within(command, f"{called}{name} ")
            else:
                yield called + name, {parameter.name for parameter in command.params}

    yield from within(typer.main.get_command(app), "")


def test_every_command_that_needs_a_ledger_takes_it_as_an_option() -> None:
    assert {name for name, parameters in commands() if "ledger" not in parameters} == WITHOUT_LEDGER


def test_every_command_that_prints_rows_prints_them_as_json() -> None:
    assert {name for name, parameters in commands() if "as_json" not in parameters} == WITHOUT_ROWS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, fast: musnad.Reader) -> Path:
    path = tmp_path_factory.mktemp("settings")
    with Ledger(path / "news.db") as ledger:
        ledger.add(
            fast.read(
                musnad.Document(id=f"a{n}", text=f"قال الوزير سامي الخوري إن المحادثات رقم {n} انتهت في المدينة.")
            )
            for n in range(4)
        )
    return path


def run(folder: Path, *arguments: str, config: str | None = None, **environment: str) -> tuple[int, str, str]:
    """Run a command in an empty folder beside the ledger, with a file of settings."""
    (folder / "elsewhere").mkdir(exist_ok=True)
    own = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "elsewhere"), **environment}
    if config is not None:
        (folder / "my.toml").write_text(config, encoding="utf-8")
        own["MUSNAD_CONFIG"] = str(folder / "my.toml")
    done = musnad_text(*arguments, folder=folder / "elsewhere", environment=own)
    return done.returncode, done.stdout, done.stderr


def test_a_file_gives_defaults_the_environment_goes_before_it_and_the_command_line_before_both(folder: Path) -> None:
    config = 'ledger = "news.db"\nlimit = 1\n[search]\njson = true\n'
    assert run(folder, "search", "المحادثات", config=config)[1].count('"article"') == 1
    assert run(folder, "search", "المحادثات", "-n", "3", config=config)[1].count('"article"') == 3
    code, _, said = run(folder, "search", "المحادثات", config=config, MUSNAD_LEDGER="other.db")
    assert (code, "other.db: there is no ledger here" in said) == (1, True)
    home = folder / "elsewhere" / ".config" / "musnad"
    home.mkdir(parents=True)
    (home / "config.toml").write_text(f'ledger = "{folder / "news.db"}"\n[entities.list]\njson = true\n', "utf-8")
    code, found, said = run(folder, "entities", "list")
    assert (code, json.loads(found)["name"]) == (0, "سامي الخوري"), said


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("limt = 3\n", "my.toml: limt is not a setting for all commands; did you mean limit?"),
        ("[serch]\nlimit = 3\n", "my.toml: serch is not a command; did you mean search?"),
        ("[search]\nlimt = 3\n", "my.toml: limt is not an option of search; did you mean limit?"),
        ("search = 3\n", "my.toml: search is not a setting for all commands; there are ledger, limit"),
        ("[entities]\nlist = 3\n", "my.toml: entities list is a command: write [entities.list]"),
        ("[limit]\nx = 3\n", "my.toml: limit is an option: give it a value, not a table"),
        ("limit = \n", "my.toml: cannot be read as TOML (Invalid value (at line 1, column 9))"),
        ('limit = "many"\n', "my.toml gives --limit"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_the_cure(folder: Path, config: str, told: str) -> None:
    code, found, said = run(folder, "entities" if "entities" in config else "search", *(["list"] if "entities" in config else ["x"]), config=config)  # fmt: skip
    assert (code in {1, 2}, found) == (True, "")
    assert told in said
    assert "Traceback" not in said


def test_a_file_of_the_folder_one_is_in_is_not_read(folder: Path) -> None:
    (folder / "elsewhere").mkdir(exist_ok=True)
    (folder / "elsewhere" / "musnad.toml").write_text("nonsense = 1\n", "utf-8")
    (folder / "elsewhere" / "config.toml").write_text("nonsense = 1\n", "utf-8")
    assert run(folder, "entities", "list", "--ledger", str(folder / "news.db"))[0] == 0


def test_verify_and_query_take_the_ledger_like_all_others(folder: Path) -> None:
    where = str(folder / "news.db")
    for arguments in (("verify", where), ("verify", "--ledger", where), ("verify", "-l", where)):
        code, _, said = run(folder, *arguments)
        assert (code, said.startswith("every row fits its article")) == (0, True)
    assert run(folder, "verify", where, "--ledger", where)[0] == 2
    code, found, said = run(folder, "query", "SELECT count(*) AS n FROM documents", "--json", MUSNAD_LEDGER=where)
    assert (code, json.loads(found)) == (0, {"n": 4}), said


def test_every_variable_and_general_setting_is_in_the_documentation() -> None:
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    used = {
        name
        for path in (ROOT / "src/musnad").rglob("*.py")
        for name in re.findall(r"\"(MUSNAD_[A-Z_]+)\"", path.read_text("utf-8"))
    }
    assert set(re.findall(r"^\| `(MUSNAD_[A-Z_]+)` \|", page, re.MULTILINE)) == used
    assert re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE) == list(GENERAL)
