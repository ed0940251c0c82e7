"""Headlines of the form «ترامب: بوتين يريد اتفاقا»: the colon is the cue."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements.draft import Draft

_SURNAME = 400  # times in the corpora from which a word is no surname
_LONGEST_LEFT = 12  # words before the colon


def read_headline(page: Page, spots: Spots, cast: Cast, line: tuple[int, int]) -> Draft | None:
    """Return the statement of a headline with a colon, or None."""
    first, last = line
    colon = next((i for i in range(first, min(last, first + _LONGEST_LEFT + 1)) if page.flags[i] & w.COLON), None)
    if colon is None or colon == first or colon + 2 >= last or not page.is_headline(line):
        return None
    begin = first
    for i in range(first, colon):  # «قد يهمك.. محمد بن سلمان: …»
        if page.flags[i] & (w.STOP | w.DASH) or page.words[i].raw in {"/", "|"}:
            begin = i + 1
    left = range(begin, colon)
    if not left or any(
        page.words[i].cues and page.words[i].cues[0].part in {"past", "present", "participle"} and page.words[i].role is None
        and spots.at[i] is None for i in left
    ):  # fmt: skip
        return None
    party = _speaker(page, spots, cast, begin, colon, in_body=first > 0)
    if party is None:
        return None
    start = colon + 1
    end = last
    if page.flags[start] & w.OPEN and page.quotes.close.get(start) == end - 1:
        start, end = start + 1, end - 1
    while end > start and page.flags[end - 1] & w.STOP and page.words[end - 1].raw not in {"؟", "!", "?"}:
        end -= 1
    if page.flags[end - 1] & w.CLOSE:
        end -= 1
    draft = Draft(colon, None, "SAY", [(page.start[start], page.end[end - 1])], "colon")
    draft.speaker = party
    for i in range(party[1], min(party[1] + 1, colon)):
        if page.words[i].prefix == "ل" or page.words[i].raw in {"لـ", "ل"}:
            at = i + 1 if page.words[i].raw in {"لـ", "ل"} else i
            draft.addressee = read_party(page, spots, at, colon) or ((at, colon) if at < colon else None)
            break
    draft.confidence = 0.85
    return draft


def _speaker(page: Page, spots: Spots, cast: Cast, first: int, colon: int, in_body: bool) -> tuple[int, int] | None:
    """The words before the colon, as far as they name somebody whom the article or the lexicon knows."""
    party = read_party(page, spots, first, colon)
    if party is None:
        return None
    start, end = party
    while end > start + 1 and page.words[end - 1].prefix[-1:] == "ل":
        end -= 1
    head, spot = page.words[start], spots.at[start]
    if spot is not None and spot[2] == "LOC" and spot[:2] == (start, end) and head.role is None:
        name = " ".join(word.core for word in page.words[start:end])
        speaks = name in page.lexicon.countries or name in page.lexicon.governments
        return (start, end) if speaks else None  # «غزة: اتفاق للتهدئة»: where it is, and nobody
    if spot is not None and spot[2] != "MISC":
        return start, end
    if head.prefix == "" and ((head.role is not None and head.role.kind != "honorific") or head.flags & w.PLACE):
        return start, end
    if cast.person_by_part(start, end) is not None or page.lexicon.outlet_at(page.words, start):
        return start, end
    if head.flags & (w.ADVERBIAL | w.PREPOSITION | w.TIME | w.NUMBER) or in_body:
        return None
    # a surname that comes back in the text
    form = head.form
    if (end - start <= 2 and not head.flags & w.DEFINITE) or end - start == 1:
        again = any(page.words[i].core == form for i in range(colon + 1, len(page)))
        known = form not in page.lexicon.counts or page.lexicon.counts[form] < _SURNAME
        return (start, end) if again and known else None
    return None
