"""The names that people import, and what importing costs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import musnad
from musnad import errors
from musnad.cli.app import ReaderName
from musnad.readers import NAMES

ERRORS = [name for name in vars(errors) if name.endswith("Error")]


def test_exported_names_are_these() -> None:
    kinds = ["Document", "Event", "Interval", "Mention", "Note", "Party", "Reader", "Record", "Span", "Statement"]
    assert sorted(musnad.__all__) == sorted([*kinds, *ERRORS, "__version__", "json_schema", "open_reader"])
    assert all(hasattr(musnad, name) for name in musnad.__all__)


def test_every_error_can_be_caught_by_its_public_name() -> None:
    for name in ERRORS:
        assert issubclass(getattr(musnad, name), musnad.MusnadError)
        assert getattr(musnad, name).__doc__  # docs/python.md shows it


def test_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(musnad, "Writer")


def test_reading_writes_and_tells_nothing(tmp_path: Path) -> None:
    """A library that counts its users would leave its number of the machine in their home."""
    code = "import musnad; print(len(musnad.Reader().read('قال الوزير إن المحادثات انتهت.').statements))"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": "", "ORT_DISABLE_TELEMETRY": ""}
    out = subprocess.run(
        [sys.executable, "-B", "-c", code], env={**os.environ, **home}, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == "1"
    assert [str(file) for file in tmp_path.rglob("*")] == []


def test_importing_reads_no_table_and_no_array_library() -> None:
    """`import musnad` is instant: the lexicon and numpy wait for the first Reader."""
    code = "import sys, musnad; print('numpy' in sys.modules, 'musnad.lexicon' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["False", "False"]


def test_every_reader_can_be_asked_for_by_a_command() -> None:
    assert [name.value for name in ReaderName] == list(NAMES)


def test_dir_lists_what_is_public() -> None:
    assert dir(musnad) == sorted(musnad.__all__)
