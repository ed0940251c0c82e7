"""The ledger: articles with what was read in them, kept in SQLite or PostgreSQL, searched, checked, corrected."""

from musnad.ledger.search import Filters, Hit
from musnad.ledger.store import Counts, Ledger

__all__ = ["Counts", "Filters", "Hit", "Ledger"]
