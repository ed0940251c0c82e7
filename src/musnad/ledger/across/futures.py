"""What somebody says that he himself is going to do, by the words of it.

Some words tell only together with who speaks: «إيران ستخصب اليورانيوم» is an announcement of an Iranian, and a guess of anybody else.
Those are a `Doubt`, which is settled where the speaker is known (`pledges`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from musnad.ledger.across.verbs import alone, is_future, is_present, is_willed, we_do, we_will
from musnad.lexicon import Lexicon
from musnad.lexicon.word import COLON, COMMA, LINE, OPEN, STOP
from musnad.names.knowledge import shared
from musnad.text.tokens import tokenize

_HEAD = 8  # words at the beginning of a statement
_OWN_REACH = 3  # words before which «بلاده» stands, if the statement is about it
_INTENT_REACH = 2
_COUNTRY = 3  # words of a country's name at most
_BREAKS = OPEN | COLON | COMMA | LINE | STOP
_LONGEST = 1_000  # characters of a statement that are looked at


class Doubt(NamedTuple):
    """Who would have to speak: one of some countries, or him of whom the article says «أنه» before the words."""

    countries: frozenset[str] = frozenset()
    himself: bool = False


def own_future(words: str, kind: str, lexicon: Lexicon) -> bool | Doubt:
    """Return whether somebody says what he is going to do, or who would have to speak for that."""
    clauses = list(_clauses(words[:_LONGEST], lexicon))
    if not clauses:
        return False
    head = [form for clause in clauses for form in clause][:_HEAD]
    if _will_act(head, kind, lexicon) or any(_we_will(clause, lexicon) for clause in clauses):
        return True
    if _intends(head, clauses, kind, lexicon) or any(_is_scheduled(clause, lexicon) for clause in clauses):
        return True
    himself = kind == "direct" and is_future(head[0], lexicon) and is_willed(head[0], lexicon)
    countries = frozenset(_countries_that_act(head, lexicon))
    return Doubt(countries, himself) if himself or countries else False


def _will_act(head: list[str], kind: str, lexicon: Lexicon) -> bool:
    """Rule "own future": «(قال إنه) سيوقف المناورات», «بلاده ستنسحب»; in one's own words (`kind` direct) «سيوقف» is about another.

    Not «الأسعار سترتفع», which foretells, nor «سيكون صعبا», «سيفوز».
    """
    acts = [_acts(head, at, lexicon) for at in range(len(head))]
    if kind != "direct" and acts and acts[0]:
        return True
    own = lexicon.lists["own"]
    return any(form in own and at < _OWN_REACH and acts[at + 1] for at, form in enumerate(head[:-1]))


def _acts(forms: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether «سيفعل», «سوف يفعل» or «لن يفعل» stands at a word, of what can be promised."""
    form, behind = forms[at], forms[at + 1] if at + 1 < len(forms) else ""
    if form in lexicon.lists["will"]:
        return is_present(behind, lexicon) and is_willed(behind, lexicon)
    return is_future(form, lexicon) and is_willed(form, lexicon)


def _we_will(clause: list[str], lexicon: Lexicon) -> bool:
    """Rule "we will": «… لكننا سنرد», «لن نقبل», «سوف نتعامل معه», «ستستأنف عملياتنا» in any clause; not «سنرى», «لن أكون»."""
    return any(
        we_will(form, lexicon)
        or (form in lexicon.lists["will"] and we_do(behind, lexicon))
        or (is_future(form, lexicon) and _is_ours(behind, lexicon))
        for form, behind in pairwise([*clause, ""])
    )


def _is_ours(form: str, lexicon: Lexicon) -> bool:
    """Whether a folded word is a noun of ours: «عملياتنا»."""
    return form[-2:] in lexicon.lists["ours"] and lexicon.counts.get(form[:-2], 0) > lexicon.counts.get(form, 0)


def _intends(head: list[str], clauses: list[list[str]], kind: str, lexicon: Lexicon) -> bool:
    """Rule "own intent": «(قال إنه) يعتزم السفر», «استعداد بلاده للتعاون», «التزام الحكومة بإجراء تحقيق», «نحن على استعداد».

    In one's own words only nouns and «نحن مستعدون», «نعتزم»: «يعتزم السفر» is about another. Not «الجيش يستعد», which reports.
    """
    lists = lexicon.lists
    first = head[:_INTENT_REACH]
    if not lists["intent"].isdisjoint(first) or (kind != "direct" and not lists["intends"].isdisjoint(first)):
        return True
    return any(
        form in lists["we_intend"]
        or (form in lists["we"] and not lists["intends_with_us"].isdisjoint(clause[at + 1 : at + 3]))
        for clause in clauses
        for at, form in enumerate(clause)
    )


def _is_scheduled(clause: list[str], lexicon: Lexicon) -> bool:
    """Rule "for a day": «القمة ستعقد في 12 حزيران», «ستسري العقوبات فورا»; not «الأسعار سترتفع غدا», which foretells."""
    for at, form in enumerate(clause[:_HEAD]):
        if form in lexicon.lists["takes_place"]:
            return not lexicon.lists["soon"].isdisjoint(clause[at + 1 :])
    return False


def _countries_that_act(head: list[str], lexicon: Lexicon) -> Iterator[str]:
    """Rule "own country": the countries of which a statement says that they will act: «إيران ستبلغ», «ستشن تركيا», «لندن لن تقبل»."""
    known = shared()
    for at in range(len(head)):
        if not _acts(head, at, lexicon):
            continue
        behind = at + 1 + (head[at] in lexicon.lists["will"])
        for size in range(1, _COUNTRY + 1):
            for name in (head[max(0, at - size) : at], head[behind : behind + size]):
                if len(name) == size and (country := known.country(" ".join(name))):
                    yield country


def _clauses(text: str, lexicon: Lexicon) -> Iterator[list[str]]:
    """The clauses of a text: its words between marks, folded, without «و» and «ف»."""
    clause: list[str] = []
    for raw in tokenize(text).raw:
        if raw[0].isalnum():
            clause.append(alone(raw, lexicon))
        elif clause and lexicon.word(raw).flags & _BREAKS:
            yield clause
            clause = []
    if clause:
        yield clause
