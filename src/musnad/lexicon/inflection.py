"""The forms of a reporting cue, made from its principal parts.

Regular conjugation is enough: the cue table gives the parts that are not (feminine past of
weak verbs, present, participle). Only third-person forms are made; «أعتقد أن» inside a
quotation is the speaker's own word, not a report.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

_OBJECTS = ("ه", "ها", "هم", "هما", "هن")  # وصفه، أخبرهم
_OWNERS = ("ه", "ها", "هم", "هما")  # قوله، تأكيدها


class Form(NamedTuple):
    """One written form: the folded letters, its part of speech and what it agrees with.

    `part` is past, present, participle or noun; `gender` m or f; `number` s, d or p;
    `suffix` is the attached pronoun, an object of a verb or the owner of a noun.
    """

    text: str
    part: str
    gender: str
    number: str
    suffix: str = ""


def forms(past: str, past_f: str, present: str, participle: str, nouns: list[str]) -> Iterator[Form]:
    """Yield the forms of one cue from its folded principal parts; empty parts give none."""
    for form in _past(past, past_f or past + "ت"):
        if form.number != "d" or past not in nouns:  # «طلبا» is the noun
            yield form
    if present:
        yield from _present(present)
    if participle:
        yield from _participle(participle)
    for noun in nouns:
        yield from noun_forms(noun)


def _past(masculine: str, feminine: str) -> Iterator[Form]:
    weak = masculine[-1] in "اي" and len(masculine) > 2 and feminine != masculine + "ت"
    stem = masculine[:-1] if weak else masculine
    yield Form(masculine, "past", "m", "s")
    yield Form(feminine, "past", "f", "s")
    yield Form(stem + "وا", "past", "m", "p")
    if not weak and masculine != "اقر":  # «أقرا» is written like «أقرأ», I read
        yield Form(masculine + "ا", "past", "m", "d")
    if weak and masculine[-1] == "ي":
        yield Form(masculine + "ا", "past", "m", "d")  # التقيا
    yield Form(feminine + "ا", "past", "f", "d")
    for suffix in _OBJECTS:
        yield Form((stem + "ا" if weak else masculine) + suffix, "past", "m", "s", suffix)
        yield Form(feminine + suffix, "past", "f", "s", suffix)


def _present(masculine: str) -> Iterator[Form]:
    rest = masculine[1:]
    weak = rest[-1] in "ويا"
    stem = rest[:-1] if weak else rest
    yield Form("ي" + rest, "present", "m", "s")
    yield Form("ت" + rest, "present", "f", "s")
    yield Form("ي" + stem + "ون", "present", "m", "p")
    yield Form("ي" + (rest if not weak else stem + "ي") + "ان", "present", "m", "d")
    for suffix in _OBJECTS:
        yield Form("ي" + rest + suffix, "present", "m", "s", suffix)
        yield Form("ت" + rest + suffix, "present", "f", "s", suffix)


def _participle(accusative: str) -> Iterator[Form]:
    stem = accusative[:-1]
    yield Form(accusative, "participle", "m", "s")
    yield Form(stem + "ه", "participle", "f", "s")
    plural = stem[:-1] if stem.endswith("ي") else stem
    yield Form(plural + "ين", "participle", "m", "p")
    yield Form(stem + "ات", "participle", "f", "p")


def noun_forms(noun: str) -> Iterator[Form]:
    """Yield a noun bare, with its article and with the pronouns of its owners."""
    stem = noun[:-1] + "ت" if noun.endswith("ه") else noun
    yield Form(noun, "noun", "m", "s")
    yield Form("ال" + noun, "noun", "m", "s")
    stems = [noun[:-1] + seat for seat in "ءيو"] if noun.endswith("اء") else [stem]  # لقاءه، لقائه، لقاؤه
    for stem, suffix in product(stems, _OWNERS):
        gender = "f" if suffix == "ها" else "m"
        number = "p" if suffix == "هم" else "d" if suffix == "هما" else "s"
        yield Form(stem + suffix, "noun", gender, number, suffix)
