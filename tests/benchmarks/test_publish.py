"""The figures in the pages are those that were measured: one file has them, and a script writes them between markers."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def publish() -> Any:
    spec = importlib.util.spec_from_file_location("publish", ROOT / "benchmarks/publish.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def figures() -> dict[str, Any]:
    return dict(json.loads((ROOT / "benchmarks/figures.json").read_text(encoding="utf-8")))


def test_the_pages_tell_the_figures_that_were_measured(publish: Any, figures: dict[str, Any]) -> None:
    told = {name: (ROOT / name).read_text(encoding="utf-8") for name in publish.PAGES}
    assert {name: publish.published(page, figures) for name, page in told.items()} == told


def test_the_figures_of_names_are_those_that_are_pinned(figures: dict[str, Any]) -> None:
    floors = json.loads((ROOT / "tests/quality/floors.json").read_text(encoding="utf-8"))
    assert figures["names"] == {
        name.removeprefix("names."): floors[name] for name in floors if name.startswith("names.")
    }


def test_a_figure_that_was_measured_anew_comes_into_the_page(publish: Any, figures: dict[str, Any]) -> None:
    page = "Of those <!-- figures:events -->half<!-- /figures:events -->, and 0.915 by hand."
    figures["exact"]["metrics"] |= {"event_p": {"value": 0.5}, "event_r": {"value": 0.254}}
    assert publish.published(page, figures) == (
        "Of those <!-- figures:events -->of those read 50% are annotated, of those annotated 25% are read<!-- /figures:events -->"
        ", and 0.915 by hand."
    )


@pytest.mark.parametrize("page", [
    "<!-- figures:weather -->warm<!-- /figures:weather -->",
    "<!-- figures:size -->5 articles",
    "<!-- figures:size -->5 articles<!-- /figures:names -->",
])  # fmt: skip
def test_a_marker_that_nothing_fills_is_an_error(publish: Any, figures: dict[str, Any], page: str) -> None:
    with pytest.raises(KeyError):
        publish.published(page, figures)


def test_what_is_measured_is_what_is_published(publish: Any, figures: dict[str, Any], tmp_path: Path) -> None:
    text = "قال الوزير سامي الخوري إن الجسر سيفتح غدا."
    words = "الجسر سيفتح غدا"
    said = {
        "content": [[text.index(words), text.index(words) + len(words)]], "cue": [0, 3], "kind": "indirect", "stance": "SAY",
        "speaker": {"name": "سامي الخوري", "also": [], "span": [4, 22]},
    }  # fmt: skip
    row = {"id": "1", "text": text, "use": "check", "source": "example", "statements": [said]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    command = [sys.executable, str(ROOT / "benchmarks/unseen.py"), "--gold", str(tmp_path / "gold.jsonl"), "--fast"]
    done = subprocess.run(
        [*command, "--json", str(tmp_path / "figures.json")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert kept["fast"].keys() == figures["exact"].keys()
    assert kept["fast"]["metrics"].keys() == figures["exact"]["metrics"].keys() == set(publish.measures())
    assert kept["fast"]["metrics"]["attributed_f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert {name: kept[name] for name in ("exact", "rules", "names")} == {
        name: figures[name] for name in ("exact", "rules", "names")
    }
    assert "| attributed f1 | 1.000 | 1.000 to 1.000 |" in done.stdout
