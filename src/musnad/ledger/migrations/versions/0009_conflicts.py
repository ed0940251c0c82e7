"""Conflicts as they were found when articles were linked, and statements of a stance in the order of their days. Filled at the next ingest."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and the days to the index of stances."""
    op.create_table(
        "compared",
        sa.Column("kind", sa.String(11), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("stamp", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "conflicts",
        sa.Column("kind", sa.String(11), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("about", sa.String(7), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("one", "other")),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("weight", "rank")),
        sa.Column("key", sa.Text, nullable=False),
    )
    op.drop_index("statements_by_stance", "statements")
    op.create_index("statements_by_stance", "statements", ["stance", "published"])
