"""How many expressions of time are read right: the cases written for Musnad, and everyday sentences of Microsoft Recognizers-Text.

    python benchmarks/times.py RECOGNIZERS.jsonl

RECOGNIZERS.jsonl has a line a sentence: `input`, `reference` (when it was said), `text` (the expression), `past` and `future`
(its resolution, the end of a period exclusive), `case` (the specification it is from). Compared are days and periods of
days; times of day, durations and repetitions are left out, for Musnad reads none.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from musnad.lexicon import Lexicon
from musnad.page import Page
from musnad.times import Time, find_times

CASES = Path(__file__).parent.parent / "tests/times/cases.tsv"
COMPARED = {"DateParser", "DatePeriodParser"}
Days = tuple[date, date]


def main() -> None:
    lexicon = Lexicon()
    rows = [
        line.split("\t")
        for line in CASES.read_text(encoding="utf-8").splitlines()
        if not line.startswith(("#", "published"))
    ]
    right = sum(_written(find_times(Page(text, lexicon), day or None)) == [want] for day, text, want in rows)
    print(f"written cases: {right} of {len(rows)}")
    counts: Counter[tuple[str, str]] = Counter()
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["case"] not in COMPARED:
            continue
        found = find_times(Page(row["input"], lexicon), row["reference"][:10])
        want = _days(row["past"]), _days(row["future"])
        counts[row["case"], "all"] += 1
        counts[row["case"], "found"] += bool(found)
        counts[row["case"], "right"] += any(_same(time.past, want[0]) and _same(time.future, want[1]) for time in found)
    for case in sorted(COMPARED):
        print(f"{case}: found {counts[case, 'found']}, right {counts[case, 'right']} of {counts[case, 'all']}")


def _days(resolved: dict[str, Any]) -> Days | None:
    if "date" in resolved:
        day = date.fromisoformat(resolved["date"])
        return day, day
    if {"startDate", "endDate"} <= resolved.keys():
        return date.fromisoformat(resolved["startDate"]), date.fromisoformat(resolved["endDate"]) - timedelta(days=1)
    return None


def _same(found: Days | None, want: Days | None) -> bool:
    """Equal, or one day longer: in «من 4 إلى 22 يناير» Musnad counts the last day in."""
    if found is None or want is None:
        return found == want
    return found == want or (want[0] < want[1] and found == (want[0], want[1] + timedelta(days=1)))


def _written(times: list[Time]) -> list[str]:
    found = []
    for time in times:
        ends = [f"{d[0]}..{d[1]}" if d[0] != d[1] else str(d[0]) for d in (time.past, time.future) if d is not None]
        found.append("|".join(dict.fromkeys(ends)) or "?")
    return found


if __name__ == "__main__":
    main()
