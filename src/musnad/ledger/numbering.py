"""Numbers of statements, none of which is given twice: who was told of all up to a number is told of each that comes later.

An article that is read anew loses its statements and gets new ones; the largest number in the table may be smaller then.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from musnad.ledger.tables import settings, statements

_NAME = "statements"  # of the row of `settings` that holds the last number


def last_given(bind: Connection) -> int:
    """The largest number that a statement has or had."""
    kept = bind.scalar(select(settings.c.value).where(settings.c.name == _NAME))
    return max(int(kept or 0), bind.scalar(select(func.max(statements.c.number))) or 0)


def give(bind: Connection, count: int) -> int:
    """The first of so many new numbers in a row."""
    last = last_given(bind)
    bind.execute(delete(settings).where(settings.c.name == _NAME))
    bind.execute(insert(settings), {"name": _NAME, "value": str(last + count)})
    return last + 1
