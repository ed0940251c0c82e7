"""Stories, utterances and happenings as groups of rows. A group bears the number of one of its members, so any member leads to it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, delete, func, select, update

from musnad.ledger import tables
from musnad.ledger.across import stories
from musnad.ledger.tables import documents, events, happening_of, statements, story_of, utterance_of


class GroupTables(NamedTuple):
    """The table of links, its column of members and of groups, and the table of the members."""

    table: Table
    member: Column[Any]
    group: Column[Any]
    members: Table


KINDS = {
    "story": GroupTables(story_of, story_of.c.document, story_of.c.story, documents),
    "utterance": GroupTables(utterance_of, utterance_of.c.statement, utterance_of.c.utterance, statements),
    "happening": GroupTables(happening_of, happening_of.c.event, happening_of.c.happening, events),
}


def group_of(bind: Connection, kind: str, member: int) -> int | None:
    """Return the number of the group to which a member belongs, None where there is no such member."""
    number: int | None = bind.scalar(select(KINDS[kind].group).where(KINDS[kind].member == member))
    return number


def forget(bind: Connection, articles: list[int]) -> None:
    """Take articles out of their groups before they change: a group that bears a number of theirs goes on under another's."""
    for kind in KINDS.values():
        of_article = kind.members.c.number if kind.members is documents else kind.members.c.document
        going = select(kind.members.c.number).where(of_article.in_(articles))
        heirs = select(kind.group, func.min(kind.member)).where(kind.group.in_(going), kind.member.not_in(going))
        for number, heir in bind.execute(heirs.group_by(kind.group)).all():
            bind.execute(update(kind.table).where(kind.group == number).values({kind.group.name: heir}))
            if kind.members is documents:
                bind.execute(delete(tables.stories).where(tables.stories.c.number == number))
    stories.forget(bind, articles)


def leave(bind: Connection, kind: str, member: int) -> None:
    """Take one member out of its group: where the group bears its number it goes on under another's."""
    chosen = KINDS[kind]
    heir = bind.scalar(select(func.min(chosen.member)).where(chosen.group == member, chosen.member != member))
    if heir is not None:
        bind.execute(update(chosen.table).where(chosen.group == member).values({chosen.group.name: heir}))
    bind.execute(delete(chosen.table).where(chosen.member == member))
