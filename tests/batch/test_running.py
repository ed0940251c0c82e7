"""Runs over an archive: whole, begun again, disturbed, on either engine; asked by SQL and taken into a ledger."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import count, islice
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pytest
from pyarrow import parquet

from musnad.batch import on_local, run
from musnad.batch.query import Archive
from musnad.batch.running import Manifest
from musnad.errors import BatchError
from musnad.ledger import Ledger
from musnad.ledger.ingest import ingest
from musnad.sources import read_path
from tests.batch.conftest import article
from tests.sources.test_archives import PAGE, response


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def go(archive: Path, output: Path, **options: object) -> Manifest:
    return run([str(archive)], str(output), **{"workers": 1, "part_size": 8} | options)  # type: ignore[arg-type]


def answer(output: Path, question: str) -> list[tuple[object, ...]]:
    archive = Archive(output)
    rows = list(archive.ask(question)[1])
    archive.close()
    return rows


def test_a_run_writes_articles_by_year_what_was_rejected_and_a_manifest(archive: Path, output: Path) -> None:
    manifest = go(archive, output)
    assert (manifest.articles, manifest.rejected, manifest.parts) == (60, 2, 9)
    assert sorted(path.name for path in (output / "articles").iterdir()) == ["year=2023", "year=2024"]
    assert answer(output, "SELECT count(DISTINCT id), count(*) FROM articles") == [(60, 60)]
    places = answer(output, "SELECT place, reason FROM rejected ORDER BY place")
    assert str(places[0][0]).endswith("one.jsonl:26")
    assert "not JSON" in str(places[0][1])
    assert answer(output, "SELECT count(*) FROM statements") == [(manifest.statements,)]
    for file in manifest.files:
        assert parquet.ParquetFile(output / file.path).metadata.num_rows == file.rows
    assert not [path for path in output.rglob("*") if path.name.startswith(".")]


def test_what_is_finished_is_not_done_again_and_the_end_is_the_same(archive: Path, output: Path) -> None:
    manifest = go(archive, output)
    kept = {path: path.stat().st_mtime_ns for path in output.rglob("part-*.parquet")}
    for lost in ("00000-0000002", "00001-0000001"):
        (output / "_parts" / f"{lost}.json").unlink()
        for path in output.rglob(f"part-{lost}.parquet"):
            path.write_bytes(b"half")
    seen = []
    assert go(archive, output, seen=lambda progress, done: seen.append(done and done.name)) == manifest
    assert seen == [None, "00000-0000002", "00001-0000001"]
    changed = {path.name for path, moment in kept.items() if path.stat().st_mtime_ns != moment}
    assert changed == {"part-00000-0000002.parquet", "part-00001-0000001.parquet"}


def test_a_run_goes_on_only_with_what_it_was_begun_with(archive: Path, output: Path) -> None:
    go(archive, output)
    with pytest.raises(BatchError, match="begun with other part_size"):
        go(archive, output, part_size=9)
    with pytest.raises(BatchError, match="begun with other exact"):
        go(archive, output, exact=True)
    (archive / "two.jsonl").write_text(json.dumps(article(1)) + "\n", encoding="utf-8")
    with pytest.raises(BatchError, match="begun with other sources"):
        go(archive, output)


def test_a_run_whose_plan_or_mark_is_damaged_says_so(archive: Path, output: Path) -> None:
    go(archive, output)
    (output / "_parts" / "00000-0000001.json").write_text("{")
    with pytest.raises(BatchError, match="a mark in _parts is damaged"):
        go(archive, output)
    (output / "_plan.json").write_text("[]")
    with pytest.raises(BatchError, match=r"_plan\.json or a mark"):
        go(archive, output)


@pytest.mark.parametrize(("inputs", "options", "message"), [
    (["nowhere"], {}, "no such file"),
    (["no-such-store://x"], {}, "no-such-store"),
    (["."], {"engine": "abacus"}, "no engine abacus"),
    (["."], {"address": "127.0.0.1:1"}, "is for --engine ray"),
    (["."], {"engine": "ray", "address": "127.0.0.1:1"}, "no Ray cluster at 127.0.0.1:1"),
])  # fmt: skip
def test_what_cannot_begin_says_why(tmp_path: Path, inputs: list[str], options: dict[str, str], message: str) -> None:
    (tmp_path / "a.txt").write_text("قال الوزير إن المحادثات انتهت.", encoding="utf-8")
    inputs = [str(tmp_path / "a.txt") if given == "." else given for given in inputs]
    with pytest.raises(BatchError, match=message):
        run(inputs, str(tmp_path / "out"), **options)  # type: ignore[arg-type]


def test_parquet_and_web_archives_by_address(output: Path) -> None:
    memory = fsspec.filesystem("memory")
    table = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_pylist([article(n) for n in range(3)]), table)
    memory.pipe_file("/store/a.parquet", table.getvalue().to_pybytes())
    memory.pipe_file("/store/b.warc", response("https://example.org/1", "text/html", PAGE, packed=False))
    manifest = run(["memory://store"], str(output), workers=1)
    assert (manifest.articles, manifest.rejected) == (4, 0)
    assert answer(output, "SELECT count(*) FROM articles WHERE url = 'https://example.org/1'") == [(1,)]
    memory.rm("/store", recursive=True)


def test_a_worker_that_is_killed_costs_nothing_but_time(archive: Path, output: Path, tmp_path: Path) -> None:
    expected = go(archive, tmp_path / "undisturbed", part_size=2)
    command = [
        sys.executable,
        "-m",
        "musnad",
        "run",
        str(archive),
        "-o",
        str(output),
        "--part-size",
        "2",
        "--workers",
        "2",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    killed: list[int] = []

    def kill() -> None:
        while process.poll() is None and len(killed) < 3:
            time.sleep(0.3)
            for number in children(process.pid):
                if list(output.glob("_parts/*.json")):
                    os.kill(number, signal.SIGKILL)
                    killed.append(number)
                    break

    thread = threading.Thread(target=kill)
    thread.start()
    _, complaint = process.communicate()
    thread.join()
    assert process.returncode == 1, complaint  # two lines were rejected
    assert json.loads((output / "_manifest.json").read_bytes())["files"] == [
        {"path": f.path, "rows": f.rows, "bytes": f.bytes, "sha256": f.sha256} for f in expected.files
    ]


def test_what_cannot_be_read_in_a_folder_is_rejected_and_the_rest_read(archive: Path, output: Path) -> None:
    (archive / "broken").symlink_to(archive / "nowhere")
    os.mkfifo(archive / "pipe")
    manifest = run([str(archive), "/dev/zero"], str(output), workers=1)
    assert (manifest.articles, manifest.rejected) == (60, 5)
    reasons = dict(answer(output, "SELECT parse_filename(place), reason FROM rejected"))
    assert "No such file" in str(reasons["broken"])
    assert "pipe or device" in str(reasons["pipe"])
    assert "pipe or device" in str(reasons["zero"])


def test_a_file_whose_name_is_not_utf_8_is_named_and_the_rest_read(archive: Path, output: Path) -> None:
    (archive / "one.jsonl").rename(os.fsdecode(os.fsencode(archive) + b"/\xed\xa0\x80.jsonl"))
    manifest = run([f"{archive}/*.jsonl"], str(output), workers=1)
    assert (manifest.articles, manifest.rejected) == (20, 2)
    assert "a name that is not in UTF-8" in str(answer(output, "SELECT reason FROM rejected"))


def test_no_part_is_lost_when_a_pool_breaks_while_it_takes_one(
    archive: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = go(archive, tmp_path / "undisturbed")
    handed_on = count()

    class Breaking(ThreadPoolExecutor):
        def __init__(self, size: int, context: object, start: Any, arguments: tuple[Any, ...]) -> None:
            super().__init__(size, initializer=start, initargs=arguments)

        def submit(self, do: Any, part: Any) -> Any:
            if next(handed_on) in {1, 4, 5}:
                raise BrokenProcessPool
            return super().submit(do, part)

    monkeypatch.setattr("musnad.workers.ProcessPoolExecutor", Breaking)
    assert go(archive, output) == expected


def test_a_run_that_an_engine_leaves_unfinished_is_no_success(
    archive: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = on_local.carry_out
    monkeypatch.setattr(on_local, "carry_out", lambda *given, **more: islice(whole(*given, **more), 3))
    with pytest.raises(BatchError, match="not every part"):
        go(archive, output)
    assert not (output / "_manifest.json").exists()


def children(parent: int) -> list[int]:
    """The reading processes of a run."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"\nPPid:\t{parent}\n" in (entry / "status").read_text():
                if "spawn_main" in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.filterwarnings("ignore")
