"""The command `musnad` for tests: a process of its own each time, forked from one that has everything loaded.

Nearly all of a short command goes into loading packages and the lexicon. A process that has loaded those, and nothing of
the command line, waits for the tests and forks: the fork carries out what `python -m musnad` carries out, with streams,
folder and environment of its own, and its exit code comes back. That a command starts from nothing, and what it loads
then, is tested in `test_start.py` and `test_ending.py`.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LOADED = (  # not onnxruntime: it begins a thread, which a fork would lose
    "typer.main", "rich.console", "rich.table", "rich.progress", "sqlalchemy.dialects.sqlite", "alembic.command", "pydantic.main",
    "numpy", "lxml.html", "trafilatura", "musnad.reader", "musnad.ledger.ingest", "musnad.ledger.across.linking",
)  # fmt: skip
LONGEST = 120.0  # seconds


def musnad(
    *args: str, stdin: bytes | None = None, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Carry a command out, in a folder and an environment where they are given; return its exit code and what it wrote."""
    folder, environment = folder or Path.cwd(), dict(os.environ if environment is None else environment)
    if sys.platform != "linux":  # elsewhere a fork is not safe
        return subprocess.run(
            [sys.executable, "-m", "musnad", *args], input=stdin or b"", capture_output=True, check=False, timeout=LONGEST,
            cwd=folder, env=environment,
        )  # fmt: skip
    asked = json.dumps({"args": args, "folder": str(folder), "environment": environment}).encode()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _forking().run(asked, stdin or b"", out.fileno(), err.fileno())
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(args, code, out.read(), err.read())


def musnad_text(
    *args: str, stdin: str = "", folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """As `musnad`, with text for bytes."""
    done = musnad(*args, stdin=stdin.encode(), folder=folder, environment=environment)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


class _Forking:
    """The process that forks, and the socket on which it is asked."""

    def __init__(self) -> None:
        self._asks, theirs = socket.socketpair()
        self._alone = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.command", str(theirs.fileno())], pass_fds=[theirs.fileno()],
                cwd=Path(__file__).parent.parent, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        atexit.register(self._end)

    def run(self, asked: bytes, stdin: bytes, out: int, err: int) -> int:
        """Have a command carried out; return its exit code, below zero the signal that ended it."""
        read, write = os.pipe()
        answer, theirs = socket.socketpair()
        with answer, theirs:
            with self._alone:
                socket.send_fds(self._asks, [len(asked).to_bytes(8, "big")], [read, out, err, theirs.fileno()])
                self._asks.sendall(asked)
            os.close(read)
            theirs.close()
            feeding = threading.Thread(target=_feed, args=(write, stdin))
            feeding.start()
            number = _received(answer)
            answer.settimeout(LONGEST)
            try:
                return _received(answer)
            except TimeoutError:
                os.kill(number, signal.SIGKILL)
                raise
            finally:
                feeding.join()

    def _end(self) -> None:
        self._asks.close()
        self._process.wait()


@functools.cache
def _forking() -> _Forking:
    return _Forking()


def _received(answer: socket.socket) -> int:
    number = answer.recv(8, socket.MSG_WAITALL)
    assert len(number) == 8, "the process that carries commands out has ended"
    return int.from_bytes(number, "big", signed=True)


def _feed(pipe: int, given: bytes) -> None:
    try:
        with open(pipe, "wb") as file:
            file.write(given)
    except BrokenPipeError:  # a command that needs no input reads none
        pass


def _fork_for(asks: socket.socket) -> dict[str, Any] | None:
    """Wait to be asked and fork, until the other side closes; return only in a fork, with what it is asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    while True:
        size, given, _, _ = socket.recv_fds(asks, 8, 4)
        if not size:
            return None
        wanted = asks.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
        if os.fork() == 0:
            asks.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            *streams, answer = given
            number = os.fork()
            if number == 0:
                os.close(answer)
                for place, stream in enumerate(streams):
                    os.dup2(stream, place)
                    os.close(stream)
                return dict(json.loads(wanted))
            for stream in streams:
                os.close(stream)
            os.write(answer, number.to_bytes(8, "big"))
            _, status = os.waitpid(number, 0)
            os.write(answer, os.waitstatus_to_exitcode(status).to_bytes(8, "big", signed=True))
            os._exit(0)
        for stream in given:
            os.close(stream)


if __name__ == "__main__":
    for name in LOADED:
        importlib.import_module(name)
    sys.modules["musnad.ledger.terms"].shared().lexicon.word("قال")
    gc.freeze()  # what is loaded is looked through by no fork
    wanted = _fork_for(socket.socket(fileno=int(sys.argv[1])))
    if wanted is not None:
        os.chdir(wanted["folder"])
        os.environ.clear()
        os.environ.update(wanted["environment"])
        sys.argv = ["musnad", *wanted["args"]]
        runpy.run_module("musnad", run_name="__main__", alter_sys=True)
