"""Whether a text reports an attack or a protest, or only speaks of such: learned from sentences that people labelled.

A logistic model for each type over what stands at and around the triggers. Its weights (`salience.tsv`) were made by
`training/events.py`; other kinds of event have no such sentences and are judged by rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from musnad.events.draft import Happening
from musnad.lexicon import word as w
from musnad.page import Page

#: Kinds of event that the models were trained on, and the probability from which a sentence that stands alone reports one.
REPORTED = {"ASSAULT": 0.34, "PROTEST": 0.34}
_MOST = 3  # mentions that are told apart by their number
BIAS = "event"  # the bias in the table
_NEAR = 8  # tokens around a trigger in which a number of people may stand
_AROUND = 10  # tokens around a trigger whose words are looked at
_REACH = 60  # tokens of a sentence that are looked at on either side
_LONG = 45  # tokens of a long sentence


def salience(happenings: Sequence[Happening]) -> float:
    """Return the probability that some events of one type, taken together, are reported, 0 to 1."""
    kind, weights = happenings[0].trigger.type, _weights()
    total = weights[f"{kind}:{BIAS}"] + sum(weights.get(f"{kind}:{name}", 0.0) for name in features_of_all(happenings))
    return 1 / (1 + math.exp(-total))


def features_of_all(happenings: Sequence[Happening]) -> set[str]:
    """Return what the mentions of some events look like, and what the events have together."""
    names: set[str] = set().union(*(happening.features for happening in happenings))
    counted = any(taker.name[:1].isdigit() for happening in happenings for taker in happening.recipients)
    sided = any(happening.actors and happening.recipients for happening in happenings)
    mentions = min(sum(len(happening.triggers) for happening in happenings), _MOST)
    names |= {f"n{mentions}", f"sides{sided:d}", f"counted{counted:d}"}
    return names | {f"means {happening.trigger.frame} {happening.trigger.mode}" for happening in happenings}


@cache
def _weights() -> dict[str, float]:
    text = (files("musnad.events") / "salience.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {feature: float(weight) for feature, weight in rows}


def features_of(page: Page, happening: Happening) -> Iterator[str]:
    """Yield the features of one mention of an event."""
    first, last = happening.triggers[0]
    start, limit = page.sentence_of(first)
    start, limit = max(start, first - _REACH), min(limit, last + _REACH)
    word, trigger = page.words[first], happening.trigger
    kind = trigger.type[0]
    yield from (
        kind + trigger.part,
        kind + trigger.frame,
        f"s={happening.status}",
        "w=" + word.core,
        trigger.part + word.prefix,
    )
    for away in (1, 2):
        yield f"{-away}=" + (page.words[first - away].form if first - away >= start else "¶")
        yield f"+{away}=" + (page.words[last + away - 1].form if last + away <= limit else "¶")
    for away in range(-_AROUND, _AROUND + 1):
        at = first + away
        if start <= at < limit and page.words[at].form.isalpha():
            yield "x=" + page.words[at].core
    if trigger.type == "ASSAULT":  # of protests there are too few sentences
        yield from ("u=" + page.words[at].core for at in range(start, limit) if page.words[at].form.isalpha())
    yield f"a{len(happening.actors) > 0:d}r{len(happening.recipients) > 0:d}" + trigger.part
    flags = {
        "definite": page.flags[first] & w.DEFINITE, "owned": trigger.suffix, "aside": happening.aside,
        "spoken": happening.spoken, "told": happening.said_in >= 0, "time": happening.time, "place": happening.place,
        "opens": first - start < 3, "asks": limit < len(page) and page.words[limit].raw == "؟",
        "long": limit - start > _LONG, "late": first - start > _LONG // 2,
        "number": _has(page, max(start, first - _NEAR), min(limit, last + _NEAR), w.NUMBER),
        "quoted": _has(page, start, limit, w.OPEN), "if": _has(page, max(start, first - _NEAR), first, w.NEGATION),
    }  # fmt: skip
    for name, holds in flags.items():
        if holds:
            yield name
            yield trigger.part + name


def _has(page: Page, first: int, last: int, flag: int) -> bool:
    return any(flags & flag for flags in page.flags[first:last])
