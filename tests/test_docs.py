"""The documentation site is built as `make docs` does, the tutorial carried out, every link followed."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from urllib.parse import unquote, urldefrag

import pytest

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


def test_the_names_of_the_glossary_are_names_of_the_code() -> None:
    from musnad import record
    from musnad.ledger.across import views
    from musnad.ledger.search import Hit

    places = {"Ledger": Ledger, "Hit": Hit, "Report": views.Report}
    names = re.findall(r"`([A-Z]\w+)(?:\.(\w+))?`[ ,|]", GLOSSARY)
    assert len(names) > 25
    for owner, name in names:
        if owner.isupper():
            continue  # a code: the next test
        kind = places.get(owner) or getattr(record, owner, None) or getattr(musnad, owner)
        assert not name or hasattr(kind, name), f"{owner}.{name}"


def test_the_codes_of_the_glossary_have_the_words_of_the_pages() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \|$", GLOSSARY, re.MULTILINE)
    stances, events, statuses = (get_args(kind) for kind in (Stance, EventType, Status))
    assert rows == [
        *((code, label(code)) for code in stances), *((code, event_label(code)) for code in events),
        *((code, label(code)) for code in statuses),
    ]  # fmt: skip
