"""What `musnad search` costs at a prompt: processor seconds (user and system) of whole processes, warm, and what of it are libraries.

python benchmarks/starting.py LEDGER WORD [TIMES]
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

LIBRARIES = "import sqlalchemy, sqlalchemy.dialects.sqlite, typer, typer.main, rich.console, rich.table, pydantic.types"


def cost(command: list[str]) -> float:
    """The processor seconds of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    ledger, word, *times = sys.argv[1:]
    commands = {
        "musnad search": [sys.executable, "-m", "musnad", "search", word, "--ledger", ledger],
        "its libraries": [sys.executable, "-c", LIBRARIES],
        "python alone": [sys.executable, "-c", "pass"],
    }
    spent: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(1 + int(times[0] if times else 20)):
        for name, command in commands.items():
            spent[name].append(cost(command))
    for name, seconds in spent.items():
        kept = seconds[1:]  # the first one warms the files up
        print(f"{name}: least {min(kept):.2f} s, median {statistics.median(kept):.2f} s, most {max(kept):.2f} s")


if __name__ == "__main__":
    main()
