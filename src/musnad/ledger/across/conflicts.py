"""Conflicts: accounts that cannot all be true, with both pieces of evidence, and never a verdict on who is right.

Four kinds: accounts of one happening that differ (whether it happened, on which day, how many), a denial of what another
says in the same story, a saying that is given to two speakers, and a speaker who takes the other side than before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Connection, select

from musnad.ledger.across import utterances as sayings
from musnad.ledger.across.positions import line, side_of
from musnad.ledger.across.utterances import Said, Utterances
from musnad.ledger.across.views import Happening, Piece, Report, Told, list_happenings, list_utterances, utterances
from musnad.ledger.tables import statements, story_of, utterance_of

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

Kind = Literal["happening", "denial", "attribution", "reversal"]
_About = Literal["status", "day", "count", "speaker", "stance"]
_HAPPENED = {"happened": "yes", "ongoing": "yes", "denied": "no", "cancelled": "no"}
_NUMBER = re.compile(r"\d+")
_ONE_SAYING = 0.5  # weighed overlap from which a saying under two names is surely one
_DENIES = 0.3  # weighed overlap from which a denial is of what another says
_AT_ONCE = 500  # statements in one question
_LOOKED_AT = 120  # happenings, sayings or denials that are looked at for one page
_GRAVE = {"denial": 3.0, "happening": 2.0, "attribution": 1.5, "reversal": 2.5}


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two pieces of evidence that cannot both be right: in what they differ, what each says of it, and a weight that ranks."""

    kind: Kind
    about: _About
    values: tuple[str, str]
    weight: float
    one: Piece
    other: Piece


def conflicts(
    ledger: Ledger, *, kind: Kind | None = None, since: str | None = None, until: str | None = None, limit: int = 50
) -> list[Conflict]:
    """Return the conflicts of articles of some days, the gravest first."""
    found: list[Conflict] = []
    with ledger.database.read() as bind:
        if kind in {None, "happening"}:
            for happening in list_happenings(bind, since, until, _LOOKED_AT, 0):
                found += _of_happening(happening)
        if kind in {None, "attribution"}:
            comparer = Utterances(ledger.terms)
            told = list_utterances(bind, since, until, _LOOKED_AT, 0)
            doubtful = [saying.reports for saying in told if len({report.speaker for report in saying.reports}) > 1]
            said = _said(bind, comparer, [report.number for reports in doubtful for report in reports])
            for reports in doubtful:
                found += _of_attribution(reports, said, comparer)
        if kind in {None, "denial"}:
            found += _denials(ledger, bind, since, until)
    return sorted(found, key=lambda conflict: (-conflict.weight, conflict.one.number))[:limit]


def reversals(ledger: Ledger, speaker: str, query: str | None = None) -> list[Conflict]:
    """Return where a speaker takes the other side than before, on an issue or on what the words have in common."""
    steps = [step for step in line(ledger, speaker, query) if step.side != "neither"]
    numbers = [step.hit.number for step in steps]
    with ledger.database.read() as bind:
        comparer = Utterances(ledger.terms)
        said = _said(bind, comparer, numbers)
        pairs = []
        for at, step in enumerate(steps):
            for before in steps[:at]:
                if side_of(before.stance) == step.side or before.hit.article == step.hit.article:
                    continue
                share, common = comparer.overlap(said[before.hit.number], said[step.hit.number])
                if share >= _DENIES and common >= sayings.LEAST:
                    pairs.append((share, before.hit.number, step.hit.number, (before.stance, step.stance)))
        reports = _reports(bind, [number for _, one, other, _ in pairs for number in (one, other)])
    return [
        Conflict(
            kind="reversal",
            about="stance",
            values=stances,
            weight=_GRAVE["reversal"] + share,
            one=reports[one],
            other=reports[other],
        )
        for share, one, other, stances in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))
    ]


def _of_happening(told: Happening) -> Iterator[Conflict]:
    """Accounts that differ in whether it happened, when, or how many: of each the first two that do."""
    accounts = [account for account in told.accounts if not account.copy]
    weight = _GRAVE["happening"] + min(len(accounts), 10) / 20
    for about, value, differ in _DIFFERENCES:
        known = [(found, account) for account in accounts if (found := value(account)) is not None]
        pairs = ((one, other) for at, one in enumerate(known) for other in known[at + 1 :])
        two = next(
            (
                (a, b)
                for a, b in pairs
                if differ(a[0], b[0]) and _of_one_event(a[1], b[1]) and _at_odds(about, a[1], b[1])
            ),
            None,
        )
        if two is not None:
            (one, first), (other, second) = two
            yield Conflict(
                kind="happening", about=about, values=(one, other), one=first, other=second,
                weight=weight + (about == "status"),
            )  # fmt: skip


def _of_one_event(one: Told, other: Told) -> bool:
    """Whether two accounts are surely of one event: two parties in common, or one and the place."""
    common = len(_parties(one) & _parties(other))
    places = [account.event["place"]["name"] if account.event["place"] else None for account in (one, other)]
    return common > 1 or (common == 1 and places[0] is not None and places[0] == places[1])


def _parties(account: Told) -> set[str]:
    return {party["entity"] or party["name"] for side in ("actors", "recipients") for party in account.event[side]}


