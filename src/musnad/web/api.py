"""The interface for programs: JSON over HTTP, described at /api/openapi.json."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from musnad.errors import MissingError, RecordError
from musnad.ledger import Ledger, claims, corrections, watches, wording
from musnad.ledger.across import views
from musnad.ledger.across.conflicts import Conflict
from musnad.ledger.across.pledges import Pledge
from musnad.ledger.across.positions import Issue, Step, line
from musnad.ledger.across.promises import Promise, State
from musnad.ledger.claims import Checked
from musnad.ledger.entities import Entity
from musnad.ledger.events import EventFilters, EventHit
from musnad.ledger.search import Filters, Hit
from musnad.ledger.stats import Statistic
from musnad.record import Document, EventType, Kind, Record, Stance, Status, span_schema
from musnad.web.dear import Queue, dear
from musnad.web.given import (
    ArticleId,
    Claimed,
    Day,
    Dispute,
    IssueQuery,
    Limit,
    Name,
    Number,
    Offset,
    Share,
    Sought,
    Speaker,
    ToCorrect,
    ToRead,
    ToUndo,
    ToWatch,
    Words,
    as_date,
)  # fmt: skip
from musnad.web.outlets import Outlet, outlets

SCHEMAS: dict[str, Any] = {
    "Problem": {
        "type": "object", "required": ["detail"],
        "properties": {"detail": {"type": "string", "description": "What is wrong, in a sentence"}},
    }
}  # fmt: skip
_PROBLEM = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEMS = {
    400: "The server does not go by the name that it was asked by, or the body cannot be read",
    401: "A token is needed",
    403: "Another site may not change anything",
    404: "There is no such thing in the ledger",
    413: "The request is too large",
    422: "Something in the request is not as described",
    429: "Too many requests, or too many wrong tokens; wait as long as Retry-After says",
    500: "The server failed at this; its log says why",
    503: "The ledger cannot be asked now, or the server is busy with dear requests",
}
router = APIRouter(
    prefix="/api", tags=["ledger"],
    responses={status: {"description": said, "content": _PROBLEM} for status, said in _PROBLEMS.items()},
)  # fmt: skip
_ROWS = [
    Hit, Record, Entity, EventHit, views.Story, views.Article, views.Utterance, views.Happening, Step, Issue,
    Promise, Pledge, Conflict, Outlet, Statistic, Checked,
    corrections.Correction,
    watches.Watch,
]  # fmt: skip
SCHEMAS |= msgspec.json.schema_components(_ROWS, schema_hook=span_schema, ref_template="#/components/schemas/{name}")[1]


async def ledger_of(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


TheLedger = Annotated[Ledger, Depends(ledger_of)]


def returns(kind: Any, *, many: bool = False) -> dict[int | str, dict[str, Any]]:
    """The description of what a route answers."""
    one = {"$ref": f"#/components/schemas/{kind.__name__}"}
    schema = {"type": "array", "items": one} if many else one
    return {200: {"content": {"application/json": {"schema": schema}}}}


@router.get("/search", responses=returns(Hit, many=True))
def search(
    ledger: TheLedger, query: Sought = None, speaker: Words = None, source: Words = None,
    stance: Stance | None = None, kind: Kind | None = None, outlet: Words = None, since: Day = None, until: Day = None,
    min_confidence: Share = 0, limit: Limit = 20, offset: Offset = 0,
) -> Response:  # fmt: skip
    """Find statements by their words (any spelling, "phrases", beginnings*), best first; without words the newest first."""
    filters = Filters(
        speaker=speaker, source=source, stance=stance, kind=kind, outlet=outlet, since=since, until=until,
        min_confidence=min_confidence,
    )  # fmt: skip
    found = (
        ledger.statements(filters, limit=limit, offset=offset)
        if query is None
        else ledger.search(query, filters, limit=limit, offset=offset)
    )
    return answer(found)


@router.get("/articles/{article:path}", responses=returns(Record))
def article(ledger: TheLedger, article: Name) -> Response:
    """An article with all that was read in it."""
    record = ledger.document(article)
    if record is None:
        raise MissingError(f"there is no article {article}")
    return answer(record.to_dict())


@router.get("/entities", responses=returns(Entity, many=True))
def entities(ledger: TheLedger, name: Words = None, limit: Limit = 50) -> Response:
    """Who speaks, most statements first."""
    return answer(ledger.entities(name, limit=limit))


@router.get("/events", responses=returns(EventHit, many=True))
def events(
    ledger: TheLedger, type: EventType | None = None, status: Status | None = None, actor: Words = None, place: Words = None,
    since: Day = None, until: Day = None, min_confidence: Share = 0, limit: Limit = 20, offset: Offset = 0,
) -> Response:  # fmt: skip
    """Events, the latest first; `actor` on either side."""
    chosen = EventFilters(
        type=type, status=status, actor=actor, place=place, since=since, until=until,
        min_confidence=min_confidence,
    )  # fmt: skip
    return answer(ledger.events(chosen, limit=limit, offset=offset))


@router.get("/doubtful/statements", responses=returns(Hit, many=True))
def doubtful_statements(
    ledger: TheLedger, speaker: Words = None, outlet: Words = None, since: Day = None, until: Day = None, min_confidence: Share = 0,
    limit: Limit = 20, offset: Offset = 0,
) -> Response:  # fmt: skip
    """Statements that nobody has looked at, the least sure first."""
    filters = Filters(speaker=speaker, outlet=outlet, since=since, until=until, min_confidence=min_confidence)
    return answer(ledger.statements(filters, limit=limit, offset=offset, order="doubtful"))


@router.get("/doubtful/events", responses=returns(EventHit, many=True))
def doubtful_events(
    ledger: TheLedger, actor: Words = None, since: Day = None, until: Day = None, min_confidence: Share = 0, limit: Limit = 20,
    offset: Offset = 0,
) -> Response:  # fmt: skip
    """Events that nobody has looked at, the least sure first."""
    chosen = EventFilters(actor=actor, since=since, until=until, min_confidence=min_confidence)
    return answer(ledger.events(chosen, limit=limit, offset=offset, order="doubtful"))


@router.get("/watches", responses=returns(watches.Watch, many=True))
def all_watches(ledger: TheLedger) -> Response:
    """The searches that are watched."""
    return answer(watches.listed(ledger))


@router.get("/watch", responses=returns(Hit, many=True))
def watch(ledger: TheLedger, name: Speaker, limit: Limit = 20, offset: Offset = 0) -> Response:
    """What a watch finds, the newest first."""
    return answer(watches.hits(ledger, watches.watch(ledger, name), limit=limit, offset=offset))


@router.post("/watches", responses=returns(watches.Watch))
@dear
def save_watch(request: Request, ledger: TheLedger, given: ToWatch) -> Response:
    """Keep a search under a name, in place of one that has it."""
    return answer(watches.save(ledger, given.name, given.wanted()))


@router.delete("/watch", status_code=204, response_class=Response)
@dear
def forget_watch(request: Request, ledger: TheLedger, name: Speaker) -> Response:
    """Forget a watch."""
    watches.forget(ledger, name)
    return Response(status_code=204)


@router.get("/stories", responses=returns(views.Story, many=True))
def stories(ledger: TheLedger, since: Day = None, until: Day = None, limit: Limit = 20, offset: Offset = 0) -> Response:
    """Articles about one matter, the largest stories first."""
    with ledger.database.read() as bind:
        return answer(views.list_stories(bind, since, until, limit, offset, least=2))


@router.get("/stories/{number}", responses=returns(views.Article, many=True))
def story(ledger: TheLedger, number: Number) -> Response:
    """The articles of a story, each with the reason for which it belongs."""
    with ledger.database.read() as bind:
        return answer(views.story(bind, number)[1])


@router.get("/utterances", responses=returns(views.Utterance, many=True))
def utterances(
    ledger: TheLedger,
    since: Day = None,
    until: Day = None,
    min_confidence: Share = 0,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """The sayings that most articles report."""
    with ledger.database.read() as bind:
        return answer(views.list_utterances(bind, since, until, limit, offset, min_confidence=min_confidence))


@router.get("/utterances/{number}", responses=returns(views.Utterance))
def utterance(ledger: TheLedger, number: Number) -> Response:
    """A saying with its reports."""
    with ledger.database.read() as bind:
        return answer(views.utterance(bind, number))


@router.get("/happenings", responses=returns(views.Happening, many=True))
def happenings(
    ledger: TheLedger,
    type: EventType | None = None,
    since: Day = None,
    until: Day = None,
    min_confidence: Share = 0,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """The events of which most articles tell."""
    with ledger.database.read() as bind:
        return answer(
            views.list_happenings(bind, since, until, limit, offset, kind=type, min_confidence=min_confidence)
        )


@router.get("/happenings/{number}", responses=returns(views.Happening))
def happening(ledger: TheLedger, number: Number) -> Response:
    """An event with its accounts."""
    with ledger.database.read() as bind:
        return answer(views.happening(bind, number))


@router.get("/positions", responses=returns(Step, many=True))
def positions(
    ledger: TheLedger, speaker: Speaker, issue: IssueQuery, since: Day = None, until: Day = None, min_confidence: Share = 0,
) -> Response:  # fmt: skip
    """What somebody says on an issue (a search), with reversals."""
    return answer(line(ledger, speaker, issue, since, until, min_confidence=min_confidence))


@router.get("/pledges", responses=returns(Pledge, many=True))
def pledges(
    ledger: TheLedger, state: State | None = None, today: Day = None, since: Day = None, until: Day = None,
    min_confidence: Share = 0, limit: Limit = 20,
) -> Response:  # fmt: skip
    """Pledges and threats in words, newest first, as they stand on `today`."""
    return answer(
        ledger.pledges(
            as_date(today), state=state, since=since, until=until, limit=limit, min_confidence=min_confidence
        )
    )


@router.get("/promises", responses=returns(Promise, many=True))
def promises(
    ledger: TheLedger, state: State | None = None, today: Day = None, since: Day = None, until: Day = None,
    min_confidence: Share = 0, limit: Limit = 20, offset: Offset = 0,
) -> Response:  # fmt: skip
    """What was announced, as it stands on `today`."""
    return answer(
        ledger.promises(
            as_date(today),
            state=state,
            since=since,
            until=until,
            limit=limit,
            offset=offset,
            min_confidence=min_confidence,
        )
    )


@router.get("/conflicts", responses=returns(Conflict, many=True))
@dear
def conflicts(
    request: Request,
    ledger: TheLedger,
    kind: Dispute | None = None,
    since: Day = None,
    until: Day = None,
    min_confidence: Share = 0,
    limit: Limit = 20,
) -> Response:
    """Accounts that cannot all be true, the gravest first."""
    return answer(ledger.conflicts(kind=kind, since=since, until=until, limit=limit, min_confidence=min_confidence))


@router.get("/outlets", responses=returns(Outlet, many=True))
def all_outlets(ledger: TheLedger, limit: Limit = 50) -> Response:
    """Outlets, with how much they carry and whom they relay."""
    with ledger.database.read() as bind:
        return answer(outlets(bind, limit))


@router.get("/check", responses=returns(Checked))
async def check(
    request: Request,
    ledger: TheLedger,
    claim: Claimed,
    since: Day = None,
    until: Day = None,
    min_confidence: Share = 0,
    limit: Limit = 20,
) -> Response:
    """Look a claim up: who is said to have said so, in which words, on whose report, and who denies it."""
    return answer(
        await checked(request, ledger, claim, Filters(since=since, until=until, min_confidence=min_confidence), limit)
    )


async def checked(request: Request, ledger: Ledger, claim: str, filters: Filters, limit: int) -> Checked:
    """Read a claim and look it up. Raises a 422 for one that is no text."""
    try:
        article = claims.document_of(claim)
    except RecordError:
        raise HTTPException(422, "claim: not a text that can be read") from None
    readings: Queue = request.app.state.readings
    record = await readings.do(lambda: request.app.state.reading.read(article))
    found = claims.claim_of(Record.from_dict(msgspec.json.decode(record)))
    return await run_in_threadpool(claims.check, ledger, found, filters, limit)


@router.post("/read", responses=returns(Record))
async def read(request: Request, given: ToRead) -> Response:
    """Read an article; nothing is kept."""
    article = document_of(given)
    readings: Queue = request.app.state.readings
    record = await readings.do(lambda: request.app.state.reading.read(article))
    return Response(record, media_type="application/json")


def document_of(given: ToRead) -> Document:
    try:
        return Document(id="given", **given.model_dump())
    except RecordError:  # what it says shows the value
        raise HTTPException(422, "body: not an article that can be kept") from None


@router.get("/corrections", responses=returns(corrections.Correction, many=True))
def history(ledger: TheLedger, article: ArticleId = None, limit: Limit = 50, offset: Offset = 0) -> Response:
    """What was corrected, the latest first, with who, when and why, and what was undone."""
    return answer(corrections.history(ledger, article, limit=limit, offset=offset))


@router.post("/corrections", responses=returns(corrections.Correction))
@dear  # it waits for whoever writes
def put_right(request: Request, ledger: TheLedger, given: ToCorrect) -> Response:
    """Put a statement or an event right, or add one. The correction wins over the reading, and over later readings of the same text."""
    return answer(corrections.correction(ledger, carried_out(ledger, given)))


@router.post("/corrections/{number}/undo", responses=returns(corrections.Correction))
@dear
def undo(request: Request, ledger: TheLedger, number: Number, given: ToUndo) -> Response:
    """Let a correction count no more."""
    return answer(corrections.undo(ledger, number, author=given.author))


def carried_out(ledger: Ledger, given: ToCorrect) -> int:
    """Do what is asked for and return the number of the correction."""
    if given.add is not None:
        return wording.add(ledger, given.article, given.add, given.given(), author=given.author, note=given.note)
    name = given.statement or given.event or ""
    do: wording.Do = "remove" if given.remove else "right" if given.right else "mend"
    return wording.carry_out(ledger, given.article, name, given.given(), do, author=given.author, note=given.note)


def answer(found: Any) -> Response:
    return Response(msgspec.json.encode(found), media_type="application/json")
