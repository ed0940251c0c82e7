"""The engine `local`: processes of this machine. A process that dies is replaced, and its parts are done again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice

from musnad.batch.parts import Done, Part, do_part, parts
from musnad.batch.places import OutputFolder
from musnad.batch.reading import reader
from musnad.batch.running import Work
from musnad.errors import BatchError
from musnad.workers import worker_pool

_AHEAD = 1  # parts a process that wait to be read: bounds the memory
_VAIN = 5  # times that all processes may die in a row with no part finished

_output: OutputFolder | None = None
_exact = False


def _start(output: str, exact: bool) -> None:
    global _output, _exact
    _output, _exact = OutputFolder(output), exact
    reader(exact=exact)


def _do(part: Part) -> Done:
    assert _output is not None
    return do_part(part, _output, exact=_exact)


def carry_out(work: Work, workers: int | None, address: str | None = None) -> Iterator[Done]:
    """Yield the parts as they are finished."""
    if address is not None:
        raise BatchError(f"--address {address} is for --engine ray")
    count = workers or os.cpu_count() or 1
    waiting = chain.from_iterable(parts(source, n, work.part_size, done) for n, source, done in work.sources)
    in_vain = 0
    while True:
        with worker_pool(count, _start, work.output, work.exact) as processes:
            pool = _Pool(count, processes)
            try:
                pool.fill(waiting)
                while pool.under_way:
                    for done in pool.finished():
                        in_vain = 0
                        yield done
                    pool.fill(waiting)
                return
            except BrokenProcessPool as error:
                in_vain += 1
                if in_vain == _VAIN:
                    names = ", ".join(sorted(part.name for part in pool.unfinished))
                    raise BatchError(
                        f"the processes die ({_VAIN} times in a row, at {names}); is there enough memory? "
                        "What is finished is kept"
                    ) from error
        waiting = chain(pool.unfinished, waiting)


class _Pool:
    """Some processes and the parts that they have: when one dies, all that are not finished are known."""

    def __init__(self, count: int, processes: ProcessPoolExecutor) -> None:
        self._processes = processes
        self.under_way: dict[Future[Done], Part] = {}
        self._most = count * (1 + _AHEAD)
        self._taken: Part | None = None  # from what waits, and not handed on yet

    @property
    def unfinished(self) -> list[Part]:
        return [*self.under_way.values(), *([self._taken] if self._taken is not None else [])]

    def fill(self, waiting: Iterator[Part]) -> None:
        """Hand parts on until every process has one to go on with. Raises `BrokenProcessPool` where one has died."""
        for part in islice(waiting, self._most - len(self.under_way)):
            self._taken = part
            self.under_way[self._processes.submit(_do, part)] = part
            self._taken = None

    def finished(self) -> Iterator[Done]:
        """Wait for some parts. Raises `BrokenProcessPool` where a process has died."""
        for future in wait(self.under_way, return_when=FIRST_COMPLETED).done:
            done = future.result()
            del self.under_way[future]
            yield done
