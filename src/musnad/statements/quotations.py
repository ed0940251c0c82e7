"""Quotations: the further pieces of a quoted content, and quotations that go on without a cue of their own."""

from __future__ import annotations

from collections.abc import Container

from musnad.lexicon import word as w
from musnad.page import Page
from musnad.statements.draft import Draft

_SPEECH = 4  # words from which a quotation is speech and not a name
_CARRIED_ON = 5  # words from which a quotation without a cue of its own goes on
_AROUND = 14  # tokens from a cue behind a quotation to the one that goes on: «…»، قال الوزير أمس، «…»


def add_further_pieces(page: Page, draft: Draft, cues: Container[int]) -> None:
    """Add quotations that go on with the content: «…»، «…», and around the cue: «…»، قال الوزير، «…»."""
    last = page.token_at(draft.content[-1][1] - 1)
    closing = last + 1 if last + 1 in page.opening_of else last
    if closing not in page.opening_of:
        return
    if draft.cue_at > closing:
        _behind_cue(page, draft, cues)
        return
    while closing + 2 < len(page) and page.flags[closing + 1] & w.COMMA and page.flags[closing + 2] & w.OPEN:
        opening = closing + 2
        closing = page.quotes.close.get(opening, len(page))
        if closing - opening <= _CARRIED_ON or closing >= len(page) or closing + 1 in cues or closing + 2 in cues:
            return
        draft.content.append((page.start[opening + 1], page.end[closing - 1]))


def _behind_cue(page: Page, draft: Draft, cues: Container[int]) -> None:
    _, limit = page.sentence_of(draft.cue_at)
    for at in range(draft.cue_at + 1, min(limit, draft.cue_at + _AROUND)):
        if at in cues or page.flags[at] & w.THAT:
            return
        if page.flags[at] & w.OPEN and (closing := page.quotes.close.get(at, 0)) - at > _SPEECH:
            if closing < len(page) and page.flags[at - 1] & (w.COMMA | w.COLON | w.STOP):
                draft.content.append((page.start[at + 1], page.end[closing - 1]))
            return


def carried_on(page: Page, drafts: list[Draft], cues: Container[int]) -> list[Draft]:
    """Quotations that fill a sentence without any cue, right behind a quoted one: the same speaker goes on."""
    spoken = {
        page.sentence_number(page.token_at(draft.content[-1][1] - 1)): draft
        for draft in drafts
        if draft.kind == "direct" and page.quote_of[page.token_at(draft.content[-1][0])] >= 0
    }
    held = {page.token_at(start) for draft in drafts for start, _ in draft.content}
    made: list[Draft] = []
    for number, (first, last) in enumerate(page.sentences):
        closing = page.quotes.close.get(first, -1)
        before = spoken.get(number - 1)
        whole = closing >= last - 1 and closing - first > _CARRIED_ON and first not in page.left_open
        if before is None or not whole or first + 1 in held or any(at in cues for at in range(closing + 1, last)):
            continue
        content = [(page.start[first + 1], page.end[closing - 1])]
        draft = Draft(-1, "SAY", content, "direct", speaker_name=before.speaker_name, voice=before.voice)
        draft.shares = dict(before.shares)
        spoken[number] = draft
        made.append(draft)
    return made
