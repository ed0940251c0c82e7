"""The pages for people: rendered here, without script; every view has a stable link and a download."""

from __future__ import annotations

from io import BytesIO
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from musnad.errors import MissingError
from musnad.ledger.across import views
from musnad.ledger.across.positions import defined, line, recurring
from musnad.ledger.across.promises import STATES
from musnad.ledger.corrections import corrected
from musnad.ledger.entities import Entity
from musnad.ledger.events import events_of_story
from musnad.ledger.search import Filters
from musnad.ledger.stats import stances_over_time, titles
from musnad.record import Record
from musnad.views.chain import draw_chain
from musnad.views.happened import draw_places
from musnad.views.page import marked_text
from musnad.views.plots import draw_over_time
from musnad.web import api
from musnad.web.company import company
from musnad.web.correcting import remembered
from musnad.web.dear import Queue, dear
from musnad.web.door import Door, address_of
from musnad.web.given import (
    DISPUTES,
    LONGEST,
    Filled,
    FormDay,
    Least,
    Name,
    Number,
    PageDay,
    PageDispute,
    PageNumber,
    PageState,
    PageType,
    Text,
    ToRead,
    as_date,
    checked,
)  # fmt: skip
from musnad.web.guard import COOKIE
from musnad.web.outlets import outlets
from musnad.web.rendering import asked, language_of, pieces, render, words_of

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
_SIZE = 20  # rows of a page
_CHECKED = 40  # statements that are like a claim
_PLEDGES = 30  # pledges shown beside what was announced
_OFTEN = 200  # events of a story that its map and timeline show


@router.get("/article/{article:path}")
def article(request: Request, ledger: api.TheLedger, article: Name) -> Response:
    record = ledger.document(article)
    if record is None:
        raise MissingError(f"there is no article {article}")
    with ledger.database.read() as bind:
        story, told, done = views.links_of(bind, article)
    return _article(
        request,
        record,
        story=story,
        told=told,
        done=done,
        kept=True,
        corrected=corrected(ledger, article),
        download=f"/api/articles/{quote(article, safe='')}",
    )


@router.get("/people")
def people(request: Request, ledger: api.TheLedger, name: Text = "") -> Response:
    found = ledger.entities(name or None, limit=100)
    return render(request, "people.html", people=found, name=name, download="/api/entities" + asked(name=name))


@router.get("/who/over-time.svg")
@dear
def over_time(request: Request, ledger: api.TheLedger, key: Text) -> Response:
    """What a person or organisation said, month by month and by stance, as a picture."""
    person = _person(ledger, key)
    stances = stances_over_time(ledger.database, [person.number])
    if not stances:
        raise MissingError(f"no statement of {key} has a day")
    drawn = BytesIO()
    draw_over_time(person.name, stances, drawn)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


def _person(ledger: api.TheLedger, key: str) -> Entity:
    found = ledger.entities(key, limit=1)
    if not found:
        raise MissingError(f"there is no entity {key}")
    return found[0]


@router.get("/who")
@dear
def who(request: Request, ledger: api.TheLedger, key: Text, issue: Text = "", min_confidence: Least = "") -> Response:
    """A person or organisation: what is said, on what, whom they meet, who quotes them."""
    person = _person(ledger, key)
    sure = float(min_confidence or 0)
    hits = ledger.statements(Filters(speaker=person.key, min_confidence=sure), limit=_SIZE)
    steps = line(ledger, person.key, issue, min_confidence=sure) if issue else []
    with ledger.database.read() as bind:
        meets, quoting, dated = company(bind, person.number)
    return render(
        request, "who.html", person=person, hits=[(hit, [(hit.words, False)]) for hit in hits], steps=steps, issue=issue, meets=meets,
        quoting=quoting, issues=recurring(ledger, person.key), known=defined(ledger),
        forms=titles(ledger.database, person.number), dated=dated, download="/api/search?" + urlencode({"speaker": person.key, "limit": 500}),
    )  # fmt: skip


@router.get("/stories")
def stories(
    request: Request, ledger: api.TheLedger, since: PageDay = None, until: PageDay = None, page: PageNumber = 0
) -> Response:
    with ledger.database.read() as bind:
        found = views.list_stories(bind, since, until, _SIZE + 1, page * _SIZE, least=2)
    return _listed(request, "stories", found, page, since, until)


@router.get("/story/{number}")
def story(request: Request, ledger: api.TheLedger, number: Number, min_confidence: Least = "") -> Response:
    with ledger.database.read() as bind:
        head, articles = views.story(bind, number)
        hits = events_of_story(bind, number, _OFTEN, float(min_confidence or 0))
    timeline = sorted((hit for hit in hits if hit.event["date"]), key=lambda hit: hit.event["date"]["start"])
    return render(
        request,
        "story.html",
        story=head,
        articles=articles,
        map=Markup(draw_places(hits)),
        timeline=timeline,
        download=f"/api/stories/{number}",
    )


@router.get("/utterances")
def utterances(
    request: Request,
    ledger: api.TheLedger,
    since: PageDay = None,
    until: PageDay = None,
    min_confidence: Least = "",
    page: PageNumber = 0,
) -> Response:
    with ledger.database.read() as bind:
        found = views.list_utterances(
            bind, since, until, _SIZE + 1, page * _SIZE, min_confidence=float(min_confidence or 0)
        )
    return _listed(request, "utterances", found, page, since, until, min_confidence=min_confidence)


@router.get("/utterance/{number}")
def utterance(request: Request, ledger: api.TheLedger, number: Number) -> Response:
    with ledger.database.read() as bind:
        found = views.utterance(bind, number)
    chain = Markup(draw_chain(found.reports, right_to_left=language_of(request) == "ar"))
    return render(request, "utterance.html", saying=found, chain=chain, download=f"/api/utterances/{number}")


