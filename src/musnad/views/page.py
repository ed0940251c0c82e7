"""A record as one self-contained page: the article from right to left, evidence highlighted, statements beside it.

Spans are drawn here, in code points; the page needs no script and no network. Everything from the
article is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from musnad.record import Event, Party, Record, Statement
from musnad.views.labels import event_label, label
from musnad.views.why import why, why_event


def render_page(records: Iterable[Record], reasons: Mapping[str, dict[str, Any]] | None = None) -> str:
    """Return one HTML page with the records, each an article with its statements beside it.

    `reasons` holds, by record, what `Reader.explain` says of its statements and events; it is folded below each of them.
    """
    style = (files("musnad.views") / "page.css").read_text(encoding="utf-8")
    given = reasons or {}
    body = "\n".join(_article(record, number, given.get(record.id, {})) for number, record in enumerate(records, 1))
    return (
        '<!doctype html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>مُسنَد</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def render_inset(record: Record) -> str:
    """Return the page of a record as a frame within another page, such as a notebook: neither changes how the other looks."""
    page = escape(render_page([record]))
    return f'<iframe sandbox srcdoc="{page}" title="{escape(record.id)}" style="width: 100%; height: 30em; border: 1px solid #8888"></iframe>'


def _article(record: Record, number: int, reasons: Mapping[str, dict[str, Any]]) -> str:
    day = f'<time dir="ltr">{escape(record.published)}</time>' if record.published else ""
    facts = " · ".join(filter(None, (escape(record.outlet or ""), day)))
    count = len(record.statements)
    cards = "\n".join(
        _card(statement, number, reasons.get("statements", {}).get(statement.id)) for statement in record.statements
    )
    notes = "".join(
        f"<li>{escape(label(note.code))} {'<q>' + escape(note.span.text) + '</q>' if note.span else ''} {escape(note.detail or '')}</li>"
        for note in record.notes
    )
    return (
        f'<main class="record"><article><p class="facts">{facts}</p>{marked_text(record, number)}</article>\n'
        f'<section aria-label="الأقوال"><h2>الأقوال <small>{count}</small></h2>{cards}'
        + _events(record, reasons.get("events", {}))
        + (f'<ul class="notes">{notes}</ul>' if notes else "")
        + "</section></main>"
    )


def marked_text(record: Record, number: int) -> str:
    """Return the article as HTML with its evidence marked: marks nest or are cut where they cross, so that the page is well formed."""
    marks: list[tuple[int, int, str, str]] = []
    for statement in record.statements:
        for at, span in enumerate(statement.content):
            anchor = f' id="a{number}-{statement.id}"' if at == 0 else ""
            marks.append(
                (
                    span.start,
                    span.end,
                    f'<mark class="content {statement.kind}"{anchor} title="{escape(statement.speaker.name)}">',
                    "</mark>",
                )
            )
        if statement.cue:
            marks.append(
                (
                    statement.cue.start,
                    statement.cue.end,
                    f'<b class="cue" title="{escape(label(statement.stance))}">',
                    "</b>",
                )
            )
        parties = [
            ("speaker", statement.speaker),
            ("told", statement.addressee),
            *(("source", s) for s in statement.sources),
        ]
        for role, party in parties:
            if party and party.span:
                marks.append(
                    (party.span.start, party.span.end, f'<span class="{role}" title="{escape(party.name)}">', "</span>")
                )
    marks += [
        (span.start, span.end, f'<u class="trigger" title="{event_label(event.type)}">', "</u>")
        for event in record.events
        for span in event.triggers
    ]
    out: list[str] = []
    for start, end in _lines(record.text):
        if record.text[start:end].strip():
            tag = "h1" if not out else "p"
            out.append(f"<{tag}>{_marked(record.text, start, end, marks)}</{tag}>")
    return "\n".join(out)


def _lines(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _marked(text: str, start: int, end: int, marks: list[tuple[int, int, str, str]]) -> str:
    inside = sorted(
        ((max(a, start), min(b, end), open_, close) for a, b, open_, close in marks if a < end and b > start),
        key=lambda m: (m[0], -m[1]),
    )
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    at = start
    for a, b, open_, close in inside:
        while stack and stack[-1][0] <= a:
            stop, closing = stack.pop()
            out += [escape(text[at:stop]), closing]
            at = stop
        out += [escape(text[at:a]), open_]
        at = a
        stack.append((min(b, stack[-1][0]) if stack else b, close))
    while stack:
        stop, closing = stack.pop()
        out += [escape(text[at:stop]), closing]
        at = stop
    out.append(escape(text[at:end]))
    return "".join(out)


def _card(statement: Statement, number: int, reasons: dict[str, Any] | None) -> str:
    rows = [("القائل", _party(statement.speaker))]
    if statement.addressee:
        rows.append(("إلى", _party(statement.addressee)))
    rows += [("عن", _party(source)) for source in statement.sources]
    if statement.within:
        rows.append(("داخل", f'<a href="#a{number}-{escape(statement.within)}">{escape(statement.within[1:])}</a>'))
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    cue = escape(statement.cue.text) if statement.cue else "—"
    return (
        f'<div class="card {statement.kind}{" inner" if statement.within else ""}"><header><a href="#a{number}-{statement.id}">{statement.id[1:]}</a>'
        f'<span class="stance">{escape(label(statement.stance))}</span><span class="kind">{label(statement.kind)}</span>{_doubt(statement.confidence)}<span class="word">{cue}</span></header>'
        f"<blockquote>{escape(statement.text)}</blockquote><dl>{facts}</dl>{why(reasons) if reasons else ''}</div>"
    )


def _doubt(confidence: float) -> str:
    return f'<span class="doubt" title="{label("confidence")}" dir="ltr">{confidence:.0%}</span>'


def _events(record: Record, reasons: Mapping[str, Any]) -> str:
    """The events as cards on a line of time, the dated ones in the order of their days."""
    if not record.events:
        return ""
    dated = sorted((e for e in record.events if e.date), key=lambda event: event.date.start if event.date else "")
    cards = "".join(
        _event(event, reasons.get(event.id)) for event in [*dated, *(e for e in record.events if not e.date)]
    )
    return f'<h2>الأحداث <small>{len(record.events)}</small></h2><ol class="events">{cards}</ol>'


def _event(event: Event, reasons: dict[str, Any] | None) -> str:
    rows = [("الفاعل", party) for party in event.actors] + [("المتلقي", party) for party in event.recipients]
    rows += [("أين", event.place)] if event.place else []
    facts = "".join(f"<dt>{name}</dt><dd>{_party(party)}</dd>" for name, party in rows)
    days = " – ".join(dict.fromkeys((event.date.start, event.date.end))) if event.date else ""
    words = "، ".join(dict.fromkeys(escape(span.text) for span in event.triggers))
    return (
        f'<li class="card event {event.status}"><header><span class="stance">{event_label(event.type)}</span>'
        f'<span class="kind">{label(event.status)}</span>{_doubt(event.confidence)}<time dir="ltr">{days}</time>'
        f'<span class="word">{words}</span></header><dl>{facts}</dl>{why_event(reasons) if reasons else ""}</li>'
    )


def _party(party: Party) -> str:
    hidden = "" if party.span else " <small>(ضمنا)</small>"
    return f"{escape(party.name)}{hidden}"
