"""One knowledge base of names across articles, and the decisions that people make about it.

Parties merge by identifier, else by the folded words of their name: «المستشار الألماني» and «المستشار
الالماني» are one. What is wrong in that is set right by a decision (merge, split, rename), which is
kept apart from what was read: `statements.read_as` stays, `statements.speaker` follows the decisions, and so
does everything that is ingested later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from musnad.errors import LedgerError
from musnad.ledger.database import Database
from musnad.ledger.rows import EntityRow
from musnad.ledger.tables import compared, decisions, entities, participants, sources, statements, utterance_of
from musnad.ledger.terms import shared as terms
from musnad.names.cases import in_no_case
from musnad.names.forms import canonical, name_words
from musnad.names.knowledge import shared

_AT_ONCE = 500
_OLD_SCHEMES = {"name", "oeda", "outlet"}  # of identifiers that a better one takes the place of
_WORDS = 12  # of a name that is looked for


class Entity(msgspec.Struct, frozen=True):
    """Somebody who speaks in the ledger; `key` is the identifier, or «name:» and the folded words.

    `described`: a description that denotes somebody else in every article («الوزير»), so its statements are not one person's.
    """

    number: int
    key: str
    name: str
    identifier: str | None
    described: bool
    statements: int


class Decision(NamedTuple):
    """What a person decided about a name."""

    action: str
    key: str
    target: str
    made: str


def number_entities(bind: Connection, parties: Iterable[EntityRow]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number of each key as read and as decided, storing the parties that are new."""
    wanted = {party.key: party for party in parties}
    read_as = _numbers(bind, list(wanted))
    new = [party for key, party in wanted.items() if key not in read_as]
    first = (bind.scalar(select(func.max(entities.c.number))) or 0) + 1
    if new:
        rows = [
            {
                "number": first + n,
                "last": last_of(party),
                **{name: getattr(party, name) for name in EntityRow.__struct_fields__},
            }
            for n, party in enumerate(new)
        ]
        bind.execute(insert(entities), rows)
        read_as |= {row["key"]: row["number"] for row in rows}
    merged = _merged(bind)
    targets = _numbers(bind, list(set(merged.values()))) if merged else {}
    return read_as, {key: targets.get(merged.get(key, key), number) for key, number in read_as.items()}


def last_of(party: EntityRow) -> str | None:
    """The last word of a name, by which sayings are compared."""
    return party.words.split()[-1] if party.words.strip() else None


def find(bind: Connection, name: str) -> list[int]:
    """Return the numbers of the entities whose name, in any spelling that is known, holds all words of `name`, whom it stands
    for (البيت الأبيض), or whose key it is, or was before their names were known to be one.
    """
    exact = bind.scalar(select(entities.c.number).where(entities.c.key == name))
    if exact is not None:
        return [exact]
    scheme, mark, key = name.partition(":")
    if mark and scheme in _OLD_SCHEMES:
        return list(_numbers(bind, _keys(key.replace("_", " "))).values())
    words = name_words(in_no_case(name, terms().lexicon))[:_WORDS]
    query = select(entities.c.number)
    for word in words:
        query = query.where(entities.c.words.contains(f" {word} ", autoescape=True))
    found = list(bind.scalars(query))
    others = _numbers(bind, [*_keys(name), *shared().called(words)]).values()
    return [*(number for number in sorted(others) if number not in found), *found]


def _keys(name: str) -> list[str]:
    """The keys that an entity of a name may have."""
    known = shared().identifier(name)
    words = name_words(shared().usual(name) or in_no_case(name, terms().lexicon))
    return [*([known] if known else []), "name:" + canonical(" ".join(words))]


def keys_of(bind: Connection, numbers: Iterable[int]) -> set[str]:
    """Return the keys of entities by their numbers."""
    return set(bind.scalars(select(entities.c.key).where(entities.c.number.in_(list(numbers)[:_AT_ONCE]))))


