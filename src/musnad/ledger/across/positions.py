"""Positions: the line of what a speaker says on an issue, with the points where he turns round.

An issue is what a search finds (`issues define`), or a pair of words that a speaker comes back to in several articles on
several days. A stance stands on a side (`lexicon/data/sides.tsv`); a reversal is a step from one side to the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, insert, select

from musnad.errors import LedgerError
from musnad.ledger.entities import find
from musnad.ledger.search import Filters, Hit
from musnad.ledger.tables import issues, statements, utterance_of
from musnad.ledger.terms import Terms
from musnad.lexicon.tables import rows
from musnad.lexicon.word import FUNCTION

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

_MOST = 3000  # statements of one line
_LOOKED_AT = 1500  # the newest statements of somebody, in which what comes back is looked for
_TELLING = 6.0  # rarity of the words of an issue
_TOGETHER = 24  # characters from the beginning of one to that of the other at most
_ARTICLES, _DAYS = 3, 2  # in which a pair of words comes back
_ISSUES = 12


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What was said on a day, with its side: for, against, or neither; `turned` where it is the other one than before."""

    day: str | None
    stance: str
    side: str
    turned: bool
    hit: Hit


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue and the search that finds it; `statements` and `days` tell how often it comes back."""

    name: str
    query: str
    statements: int = 0
    days: int = 0


def line(
    ledger: Ledger, speaker: str, query: str | None = None, since: str | None = None, until: str | None = None, *,
    min_confidence: float = 0.0,
) -> list[Step]:  # fmt: skip
    """Return what a speaker says on an issue, the earliest first, each saying once."""
    filters = Filters(speaker=speaker, since=since, until=until, min_confidence=min_confidence)
    hits = ledger.search(query, filters, limit=_MOST) if query else ledger.statements(filters, limit=_MOST)
    with ledger.database.read() as bind:
        chosen = select(utterance_of.c.statement, utterance_of.c.utterance).where(
            utterance_of.c.statement.in_([hit.number for hit in hits])
        )
        saying = {row.statement: row.utterance for row in bind.execute(chosen)}
    first: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.published or "", hit.number)):
        first.setdefault(saying.get(hit.number, hit.number), hit)
    steps: list[Step] = []
    last = None
    for hit in first.values():
        stance = hit.statement["stance"]
        side = side_of(stance)
        turned = side != "neither" and last is not None and side != last
        last = side if side != "neither" else last
        steps.append(Step(day=hit.published, stance=stance, side=side, turned=turned, hit=hit))
    return steps


def recurring(ledger: Ledger, speaker: str, limit: int = _ISSUES) -> list[Issue]:
    """Return the pairs of words that a speaker comes back to of late, the most telling first."""
    told: dict[tuple[str, str], list[tuple[int, str | None, str]]] = defaultdict(list)  # article, day, as it is written
    with ledger.database.read() as bind:
        who = find(bind, speaker)
        query = select(statements.c.document, statements.c.words, statements.c.published).where(
            statements.c.speaker.in_(who)
        )
        telling = _Telling(ledger.terms)
        newest = query.order_by(statements.c.published.desc().nulls_last(), statements.c.number.desc())
        for article, text, day in bind.execute(newest.limit(_LOOKED_AT)):
            for pair, words in telling.pairs(text):
                told[pair].append((article, day, words))
    found = []
    for pair, there in told.items():
        if len(there) < _ARTICLES:
            continue  # most pairs stand once or twice
        articles, days = {article for article, _, _ in there}, {day for _, day, _ in there}
        if len(articles) >= _ARTICLES and len(days) >= _DAYS:
            name = Counter(words for _, _, words in there).most_common(1)[0][0]
            found.append(Issue(name=name, query=f'"{" ".join(pair)}"', statements=len(articles), days=len(days)))
    weight = {
        issue.query: issue.statements * sum(map(ledger.terms.rarity, issue.query.strip('"').split())) for issue in found
    }
    return sorted(found, key=lambda issue: (-weight[issue.query], issue.query))[:limit]


class _Telling:
    """Finds the pairs of telling words that stand side by side; articles repeat what somebody says, and each text is read once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._tells: dict[str, bool] = {"": False}
        self._known: dict[str, list[tuple[tuple[str, str], str]]] = {}

    def pairs(self, text: str) -> list[tuple[tuple[str, str], str]]:
        """Return the pairs of terms in a text, each as it is written there."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = [
                ((one, other), text[start:end])
                for (one, start, _), (other, begin, end) in pairwise(self._terms.of_text(text))
                if begin - start < _TOGETHER and self._is_telling(one) and self._is_telling(other)
            ]
        return found

    def _is_telling(self, term: str) -> bool:
        tells = self._tells.get(term)
        if tells is None:
            grammar = self._terms.lexicon.word(term).flags & FUNCTION
            tells = self._tells[term] = not grammar and self._terms.rarity(term) > _TELLING
        return tells


def define(ledger: Ledger, name: str, query: str) -> None:
    """Name an issue and say which search finds it. Raises `SearchError` where the search holds no word."""
    ledger.search(query, limit=1)
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    with ledger.database.write() as bind:
        bind.execute(delete(issues).where(issues.c.name == name))
        bind.execute(insert(issues), {"name": name, "query": query, "made": made})


def undefine(ledger: Ledger, name: str) -> None:
    """Forget an issue. Raises `LedgerError` where none has the name."""
    with ledger.database.write() as bind:
        if not bind.execute(delete(issues).where(issues.c.name == name)).rowcount:
            raise LedgerError(f"no issue is named {name!r}")


def defined(ledger: Ledger) -> list[Issue]:
    """Return the issues that people named."""
    with ledger.database.read() as bind:
        return [Issue(name=row.name, query=row.query) for row in bind.execute(select(issues).order_by(issues.c.name))]


@cache
def _sides() -> dict[str, str]:
    return {row["stance"]: row["side"] for row in rows("sides.tsv")}


def side_of(stance: str) -> str:
    """The side of a stance: for, against or neither."""
    return _sides().get(stance, "neither")


def as_dict(step: Step) -> dict[str, Any]:
    """A step as plain JSON."""
    found: dict[str, Any] = msgspec.to_builtins(step)
    return found