def _at_odds(about: str, one: Told, other: Told) -> bool:
    """Whether time does not explain the difference: what was called off may take place later, and tolls rise from day to day."""
    if about == "count":
        return one.published == other.published
    if about == "status":
        first, second = sorted((one, other), key=lambda account: account.published or "")
        return first.published == second.published or first.event["status"] != "cancelled"
    return True


def _status(account: Told) -> str | None:
    status: str = account.event["status"]
    return status if status in _HAPPENED else None


def _days(account: Told) -> str | None:
    day = account.event["date"]
    return f"{day['start']}..{day['end']}" if day else None


def _count(account: Told) -> str | None:
    """How many suffered it: «16 مدنيا»."""
    for party in account.event["recipients"]:
        if found := _NUMBER.match(party["name"]):
            return found.group()
    return None


def _other_days(one: str, other: str) -> bool:
    """Whether two spans of days have no day in common."""
    (a, b), (c, d) = one.split(".."), other.split("..")
    return b < c or d < a


_DIFFERENCES: tuple[tuple[_About, Callable[[Told], str | None], Callable[[str, str], bool]], ...] = (
    ("status", _status, lambda one, other: _HAPPENED[one] != _HAPPENED[other]),
    ("day", _days, _other_days),
    ("count", _count, str.__ne__),
)


def _of_attribution(reports: list[Report], said: dict[int, Said], comparer: Utterances) -> Iterator[Conflict]:
    """One saying under the names of two persons; a country that speaks through somebody is none."""
    named = [
        report
        for report in reports
        if not report.copy and not _speaks_for_many(report) and not said[report.number].described
    ]
    for at, report in enumerate(named):
        for first in named[:at]:
            one, other = said[first.number], said[report.number]
            share, common = comparer.overlap(one, other)
            if not (one.name & other.name) and share >= _ONE_SAYING and common >= sayings.LEAST:
                yield Conflict(
                    kind="attribution", about="speaker", values=(first.speaker, report.speaker), one=first, other=report,
                    weight=_GRAVE["attribution"] + share,
                )  # fmt: skip
                return


def _speaks_for_many(report: Report) -> bool:
    return str(report.statement["speaker"]["entity"]).startswith("iso3166:")


def _denials(ledger: Ledger, bind: Connection, since: str | None, until: str | None) -> list[Conflict]:
    """Denials, each with what others say in the same story that is most like it."""
    query = sayings.columns().add_columns(story_of.c.story).join(story_of, story_of.c.document == statements.c.document)
    query = query.where(statements.c.stance == "DENY")
    if since is not None:
        query = query.where(statements.c.published >= since)
    if until is not None:
        query = query.where(statements.c.published <= until)
    denials = bind.execute(query.order_by(statements.c.published.desc(), statements.c.number).limit(_LOOKED_AT)).all()
    comparer = Utterances(ledger.terms)
    around = _others(bind, comparer, {row.story for row in denials})
    pairs: list[tuple[float, int, int]] = []
    for row in denials:
        said = comparer.said(row, row.number, 0)
        alike = [
            (share, other.number)
            for other in around.get(row.story, ())
            if not (other.name <= said.name or said.name <= other.name)
            for share, common in [comparer.overlap(said, other)]
            if share >= _DENIES and common >= sayings.LEAST
        ]
        if alike:
            share, number = max(alike)
            pairs.append((share, number, row.number))
    reports = _reports(bind, [number for _, one, other in pairs for number in (one, other)])
    return [
        Conflict(
            kind="denial",
            about="stance",
            values=(reports[one].statement["stance"], "DENY"),
            one=reports[one],
            other=reports[other],
            weight=_GRAVE["denial"] + share,
        )
        for share, one, other in pairs
    ]


def _others(bind: Connection, comparer: Utterances, stories: set[int]) -> dict[int, list[Said]]:
    """What is said in some stories and is no denial."""
    query = sayings.columns().add_columns(story_of.c.story).join(story_of, story_of.c.document == statements.c.document)
    query = query.where(story_of.c.story.in_(sorted(stories)), statements.c.stance != "DENY")
    found: dict[int, list[Said]] = {}
    for row in bind.execute(query.order_by(statements.c.number)):
        if comparer.denies(row.words):  # agrees with the denial, or tells of it
            continue
        found.setdefault(row.story, []).append(comparer.said(row, row.number, 0))
    return found


def _said(bind: Connection, comparer: Utterances, numbers: list[int]) -> dict[int, Said]:
    """Statements as they are compared, by their numbers."""
    found: dict[int, Said] = {}
    for at in range(0, len(numbers), _AT_ONCE):
        some = sayings.columns().where(statements.c.number.in_(numbers[at : at + _AT_ONCE]))
        found |= {row.number: comparer.said(row, row.number, 0) for row in bind.execute(some)}
    return found


def _reports(bind: Connection, numbers: list[int]) -> dict[int, Report]:
    query = select(utterance_of.c.statement, utterance_of.c.utterance).where(
        utterance_of.c.statement.in_(sorted(set(numbers)))
    )
    whole: dict[int, Any] = {row.statement: row.utterance for row in bind.execute(query)}
    found = utterances(bind, sorted(set(whole.values())))
    return {report.number: report for saying in found for report in saying.reports if report.number in whole}
