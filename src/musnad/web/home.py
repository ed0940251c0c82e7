"""The first page: what is in the ledger, what is new, the stories of its last week, and the boxes to begin with; and the search."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Connection

from musnad.errors import MissingError
from musnad.ledger import watches
from musnad.ledger.across import views
from musnad.ledger.days import day_number
from musnad.ledger.overview import Mark, New, Overview, new_after, new_of_day, overview
from musnad.ledger.search import Filters
from musnad.web import api
from musnad.web.given import Least, PageDay, PageKind, PageNumber, PageStance, Searched, Text
from musnad.web.rendering import asked, pieces, render

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
VISIT = "visit"  # the cookie: what was there at the visit before, and what is there now
_SIZE = 20  # rows of a page
_NEW, _STORIES = 8, 6  # articles and stories of the first page
_WEEK = 7  # days
_STAY = 3600  # seconds: what is asked for within them belongs to one visit
_YEAR = 365 * 86_400  # seconds
_ASKED = {"query", "q", "speaker", "source", "stance", "kind", "outlet", "since", "until", "min_confidence", "page"}


@router.get("/")
def home(request: Request, ledger: api.TheLedger) -> Response:
    """The first page. Addresses of searches, which once stood here, lead to them."""
    if _ASKED & set(request.query_params):
        return RedirectResponse(f"/search?{request.query_params}", 307)
    with ledger.database.read() as bind:
        held = overview(bind)
        before, kept = _visits(request.cookies.get(VISIT, ""), held.mark)
        told, since = _new(bind, held, before)
        week = _week(held.last_day)
        stories = views.list_stories(bind, *week, _STORIES, 0, least=2) if week else []
    watched = watches.counted(ledger, limit=_NEW)
    page = render(
        request, "home.html", held=held, new=told, since=since, week=week, stories=stories, watched=watched, most=watches.COUNTED,
        sent_to=request.app.state.sent_to,
    )  # fmt: skip
    secure = request.url.scheme == "https"
    page.set_cookie(VISIT, kept, max_age=_YEAR, httponly=True, samesite="strict", secure=secure)
    return page


@router.get("/search")
def search(
    request: Request, ledger: api.TheLedger, query: Searched = "", speaker: Text = "", source: Text = "", stance: PageStance = None,
    kind: PageKind = None, outlet: Text = "", since: PageDay = None, until: PageDay = None, min_confidence: Least = "", page: PageNumber = 0,
) -> Response:  # fmt: skip
    given: dict[str, Any] = {
        "speaker": speaker or None, "source": source or None, "stance": stance, "kind": kind, "outlet": outlet or None,
        "since": since, "until": until,
    }  # fmt: skip
    filters = Filters(**given, min_confidence=float(min_confidence or 0))
    limit, offset = _SIZE + 1, page * _SIZE
    if query.strip():
        hits = ledger.search(query, filters, limit=limit, offset=offset)
    else:
        hits = ledger.statements(filters, limit=limit, offset=offset)
    if page and not hits:
        raise MissingError(f"there is no page {page}")
    return render(
        request, "search.html", hits=[(hit, pieces(hit.words, hit.marks)) for hit in hits[:_SIZE]], page=page,
        more=len(hits) > _SIZE, download="/api/search" + asked(query=query, **given, min_confidence=min_confidence),
    )  # fmt: skip


def _visits(cookie: str, now: Mark) -> tuple[tuple[Mark, int] | None, str]:
    """The visit before, where there was one, and the cookie to keep: `article.statement.time` of it and of this one."""
    seen = [_visit(part) for part in cookie.split("-")][:2]
    before, last, *_ = [*seen, None, None]
    at = int(time.time())
    if last is None or at - last[1] > _STAY:
        before, since = last, at  # another visit begins
    else:
        since = last[1]
    kept = (before, (now, since))
    return before, "-".join(f"{one[0].article}.{one[0].statement}.{one[1]}" if one else "0" for one in kept)


def _visit(part: str) -> tuple[Mark, int] | None:
    numbers = part.split(".")
    if len(numbers) != 3 or not all(number.isascii() and number.isdigit() and len(number) < 12 for number in numbers):
        return None
    article, statement, at = map(int, numbers)
    return Mark(min(article, 2**31 - 1), min(statement, 2**31 - 1)), at


def _new(bind: Connection, held: Overview, before: tuple[Mark, int] | None) -> tuple[New | None, str | None]:
    """What came since the visit before, or what the newest day brought; and that day, or the day of the visit."""
    if before is not None:
        since = date.fromtimestamp(before[1]).isoformat()
        return new_after(bind, before[0], _NEW), since
    return (new_of_day(bind, held.last_day, _NEW), None) if held.last_day else (None, None)


def _week(last: str | None) -> tuple[str, str] | None:
    """The last days of the ledger that make a week."""
    if not day_number(last) or last is None:
        return None
    return (date.fromisoformat(last) - timedelta(days=_WEEK - 1)).isoformat(), last
