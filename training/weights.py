"""All weights of statements, one after the other: word vectors, the network, who speaks, confidence.

    python training/weights.py --gold dev.jsonl more.jsonl --corpora FOLDER [--out FOLDER] [--folds FOLDER]

Confidence needs readings of articles whose source was left out, so the network is learned for each third of the
sources without it; these weights are kept under --folds and are what `benchmarks/unseen.py` measures. On two cores
within two hours; same seed, same bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
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


def run(script: str, *options: str) -> None:
    print(script, *options, file=sys.stderr, flush=True)
    subprocess.run([sys.executable, str(HERE / script), *options], check=True)


def learn_fold(common: Sequence[str], sources: Sequence[str], folder: Path) -> None:
    """Learn the network and who speaks without some sources."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "left_out.txt").write_text("\n".join(sources) + "\n", encoding="utf-8")
    for script in ("statements.py", "who.py"):
        run(script, *common, "--leave-out", *sources, "--out", str(folder))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", nargs="+", required=True)
    cli.add_argument("--corpora", required=True)
    cli.add_argument("--out", default=str(HERE.parent / "src/musnad/weights"))
    cli.add_argument("--folds", type=Path, default=Path(tempfile.gettempdir()) / "musnad-folds")
    args = cli.parse_args()
    common = ["--gold", *args.gold, "--corpora", args.corpora]
    run("vectors.py", "--corpora", args.corpora, "--leave-out", *CHECK, "--out", args.out)
    run("statements.py", *common, "--out", args.out)
    run("who.py", *common, "--out", args.out)
    folders = [args.folds / str(number) for number in range(len(FOLDS))]
    for sources, folder in zip(FOLDS, folders, strict=True):
        learn_fold(common, sources, folder)
    run("confidence.py", "--gold", *args.gold, "--folds", *map(str, folders), "--out", args.out)


if __name__ == "__main__":
    main()
