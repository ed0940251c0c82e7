"""What no single article shows: stories, utterances, happenings, positions, promises, conflicts, and decisions about links."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, get_args

import msgspec
import typer

from musnad.cli.app import ACROSS, MinConfidence, app, console, put, share_option, usage
from musnad.cli.ingest import link_up
from musnad.cli.ledger import AsJson, LedgerOption, Limit, Since, Until, day_option
from musnad.cli.progress import Stages

issues = typer.Typer(help="Issues: name them, and say which search finds them.", no_args_is_help=True)
links = typer.Typer(help="Links between articles: merge and split by hand.", no_args_is_help=True)
app.add_typer(issues, name="issues", rich_help_panel=ACROSS)
app.add_typer(links, name="links", rich_help_panel=ACROSS)
Number = Annotated[int | None, typer.Argument(help="The number of one, to see all of it.")]
LinkKind = Annotated[str, typer.Argument(help="story, utterance or happening.")]
LinkedItem = Annotated[str, typer.Argument(help="An article a1, a statement a1#s3 or an event a1#e2.")]


@app.command("link", rich_help_panel=ACROSS)
def link_articles(ledger: LedgerOption = "musnad.db") -> None:
    """Link the articles that are not linked yet (`ingest` does it at its end)."""
    from musnad.ledger import Ledger

    with Ledger(ledger, create=False) as opened, Stages("linking") as stages:
        linked = link_up(opened, stages)
    typer.echo(f"{linked} linked", err=True)


@app.command(rich_help_panel=ACROSS)
def stories(
    number: Number = None, ledger: LedgerOption = "musnad.db", since: Since = None, until: Until = None, limit: Limit = 20, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show stories, the largest first, or the articles of one."""
    from musnad.ledger import Ledger
    from musnad.views.across import print_stories, print_story

    _days(since, until)
    with Ledger(ledger, create=False) as opened:
        if number is not None:
            head, articles = opened.story(number)
            _json([head, *articles]) if as_json else print_story(head, articles, console())
            return
        found = opened.stories(since=since, until=until, limit=limit)
    _json(found) if as_json else print_stories(found, console())


