"""However a command ends, it ends with an exit code and one line: full and closed outputs, wrong paths, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command import musnad
from tests.journeys.test_command import ARTICLE
from tests.ledger.test_ingest import archive

MUSNAD = f"{sys.executable} -m musnad"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an article and a ledger that holds it."""
    made = tmp_path_factory.mktemp("endings")
    (made / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (made / "a.jsonl").write_text(json.dumps({"id": "a", "text": ARTICLE, "published": "2025-03-01"}), encoding="utf-8")
    assert musnad("ingest", str(made / "a.jsonl"), "-l", str(made / "news.db"), "--workers", "1").returncode == 0
    return made


@pytest.mark.parametrize(("command", "said"), [
    ("read a.txt > /dev/full", "the output cannot be written (No space left on device)"),
    ("read a.txt -f table > /dev/full", "the output cannot be written"),
    ("stats -l news.db > /dev/full", "the output cannot be written"),
    ("export -f csv -l news.db > /dev/full", "the output cannot be written"),
    ("export -f csv -l news.db -o /dev/full", "/dev/full: cannot be written"),
    ("read a.txt >&-", "standard input or output is closed"),
    ("read - <&-", "standard input: cannot be read"),
    ("read $(printf 'x%.0s' {1..5000})", "File name too long"),
    ("search x -l $(printf 'x%.0s' {1..5000})", "File name too long"),
    ("map -l news.db -o nowhere/m.html", "nowhere/m.html: cannot be written: there is no folder nowhere; make it first"),
    ("timeline -l news.db -o nowhere/t.html", "there is no folder nowhere"),
    ("export -f jsonl -l news.db -o nowhere/x", "there is no folder nowhere"),
    ("stats -l news.db --plot nowhere/x.svg", "there is no folder nowhere"),
    ("who الوزير -l news.db --plot nowhere/x.svg", "there is no folder nowhere"),
    ("ingest a.txt -l other.db --workers 1 --rejected nowhere/x", "there is no folder nowhere"),
    ("map -l news.db -o .", ".: is a folder; give the name of a file"),
])  # fmt: skip
def test_what_cannot_be_written_or_read_is_one_line(folder: Path, command: str, said: str) -> None:
    done = shell(f"{MUSNAD} {command}", folder)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.returncode in {1, 3}
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_an_output_that_breaks_leaves_what_stood_there(folder: Path) -> None:
    (folder / "out.jsonl").write_text("as it was")
    done = shell(f"ulimit -f 40; {MUSNAD} export -f jsonl -l many.db -o out.jsonl", with_many(folder))
    assert done.stderr == "musnad: out.jsonl: cannot be written (File too large); nothing was left under this name\n"
    assert (folder / "out.jsonl").read_text() == "as it was"


def with_many(folder: Path) -> Path:
    file = archive(folder / "many.jsonl", 100)
    assert musnad("ingest", str(file), "-l", str(folder / "many.db"), "--workers", "1").returncode == 0
    return folder


def test_nobody_to_tell_is_an_exit_code(folder: Path) -> None:
    done = shell(f"{MUSNAD} read nowhere 2> /dev/full", folder)
    assert (done.returncode, done.stderr) == (1, "")


def test_debug_shows_where_an_error_comes_from(folder: Path) -> None:
    done = shell(f"{MUSNAD} --debug map -l news.db -o nowhere/m.html", folder)
    assert done.stderr.startswith("musnad: nowhere/m.html")
    assert "Traceback" in done.stderr


@pytest.mark.parametrize(("error", "said"), [
    ("MemoryError()", "there is not enough memory; give less at once"),
    ("RecursionError('deep')", "something in the input is nested too deep"),
    ("ValueError('embedded null byte')", "ValueError: embedded null byte; this should not happen: please report it"),
    ("KeyError('x\\x1b[2J\\ny')", "KeyError: "),
])  # fmt: skip
def test_the_last_net_catches_everything(error: str, said: str) -> None:
    code = (
        f"import sys\nfrom musnad.cli.ending import carried_out\ndef fail(): raise {error}\nsys.exit(carried_out(fail))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(f"musnad: {said}")
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


def processes_of(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session and (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
@pytest.mark.parametrize("command", ["ingest", "run"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_their_parent(tmp_path: Path, command: str, number: signal.Signals) -> None:
    file = archive(tmp_path / "all.jsonl", 20_000)
    output = ["-l", "news.db"] if command == "ingest" else ["-o", "read", "--part-size", "50"]
    process = subprocess.Popen(
        [sys.executable, "-m", "musnad", command, str(file), *output, "--workers", "2"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        while len(processes_of(process.pid)) < 4:  # two workers, and what keeps their semaphores
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        time.sleep(0.5)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        said = process.communicate(timeout=60)[0]  # nobody holds the pipe any more
        assert processes_of(process.pid) == []
    finally:
        for left in processes_of(process.pid):
            os.kill(left, signal.SIGKILL)
    if number != signal.SIGKILL:
        assert (process.returncode, said) == (128 + number, b"")


def test_an_empty_path_is_no_folder(folder: Path) -> None:
    done = shell(f"{MUSNAD} read ''", folder)
    assert (done.returncode, done.stderr) == (2, "musnad: a path is empty; name a file or a folder, . for this one\n")
