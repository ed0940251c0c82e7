"""All weights of the readers, one after the other.

    python training/weights.py --gold dev.jsonl more.jsonl --corpora FOLDER [--out FOLDER] [--folds FOLDER]

Word vectors; of the fast and of the exact reader the network, who speaks, which words name one event, and confidence.
With --folds, for each third of the sources the fast network once more without it, for `benchmarks/unseen.py`.
Same seed, same bytes on one kind of machine. On two cores: the fast reader within half an hour, the exact one within
one and a half.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
CHECK = ("algeria-2021", "alkhaleej-uae-sanad", "cnn-arabic-2024", "hespress-2022")
#: The sources of the work articles in three parts, each left out once.
FOLDS = (
    ("aljazeera-2022", "hespress-2020", "saudinewsnet"),
    ("almayadeen-2023-24", "morocco-2018-19", "cnn-arabic-2008-09"),
    ("bbc-arabic-2009-10", "ant", "factcheck-fatabyyano-2022-24"),
)
NETWORKS = {"fast": "statements.py", "exact": "encoder.py"}


def run(script: str, *options: str) -> None:
    print(script, *options, file=sys.stderr, flush=True)
    subprocess.run([sys.executable, str(HERE / script), *options], check=True)


def learn(common: Sequence[str], network: str, folder: Path, sources: Sequence[str] = ()) -> None:
    """Learn a network, who speaks and which words name one event, without some sources."""
    folder.mkdir(parents=True, exist_ok=True)
    left_out = ["--leave-out", *sources] if sources else []
    if sources:
        (folder / "left_out.txt").write_text("\n".join(sources) + "\n", encoding="utf-8")
    for script in (NETWORKS[network], "who.py", "joining.py"):
        run(script, *common, *left_out, "--out", str(folder))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", nargs="+", required=True)
    cli.add_argument("--corpora", required=True)
    cli.add_argument("--out", type=Path, default=HERE.parent / "src/musnad/weights")
    cli.add_argument("--folds", type=Path)
    args = cli.parse_args()
    common = ["--gold", *args.gold, "--corpora", args.corpora]
    run("vectors.py", "--corpora", args.corpora, "--leave-out", *CHECK, "--out", str(args.out))
    for network in NETWORKS:
        learn(common, network, args.out / network)
        run("confidence.py", "--corpora", args.corpora, "--out", str(args.out / network))
    for number, sources in enumerate(FOLDS if args.folds else ()):
        learn(common, "fast", args.folds / str(number), sources)
        run("confidence.py", "--corpora", args.corpora, "--out", str(args.folds / str(number)))


if __name__ == "__main__":
    main()
