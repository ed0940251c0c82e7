"""All weights of the readers, one after the other.

    python training/weights.py --gold dev.jsonl more.jsonl --corpora FOLDER [--out FOLDER] [--keep-encoder]
        [--folds FOLDER]

Word vectors; of the fast and of the exact reader the networks, who speaks, which words name one event, confidence, and who takes
part in an event, when and where.
The exact reader takes the networks of the fast one besides, as those that are told nothing by the encoder.
With --folds, for each third of the sources the networks of the fast reader once more without it, for `benchmarks/unseen.py`.
Same seed, same bytes on one kind of machine. On two slow cores: the encoder two hours, all the rest one and a half.
"""

from __future__ import annotations

import argparse
import shutil
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
NETWORKS = ("statements.py", "events.py")


def run(script: str, *options: str) -> None:
    print(script, *options, file=sys.stderr, flush=True)
    subprocess.run([sys.executable, str(HERE / script), *options], check=True)


def learn(
    scripts: Sequence[str],
    common: Sequence[str],
    folder: Path,
    sources: Sequence[str] = (),
    *,
    beside: Path | None = None,
) -> None:
    """Run the scripts of a reader, then learn who speaks and which words name one event, without some sources.

    `beside`: the folder whose networks are copied to stand beside those that are told what the encoder gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    left_out = ["--leave-out", *sources] if sources else []
    if sources:
        (folder / "left_out.txt").write_text("\n".join(sources) + "\n", encoding="utf-8")
    for script in scripts:
        run(script, *common, *left_out, "--out", str(folder))
    if beside is not None:
        for name in ("statements", "events"):
            shutil.copyfile(beside / f"{name}.npz", folder / f"{name}_alone.npz")
    for script in ("who.py", "joining.py"):
        run(script, *common, *left_out, "--out", str(folder))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--gold", nargs="+", required=True)
    cli.add_argument("--corpora", required=True)
    cli.add_argument("--out", type=Path, default=HERE.parent / "src/musnad/weights")
    cli.add_argument("--keep-encoder", action="store_true", help="learn the rest on the encoder that lies in --out")
    cli.add_argument("--folds", type=Path)
    args = cli.parse_args()
    common = ["--gold", *args.gold, "--corpora", args.corpora]
    run("vectors.py", "--corpora", args.corpora, "--leave-out", *CHECK, "--out", str(args.out))
    fast, exact = args.out / "fast", args.out / "exact"
    learn(NETWORKS, common, fast)
    learn(NETWORKS if args.keep_encoder else ("encoder.py", *NETWORKS), common, exact, beside=fast)
    for folder in (fast, exact):
        run("confidence.py", "--corpora", args.corpora, "--out", str(folder))
        run("settling.py", *common, "--out", str(folder))
    for number, sources in enumerate(FOLDS if args.folds else ()):
        learn(NETWORKS, common, args.folds / str(number), sources)
        run("confidence.py", "--corpora", args.corpora, "--out", str(args.folds / str(number)))
        run("settling.py", *common, "--leave-out", *sources, "--out", str(args.folds / str(number)))


if __name__ == "__main__":
    main()
