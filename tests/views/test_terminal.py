"""Tables as terminals get them: bytes without escapes that steer, right in VTE, under tmux and where nothing is known."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.news import NEWS

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across.linking import link
from musnad.views.across import print_conflicts, print_happenings, print_story, print_utterances
from musnad.views.events import print_event_hits
from musnad.views.terminal import print_hits, print_record

#: A name that does not fit into any column, nor into a line.
LONG = "https://news.example/2025/03/07/" + "very-long-name-" * 6 + "end"
TERMINALS = [{}, {"VTE_VERSION": "7006"}, {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}, {"WT_SESSION": "1"},
             {"TERM": "xterm-kitty"}, {"TERM": "dumb"}]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Any:
    with Ledger(tmp_path_factory.mktemp("terminal") / "news.db") as opened:
        opened.add(reader.read(article) for article in NEWS)
        opened.add([reader.read(musnad.Document(id=LONG, published="2025-03-09", text=NEWS[5].text))])
        link(opened)
        yield opened


def printed(show: Any, *things: Any, width: int = 80, **options: Any) -> list[str]:
    out = io.StringIO()
    show(*things, Console(file=out, width=width), **options)
    return [line for line in out.getvalue().split("\n") if line.strip()]


def test_every_line_is_an_isolate_from_right_to_left_that_fills_the_terminal(ledger: Ledger) -> None:
    for line in printed(print_hits, ledger.search("مياه")) + printed(print_record, ledger.document("talks2")):
        if line.strip(" ─"):
            assert line.startswith(" \u2067")
            assert line.endswith("\u200f\u2069")
            inside = re.sub("[\u200f\u2066-\u2069]", "", line)
            assert LONG in inside or len(inside) == 79


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_the_next_command_takes_is_never_cut_or_folded(ledger: Ledger, width: int) -> None:
    def names(lines: list[str]) -> set[str]:
        """The lines that are a name and nothing else, without the mark behind them."""
        return {found for line in lines for found in re.findall("\u2066([^\u2066-\u2069]+) \u2069", line)}

    hits = ledger.search("مياه")
    assert {f"{LONG} {hit.statement['id']}" for hit in hits if hit.article == LONG} <= names(
        printed(print_hits, hits, width=width)
    )
    events = ledger.events()
    assert {f"{hit.article} {hit.event['id']}" for hit in events} == names(
        printed(print_event_hits, events, width=width)
    )
    sayings = ledger.utterances()
    assert {f"{report.article} {report.statement['id']}" for saying in sayings for report in saying.reports} == names(
        printed(print_utterances, sayings, width=width, whole=True)
    )
    told = ledger.happenings()
    assert f"{told[0].accounts[0].article} {told[0].accounts[0].event['id']}" in names(
        printed(print_happenings, told, width=width, whole=True)
    )
    head, articles = ledger.story(ledger.stories()[0].number)
    assert {article.id for article in articles} == names(printed(print_story, head, articles, width=width))
    (conflict,) = ledger.conflicts(kind="denial")
    assert {conflict.one.article, conflict.other.article} == {
        name.split()[0] for name in names(printed(print_conflicts, [conflict], width=width))
    }


def test_days_are_isolated_so_that_none_is_drawn_backwards(ledger: Ledger) -> None:
    lines = printed(print_hits, ledger.search("مياه")) + printed(print_event_hits, ledger.events())
    days = [match for line in lines for match in re.finditer(r"(.)\d{4}-\d\d-\d\d", line) if LONG not in line]
    assert days
    assert all(match.group(1) in "\u2066 " for match in days)


@pytest.mark.parametrize("terminal", TERMINALS, ids=lambda kind: "-".join(kind) + str(kind.get("TERM", "")))
def test_a_real_terminal_gets_colours_and_nothing_that_steers_it(ledger: Ledger, terminal: dict[str, str]) -> None:
    shown = pytest.importorskip("tests.terminal", reason="no terminal to look at").shown
    where = str(Path(ledger.database.where))
    *_, (written, _) = shown("search", "مياه", "--ledger", where, **terminal)
    assert f"{LONG} s" in written.decode()
    assert {sequence[-1:] for sequence in re.findall(rb"\x1b\[[0-9;?]*[A-Za-z]", written)} <= {b"m"}
    assert written.count(b"\x1b") == len(re.findall(rb"\x1b\[[0-9;]*m", written))


def test_a_pipe_gets_no_escape_at_all(ledger: Ledger) -> None:
    for lines in (printed(print_hits, ledger.search("مياه")), printed(print_event_hits, ledger.events())):
        assert not any("\x1b" in line for line in lines)
