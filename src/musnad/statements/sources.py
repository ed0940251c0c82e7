"""Source phrases: وفقا لـ، بحسب، نقلا عن، حسبما ذكرت — a link of the chain over a statement, or a statement's only cue."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container

from musnad.lexicon import Cue
from musnad.lexicon import word as w
from musnad.names.parties import read_party
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.page import Page
from musnad.statements.draft import Draft, Tokens

_GAP = 6  # tokens between a content and the source phrase that still stands over it
_PHRASE = Cue("وفقا", "SAY", frozenset(), "phrase", "m", "s", "")


Link = tuple[int, Tokens | None, int]  # cue token, party, token after the phrase


def find_links(page: Page, spots: Spots, opening: Container[int]) -> dict[int, Link]:
    """Return the source phrases of a page by the token that opens them; `opening` holds the cues that open a content."""
    found: dict[int, Link] = {}
    for at, flags in enumerate(page.flags):
        if flags & w.SOURCE and not (at + 1 < len(page) and page.flags[at + 1] & w.OWN):
            link = _link(page, spots, at)
        elif page.words[at].form == "كما" and at and at + 1 not in opening:
            link = _as_said(page, spots, at)
        elif page.words[at].form == "علي" and at + 2 < len(page) and page.words[at + 1].form == "ما":
            link = _as_said(page, spots, at + 1)  # «على ما أفادت المتحدثة»
        else:
            continue
        if link is not None:
            found[at] = link
    return found


def _as_said(page: Page, spots: Spots, at: int) -> Link | None:
    """«…، كما يرى مراقبون.»: a verb of saying after كما with nothing but its subject."""
    _, limit = page.sentence_of(at)
    if at + 2 >= limit or at == page.sentence_of(at)[0]:
        return None
    verb = page.words[at + 1]
    if not verb.cues or verb.prefix or verb.cues[0].part not in {"past", "present"}:
        return None
    first = at + 2
    while first < limit - 1 and page.flags[first] & w.TIME:
        first += 1
    party = _party(page, spots, first, limit)
    if party is None or (party[1] < limit and not _ends_phrase(page, party[1])):
        return None
    return at + 1, party, party[1]


def _ends_phrase(page: Page, at: int) -> bool:
    """Whether nothing but time, place of saying or punctuation follows: «كما أعلن محاميه في بيان.»."""
    said_in = page.flags[at] & w.PREPOSITION and at + 1 < len(page) and page.flags[at + 1] & w.VENUE
    return bool(page.flags[at] & (w.COMMA | w.CLOSE | w.TIME) or said_in)


def read_sources(page: Page, spots: Spots, drafts: list[Draft], links: dict[int, Link]) -> list[Draft]:
    """Return the drafts with the source phrases of the page read: as sources, or as statements of their own."""
    made = list(drafts)  # by cue
    cues = [draft.cue_at for draft in made]
    dropped: set[int] = set()
    added: list[Draft] = []
    chained: tuple[Draft, int] | None = None  # the draft of the link before, and where that link ended
    for at, (cue_at, party, after) in links.items():
        if chained is not None and party is not None and _continues(page, chained[1], at):
            _deepen(chained[0], party, own=chained[0] in added)
            dropped.add(cue_at)
            chained = (chained[0], after)
            continue
        chained = None
        near = [
            d
            for d in made[bisect_left(cues, page.sentence_of(at)[0]) : bisect_left(cues, at)]
            if d.cue_at not in dropped
        ]
        ahead = next((d for d in made if after <= d.cue_at <= after + _GAP and d.cue_at not in dropped), None)
        if ahead is not None and party is not None and _hands_over(page, after, ahead):
            voice = _on_behalf_of(page, spots, after, ahead.cue_at)
            if voice is not None or ahead.cue is None or ahead.cue.part != "noun":
                ahead.sources.append(party)
                ahead.speaker = voice or ahead.speaker
            else:
                ahead.speaker = party
            dropped.add(cue_at)
            continue
        covered = _covered(page, near, at, cue_at)
        if covered is not None:
            if party is not None and covered.cue_at != cue_at:
                covered.sources.append(party)
                covered.sources += _further(page, spots, party[1])
                chained = (covered, after)
            dropped.add(cue_at)
            continue
        if party is None:
            continue
        content = _content(page, at, after, near)
        dropped.add(cue_at)
        if content:
            hit = page.words[cue_at].cues
            cue = hit[0] if hit else _PHRASE
            draft = Draft(cue_at, cue, cue.stance if cue_at != at else "SAY", content, "phrase")
            draft.speaker = party
            draft.confidence = 0.8
            added.append(draft)
            chained = (draft, after)
    made = [draft for draft in made if draft.cue_at not in dropped] + added
    _relays(page, spots, made)
    made.sort(key=lambda d: (d.cue_at, d.content))
    return made


def _hands_over(page: Page, after: int, ahead: Draft) -> bool:
    """Whether right behind a source phrase its own verb or noun of saying opens the words: «نقلا عن مصدر قوله إن»."""
    between = range(after, ahead.cue_at)
    if between and page.flags[after] & w.COMMA and all(page.flags[i] & (w.COMMA | w.TIME | w.QAD) for i in between):
        return True  # «وبحسب رويترز، قال الوزير إن»
    noun = ahead.cue is not None and ahead.cue.part == "noun"
    return (noun and not between) or any(page.words[i].form == "حيث" for i in between)


def _on_behalf_of(page: Page, spots: Spots, first: int, limit: int) -> Tokens | None:
    """«على لسان الرئيس»: whose words they are."""
    for i in range(first, limit - 1):
        if page.words[i].form == "علي" and page.words[i + 1].form == "لسان":
            return read_party(page, spots, i + 2, limit)
    return None


def _continues(page: Page, after: int, at: int) -> bool:
    """Whether a source phrase follows on another: «وفقا لما ذكرته الوكالة على موقعها نقلا عن مصدر»."""
    return after <= at <= after + _GAP and not any(
        page.flags[i] & (w.STOP | w.THAT | w.COLON) for i in range(after, at)
    )


def _deepen(draft: Draft, party: Tokens, *, own: bool) -> None:
    """Set a party behind the one that told it: «وفقا للوكالة نقلا عن مصدر» is the source's word, carried by the agency."""
    if own and draft.speaker is not None:
        draft.sources.insert(0, draft.speaker)
        draft.speaker = party
    else:
        draft.sources.insert(max(len(draft.sources) - 1, 0), party)


