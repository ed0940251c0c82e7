"""Dear requests in a queue of their own, so that the cheap ones have their threads to themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from inspect import signature
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from starlette.exceptions import HTTPException

PATIENCE = 30.0  # seconds that one may wait for its turn
EXPORTED = 1800.0  # seconds that an export may take
_T = TypeVar("_T")


class Queue:
    """One work at a time, `waiting` more in line. Who comes then, or waits or works for too long, is told so by a 503."""

    def __init__(self, waiting: int, seconds: float) -> None:
        self._waiting, self._seconds = waiting, seconds
        self._turn, self._inside = asyncio.Lock(), 0
        self._thread = CapacityLimiter(1)

    async def do(self, work: Callable[[], Awaitable[_T]]) -> _T:
        """Return what a work gives. It keeps its place until it has ended, also where nobody waits for it any more."""
        if self._inside > self._waiting:
            raise _late("others wait already")
        self._inside += 1
        try:
            async with asyncio.timeout(PATIENCE):
                await self._turn.acquire()
        except BaseException as error:
            self._inside -= 1
            raise _late("others were before") if isinstance(error, TimeoutError) else error from None
        task = asyncio.ensure_future(work())
        task.add_done_callback(self._leave)
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if not done:
            raise _late(f"it took more than {self._seconds:.0f} seconds")
        return task.result()

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do in a thread of this queue what blocks."""
        return await self.do(lambda: to_thread.run_sync(work, limiter=self._thread))

    def _leave(self, task: asyncio.Future[Any]) -> None:
        self._inside -= 1
        self._turn.release()
        if not task.cancelled():
            task.exception()  # seen, also where nobody waits for it


def dear(work: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
    """Let a route (it has a `request`) wait for its turn in the queue of dear requests."""
    return _in_turn(work, "dear")


def export_in_turn(work: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
    """As `dear`, in the queue of exports: they take minutes of a large ledger, and nobody else waits for them."""
    return _in_turn(work, "exports")


def _in_turn(work: Callable[..., Response], name: str) -> Callable[..., Awaitable[Response]]:
    @wraps(work)
    async def in_turn(request: Request, **given: Any) -> Response:
        queue: Queue = getattr(request.app.state, name)
        return await queue.in_thread(partial(work, request=request, **given))

    in_turn.__signature__ = signature(work, eval_str=True)  # type: ignore[attr-defined]
    return in_turn


def _late(why: str) -> HTTPException:
    return HTTPException(
        503, f"the server is busy with dear requests ({why}); ask again in a moment", {"retry-after": "10"}
    )
