"""Where a content ends: at the mark that closes it, or at the clause that is no longer the speaker's."""

from __future__ import annotations

from collections.abc import Callable, Container

from musnad.lexicon import word as w
from musnad.page import Page

_LONGEST = 300  # tokens of one clause; keeps a text without full stops linear
Sibling = Callable[[int], bool]


def content_end(page: Page, first: int, limit: int, frame: str, sibling: Sibling, links: Container[int]) -> int:
    """Return the token after the last of an unquoted content that begins at `first`.

    `sibling(i)` tells whether the cue at token i begins a statement of its own beside this one.
    A phrase or bare noun ends at the first comma that no coordination crosses; a clause runs on to
    the next reporting word, source phrase or full stop.
    """
    nominal = frame in {"phrase", "bare"}
    limit = min(limit, first + _LONGEST)
    i = first
    while i < limit:
        flags, word = page.flags[i], page.words[i]
        if flags & w.OPEN and i in page.quotes.close and page.quotes.close[i] < limit:
            i = page.quotes.close[i] + 1
            if nominal and _comment(page, i - 1, limit):
                return _trim(page, first, i)
            continue
        if (i in links and i > first) or _own_wording(page, i) or (flags & w.CLOSE and _comment(page, i, limit)):
            return _trim(page, first, i + bool(flags & w.CLOSE))
        if word.cues and i > first and sibling(i):
            return _trim(page, first, _opening_of_clause(page, first, i))
        if flags & w.COMMA and i + 1 < limit:
            if (
                page.words[i + 1].form in {"فهذا", "فذلك", "فهذه"}
                or _without_details(page, i, limit)
                or _comment(page, i, limit)
            ):
                return _trim(page, first, i)
            if nominal and _phrase_ends(page, i, limit):
                return _trim(page, first, i)
            if page.words[i + 1].form in {"وذلك"} and nominal:
                return _trim(page, first, i)
        i += 1
    return _trim(page, first, limit)


def _own_wording(page: Page, at: int) -> bool:
    """«على حد قوله»، «بحسب تعبيره»."""
    if page.words[at].form in {"بحسبه", "بحسبها"}:
        return True
    form, after = page.words[at].form, page.words[at + 1] if at + 1 < len(page) else None
    if after is None:
        return False
    if page.flags[at] & w.SOURCE and after.form in page.lexicon.lists["wordings"]:
        return True
    return (form == "علي" and after.form == "حد") or bool(page.flags[at] & w.SOURCE and after.flags & w.OWN)


def _without_details(page: Page, comma: int, limit: int) -> bool:
    """«، دون تقديم تفاصيل»: the newsroom on what the speaker left out."""
    i = comma + 1
    while i < limit and page.words[i].form in {"من", "بدون", "دون", "ان"}:
        i += 1
    return (
        i > comma + 1
        and i < limit
        and page.words[i].core in page.lexicon.lists["details"]
        and page.words[i - 1].form != "من"
    )


def _comment(page: Page, comma: int, limit: int) -> bool:
    """«، في إشارة إلى …»، «، في خطوة …»: what the newsroom makes of it."""
    if comma + 2 >= limit or page.words[comma + 1].form != "في":
        return False
    return page.words[comma + 2].form in page.lexicon.lists["comments"] or bool(page.flags[comma + 2] & w.VENUE)


def _phrase_ends(page: Page, comma: int, limit: int) -> bool:
    nxt = page.words[comma + 1]
    if nxt.flags & w.THAT:  # «ادعاء ترامب، أن …»
        return False
    if nxt.form in page.lexicon.lists["after_phrase"] or page.flags[comma + 1] & (
        w.CLAUSE | w.ADVERBIAL | w.TIME | w.RELATIVE
    ):
        return True
    return bool(nxt.prefix and nxt.cues and nxt.cues[0].part in {"past", "present"})


def _opening_of_clause(page: Page, first: int, at: int) -> int:
    """Go back over the particles that lead into a sibling cue: كما، فيما، في حين، وقد."""
    if page.flags[at - 1] & w.THAT and page.words[at - 2].form in {"الا", "غير", "بيد"}:
        return at - 2  # «إلا أنه قال»
    if page.flags[at - 1] & w.COMMA:  # «، وعلى سؤال …، أجاب»
        for i in range(at - 2, max(first, at - 45), -1):
            if page.flags[i - 1] & w.COMMA and page.words[i].form in page.lexicon.lists["lead_ins"]:
                return i
    for i in range(at - 1, max(first, at - 8), -1):
        if page.flags[i] & (w.COMMA | w.THAT | w.STOP):
            break
        if page.flags[i] & w.CLAUSE and page.words[i].form not in {"حيث", "اذ"}:
            at = i  # «لكن كثيرا من المسؤولين شككوا»: the clause begins at لكن
            break
    while at - 1 > first:
        before = page.words[at - 1]
        if page.flags[at - 1] & (w.CLAUSE | w.QAD | w.KANA) or before.form in {
            "كما",
            "حين",
            "و",
            "في",
            "الوقت",
            "الذي",
            "وقت",
            "بدوره",
        }:
            at -= 1
            continue
        return at
    return at


def _trim(page: Page, first: int, end: int) -> int:
    """Leave off closing punctuation, and «، وذلك» that only leads over to a source."""
    loose = w.COMMA | w.DASH | w.COLON | w.STOP
    while end > first + 1 and (
        (page.flags[end - 1] & loose and page.words[end - 1].raw not in {"؟", "?"})
        or page.words[end - 1].form == "وذلك"
    ):
        end -= 1
    return end
