"""Watchlists on pages: to see, to make, to forget, and each as an Atom feed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from musnad.errors import MissingError
from musnad.ledger import watches
from musnad.ledger.across.positions import defined
from musnad.ledger.search import Hit
from musnad.views.atom import as_atom
from musnad.web import api
from musnad.web.correcting import let_in
from musnad.web.dear import dear
from musnad.web.door import Door, WatchFeed
from musnad.web.given import Filled, LastStatement, Least, PageNumber, PageStance, Text, ToWatch, checked
from musnad.web.guard import FEED
from musnad.web.rendering import pieces, render

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
_SIZE = 20  # rows of a page
_FED = 50  # entries of a feed


@router.get("/watches")
def all_watches(
    request: Request, ledger: api.TheLedger, words: Text = "", speaker: Text = "", issue: Text = "", outlet: Text = "",
    stance: PageStance = None, min_confidence: Least = "",
) -> Response:  # fmt: skip
    """The watches, each with how much is new in it, and the form for another one, filled in with the search it was asked from."""
    values = {
        "words": words, "speaker": speaker, "issue": issue, "outlet": outlet, "stance": stance or "", "min_confidence": min_confidence,
    }  # fmt: skip
    return render(
        request, "watches.html", found=watches.counted(ledger), most=watches.COUNTED, values=values, issues=[one.name for one in defined(ledger)],
        download="/api/watches",
    )  # fmt: skip


@router.post("/watches")
@dear  # it waits for whoever writes
def save(
    request: Request, ledger: api.TheLedger, secret: Filled, name: Filled = "", words: Filled = "", speaker: Filled = "",
    issue: Filled = "", outlet: Filled = "", stance: Filled = "", min_confidence: Filled = "",
) -> Response:  # fmt: skip
    let_in(request, secret)
    values: dict[str, Any] = {
        "name": name, "words": words, "speaker": speaker or None, "issue": issue or None, "outlet": outlet or None,
        "stance": stance or None, "min_confidence": min_confidence or 0,
    }  # fmt: skip
    given = checked(ToWatch, values)
    watches.save(ledger, given.name, given.wanted())
    return RedirectResponse(_address(given.name), 303)


@router.post("/watches/forget")
@dear
def forget(request: Request, ledger: api.TheLedger, secret: Filled, name: Filled = "") -> Response:
    let_in(request, secret)
    watches.forget(ledger, name)
    return RedirectResponse("/watches", 303)


@router.post("/watches/seen")
@dear
def seen(
    request: Request, ledger: api.TheLedger, secret: Filled, name: Filled = "", last: LastStatement = 0
) -> Response:
    """Let what the page showed count as told; what came in the meantime stays new."""
    let_in(request, secret)
    watches.told(ledger, watches.watch(ledger, name), last)
    return RedirectResponse(_address(name), 303)


@router.get("/watch")
def watch(request: Request, ledger: api.TheLedger, name: Text, page: PageNumber = 0) -> Response:
    """What a watch finds, the newest first, and the button for having seen what is new."""
    one = watches.watch(ledger, name)
    fresh, last = watches.count(ledger, one)
    hits = watches.hits(ledger, one, limit=_SIZE + 1, offset=page * _SIZE)
    return render(
        request, "watch.html", watch=one, hits=[(hit, pieces(hit.words, hit.marks)) for hit in hits[:_SIZE]], page=page,
        more=len(hits) > _SIZE, feed=_feed(request, one), fresh=fresh, most=watches.COUNTED, last=last, download="/api/watch?" + urlencode({"name": one.name}),
    )  # fmt: skip


@router.get(FEED)
def feed(request: Request, ledger: api.TheLedger, name: Text, made: Text = "") -> Response:
    """A watch as an Atom feed. Where an address says when the watch was made, it opens no later one of that name."""
    one = watches.watch(ledger, name)
    if made and made != one.made:
        raise MissingError(f"the watch {name!r} of {made} was forgotten")
    here = str(request.base_url).rstrip("/")

    def address(hit: Hit) -> str:
        return f"{here}/article/{quote(hit.article, safe='')}#a1-{hit.statement['id']}"

    found = watches.hits(ledger, one, limit=_FED)
    body = as_atom(one, found, here + _feed(request, one), here + _address(one.name), address)
    return Response(body, media_type="application/atom+xml")


def _address(name: str) -> str:
    return "/watch?" + urlencode({"name": name})


def _feed(request: Request, watch: watches.Watch) -> str:
    """The address of a feed; where a token is asked for it holds a key of this feed alone, since feed readers cannot log in."""
    door: Door = request.app.state.door
    key = {} if door.open else {"made": watch.made, "key": door.key_of(WatchFeed(watch.name, watch.made))}
    return f"{FEED}?" + urlencode({"name": watch.name} | key)
