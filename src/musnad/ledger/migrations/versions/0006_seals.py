"""A checksum beside every statement and event, that tells damage. Rows taken in before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    for table in ("statements", "events"):
        op.add_column(table, sa.Column("seal", sa.BigInteger))
