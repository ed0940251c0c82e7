"""The commands run and query, as people call them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.command import musnad_text as musnad


def test_run_then_ask(archive: Path, tmp_path: Path) -> None:
    output = str(tmp_path / "read")
    done = musnad("run", str(archive), "--output", output, "--workers", "1", "--part-size", "16")
    assert done.returncode == 1  # two lines of the archive are no articles
    assert "60 articles" in done.stderr
    assert "2 rejected" in done.stderr
    question = "SELECT speaker, count(*) AS n FROM statements GROUP BY speaker ORDER BY n DESC, speaker LIMIT 1"
    rows = list(csv.DictReader(io.StringIO(musnad("query", question, output).stdout)))
    assert rows == [{"speaker": "سامر حداد", "n": rows[0]["n"]}]
    first = json.loads(musnad("query", question, output, "--format", "json").stdout)
    assert first == {"speaker": "سامر حداد", "n": int(rows[0]["n"])}
    table = musnad("query", question, output, "--format", "table").stdout
    assert "سامر حداد" in table
    assert table.splitlines()[1].startswith(" \u2067")


@pytest.mark.parametrize(("arguments", "message"), [
    (("run", "nowhere", "-o", "out"), "no such file"),
    (("query", "SELECT 1", "nowhere"), "no articles here"),
])  # fmt: skip
def test_what_is_wrong_is_one_line(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = musnad(*(str(tmp_path / a) if a in {"nowhere", "out"} else a for a in arguments))
    assert done.returncode == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
