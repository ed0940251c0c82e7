"""Whether an article reports an event, or only mentions it: learned from articles whose events people marked.

A logistic model over how often the event is named, where, and with what beside it. Its weights (`prominence.tsv`) were made
by `training/events.py`. Attacks and protests bear what their sentences say of them (`salience.py`); a sentence that stands
alone has no article around it and is judged by that alone; any other event there counts if it says of whom.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from musnad.events.draft import HIT, Happening
from musnad.events.salience import BIAS, REPORTED, salience
from musnad.lexicon.word import RELATIVE, THAT
from musnad.page import Page

REPORTED_IN_ARTICLE = 0.43  # probability from which an article reports an event; 0.36 to 0.48 are within 0.02 of F1
_ARTICLE = 3  # sentences from which a text is an article
_LEAD = 2  # number of the last sentence of the lead
_MANY = 4  # mentions
_CLAUSE = 7  # tokens from «أن» to the verb of its clause
_NEAR = 2  # tokens of time between who carried an attack out and the attack


def reported(page: Page, found: list[Happening]) -> list[Happening]:
    """Return those events of a page that it reports."""
    if len(page.sentences) >= _ARTICLE:
        return [happening for happening in found if _is_prominent(page, happening)]
    alone: dict[str, list[Happening]] = {}
    for happening in found:
        alone.setdefault(happening.trigger.type, []).append(happening)
    told = {
        kind
        for kind, some in alone.items()
        if kind not in REPORTED or salience(some) >= REPORTED[kind] or any(_plainly_told(page, h) for h in some)
    }
    return [h for h in found if h.trigger.type in told and (h.takers or h.trigger.type in REPORTED)]


def _plainly_told(page: Page, happening: Happening) -> bool:
    """«شنت إسرائيل غارات على غزة»، «قال الجيش إن طائراته قصفت غزة أمس»: a sentence opens with the deed, or its reported
    clause with who did it, and says to whom, or both when and where. Coders accept half of such labelled sentences.
    """
    if happening.spoken or happening.status != "happened" or not happening.actors or not _says_enough(happening):
        return False
    first = happening.triggers[0][0]
    opening, limit = page.sentence_of(first)
    asked = limit < len(page) and page.words[limit].raw == "؟"
    if asked:
        return False
    return (
        _opens_the_sentence(page, happening, opening)
        if happening.said_in < 0
        else not happening.aside and _opens_the_report(page, happening)
    )


def _says_enough(happening: Happening) -> bool:
    """To whom it was done, or both when and where; of a protest it is enough to say who."""
    town = any(away == HIT for away, _ in happening.places)
    set_in = happening.time is not None and bool(happening.places)
    return bool(happening.recipients) or town or set_in or happening.trigger.type == "PROTEST"


def _opens_the_sentence(page: Page, happening: Happening, opening: int) -> bool:
    trigger, first, doer = happening.trigger, happening.triggers[0][0], happening.actors[0].tokens
    verb = page.words[opening].core
    if not happening.aside:
        if trigger.part == "past" and first - opening <= 1:
            return True  # «قصفت إسرائيل مواقع في دمشق أمس»
        if trigger.part == "present" and doer == (opening, first):
            return True  # «إسرائيل تقصف غزة»
        if first - opening == 1 and verb in page.lexicon.lists["takes_place"] and len(happening.takers) > 1:
            return True  # «اندلعت اشتباكات بين الجيش والحوثيين»
    elif page.words[first - 1].form != "في":
        return False
    carried = verb in page.lexicon.lists["light_verbs"] and doer[0] == opening + 1 and trigger.part == "noun"
    near = 0 <= first - doer[1] <= _NEAR and not page.words[first].prefix
    return carried and near and page.words[first].role is None  # «شارك آلاف الأشخاص في مسيرة»، not «نجح المتظاهرون»


def _opens_the_report(page: Page, happening: Happening) -> bool:
    """«إن الجيش قصف بلدة»، «أنهم قصفوا المطار»."""
    first, doer = happening.triggers[0][0], happening.actors[0].tokens
    that = next((at for at in range(first - 1, max(0, first - _CLAUSE), -1) if page.flags[at] & THAT), None)
    if that is None or happening.trigger.part != "past" or page.flags[first - 1] & RELATIVE:
        return False
    return first - that <= 2 or (doer[0] == that + 1 and doer[1] == first)


def _is_prominent(page: Page, happening: Happening) -> bool:
    weights = _weights()
    total = weights[BIAS] + sum(value * weights.get(name, 0.0) for name, value in features_of(page, happening))
    return 1 / (1 + math.exp(-total)) >= REPORTED_IN_ARTICLE


@cache
def _weights() -> dict[str, float]:
    text = (files("musnad.events") / "prominence.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {feature: float(weight) for feature, weight in rows}


def features_of(page: Page, happening: Happening) -> Iterator[tuple[str, float]]:
    """Yield the features of an event with all its mentions."""
    first = happening.triggers[0][0]
    headline = len(page.lines) > 1 and first < page.lines[0][1]
    named = sum(taker.named for taker in happening.takers)
    holds = {
        "again": len(happening.triggers) > 1, "often": len(happening.triggers) >= _MANY, "headline": headline,
        "lead": not headline and page.sentence_number(first) <= _LEAD, "actor": happening.actors, "recipient": happening.recipients,
        "nobody": not happening.takers, "named": named > 0, "two named": named > 1, "day": happening.time, "place": happening.places, "refers": happening.refers,
        "aside": happening.aside, "spoken": happening.spoken, "silent": happening.silent, "noun": happening.trigger.part == "noun",
        "killing": happening.trigger.frame == "kill", "fight": happening.trigger.frame == "clash", happening.status: True,
        happening.trigger.type: True,
    }  # fmt: skip
    yield from ((name, 1.0) for name, value in holds.items() if value)
    if happening.trigger.type in REPORTED:
        chance = salience([happening])
        yield "salience", math.log(chance + 1e-6) - math.log(1 - chance + 1e-6)
