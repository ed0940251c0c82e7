"""To whom the words were said: «قال لرويترز»، «في مقابلة مع قناة»، «دعا الأطراف إلى»."""

from __future__ import annotations

from musnad.lexicon import word as w
from musnad.names.parties import read_party, told_to
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Draft, Tokens


def find_addressee(page: Page, spots: Spots, draft: Draft) -> None:
    """Set the addressee of a draft where the words between its cue and its content name one."""
    if (
        draft.addressee is not None
        or draft.cue is None
        or draft.frame == "before"
        or page.flags[draft.cue_at] & w.SOURCE
    ):
        return
    first = draft.cue_at + 1
    limit = page.token_at(draft.content[0][0])
    if limit <= first:
        return
    if "whom" in draft.cue.frames:
        draft.addressee = _object(page, spots, draft, first)
        if draft.addressee is not None:
            return
    if "request" in draft.cue.frames and page.words[draft.region[1]].form == "من":
        draft.addressee = read_party(page, spots, draft.region[1] + 1, limit)  # طلب من البرلمان الموافقة
        return
    draft.addressee = _told(page, spots, first, limit, thanks=draft.cue.lemma == "شكر")


def _object(page: Page, spots: Spots, draft: Draft, first: int) -> Tokens | None:
    """The object before the content: the second noun phrase after the verb, or the first where the subject is elsewhere."""
    start, end = draft.region
    if end <= start:
        return None
    begin = start
    if draft.cue is not None and draft.cue.suffix:
        return None
    if draft.speaker is not None and start <= draft.speaker[0] < end:
        begin = draft.speaker[1]
    while begin < end and page.flags[begin] & (w.COMMA | w.TIME | w.NUMBER):
        begin += 1
    if begin >= end or page.flags[begin] & (w.PREPOSITION | w.ADVERBIAL) or page.words[begin].prefix:
        return None
    party = read_party(page, spots, begin, end)
    if party is None or (party[0] != begin and not page.flags[begin] & w.OPEN):
        return None
    head = page.words[party[0]]
    if page.words[begin].form in {"كل", "جميع", "كافه", "مختلف"} and party[1] > party[0] + 1:
        return party
    if head.role is None and spots.at[party[0]] is None and not head.flags & (w.DEFINITE | w.PLACE | w.LATIN):
        return None
    return party


def _told(page: Page, spots: Spots, first: int, limit: int, *, thanks: bool = False) -> Tokens | None:
    for i in range(first, limit):
        word = page.words[i]
        if page.flags[i] & w.RELATIVE:
            return None  # «الدراسة التي أجرتها مؤسسة للصحافة»
        if word.prefix[-1:] == "ل" or word.raw in {"لـ", "ل"}:
            at = i + 1 if word.raw in {"لـ", "ل"} else i
            if at >= limit:
                return None
            after_occasion = any(
                page.flags[k] & w.VENUE and page.words[k].role is None for k in range(max(first, i - 2), i)
            )
            after_occasion = after_occasion and not page.words[i - 1].cues  # «ندوة مؤيدة للقرار»
            person = spots.at[at] is not None and spots.at[at][2] != "LOC"  # type: ignore[index]
            verb = i == first or thanks or page.flags[i - 1] & w.COMMA != 0
            if (
                told_to(page, spots, i)
                or (after_occasion and not word.form.startswith("له"))
                or (verb and (person or word.role))
            ):
                return _phrase(page, spots, at, limit)
        elif (word.form == "الي" and thanks) or (
            word.form in {"مع", "الي"} and any(page.flags[k] & w.VENUE for k in range(max(first, i - 3), i))
        ):
            if any(word.core in page.lexicon.lists["conferences"] for word in page.words[max(first, i - 3) : i]):
                continue  # «في مؤتمر صحفي مع نظيره»: who stands beside the speaker
            at = i + 1
            while at < limit and (page.words[at].form in page.lexicon.lists["about"] or page.flags[at] & w.NUMBER):
                at += 1
            at += at > i + 1 and at < limit and page.words[at].form == "من"  # «مع نحو 40 من الطلاب»
            if at < limit and not page.flags[at] & w.THAT and not page.words[at].form.startswith("ان"):
                return _phrase(page, spots, at, limit)
    return None


def _phrase(page: Page, spots: Spots, at: int, limit: int) -> Tokens | None:
    if page.flags[at] & w.OPEN and at in page.quotes.close:
        closing = page.quotes.close[at]
        return (at + 1, closing) if closing - at < 8 and closing > at + 1 else None
    length = page.lexicon.outlet_at(page.words, at)
    if length:
        return at, at + length
    if at + 2 < limit and page.flags[at + 1] & w.OPEN and (closing := page.quotes.close.get(at + 1, limit)) < limit:
        return at, closing + 1  # محطة «فوكس نيوز»
    role = page.words[at].role
    if role is not None and role.kind == "outlet":  # موقع خبر أونلاين
        end = at + 1
        while end < limit and end - at < 4 and not page.flags[end] & (w.MARK | w.THAT | w.TIME | w.PREPOSITION):
            end += 1
        return at, end
    if at + 1 < limit:
        rest = read_party(page, spots, at + 1, limit)
        if rest is not None and rest[0] == at + 1 and not page.flags[at + 1] & (w.COMMA | w.PREPOSITION | w.THAT):
            return at, rest[1]
    return at, at + 1
