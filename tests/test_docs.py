"""The documentation site is built as `make docs` does, the tutorial carried out, every link followed."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote, urldefrag

import pytest
import typer.main

import musnad
from musnad.cli import MODULES
from musnad.ledger import Ledger
from musnad.record import EventType, Stance, Status
from musnad.views.labels import event_label, label

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("mkdocs_jupyter") is None:
        pytest.skip("the site needs pip install 'musnad[docs]'")
    where = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(where)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return where


class _Page(HTMLParser):
    """The links of a page, its anchors, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {name for key in ("id", "name") if (name := given.get(key))}
        target = given.get("href") if tag in {"a", "link"} else given.get("src")
        if target is None or given.get("rel") == "canonical":
            return
        (self.links if tag == "a" else self.loaded).append(target)


def pages(site: Path) -> dict[Path, _Page]:
    return {path: _Page(path.read_text("utf-8")) for path in site.rglob("*.html") if path.name != "404.html"}


def test_every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    found = pages(site)
    assert len(found) > 20
    wrong = []
    for path, page in found.items():
        for link in page.links + page.loaded:
            where, anchor = urldefrag(link)
            if where.startswith(("http:", "https:", "mailto:", "data:")):
                wrong += [f"{path}: loads {link}"] if link in page.loaded and not link.startswith("data:") else []
                continue
            meant = path if not where else (path.parent / unquote(where)).resolve()
            meant = meant / "index.html" if meant.is_dir() else meant
            if not meant.exists():
                wrong.append(f"{path.relative_to(site)}: {link}")
            elif anchor and meant in found and unquote(anchor) not in found[meant].anchors:
                wrong.append(f"{path.relative_to(site)}: {link} has no such place")
    assert wrong == []


def test_the_tutorial_was_carried_out_and_is_kept_without_outputs(site: Path) -> None:
    kept = json.loads((ROOT / "docs/tutorial.ipynb").read_text("utf-8"))
    assert [cell["outputs"] for cell in kept["cells"] if cell["cell_type"] == "code"] == [[]] * 12
    shown = (site / "tutorial/index.html").read_text("utf-8")
    for part in ("Counts(added=3, changed=0, unchanged=0)", "<iframe sandbox", "dataframe", "data:image/png;base64"):
        assert part in shown
    assert "Traceback" not in shown


def test_every_command_has_its_place_in_the_reference(site: Path) -> None:
    shown = _Page((site / "commands/index.html").read_text("utf-8"))
    assert {f"musnad-{command}" for commands in MODULES.values() for command in commands} <= shown.anchors


def test_arabic_pages_are_set_from_right_to_left_and_found(site: Path) -> None:
    for page in ("ar", "ar/start"):
        assert '<html lang="ar"' in (text := (site / page / "index.html").read_text("utf-8"))
        assert '<body dir="rtl"' in text
    assert '<body dir="ltr"' in (site / "index.html").read_text("utf-8")
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    assert index["config"]["lang"] == ["en", "ar"]
    assert any("مقال" in entry["text"] for entry in index["docs"] if entry["location"].startswith("ar/"))


def names_of(column: str) -> list[str]:
    """What the terms of the glossary are called in a column of its tables."""
    return [name for row in glossary("") for name in re.findall("`([^`]+)`", row[column])]


def glossary(language: str) -> list[dict[str, str]]:
    """The rows of the glossary of a language by the heads of its columns, which are those of the English one."""
    page = (ROOT / "docs" / language / "glossary.md").read_text("utf-8")
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.count("|") == 8]
    heads = ["term", "arabic", "what", "Python", "command", "HTTP", "database"]
    heads = ["arabic", "term", *heads[2:]] if language else heads
    rows = [dict(zip(heads, line, strict=True)) for line in lines if line[1] != "---"]
    return [row for row in rows if row["HTTP"] != "HTTP"]


def test_the_glossary_has_the_same_terms_and_names_in_both_languages() -> None:
    english, arabic = ([{**row, "what": ""} for row in glossary(language)] for language in ("", "ar"))
    assert len(english) > 35
    assert english == arabic


def test_the_names_of_the_glossary_are_names_of_the_code() -> None:
    from musnad import record
    from musnad.ledger import claims, corrections, search, watches
    from musnad.ledger.across import conflicts, linking, pledges, positions, promises, views

    places = (
        musnad,
        record,
        views,
        search,
        claims,
        corrections,
        watches,
        conflicts,
        linking,
        pledges,
        positions,
        promises,
    )
    for name in names_of("Python"):
        owner, _, member = name.partition(".")
        kinds = [Ledger] if owner == "Ledger" else [getattr(place, owner) for place in places if hasattr(place, owner)]
        assert kinds, name
        assert not member or hasattr(kinds[0], member), name


def test_the_commands_of_the_glossary_are_commands() -> None:
    for name in MODULES:
        importlib.import_module(f"musnad.cli.{name}")
    from musnad.cli.app import app

    for called in names_of("command"):
        command: Any = typer.main.get_command(app)
        for part in called.split()[1:]:
            if part.startswith("--"):
                assert part in {option for parameter in command.params for option in parameter.opts}, called
            else:
                command = command.commands[part]


def test_the_addresses_and_columns_of_the_glossary_are_there(tmp_path: Path) -> None:
    from sqlalchemy import text

    from musnad.web.app import create_app

    with Ledger(tmp_path / "news.db") as ledger, ledger.database.read() as bind:
        for name in names_of("database"):
            table, _, column = name.partition(".")
            bind.execute(text(f"SELECT {column or '*'} FROM {table}"))
    paths = create_app(str(tmp_path / "news.db")).openapi()["paths"]
    for address in names_of("HTTP"):
        path, _, parameter = address.partition("?")
        taken = {one["name"] for one in paths[path]["get"].get("parameters", ())}
        assert not parameter or parameter in taken, address


def test_the_codes_of_the_glossary_have_the_words_of_the_pages() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", GLOSSARY, re.MULTILINE)
    stances, events, statuses = (get_args(kind) for kind in (Stance, EventType, Status))
    assert rows == [
        *((code, label(code)) for code in stances), *((code, event_label(code)) for code in events),
        *((code, label(code)) for code in statuses),
    ]  # fmt: skip
