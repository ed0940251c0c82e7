"""Archives: speed-up, memory, start-up, failures, and a long run.

    python benchmarks/scale.py make CORPUS.jsonl.gz… --articles 1000000 --output FOLDER
    python benchmarks/scale.py speed FOLDER           one worker, then two, on this machine
    python benchmarks/scale.py faults FOLDER          a node killed, a full object store, a worker killed 20 times
    python benchmarks/scale.py long FOLDER --output OUT [--engine ray] [--plot memory.png]

`make` repeats a corpus: each round shifts the digits of every article and names the round, so that no text is the same.
Memory is the resident memory of each process (RssAnon + RssFile; Ray's shared object store is not in it), read every two seconds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from itertools import chain, islice
from pathlib import Path
from typing import Any

from reading import machine

RUN = [sys.executable, "-m", "musnad", "run"]
os.environ["RAY_AUTH_MODE"] = "token"  # `ray start` and what joins it must agree
_A_FILE = 50_000
_PORT = 6399


def make(corpora: list[str], articles: int, output: Path) -> None:
    """Write the corpora, once and again with small changes, as packed JSON Lines of 50,000 articles."""
    output.mkdir(parents=True, exist_ok=True)
    rows = islice(chain.from_iterable(changed(corpora, turn) for turn in range(10**6)), articles)
    for number in range(-(-articles // _A_FILE)):
        with gzip.open(output / f"{number:04}.jsonl.gz", "wt", encoding="utf-8", compresslevel=3) as file:
            for row in islice(rows, _A_FILE):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def changed(corpora: list[str], turn: int) -> Any:
    shift = str.maketrans("0123456789", "".join(str((digit + turn) % 10) for digit in range(10)))
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                row["id"] = f"{turn}-{row['id']}"
                if turn:
                    row["text"] = f"{row['text'].translate(shift)}\nالطبعة {turn}"
                yield row


class Memory(threading.Thread):
    """Reads the resident memory of all processes under this one, and of those that Ray has started."""

    def __init__(self, every: float = 2.0) -> None:
        super().__init__(daemon=True)
        self.every, self.on = every, True
        self.rows: list[tuple[float, int, int]] = []  # seconds, MB in all, MB of the largest worker
        self.largest: dict[str, int] = {}
        self.began = time.monotonic()

    def run(self) -> None:
        while self.on:
            sizes = self._sizes()
            for name, size in sizes:
                self.largest[name] = max(size, self.largest.get(name, 0))
            workers = [size for name, size in sizes if name == "worker"]
            self.rows.append((time.monotonic() - self.began, sum(s for _, s in sizes), max(workers, default=0)))
            time.sleep(self.every)

    def _sizes(self) -> list[tuple[str, int]]:
        parents: dict[int, int] = {}
        names: dict[int, str] = {}
        sizes: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                status = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines() if ":" in line)
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue
            number = int(entry.name)
            parents[number] = int(status["PPid"])
            sizes[number] = sum(int(status.get(kind, "0").split()[0]) for kind in ("RssAnon", "RssFile")) // 1024
            names[number] = _role(line)
        ours = {os.getpid()}
        while more := {n for n, parent in parents.items() if parent in ours} - ours:
            ours |= more
        ours |= {number for number, name in names.items() if name in ("raylet", "gcs") or name == "worker"}
        return [(names[number], sizes[number]) for number in ours if number in sizes and number != os.getpid()]


def _role(line: str) -> str:
    if "MapWorker" in line or "multiprocessing.spawn" in line:
        return "worker"
    if "ray::" in line:
        return "loader"
    for part in ("raylet/raylet", "gcs_server", "musnad run"):
        if part in line:
            return {"raylet/raylet": "raylet", "gcs_server": "gcs", "musnad run": "driver"}[part]
    return "other"


def timed(folder: Path, *options: str, watch: bool = True) -> dict[str, Any]:
    """Run over a folder into a new output and return the figures."""
    output = Path(tempfile.mkdtemp(prefix="musnad-scale-"))
    memory = Memory(0.5)
    if watch:
        memory.start()
    began = time.time()
    subprocess.run([*RUN, str(folder), "-o", str(output), *options], check=True, stderr=subprocess.DEVNULL)
    seconds = time.time() - began
    memory.on = False
    figures = {"seconds": round(seconds, 1), **_of(output, began), "largest_mb": memory.largest}
    shutil.rmtree(output)
    return figures


def _of(output: Path, began: float) -> dict[str, Any]:
    marks = sorted(output.glob("_parts/*.json"))
    done = [json.loads(mark.read_bytes()) for mark in marks]
    first = min((mark.stat().st_mtime - part["seconds"] for mark, part in zip(marks, done, strict=True)), default=began)
    articles = sum(part["articles"] for part in done)
    cpu = sum(part["seconds"] for part in done)
    return {
        "articles": articles, "start_up_seconds": round(first - began, 1),
        "cpu_ms_per_article": round(cpu / max(articles, 1) * 1000, 3),
    }  # fmt: skip


def speed(folder: Path) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for engine in ("local", "ray"):
        one, two = (timed(folder, "--engine", engine, "--workers", str(n)) for n in (1, 2))
        figures[engine] = {"one": one, "two": two, "speed_up": round(one["seconds"] / two["seconds"], 2)}
        print(json.dumps({engine: figures[engine]}, indent=1), flush=True)
    return figures


def faults(folder: Path) -> dict[str, Any]:
    """Disturb runs and compare their manifests with that of an undisturbed one."""
    whole = Path(tempfile.mkdtemp(prefix="musnad-scale-"))
    size = ["--part-size", "250"]
    subprocess.run([*RUN, str(folder), "-o", str(whole), *size], check=True, stderr=subprocess.DEVNULL)
    expected = (whole / "_manifest.json").read_bytes()
    figures: dict[str, Any] = {}
    for name, disturbed in (
        ("worker, local", _workers_killed),
        ("worker, ray", _workers_killed),
        ("node", _node_killed),
    ):
        output = Path(tempfile.mkdtemp(prefix="musnad-scale-"))
        began = time.time()
        killed = disturbed(folder, output, size, name.endswith("ray"))
        figures[name] = {
            "killed": killed, "seconds": round(time.time() - began, 1),
            "same_manifest": (output / "_manifest.json").read_bytes() == expected, **_check(output),
        }  # fmt: skip
        print(json.dumps({name: figures[name]}), flush=True)
    figures["full store"] = _full_store(folder)
    print(json.dumps({"full store": figures["full store"]}), flush=True)
    return figures


def _check(output: Path) -> dict[str, int]:
    """Count the rows of the files themselves, each article once."""
    from pyarrow import dataset

    ids = dataset.dataset(output / "articles", format="parquet").to_table(columns=["id"])["id"].to_pylist()
    return {"rows": len(ids), "different": len(set(ids))}


def _pids(*words: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if all(word in line for word in words):
                found.append(int(entry.name))
    return found


def _workers_killed(folder: Path, output: Path, size: list[str], on_ray: bool) -> int:
    engine = ["--engine", "ray" if on_ray else "local"]
    process = subprocess.Popen([*RUN, str(folder), "-o", str(output), *size, *engine], stderr=subprocess.DEVNULL)
    chance, killed = random.Random(1), 0
    while process.poll() is None and killed < 20:
        time.sleep(chance.uniform(2.0, 6.0))
        there = _pids("MapWorker") if on_ray else _pids("multiprocessing.spawn", "spawn_main")
        if there and any(output.glob("_parts/*")):
            os.kill(chance.choice(there), signal.SIGKILL)
            killed += 1
    assert process.wait() == 0
    return killed


def _node_killed(folder: Path, output: Path, size: list[str], _: bool) -> int:
    _ray("start", "--num-cpus=1", "--head", f"--port={_PORT}", "--include-dashboard=false")
    before = set(_pids("raylet/raylet"))
    _ray("start", "--num-cpus=1", f"--address=127.0.0.1:{_PORT}")
    (second,) = set(_pids("raylet/raylet")) - before
    command = [*RUN, str(folder), "-o", str(output), *size, "--engine", "ray", "--address", f"127.0.0.1:{_PORT}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while len(list(output.glob("_parts/*"))) < 20 and process.poll() is None:  # in the middle of the work
        time.sleep(0.2)
    os.kill(second, signal.SIGKILL)
    assert process.wait() == 0
    _ray("stop", "--force")
    return 1


def _ray(*arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "ray"), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _full_store(folder: Path) -> dict[str, Any]:
    """Parts of 5,000 articles through a store of 80 MB, on a cluster of its own."""
    _ray(
        "start",
        "--head",
        "--num-cpus=2",
        f"--port={_PORT}",
        "--include-dashboard=false",
        "--object-store-memory=80000000",
    )
    outputs = [Path(tempfile.mkdtemp(prefix="musnad-scale-")) for _ in range(2)]
    base = [*RUN, str(folder), "--part-size", "5000", "-o"]
    subprocess.run([*base, str(outputs[0])], check=True, stderr=subprocess.DEVNULL)
    store = subprocess.run(
        [*base, str(outputs[1]), "--engine", "ray", "--address", f"127.0.0.1:{_PORT}"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    _ray("stop", "--force")
    manifests = {(output / "_manifest.json").read_bytes() for output in outputs}
    return {"store_mb": 80, "exit": store.returncode, "same_manifest": len(manifests) == 1, **_check(outputs[1])}


def long(folder: Path, output: Path, options: list[str], plot: Path | None) -> dict[str, Any]:
    memory = Memory()
    memory.start()
    began = time.time()
    subprocess.run([*RUN, str(folder), "-o", str(output), *options], check=True)
    seconds = time.time() - began
    memory.on = False
    marks = sorted(
        ((mark.stat().st_mtime, json.loads(mark.read_bytes())) for mark in output.glob("_parts/*.json")),
        key=lambda m: m[0],
    )
    cost, articles, cpu = [], 0, 0.0
    wanted = [10_000, 100_000, 1_000_000]
    for _, part in marks:
        articles, cpu = articles + part["articles"], cpu + part["seconds"]
        if wanted and articles >= wanted[0] - 1000:
            cost.append({"articles": articles, "cpu_ms_per_article": round(cpu / articles * 1000, 3)})
            wanted.pop(0)
    figures = {
        **_of(output, began), "seconds": round(seconds), "articles_per_second": round(articles / seconds), "cost": cost,
        "largest_mb": memory.largest, "output_bytes": sum(f.stat().st_size for f in output.rglob("*.parquet")),
    }  # fmt: skip
    if plot is not None:
        _draw(memory, marks, began, plot)
    return figures


def _draw(memory: Memory, marks: list[Any], began: float, path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    minutes = [seconds / 60 for seconds, _, _ in memory.rows]
    above.plot(minutes, [row[1] for row in memory.rows], label="all processes")
    above.plot(minutes, [row[2] for row in memory.rows], label="largest worker")
    above.axhline(500, color="grey", linestyle=":", linewidth=1)
    above.set(ylabel="resident memory, MB", ylim=(0, None))
    above.legend()
    done = [(moment - began) / 60 for moment, _ in marks]
    below.plot(
        done, [part["seconds"] / max(part["articles"], 1) * 1000 for _, part in marks], ".", markersize=3, alpha=0.5
    )
    below.set(xlabel="minutes", ylabel="processor ms an article, each part", ylim=(0, None))
    figure.savefig(path, dpi=110)


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("what", choices=["make", "speed", "faults", "long"])
    cli.add_argument("paths", nargs="+")
    cli.add_argument("--articles", type=int, default=1_000_000)
    cli.add_argument("--output", type=Path)
    cli.add_argument("--engine", default="ray")
    cli.add_argument("--plot", type=Path)
    cli.add_argument("--json", type=Path)
    args = cli.parse_args()
    if args.what == "make":
        make(args.paths, args.articles, args.output)
        return
    folder = Path(args.paths[0])
    if args.what == "long":
        found = long(folder, args.output, ["--engine", args.engine], args.plot)
    else:
        found = {"speed": speed, "faults": faults}[args.what](folder)
    text = json.dumps({**machine(), args.what: found}, indent=1)
    print(text)
    if args.json:
        args.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
