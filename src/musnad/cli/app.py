"""The application and what its commands share. Exit codes: 0 all done, 1 something could not be done, 2 wrong use, 3 nothing was read."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from musnad import __version__
from musnad.cli import ending

if TYPE_CHECKING:
    from rich.console import Console

    from musnad.llm import Settings
    from musnad.readers import ArticleReader

PARTLY, NOTHING = ending.PARTLY, 3


#: The parts of the help, in the order in which people meet them.
READ, LEDGER, ACROSS, PAGES, ARCHIVES = "Read", "Ledger", "Across articles", "Pages", "Archives"


class ReaderName(StrEnum):
    """The readers that a command may take."""

    exact = "exact"
    fast = "fast"
    llm = "llm"


Exact = Annotated[bool, typer.Option("--exact", help="Read as well as it can; takes several times as long.")]
ReaderOption = Annotated[
    ReaderName | None,
    typer.Option(
        "--reader", help="exact, fast, or llm: ask a language model of yours (docs/llm.md); articles are sent to it."
    ),
]
MaxCost = Annotated[
    float | None,
    typer.Option("--max-cost", min=0, help="Stop before a language model has cost more; needs its prices."),
]
MinConfidence = Annotated[
    float,
    typer.Option(
        "--min-confidence", help="Leave out what is less sure: of statements with 0.9, nine in ten are right."
    ),
]

app = typer.Typer(
    help="Read Arabic news: who said what, to whom, on whose report.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"musnad {__version__}")
        raise typer.Exit


@app.callback()
def _musnad(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from: its traceback.")] = False,
) -> None:
    ending.debug = debug


def console() -> Console:
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False)


def put(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def opened_reader(name: ReaderName, max_cost: float | None = None) -> ArticleReader:
    """Return the reader of a command; of a language model it is said what is sent where."""
    if max_cost is not None and name is not ReaderName.llm:
        usage("--max-cost goes with --reader llm: the other readers cost nothing")
    if name is not ReaderName.llm:
        from musnad.readers import open_reader

        return open_reader(name.value)
    settings = model_settings(max_cost)
    from musnad.llm import LlmReader

    return LlmReader(settings)


def model_settings(max_cost: float | None = None) -> Settings:
    """Return how a language model is asked, and say what is sent where."""
    try:
        from musnad.llm import load
    except ImportError as error:
        usage(f"a language model needs {error.name}; pip install 'musnad[llm]'")
    settings = load(max_cost=max_cost)
    typer.echo(f"musnad: {settings.notice}", err=True)
    return settings


def tell_usage(reader: ArticleReader) -> None:
    """Say what a language model was asked, and how often it did not answer; of the other readers nothing."""
    usage_so_far = getattr(reader, "usage", None)
    if usage_so_far is not None:
        typer.echo(f"musnad: {usage_so_far}", err=True)


def told_reader(name: ReaderName | None, otherwise: ReaderName, **short: bool) -> ReaderName:
    """The reader that was asked for: by --reader, or by its short option (--fast, --exact)."""
    named = {ReaderName(option) for option, given in short.items() if given} | ({name} if name is not None else set())
    if len(named) > 1:
        usage(f"which reader? {', '.join(sorted(named))} were asked for; take one")
    return named.pop() if named else otherwise


def share_option(option: str, share: float) -> None:
    """End the command where an option that must be a share is none."""
    if not 0 <= share <= 1:
        usage(f"{option} {share:g}: not a share; write a number from 0 to 1")


def usage(message: str) -> NoReturn:
    typer.echo(f"musnad: {message}", err=True)
    raise typer.Exit(2)
