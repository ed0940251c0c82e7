"""The ledger's schema, brought up to date. A revision is a file of `versions`, named by its number; alembic is loaded only where
there is something to change."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

_FOLDER = Path(__file__).parent


def revisions() -> list[str]:
    """Return the numbers of all revisions, the first one first."""
    return sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


def revision_of(bind: Connection) -> str | None:
    """Return the revision of a database, None where it has no ledger."""
    if not inspect(bind).has_table("alembic_version"):
        return None
    found: str | None = bind.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(bind: Connection, to: str = "head") -> None:
    """Bring a database to a revision, the last one, from wherever it is."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = bind
    command.upgrade(config, to)
