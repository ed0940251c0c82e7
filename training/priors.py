"""What a form usually is, by the tagger's own reading of much raw news: the second round of training.

    python training/priors.py CORPUS.jsonl.gz… --out PRIORS.tsv

Tags every article with the shipped tagger and counts, form by form, how often it stood in a name.
`names.py --priors` takes the table as one more name list. Only forms and shares leave this script.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

from musnad.lexicon import Lexicon
from musnad.names.tagger import Tagger
from musnad.text.clitics import bare
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

LEAST = 4  # occurrences
STEPS = ((0.85, "9"), (0.6, "6"), (0.3, "3"), (0.08, "1"))


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("corpora", nargs="+")
    cli.add_argument("--out", required=True)
    args = cli.parse_args()
    tagger = Tagger(Lexicon())
    total: Counter[str] = Counter()
    tagged: dict[str, Counter[str]] = defaultdict(Counter)
    for path in args.corpora:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                forms = [fold(raw) or raw for raw in tokenize(json.loads(line)["text"]).raw]
                total.update(bare(form) for form in forms)
                for first, last, kind in tagger.tag(forms):
                    for form in forms[first:last]:
                        tagged[bare(form)][kind] += 1
    rows = []
    for form, kinds in tagged.items():
        kind, count = kinds.most_common(1)[0]
        share = kinds.total() / total[form]
        step = next((mark for least, mark in STEPS if share >= least), "")
        if step and total[form] >= LEAST and kind != "MISC" and len(form) > 1:
            sure = "" if count > 0.8 * kinds.total() else "?"
            rows.append(f"{form}\t{kind[0]}{step}{sure}")
    Path(args.out).write_text("\n".join(sorted(rows)), encoding="utf-8")
    print(len(rows), "forms")


if __name__ == "__main__":
    main()
