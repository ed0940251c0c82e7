"""Entities under the keys that they have now: a ledger that was made when fewer forms of a name were known keeps one entity for each.

What the rules and tables of names make one becomes one row; decisions of people follow, and stand. A change there that makes names one
raises `VERSION`, and ledgers are brought up to date when they are opened.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from musnad.ledger.database import Database
from musnad.ledger.entities import carry_out, last_of
from musnad.ledger.rows import EntityRow, entity_of
from musnad.ledger.tables import decisions, entities, settings
from musnad.ledger.terms import Terms
from musnad.names.knowledge import shared

VERSION = "2"
_NAME = "names"  # of the row of `settings` that holds the version
_OF_TABLES = ("oeda:", "outlet:")  # identifiers that a better one takes the place of
_REFERRING = (("statements", "speaker"), ("statements", "read_as"), ("sources", "entity"), ("sources", "read_as"),
              ("participants", "entity"), ("participants", "read_as"))  # fmt: skip


class _RenamedEntity(NamedTuple):
    """An entity as it stands in the ledger, by its number and key, and as it is made now."""

    number: int
    key: str
    now: EntityRow


def renew(database: Database, terms: Terms) -> None:
    """Bring the entities up to date where their keys were made by other rules; they stay as they are where nothing may be written."""
    with database.read() as bind:
        made = bind.scalar(select(settings.c.value).where(settings.c.name == _NAME))
    if made == VERSION or database.still:
        return
    with database.write() as bind:
        if _rename(bind, terms):
            carry_out(bind)
        bind.execute(delete(settings).where(settings.c.name == _NAME))
        bind.execute(insert(settings), {"name": _NAME, "value": VERSION})


def _rename(bind: Connection, terms: Terms) -> bool:
    """Bring all entities up to date; return whether any was not."""
    shown_otherwise = set(bind.scalars(select(decisions.c.key).where(decisions.c.action == "rename")))
    by_key: dict[str, list[_RenamedEntity]] = defaultdict(list)
    for row in bind.execute(select(entities).order_by(entities.c.number)):
        now = _now(row, row.words.strip() if row.key in shown_otherwise else row.name, terms)
        by_key[now.key].append(_RenamedEntity(row.number, row.key, now))
    moved: dict[int, int] = {}  # entities that are another by now
    keys: dict[str, str] = {}  # old ones
    changed: list[_RenamedEntity] = []
    for key, ones in by_key.items():
        kept = next((one for one in ones if one.key == key), ones[0])
        moved |= {one.number: kept.number for one in ones if one is not kept}
        keys |= {one.key: key for one in ones if one.key != key}
        changed += [kept] if kept.key != key else []
    if moved:
        _move(bind, moved)
    if changed:
        _write(bind, changed)
    if keys:
        _decide(bind, keys)
    return bool(keys)


def _now(row: Any, name: str, terms: Terms) -> EntityRow:
    identifier = row.identifier
    if identifier is None or identifier.startswith(_OF_TABLES):
        identifier = shared().identifier(name) or identifier
    return entity_of(name, identifier, terms)


def _move(bind: Connection, moved: dict[int, int]) -> None:
    """Let all rows that refer to an entity refer to another, and take it out."""
    bind.execute(text("CREATE TEMPORARY TABLE moved(was INTEGER PRIMARY KEY, is_now INTEGER NOT NULL)"))
    rows = [{"was": was, "is_now": now} for was, now in moved.items()]
    bind.execute(text("INSERT INTO moved(was, is_now) VALUES (:was, :is_now)"), rows)
    # the database asks of every row that goes whether one refers to it, and without an index reads the whole table for that
    bind.execute(text("CREATE INDEX moved_read_as ON statements(read_as)"))
    for table, column in _REFERRING:
        found = f"(SELECT is_now FROM moved WHERE was = {table}.{column})"
        bind.execute(text(f"UPDATE {table} SET {column} = {found} WHERE {column} IN (SELECT was FROM moved)"))
    bind.execute(delete(entities).where(entities.c.number.in_(text("SELECT was FROM moved"))))
    bind.execute(text("DROP INDEX moved_read_as"))
    bind.execute(text("DROP TABLE moved"))


def _write(bind: Connection, changed: list[_RenamedEntity]) -> None:
    """Write what entities are now; a key may have been that of another, so all let go of theirs first."""
    numbered = update(entities).where(entities.c.number == bindparam("of"))
    bind.execute(
        numbered.values(key=bindparam("key")), [{"of": one.number, "key": f"~{one.number}"} for one in changed]
    )
    names = EntityRow.__struct_fields__
    values = [{"of": one.number, "last": last_of(one.now), **msgspec.structs.asdict(one.now)} for one in changed]
    bind.execute(numbered.values({name: bindparam(name) for name in (*names, "last")}), values)


def _decide(bind: Connection, keys: dict[str, str]) -> None:
    """Let decisions name entities by the keys that they have now; two that are one now need none."""
    for row in bind.execute(select(decisions).order_by(decisions.c.number)).all():
        renames = row.action == "rename"
        key, target = keys.get(row.key, row.key), row.target if renames else keys.get(row.target, row.target)
        this = decisions.c.number == row.number
        if key == target and not renames:
            bind.execute(delete(decisions).where(this))
        elif (key, target) != (row.key, row.target):
            bind.execute(update(decisions).where(this).values(key=key, target=target))
        if renames:
            bind.execute(update(entities).where(entities.c.key == key).values(name=target))
