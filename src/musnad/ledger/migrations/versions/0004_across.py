"""Stories, utterances, happenings, decisions about them, and issues. Articles taken in before are linked at the next ingest."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of what is found across articles, and the last word of every name."""
    op.add_column("entities", sa.Column("last", sa.Text))
    op.create_index("ix_entities_last", "entities", ["last"])
    bind = op.get_bind()
    names = bind.execute(sa.text("SELECT number, words FROM entities")).all()
    rows = [{"n": row.number, "last": row.words.split()[-1]} for row in names if row.words.strip()]
    if rows:
        bind.execute(sa.text("UPDATE entities SET last = :last WHERE number = :n"), rows)
    op.create_table(
        "stories",
        sa.Column("number", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("first_day", "last_day")),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Index("stories_by_day", "last_day", "first_day"),
    )
    op.create_table(
        "story_of",
        sa.Column("document", sa.Integer, sa.ForeignKey("documents.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("story", sa.Integer, nullable=False, index=True),
        sa.Column("day", sa.Integer),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "term_days",
        sa.Column("term", sa.BigInteger, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("documents", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    for name, item, group in (("utterance_of", "statement", "utterance"), ("happening_of", "event", "happening")):
        op.create_table(
            name,
            sa.Column(item, sa.Integer, sa.ForeignKey(f"{item}s.number", ondelete="CASCADE"), primary_key=True),
            sa.Column(group, sa.Integer, nullable=False, index=True),
            sa.Column("score", sa.Float, nullable=False),
            sa.Column("why", sa.Text, nullable=False),
        )
    op.create_table(
        "happening_keys",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("event", sa.Integer, sa.ForeignKey("events.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("day", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_happening_keys_event", "happening_keys", ["event"])
    op.create_table(
        "links",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("action", sa.String(5), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("one", "other")),
        sa.Column("made", sa.String(19), nullable=False),
    )
    op.create_table(
        "issues",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("made", sa.String(19), nullable=False),
    )