@app.command(rich_help_panel=ACROSS)
def utterances(
    number: Number = None, ledger: LedgerOption = "musnad.db", since: Since = None, until: Until = None,
    min_confidence: MinConfidence = 0.0, limit: Limit = 20, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show the sayings that most articles report, or the reports of one."""
    from musnad.ledger import Ledger
    from musnad.views.across import print_utterances

    _days(since, until)
    share_option("--min-confidence", min_confidence)
    with Ledger(ledger, create=False) as opened:
        if number is not None:
            found = [opened.utterance(number)]
        else:
            found = opened.utterances(since=since, until=until, limit=limit, min_confidence=min_confidence)
    _json(found) if as_json else print_utterances(found, console(), whole=number is not None)


@app.command(rich_help_panel=ACROSS)
def happenings(
    number: Number = None, ledger: LedgerOption = "musnad.db", since: Since = None, until: Until = None,
    min_confidence: MinConfidence = 0.0, limit: Limit = 20, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show the events of which most articles tell, or the accounts of one."""
    from musnad.ledger import Ledger
    from musnad.views.across import print_happenings

    _days(since, until)
    share_option("--min-confidence", min_confidence)
    with Ledger(ledger, create=False) as opened:
        if number is not None:
            found = [opened.happening(number)]
        else:
            found = opened.happenings(since=since, until=until, limit=limit, min_confidence=min_confidence)
    _json(found) if as_json else print_happenings(found, console(), whole=number is not None)


@app.command(rich_help_panel=ACROSS)
def positions(
    speaker: Annotated[str, typer.Argument(help="Whose: a name or part of it.")],
    issue: Annotated[str | None, typer.Option(help="A named issue, or a search.")] = None,
    ledger: LedgerOption = "musnad.db", since: Since = None, until: Until = None,
    min_confidence: MinConfidence = 0.0, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what somebody says on an issue over time, with the reversals; without an issue, those he comes back to."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.positions import recurring
    from musnad.views.across import print_issues, print_line

    _days(since, until)
    share_option("--min-confidence", min_confidence)
    with Ledger(ledger, create=False) as opened:
        if issue is None:
            found = recurring(opened, speaker)
            _json(found) if as_json else print_issues(found, console())
            return
        steps = opened.positions(speaker, issue, since=since, until=until, min_confidence=min_confidence)
    _json(steps) if as_json else print_line(steps, console())


@app.command(rich_help_panel=ACROSS)
def promises(
    ledger: LedgerOption = "musnad.db",
    state: Annotated[str | None, typer.Option(help="open, kept, changed, cancelled or overdue.")] = None,
    today: Annotated[str | None, typer.Option(help="The day on which they stand, YYYY-MM-DD; today without it.")] = None,
    pledges: Annotated[bool, typer.Option("--pledges", help="Pledges and threats in words instead.")] = False,
    since: Since = None, until: Until = None, min_confidence: MinConfidence = 0.0, limit: Limit = 20, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show what was announced, and whether it was kept."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.promises import STATES
    from musnad.views.across import print_pledges, print_promises

    _days(since, until)
    share_option("--min-confidence", min_confidence)
    day_option("--today", today)
    if state is not None and state not in STATES:
        usage(f"--state {state}: there are {', '.join(STATES)}")
    day = date.fromisoformat(today) if today else None
    with Ledger(ledger, create=False) as opened:
        if pledges:
            said = opened.pledges(
                day, state=state, since=since, until=until, limit=limit, min_confidence=min_confidence
            )
            _json(said) if as_json else print_pledges(said, console())
            return
        found = opened.promises(day, state=state, since=since, until=until, limit=limit, min_confidence=min_confidence)
    _json(found) if as_json else print_promises(found, console())


@app.command(rich_help_panel=ACROSS)
def conflicts(
    ledger: LedgerOption = "musnad.db",
    kind: Annotated[str | None, typer.Option(help="happening, denial or attribution.")] = None,
    speaker: Annotated[str | None, typer.Option("--speaker", "--who", help="Whose reversals.")] = None,
    since: Since = None, until: Until = None, min_confidence: MinConfidence = 0.0, limit: Limit = 20, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Show accounts that cannot all be true, each with both pieces of evidence."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.conflicts import ConflictKind
    from musnad.views.across import print_conflicts

    _days(since, until)
    share_option("--min-confidence", min_confidence)
    if kind is not None and kind not in get_args(ConflictKind):
        usage(f"--kind {kind}: there are {', '.join(get_args(ConflictKind))}")
    with Ledger(ledger, create=False) as opened:
        if speaker is not None:
            found = opened.reversals(speaker, limit=limit, min_confidence=min_confidence)
        else:
            found = opened.conflicts(kind=kind, since=since, until=until, limit=limit, min_confidence=min_confidence)  # type: ignore[arg-type]
    _json(found) if as_json else print_conflicts(found, console())


@issues.command("list")
def list_issues(ledger: LedgerOption = "musnad.db", as_json: AsJson = False) -> None:
    """Show the issues that were named."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.positions import defined

    with Ledger(ledger, create=False) as opened:
        for issue in defined(opened):
            if as_json:
                _json([{"name": issue.name, "query": issue.query}])
                continue
            put(f"{issue.name}\t{issue.query}\n")


@issues.command("define")
def define_issue(name: str, query: str, ledger: LedgerOption = "musnad.db") -> None:
    """Name an issue: what the search QUERY finds."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.positions import define

    with Ledger(ledger, create=False) as opened:
        define(opened, name, query)


@issues.command()
def forget(name: str, ledger: LedgerOption = "musnad.db") -> None:
    """Forget an issue."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.positions import undefine

    with Ledger(ledger, create=False) as opened:
        undefine(opened, name)


@links.command()
def merge(kind: LinkKind, one: LinkedItem, other: LinkedItem, ledger: LedgerOption = "musnad.db") -> None:
    """The two belong together, and all that belongs to either."""
    _decide(ledger, kind, "merge", one, other)


@links.command()
def split(kind: LinkKind, one: LinkedItem, other: LinkedItem, ledger: LedgerOption = "musnad.db") -> None:
    """ONE does not belong where OTHER does."""
    _decide(ledger, kind, "split", one, other)


@links.command()
def decisions(ledger: LedgerOption = "musnad.db", as_json: AsJson = False) -> None:
    """Show what was decided about links."""
    from musnad.ledger import Ledger
    from musnad.ledger.across.decisions import made

    with Ledger(ledger, create=False) as opened:
        for row in made(opened):
            if as_json:
                _json([dict(row)])
                continue
            put(f"{row['made']}\t{row['kind']}\t{row['action']}\t{row['one']}\t{row['other']}\n")


def _decide(ledger: str, kind: str, action: str, one: str, other: str) -> None:
    from musnad.ledger import Ledger
    from musnad.ledger.across.decisions import decide

    with Ledger(ledger, create=False) as opened:
        decide(opened, kind, action, one, other)


def _days(since: str | None, until: str | None) -> None:
    for option, day in (("--since", since), ("--until", until)):
        day_option(option, day)


def _json(rows: list[Any]) -> None:
    put("".join(msgspec.json.encode(row).decode() + "\n" for row in rows))
