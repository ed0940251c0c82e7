"""Stories, utterances, happenings, positions, promises and conflicts in a terminal, from right to left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from musnad.text.fold import fold
from musnad.views.labels import event_label, label
from musnad.views.lines import clean, directed, from_the_right
from musnad.views.table import RowTable

if TYPE_CHECKING:
    from musnad.ledger.across.conflicts import Conflict
    from musnad.ledger.across.pledges import Pledge
    from musnad.ledger.across.positions import Issue, Step
    from musnad.ledger.across.promises import Promise
    from musnad.ledger.across.views import Article, Happening, Piece, Story, Utterance


_WORD = re.compile(r"\w+")
_OWN = 0.8  # of the words, from which they are those of the other wording


def print_stories(found: list[Story], console: Console) -> None:
    rows = [[str(s.number), s.title, _span(s.first_day, s.last_day), f"{s.articles} / {s.outlets}"] for s in found]
    _table([("number", 1), ("story", 6), ("days", 2), ("spread", 2)], rows, console)


def print_story(head: Story, articles: list[Article], console: Console) -> None:
    rows = [[a.title or "", a.published or "", a.outlet or "", _reason(a.why), a.id] for a in articles]
    _table([("title", 4), ("day", 2), ("outlet", 2), ("why", 3)], rows, console, title=head.title)


def print_utterances(found: list[Utterance], console: Console, *, whole: bool) -> None:
    for saying in found:
        _say(f"{saying.number}  {clean(saying.speaker)}: {clean(saying.words)}", console)
        rows = [
            [
                r.outlet or "",
                r.published or "",
                r.speaker,
                label(handling(saying.words, r.words)),
                r.words,
                f"{r.article} {r.statement['id']}",
            ]
            for r in (saying.reports if whole else saying.reports[:4])
        ]
        _table([("outlet", 2), ("day", 2), ("speaker", 2), ("handling", 1), ("wording", 5)], rows, console)


def print_happenings(found: list[Happening], console: Console, *, whole: bool) -> None:
    for told in found:
        statuses = "، ".join(f"{label(status)} {n}" for status, n in told.statuses.items())
        who = "، ".join([*told.actors, *told.recipients][:6])
        days = directed(_span(told.first_day, told.last_day))
        _say(f"{told.number}  {event_label(told.type)} ({statuses}) {clean(who)} {days}", console)
        rows = [
            [a.outlet or "", a.published or "", label(a.event["status"]), a.sentence, f"{a.article} {a.event['id']}"]
            for a in (told.accounts if whole else told.accounts[:4])
        ]
        _table([("outlet", 2), ("day", 2), ("state", 1), ("words", 6)], rows, console)


def print_issues(found: list[Issue], console: Console) -> None:
    _table(
        [("issue", 3), ("statements", 1), ("on_days", 1), ("query", 3)],
        [[i.name, str(i.statements), str(i.days), i.query] for i in found],
        console,
    )


def print_line(steps: list[Step], console: Console) -> None:
    sides = {"for": "مع", "against": "ضد", "neither": "—"}
    rows = [
        [
            s.day or "",
            label(s.stance),
            sides[s.side] + (" ↩" if s.turned else ""),
            s.hit.words,
            f"{s.hit.article} {s.hit.statement['id']}",
        ]
        for s in steps
    ]
    _table([("day", 2), ("stance", 1), ("side", 1), ("saying", 6)], rows, console)


_PROMISED = [("state", 1), ("announced", 5), ("due", 2)]


def print_promises(found: list[Promise], console: Console) -> None:
    rows = []
    for promise in found:
        told = promise.happening
        who = "، ".join([*told.actors, *told.recipients][:4])
        evidence = told.accounts[0]
        outcome = f"{promise.outcome.article} {promise.outcome.event['id']}" if promise.outcome else ""
        rows.append(
            [
                label(promise.state),
                f"{event_label(told.type)} {who}: {promise.words}",
                promise.due or "",
                f"{evidence.article} {evidence.event['id']}",
                outcome,
            ]
        )
    _table(_PROMISED, rows, console)


def print_pledges(found: list[Pledge], console: Console) -> None:
    rows = [
        [
            label(pledge.state),
            f"{pledge.statement.speaker}: {pledge.statement.words}",
            pledge.due or "",
            f"{pledge.statement.article} {pledge.statement.statement['id']}",
            f"{pledge.outcome.article} {pledge.outcome.event['id']}" if pledge.outcome else "",
        ]
        for pledge in found
    ]
    _table(_PROMISED, rows, console)


def print_conflicts(found: list[Conflict], console: Console) -> None:
    rows = [
        [
            label(c.kind),
            f"{label(c.about)}: {_value(c.values[0])} / {_value(c.values[1])}",
            _evidence(c.one),
            _evidence(c.other),
            _name(c.one),
            _name(c.other),
        ]
        for c in found
    ]
    _table([("kind", 3), ("difference", 3), ("this", 5), ("that", 5)], rows, console)


def differences(one: str, other: str) -> list[tuple[str, bool]]:
    """Return the words of `other` in pieces, each with whether it stands in `one` too."""
    left, right = one.split(), other.split()
    pieces: list[tuple[str, bool]] = []
    for tag, _, _, start, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if start < end:
            pieces.append((" ".join(right[start:end]), tag == "equal"))
    return pieces


def handling(whole: str, words: str) -> str:
    """Say what a report did to the fullest wording: `whole`, `cut` (its words, not all of them) or `reworded`."""
    all_words, own = (set(_WORD.findall(fold(text))) for text in (whole, words))
    if len(own & all_words) < _OWN * len(own):
        return "reworded"
    return "cut" if len(own & all_words) < _OWN * len(all_words) else "whole"


def _table(
    columns: list[tuple[str, int]], rows: Iterable[list[str]], console: Console, title: str | None = None
) -> None:
    """Print rows; the cells behind the columns are names of what the row tells of."""
    table = RowTable(columns, clean(title) if title else None)
    for row in rows:
        cells, names = row[: len(columns)], row[len(columns) :]
        table.add_row(*(Text("\n".join(map(directed, cell.split("\n")))) for cell in cells), names=names)
    with from_the_right(console) as inner:
        inner.print(table if table.rows else Text(label("no-results"), style="dim"))


def _say(line: str, console: Console) -> None:
    with from_the_right(console) as inner:
        inner.print(Text(line, style="bold"))


def _name(piece: Piece) -> str:
    told = getattr(piece, "statement", None) or getattr(piece, "event", None) or {}
    return f"{piece.article} {told.get('id', '')}".strip()


def _span(first: str | None, last: str | None) -> str:
    return " – ".join(dict.fromkeys(filter(None, (first, last))))


def _reason(why: dict[str, object]) -> str:
    words = why.get("words")
    return "، ".join(words) if isinstance(words, list) else "نسخة" if "copy_of" in why else ""


def _value(value: str) -> str:
    """A stance or status in words; a name, a number and days as they are."""
    known = label(value)
    return known if known != value else f"\u2068{value.replace('..', ' – ')}\u2069"


def _evidence(piece: Piece) -> str:
    return f"{piece.outlet or ''}\n{piece.published or ''}\n{getattr(piece, 'sentence', piece.words)}"
