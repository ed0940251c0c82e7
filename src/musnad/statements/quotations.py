"""Quotations and colons: which marks hold speech, and what opens behind a colon, a bare comma or far from the verb."""

from __future__ import annotations

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Opening

SPEECH = 4  # words from which a quotation is speech and not a name


def is_speech(page: Page, opening: int, closing: int) -> bool:
    """Whether a quotation holds words said, not a name: set after a colon or a complementiser, long, or the clause's end."""
    if opening and page.flags[opening - 1] & (w.COLON | w.THAT):
        return True
    if opening and page.words[opening - 1].raw in {"ل", "لـ"}:
        return False  # قال لـ«بوابة الوسط»
    last = min(closing, len(page))
    words = sum(not page.flags[i] & w.MARK for i in range(opening + 1, last))
    after = page.flags[closing + 1] if closing + 1 < len(page) else w.STOP
    if after & w.COLON:
        return False  # what was said comes behind the colon
    before = page.words[opening - 1] if opening else None
    role = before.role if before is not None else None
    said_in = opening > 1 and page.flags[opening - 2] & w.PREPOSITION  # «في بيان "…"»
    if said_in and role is not None and role.kind == "paper":
        role = None
    if role is not None and role.kind in {"outlet", "body", "paper"} and not (role.kind == "body" and words >= SPEECH):
        return words > 2 * SPEECH  # قناة «آر تي في آي»
    if words >= SPEECH:
        return True
    ends = bool(after & (w.STOP | w.COMMA))
    if before is not None and before.flags & w.PREPOSITION:
        return False  # «تمهد لهيمنة على "الشرق الأقصى"»: what the preposition leads to
    said = before is not None and bool(before.cues or before.flags & (w.DEFINITE | w.TIME | w.ADVERBIAL | w.COMMA))
    return ends and words > 1 and said


def after_colon(page: Page, colon: int, cue: Cue, limit: int) -> Opening | None:
    """A colon opens a quotation, a clause (قال: إنه …) or the words themselves."""
    nxt = colon + 1
    while nxt < len(page) and page.flags[nxt] & w.LINE:
        nxt += 1
    if nxt >= len(page):
        return None
    if page.flags[nxt] & w.OPEN and nxt in page.quotes.close:
        return Opening("quote", nxt + 1, colon)
    if nxt >= limit:
        return None
    first_person = page.words[nxt].form in {"اننا", "انني", "اني"}
    if page.flags[nxt] & w.THAT and not first_person and not page.words[nxt].form.startswith("لان"):
        return Opening("that", nxt + 1, colon)
    if "quote" in cue.frames or "that" in cue.frames:
        return Opening("colon", nxt, colon)
    return None


def is_clock(page: Page, at: int) -> bool:
    return bool(page.flags[at - 1] & w.NUMBER and at + 1 < len(page) and page.flags[at + 1] & w.NUMBER)


def after_comma(page: Page, spots: Spots, at: int, limit: int) -> Opening | None:
    """A comma typed for the colon: «وقال الوزير للصحفيين، تم تحديد المناطق»."""
    if (
        at + SPEECH < limit
        and page.words[at + 1].form in page.lexicon.lists["clause_openers"]
        and page.words[at].prefix
    ):
        return Opening("that", at + 1, at + 1)  # «وأضاف لا توجد مشكلات»
    party = read_party(page, spots, at + 1, limit)
    if party is None or (page.words[party[0]].role is None and spots.at[party[0]] is None):
        return None
    clause = next(
        (
            i
            for i in range(party[1], limit - SPEECH)
            if page.flags[i] & w.COMMA and page.words[i + 1].form in page.lexicon.lists["clause_openers"]
        ),
        None,
    )
    if clause is not None:
        return Opening("that", clause + 1, party[1])  # «قال الجنرال، الذي سيدير التدريب، لا سبب للخوف»
    comma = next((i for i in range(party[1], min(party[1] + 4, limit)) if page.flags[i] & w.COMMA), limit)
    if comma + SPEECH >= limit or page.flags[comma + 1] & (
        w.RELATIVE | w.CLAUSE | w.SOURCE | w.ADVERBIAL | w.PREPOSITION
    ):
        return None
    after = page.words[comma + 1]
    return None if after.cues and after.role is None else Opening("that", comma + 1, comma)


def late_quotation(page: Page, first: int, limit: int, region_end: int) -> Opening | None:
    """A quotation that ends the sentence, behind insertions: «وأضافت خلال المقابلة، حيث كانت تقيم، "…"»."""
    for i in range(first, limit):
        word = page.words[i]
        if word.prefix in {"و", "ف"} and word.cues and word.cues[0].part == "past":
            return None  # another verb takes over
        if not page.flags[i] & w.OPEN or i not in page.quotes.close:
            continue
        closing = page.quotes.close[i]
        ends = closing + 1 >= limit or bool(page.flags[closing + 1] & (w.STOP | w.COMMA))
        if closing - i > SPEECH and ends and is_speech(page, i, closing):
            return Opening("quote", i + 1, region_end)
        return None
    return None
