"""Copies found by sketches in place of equal words; descriptions told from names; sources as they were read."""

import sqlalchemy as sa
from alembic import op

from musnad.ledger import copies
from musnad.ledger.terms import Terms
from musnad.names.descriptions import is_description

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_ONCE = 500


def upgrade() -> None:
    """Change the tables, and work out for what is there what a new ingest would have stored."""
    op.create_table(
        "fingerprints",
        sa.Column("band", sa.BigInteger, primary_key=True),
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.number"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_documents_words_hash", "documents")
    op.drop_column("documents", "words_hash")
    op.add_column("entities", sa.Column("described", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sources", sa.Column("read_as", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE sources SET read_as = entity")
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT 1 FROM documents LIMIT 1")):
        terms = Terms()
        _describe(bind, terms)
        _settle(bind, terms)


def _describe(bind: sa.Connection, terms: Terms) -> None:
    rows = bind.execute(sa.text("SELECT number, name FROM entities WHERE identifier IS NULL")).all()
    described = [{"n": row.number} for row in rows if is_description(row.name, terms.lexicon)]
    if described:
        bind.execute(sa.text("UPDATE entities SET described = true WHERE number = :n"), described)


def _settle(bind: sa.Connection, terms: Terms) -> None:
    last = 0
    query = sa.text("SELECT number, text FROM documents WHERE number > :last ORDER BY number LIMIT :most")
    while rows := bind.execute(query, {"last": last, "most": _AT_ONCE}).all():
        copies.settle(bind, terms, {row.number: copies.bands(row.text, terms) for row in rows})
        last = rows[-1].number