def _link(page: Page, spots: Spots, at: int) -> Link | None:
    """Return (cue token, party, token after the phrase): «وفقا لـ X»، «حسبما قال X»، «وفق ما ذكره X»."""
    _, limit = page.sentence_of(at)
    i = at + 1
    cue_at = at
    if i < limit and page.words[i].form in {"ما", "لما"}:
        i += 1
    verb = i < limit and (
        (page.words[i].cues and page.words[i].cues[0].part in {"past", "present"})
        or page.words[i].form in page.lexicon.lists["relayed"]
    )
    if verb and (i > at + 1 or page.words[at].form in {"حسبما", "بحسبما", "وفقما"}):
        cue_at = i
        i += 1
        while (
            i < limit
            and page.words[i].form in {"به", "عنه", "اليه", "في", "عن"}
            and page.words[i].form in {"به", "عنه", "اليه"}
        ):
            i += 1
        if i < limit and page.words[i].form == "في" and page.words[cue_at].core in {"جاء", "ورد"}:
            i += 1
    elif i < limit and page.words[i].form == "عن":
        i += 1
    if i < limit and page.words[i].raw in {"لـ", "ل"}:
        i += 1
    if i >= limit or page.flags[i] & (w.STOP | w.OWN):
        return (cue_at, None, i) if cue_at != at else None
    if page.words[i].flags & w.VENUE and page.words[i].role is None and i + 1 < limit and cue_at == at:
        i += 1  # «وفق تصريحات مصدر»
    elif page.words[i].form in page.lexicon.lists["wordings"] and i + 1 < limit and cue_at == at:
        i += 1  # «وفق تعبير الوزيرة»
    party = _party(page, spots, i, limit)
    if party is not None and any("whom" in cue.frames for cue in page.words[cue_at].cues):
        party = read_subject(page, spots, *party) or party  # «حسبما أبلغت الشرطة الصحيفة»
    if party is None and cue_at != at and not page.flags[i] & (w.PREPOSITION | w.ADVERBIAL | w.COMMA | w.RESUMPTIVE):
        party = read_party(page, spots, i, limit)  # «حسبما كشف قناص سابق»
    if party is None and cue_at == at:
        return None
    return cue_at, party, party[1] if party else i


