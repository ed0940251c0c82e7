"""Stances that the guidelines settle: the nature of the cue decides, of «أعرب عن [أسفه]» the noun's."""

from __future__ import annotations

from musnad.page import Page
from musnad.statements.draft import Draft
from musnad.text.clitics import bare

_OWNERS = ("", "ها", "هما", "هم", "ه")


_OPEN = {"attitude", "renew"}  # frames of cues that have no stance of their own: أعرب، جدد


def settled(page: Page, draft: Draft) -> str | None:
    """The stance of a draft where a table has it; None where the scores decide."""
    return attitude(page, draft) or own_nature(page, draft)


def own_nature(page: Page, draft: Draft) -> str | None:
    """Rule "the cue's own nature": the stance of a word that the lexicon knows as a cue of one stance only.

    «حذر من [التصعيد]» warns; not «جدد [رفضه]», which has none of its own, nor a colon or a word that is in no table.
    """
    cues = page.words[draft.cue_at].cues if draft.cue_at >= 0 else ()
    stances = {cue.stance for cue in cues}
    return stances.pop() if len(stances) == 1 and not any(cue.frames & _OPEN for cue in cues) else None


def attitude(page: Page, draft: Draft) -> str | None:
    """Rule "attitude": the stance of the noun that a verb of showing opens its content with; None for other verbs and other nouns.

    «أعربت الوزارة عن [أملها] في»: hope; not «أعرب عن [رأيه] في», which the table of attitudes does not hold.
    """
    if draft.cue_at < 0 or not any("attitude" in cue.frames for cue in page.words[draft.cue_at].cues):
        return None
    form = bare(page.words[page.token_at(draft.content[0][0])].core)
    for owner in _OWNERS:
        stem = form.removesuffix(owner)
        found = page.lexicon.attitudes.get(stem) or page.lexicon.attitudes.get(stem.removesuffix("ت") + "ه")
        if found:
            return found
    return None
