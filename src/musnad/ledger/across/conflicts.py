"""Conflicts: accounts that cannot all be true, with both pieces of evidence, and never a verdict on who is right.

Four kinds: accounts of one happening that differ (whether it happened, how many), a denial of what another says or charges in
the same story (`denials`), the same quoted words under the names of two known persons, and a speaker who takes the other side than before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Connection, select

from musnad.ledger.across import utterances as sayings
from musnad.ledger.across.denials import LIKE, denials
from musnad.ledger.across.positions import line, side_of
from musnad.ledger.across.surroundings import Surroundings
from musnad.ledger.across.utterances import Said, Utterances
from musnad.ledger.across.views import (
    Happening,
    Piece,
    Report,
    Told,
    confidence_of,
    list_happenings,
    list_utterances,
    sentence_at,
    utterances,
)
from musnad.ledger.tables import documents, statements, utterance_of

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

Kind = Literal["happening", "denial", "attribution", "reversal"]
_About = Literal["status", "count", "speaker", "stance"]
_HAPPENED = {"happened": "yes", "ongoing": "yes", "denied": "no", "cancelled": "no"}
_NUMBER = re.compile(r"(\d+) (\w+)")
_SURE = 0.85  # confidence of an account that is held against another
_ALIKE = 0.5  # share of words that the sentences of two accounts have in common: they tell of the same
_QUOTED = 0.8  # overlap from which two direct quotations are the same words
_AT_ONCE = 500  # statements in one question
_PAIRS = 20  # of accounts of one happening that differ: are looked at, the first ones
_LOOKED_AT = 120  # happenings or sayings that are looked at for one page
_DENIALS = 200  # denials that are
_GRAVE = {"denial": 3.0, "happening": 2.0, "attribution": 1.5, "reversal": 2.5}


class Quoted(Report, frozen=True, kw_only=True):
    """A report with the sentence in which its word of reporting stands: «نفت موسكو ضلوعها في الهجوم», where the words are but the end."""

    sentence: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two pieces of evidence that cannot both be right: in what they differ, what each says of it, and a weight that ranks."""

    kind: Kind
    about: _About
    values: tuple[str, str]
    weight: float
    one: Piece
    other: Piece


def conflicts(
    ledger: Ledger, *, kind: Kind | None = None, since: str | None = None, until: str | None = None, limit: int = 50,
    min_confidence: float = 0.0,
) -> list[Conflict]:  # fmt: skip
    """Return the conflicts of articles of some days, the gravest first; both pieces of evidence have `min_confidence`."""
    found: list[Conflict] = []
    with ledger.database.read() as bind:
        if kind in {None, "happening"}:
            found += _of_happenings(ledger, bind, list_happenings(bind, since, until, _LOOKED_AT, 0))
        if kind in {None, "attribution"}:
            comparer = Utterances(ledger.terms)
            told = list_utterances(bind, since, until, _LOOKED_AT, 0)
            doubtful = [saying.reports for saying in told if len({report.speaker for report in saying.reports}) > 1]
            said = _said(bind, comparer, [report.number for reports in doubtful for report in reports])
            for reports in doubtful:
                found += _of_attribution(reports, said, comparer)
        if kind in {None, "denial"}:
            found += _denied(ledger, bind, since, until)
    if min_confidence > 0:
        found = [one for one in found if min(confidence_of(one.one), confidence_of(one.other)) >= min_confidence]
    return sorted(found, key=lambda conflict: (-conflict.weight, conflict.one.number))[:limit]


def reversals(ledger: Ledger, speaker: str, query: str | None = None, *, min_confidence: float = 0.0) -> list[Conflict]:
    """Return where a speaker takes the other side than before, on an issue or on what the words have in common."""
    told = line(ledger, speaker, query, min_confidence=min_confidence)
    steps = [step for step in told if step.side != "neither"]
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
                if share >= LIKE and common >= sayings.LEAST:
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


def _of_happenings(ledger: Ledger, bind: Connection, told: list[Happening]) -> Iterator[Conflict]:
    """Accounts that differ in whether it happened, or how many: of each happening the first two that do, in sentences alike."""
    differing = [(happening, about, pairs) for happening in told for about, pairs in _differing(happening)]
    surroundings = Surroundings(ledger.terms)
    surroundings.read(bind, {side.number for _, _, pairs in differing for pair in pairs for _, side in pair})
    for happening, about, pairs in differing:
        for (one, first), (other, second) in pairs:
            if surroundings.likeness(first.number, second.number) >= _ALIKE:
                weight = _GRAVE["happening"] + min(len(happening.accounts), 10) / 20 + (about == "status")
                yield Conflict(
                    kind="happening", about=about, values=(one, other), one=first, other=second, weight=weight
                )
                break


