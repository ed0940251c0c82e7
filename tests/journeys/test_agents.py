"""A ledger asked by an agent: the real command, and the client of the protocol's own SDK."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

import musnad
from musnad.ledger import Ledger

ARTICLES = [
    ("a", "منبر الشرق", "2025-03-01", "قال رئيس الوزراء سامي الخوري إن سد الوادي سيفتح في نيسان المقبل."),
    ("b", "الجسر", "2025-03-03", "نفى وزير المياه نبيل عازار افتتاح سد الوادي في نيسان المقبل."),
]
Answers = dict[str, Any]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Path:
    where = tmp_path_factory.mktemp("agents") / "news.db"
    with Ledger(where) as opened:
        opened.add(
            reader.read(musnad.Document(id=name, outlet=outlet, published=day, text=text))
            for name, outlet, day, text in ARTICLES
        )
    return where


def asked(ledger: Path, ask: Callable[[Client], Awaitable[Answers]]) -> Answers:
    """What an agent gets from `musnad mcp`."""
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "musnad", "mcp", "-l", str(ledger)], env=dict(os.environ)
    )

    async def talk() -> Answers:
        async with Client(command) as client:
            return await ask(client)

    with ThreadPoolExecutor(1) as thread:  # where the pages were tried before, this one has a loop of the browser's
        return thread.submit(lambda: asyncio.run(talk())).result()


def test_an_agent_finds_checks_shows_and_reads(ledger: Path) -> None:
    async def ask(client: Client) -> Answers:
        calls: dict[str, dict[str, Any]] = {
            "search": {"query": "سد الوادي"},
            "who_said": {"speaker": "الخوري"},
            "check_claim": {"claim": "قال الخوري إن سد الوادي سيفتح في نيسان المقبل"},
            "show_article": {"article": "b"},
            "read_article": {"text": "قالت النائبة هدى زيدان إن المحادثات انتهت."},
        }
        listed = {tool.name for tool in (await client.list_tools()).tools}
        assert listed == set(calls)
        return {name: (await client.call_tool(name, given)).structured_content for name, given in calls.items()}

    got = asked(ledger, ask)
    assert {one["article"] for one in got["search"]["statements"]} == {"a", "b"}
    assert [one["words"] for one in got["who_said"]["statements"]] == ["سد الوادي سيفتح في نيسان المقبل"]
    assert list(got["who_said"]["people"]) == ["سامي الخوري"]
    checked = got["check_claim"]["checked"]
    assert (checked["said"]["statements"], checked["denied"]["statements"]) == (1, 1)
    start, end = got["show_article"]["statements"][0]["content"][0]
    assert got["show_article"]["text"][start:end] == "افتتاح سد الوادي في نيسان المقبل"
    assert got["read_article"]["statements"][0]["speaker"]["name"] == "هدى زيدان"


def test_what_is_wrong_is_said_and_the_server_goes_on(ledger: Path) -> None:
    async def ask(client: Client) -> Answers:
        wrong = [
            await client.call_tool("show_article", {"article": "none"}),
            await client.call_tool("search", {"query": "؟؟"}),
            await client.call_tool("search", {"query": "سد", "since": "2025-02-30"}),
            await client.call_tool("search", {"query": "س" * 3_000}),
            await client.call_tool("read_article", {"text": "\0"}),
        ]
        right = await client.call_tool("search", {"query": "سد"})
        return {"wrong": [(one.is_error, one.content[0].text) for one in wrong], "right": right.structured_content}

    got = asked(ledger, ask)
    assert all(is_error for is_error, _ in got["wrong"])
    said = [text for _, text in got["wrong"]]
    assert "there is no article 'none'" in said[0]
    assert "write a word" in said[1]
    assert "not a day" in said[2]
    assert "Traceback" not in "".join(said)
    assert len(got["right"]["statements"]) == 2


def test_nothing_can_be_changed_through_it(ledger: Path) -> None:
    before = ledger.read_bytes()

    async def ask(client: Client) -> Answers:
        await client.call_tool("read_article", {"text": "قال سامي إن الجسر مفتوح."})
        await client.call_tool("search", {"query": "'; DROP TABLE statements; --"})
        return {}

    asked(ledger, ask)
    assert ledger.read_bytes() == before
