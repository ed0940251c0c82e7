"""Taking a ledger away over HTTP: the formats of `musnad export`, with the same filters."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from musnad.exports import formats, rows_of, unfit
from musnad.ledger.events import EventFilters
from musnad.ledger.search import Filters
from musnad.record import EventType, Kind, Stance, Status
from musnad.web import api
from musnad.web.dear import export_in_turn
from musnad.web.given import Day, Share, Sought, Words

router = APIRouter(prefix="/api", tags=api.router.tags, responses=api.router.responses)
ExportFormat = Annotated[str, Query(alias="format", max_length=40, json_schema_extra={"enum": sorted(formats())})]
_KINDS = {
    ".csv": "text/csv; charset=utf-8", ".tsv": "text/tab-separated-values; charset=utf-8", ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
}  # fmt: skip
_PIECE = 1 << 16  # bytes that are sent at once
_ANSWER = {kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS.values()}


@router.get("/export", response_class=Response, responses={200: {"content": _ANSWER}})
@export_in_turn
def export(
    request: Request, ledger: api.TheLedger, form: ExportFormat, query: Sought = None, speaker: Words = None, source: Words = None,
    stance: Stance | None = None, kind: Kind | None = None, outlet: Words = None, type: EventType | None = None,
    status: Status | None = None, actor: Words = None, place: Words = None, since: Day = None, until: Day = None,
    min_confidence: Share = 0,
) -> Response:  # fmt: skip
    """Take the ledger away, or the rows of a search: formats of events take the filters of /api/events, others those of /api/search."""
    module = formats().get(form)
    if module is None:
        raise HTTPException(422, f"format: there are {', '.join(sorted(formats()))}")
    asked = {
        "query": query, "speaker": speaker, "source": source, "stance": stance, "kind": kind, "outlet": outlet, "type": type,
        "status": status, "actor": actor, "place": place,
    }  # fmt: skip
    if wrong := unfit(module, [name for name, value in asked.items() if value is not None]):
        raise HTTPException(422, wrong)
    filters = Filters(
        speaker=speaker, source=source, stance=stance, kind=kind, outlet=outlet, since=since, until=until,
        min_confidence=min_confidence,
    )  # fmt: skip
    events = EventFilters(
        type=type, status=status, actor=actor, place=place, since=since, until=until, min_confidence=min_confidence
    )
    stream = _written(module, rows_of(module, ledger, query, filters, events))
    what = module.ROWS if module.ENDING[1:] in module.NAME else module.NAME
    name = f"musnad-{what}{module.ENDING}"
    return StreamingResponse(
        _sent(stream), media_type=_KINDS.get(module.ENDING, "application/octet-stream"),
        headers={"content-disposition": f'attachment; filename="{name}"', "content-length": str(stream.tell())},
    )  # fmt: skip


def _written(module: Any, rows: Iterator[Any]) -> IO[bytes]:
    """The whole export in a file that nobody else sees: what fails is an answer yet, and half of an export never goes out."""
    stream = TemporaryFile()  # noqa: SIM115  (closed when it is sent)
    try:
        module.write(rows, stream)
    except BaseException:
        stream.close()
        raise
    return stream


def _sent(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        stream.seek(0)
        while piece := stream.read(_PIECE):
            yield piece
