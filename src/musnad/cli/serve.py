"""The pages and the interface for programs: serve."""

from __future__ import annotations

from typing import Annotated

import typer

from musnad.cli.app import PAGES, MaxCost, ReaderName, ReaderOption, app, model_settings, opened_reader, usage
from musnad.cli.ledger import LedgerOption


@app.command("mcp", rich_help_panel=PAGES)
def serve_agents(ledger: LedgerOption = "musnad.db", reader: ReaderOption = None, max_cost: MaxCost = None) -> None:
    """Give a ledger to agents by the Model Context Protocol, over standard input and output; nothing can be changed."""
    try:
        from musnad.agents import server_for
    except ImportError as error:
        usage(f"agents need {error.name}; pip install 'musnad[mcp]'")
    from musnad.ledger import Ledger

    with Ledger(ledger, create=False) as opened:
        server_for(opened, opened_reader(reader or ReaderName.exact, max_cost)).run()


@app.command(rich_help_panel=PAGES)
def serve(
    ledger: LedgerOption = "musnad.db",
    host: Annotated[str, typer.Option(help="Where to listen; beyond this machine only with a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8765,
    token: Annotated[str | None, typer.Option(envvar="MUSNAD_TOKEN", help="What everybody has to give.")] = None,
    name: Annotated[list[str] | None, typer.Option(help="A name by which others reach this machine.")] = None,
    rate: Annotated[float, typer.Option(min=1, help="Requests a second from one address.")] = 200,
    reader: ReaderOption = None,
) -> None:
    """Show a ledger in the browser, and give it to programs (/api/openapi.json)."""
    try:
        from musnad.ledger import Ledger
        from musnad.web.app import LOCAL, create_app
        from musnad.web.sockets import server
    except ImportError as error:
        usage(f"the pages need {error.name}; pip install 'musnad[serve]'")
    if host not in LOCAL and not token:
        usage(f"--host {host}: others could read and correct the ledger; give a --token too")
    told, sent_to = reader or ReaderName.exact, None
    if told is ReaderName.llm:
        sent_to = (
            model_settings().server
        )  # what is wrong with its settings is said before anything listens, and what is sent where
    Ledger(ledger, create=False).close()  # what is wrong with it is said before anything listens
    hosts = LOCAL | {host, *(name or [])} if host not in {"0.0.0.0", "::"} or name else frozenset({"*"})
    application = create_app(ledger, token=token, hosts=frozenset(hosts), rate=rate, reader=told.value, sent_to=sent_to)
    typer.echo(f"http://{f'[{host}]' if ':' in host else host}:{port}", err=True)
    server(application, host, port).run()
