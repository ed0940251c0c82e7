"""The subject of a verb that takes a bare object: which words surely belong to it."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.text.clitics import bare

_RARE = 20  # times in the corpora behind the vocabulary


def read_subject(
    page: Page, spots: Spots, first: int, limit: int, *, any_noun: bool = False, here: bool = False
) -> tuple[int, int] | None:
    """The subject of a verb that takes a bare object: only as many words as surely belong to it.

    Adjectives agree in the article, so a word with ال continues a word with ال or a noun without it
    (its genitive); a noun without ال after a finished phrase is the object. `here`: it begins at `first`.
    """
    party = read_party(page, spots, first, min(limit, first + 25), here=here)
    if party is None:
        return None
    start, end = party
    word = page.words[start]
    owned = start + 1 < end and spots.at[start + 1] is not None and not page.words[start + 1].prefix  # أنصار نجفي
    nation = start + 1 < end and bool(page.flags[start] & w.DEFINITE and page.flags[start + 1] & w.DEMONYM)
    owned = (
        owned or nation or any(spots.person(i) for i in range(start, min(end, start + 4)))
    )  # البرلماني المصري مصطفى بكري
    if (
        word.role is None
        and spots.at[start] is None
        and not owned
        and not word.flags & (w.PLACE | w.LATIN | w.DEMONYM | w.OPEN)
    ):
        if is_rare(page, start) and (start + 1 == end or page.flags[start + 1] & w.DEFINITE):
            return start, start + 1  # «نفى بوعشرين الاتهامات»: a name that nobody knows
        return _noun_and_adjectives(page, start, end) if any_noun else None
    at = start
    head = page.words[start].role
    second = page.words[start + 1].role if start + 1 < end else None
    alone = head is not None and head.kind == "person" and not head.relational and not page.flags[start] & w.DEFINITE
    if alone and second is not None and second.kind == "office" and not page.flags[start + 1] & w.DEFINITE:
        return start, start + 1  # «سأل صحفي رئيس الوزراء»
    unnamed = head is not None and head.kind in {"unnamed", "group"} and not page.flags[start] & w.DEFINITE
    unnamed = unnamed and not word.form.endswith("و")  # «متمردو الحركة» must have its genitive
    closed = False  # the phrase can take no genitive any more
    while at < end:
        spot = spots.at[at]
        if spot is not None:
            other = spots.at[at - 1] if at > start and spots.at[start] is not None else None
            beside = other is not None and not (other[2] == spot[2] == "PER")
            # «دعت اللجنة بوتين إلى …»: behind a body a person's name is somebody else
            bodied = closed and spot[2] == "PER" and head is not None and head.kind in {"body", "outlet", "paper"}
            apart = bodied and not page.flags[at - 1] & (w.COMMA | w.PREPOSITION) and not page.words[at - 1].prefix
            if (beside or apart or _is_object(page, spots, at, start, closed)) and not page.words[at].prefix:
                return start, at  # «دعت إريتريا مجلس الأمن»: two names in a row are two parties
            at = spot[1]
            closed = True
            continue
        if at > start and page.text[page.end[at - 1] : page.start[at]] == "_":
            at += 1  # #أمهات_المختطفين_اليمنيين
            continue
        flags, word = page.flags[at], page.words[at]
        definite = bool(flags & w.DEFINITE)
        if at > start and unnamed and not definite and not word.prefix and not flags & (w.MARK | w.PREPOSITION):
            if not word.form.endswith(("ي", "يه")) and bare(word.form) not in page.lexicon.lists["source_adjectives"]:
                if not page.flags[at - 1] & w.PREPOSITION:
                    return start, at
        if at > start + 1 and definite and page.flags[at - 1] & w.DEMONYM and not page.flags[at - 1] & w.DEFINITE:
            return start, at  # «مستشفى مصري التسبب»: the object
        if at > start and closed:
            feminine = (head is not None and head.gender == "f") or (
                head is None and page.words[start].form.endswith("ه")
            )
            linked_last = any(page.words[k].prefix == "و" for k in range(start + 1, at))
            genitive = bool(page.words[at - 1].prefix) or bool(page.words[at - 2].prefix and at - 2 > start)
            elative = word.form in page.lexicon.lists["elatives"]
            ends = word.form.endswith("ه") or elative
            agrees = ends == feminine or linked_last or genitive or (ends and page.words[at - 1].form.endswith("ه"))
            adjective = (
                definite
                and agrees
                and bool(
                    flags & (w.DEMONYM | w.TITLE_ADJECTIVE)
                    or elative
                    or word.form.endswith(("ي", "يه", "ده", "يون", "يين"))
                )
            )
            title = word.role is not None and (
                bool(page.flags[at - 1] & w.COMMA)
                or (spots.person(at - 1) is not None and word.role.kind == "office" and not definite)
            )
            linked = (
                bool(word.prefix)
                or word.form in {"باسم", "بلسان"}
                or bool(flags & (w.MARK | w.PREPOSITION))
                or page.flags[at - 1] & w.PREPOSITION
            )
            # «لتنسيق الشؤون»: the genitive of a noun with its particle
            office = page.words[at - 1].role
            named = definite and office is not None and office.kind == "office" and not page.flags[at - 1] & w.DEFINITE
            linked = linked or named or page.words[at - 1].form in {"باسم", "بلسان"}  # وزير الدولة
            linked = linked or bool(page.words[at - 1].prefix and definite and not page.flags[at - 1] & w.DEFINITE)
            if not (adjective or title or linked or word.flags & w.REFERENCE):
                return start, at
        closed = closed or definite or bool(word.flags & w.PLACE)
        at += 1
    return start, end


def _is_object(page: Page, spots: Spots, at: int, start: int, closed: bool) -> bool:
    """«اتهم الرئيس الأميركي إيران»: behind a finished office a place or body is somebody else."""
    head, spot = page.words[start].role, spots.at[at]
    if not closed or spot is None or spot[2] not in {"LOC", "ORG"}:
        return False
    role = page.words[at].role
    if role is not None and role.kind == "body" and not page.flags[at] & w.DEFINITE and page.flags[at - 1] & w.DEFINITE:
        return True  # «اتهمت وزارة الداخلية حزب الفجر»
    if head is None or head.kind == "body":  # «اتهمت وزارة الدفاع الروسية الولايات المتحدة»: its country has been said
        return (
            bool(page.flags[at - 1] & w.DEMONYM and page.flags[at - 1] & w.DEFINITE) and not page.flags[at] & w.DEMONYM
        )
    if head.kind not in {"office", "person"}:
        return False
    before = page.flags[at - 1]
    finished = before & w.DEFINITE and not before & (w.COMMA | w.PREPOSITION) and not page.words[at - 1].prefix
    return bool(finished or spots.person(at - 1)) and not page.flags[at] & w.DEMONYM


def _noun_and_adjectives(page: Page, start: int, end: int) -> tuple[int, int] | None:
    if page.words[start].prefix or page.flags[start] & (w.PRONOUN | w.NUMBER | w.ADVERBIAL | w.MARK):
        return None
    at = start + 1
    while at < end and page.words[at].form.endswith(("ات", "يون", "ي", "يه")) and not page.words[at].prefix:
        at += 1
    return start, at


def is_rare(page: Page, at: int) -> bool:
    """A word that the news hardly ever uses, and so most likely a name."""
    word = page.words[at]
    known = word.flags & (w.NUMBER | w.TIME | w.DEFINITE | w.MARK) or word.prefix[-1:] in {"ل", "ك"}
    return not known and not word.cues and len(word.form) > 3 and page.lexicon.counts.get(word.form, 0) < _RARE
