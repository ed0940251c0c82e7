"""Stories, utterances and happenings as they are shown: each with its members, and why each belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, func, select

from musnad.errors import MissingError
from musnad.ledger.across.groups import group_of
from musnad.ledger.across.ranking import between, rank_happenings, rank_utterances
from musnad.ledger.days import day_number
from musnad.ledger.rows import decoded, event_dict, statement_dict
from musnad.ledger.tables import (
    documents,
    entities,
    events,
    happening_of,
    statements,
    story_of,
    utterance_of,
)  # fmt: skip

_AT_ONCE = 500
_STOPS = ("\n", ". ", "؟ ")
_CONTEXT = 240  # characters on each side of an event that are shown at most


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article of a story; `why` has the words that it shares with the story, or the article it is a copy of."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None
    copy: bool
    score: float
    why: dict[str, Any]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Articles about one matter; the title is that of its first article."""

    number: int
    title: str
    first_day: str | None
    last_day: str | None
    articles: int
    outlets: int


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence: the words in their article, and why they belong where they are."""

    number: int
    article: str
    title: str | None
    outlet: str | None
    published: str | None
    copy: bool
    words: str
    score: float
    why: dict[str, Any]


class Report(Piece, frozen=True, kw_only=True):
    """One report of a saying."""

    speaker: str
    statement: dict[str, Any]


class Utterance(msgspec.Struct, frozen=True, kw_only=True):
    """A saying with its reports, the earliest first; `speaker` is the name that most reports give."""

    number: int
    speaker: str
    words: str
    reports: list[Report]


class Account(Piece, frozen=True, kw_only=True):
    """One account of a happening; `words` are those that name it, `sentence` is where the first stands."""

    sentence: str
    event: dict[str, Any]


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """An event with its accounts, the earliest first. What they say is merged, with how many say it.

    `first_day` and `last_day` are the days that most accounts give, of several the closest; `days` has all.
    """

    number: int
    type: str
    statuses: dict[str, int]
    first_day: str | None
    last_day: str | None
    days: dict[str, int]
    places: dict[str, int]
    actors: dict[str, int]
    recipients: dict[str, int]
    accounts: list[Account]


def list_stories(
    bind: Connection, since: str | None, until: str | None, limit: int, offset: int, least: int = 1
) -> list[Story]:
    """Return stories, the largest first, those with `least` articles or more."""
    size = func.count(story_of.c.document)
    query = select(
        story_of.c.story, size, func.count(func.distinct(documents.c.outlet)), func.min(documents.c.published), func.max(documents.c.published),
    ).join(documents, documents.c.number == story_of.c.document)  # fmt: skip
    query = between(query, documents.c.published, since, until).group_by(story_of.c.story).having(size >= least)
    rows = bind.execute(query.order_by(size.desc(), story_of.c.story).limit(limit).offset(offset)).all()
    titles = _titles(bind, [row[0] for row in rows])
    return [
        Story(
            number=number,
            title=titles.get(number, ""),
            articles=articles,
            outlets=outlets,
            first_day=first,
            last_day=last,
        )
        for number, articles, outlets, first, last in rows
    ]


def story(bind: Connection, number: int) -> tuple[Story, list[Article]]:
    """Return a story with its articles, the earliest first. Raises `MissingError` where there is none."""
    number = group_of(bind, "story", number) or number
    query = select(
        documents.c.id, documents.c.title, documents.c.text, documents.c.outlet, documents.c.published, documents.c.copy_of, story_of.c.score,
        story_of.c.why,
    ).join(story_of, story_of.c.document == documents.c.number)  # fmt: skip
    rows = bind.execute(
        query.where(story_of.c.story == number).order_by(documents.c.published, documents.c.number)
    ).all()
    if not rows:
        raise MissingError(f"there is no story {number}")
    articles = [
        Article(
            id=row.id, title=row.title or headline(row.text), outlet=row.outlet, published=row.published, copy=row.copy_of is not None,
            score=row.score, why=decoded(row, "why"),
        )
        for row in rows
    ]  # fmt: skip
    days = [article.published for article in articles if article.published]
    outlets = len({article.outlet for article in articles if article.outlet})
    head = Story(
        number=number, title=articles[0].title or "", articles=len(articles), outlets=outlets, first_day=min(days, default=None),
        last_day=max(days, default=None),
    )  # fmt: skip
    return head, articles


def utterance(bind: Connection, number: int) -> Utterance:
    """Return a saying with its reports. Raises `MissingError` where there is none."""
    found = utterances(bind, [group_of(bind, "utterance", number) or number])
    if not found:
        raise MissingError(f"there is no utterance {number}")
    return found[0]


def utterances(bind: Connection, numbers: list[int], min_confidence: float = 0.0) -> list[Utterance]:
    """Return some sayings with their reports, in the order asked for; `min_confidence` leaves out the reports that are less sure."""
    told: dict[int, list[Report]] = {}
    for utterance, report in _reports(bind, utterance_of.c.utterance, numbers, min_confidence):
        told.setdefault(utterance, []).append(report)
    return [_utterance(number, told[number]) for number in numbers if number in told]


def reports(bind: Connection, numbers: Iterable[int]) -> dict[int, Report]:
    """Return some reports by the numbers of their statements."""
    return {report.number: report for _, report in _reports(bind, statements.c.number, sorted(numbers))}


def _reports(
    bind: Connection, which: Column[Any], numbers: list[int], min_confidence: float = 0.0
) -> Iterator[tuple[int, Report]]:
    """The reports for which a column has one of some numbers, the earliest first, each with its saying."""
    query = select(
        statements, documents.c.id.label("article"), documents.c.title, documents.c.outlet, documents.c.copy_of,
        entities.c.name.label("speaker_name"), utterance_of.c.utterance, utterance_of.c.score, utterance_of.c.why,
    )  # fmt: skip
    query = query.join(utterance_of, utterance_of.c.statement == statements.c.number)
    query = query.join(documents, documents.c.number == statements.c.document)
    query = query.join(entities, entities.c.number == statements.c.speaker)
    for at in range(0, len(numbers), _AT_ONCE):
        chosen = query.where(which.in_(numbers[at : at + _AT_ONCE]), statements.c.confidence >= min_confidence)
        for row in bind.execute(chosen.order_by(documents.c.published, statements.c.number)):
            yield row.utterance, Report(
                number=row.number, article=row.article, title=row.title, outlet=row.outlet, published=row.published,
                copy=row.copy_of is not None, speaker=row.speaker_name, words=row.words, statement=statement_dict(row),
                score=row.score, why=decoded(row, "why"),
            )  # fmt: skip


def list_utterances(
    bind: Connection, since: str | None, until: str | None, limit: int, offset: int, least: int = 2,
    min_confidence: float = 0.0,
) -> list[Utterance]:  # fmt: skip
    """Return the sayings that most outlets report, then most articles; the copies of one article are counted once."""
    return utterances(bind, rank_utterances(bind, since, until, limit, offset, least, min_confidence), min_confidence)


def happening(bind: Connection, number: int) -> Happening:
    """Return a happening with its accounts. Raises `MissingError` where there is none."""
    found = happenings(bind, [group_of(bind, "happening", number) or number])
    if not found:
        raise MissingError(f"there is no happening {number}")
    return found[0]


def happenings(bind: Connection, numbers: list[int], min_confidence: float = 0.0) -> list[Happening]:
    """Return some happenings with their accounts, in the order asked for; `min_confidence` leaves out the accounts that are less sure."""
    told: dict[int, list[Account]] = {}
    for happening, account in _accounts(bind, happening_of.c.happening, numbers, min_confidence):
        told.setdefault(happening, []).append(account)
    return [merged(number, told[number]) for number in numbers if number in told]


def accounts(bind: Connection, numbers: Iterable[int]) -> dict[int, Account]:
    """Return some accounts by the numbers of their events."""
    return {account.number: account for _, account in _accounts(bind, events.c.number, sorted(numbers))}


def _accounts(
    bind: Connection, which: Column[Any], numbers: list[int], min_confidence: float = 0.0
) -> Iterator[tuple[int, Account]]:
    """The accounts for which a column has one of some numbers, the earliest first, each with its happening."""
    query = select(
        events, documents.c.id.label("article"), documents.c.title, documents.c.outlet, documents.c.published, documents.c.copy_of,
        documents.c.text, happening_of.c.happening, happening_of.c.score, happening_of.c.why,
    )  # fmt: skip
    query = query.join(happening_of, happening_of.c.event == events.c.number)
    query = query.join(documents, documents.c.number == events.c.document)
    for at in range(0, len(numbers), _AT_ONCE):
        chosen = query.where(which.in_(numbers[at : at + _AT_ONCE]), events.c.confidence >= min_confidence)
        for row in bind.execute(chosen.order_by(documents.c.published, events.c.number)):
            event = event_dict(row)
            yield row.happening, Account(
                number=row.number, article=row.article, title=row.title, outlet=row.outlet, published=row.published,
                copy=row.copy_of is not None, words=row.words, event=event, score=row.score, why=decoded(row, "why"),
                sentence=sentence_at(row.text, event["triggers"][0][0]),
            )  # fmt: skip


def list_happenings(
    bind: Connection,
    since: str | None,
    until: str | None,
    limit: int,
    offset: int,
    least: int = 2,
    kind: str | None = None,
    min_confidence: float = 0.0,
) -> list[Happening]:
    """Return the happenings of which most outlets tell, then most articles."""
    numbers = rank_happenings(bind, since, until, limit, offset, least, kind, min_confidence)
    return happenings(bind, numbers, min_confidence)


def confidence_of(piece: Piece) -> float:
    """How sure a piece of evidence is: the confidence of its statement or event."""
    plain = piece.statement if isinstance(piece, Report) else piece.event if isinstance(piece, Account) else {}
    return float(plain.get("confidence", 1.0))


def links_of(bind: Connection, name: str) -> tuple[int | None, dict[str, int], dict[str, int]]:
    """Return where an article belongs: its story, and by their ids the utterances of its statements and happenings of its events."""
    article = bind.scalar(select(documents.c.number).where(documents.c.id == name))
    told = select(statements.c.id, utterance_of.c.utterance).join(
        utterance_of, utterance_of.c.statement == statements.c.number
    )
    done = select(events.c.id, happening_of.c.happening).join(happening_of, happening_of.c.event == events.c.number)
    return (
        bind.scalar(select(story_of.c.story).where(story_of.c.document == article)),
        {row.id: row.utterance for row in bind.execute(told.where(statements.c.document == article))},
        {row.id: row.happening for row in bind.execute(done.where(events.c.document == article))},
    )


def _utterance(number: int, reports: list[Report]) -> Utterance:
    names = _counted(report.speaker for report in reports)
    longest = max(reports, key=lambda report: (report.statement["kind"] != "indirect", len(report.words)))
    return Utterance(number=number, speaker=next(iter(names)), words=longest.words, reports=reports)


def merged(number: int, accounts: list[Account]) -> Happening:
    """Return a happening of some accounts, the earliest first."""
    days = _counted(_days(account) for account in accounts if account.event["date"])
    likely = min(days, key=lambda span: (-days[span], _length(span), span), default="..")
    first_day, _, last_day = likely.partition("..")
    sides = {
        side: _counted(party["name"] for account in accounts for party in account.event[side])
        for side in ("actors", "recipients")
    }
    return Happening(
        number=number, type=accounts[0].event["type"], statuses=_counted(account.event["status"] for account in accounts),
        first_day=first_day or None, last_day=last_day or None, days=days,
        places=_counted(account.event["place"]["name"] for account in accounts if account.event["place"]), accounts=accounts, **sides,
    )  # fmt: skip


def _days(account: Account) -> str:
    return f"{account.event['date']['start']}..{account.event['date']['end']}"


def _length(days: str) -> int:
    first, last = map(day_number, days.split(".."))
    return last - first


def sentence_at(text: str, at: int) -> str:
    """The sentence in which a character stands, cut where it runs on."""
    before = [found + len(stop) for stop in _STOPS if (found := text.rfind(stop, 0, at)) >= 0]
    behind = [found + 1 for stop in _STOPS if (found := text.find(stop, at)) >= 0]
    return text[max(0, at - _CONTEXT, *before) : min(len(text), at + _CONTEXT, *behind)].strip()


def _counted(names: Any) -> dict[str, int]:
    """Names with how often each is given, the commonest first."""
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _titles(bind: Connection, numbers: list[int]) -> dict[int, str]:
    query = select(documents.c.number, documents.c.title, func.substr(documents.c.text, 1, 200).label("text"))
    rows = bind.execute(query.where(documents.c.number.in_(numbers)))
    return {row.number: row.title or headline(row.text) for row in rows}


def headline(text: str) -> str:
    return text.strip().split("\n", 1)[0][:160]
