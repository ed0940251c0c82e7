"""What a command loads before it does anything: only what it needs, so that an answer comes at once."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import musnad
from musnad.cli import MODULES
from musnad.ledger import Ledger

#: Packages that take long to load, and parts of such packages; `search` needs none of them.
HEAVY = (
    "alembic", "mako", "numpy", "onnxruntime", "babel", "trafilatura", "lxml", "pygments", "matplotlib", "pyarrow", "pandas",
    "sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "httpx", "fastapi", "musnad.reader",
)  # fmt: skip


def loaded_by(*arguments: str) -> set[str]:
    """The modules that are there when a command has ended."""
    code = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); from musnad.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_search_loads_nothing_heavy(tmp_path: Path, fast: musnad.Reader) -> None:
    with Ledger(tmp_path / "news.db") as ledger:
        ledger.add([fast.read("قال الوزير إن المحادثات انتهت.")])
    loaded = loaded_by("search", "المحادثات", "--ledger", str(tmp_path / "news.db"))
    assert [name for name in HEAVY if name in loaded] == []
    assert {name for name in loaded if name.startswith("musnad.cli.")} == {
        "musnad.cli.app", "musnad.cli.defaults", "musnad.cli.ending", "musnad.cli.ledger",
    }  # fmt: skip


def test_every_command_is_found_in_its_module() -> None:
    for name in MODULES:
        importlib.import_module(f"musnad.cli.{name}")
    from musnad.cli.app import app

    found: dict[str, list[str]] = {name: [] for name in MODULES}
    for command in app.registered_commands:
        assert command.callback is not None
        found[command.callback.__module__.rpartition(".")[2]].append(command.name or command.callback.__name__)
    groups = {
        "gold": "reading",
        "entities": "keeping",
        "annotate": "keeping",
        "watches": "watching",
        "issues": "across",
        "links": "across",
    }
    for group in app.registered_groups:
        found[groups[str(group.name)]].append(str(group.name))
    assert {name: sorted(commands) for name, commands in found.items()} == {
        name: sorted(commands) for name, commands in MODULES.items()
    }
