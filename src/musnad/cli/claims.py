"""Looking a claim up: check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from musnad.cli.app import (
    LEDGER,
    MaxCost,
    MinConfidence,
    ReaderName,
    ReaderOption,
    app,
    console,
    opened_reader,
    put,
    usage,
)
from musnad.cli.ledger import AsJson, LedgerOption, Limit, OutletOption, Since, Until, filters_of


@app.command("check", rich_help_panel=LEDGER)
def check_claim(
    claim: Annotated[str, typer.Argument(help="What is claimed: a sentence with its speaker, or only the words.")],
    ledger: LedgerOption = "musnad.db",
    outlet: OutletOption = None,
    since: Since = None,
    until: Until = None,
    min_confidence: MinConfidence = 0.0,
    limit: Limit = 20,
    as_json: AsJson = False,
    review: Annotated[
        Path | None,
        typer.Option("--claim-review", help="Write a draft of a schema.org ClaimReview; the rating is left to you."),
    ] = None,
    reader: ReaderOption = None,
    max_cost: MaxCost = None,
) -> None:
    """Look a claim up: who is said to have said so, in which words, on whose report, and who denies it."""
    from musnad.files import whole_file
    from musnad.ledger import Ledger
    from musnad.ledger.claims import LONGEST, check, claim_of, claim_review, document_of
    from musnad.views.claims import print_checked

    if not claim.strip() or len(claim) > LONGEST:
        usage(f"a claim has 1 to {LONGEST:,} characters, this one has {len(claim.strip()):,}")
    filters = filters_of(None, None, None, None, outlet, since, until, min_confidence)
    with Ledger(ledger, create=False) as opened:
        read = opened_reader(reader or ReaderName.exact, max_cost).read(document_of(claim))
        found = check(opened, claim_of(read), filters, limit)
    if review is not None:
        with whole_file(review) as file:
            file.write(msgspec.json.format(msgspec.json.encode(claim_review(found)), indent=2) + b"\n")
    if as_json:
        put(msgspec.json.encode(found).decode() + "\n")
        return
    print_checked(found, console())
