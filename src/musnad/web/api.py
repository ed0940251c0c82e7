"""The interface for programs: JSON over HTTP, described at /api/openapi.json."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from musnad.errors import MissingError
from musnad.ledger import Ledger
from musnad.ledger.across import conflicts as disputes
from musnad.ledger.across import positions as lines
from musnad.ledger.across import promises as kept
from musnad.ledger.across import views
from musnad.ledger.across.pledges import Pledge
from musnad.ledger.across.pledges import pledges as in_words
from musnad.ledger.corrections import correct
from musnad.ledger.entities import Entity
from musnad.ledger.events import EventFilters, EventHit
from musnad.ledger.search import Filters, Hit
from musnad.ledger.stats import Row
from musnad.reader import Reader
from musnad.record import Document, EventType, Kind, Record, Stance, Status, span_schema
from musnad.web.outlets import Outlet, outlets

router = APIRouter(prefix="/api", tags=["ledger"])
LONGEST = 200_000  # characters of an article that is read at once
_ROWS = [
    Hit, Record, Entity, EventHit, views.Story, views.Article, views.Utterance, views.Happening, lines.Step, lines.Issue,
    kept.Promise, disputes.Conflict, Outlet, Row,
]  # fmt: skip
_, SCHEMAS = msgspec.json.schema_components(_ROWS, schema_hook=span_schema, ref_template="#/components/schemas/{name}")

Words = Annotated[str | None, Query(max_length=200)]
Day = Annotated[date | None, Query()]
Share = Annotated[float, Query(ge=0, le=1)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=100_000)]
Number = Annotated[int, Path(ge=1, le=2**53)]
Name = Annotated[str, Path(max_length=2000)]


def ledger_of(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


def reader_of(request: Request) -> Reader:
    reader: Reader = request.app.state.reader
    return reader


TheLedger = Annotated[Ledger, Depends(ledger_of)]
TheReader = Annotated[Reader, Depends(reader_of)]


class ToRead(BaseModel):
    """An article to be read."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    title: Annotated[str | None, Field(max_length=2000)] = None
    outlet: Annotated[str | None, Field(max_length=200)] = None
    published: date | None = None


class Correction(BaseModel):
    """What a statement should say; `remove` takes it out."""

    model_config = ConfigDict(extra="forbid")
    article: Annotated[str, Field(max_length=2000)]
    statement: Annotated[str, Field(max_length=20)]
    speaker: Annotated[str | None, Field(min_length=1, max_length=300)] = None
    stance: Stance | None = None
    kind: Kind | None = None
    remove: bool = False


def returns(kind: Any, *, many: bool = False) -> dict[int | str, dict[str, Any]]:
    """The description of what a route answers."""
    one = {"$ref": f"#/components/schemas/{kind.__name__}"}
    schema = {"type": "array", "items": one} if many else one
    problem = {"type": "object", "properties": {"detail": {}}}
    wrong = {"description": "Cannot be answered", "content": {"application/json": {"schema": problem}}}
    return {200: {"content": {"application/json": {"schema": schema}}}, 404: wrong, 422: wrong}


@router.get("/search", responses=returns(Hit, many=True))
def search(
    ledger: TheLedger, q: Annotated[str | None, Query(max_length=2000)] = None, speaker: Words = None, source: Words = None,
    stance: Stance | None = None, kind: Kind | None = None, outlet: Words = None, since: Day = None, until: Day = None,
    min_confidence: Share = 0, limit: Limit = 20, offset: Offset = 0,
) -> Response:  # fmt: skip
    """Find statements by their words (any spelling, "phrases", beginnings*), best first; without words the newest first."""
    filters = Filters(
        speaker=speaker, source=source, stance=stance, kind=kind, outlet=outlet, since=_day(since), until=_day(until),
        min_confidence=min_confidence,
    )  # fmt: skip
    found = (
        ledger.statements(filters, limit=limit, offset=offset)
        if q is None
        else ledger.search(q, filters, limit=limit, offset=offset)
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
        type=type, status=status, actor=actor, place=place, since=_day(since), until=_day(until),
        min_confidence=min_confidence,
    )  # fmt: skip
    return answer(ledger.events(chosen, limit=limit, offset=offset))


@router.get("/stories", responses=returns(views.Story, many=True))
def stories(ledger: TheLedger, since: Day = None, until: Day = None, limit: Limit = 20, offset: Offset = 0) -> Response:
    """Articles about one matter, the largest stories first."""
    with ledger.database.read() as bind:
        return answer(views.list_stories(bind, _day(since), _day(until), limit, offset, least=2))