def _differing(happening: Happening) -> Iterator[tuple[_About, list[tuple[tuple[str, Told], tuple[str, Told]]]]]:
    """In what the sure accounts of a happening differ, with the pairs that do and what either says of it."""
    accounts = [account for account in happening.accounts if not account.copy and account.event["confidence"] >= _SURE]
    for about, value, differ in _DIFFERENCES:
        known = [(found, account) for account in accounts if (found := value(account)) is not None]
        pairs = [
            (one, other)
            for at, one in enumerate(known)
            for other in known[at + 1 :]
            if differ(one[0], other[0]) and one[1].article != other[1].article and _at_odds(about, one[1], other[1])
        ]
        if pairs:
            yield about, pairs[:_PAIRS]


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


def _count(account: Told) -> str | None:
    """How many suffered it, where one number is given, and of whom: «16 مدنيا»."""
    found = [number.group() for party in account.event["recipients"] if (number := _NUMBER.match(party["name"]))]
    return found[0] if len(found) == 1 else None


def _differ_in_count(one: str, other: str) -> bool:
    """Whether two numbers of the same differ: «15 مصابا» and «16 مصابا», but not «15 شخصا» and «3 مصابين»."""
    (number, noun), (second, like) = one.split(), other.split()
    return number != second and noun == like


_DIFFERENCES: tuple[tuple[_About, Callable[[Told], str | None], Callable[[str, str], bool]], ...] = (
    ("status", _status, lambda one, other: _HAPPENED[one] != _HAPPENED[other]),
    ("count", _count, _differ_in_count),
)


def _of_attribution(reports: list[Report], said: dict[int, Said], comparer: Utterances) -> Iterator[Conflict]:
    """The same quoted words under the names of two persons, neither of whom hands on what the other said."""
    named = [
        report for report in reports
        if not report.copy and report.statement["kind"] == "direct" and report.statement["confidence"] >= _SURE
        and _is_person(report) and not said[report.number].described
    ]  # fmt: skip
    for at, report in enumerate(named):
        for first in named[:at]:
            one, other = said[first.number], said[report.number]
            share, common = comparer.overlap(one, other)
            apart = not one.name & other.name and not _hands_on(first, report) and not _hands_on(report, first)
            if apart and share >= _QUOTED and common >= 2 * sayings.LEAST:
                yield Conflict(
                    kind="attribution", about="speaker", values=(first.speaker, report.speaker), one=first, other=report,
                    weight=_GRAVE["attribution"] + share,
                )  # fmt: skip
                return


def _is_person(report: Report) -> bool:
    """Whether the speaker is a person of the registry: an office and its spokesman, an agency and whom it quotes say one thing."""
    return str(report.statement["speaker"]["entity"]).startswith("wikidata:")


def _hands_on(report: Report, other: Report) -> bool:
    """Whether the speaker of one report is a source of the other."""
    return any(source["name"] == report.speaker for source in other.statement.get("sources") or ())


def _denied(ledger: Ledger, bind: Connection, since: str | None, until: str | None) -> list[Conflict]:
    pairs = denials(bind, ledger.terms, since, until, _DENIALS)
    reports = _reports(bind, [number for pair in pairs for number in (pair.one, pair.other)])
    return [
        Conflict(
            kind="denial", about="stance", values=(reports[one].statement["stance"], "DENY"), one=reports[one], other=reports[other],
            weight=_GRAVE["denial"] + share,
        )
        for share, one, other in pairs
    ]  # fmt: skip


def _said(bind: Connection, comparer: Utterances, numbers: list[int]) -> dict[int, Said]:
    """Statements as they are compared, by their numbers."""
    found: dict[int, Said] = {}
    for at in range(0, len(numbers), _AT_ONCE):
        some = sayings.columns().where(statements.c.number.in_(numbers[at : at + _AT_ONCE]))
        found |= {row.number: comparer.said(row, row.number, 0) for row in bind.execute(some)}
    return found


def _reports(bind: Connection, numbers: list[int]) -> dict[int, Quoted]:
    query = select(utterance_of.c.statement, utterance_of.c.utterance).where(
        utterance_of.c.statement.in_(sorted(set(numbers)))
    )
    whole: dict[int, Any] = {row.statement: row.utterance for row in bind.execute(query)}
    found = utterances(bind, sorted(set(whole.values())))
    reports = [report for saying in found for report in saying.reports if report.number in whole]
    articles = select(documents.c.id, documents.c.text).where(
        documents.c.id.in_({report.article for report in reports})
    )
    texts = {row.id: row.text for row in bind.execute(articles)}
    return {report.number: _quoted(report, texts[report.article]) for report in reports}


def _quoted(report: Report, text: str) -> Quoted:
    cue, content = report.statement.get("cue"), report.statement["content"]
    fields = {name: getattr(report, name) for name in report.__struct_fields__}
    return Quoted(**fields, sentence=sentence_at(text, cue[0] if cue else content[0][0]))
