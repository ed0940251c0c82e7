"""Subjects: the noun phrase before a verb, after an opening كان, behind a relative pronoun, or of a whole clause."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements.draft import Draft, Tokens

_REACH = 22  # tokens back from a verb to the beginning of its subject
_BREAKS = w.STOP | w.COLON | w.THAT | w.KANA | w.CLAUSE | w.QAD | w.RELATIVE | w.SOURCE
#: What may stand between a subject and its verb.
_LOOSE = w.ADVERBIAL | w.TIME | w.COMMA | w.PREPOSITION | w.VENUE | w.NUMBER | w.DEFINITE | w.QAD | w.MARK | w.PLACE


def subject_before(page: Page, spots: Spots, cast: Cast, draft: Draft) -> Tokens | None:
    """The subject before the verb: «لكن الرئيس قال»، «وكان مسؤول أعلن»، «كيري يحذر»، «الوزير الذي أضاف»."""
    at = draft.cue_at
    if page.words[at].prefix or draft.cue is None or draft.cue.part not in {"past", "present"}:
        return None
    if at and page.words[at - 1].form in {"من", "ما", "ممن", "مما"}:
        return None  # «من وصفهم بـ…» within somebody's words
    sentence, _ = page.sentence_of(at)
    end = at
    while end > sentence and (
        page.flags[end - 1] & (w.QAD | w.TIME | w.NEGATION | w.RESUMPTIVE)
        or (page.flags[end - 1] & w.KANA and end - 1 > sentence and not page.words[end - 1].prefix)
        or page.words[end - 1].form in {"ايضا", "بدوره", "بدورها"}
    ):
        end -= 1
    if end > sentence + 2 and page.flags[end - 1] & w.COMMA:
        closed = _before_relative_clause(page, spots, sentence, end - 1)
        if closed is not None:
            return closed
    if end > sentence and page.flags[end - 1] & w.RELATIVE:
        # «الذي تتهمه»: with its pronoun the antecedent is the object
        found = None if draft.cue.suffix else _antecedent(page, spots, end - 1, sentence)
        if found is not None and draft.frame in {"phrase", "bare"} and not any(spots.at[i] for i in range(*found)):
            return None  # «الدول التي رحبت بالاتفاق» describes the states
        return found
    first = _clause_start(page, spots, max(sentence, at - _REACH), end, at)
    if first == end or not page.flags[first - 1] & w.KANA:
        kana = _after_kana(page, spots, sentence, at)
        if kana is not None or first == end:
            return kana
    party = read_party(page, spots, first, end)
    if party is None or not _can_precede(page, spots, cast, party, sentence, end):
        return None
    alone, head = party[1] - party[0] == 1, page.words[party[0]]
    if (
        alone
        and head.form.endswith("يا")
        and head.role is None
        and spots.at[party[0]] is None
        and not head.flags & w.PLACE
    ):
        return None  # «نفى أن يكون "عنصريا" بعد تصريحات وصف فيها»: no subject stands in the accusative
    between = range(party[1], end)
    plain = any(not page.flags[k] & _LOOSE and not page.words[k].prefix and spots.at[k] is None for k in between)
    return None if plain and len(between) > 4 else party


def _before_relative_clause(page: Page, spots: Spots, floor: int, comma: int) -> Tokens | None:
    """«أن التحالف الذي تقوده السعودية، أعلن»: the subject whose relative clause the comma closes."""
    for i in range(comma - 1, max(floor, comma - _REACH), -1):
        if page.flags[i] & (w.STOP | w.THAT | w.COLON | w.COMMA) and not page.flags[i + 1] & w.RELATIVE:
            return None
        if page.flags[i] & w.RELATIVE:
            found = _antecedent(page, spots, i, floor)
            opens = found is not None and (
                found[0] == floor or bool(page.flags[found[0] - 1] & (w.THAT | w.CLAUSE | w.KANA))
            )
            return found if opens else None
    return None


def _clause_start(page: Page, spots: Spots, floor: int, end: int, verb: int) -> int:
    """Where the clause of a verb begins, going back from `end`."""
    first = end
    while first > floor:
        at = first - 1
        flags, word = page.flags[at], page.words[at]
        if flags & _BREAKS or word.form in {"لان", "كون"} or (flags & w.COMMA and not _bracketed(page, spots, at, end)):
            break
        finite = bool(word.cues) and word.cues[0].part == "past" and word.role is None and spots.at[at] is None
        finite = finite and not ("placed" in word.cues[0].frames and page.words[at - 1].role is not None)
        if (finite and first != end) or (flags & w.OPEN and page.quotes.close.get(at, 0) > verb):
            break
        first = at
    return first


def _can_precede(page: Page, spots: Spots, cast: Cast, party: Tokens, sentence: int, end: int) -> bool:
    """Whether a phrase is known to name somebody, or stands right between a clause word and its verb."""
    start, stop = party
    head = page.words[start]
    if head.prefix and head.prefix[-1] in "بلك":
        return False
    if head.prefix in ("و", "ف") and start != sentence and not page.flags[start - 1] & w.COMMA:
        return False
    if stop == end and start > sentence and page.flags[start - 1] & w.CLAUSE:
        return True
    if start > sentence and page.flags[start - 1] & w.OPEN:
        return True  # لكن «راديو إسرائيل» قال
    known = head.role is not None or spots.at[start] is not None or cast.person_by_part(start, stop) is not None
    return known or bool(head.flags & (w.PLACE | w.LATIN | w.DEMONYM | w.DEFINITE))


def _after_kana(page: Page, spots: Spots, sentence: int, at: int) -> Tokens | None:
    """«وكان الوزير، الذي زار المدينة، قد قال»: the subject stands after the opening كان."""
    kana = next((k for k in range(sentence, min(sentence + 3, at)) if page.flags[k] & w.KANA), None)
    if kana is None or any(page.words[k].cues and page.words[k].prefix == "و" for k in range(kana + 1, at)):
        return None
    party = read_subject(page, spots, kana + 1, at)
    return party if party is not None and party[0] == kana + 1 else None


def _bracketed(page: Page, spots: Spots, comma: int, verb: int) -> bool:
    """Commas around an apposition do not end the subject: «الرئيس، دونالد ترامب، قال»."""
    after = comma + 1
    return after < verb and (
        spots.starts(after) or page.words[after].role is not None or page.flags[after] & w.TIME != 0
    )


def _antecedent(page: Page, spots: Spots, relative: int, floor: int) -> Tokens | None:
    """The noun phrase that a relative pronoun takes up: the nearest phrase before it that names somebody."""
    i = relative - 1
    if i >= floor and page.flags[i] & w.COMMA:
        i -= 1
    end = i + 1
    first = end
    while i >= floor and end - i < 14:
        flags = page.flags[i]
        if flags & (w.STOP | w.COMMA | w.COLON | w.THAT | w.RELATIVE | w.CLAUSE | w.PREPOSITION | w.KANA):
            if spots.at[i] is None:
                break
        if page.words[i].cues and page.words[i].role is None and spots.at[i] is None:
            break
        if page.words[i].role is not None or spots.starts(i) or page.flags[i] & w.PLACE:
            first = i
        if page.words[i].prefix:
            break
        i -= 1
    if first >= end:
        return None
    return first, end


def _verb_behind_phrase(page: Page, spots: Spots, first: int, limit: int) -> int:
    """«وفي نهاية الجولة أدلى الأمير بتصريح»: the verb between an opening phrase and the one who does it."""
    for i in range(first + 2, min(limit - 1, first + 9)):
        word, after = page.words[i], page.words[i + 1]
        holder = after.role is not None and after.role.kind in {"office", "person", "honorific"} and not after.prefix
        verb = (
            not word.prefix and not page.flags[i] & (w.DEFINITE | w.PREPOSITION | w.TIME | w.MARK) and word.role is None
        )
        if verb and spots.at[i] is None and page.flags[i - 1] & w.DEFINITE and (holder or spots.person(i + 1)):
            return i
    return first


def clause_subject(page: Page, spots: Spots, first: int, limit: int) -> Tokens | None:
    """The subject of the clause that begins at `first`: after its verb, or its first noun phrase."""
    i = first
    while i < limit and (
        page.flags[i] & (w.CLAUSE | w.TIME | w.COMMA | w.QAD | w.KANA | w.OPEN) or page.words[i].form in {"و", "كما"}
    ):
        i += 1
    if first < i < limit and page.flags[i] & w.THAT and page.flags[i - 1] & w.CLAUSE:
        i += 1  # «يذكر أن الأردن …»
    if i + 2 < limit and page.words[i].form in {"من", "ومن"} and page.words[i + 1].form.endswith(("ه", "ها", "هم")):
        i += 2  # من جهته، من جانبها
    if (i < limit and page.flags[i] & (w.ADVERBIAL | w.PREPOSITION)) or (i < limit and page.words[i].flags & w.VENUE):
        comma = next((k for k in range(i, min(limit, i + 15)) if page.flags[k] & w.COMMA), None)
        i = comma + 1 if comma is not None else _verb_behind_phrase(page, spots, i, limit)
    pointer = i + 1 < limit and page.words[i + 1].form in {"ذلك", "هذا"}  # «أوضح ذلك المدير بقوله»
    named_first = i < limit and spots.starts(i) and not page.words[i].cues  # «لكن ترامب غرد»
    for at in (i, i + 1 + pointer) if named_first else (i + 1 + pointer, i):
        if at >= limit:
            continue
        party = read_subject(page, spots, at, limit)
        if party is None or party[0] - at > 3:
            continue
        word = page.words[party[0]]
        spot = spots.at[party[0]]
        if word.prefix[-1:] in ("ب", "ل", "ك") and word.prefix:
            continue
        nation = party[1] > party[0] + 1 and bool(page.flags[party[0] + 1] & w.DEMONYM)
        if nation or any(spots.person(k) for k in range(*party)):
            return party
        if (spot is not None and spot[2] in {"PER", "ORG", "LOC"}) or word.role is not None or word.flags & w.PLACE:
            return party
    return None