def test_on_ray_the_result_is_the_same(archive: Path, output: Path, tmp_path: Path) -> None:
    assert go(archive, output, engine="ray", workers=2) == go(archive, tmp_path / "local")


def test_a_ledger_takes_what_a_run_wrote_without_reading_again(
    archive: Path, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(archive, output)
    with Ledger(tmp_path / "direct.db") as direct:
        ingest(direct, read_path(archive / "one.jsonl"), workers=1)
        ingest(direct, read_path(archive / "two.jsonl"), workers=1)
        expected = {record.id: record for record in direct.records()}
    monkeypatch.setattr("musnad.reader.Reader.read", None)
    with Ledger(tmp_path / "taken.db") as taken:
        progress = ingest(taken, read_path(output / "articles"), workers=1)
        assert progress.added == 60
        assert {record.id: record for record in taken.records()} == expected
        assert taken.search("المحادثات")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run wrote of five articles."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "a.jsonl").write_text("\n".join(json.dumps(article(n)) for n in range(5)), encoding="utf-8")
    go(folder / "a.jsonl", folder / "read")
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    return folder / "read"


COPY = "COPY (SELECT 1 AS x) TO 'OUTPUT/articles/new.parquet'"


@pytest.mark.parametrize("question", [
    "", "  ; ", "-- nothing",
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM 'OUTPUT/../secret.csv'", "SELECT * FROM glob('/etc/*')",
    COPY, f"EXPLAIN ANALYZE {COPY}", f"explain /**/ analyze {COPY}", f"EXPLAIN (ANALYZE) {COPY}", f"--\nEXPLAIN ANALYZE {COPY}",
    f"WITH x AS ({COPY}) SELECT * FROM x", f"EXPLAIN ANALYZE WITH x AS ({COPY}) SELECT * FROM x", f"SELECT 1; {COPY}",
    "WITH x AS (DELETE FROM rejected RETURNING *) SELECT * FROM x", "INSERT INTO rejected VALUES ('a', 'b')",
    "EXPORT DATABASE 'OUTPUT/e'", "ATTACH 'OUTPUT/x.db'", "DROP VIEW articles", "CREATE TABLE t AS SELECT 1",
    "SET enable_external_access = true", "PRAGMA threads=1", "INSTALL httpfs", "LOAD httpfs", "CALL pragma_version()",
    "SELECT nothing FROM articles", "SELECT CAST(id AS INT) FROM articles",
])  # fmt: skip
def test_questions_only_ask(read: Path, question: str) -> None:
    before = sorted(read.rglob("*"))
    with pytest.raises(BatchError) as caught:
        answer(read, question.replace("OUTPUT", str(read)))
    assert "\n" not in str(caught.value)
    assert sorted(read.rglob("*")) == before


def test_a_question_and_its_plan_are_answered(read: Path) -> None:
    assert answer(read, "EXPLAIN ANALYZE SELECT count(*) FROM articles")
    assert answer(read, "WITH few AS (FROM articles LIMIT 9) SELECT count(*) FROM few;") == [(5,)]
    assert len(answer(read, "DESCRIBE statements")) > 10


def test_the_questions_of_the_docs_can_be_asked(archive: Path, output: Path) -> None:
    go(archive, output)
    text = (Path(__file__).parents[2] / "docs/archives.md").read_text(encoding="utf-8")
    questions = next(part for part in text.split("```")[1::2] if part.strip().startswith("-- ")).strip().split("\n\n")
    assert len(questions) == 5
    for question in questions:
        answer(output, question)


def test_words_of_the_views_are_those_of_the_record(archive: Path, output: Path) -> None:
    go(archive, output)
    rows = answer(output, "SELECT speaker, cue, content FROM statements WHERE article = 'a3' ORDER BY statement")
    assert rows[0] == ("سامر حداد", "قال", "الجولة رقم 3 من المحادثات انتهت دون نتيجة")
    assert answer(output, "SELECT type, words, actors FROM events WHERE article = 'a3' AND type = 'CONSULT'")
    with pytest.raises(BatchError, match="no articles here"):
        Archive(output / "articles")
