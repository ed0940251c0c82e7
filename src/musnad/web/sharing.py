"""One statement to be passed on: its page, with the text ready to be copied, and its picture."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from musnad.errors import MissingError
from musnad.ledger.wording import record_of
from musnad.record import Record, Statement
from musnad.views.quotation import as_text, draw
from musnad.web import api
from musnad.web.dear import dear
from musnad.web.given import Text
from musnad.web.rendering import render

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
_Name = Annotated[str, Query(pattern=r"^s[0-9]{1,9}$")]
_KINDS = {"png": "image/png", "svg": "image/svg+xml"}


@router.get("/share")
def share(request: Request, ledger: api.TheLedger, article: Text, name: _Name) -> Response:
    """A statement as text and as a picture."""
    record, statement = _found(ledger, article, name)
    link = f"{str(request.base_url).rstrip('/')}/article/{quote(article, safe='')}#a1-{quote(name)}"
    asked = urlencode({"article": article, "name": name})
    return render(
        request, "share.html", record=record, s=statement, block=as_text(record, statement, record.url or link), here=link,
        pictures={kind: f"/share.{kind}?{asked}" for kind in _KINDS},
    )  # fmt: skip


@router.get("/share.{form}")
@dear
def picture(
    request: Request, ledger: api.TheLedger, article: Text, name: _Name, form: Annotated[Literal["png", "svg"], Path()]
) -> Response:
    """A statement as a picture, with its speaker, outlet and day."""
    drawn = BytesIO()
    draw(*_found(ledger, article, name), drawn, form)
    return Response(drawn.getvalue(), media_type=_KINDS[form])


def _found(ledger: api.TheLedger, article: str, name: str) -> tuple[Record, Statement]:
    record = record_of(ledger, article)
    for statement in record.statements:
        if statement.id == name:
            return record, statement
    raise MissingError(f"there is no {name} in {article}")
