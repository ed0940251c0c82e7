"""The command `musnad`: one module for each thing that people do with it."""

from __future__ import annotations

import sys

from musnad.cli.ending import carried_out


def main() -> None:
    """Run the command."""
    sys.exit(carried_out(_command))


def _command() -> None:
    from musnad.cli import across, batch, claims, events, ingest, keeping, ledger, reading, serve  # noqa: F401  each adds its commands
    from musnad.cli.app import app

    app()
