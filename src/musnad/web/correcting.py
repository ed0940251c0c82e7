"""Putting right on pages: the form for what stands there and for what was missed, the history with undo, the queue of what is doubtful."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup
from msgspec.structs import replace
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from musnad.errors import CorrectionError
from musnad.ledger import corrections, wording
from musnad.ledger.corrections import PartName
from musnad.ledger.events import EventFilters
from musnad.ledger.search import Filters
from musnad.record import Event, Record, Statement
from musnad.views.corrections import differences
from musnad.views.page import marked_text
from musnad.web import api
from musnad.web.dear import dear
from musnad.web.given import Filled, Least, Number, PageDay, PageNumber, Text, ToCorrect, ToUndo, checked, what_is_wrong
from musnad.web.rendering import asked, language_of, pieces, render, said_of, words_of

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
AUTHOR = "author"  # the cookie that keeps who corrects
_YEAR = 365 * 86_400  # seconds
_SIZE = 20  # rows of a page
_LISTS = ("sources", "actors", "recipients")
Which = Annotated[str, Query(pattern=r"^([se][0-9]{1,9})?$")]


_Text = Annotated[str | None, Field(max_length=20_000)]  # a list of names too, a line each


class Posted(BaseModel):
    """What the form sends: every field as it was filled in."""

    secret: Annotated[str, Field(max_length=300)]
    article: Annotated[str, Field(max_length=2000)]
    name: Annotated[str, Field(pattern=r"^([se][0-9]{1,9})?$")] = ""
    add: Literal["", "statement", "event"] = ""
    do: Literal["mend", "remove", "right"] = "mend"
    back: Literal["", "doubtful"] = ""
    words: _Text = None
    at: Annotated[str, Field(max_length=20)] = ""
    speaker: _Text = None
    addressee: _Text = None
    sources: _Text = None
    stance: _Text = None
    kind: _Text = None
    type: _Text = None
    status: _Text = None
    actors: _Text = None
    recipients: _Text = None
    place: _Text = None
    first_day: _Text = None
    last_day: _Text = None
    author: Annotated[str, Field(max_length=300)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""

    @property
    def part(self) -> PartName:
        return self.add or ("event" if self.name.startswith("e") else "statement")

    def wanted(self) -> ToCorrect:
        """The same as the interface for programs takes it. Raises `ValidationError`."""
        what: dict[str, Any] = {"add": self.add} if self.add else {self.part: self.name}
        fields: dict[str, Any] = {"article": self.article, "author": self.author, "note": self.note or None, **what}
        if self.do == "mend":
            fields |= self._filled()
        else:
            fields |= {self.do: True}
        return ToCorrect.model_validate(fields)

    def _filled(self) -> dict[str, Any]:
        """The fields of this part; what a text area brings has the line ends of the net."""
        filled: dict[str, Any] = {}
        for name in _FIELDS[self.part]:
            value = getattr(self, name)
            if value is not None:
                value = value.replace("\r\n", "\n")
                filled[name] = [line for line in value.split("\n") if line.strip()] if name in _LISTS else value
        if self.at.isascii() and self.at.isdigit():
            filled["at"] = int(self.at[:9])
        return {name: value for name, value in filled.items() if value != "" or name in _EMPTY}


_FIELDS: dict[str, tuple[str, ...]] = {
    "statement": ("words", "speaker", "addressee", "sources", "stance", "kind"),
    "event": ("words", "type", "status", "actors", "recipients", "place", "first_day", "last_day"),
}
_EMPTY = {"speaker", "words", "addressee", "place", "first_day", "last_day"}  # where an empty field says something


@router.get("/correct")
def form(
    request: Request, ledger: api.TheLedger, article: Text, name: Which = "", add: Literal["", "statement", "event"] = "",
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0, end: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    back: Literal["", "doubtful"] = "",
) -> Response:  # fmt: skip
    """The form for a statement or an event, filled in with what stands there, or for one that was missed."""
    record = wording.record_of(ledger, article)
    values: dict[str, Any] = {"article": article, "name": name, "add": add, "back": back}
    if add or not name:
        values |= {"add": add or "statement", "words": record.text[start:end]}
    else:
        values |= _values(_found(record, name))
    return _form(request, record, values)


@router.post("/correct")
@dear  # it waits for whoever writes
def put_right(request: Request, ledger: api.TheLedger, posted: Annotated[Posted, Form()]) -> Response:
    let_in(request, posted.secret)
    try:
        number = api.carried_out(ledger, posted.wanted())
    except (ValidationError, CorrectionError) as error:
        record = wording.record_of(ledger, posted.article)
        values = {key: value for key, value in posted.model_dump().items() if value is not None and key != "secret"}
        if isinstance(error, ValidationError):
            message = what_is_wrong(error.errors(), words_of()[language_of(request)])
        else:
            message = said_of(request, error)
        places = error.places if isinstance(error, wording.AmbiguousError) else []
        return _form(request, record, values, message=message, places=places, status=422)
    target = f"/doubtful{'/events' if posted.part == 'event' else ''}" if posted.back else _article(posted, number)
    return remembered(request, RedirectResponse(target, 303), posted.author)


@router.get("/corrections")
def history(request: Request, ledger: api.TheLedger, article: Text = "", page: PageNumber = 0) -> Response:
    """What was corrected, the latest first, each with its undo."""
    found = corrections.history(ledger, article or None, limit=_SIZE + 1, offset=page * _SIZE)
    rows = [(one, differences(one)) for one in found[:_SIZE]]
    return render(
        request, "corrections.html", found=rows, page=page, more=len(found) > _SIZE, article=article,
        download="/api/corrections" + asked(article=article),
    )  # fmt: skip


@router.post("/undo/{number}")
@dear
def undo(
    request: Request, ledger: api.TheLedger, number: Number, secret: Filled, author: Filled = ""
) -> Response:  # fmt: skip
    let_in(request, secret)
    given = checked(ToUndo, {"author": author})
    corrections.undo(ledger, number, author=given.author)
    return remembered(request, RedirectResponse("/corrections", 303), given.author)


@router.post("/author")
def who_corrects(
    request: Request, secret: Filled, author: Filled = "",
    back: Annotated[Literal["doubtful", "doubtful/events", "corrections"], Form()] = "doubtful",
) -> Response:  # fmt: skip
    """Keep who corrects, for the buttons of the queue and the history."""
    let_in(request, secret)
    return remembered(request, RedirectResponse(f"/{back}", 303), checked(ToUndo, {"author": author}).author)


@router.get("/doubtful")
def doubtful(
    request: Request, ledger: api.TheLedger, speaker: Text = "", outlet: Text = "", since: PageDay = None, until: PageDay = None,
    min_confidence: Least = "", page: PageNumber = 0,
) -> Response:  # fmt: skip
    """Statements that nobody has looked at, the least sure first."""
    filters = Filters(
        speaker=speaker or None,
        outlet=outlet or None,
        since=since,
        until=until,
        min_confidence=float(min_confidence or 0),
    )
    hits = ledger.statements(filters, limit=_SIZE + 1, offset=page * _SIZE, order="doubtful")
    return render(
        request, "doubtful.html", hits=[(hit, pieces(hit.words, hit.marks)) for hit in hits[:_SIZE]], told=None, page=page,
        more=len(hits) > _SIZE, download="/api/doubtful/statements"
        + asked(speaker=speaker, outlet=outlet, since=since, until=until, min_confidence=min_confidence),
    )  # fmt: skip


@router.get("/doubtful/events")
def doubtful_events(
    request: Request, ledger: api.TheLedger, actor: Text = "", since: PageDay = None, until: PageDay = None,
    min_confidence: Least = "", page: PageNumber = 0,
) -> Response:  # fmt: skip
    """Events that nobody has looked at, the least sure first."""
    chosen = EventFilters(actor=actor or None, since=since, until=until, min_confidence=float(min_confidence or 0))
    found = ledger.events(chosen, limit=_SIZE + 1, offset=page * _SIZE, order="doubtful")
    return render(
        request, "doubtful.html", hits=None, told=found[:_SIZE], page=page, more=len(found) > _SIZE,
        download="/api/doubtful/events" + asked(actor=actor, since=since, until=until, min_confidence=min_confidence),
    )  # fmt: skip


def _form(
    request: Request, record: Record, values: dict[str, Any], *, message: str = "", places: list[wording.Occurrence] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    part: PartName = values["add"] or ("event" if values["name"].startswith("e") else "statement")
    shown = record if values["add"] else _alone(record, values["name"])
    sentences = [(start, end, record.text[start:end]) for start, end in wording.sentences_of(record.text)]
    return render(
        request, "correct.html", status, record=record, part=part, values=values, message=message, places=places or [],
        text=Markup(marked_text(shown, 1)), sentences=sentences if values["add"] else [],
    )  # fmt: skip


def _found(record: Record, name: str) -> Statement | Event:
    both: list[Statement | Event] = [*record.statements, *record.events]
    for one in both:
        if one.id == name:
            return one
    raise HTTPException(404, f"there is no {name} in this article")


def _alone(record: Record, name: str) -> Record:
    """The record with one statement or event only, so that its evidence is what is marked."""
    return replace(
        record,
        statements=tuple(one for one in record.statements if one.id == name),
        events=tuple(one for one in record.events if one.id == name),
    )


def _values(one: Statement | Event) -> dict[str, Any]:
    """What stands in the fields of the form."""
    if isinstance(one, Statement):
        return {
            "words": one.text, "speaker": one.speaker.name, "addressee": one.addressee.name if one.addressee else "",
            "sources": "\n".join(source.name for source in one.sources), "stance": one.stance, "kind": one.kind,
        }  # fmt: skip
    return {
        "words": " … ".join(span.text for span in one.triggers), "type": one.type, "status": one.status,
        "actors": "\n".join(party.name for party in one.actors), "recipients": "\n".join(party.name for party in one.recipients),
        "place": one.place.name if one.place else "", "first_day": one.date.start if one.date else "",
        "last_day": one.date.end if one.date else "",
    }  # fmt: skip


def _article(posted: Posted, number: int) -> str:
    """The page to go on with: the card that was corrected, or the article."""
    anchor = f"#card-{posted.name}" if posted.name and posted.do != "remove" else f"?corrected={number}"
    return f"/article/{quote(posted.article, safe='')}{anchor}"


def let_in(request: Request, secret: str) -> None:
    if not request.app.state.secret.fits(secret):
        raise HTTPException(403, "the form is too old; open the article again")


def remembered(request: Request, answer: Response, author: str) -> Response:
    """Keep who corrects, so that the name need not be written again."""
    secure = request.url.scheme == "https"
    answer.set_cookie(AUTHOR, quote(author.strip()), max_age=_YEAR, httponly=True, samesite="strict", secure=secure)
    return answer
