"""Charges: whom somebody accuses, and whether a denial answers it although it repeats no word.

«تتهم لندن موسكو بتسميم الجاسوس» and «تنفي روسيا أي ضلوع لها في العملية» are of one thing because the one who denies is the one who is
charged. Who that is stands between the verb and the charge, or at the head of what was read as the charge; a capital, a government
and an army stand for their country, a former minister for nobody. The speaker of a charge that names nobody else is the accused
himself more often than not («التي تتهم موسكو بـ»): such a charge is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from musnad.lexicon import Lexicon
from musnad.lexicon.word import ADVERBIAL, RELATIVE, THAT, Word
from musnad.names.codes import codes_of
from musnad.names.descriptions import is_description
from musnad.names.forms import key_of
from musnad.names.knowledge import shared
from musnad.text.clitics import without_article
from musnad.text.tokens import tokenize

_STATE = {"GOV", "MIL"}  # sectors that act for their country
_NAMED = 9  # words in which the accused is named at most
_EARLY = 3  # words at the head of a denial that say what kind it is
#: Words behind a part in which what it is a part of is named; letters from which a word is more than a pronoun.
_BEHIND = 4
_SUBJECT = 5  # words before what somebody is said to have done
_HEAD = 80  # characters that hold as many words, as a rule
_BEFORE = 20  # characters before a verb in which «لم» stands


class Charge(NamedTuple):
    """Whom a statement charges (`parties_of`), and the words of the deed."""

    accused: frozenset[str]
    deed: tuple[Word, ...]


def parties_of(name: str, identifier: str | None, lexicon: Lexicon) -> frozenset[str]:
    """What a party is known by: its identifier or name, and its country where it acts for one; of «سوريا وروسيا» those of both."""
    found: set[str] = set()
    for part in [name, *_joined(name, lexicon)]:
        known = (identifier if part == name else None) or shared().party(part)
        codes = codes_of(part, known)
        former = any(word in lexicon.lists["former"] for word in key_of(part).split())
        for_state = (known or "").startswith("iso3166:") or (len(codes) == 2 and codes[1] in _STATE)
        if for_state and codes and codes[0] not in _STATE and not former:
            found.add(f"state:{codes[0]}")
        if known:
            found.add(known)
        elif part == name and not is_description(name, lexicon):
            found.add(f"name:{key_of(name)}")
    return frozenset(found)


def _joined(name: str, lexicon: Lexicon) -> list[str]:
    """The parties of «سوريا وروسيا», one by one; none of a name that is one party's."""
    words = name.split()
    begins = [0, *(n for n, raw in enumerate(words) if n and lexicon.word(raw).prefix in lexicon.lists["joins"])]
    if len(begins) == 1:
        return []
    parts = [words[begin:end] for begin, end in pairwise([*begins, len(words)])]
    return [" ".join([lexicon.word(part[0]).raw[(n > 0) :], *part[1:]]) for n, part in enumerate(parts)]


def one_of(parties: frozenset[str]) -> str:
    """Of what a party is known by the one that its other names share, too: its country, if it acts for one."""
    return min(parties, key=lambda key: (not key.startswith("state:"), key))


def accuses(cue: str | None, lexicon: Lexicon) -> bool:
    """Whether a cue accuses or blames: اتهم، حمل."""
    cues = lexicon.word(cue).cues if cue else ()
    return bool(cues) and bool(cues[0].frames & {"accuse", "blame"})


def charge_of(parties: dict[str, Any], content: Sequence[Sequence[int]], text: str, lexicon: Lexicon) -> Charge | None:
    """Whom a statement under such a cue charges with what, or None where that is nobody by name, or nobody but who says it.

    Two thirds of the 340 such statements in an archive of 1,298 articles name the accused. «اتهمت أنقرة باريس بدعم خصومها»: Paris; not «اتهمت باريس
    بدعم خصومها», where Paris is accused, nor «لم تتهم أنقرة باريس».
    """
    (start, end), speaker = parties["cue"], parties["speaker"]["span"]
    before = text[max(0, start - _BEFORE) : start].split()
    if before and before[-1] in lexicon.lists["undone"]:
        return None
    after = max(end, speaker[1] if speaker and speaker[0] >= end else 0)
    between = [word for word in _words(text[after : content[0][0]], lexicon) if not word.flags & ADVERBIAL]
    while between and between[-1].form in lexicon.lists["leads_to_charge"]:
        between.pop()
    inside = _words(text[content[0][0] : content[-1][1]], lexicon)
    named, deed = (between, inside) if between else _parted(inside, lexicon)
    if lexicon.word(text[start:end]).cues[0].part == "noun":
        named = (
            named if named and named[0].prefix in lexicon.lists["leads_to_charged"] else []
        )  # «اتهامه لباريس», not «اعتبر أن اتهام باريس»
    named = named[: next((at for at, word in enumerate(named) if word.flags & (RELATIVE | THAT)), _NAMED)]
    if not named:
        return None
    led = named[0].prefix in lexicon.lists["leads_to_charged"]
    first = named[0].raw[named[0].cut :] if led else named[0].raw
    return _charge(
        parties, parties_of(" ".join([first, *(word.raw for word in named[1:])]), None, lexicon), deed, lexicon
    )


