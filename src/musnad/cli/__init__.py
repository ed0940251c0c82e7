"""The command `musnad`: one module for each thing that people do with it."""

from __future__ import annotations

import importlib
import sys

from musnad.cli.ending import carried_out

#: In the order in which their commands stand in the help.
_MODULES = (
    "reading", "ledger", "ingest", "watching", "claims", "events", "correcting", "keeping", "export", "across", "serve", "batch",
)  # fmt: skip


def main() -> None:
    """Run the command."""
    sys.exit(carried_out(_command))


def _command() -> None:
    for name in _MODULES:
        importlib.import_module(f"musnad.cli.{name}")  # each adds its commands
    from musnad.cli.app import app

    app()
