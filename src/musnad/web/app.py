"""The application: a ledger, its interface for programs under /api, its pages for people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from musnad import __version__
from musnad.ledger import Ledger
from musnad.web import api, correcting, exporting, home, pages, sharing, watching
from musnad.web.answers import Answering, answer_to
from musnad.web.dear import EXPORTED, PATIENCE, Queue
from musnad.web.door import Door, Secret
from musnad.web.guard import Guard
from musnad.web.reading import Reading

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
THREADS = 3  # at once: more would wait for each other, and the slowest longest
RATE = 200.0  # requests a second from one address


def create_app(
    ledger: str,
    *,
    token: str | None = None,
    hosts: frozenset[str] = LOCAL,
    rate: float = RATE,
    reader: str = "exact",
    sent_to: str | None = None,
) -> FastAPI:
    """Return the application for a ledger. `token` is asked for everywhere; `hosts` are the names that the server goes by,
    `reader` the name of the one that reads what is pasted (`musnad.readers`); `sent_to`
    is the server that its language model is asked on, for the page to say so."""
    door = Door(token)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        app.state.ledger, app.state.reading = Ledger(ledger), Reading(reader)
        app.state.dear, app.state.readings = Queue(8, PATIENCE), Queue(3, app.state.reading.patience)
        app.state.exports = Queue(2, EXPORTED)
        app.state.secret, app.state.door, app.state.sent_to = Secret(), door, sent_to
        app.state.reading.begin()
        words = asyncio.create_task(to_thread.run_sync(app.state.ledger.terms.load))
        yield
        await words
        await app.state.reading.end()
        app.state.ledger.close()

    app = FastAPI(
        title="Musnad", version=__version__, lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        description="Who said what, to whom, on whose report. Offsets are Unicode code points, the end exclusive.",
    )  # fmt: skip
    app.add_middleware(Guard, door=door, hosts=hosts, rate=rate)
    app.add_middleware(Answering, ledger=ledger)  # around the guard: its refusals are answers too
    app.add_exception_handler(HTTPException, answer_to)
    app.add_exception_handler(RequestValidationError, answer_to)
    app.include_router(api.router)
    for part in (exporting, home, pages, correcting, watching, sharing):
        app.include_router(part.router)
    app.add_api_route("/static/{name}", _static, include_in_schema=False)
    app.openapi = _described(app.openapi)  # type: ignore[method-assign]
    return app


def _static(name: str) -> Response:
    """A file of the interface, by its name among the few that there are."""
    kind = {
        "icon.svg": "image/svg+xml",
        "musnad.css": "text/css",
        "naskh.woff2": "font/woff2",
        "naskh-bold.woff2": "font/woff2",
    }.get(name)
    if kind is None:
        raise HTTPException(404, "Not Found")
    if name == "musnad.css":
        parts = (("musnad.views", "page.css"), ("musnad.views", "happened.css"), ("musnad.web", "static/web.css"))
        body = "\n".join((files(package) / path).read_text(encoding="utf-8") for package, path in parts).encode()
    else:
        body = (files("musnad.web") / "static" / name).read_bytes()
    return Response(body, media_type=kind, headers={"cache-control": "max-age=3600"})


def _described(usual: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The OpenAPI description with the schemas of the record and the rows, which msgspec knows."""

    def describe() -> dict[str, Any]:
        schema = usual()
        schema.setdefault("components", {}).setdefault("schemas", {}).update(api.SCHEMAS)
        return schema

    return describe