def charge_in(parties: dict[str, Any], words: str, lexicon: Lexicon) -> Charge | None:
    """The charge that is made where somebody says of a country or a known person what they did: «قالت لندن إن موسكو تقف وراء الهجوم».

    23 of 8,600 statements of the same archive do; not «قالت لندن إن الهجوم وقع ليلا», which charges nobody.
    """
    head = _words(words[:_HEAD], lexicon)[:_SUBJECT]
    at = next((at for at, word in enumerate(head) if at and _is_done(word, lexicon)), None)
    if at is None:
        return None
    found = _words(words, lexicon)
    accused = parties_of(" ".join(word.raw for word in found[:at]), None, lexicon)
    return _charge(parties, frozenset(key for key in accused if not key.startswith("name:")), found[at:], lexicon)


def _charge(parties: dict[str, Any], accused: frozenset[str], deed: list[Word], lexicon: Lexicon) -> Charge | None:
    accuser = parties_of(parties["speaker"]["name"], parties["speaker"]["entity"], lexicon)
    return Charge(accused, tuple(deed)) if accused and not accused & accuser else None


def _is_done(word: Word, lexicon: Lexicon) -> bool:
    verbs = (trigger for trigger in word.triggers if trigger.part in {"past", "present"})
    return word.core in lexicon.lists["parts"] or any(verb.type == "ASSAULT" for verb in verbs)


def is_of_a_deed(charge: Charge, lexicon: Lexicon) -> bool:
    """Whether somebody is charged with having done something to others: «بتنفيذ الهجوم»، «بتسميم الجاسوس», but not «بتجاهل الأدلة»."""
    if not charge.deed:
        return False
    head, forms = charge.deed[0], {word.form for word in charge.deed}
    return head.core in lexicon.lists["parts"] or any(
        trigger.type == "ASSAULT" and (not trigger.needs or bool(trigger.needs & forms)) for trigger in head.triggers
    )


def denies_a_part(words: str, denier: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether somebody denies nothing but a part in the deed that is spoken of: «أي ضلوع لها في العملية»، «مسؤوليتها عنه».

    A fifth of the denials do. «أي علاقة مع المصرف» names what it denies, and does not; nor does Russia's «مسؤولية دمشق عن الهجوم».
    """
    found = _words(words, lexicon)
    at = _part_at(found, lexicon)
    if at is None:
        return False
    behind = [without_article(word.core) for word in found[at + 1 : at + 1 + _BEHIND]]
    if any(country not in denier for word in behind if (country := shared().country(word))):
        return False
    return any(word in lexicon.lists["matters"] for word in behind) or all(len(word) < _BEHIND for word in behind)


def speaks_of_a_part(words: str, lexicon: Lexicon) -> bool:
    """Whether somebody denies a part in whatever: «تورط بلاده في اختفاء الصحفي»."""
    return _part_at(_words(words, lexicon), lexicon) is not None


def _part_at(found: list[Word], lexicon: Lexicon) -> int | None:
    return next((at for at, word in enumerate(found[:_EARLY]) if word.core in lexicon.lists["parts"]), None)


def _parted(inside: list[Word], lexicon: Lexicon) -> tuple[list[Word], list[Word]]:
    """The accused and the deed, where both were read as the charge: «باريس | بدعم خصومها»، «باريس | مسؤولية الفشل»."""
    for at, word in enumerate(inside[: _NAMED + 1]):
        if at and (
            word.form.startswith(tuple(lexicon.lists["leads_to_charge"]))
            or without_article(word.core) in lexicon.lists["responsibility"]
        ):
            return inside[:at], inside[at:]
    return [], inside


def _words(text: str, lexicon: Lexicon) -> list[Word]:
    return [lexicon.word(raw) for raw in tokenize(text).raw if raw[0].isalnum()]