@router.get("/happenings")
def happenings(
    request: Request,
    ledger: api.TheLedger,
    since: PageDay = None,
    until: PageDay = None,
    type: PageType = None,
    min_confidence: Least = "",
    page: PageNumber = 0,
) -> Response:
    with ledger.database.read() as bind:
        found = views.list_happenings(
            bind, since, until, _SIZE + 1, page * _SIZE, kind=type, min_confidence=float(min_confidence or 0)
        )
    wanted = asked(format="events-csv", since=since, until=until, type=type, min_confidence=min_confidence)
    return _listed(
        request, "happenings", found, page, since, until, type=type or "", min_confidence=min_confidence,
        csv="/api/export" + wanted,
    )  # fmt: skip


@router.get("/happening/{number}")
def happening(request: Request, ledger: api.TheLedger, number: Number) -> Response:
    with ledger.database.read() as bind:
        found = views.happening(bind, number)
    return render(request, "happening.html", told=found, download=f"/api/happenings/{number}")


@router.get("/promises")
def promises(
    request: Request,
    ledger: api.TheLedger,
    state: PageState = None,
    today: PageDay = None,
    since: PageDay = None,
    until: PageDay = None,
    min_confidence: Least = "",
    page: PageNumber = 0,
) -> Response:
    day, sure = as_date(today), float(min_confidence or 0)
    found = ledger.promises(
        day,
        state=state,
        since=since,
        until=until,
        limit=_SIZE + 1,
        offset=page * _SIZE,
        min_confidence=sure,
    )
    said = ledger.pledges(day, since=since, until=until, limit=_PLEDGES, min_confidence=sure) if not page else []
    return _listed(
        request, "promises", found, page, since, until, state=state or "", today=today, states=STATES,
        min_confidence=min_confidence,
        said=[pledge for pledge in said if state in {None, pledge.state}],
    )  # fmt: skip


@router.get("/conflicts")
@dear
def conflicts(
    request: Request,
    ledger: api.TheLedger,
    since: PageDay = None,
    until: PageDay = None,
    kind: PageDispute = None,
    min_confidence: Least = "",
) -> Response:
    found = ledger.conflicts(kind=kind, since=since, until=until, limit=40, min_confidence=float(min_confidence or 0))
    return _listed(
        request,
        "conflicts",
        found,
        0,
        since,
        until,
        size=40,
        kind=kind or "",
        disputes=DISPUTES,
        min_confidence=min_confidence,
    )


@router.get("/outlets")
def all_outlets(request: Request, ledger: api.TheLedger) -> Response:
    with ledger.database.read() as bind:
        found = outlets(bind, 50)
    return render(request, "outlets.html", outlets=found, download="/api/outlets")


@router.get("/check")
async def check(
    request: Request,
    ledger: api.TheLedger,
    claim: Text = "",
    since: PageDay = None,
    until: PageDay = None,
    min_confidence: Least = "",
) -> Response:
    """Who is said to have said so; without a claim the box for one."""
    filters = Filters(since=since, until=until, min_confidence=float(min_confidence or 0))
    found = await api.checked(request, ledger, claim, filters, _CHECKED) if claim.strip() else None
    shown = [(one, pieces(one.hit.words, one.hit.marks)) for one in found.reports] if found is not None else []
    wanted = asked(claim=claim, since=since, until=until, min_confidence=min_confidence)
    return render(
        request, "check.html", found=found, reports=shown, sent_to=request.app.state.sent_to,
        download=f"/api/check{wanted}" if found is not None else None,
    )  # fmt: skip


@router.get("/read")
def read(request: Request) -> Response:
    return render(request, "read.html", text="", message="", sent_to=request.app.state.sent_to)


@router.post("/read")
async def read_given(request: Request, text: Annotated[str, Form()] = "", published: FormDay = None) -> Response:
    given = {"text": text, "published": published}
    if not text.strip() or len(text) > LONGEST:
        return render(
            request,
            "read.html",
            422,
            text=text[:LONGEST],
            message=words_of()[language_of(request)]["text_bounds"].format(most=LONGEST),
            sent_to=request.app.state.sent_to,
        )
    article = api.document_of(checked(ToRead, given))

    async def read_and_show() -> Response:
        record = Record.from_dict(msgspec.json.decode(await request.app.state.reading.read(article)))
        return await run_in_threadpool(
            _article, request, record, story=None, told={}, done={}, kept=False, corrected={}, download=None
        )

    readings: Queue = request.app.state.readings
    return await readings.do(read_and_show)


@router.get("/login")
def login(request: Request) -> Response:
    return render(request, "login.html", message="")


@router.post("/login")
async def log_in(request: Request, token: Filled = "", author: Filled = "") -> Response:
    door: Door = request.app.state.door
    if not door.knows(address_of(request.scope.get("client")), token):
        return render(request, "login.html", 401, message=words_of()[language_of(request)]["wrong_token"])
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, door.cookie, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return remembered(request, answer, author) if author.strip() else answer


def _article(request: Request, record: Record, **values: Any) -> Response:
    return render(request, "article.html", record=record, text=Markup(marked_text(record, 1)), **values)


def _listed(
    request: Request,
    name: str,
    found: list[Any],
    page: int,
    since: str | None,
    until: str | None,
    size: int = _SIZE,
    **values: Any,
) -> Response:
    others = {key: values[key] for key in ("type", "state", "today", "kind", "min_confidence") if key in values}
    if page and not found:
        raise MissingError(f"there is no page {page}")
    return render(
        request, f"{name}.html", found=found[:size], page=page, more=len(found) > size, since=since, until=until,
        download=f"/api/{name}" + asked(since=since, until=until, **others), **values,
    )  # fmt: skip
