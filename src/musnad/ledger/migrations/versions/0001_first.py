"""The first schema. Its tables stand here as they were then; `musnad.ledger.tables` has them as they are now."""

import sqlalchemy as sa
from alembic import op

from musnad.ledger.fulltext import index_for

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables and the index of words."""
    _documents()
    _statements()
    _decided()
    bind = op.get_bind()
    index_for(bind.dialect.name).create(bind)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("hash", sa.String(32), nullable=False),
        sa.Column("words_hash", sa.String(32), nullable=False, index=True),
        sa.Column("copy_of", sa.Integer, sa.ForeignKey("documents.number"), index=True),
        *(sa.Column(name, sa.Text) for name in ("title", "outlet", "url")),
        sa.Column("published", sa.String(10), index=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("rest", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "entities",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("identifier", sa.Text),
        sa.Column("words", sa.Text, nullable=False),
    )


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.number", ondelete="CASCADE"), nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("stance", sa.String(9), nullable=False),
        *(sa.Column(name, sa.Integer, sa.ForeignKey("entities.number"), nullable=False) for name in ("speaker", "read_as")),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("cue", sa.Text),
        sa.Column("parties", sa.Text, nullable=False),
        sa.Column("within", sa.Text),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("published", sa.String(10)),
        sa.UniqueConstraint("document", "id"),
        sa.CheckConstraint("length(content) > 4 AND length(words) > 0", name="evidence"),
        sa.Index("statements_of_speaker", "speaker", "published"),
        sa.Index("statements_by_stance", "stance"),
    )  # fmt: skip
    op.create_table(
        "sources",
        sa.Column("statement", sa.Integer, sa.ForeignKey("statements.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("entity", sa.Integer, sa.ForeignKey("entities.number"), nullable=False, index=True),
    )


def _decided() -> None:
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("action", sa.String(8), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("key", "target")),
        sa.Column("made", sa.String(19), nullable=False),
    )
    op.create_table(
        "corrections",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("content", "value")),
        sa.Column("made", sa.String(19), nullable=False),
    )
    op.create_table(
        "fetched",
        sa.Column("url", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text) for name in ("etag", "modified")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
