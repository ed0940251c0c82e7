"""How sure an event is. Events stored before the reader said so get 1."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("events", sa.Column("confidence", sa.Float, nullable=False, server_default="1"))