def _party(page: Page, spots: Spots, first: int, limit: int) -> Tokens | None:
    """Here the party begins at once: the particle لـ may be attached to its first word, a number may stand before it."""
    if first + 1 < limit and page.words[first].core in page.lexicon.lists["numerals"]:
        return _party(page, spots, first + 1, limit)  # «نقلا عن ثلاثة مصادر»
    word = page.words[first]
    if word.flags & (w.ADVERBIAL | w.PREPOSITION | w.COMMA) and word.role is None:
        return None
    known = (
        word.role is not None or spots.at[first] is not None or word.flags & (w.LATIN | w.PLACE | w.OPEN | w.DEMONYM)
    )
    if not known and not page.lexicon.outlet_at(page.words, first):
        return None  # «وفقا للقانون» names a rule, not a source
    if word.prefix[-1:] == "ل" or spots.at[first] is not None or word.flags & w.OPEN:
        rest = (
            read_party(page, spots, first + 1, limit) if page.flags[first] & w.OPEN == 0 and first + 1 < limit else None
        )
        if page.flags[first] & w.OPEN:
            return read_party(page, spots, first, limit)
        if rest is not None and rest[0] == first + 2 and page.flags[first + 1] & w.OPEN:
            return first, rest[1] + (1 if rest[1] < limit and page.flags[rest[1]] & w.CLOSE else 0)
        if rest is not None and rest[0] == first + 1 and not page.flags[first + 1] & (w.COMMA | w.PREPOSITION):
            return first, rest[1]
        return first, first + 1
    return read_party(page, spots, first, limit)


def _covered(page: Page, drafts: list[Draft], at: int, cue_at: int) -> Draft | None:
    """The statement that the phrase stands over: the last one of the sentence whose content ends before it."""
    first, _ = page.sentence_of(at)
    offset = page.start[at]
    ahead = [d for d in drafts if d.region[0] <= at < d.region[1] and d.cue_at != cue_at]
    if ahead:
        return ahead[-1]  # «ذكرت الصحيفة، نقلا عن مسؤولين، أن …»
    fits = [
        d for d in drafts
        if d.cue_at not in {at, cue_at} and d.content[0][0] < offset and d.cue_at >= first and d.cue_at < at
        and page.sentence_of(page.token_at(d.content[-1][1] - 1))[0] >= first - 1
    ]  # fmt: skip
    if not fits:
        return None
    gap = at - 1 - page.token_at(max(d.content[-1][1] for d in fits) - 1)
    if gap > _GAP:
        return None  # the newsroom has gone on since: the phrase stands over that
    # nested statements lie inside: the phrase belongs to the outermost of the last group
    last = max(fits, key=lambda d: d.content[-1][1])
    holding = [d for d in fits if d.content[0][0] <= last.content[0][0] and d.content[-1][1] >= last.content[-1][1]]
    return min(holding, key=lambda d: d.cue_at)


def _further(page: Page, spots: Spots, at: int) -> list[Tokens]:
    """The next link of the chain: «وفقا لما ذكره المركز، ونقلته وكالة تاس»."""
    _, limit = page.sentence_of(at)
    if (
        at + 2 < limit
        and page.flags[at] & w.COMMA
        and page.words[at + 1].core in page.lexicon.lists["relayed"]
        and page.words[at + 1].prefix == "و"
    ):
        party = _party(page, spots, at + 2, limit)
        return [party] if party is not None else []
    return []


