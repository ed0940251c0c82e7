"""The engine `local`: processes of this machine. A process that dies is replaced, and its parts are done again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context

from musnad.batch.parts import Done, Part, do_part, parts
from musnad.batch.places import Place
from musnad.batch.reading import reader
from musnad.batch.running import Work
from musnad.errors import BatchError

_AHEAD = 1  # parts a process that wait to be read: bounds the memory
_VAIN = 5  # times that all processes may die in a row with no part finished

_output: Place | None = None


def _start(output: str) -> None:
    global _output
    _output = Place(output)
    reader()


def _do(part: Part) -> Done:
    assert _output is not None
    return do_part(part, _output)


def carry_out(work: Work, workers: int | None, address: str | None = None) -> Iterator[Done]:
    """Yield the parts as they are finished."""
    if address is not None:
        raise BatchError(f"--address {address} is for --engine ray")
    count = workers or os.cpu_count() or 1
    waiting = chain.from_iterable(parts(source, n, work.part_size, done) for n, source, done in work.sources)
    in_vain = 0
    while True:
        under_way: dict[Future[Done], Part] = {}
        with ProcessPoolExecutor(count, get_context("spawn"), _start, (work.output,)) as pool:
            try:
                for part in islice(waiting, count * (1 + _AHEAD)):
                    under_way[pool.submit(_do, part)] = part
                while under_way:
                    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in finished:
                        done = future.result()
                        del under_way[future]
                        in_vain = 0
                        yield done
                    for part in islice(waiting, count * (1 + _AHEAD) - len(under_way)):
                        under_way[pool.submit(_do, part)] = part
                return
            except BrokenProcessPool as error:
                in_vain += 1
                if in_vain == _VAIN:
                    names = ", ".join(sorted(part.name for part in under_way.values()))
                    raise BatchError(
                        f"the processes die ({_VAIN} times in a row, at {names}); is there enough memory? "
                        "What is finished is kept"
                    ) from error
        waiting = chain(list(under_way.values()), waiting)
