"""The engine `ray`: Ray Data, on a cluster or on one that is started here. It places, retries and spills; nothing of that is ours."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from typing import Any

import msgspec
import ray
from ray.data import ActorPoolStrategy, DataContext, TaskPoolStrategy

from musnad.batch.parts import Done, Part, do_part, parts
from musnad.batch.places import OutputFolder
from musnad.batch.reading import reader
from musnad.batch.running import Left, Work
from musnad.errors import BatchError

_READING, _LOADING = 0.9, 0.1  # of a core: one worker and one loader share it, and are not fused into one
_BLOCK = 64 * 1024  # bytes from which a block is handed on: every part is one
_PATIENCE = 5  # seconds to wait for a cluster


def carry_out(work: Work, workers: int | None, address: str | None) -> Iterator[Done]:
    """Yield the parts as they are finished."""
    ours = not ray.is_initialized()
    if ours:
        _connect(address, workers)
    try:
        count = workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)  # type: ignore[no-untyped-call]
        context = DataContext.get_current().copy()
        context.target_max_block_size = _BLOCK
        context.enable_progress_bars = context.print_on_execution_start = False
        for handler in logging.getLogger("ray.data").handlers:
            if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
                handler.setLevel(logging.ERROR)  # progress is shown by `seen`; the files keep all
        with DataContext.current(context):
            inputs = [{"input": msgspec.msgpack.encode(source)} for source in work.sources]
            loaded = ray.data.from_items(inputs, override_num_blocks=len(inputs)).flat_map(
                _load,  # type: ignore[arg-type]
                fn_args=(work.part_size,),
                num_cpus=_LOADING,
                compute=TaskPoolStrategy(size=count),  # more would take the workers' cores
            )
            finished = loaded.map(
                _PartReader,  # type: ignore[arg-type]
                fn_constructor_args=(work.output, work.exact), num_cpus=_READING,
                compute=ActorPoolStrategy(size=count),
            )  # fmt: skip
            for row in finished.iter_rows():
                yield msgspec.json.decode(row["done"], type=Done)
    finally:
        if ours:
            ray.shutdown()


def _connect(address: str | None, workers: int | None) -> None:
    """Join a cluster or start one. Raises `BatchError` where there is none at the address."""
    try:
        host, _, port = (address or "").removeprefix("ray://").rpartition(":")
        if host and port.isdecimal():
            socket.create_connection((host, int(port)), _PATIENCE).close()  # Ray itself would try for minutes
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # a cluster that is begun here would tell its makers of it
        ray.init(
            address=address, num_cpus=None if address else workers, include_dashboard=None if address else False,
            log_to_driver=False, logging_level=logging.ERROR,
        )  # fmt: skip
    except (OSError, RuntimeError, ValueError) as error:
        raise BatchError(
            f"no Ray cluster at {address or 'this machine'} ({error}); start one with `ray start --head`"
        ) from error


def _load(row: dict[str, Any], size: int) -> Iterator[dict[str, Any]]:
    number, source, done = msgspec.msgpack.decode(row["input"], type=Left)
    for part in parts(source, number, size, done):
        yield {"part": msgspec.msgpack.encode(part)}


class _PartReader:
    def __init__(self, output: str, exact: bool) -> None:
        self._output, self._exact = OutputFolder(output), exact
        reader(exact=exact)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        done = do_part(msgspec.msgpack.decode(row["part"], type=Part), self._output, exact=self._exact)
        return {"done": msgspec.json.encode(done)}
