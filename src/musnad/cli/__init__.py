"""The command `musnad`: one module for each thing that people do with it."""

from __future__ import annotations

import gc
import importlib
import os
import sys

from musnad.cli.ending import carried_out
from musnad.config import config_file

WRONG_USE = 2

#: The modules in the order in which their commands stand in the help, each with its commands.
MODULES = {
    "reading": ("read", "demo", "eval", "gold", "schema"),
    "ledger": ("search", "who", "show", "stats", "verify"),
    "ingest": ("ingest", "watch"),
    "watching": ("watches",),
    "claims": ("check",),
    "events": ("events", "map", "timeline"),
    "correcting": ("correct", "corrections", "doubtful"),
    "keeping": ("entities", "annotate"),
    "export": ("export",),
    "across": ("link", "stories", "utterances", "happenings", "positions", "promises", "conflicts", "issues", "links"),
    "serve": ("mcp", "serve"),
    "batch": ("run", "query"),
}


def main() -> None:
    """Run the command."""
    gc.set_threshold(50_000)  # what is loaded is no garbage: looking through it is a tenth of a short command
    sys.exit(carried_out(_command))


def _command() -> None:
    asked = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    one = [module for module, commands in MODULES.items() if asked in commands]
    for name in one or MODULES:  # of one command its own module is enough; help shows all
        importlib.import_module(f"musnad.cli.{name}")  # each adds its commands
    import typer.main

    from musnad.cli.app import app
    from musnad.cli.defaults import set_defaults

    command = typer.main.get_command(app)
    known = frozenset(name for commands in MODULES.values() for name in commands)
    completing = "_MUSNAD_COMPLETE" in os.environ  # a shell asks which words fit: no place for what is wrong in a file
    given = [] if completing else set_defaults(command, known)
    try:
        command()
    except SystemExit as end:
        if end.code == WRONG_USE and given:
            print(f"musnad: {config_file()} gives {', '.join(given)}", file=sys.stderr)
        raise
