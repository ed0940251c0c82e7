"""Searches that somebody comes back to: watches; and telling of what is new."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from musnad.cli.app import LEDGER, PARTLY, MinConfidence, app, put, share_option, usage
from musnad.cli.ledger import (
    AsJson,
    LedgerOption,
    Limit,
    OutletOption,
    SpeakerOption,
    StanceOption,
    filters_of,
    show_hits,
)

if TYPE_CHECKING:
    from musnad.ledger import Ledger

watchlists = typer.Typer(help="Watchlists: searches that are kept, and what is new in them.", no_args_is_help=True)
app.add_typer(watchlists, name="watches", rich_help_panel=LEDGER)
Name = Annotated[str, typer.Argument(help="The name of the watch.")]
Command = Annotated[
    str,
    typer.Argument(
        help="A program with its arguments; no shell sees it. The new statements come as JSON on its standard input."
    ),
]
_SECONDS = 300.0  # that a command may take


@watchlists.command()
def save(
    name: Name,
    ledger: LedgerOption = "musnad.db",
    words: Annotated[str, typer.Option(help='Words, "phrases", beginnings*.')] = "",
    issue: Annotated[str | None, typer.Option(help="A named issue (musnad issues).")] = None,
    speaker: SpeakerOption = None,
    outlet: OutletOption = None,
    stance: StanceOption = None,
    min_confidence: MinConfidence = 0.0,
) -> None:
    """Keep a search under a name. What is in the ledger already counts as told."""
    from musnad.ledger import Ledger, watches

    filters_of(speaker, None, stance, None, outlet, None, None, min_confidence)
    share_option("--min-confidence", min_confidence)
    wanted = watches.Wanted(
        words=words, issue=issue, speaker=speaker, outlet=outlet, stance=stance, min_confidence=min_confidence
    )
    with Ledger(ledger, create=False) as opened:
        watches.save(opened, name, wanted)
    typer.echo(f"kept; musnad watches show {shlex.quote(name)} shows what it finds", err=True)


@watchlists.command("list")
def list_watches(ledger: LedgerOption = "musnad.db", as_json: AsJson = False) -> None:
    """Show the watches, each with how much is new in it."""
    from musnad.ledger import Ledger, watches
    from musnad.views.lines import clean

    with Ledger(ledger, create=False) as opened:
        for one, fresh in watches.counted(opened):
            if as_json:
                put(msgspec.json.encode(one).decode() + "\n")
                continue
            wanted = {key: value for key, value in msgspec.to_builtins(one.wanted).items() if value}
            said = " ".join(f"{key}={value}" for key, value in wanted.items())
            put(f"{clean(one.name)}\t{fresh if fresh < watches.COUNTED else f'{fresh}+'}\t{clean(said)}\n")


@watchlists.command()
def show(name: Name, ledger: LedgerOption = "musnad.db", limit: Limit = 20, as_json: AsJson = False) -> None:
    """Show what a watch finds, the newest first."""
    from musnad.ledger import Ledger, watches

    with Ledger(ledger, create=False) as opened:
        show_hits(watches.hits(opened, watches.watch(opened, name), limit=limit), as_json)


@watchlists.command()
def forget(name: Name, ledger: LedgerOption = "musnad.db") -> None:
    """Forget a watch."""
    from musnad.ledger import Ledger, watches

    with Ledger(ledger, create=False) as opened:
        watches.forget(opened, name)


@watchlists.command()
def seen(name: Name, ledger: LedgerOption = "musnad.db") -> None:
    """Let what is new in a watch count as seen."""
    from musnad.ledger import Ledger, watches

    with Ledger(ledger, create=False) as opened:
        one = watches.watch(opened, name)
        watches.told(opened, one, watches.count(opened, one)[1])


@watchlists.command()
def notify(command: Command, ledger: LedgerOption = "musnad.db") -> None:
    """Run a command once for each watch with something new; what a command took with success is not told again."""
    from musnad.ledger import Ledger

    words = command_of(command)
    with Ledger(ledger, create=False) as opened:
        if not tell(opened, words):
            raise typer.Exit(PARTLY)


def command_of(command: str) -> list[str]:
    """The words of a command, or the end of this one where there are none."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        usage(f"--notify: the command cannot be taken apart ({error}); close its quotation marks")
    if not words:
        usage("--notify: name a program")
    return words


def tell(ledger: Ledger, command: list[str]) -> bool:
    """Give the command each watch with what is new, as JSON on its standard input: {"watch": …, "statements": […]}. Return whether
    it took all of them."""
    from musnad.ledger import watches

    took = True
    for watch in watches.listed(ledger):
        found, last = watches.news(ledger, watch)
        if found:
            body = msgspec.json.encode({"watch": watch, "statements": found}) + b"\n"
            if not _ran(command, body, watch.name):
                took = False
                continue  # told again the next time
        watches.told(ledger, watch, last)
    return took


def _ran(command: list[str], body: bytes, name: str) -> bool:
    try:
        done = subprocess.run(command, input=body, timeout=_SECONDS, check=False)
    except (OSError, ValueError) as error:
        typer.echo(f"musnad: {command[0]}: cannot be run ({getattr(error, 'strerror', None) or error})", err=True)
        return False
    except subprocess.TimeoutExpired:
        typer.echo(f"musnad: {command[0]}: took more than {_SECONDS:.0f} seconds for {name!r}, and was ended", err=True)
        return False
    if done.returncode:
        typer.echo(
            f"musnad: {command[0]}: ended with {done.returncode} for {name!r}; it is told again next time", err=True
        )
    return not done.returncode
