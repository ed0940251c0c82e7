"""The first schema."""

from alembic import op

from musnad.ledger.fulltext import index_for
from musnad.ledger.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables and the index of words."""
    bind = op.get_bind()
    metadata.create_all(bind)
    index_for(bind.dialect.name).create(bind)
