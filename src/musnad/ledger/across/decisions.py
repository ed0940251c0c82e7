"""What people decide about links: two are one, or one does not belong. Kept, and carried out again after every new reading.

Items are named by their article and number within it, so that a decision outlives the rows: `a1` is an article, `a1#s3` a
statement, `a1#e2` an event.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, or_, select, update

from musnad.errors import LedgerError
from musnad.ledger.across import stories
from musnad.ledger.across.groups import KINDS, GroupTables
from musnad.ledger.tables import documents, links

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger


def decide(ledger: Ledger, kind: str, action: str, one: str, other: str) -> None:
    """Keep a decision and carry it out.

    merge: the two items belong together, and with them all that belongs to either; split: `one` does not belong where
    `other` does. Raises `LedgerError` where an item is not known.
    """
    if kind not in KINDS or action not in {"merge", "split"}:
        raise LedgerError(f"{action} {kind}: there are merge and split of {', '.join(KINDS)}")
    with ledger.database.write() as bind:
        for name in (one, other):
            if _item(bind, KINDS[kind], name) is None:
                raise LedgerError(
                    f"{name}: no such item in the ledger; an article is a1, a statement a1#s3, an event a1#e2"
                )
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        bind.execute(insert(links), {"kind": kind, "action": action, "one": one, "other": other, "made": made})
        _carry_out(bind, kind, action, one, other)


def apply_to(bind: Connection, numbers: list[int]) -> bool:
    """Carry out the decisions about items of some articles, in the order in which they were made; return whether there were any."""
    made = bind.execute(select(links).order_by(links.c.number)).all()
    if not made:
        return False
    touched = False
    names = set(bind.scalars(select(documents.c.id).where(documents.c.number.in_(numbers))))
    for row in made:
        if {row.one.partition("#")[0], row.other.partition("#")[0]} & names:
            _carry_out(bind, row.kind, row.action, row.one, row.other)
            touched = True
    return touched


def made(ledger: Ledger) -> list[dict[str, Any]]:
    """Return all decisions about links, in the order in which they were made."""
    with ledger.database.read() as bind:
        return [dict(row._mapping) for row in bind.execute(select(links).order_by(links.c.number))]


def _carry_out(bind: Connection, kind: str, action: str, one: str, other: str) -> None:
    chosen = KINDS[kind]
    items = _item(bind, chosen, one), _item(bind, chosen, other)
    if items[0] is None or items[1] is None:
        return  # an article that is gone, or was read otherwise
    item, group = chosen.member, chosen.group
    found = [bind.scalar(select(group).where(item == number)) for number in items]
    groups = [number for number in found if number is not None]
    if len(groups) < len(items):
        return
    why = {"why": '{"by":"hand"}', "score": 1.0}
    if action == "merge" and groups[0] != groups[1]:
        into = min(groups)
        bind.execute(update(chosen.table).where(or_(group == groups[0], group == groups[1])).values({group.name: into}))
        bind.execute(update(chosen.table).where(item == items[0]).values(why))
    elif action == "split" and groups[0] == groups[1]:
        rest = list(bind.scalars(select(item).where(group == groups[0], item != items[0]).order_by(item)))
        if items[0] == groups[0] and rest:  # the first gives the group its number: the others get another
            bind.execute(update(chosen.table).where(item.in_(rest)).values({group.name: rest[0]}))
        else:
            bind.execute(update(chosen.table).where(item == items[0]).values({group.name: items[0], **why}))
    if kind == "story":
        for number in {*groups, *bind.scalars(select(group).where(item.in_(items)))}:
            stories.rebuild(bind, int(number))


def _item(bind: Connection, kind: GroupTables, name: str) -> int | None:
    article, _, part = name.partition("#")
    document = bind.scalar(select(documents.c.number).where(documents.c.id == article))
    if document is None or kind.members is documents:
        return document if not part else None
    members = kind.members.c
    return bind.scalar(select(members.number).where(members.document == document, members.id == part))
