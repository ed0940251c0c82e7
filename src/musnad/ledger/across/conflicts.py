"""Conflicts: accounts that cannot all be true, with both pieces of evidence, and never a verdict on who is right.

Four kinds: accounts of one happening that differ (whether it happened, how many), a denial of what another says or charges in
the same story (`denials`), the same quoted words under the names of two known persons, and a speaker who takes the other side than before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Connection, select

from musnad.ledger.across import utterances
from musnad.ledger.across.denials import LIKE, newest
from musnad.ledger.across.differences import told_of
from musnad.ledger.across.kept import About, FoundConflict, known
from musnad.ledger.across.positions import line, side_of
from musnad.ledger.across.ranking import rank_happenings, rank_utterances
from musnad.ledger.across.utterances import Said, Utterances
from musnad.ledger.across.views import (
    Piece,
    Report,
    accounts,
    confidence_of,
    reports,
    sentence_at,
)
from musnad.ledger.tables import documents, statements, utterance_of

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

ConflictKind = Literal["happening", "denial", "attribution", "reversal"]
_AT_ONCE = 500  # statements in one question
_LOOKED_AT = 120  # happenings or sayings that are looked at for one page
_DENIALS = 200  # denials that are
_REVERSAL = 2.5  # how grave it is that somebody says otherwise than before


class QuotedReport(Report, frozen=True, kw_only=True):
    """A report with the sentence in which its word of reporting stands: «نفت موسكو ضلوعها في الهجوم», where the words are but the end."""

    sentence: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two pieces of evidence that cannot both be right: in what they differ, what each says of it, and a weight that ranks."""

    kind: ConflictKind
    about: About
    values: tuple[str, str]
    weight: float
    one: Piece
    other: Piece


def conflicts(
    ledger: Ledger, *, kind: ConflictKind | None = None, since: str | None = None, until: str | None = None, limit: int = 50,
    min_confidence: float = 0.0,
) -> list[Conflict]:  # fmt: skip
    """Return the conflicts of articles of some days, the gravest first; both pieces of evidence have `min_confidence`."""
    found: list[tuple[ConflictKind, FoundConflict]] = []
    with ledger.database.read() as bind:
        if kind in {None, "happening"}:
            numbers = rank_happenings(bind, since, until, _LOOKED_AT, 0)
            kept = known(bind, ledger.terms, "happening", numbers)
            found += [("happening", one) for number in numbers for one in kept[number]]
        if kind in {None, "attribution"}:
            numbers = rank_utterances(bind, since, until, _LOOKED_AT, 0)
            kept = known(bind, ledger.terms, "attribution", numbers)
            found += [("attribution", one) for number in numbers for one in kept[number]]
        if kind in {None, "denial"}:
            found += [("denial", one) for one in _denied(ledger, bind, since, until)]
        found.sort(key=lambda pair: (-pair[1].weight, pair[1].one))
        if min_confidence <= 0:
            return _shown(bind, found[:limit])
        sure = (
            one
            for one in _shown(bind, found)
            if min(confidence_of(one.one), confidence_of(one.other)) >= min_confidence
        )
        return list(islice(sure, limit))


def reversals(ledger: Ledger, speaker: str, query: str | None = None, *, min_confidence: float = 0.0) -> list[Conflict]:
    """Return where a speaker takes the other side than before, on an issue or on what the words have in common."""
    every = line(ledger, speaker, query, min_confidence=min_confidence)
    steps = [step for step in every if step.side != "neither"]
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
                if share >= LIKE and common >= utterances.LEAST:
                    pairs.append((share, before.hit.number, step.hit.number, (before.stance, step.stance)))
        told = _reports(bind, [number for _, one, other, _ in pairs for number in (one, other)])
    return [
        Conflict(
            kind="reversal",
            about="stance",
            values=stances,
            weight=_REVERSAL + share,
            one=told[one],
            other=told[other],
        )
        for share, one, other, stances in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))
    ]


def _denied(ledger: Ledger, bind: Connection, since: str | None, until: str | None) -> list[FoundConflict]:
    """What the newest denials deny: each once for the sayings of both sides, and where it repeats no words once in a story for who
    says it, or is charged, and who denies."""
    denied = newest(bind, since, until, _DENIALS)
    kept = known(bind, ledger.terms, "denial", denied.values())
    pairs = [(story, one) for number, story in denied.items() for one in kept[story] if one.other == number]
    sayings_of = _sayings(bind, [number for _, one in pairs if not one.key for number in (one.one, one.other)])
    best: dict[tuple[Any, ...], FoundConflict] = {}
    for story, one in pairs:
        key = (story, one.key) if one.key else (sayings_of[one.one], sayings_of[one.other], None)
        if key not in best or one.rank > best[key].rank:
            best[key] = one
    return list(best.values())


def _sayings(bind: Connection, numbers: list[int]) -> dict[int, int]:
    query = select(utterance_of).where(utterance_of.c.statement.in_(sorted(set(numbers))))
    return {row.statement: row.utterance for row in bind.execute(query)}


def _shown(bind: Connection, found: list[tuple[ConflictKind, FoundConflict]]) -> list[Conflict]:
    """Conflicts with both pieces of evidence, and what each says."""
    sides: dict[bool, set[int]] = {True: set(), False: set()}
    for kind, one in found:
        sides[kind == "happening"] |= {one.one, one.other}
    told, quoted = accounts(bind, sides[True]), _reports(bind, sides[False])
    return [_conflict(kind, one, told if kind == "happening" else quoted) for kind, one in found]


def _conflict(kind: ConflictKind, found: FoundConflict, pieces: Mapping[int, Any]) -> Conflict:
    one, other = pieces[found.one], pieces[found.other]
    values = one, other
    if kind == "happening":
        values = told_of(one.event, found.about), told_of(other.event, found.about)
    elif kind == "attribution":
        values = one.speaker, other.speaker
    else:
        values = one.statement["stance"], "DENY"
    return Conflict(kind=kind, about=found.about, values=values, weight=found.weight, one=one, other=other)


def _said(bind: Connection, comparer: Utterances, numbers: list[int]) -> dict[int, Said]:
    """Statements as they are compared, by their numbers."""
    found: dict[int, Said] = {}
    for at in range(0, len(numbers), _AT_ONCE):
        some = utterances.columns().where(statements.c.number.in_(numbers[at : at + _AT_ONCE]))
        found |= {row.number: comparer.said(row, row.number, 0) for row in bind.execute(some)}
    return found


def _reports(bind: Connection, numbers: Iterable[int]) -> dict[int, QuotedReport]:
    found = reports(bind, numbers)
    articles = select(documents.c.id, documents.c.text).where(
        documents.c.id.in_({report.article for report in found.values()})
    )
    texts = {row.id: row.text for row in bind.execute(articles)}
    return {number: _quoted(report, texts[report.article]) for number, report in found.items()}


def _quoted(report: Report, text: str) -> QuotedReport:
    cue, content = report.statement.get("cue"), report.statement["content"]
    fields = {name: getattr(report, name) for name in report.__struct_fields__}
    return QuotedReport(**fields, sentence=sentence_at(text, cue[0] if cue else content[0][0]))
