"""How a page is drawn: from its template, in the language that was chosen."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args
from urllib.parse import quote, unquote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from musnad.errors import CorrectionError
from musnad.ledger.watches import Wanted
from musnad.lexicon.tables import rows
from musnad.record import EventType, Kind, Stance, Status
from musnad.views.across import differences, handling
from musnad.views.counting import count
from musnad.views.labels import event_label, label
from musnad.web.given import Least

_LANGUAGES = {"ar": "rtl", "en": "ltr"}
_MENU = (
    "search",
    "check",
    "people",
    "stories",
    "utterances",
    "happenings",
    "promises",
    "conflicts",
    "outlets",
    "read",
)


@cache
def words_of() -> dict[str, dict[str, str]]:
    return {language: {row["key"]: row[language] for row in rows("interface.tsv")} for language in _LANGUAGES}


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("musnad.web"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["address"] = lambda text: quote(str(text), safe="")
    made.globals.update(
        differences=differences,
        percent=lambda share: f"{float(share):.0%}",
        handling=handling,
        stances=get_args(Stance),
        kinds=get_args(Kind),
        shares=[share for share in get_args(Least) if share],
        types=get_args(EventType),
        statuses=get_args(Status),
        menu=_MENU,
        filled=lambda query, names: any(query.get(name) for name in names),
        with_=lambda values, name, value: {**values, name: value},
    )
    return made


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the language that was chosen."""
    language = language_of(request)
    words = words_of()[language]

    def coded(code: str, event: bool = False) -> str:
        if language == "en":
            return code.replace("-", " ").lower()
        return event_label(code) if event else label(code)

    def counted(number: int, noun: str) -> str:
        return count(number, noun, language)

    def wanted(search: Wanted) -> Markup:
        """What is watched, in words."""
        said = [
            (words[key], coded(value) if key == "stance" else value)
            for key in ("words", "issue", "speaker", "outlet", "stance")
            if (value := getattr(search, key))
        ]
        if search.min_confidence:
            said.append((words["min_confidence"], f"{search.min_confidence:.0%}"))
        return Markup(" · ").join(Markup("{}: <bdi>{}</bdi>").format(key, value) for key, value in said)

    page = _templates().get_template(template)
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    html = page.render(
        w=words, lang=language, dir=_LANGUAGES[language], coded=coded, path=request.url.path, query=dict(query),
        other="en" if language == "ar" else "ar", secret=request.app.state.secret.value, link=_link, counted=counted, wanted=wanted,
        author=unquote(request.cookies.get("author", ""))[:300], **values,
    )  # fmt: skip
    answer = HTMLResponse(html, status)
    if request.query_params.get("lang") in _LANGUAGES:
        answer.set_cookie("lang", language, samesite="strict", httponly=True)
    return answer


def failed(request: Request, message: str, status: int) -> HTMLResponse:
    words = words_of()[language_of(request)]
    return render(request, "error.html", status, heading=words.get(f"error.{status}", words["error"]), message=message)


def said_of(request: Request, error: CorrectionError) -> str:
    """What is wrong with a correction, in the language of the page."""
    words = words_of()[language_of(request)]
    return words[f"error.{error.code}"].format(**error.given)


def pieces(words: str, marks: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it was asked for."""
    found, at = [], 0
    for start, end in marks:
        found += [(words[at:start], False), (words[start:end], True)]
        at = end
    return [*found, (words[at:], False)]


def _link(path: str, values: dict[str, Any]) -> str:
    """The address of a page. What is asked comes as a dict, since its names are whatever somebody wrote into an address."""
    asked = urlencode({key: value for key, value in values.items() if value not in {None, ""}})
    return f"{path}?{asked}" if asked else path


def language_of(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return asked if asked in _LANGUAGES else "ar"


def asked(**values: object) -> str:
    """The values that are given, as the end of an address: «?speaker=…»; nothing where none is."""
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""
