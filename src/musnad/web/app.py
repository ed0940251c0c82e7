"""The application: a ledger, its interface for programs under /api, its pages for people."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from musnad import __version__
from musnad.errors import MissingError, MusnadError
from musnad.ledger import Ledger
from musnad.reader import Reader
from musnad.web import api, pages
from musnad.web.guard import Guard, Secret

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
THREADS = 3  # at once: more would wait for each other, and the slowest longest
RATE = 200.0  # requests a second from one address


def create_app(ledger: str, *, token: str | None = None, hosts: frozenset[str] = LOCAL, rate: float = RATE) -> FastAPI:
    """Return the application for a ledger. `token` is asked for everywhere; `hosts` are the names that the server goes by."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        app.state.ledger, app.state.reader = Ledger(ledger), Reader()
        app.state.secret, app.state.token = Secret(), token
        yield
        app.state.ledger.close()

    app = FastAPI(
        title="Musnad", version=__version__, lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        description="Who said what, to whom, on whose report. Offsets are Unicode code points, the end exclusive.",
    )  # fmt: skip
    app.add_middleware(Guard, token=token, hosts=hosts, rate=rate)
    app.add_exception_handler(MusnadError, _answer)
    app.add_exception_handler(HTTPException, _plain)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.add_api_route("/static/{name}", _static, include_in_schema=False)
    app.openapi = _described(app.openapi)  # type: ignore[method-assign]
    return app


def _answer(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, MissingError) else 422
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": str(error)}, status)
    return pages.failed(request, str(error), status)


def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(("/api/", "/static/")):
        return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
    return pages.failed(request, str(error.detail), error.status_code)


def _static(name: str) -> Response:
    """A file of the interface, by its name among the few that there are."""
    kind = {"musnad.css": "text/css", "naskh.woff2": "font/woff2", "naskh-bold.woff2": "font/woff2"}.get(name)
    if kind is None:
        return HTMLResponse("", 404)
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
