"""The house keeps its order: imports go one way, files stay small, knowledge is data."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src/musnad").rglob("*.py"))
LONGEST = 420


def test_imports_go_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_stay_small() -> None:
    long = {path.name: lines for path in SOURCES if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST}
    assert not long


@pytest.mark.parametrize(("package", "place"), [
    ("ray", "batch/on_ray.py"), ("duckdb", "batch/query.py"), ("fsspec", "batch/places.py"), ("fastapi", "web/"),
])  # fmt: skip
def test_heavy_packages_have_one_place(package: str, place: str) -> None:
    users = {
        str(path.relative_to(ROOT / "src/musnad"))
        for path in SOURCES
        if re.search(rf"^\s*(?:import|from) {package}\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert users
    assert all(user.startswith(place) for user in users)


def test_no_two_modules_have_a_class_of_one_name() -> None:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES)
    times = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, many in times.items() if many > 1] == []


def test_nothing_is_left_unfinished() -> None:
    found = [
        path.name
        for path in SOURCES
        if re.search(r"\b(TODO|FIXME|XXX)\b|NotImplemented", path.read_text(encoding="utf-8"))
    ]
    assert not found
