"""Rule "attitude": the stance of «أعرب عن [أسفه]» is the noun's, not the verb's."""

from __future__ import annotations

from musnad.page import Page
from musnad.statements.draft import Draft
from musnad.text.clitics import bare

_OWNERS = ("", "ها", "هما", "هم", "ه")


def attitude(page: Page, draft: Draft) -> str | None:
    """The stance of the noun that a verb of showing opens its content with; None for other verbs and other nouns.

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
