"""How every request ends in an answer: what an error says and to whom, the headers of every answer, HEAD.

This is the one net of the server: whatever is raised beneath it becomes an answer with a sentence that names no file, no
address and no password. The rest is in the log, and there without passwords too.
"""

from __future__ import annotations

import asyncio
import logging
import re
import traceback

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from musnad.errors import CorrectionError, LedgerError, MissingError, RecordError, SearchError
from musnad.web.given import what_is_wrong
from musnad.web.reading import RefusedError
from musnad.web.rendering import failed, language_of, said_of, words_of

_log = logging.getLogger("musnad.web")
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
_LEDGER = HTTPException(503, "the ledger cannot be asked now; try again later", {"retry-after": "10"})
_CLOSING = HTTPException(503, "the server is being stopped", {"retry-after": "10"})
_FAULT = HTTPException(500, "the server failed at this; its log says why")


class Answering:
    """Lets every request end in an answer, and gives every answer the headers that guard a page."""

    def __init__(self, app: ASGIApp, ledger: str) -> None:
        self._app, self._ledger = app, ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, head = False, scope["method"] == "HEAD"
        asked = {**scope, "method": "GET"} if head else scope

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send({**message, "body": b""} if head and "body" in message else message)

        try:
            await self._app(asked, receive, sending)
        except ClientDisconnect:
            return
        except (Exception, asyncio.CancelledError) as error:
            self._note(asked, error)
            if not started:
                await _answer(Request(asked), error)(asked, receive, sending)

    def _note(self, scope: Scope, error: BaseException) -> None:
        """Log what the answer does not say."""
        known = _known(error)
        if known is _FAULT:
            what = "".join(traceback.format_exception(error))
        elif known is _LEDGER:
            what = f"{type(error).__name__}: {error}"
        else:
            return
        _log.error("%s %r: %s", scope["method"], scope["path"], without_passwords(what, self._ledger))


async def answer_to(request: Request, error: Exception) -> Response:
    """Answer an error that the framework would answer in its own way."""
    return _answer(request, error)


def without_passwords(text: str, ledger: str) -> str:
    """A text as a log may keep it: it names neither the address of a ledger nor its password."""
    if "://" not in ledger:
        return text
    url = make_url(ledger)
    written = re.search(r"//[^/@]*?:(.*)@", ledger)
    for secret in (ledger, url.password, written and written[1], url.query.get("password")):
        if isinstance(secret, str) and secret:
            text = text.replace(secret, "…")
    return text


def _known(error: BaseException) -> HTTPException:
    """What is said of an error."""
    match error:
        case HTTPException():
            return error
        case RequestValidationError():
            return HTTPException(422, what_is_wrong(error.errors()))
        case MissingError():
            return HTTPException(404, str(error))
        case SearchError() | CorrectionError():
            return HTTPException(422, str(error))
        case LedgerError() | SQLAlchemyError() | RecordError():  # what is stored is no record: the ledger is damaged
            return _LEDGER
        case asyncio.CancelledError():
            return _CLOSING
    return _FAULT


def _in_its_language(request: Request, error: BaseException, said: str, status: int) -> str:
    """What is said on a page. In Arabic the same is said of all errors of one kind: what only programs ask for, nobody sees there."""
    language = language_of(request)
    words = words_of()[language]
    match error:
        case RequestValidationError():
            return what_is_wrong(error.errors(), words)
        case CorrectionError():
            return said_of(request, error)
        case RefusedError():
            return said
    return said if language == "en" else words.get(f"told.{status}", words["told"])


def _answer(request: Request, error: BaseException) -> Response:
    known = _known(error)
    status, said, headers = known.status_code, str(known.detail), dict(known.headers or {})
    if request.scope["path"].startswith(("/api/", "/static/")):
        return JSONResponse({"detail": said}, status, headers)
    try:
        page = failed(request, _in_its_language(request, error, said, status), status)
        page.headers.update(headers)
        return page
    except Exception:  # an answer there is, whatever befell the page
        _log.exception("the page of an error failed")
        return PlainTextResponse(said, status, headers)