def listed(database: Database, name: str | None = None, limit: int = 50) -> list[Entity]:
    """Return the entities that speak most, of all or of those whose name holds the words of `name`."""
    with database.read() as bind:
        spoken = func.count(statements.c.number).label("spoken")
        query = select(entities, spoken).join(statements, statements.c.speaker == entities.c.number)
        if name is not None:
            query = query.where(entities.c.number.in_(find(bind, name)))
        query = query.group_by(*entities.c).order_by(spoken.desc(), entities.c.number).limit(limit)
        return [
            Entity(row.number, row.key, row.name, row.identifier, row.described, row.spoken)
            for row in bind.execute(query)
        ]


def decide(database: Database, action: str, key: str, target: str) -> None:
    """Keep a decision and carry it out.

    merge: what `key` says is said by `target`; split: what was merged into `target` from `key` is its own again;
    rename: `key` is shown as `target`. Raises `LedgerError` where a key is not known.
    """
    with database.write() as bind:
        numbers = _numbers(bind, [key, target])
        for wanted in [key] if action == "rename" else [key, target]:
            if wanted not in numbers:
                raise LedgerError(f"no entity has the key {wanted!r}; `musnad entities list` shows the keys")
        if action == "merge" and _merged(bind).get(target, target) == key:
            raise LedgerError(f"{target!r} is already merged into {key!r}; split it first")
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        bind.execute(insert(decisions), {"action": action, "key": key, "target": target, "made": made})
        if action == "rename":
            bind.execute(update(entities).where(entities.c.key == key).values(name=target))
            _compare_anew(bind, numbers[key])
        else:
            carry_out(bind)


def made(database: Database) -> list[Decision]:
    """Return all decisions, in the order in which they were made."""
    with database.read() as bind:
        rows = bind.execute(select(decisions).order_by(decisions.c.number))
        return [Decision(row.action, row.key, row.target, row.made) for row in rows]


def _compare_anew(bind: Connection, entity: int) -> None:
    """Let conflicts be found anew in the sayings of an entity, which are held against each other by its name."""
    told = select(utterance_of.c.utterance).join(statements, statements.c.number == utterance_of.c.statement)
    named = compared.c.number.in_(told.where(statements.c.speaker == entity))
    bind.execute(delete(compared).where(compared.c.kind == "attribution", named))


def carry_out(bind: Connection) -> None:
    """Let the speakers follow the decisions as they now stand."""
    merged = _merged(bind)
    bind.execute(
        update(statements).values(speaker=statements.c.read_as).where(statements.c.speaker != statements.c.read_as)
    )
    for table in (sources, participants):
        bind.execute(update(table).values(entity=table.c.read_as).where(table.c.entity != table.c.read_as))
    numbers = _numbers(bind, [*merged, *merged.values()])
    for key, target in merged.items():
        bind.execute(update(statements).where(statements.c.read_as == numbers[key]).values(speaker=numbers[target]))
        for table in (sources, participants):
            bind.execute(update(table).where(table.c.read_as == numbers[key]).values(entity=numbers[target]))


def _merged(bind: Connection) -> dict[str, str]:
    """Return where each merged key goes in the end."""
    goes: dict[str, str] = {}
    query = select(decisions).where(decisions.c.action.in_(["merge", "split"])).order_by(decisions.c.number)
    for row in bind.execute(query):
        if row.action == "merge":
            goes[row.key] = row.target
        else:
            goes.pop(row.key, None)
    for key in goes:
        seen = {key}
        while goes[key] in goes and goes[goes[key]] not in seen:
            seen.add(goes[key])
            goes[key] = goes[goes[key]]
    return goes


def _numbers(bind: Connection, keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(keys), _AT_ONCE):
        query = select(entities.c.key, entities.c.number).where(entities.c.key.in_(keys[at : at + _AT_ONCE]))
        found |= {row.key: row.number for row in bind.execute(query)}
    return found