def _content(page: Page, at: int, after: int, near: list[Draft]) -> list[tuple[int, int]]:
    """The sentence under the phrase: what stands before it, or after it where it comes first."""
    first, limit = page.sentence_of(at)
    begin = first
    spoken = [d.content[-1][1] for d in near if d.content[-1][1] <= page.start[at]]
    if spoken:
        begin = max(begin, page.token_at(max(spoken) - 1) + 1)
    while begin < at and (page.flags[begin] & (w.CLAUSE | w.COMMA | w.CLOSE) or page.words[begin].form in {"كما", "و"}):
        begin += 1
    end = at
    while end > begin and (page.flags[end - 1] & (w.COMMA | w.DASH) or page.words[end - 1].form in {"وذلك", "هذا"}):
        end -= 1
    begin = _after_contrast(page, begin, end)
    if end - begin >= 3:
        if page.flags[begin] & w.OPEN and page.quotes.close.get(begin) == end - 1:
            begin, end = begin + 1, end - 1
        return [(page.start[begin], page.end[end - 1])]
    inserted = end > begin and page.flags[at - 1] & w.COMMA and after < limit and page.flags[after] & w.COMMA
    if inserted and limit - after > 3 and page.words[begin].prefix:
        return [(page.start[begin], page.end[end - 1]), (page.start[after + 1], page.end[limit - 1])]
    begin = after
    if begin < limit and page.flags[begin] & w.RELATIVE:
        return []
    while begin < limit and (
        (page.flags[begin] & (w.COMMA | w.TIME | w.NUMBER | w.MARK) and not page.flags[begin] & w.OPEN)
        or page.words[begin].form in {"فان", "فانه", "فانها", "ان"}
    ):
        begin += 1
    comma = next(
        (i for i in range(after, limit) if page.flags[i] & w.COMMA or page.words[i].form in {"فان", "فانه", "فقد"}),
        None,
    )
    if comma is not None and comma - after < 14:
        begin = comma + 1
        while begin < limit and page.words[begin].form in {"فان", "فانه", "فانها", "ان", "فقد"}:
            begin += 1
    if limit - begin < 3:
        return []
    while limit > begin and page.flags[limit - 1] & (w.COMMA | w.STOP):
        limit -= 1
    return [(page.start[begin], page.end[limit - 1])]


def _after_contrast(page: Page, begin: int, end: int) -> int:
    """«…، لكن تطبيقه يخضع للتأويل، وفقا لخبراء»: the phrase stands over the last clause alone."""
    for i in range(end - 4, begin, -1):
        if page.flags[i - 1] & w.COMMA and page.words[i].form in {"لكن", "ولكن", "بينما", "فيما"}:
            return i + 1
    return begin


def _relays(page: Page, spots: Spots, drafts: list[Draft]) -> None:
    """«نقلت رويترز عن الوزير قوله إن»: the outlet is a source, the one after عن the speaker."""
    for draft in drafts:
        at = draft.cue_at
        if at < 0 or draft.cue is None:
            continue
        relay = at if "relay" in draft.cue.frames else _relay_before(page, at)
        if relay is None:
            continue
        stop = draft.region[1] if relay == at else at
        about = next(
            (
                i
                for i in range(relay + 1, max(stop, page.token_at(draft.content[0][0])))
                if page.words[i].form in {"عن", "الي"}
                or (page.words[i].form == "علي" and page.words[i + 1].form == "لسان")
            ),
            None,
        )
        if about is None:
            continue
        if page.words[about].form == "علي":
            about += 1
        end = page.token_at(draft.content[0][0])
        speaker = read_party(page, spots, about + 1, max(stop, min(end, about + 25)))
        teller = read_party(page, spots, relay + 1, about)
        if speaker is not None:
            draft.speaker = speaker
            draft.region = (0, 0)
            if teller is not None:
                draft.sources.insert(0, teller)


def _relay_before(page: Page, at: int) -> int | None:
    first, _ = page.sentence_of(at)
    for i in range(at - 1, max(first - 1, at - 30), -1):
        if (
            any("relay" in c.frames for c in page.words[i].cues)
            and page.words[at].cues
            and page.words[at].cues[0].part == "noun"
        ):
            return i
    return None
