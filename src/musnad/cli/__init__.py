"""The command `musnad`: one module for each thing that people do with it."""

from __future__ import annotations

import os
import sys

import typer

from musnad.cli import across, batch, events, keeping, ledger, reading, serve
from musnad.cli.app import PARTLY, app
from musnad.errors import MusnadError

__all__ = ["across", "app", "batch", "events", "keeping", "ledger", "main", "reading", "serve"]


def main() -> None:
    """Run the command. A closed pipe ends it quietly; an expected error is one line."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except MusnadError as error:
        typer.echo(f"musnad: {error}", err=True)
        sys.exit(PARTLY)
    except KeyboardInterrupt:
        sys.exit(130)
