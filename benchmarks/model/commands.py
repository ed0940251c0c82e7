"""`musnad ingest --reader llm` as a process of its own: how fast it is, killed in the middle, and with little money."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from replay import Article, by_text, shown_in
from server import Pieces, Request, Server, chat, http, serving, usage

MUSNAD = [sys.executable, "-m", "musnad"]
ARTICLES, AT_ONCE, ANSWER, MOST = 200, 8, 2.0, 60.0  # articles, requests together, seconds of an answer, of all
FEW = 24  # articles that are read with little money
PRICE_IN, PRICE_OUT = 2.0, 6.0  # of a million tokens


def many(articles: list[Article], wanted: int) -> list[Article]:
    """So many articles: the given ones again and again, each with another id and a last line of its own."""
    found = []
    for number in range(wanted):
        document, reply, gold = articles[number % len(articles)]
        row = {"id": f"{document.id}~{number}", "text": f"{document.text}\nالعدد {number}", "outlet": document.outlet}
        found.append(Article(type(document)(**row, published=document.published, title=document.title), reply, gold))
    return found


class Command:
    """A folder with the articles, the settings, a ledger, and a place for the answers."""

    def __init__(self, folder: Path, articles: list[Article], url: str, **settings: object) -> None:
        folder.mkdir()
        self.ledger, self._archive, self._folder = folder / "news.db", folder / "news.jsonl", folder
        with self._archive.open("w", encoding="utf-8") as file:
            for article in articles:
                row = msgspec.structs.asdict(article.document)
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        given = {"url": f"{url}/v1", "model": "recorded", "at_once": AT_ONCE, "ask_again": False} | settings
        (folder / "musnad").mkdir()
        lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items())
        (folder / "musnad" / "config.toml").write_text("[llm]\n" + lines, "utf-8")
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("MUSNAD_")}
        self._environment |= {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = [*MUSNAD, "ingest", str(self._archive), "-l", str(self.ledger), "--reader", "llm", *options]
        return subprocess.Popen(command, env=self._environment, text=True, stderr=subprocess.PIPE)

    def verify(self) -> str | None:
        """What `musnad verify` does not like."""
        done = subprocess.run([*MUSNAD, "verify", str(self.ledger)], capture_output=True, text=True, check=False)
        return f"verify: {done.stderr[-300:]}" if done.returncode else None

    def stored(self) -> set[str]:
        """The articles that the ledger holds."""
        if not self.ledger.exists():
            return set()
        bind = sqlite3.connect(self.ledger)
        try:
            return {row[0] for row in bind.execute("SELECT id FROM documents")}
        except sqlite3.OperationalError:
            return set()
        finally:
            bind.close()


def _answering(
    articles: list[Article], seconds: float, times: float = 1.0, longer: int = 1
) -> Callable[[Request], Pieces]:
    known = by_text(articles)

    def answer(request: Request) -> Iterator[bytes | float]:
        reply = known[shown_in(request)].reply * longer
        counts = usage(request, reply, times)
        request.cost = (counts["prompt_tokens"] * PRICE_IN + counts["completion_tokens"] * PRICE_OUT) / 1e6
        yield seconds
        yield http(chat(reply, usage=counts))

    return answer


def speed(articles: list[Article], folder: Path) -> Iterator[str | None]:
    """All articles with an answer after two seconds; then again, killed in the middle and carried to its end."""
    given = many(articles, ARTICLES)
    with serving(_answering(given, ANSWER)) as server:
        command = Command(folder / "whole", given, server.url)
        began = time.monotonic()
        process = command.start()
        said = process.communicate()[1]
        seconds = time.monotonic() - began
        print(
            f"speed: {ARTICLES} articles in {seconds:.1f} s, {AT_ONCE} requests together, {ANSWER:g} s an answer "
            f"({ARTICLES / AT_ONCE * ANSWER:.0f} s of waiting)"
        )
        yield f"took {seconds:.1f} seconds" if seconds > MOST else None
        yield f"exit code {process.returncode}: {said[-300:]}" if process.returncode else None
        yield _asked_once(server, given)
        yield command.verify()
        yield f"{len(command.stored())} are stored" if len(command.stored()) != ARTICLES else None
    with serving(_answering(given, ANSWER)) as server:
        command = Command(folder / "killed", given, server.url)
        process = command.start()
        while sum(request.answered for request in server.requests) < ARTICLES // 2 and process.poll() is None:
            time.sleep(0.05)
        time.sleep(ANSWER / 3)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        time.sleep(ANSWER + 0.5)
        before, stored = len(server.requests), len(command.stored())
        lost = sum(not request.answered for request in server.requests)
        process = command.start()
        said = process.communicate()[1]
        print(
            f"killed: {before} asked and {stored} stored at the kill, {lost} of them under way; "
            f"{len(server.requests) - before} asked afterwards"
        )
        yield f"exit code {process.returncode}: {said[-300:]}" if process.returncode else None
        yield _asked_once(server, given)
        yield f"{lost} were under way" if lost > AT_ONCE else None
        yield command.verify()
        yield f"{len(command.stored())} are stored" if len(command.stored()) != ARTICLES else None


def _asked_once(server: Server, given: list[Article]) -> str | None:
    """Each article was answered once; what was under way when the command was killed was never answered."""
    answered = Counter(request.key for request in server.requests if request.answered)
    twice = sum(times > 1 for times in answered.values())
    if twice or len(answered) != len(given):
        return f"{len(answered)} of {len(given)} answered, {twice} of them more than once"
    return None


def budget(articles: list[Article], folder: Path) -> Iterator[str | None]:
    """A limit that is enough for half of the articles, then a higher one; by servers that count more than is expected, too."""
    given = many(articles, FEW)
    prices = {"price_in": PRICE_IN, "price_out": PRICE_OUT}
    cases = (("as expected", 1.0, 1), ("twice the tokens", 2.0, 1), ("thirty times the reply", 1.0, 30))
    for number, (name, times, longer) in enumerate(cases):
        with serving(_answering(given, 0.1, times, longer)) as server:
            command = Command(folder / f"money{number}", given, server.url, **prices)
            whole = sum(_cost(article, times, longer) for article in given)
            most = whole / 2
            process = command.start("--max-cost", f"{most:.6f}")
            said = process.communicate()[1]
            spent, asked = sum(request.cost for request in server.requests), len(server.requests)
            stored = command.stored()
            print(
                f"budget, {name}: {spent:.4f} of {most:.4f} spent on {asked} of {len(given)} articles, "
                f"{len(stored)} stored"
            )
            allowed = most + longer / 30 * max(_cost(article, times, longer) for article in given)  # of those under way
            yield f"{name}: {spent:.4f} spent, {allowed:.4f} were allowed" if spent > allowed else None
            yield f"{name}: exit code {process.returncode}: {said[-300:]}" if process.returncode != 1 else None
            yield f"{name}: no word of the limit: {said[-300:]}" if "--max-cost" not in said else None
            yield f"{name}: {asked} were paid for, {len(stored)} are stored" if asked - len(stored) > AT_ONCE else None
            yield command.verify() if stored else f"{name}: nothing is stored"
            process = command.start("--max-cost", f"{whole * 4:.6f}")
            said = process.communicate()[1]
            yield f"{name}, with more: exit code {process.returncode}: {said[-300:]}" if process.returncode else None
            yield _asked_once(server, given)
            yield f"{name}: {len(server.requests)} requests" if len(server.requests) != len(given) else None
            told = re.search(r"([0-9.]+) spent", said)
            rest = sum(request.cost for request in server.requests[asked:])
            yield (
                f"{name}: says {told and told[1]}, paid {rest:.4f}"
                if not told or abs(float(told[1]) - rest) > 0.006
                else None
            )
            yield command.verify()
            yield f"{name}: {len(command.stored())} are stored" if len(command.stored()) != len(given) else None


def _cost(article: Article, times: float, longer: int) -> float:
    from musnad.llm.prompt import messages_of

    request = Request("", messages_of(article.document, article.document.text))
    counts = usage(request, article.reply * longer, times)
    return (counts["prompt_tokens"] * PRICE_IN + counts["completion_tokens"] * PRICE_OUT) / 1e6
