"""Corrections with who, why and undo; of events too. Watchlists. What is doubtful can be found first.

A correction held the statement as it should be; now it holds what was changed, so that each can be undone for itself.
"""

from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, bring corrections into their new form, mark the statements that were corrected."""
    for name, kind in (("words", sa.Text), ("author", sa.Text), ("note", sa.Text), ("undone_by", sa.Text)):
        op.add_column("corrections", sa.Column(name, kind))
    op.add_column("corrections", sa.Column("part", sa.String(9), nullable=False, server_default="statement"))
    op.add_column("corrections", sa.Column("undone", sa.String(19)))
    for table in ("statements", "events"):
        op.add_column(table, sa.Column("corrected", sa.String(7)))
        op.add_column(table, sa.Column("anchor", sa.Text))
        op.create_index(f"{table}_by_doubt", table, ["confidence", "number"])
    op.create_index("statements_by_day", "statements", ["published", "number"])
    op.create_index("documents_by_outlet", "documents", ["outlet", "published"])
    op.create_table(
        "watches",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("made", sa.String(19), nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
    )
    bind = op.get_bind()
    for row in bind.execute(sa.text("SELECT number, document, content, value FROM corrections ORDER BY number")).all():
        _renew(bind, row)
    bind.execute(sa.text("DELETE FROM settings WHERE name = 'sealed'"))  # these rows have other columns now


def _renew(bind: sa.Connection, row: sa.Row[Any]) -> None:
    both = msgspec.json.decode(row.value)
    reading, value = both["reading"], both["value"]
    changes = None if value is None else {key: cell for key, cell in value.items() if reading.get(key) != cell}
    article = bind.execute(
        sa.text("SELECT number, text FROM documents WHERE id = :id"), {"id": row.document}
    ).one_or_none()
    spans = msgspec.json.decode(row.content)
    words = " … ".join(article.text[start:end] for start, end in spans) if article is not None else None
    bind.execute(
        sa.text("UPDATE corrections SET value = :value, words = :words WHERE number = :number"),
        {
            "value": msgspec.json.encode({"reading": reading, "changes": changes}).decode(),
            "words": words,
            "number": row.number,
        },
    )
    if article is not None and value is not None:
        bind.execute(
            sa.text(
                "UPDATE statements SET corrected = 'mended', anchor = :anchor WHERE document = :document AND content = :now"
            ),
            {
                "anchor": row.content,
                "document": article.number,
                "now": msgspec.json.encode(value["content"]).decode(),
            },
        )
