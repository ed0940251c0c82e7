"""Putting right what was read: correct, corrections, doubtful."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, get_args

import msgspec
import typer

from musnad.cli.app import LEDGER, MinConfidence, app, console, put, usage
from musnad.cli.ledger import AsJson, LedgerOption, Limit, OutletOption, Since, SpeakerOption, Until, filters_of

if TYPE_CHECKING:
    from musnad.ledger import wording
    from musnad.ledger.events import EventHit
    from musnad.ledger.search import Hit

Names = list[str] | None
Author = Annotated[
    str | None, typer.Option(envvar="MUSNAD_AUTHOR", help="Who corrects; your name on this machine without it.")
]
Note = Annotated[str | None, typer.Option(help="Why.")]
Words = Annotated[
    str | None,
    typer.Option(help="The words as they should be, pasted from the article; pieces with « … » between them."),
]
Article = Annotated[str | None, typer.Argument(help="The id of the article.", metavar="ID")]
PartId = Annotated[
    str | None, typer.Argument(help="A statement or an event as `musnad show` numbers it: s3, e2.", metavar="PART")
]
At = Annotated[int | None, typer.Option(min=0, help="Where they begin, if they stand more than once.")]
Who = Annotated[str | None, typer.Option(help="Who really said it.")]
Whom = Annotated[str | None, typer.Option(help="To whom it was said; an empty text for nobody.")]
Carriers = Annotated[Names, typer.Option(help="Who carried the words; once for each, an empty text for nobody.")]
Code = Annotated[str | None, typer.Option(help="As it should be; a wrong one is told with those there are.")]
EventCode = Annotated[str | None, typer.Option("--type", help="CONSULT, AGREE, ASSAULT …")]
Acting = Annotated[Names, typer.Option(help="Who acts; once for each.")]
Suffering = Annotated[Names, typer.Option(help="Who it is done to; once for each.")]
Where = Annotated[str | None, typer.Option(help="Where; an empty text for nowhere.")]
FirstDay = Annotated[str | None, typer.Option(help="First day of the event, YYYY-MM-DD; an empty text for none.")]
LastDay = Annotated[str | None, typer.Option(help="Its last day.")]
Add = Annotated[str | None, typer.Option(metavar="statement|event", help="Add what was missed.")]
Remove = Annotated[bool, typer.Option("--remove", help="It is none at all.")]
Right = Annotated[bool, typer.Option("--right", help="It was looked at, and is right.")]
Undo = Annotated[int | None, typer.Option(help="Undo the correction of this number (`musnad corrections`).")]


@app.command(rich_help_panel=LEDGER)
def correct(
    article: Article = None, name: PartId = None, ledger: LedgerOption = "musnad.db", words: Words = None, at: At = None,
    speaker: Who = None, addressee: Whom = None, source: Carriers = None, stance: Code = None, kind: Code = None,
    event_type: EventCode = None, status: Code = None, actor: Acting = None, recipient: Suffering = None, place: Where = None,
    first_day: FirstDay = None, last_day: LastDay = None, add: Add = None, remove: Remove = False, right: Right = False,
    undo: Undo = None, author: Author = None, note: Note = None,
) -> None:  # fmt: skip
    """Put a statement or an event right, add one that was missed, or undo what was put right.

    The correction wins over the reading, and over later readings of the same text. For example:
    musnad correct a1 s3 --speaker "سامي الخوري" --note "the text names him"
    """
    from musnad.ledger import Ledger, corrections, wording

    given = wording.Given(
        words=words, at=at, speaker=speaker, addressee=addressee, sources=_lines(source), stance=stance, kind=kind,
        type=event_type, status=status, actors=_lines(actor), recipients=_lines(recipient), place=place, first_day=first_day,
        last_day=last_day,
    )  # fmt: skip
    _known(given)
    who = author or _login()
    if undo is not None:
        with Ledger(ledger, create=False) as opened:
            corrections.undo(opened, undo, author=who)
        typer.echo(f"correction {undo} is undone", err=True)
        return
    do = _wanted(article, name, add, given, remove=remove, right=right)
    assert article is not None
    with Ledger(ledger, create=False) as opened:
        if name is None:
            number = wording.add(opened, article, add, given, author=who, note=note)  # type: ignore[arg-type]
        else:
            number = wording.carry_out(opened, article, name, given, do, author=who, note=note)
    typer.echo(f"correction {number}; musnad correct --undo {number} takes it back", err=True)


def _wanted(
    article: str | None, name: str | None, add: str | None, given: wording.Given, *, remove: bool, right: bool
) -> wording.Do:
    """What is to be done; ends the command where that is not said."""
    if article is None or (name is None) == (add is None):
        usage("name the article and what to correct (musnad correct ID s3), or give --add statement, or --undo NUMBER")
    if name is not None and given == type(given)() and not remove and not right:
        usage("nothing to correct: give --speaker, --words, --stance …, --remove, or --right where it is right")
    return "remove" if remove else "right" if right else "mend"


@app.command("corrections", rich_help_panel=LEDGER)
def list_corrections(
    article: Annotated[str | None, typer.Argument(help="Of this article only.", metavar="ID")] = None,
    ledger: LedgerOption = "musnad.db",
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show what was corrected, the latest first: who, when, why, and what was undone."""
    from musnad.ledger import Ledger
    from musnad.ledger.corrections import history
    from musnad.views.corrections import print_corrections

    with Ledger(ledger, create=False) as opened:
        found = history(opened, article, limit=limit)
    if as_json:
        put("".join(msgspec.json.encode(one).decode() + "\n" for one in found))
        return
    print_corrections(found, console())


@app.command(rich_help_panel=LEDGER)
def doubtful(
    ledger: LedgerOption = "musnad.db",
    events: Annotated[bool, typer.Option("--events", help="Events instead of statements.")] = False,
    speaker: SpeakerOption = None,
    outlet: OutletOption = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Show what nobody has looked at yet, the least sure first. `musnad correct ID s3 --right` takes it off the list."""
    from musnad.ledger import Ledger
    from musnad.ledger.events import EventFilters
    from musnad.views.corrections import print_doubtful

    filters = filters_of(speaker, None, None, None, outlet, since, until, min_confidence)
    if events and (speaker or outlet):
        usage("--speaker and --outlet go with statements; events have --since and --until")
    chosen = EventFilters(since=since, until=until, min_confidence=min_confidence)
    found: Sequence[Hit | EventHit]
    with Ledger(ledger, create=False) as opened:
        if events:
            found = opened.events(chosen, limit=limit, order="doubtful")
        else:
            found = opened.statements(filters, limit=limit, order="doubtful")
    if as_json:
        put("".join(msgspec.json.encode(hit).decode() + "\n" for hit in found))
        return
    print_doubtful(found, console())


def _known(given: object) -> None:
    """End the command where a code or a day is none."""
    from musnad.record import EventType, Kind, Stance, Status, is_day

    codes = (("stance", Stance), ("kind", Kind), ("type", EventType), ("status", Status))
    for option, allowed in codes:
        value = getattr(given, option)
        if value is not None and value not in get_args(allowed):
            usage(f"--{option} {value}: there are {', '.join(get_args(allowed))}")
    for day in ("first_day", "last_day"):
        value = getattr(given, day)
        if value and not is_day(value):
            usage(f"--{day.replace('_', '-')} {value}: not a day; write it like 2025-08-16")


def _lines(names: Names) -> str | None:
    return None if names is None else "\n".join(names)


def _login() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a machine that knows no names
        return None