@router.get("/stories/{number}", responses=returns(views.Article, many=True))
def story(ledger: TheLedger, number: Number) -> Response:
    """The articles of a story, each with the reason for which it belongs."""
    with ledger.database.read() as bind:
        return answer(views.story(bind, number)[1])


@router.get("/utterances", responses=returns(views.Utterance, many=True))
def utterances(
    ledger: TheLedger, since: Day = None, until: Day = None, limit: Limit = 20, offset: Offset = 0
) -> Response:
    """The sayings that most articles report."""
    with ledger.database.read() as bind:
        return answer(views.list_utterances(bind, _day(since), _day(until), limit, offset))


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
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """The events of which most articles tell."""
    with ledger.database.read() as bind:
        return answer(views.list_happenings(bind, _day(since), _day(until), limit, offset, kind=type))


@router.get("/happenings/{number}", responses=returns(views.Happening))
def happening(ledger: TheLedger, number: Number) -> Response:
    """An event with its accounts."""
    with ledger.database.read() as bind:
        return answer(views.happening(bind, number))


@router.get("/positions", responses=returns(lines.Step, many=True))
def positions(
    ledger: TheLedger, speaker: Annotated[str, Query(min_length=1, max_length=200)], issue: Annotated[str, Query(min_length=1, max_length=500)],
    since: Day = None, until: Day = None,
) -> Response:  # fmt: skip
    """What somebody says on an issue (a search), with reversals."""
    return answer(lines.line(ledger, speaker, issue, _day(since), _day(until)))


@router.get("/pledges", responses=returns(Pledge, many=True))
def pledges(
    ledger: TheLedger, state: kept.State | None = None, today: Day = None, since: Day = None, until: Day = None, limit: Limit = 20,
) -> Response:  # fmt: skip
    """Pledges and threats in words, newest first, as they stand on `today`."""
    return answer(in_words(ledger, today, state=state, since=_day(since), until=_day(until), limit=limit))


@router.get("/promises", responses=returns(kept.Promise, many=True))
def promises(
    ledger: TheLedger, state: kept.State | None = None, today: Day = None, since: Day = None, until: Day = None,
    limit: Limit = 20, offset: Offset = 0,
) -> Response:  # fmt: skip
    """What was announced, as it stands on `today`."""
    return answer(
        kept.promises(ledger, today, state=state, since=_day(since), until=_day(until), limit=limit, offset=offset)
    )


@router.get("/conflicts", responses=returns(disputes.Conflict, many=True))
def conflicts(
    ledger: TheLedger,
    kind: Literal["happening", "denial", "attribution"] | None = None,
    since: Day = None,
    until: Day = None,
    limit: Limit = 20,
) -> Response:
    """Accounts that cannot all be true, the gravest first."""
    return answer(disputes.conflicts(ledger, kind=kind, since=_day(since), until=_day(until), limit=limit))


@router.get("/outlets", responses=returns(Outlet, many=True))
def all_outlets(ledger: TheLedger, limit: Limit = 50) -> Response:
    """Outlets, with how much they carry and whom they relay."""
    with ledger.database.read() as bind:
        return answer(outlets(bind, limit))


@router.post("/read", responses=returns(Record))
def read(reader: TheReader, given: ToRead) -> Response:
    """Read an article; nothing is kept."""
    document = Document(
        id="given", text=given.text, title=given.title, outlet=given.outlet, published=_day(given.published)
    )
    return answer(reader.read(document).to_dict())


@router.post(
    "/corrections", status_code=204, response_class=Response, responses={404: {"description": "No such statement"}}
)
def put_right(ledger: TheLedger, given: Correction) -> None:
    """Put a statement right. The correction wins over the reading, and over later readings of the same text."""
    correct(ledger, given.article, given.statement, changes_of(given))


def changes_of(given: Correction) -> dict[str, Any] | None:
    if given.remove:
        return None
    changes: dict[str, Any] = {key: value for key in ("stance", "kind") if (value := getattr(given, key)) is not None}
    if given.speaker is not None:
        changes["speaker"] = {"name": given.speaker, "span": None, "entity": None}
    return changes


def answer(found: Any) -> Response:
    return Response(msgspec.json.encode(found), media_type="application/json")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
