"""How many searches the server answers, while an ingest goes on beside it.

    python benchmarks/serving.py LEDGER ARTICLES [CLIENTS] [SECONDS]

The ledger is copied; ARTICLES (any source that `musnad ingest` takes, best articles that it does not hold) are ingested
into the copy by one process meanwhile. Clients keep one connection each and ask /api/search for a word or two that stand
side by side in statements of the ledger, twenty rows an answer.
"""

from __future__ import annotations

import http.client
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from musnad.ledger import Ledger
from musnad.ledger.tables import statements

PORT = 18765
QUERIES = 4000


def main() -> None:
    ledger, articles = sys.argv[1:3]
    clients, seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 16, int(sys.argv[4]) if len(sys.argv) > 4 else 20
    with tempfile.TemporaryDirectory() as folder:
        copy = str(Path(folder) / "ledger.db")
        shutil.copy(ledger, copy)
        queries, counts = _queries(copy)
        command = [sys.executable, "-m", "musnad"]
        server = subprocess.Popen(
            [*command, "serve", "-l", copy, "--port", str(PORT), "--rate", "100000"], stderr=subprocess.DEVNULL
        )
        _wait()
        ingest = subprocess.Popen(
            [*command, "ingest", articles, "-l", copy, "--workers", "1"], stderr=subprocess.DEVNULL
        )
        time.sleep(3)
        times, failed = _ask(queries, clients, seconds)
        running = ingest.poll() is None
        ingest.kill()
        server.terminate()
        ingest.wait()
        server.wait()
        with Ledger(copy) as opened:
            taken = opened.counts()["documents"] - counts["documents"]
    times.sort()
    print(f"{counts}, {os.cpu_count()} cores, Python {platform.python_version()}, {clients} clients, {seconds} s")
    print(f"ingest beside it: {taken} articles" + ("" if running else " (it ended before the searches did)"))
    print(f"{len(times) / seconds:.0f} searches a second, median {1000 * times[len(times) // 2]:.0f} ms, ", end="")
    print(
        f"95th percentile {1000 * times[int(len(times) * 0.95)]:.0f} ms, worst {1000 * times[-1]:.0f} ms, {failed} failed"
    )


def _queries(ledger: str) -> tuple[list[str], dict[str, int]]:
    chance = random.Random(1)
    with Ledger(ledger) as opened, opened.database.read() as bind:
        last = bind.scalar(select(func.max(statements.c.number))) or 1
        numbers = [chance.randrange(1, last) for _ in range(QUERIES)]
        rows = list(bind.scalars(select(statements.c.words).where(statements.c.number.in_(numbers))))
        counts = opened.counts()
    found = []
    for words in rows:
        pieces = [piece for piece in words.split() if len(piece) > 3 and piece.isalpha()]
        if len(pieces) > 2:
            at = chance.randrange(len(pieces) - 1)
            found.append(" ".join(pieces[at : at + chance.choice((1, 2))]))
    return found, counts


def _wait() -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT)
            connection.request("GET", "/api/search?limit=1")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)


def _ask(queries: list[str], clients: int, seconds: int) -> tuple[list[float], int]:
    times: list[float] = []
    failures: list[int] = []
    until = time.monotonic() + seconds

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        chance = random.Random(number)
        while time.monotonic() < until:
            start = time.monotonic()
            connection.request("GET", "/api/search?" + urlencode({"query": chance.choice(queries)}))
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - start)
            if answer.status != 200:
                failures.append(answer.status)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(failures)


if __name__ == "__main__":
    main()
