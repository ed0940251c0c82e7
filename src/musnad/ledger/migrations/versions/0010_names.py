"""The view of events calls the identifier of a place as the record and the tables of exports do: `place_entity`."""

from importlib import import_module

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the view again."""
    before = import_module("musnad.ledger.migrations.versions.0007_views")
    body = before._views(op.get_bind().dialect.name == "sqlite")["events_view"]
    op.execute("DROP VIEW IF EXISTS events_view")
    op.execute(f"CREATE VIEW events_view AS {body.replace('AS place_id', 'AS place_entity')}")
