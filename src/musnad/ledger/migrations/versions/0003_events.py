"""Events and who took part in them. Articles taken in before hold none until they are read anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of events."""
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.number", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("type", sa.String(9), nullable=False),
        sa.Column("mode", sa.Text),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        *(sa.Column(name, sa.String(10)) for name in ("first_day", "last_day")),
        *(sa.Column(name, sa.Text) for name in ("place", "said_in")),
        sa.Column("spans", sa.Text, nullable=False),
        sa.UniqueConstraint("document", "id"),
        sa.CheckConstraint("length(words) > 0", name="evidence_of_event"),
        sa.Index("events_by_day", "first_day"),
        sa.Index("events_by_type", "type", "first_day"),
    )
    op.create_table(
        "participants",
        sa.Column("event", sa.Integer, sa.ForeignKey("events.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("side", sa.String(9), nullable=False),
        sa.Column("entity", sa.Integer, sa.ForeignKey("entities.number"), nullable=False, index=True),
        sa.Column("read_as", sa.Integer, nullable=False),
    )
