"""Reading for the server: in a process of its own, which is ended where an article takes it too long, and begun again.

The process ends with the server, however that ends: it listens to the server all the time, and goes when nobody speaks.
Both sides send frames: four bytes that say how long, then the bytes.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
import traceback
from contextlib import suppress
from typing import BinaryIO

import msgspec
from starlette.exceptions import HTTPException

from musnad.errors import ModelError
from musnad.readers import open_reader
from musnad.record import Document

BEGUN = 90.0  # seconds until a new process can read
SECONDS = 30.0  # seconds for one article
ASKED = 300.0  # seconds for one that a language model is asked about
_SIZE = 4  # bytes that say how long a frame is
_READ, _FAILED, _REFUSED = b"r", b"f", b"m"


class RefusedError(HTTPException):
    """A language model cannot be asked; what it says of that is for whoever set it up, in whatever language."""


class Reading:
    """The process as the server sees it. One article at a time."""

    def __init__(self, reader: str = "exact") -> None:
        self._reader = reader
        self._process: asyncio.subprocess.Process | None = None
        self._ready: asyncio.Task[asyncio.subprocess.Process] | None = None
        self._ended = False

    @property
    def _seconds(self) -> float:
        return ASKED if self._reader == "llm" else SECONDS

    @property
    def patience(self) -> float:
        """Seconds until an article is read and shown, also by a process that is begun first."""
        return BEGUN + 2 * self._seconds

    async def read(self, document: Document) -> bytes:
        """Return the record of an article as JSON. Raises a 503 where it takes too long or the process ends."""
        try:
            process = await asyncio.wait_for(asyncio.shield(self.begin()), BEGUN)
            async with asyncio.timeout(self._seconds):
                _send(process, msgspec.json.encode(document))
                answer = await _frame(process)
        except TimeoutError:
            await self._renew()
            raise HTTPException(
                503, f"reading it takes more than {self._seconds:.0f} seconds; give a shorter text"
            ) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self._renew()
            raise HTTPException(503, "the reader had to stop; try again", {"retry-after": "10"}) from None
        except BaseException:  # nobody waits: what comes would be taken for the next answer
            await self._stop()
            raise
        if answer[:1] == _REFUSED:
            raise RefusedError(503, answer[1:].decode())
        if answer[:1] == _FAILED:
            raise RuntimeError(answer[1:].decode())
        return answer[1:]

    def begin(self) -> asyncio.Task[asyncio.subprocess.Process]:
        """Begin the process where there is none."""
        if self._ready is None:
            self._ready = asyncio.create_task(self._begin())
        return self._ready

    async def end(self) -> None:
        """End the process for good."""
        self._ended = True
        await self._stop()

    async def _renew(self) -> None:
        await self._stop()
        if not self._ended:
            self.begin()

    async def _stop(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.cancel()
            await asyncio.wait({ready})
            if not ready.cancelled():
                ready.exception()  # seen: whoever waits for it says so
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _begin(self) -> asyncio.subprocess.Process:
        places = os.pathsep.join(place for place in sys.path if place)  # the modules that this process has
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "musnad.web.reading", self._reader, env={**os.environ, "PYTHONPATH": places},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the server
        )  # fmt: skip
        await _frame(self._process)
        return self._process


def _send(process: asyncio.subprocess.Process, frame: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(len(frame).to_bytes(_SIZE) + frame)


async def _frame(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    size = int.from_bytes(await process.stdout.readexactly(_SIZE))
    return await process.stdout.readexactly(size)


# -- in the process ------------------------------------------------------------------------


def main() -> None:
    """Read what is sent, until nobody sends any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else writes to the standard output
    if hasattr(os, "nice"):
        os.nice(5)  # what is cheap goes first
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    reader = open_reader(sys.argv[1])
    _write(answers, _READ)
    while True:
        try:
            document = msgspec.json.decode(asked.get(), type=Document)
            answer = _READ + reader.read(document).to_json().encode()
        except ModelError as error:
            answer = _REFUSED + str(error).encode()
        except Exception:
            answer = _FAILED + traceback.format_exc().encode("utf-8", "replace")
        _write(answers, answer)


def _listen(asked: queue.SimpleQueue[bytes]) -> None:
    """Take in what is sent. The end of it is the end of the server: stop, whatever is being read."""
    heard = sys.stdin.buffer
    while len(size := heard.read(_SIZE)) == _SIZE:
        asked.put(heard.read(int.from_bytes(size)))
    os._exit(0)


def _write(answers: BinaryIO, frame: bytes) -> None:
    answers.write(len(frame).to_bytes(_SIZE) + frame)
    answers.flush()


if __name__ == "__main__":
    main()
