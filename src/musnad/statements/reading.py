"""The way from a page to its statements: cues, contents, speakers, sources, nesting."""

from __future__ import annotations

from collections.abc import Container

from musnad.lexicon import word as w
from musnad.names.phrases import read_subject
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements import sources
from musnad.statements.cues import Hit, find_cues, quoted_before
from musnad.statements.draft import Draft, Opening
from musnad.statements.extent import Sibling, content_end
from musnad.statements.headlines import read_headline
from musnad.statements.idioms import attitude_of
from musnad.statements.kinds import first_person, kind_of
from musnad.statements.speakers import find_speakers

_CARRIED_ON = 5  # words from which a quotation without a cue of its own goes on


def read_statements(page: Page, spots: Spots, cast: Cast) -> list[Draft]:
    """Return the statements of a page in the order of their contents."""
    hits = find_cues(page, spots)
    links = sources.find_links(page, spots, {hit.at for hit in hits if hit.opening})
    by_token = {hit.at: hit for hit in hits}
    drafts: list[Draft] = []
    for line in page.lines:
        headline = read_headline(page, spots, cast, line)
        if headline is not None:
            drafts.append(headline)
    colon_of_line = {page.line_of(draft.cue_at): draft.cue_at for draft in drafts}
    for hit in hits:
        draft = _draft(page, spots, hit, by_token, links)
        if draft is not None and hit.at >= colon_of_line.get(page.line_of(hit.at), 0):
            drafts.append(draft)
    drafts.sort(key=lambda d: (d.cue_at, d.content))
    # «أعرب عن شكره»: the noun of attitude is the content's first word, not a cue of its own
    felt = {page.token_at(d.content[0][0]) for d in drafts if d.cue is not None and "attitude" in d.cue.frames}
    drafts = [d for d in drafts if d.cue_at not in felt]
    drafts = _without_doubles(page, drafts)
    drafts = sources.read_sources(page, spots, drafts, links)
    _nest(page, drafts)
    find_speakers(page, spots, cast, drafts)
    drafts += _carried_on(page, drafts, by_token)
    _free_newsroom_words(page, drafts)
    drafts = [draft for draft in drafts if not _only_in_quote(page, spots, draft)]
    drafts = [draft for draft in drafts if draft.speaker_name and not _is_pointer(page, draft)]
    drafts.sort(key=lambda d: (d.content[0], d.cue_at))
    _nest(page, drafts)
    for draft in drafts:
        draft.kind = kind_of(page, spots, draft)
    return drafts


def _draft(page: Page, spots: Spots, hit: Hit, by_token: dict[int, Hit], links: Container[int]) -> Draft | None:
    draft = Draft(hit.at, hit.cue, hit.cue.stance)
    opening = hit.opening
    if opening is None:
        quoted = quoted_before(page, hit.at)
        assert quoted is not None
        draft.frame = "before"
        draft.content = [(page.start[quoted[0] + 1], page.end[quoted[1] - 1])]
        _, limit = page.sentence_of(hit.at)
        draft.region = (hit.at + 1, _region_limit(page, hit.at + 1, limit))
        after = draft.region[1]
        while after < len(page) and page.flags[after] & (w.COMMA | w.COLON):
            after += 1
        if after < len(page) and page.flags[after] & w.OPEN and (end := page.quotes.close.get(after, 0)) - after > 3:
            draft.content.append((page.start[after + 1], page.end[end - 1]))
        return draft
    _, limit = page.sentence_of(min(opening.first, len(page) - 1))
    if opening.frame == "quote" and _goes_on(page, opening.first - 1, limit, by_token, links):
        opening = opening._replace(frame="that", first=opening.first - 1)
    draft.frame = opening.frame
    draft.region = (hit.at + 1, opening.region_end)
    if opening.frame == "bare" and not hit.cue.suffix:
        subject = read_subject(page, spots, hit.at + 1, opening.first)
        draft.region = (hit.at + 1, subject[1] if subject else hit.at + 1)
    span = _content(page, hit, opening, by_token, links)
    if span is None:
        return None
    draft.content = [span]
    if opening.frame == "quote":
        draft.content += _further_quotations(page, opening.first - 1, limit, by_token)
    if "attitude" in hit.cue.frames or "renew" in hit.cue.frames:
        draft.stance = _attitude(page, hit, opening) or draft.stance
        if hit.cue.lemma == "أبدى" and draft.stance == "SAY":
            return None
    return draft


def _further_quotations(page: Page, opening: int, limit: int, by_token: dict[int, Hit]) -> list[tuple[int, int]]:
    """Quotations set behind the first with nothing but a comma between: "…"، "…" على حد قوله."""
    found = []
    closing = page.quotes.close[opening]
    while closing + 2 < len(page) and page.flags[closing + 1] & w.COMMA and page.flags[closing + 2] & w.OPEN:
        after = closing + 2
        closing = page.quotes.close.get(after, len(page))
        if closing - after <= _CARRIED_ON or closing > limit or closing + 1 in by_token or closing + 2 in by_token:
            break
        found.append((page.start[after + 1], page.end[closing - 1]))
    return found


def _region_limit(page: Page, first: int, limit: int) -> int:
    for i in range(first, limit):
        if page.flags[i] & (w.COLON | w.OPEN) and i > first and not page.quotes.close.get(i, 0) - i < 6:
            return i
    return limit


def _attitude(page: Page, hit: Hit, opening: Opening) -> str | None:
    """The stance of أعرب عن أمله is the noun's."""
    reach = range(hit.at + 1, min(opening.first + 3, len(page)))
    return next((stance for i in reach if (stance := attitude_of(page, i))), None)


def _content(
    page: Page, hit: Hit, opening: Opening, by_token: dict[int, Hit], links: Container[int]
) -> tuple[int, int] | None:
    """The content in characters, from its opening to where it ends."""
    first = opening.first
    _, limit = page.sentence_of(first if first < len(page) else hit.at)
    inside = page.quote_of[hit.at]
    if inside >= 0:
        limit = min(max(limit, hit.at), page.quotes.close[inside])
    if first >= len(page):
        return None
    if opening.frame == "quote":
        return _quotation(page, first - 1, by_token)
    if page.flags[first] & w.OPEN and first in page.quotes.close:
        closing = page.quotes.close[first]
        named = "describe" in hit.cue.frames and hit.cue.suffix != ""  # «ما وصفه بـ"هجوم" قد بدأ»
        if (named or _whole(page, closing, limit, by_token, links)) and closing - first > 1:
            return page.start[first + 1], page.end[min(closing, len(page)) - 1]
        limit = max(limit, page.sentence_of(min(closing, len(page) - 1))[1]) if inside < 0 else limit
    if first >= limit:
        return None
    sibling = _sibling(page, hit, by_token)
    end = content_end(page, first, limit, opening.frame, sibling, links)
    if end <= first:
        return None
    start = page.start[first] + opening.cut
    stop = page.end[end - 1]
    if stop <= start or not any(page.words[i].raw[0].isalnum() for i in range(first, end)):
        return None
    # a closing mark at the very end whose opening stands inside belongs to the content's words, not to it
    while page.words[end - 1].flags & w.CLOSE and end - 1 > first:
        end -= 1
        stop = page.end[end - 1]
    return start, stop


def _goes_on(page: Page, opening: int, limit: int, by_token: dict[int, Hit], links: Container[int]) -> bool:
    """Whether the reported words run on behind a quotation: وقال "أعلنا للتو" مقتل فتاة."""
    closing = page.quotes.close[opening]
    if opening in page.left_open or closing + 1 >= limit:
        return False
    after = page.words[closing + 1]
    plain = not page.flags[closing + 1] & (w.MARK | w.CLAUSE | w.ADVERBIAL | w.PREPOSITION | w.TIME | w.RELATIVE)
    return plain and not after.prefix and not after.cues and closing + 1 not in by_token and closing + 1 not in links


def _quotation(page: Page, opening: int, by_token: dict[int, Hit]) -> tuple[int, int] | None:
    closing = page.quotes.close[opening]
    first, last = opening + 1, min(closing, len(page))
    # left open: the next line that begins with a cue is somebody speaking again
    if opening in page.left_open:
        last = _run_of_open_quote(page, first, last, by_token)
    if last <= first:
        return None
    while (
        last - 1 > first
        and page.flags[last - 1] & (w.COMMA | w.STOP)
        and page.words[last - 1].raw in {".", "،", ",", "\n"}
    ):
        last -= 1
    return page.start[first], page.end[last - 1]


def _run_of_open_quote(page: Page, first: int, last: int, by_token: dict[int, Hit]) -> int:
    """Where a quotation that nobody closed ends: before the next verb of saying that opens a quotation or a clause."""
    for i in range(first, last):
        if page.words[first - 1].raw in "({" and page.words[i].raw == ".":
            return i  # a bracket that nobody closed: to the end of the sentence
        hit = by_token.get(i)
        if not hit or not hit.opening or hit.cue.part != "past":
            continue
        if page.words[i].prefix == "و" and page.flags[i - 1] & (w.STOP | w.COMMA):
            return i
        stop = next((k for k in range(i - 1, max(first, i - 4), -1) if page.flags[k] & w.STOP), None)
        if stop is not None:  # «.. بدوره قال»
            return stop
    return last


def _whole(page: Page, closing: int, limit: int, by_token: dict[int, Hit], links: Container[int]) -> bool:
    """Whether after its closing mark a quotation is over: nothing of the reported clause follows."""
    i = closing + 1
    if closing >= len(page) or i >= limit:
        return True
    flags = page.flags[i]
    if flags & (w.STOP | w.CLAUSE) or i in by_token or i in links:
        return True
    if flags & w.COMMA:
        return True
    form = page.words[i].form
    if form == "علي":
        return i + 1 < limit and page.words[i + 1].form == "حد"  # على حد قوله
    return form in {"كما", "وذلك"}


def _sibling(page: Page, outer: Hit, by_token: dict[int, Hit]) -> Sibling:
    def test(at: int) -> bool:
        """Whether the cue at a token stands beside the outer statement, not inside it."""
        hit = by_token.get(at)
        if hit is None or at <= outer.at:
            return False
        cue, word = hit.cue, page.words[at]
        if page.quote_of[at] != page.quote_of[outer.at] and page.quote_of[at] >= 0 and page.quote_of[at] > outer.at:
            return False
        if cue.part == "noun":
            return word.prefix == "ب" and cue.lemma == "قال"
        before, flags = page.words[at - 1], page.flags[at - 1]
        if flags & w.THAT and page.words[at - 2].form in {"الا", "غير", "بيد"}:
            return not _of_another_subject(page, outer, hit)  # «إلا أنه قال»
        if flags & w.RELATIVE and page.words[at - 2].form in {"الوقت", "وقت"}:
            return True  # «في الوقت الذي يؤكد فيه …»
        if flags & w.RELATIVE or flags & w.THAT:
            return False
        if cue.part == "participle":
            return not (word.prefix == "" and flags & w.THAT)
        if word.prefix in {"و", "ف"} and _of_another_subject(page, outer, hit):
            return False  # «وأضاف أن الشرطة حضرت وهددت …»
        if word.prefix in {"و", "ف"} or flags & w.COMMA or flags & w.CLOSE:
            return True
        if before.form in {"كما", "فيما", "بينما", "حين", "و", "وقد", "ثم", "لكنه", "لكنها", "انه", "انها"}:
            return True
        return _own_clause(page, outer.at, at) is not None

    return test


def _of_another_subject(page: Page, outer: Hit, inner: Hit) -> bool:
    """A second verb without subject that does not agree with the first: its subject is within the content."""
    same_kind = outer.cue.part == inner.cue.part == "past" and outer.cue.number == inner.cue.number == "s"
    alone = inner.opening is not None and inner.opening.region_end <= inner.at + 1
    return same_kind and alone and outer.cue.gender != inner.cue.gender


def _own_clause(page: Page, outer: int, at: int) -> int | None:
    """The word that opens a clause of the newsroom with its own subject: «، لكن الرئيس قال»."""
    i = at - 1
    while i > outer and at - i < 8 and not page.flags[i] & (w.STOP | w.COMMA | w.THAT):
        if page.flags[i] & w.CLAUSE and page.words[i].form not in {"حيث", "اذ"}:
            return i
        i -= 1
    return i if i > outer and page.flags[i] & w.KANA else None


def _without_doubles(page: Page, drafts: list[Draft]) -> list[Draft]:
    """One cue, one statement: of two cues that open the same content the nearer to it stays."""
    kept: dict[int, Draft] = {}
    for draft in drafts:
        start = draft.content[0][0]
        other = kept.get(start)
        if other is None:
            kept[start] = draft
        elif (
            draft.cue_at >= 0
            and not _in_relative(page, draft)
            and not _describes_noun(page, other, draft)
            and not _mere_noun(draft, other)
            and abs(draft.cue_at - page.token_at(start)) <= abs(other.cue_at - page.token_at(start))
        ):
            if draft.region[0] >= draft.region[1] and other.region[1] > other.region[0] and draft.speaker is None:
                draft.region = (other.region[0], min(other.region[1], draft.cue_at))
            kept[start] = draft
    return list(kept.values())


def _only_in_quote(page: Page, spots: Spots, draft: Draft) -> bool:
    """A verb inside somebody's direct words reports only where it names a speaker that is known."""
    if draft.cue_at < 0 or page.quote_of[draft.cue_at] < 0 or draft.within < 0 or draft.frame == "quote":
        return False
    if draft.speaker is None:
        return True
    head = draft.speaker[0]
    known = spots.at[head] is not None or page.words[head].role is not None or bool(page.flags[head] & w.PLACE)
    return not known or (draft.frame in {"bare"} and draft.cue is not None and draft.cue.part == "present")


def _free_newsroom_words(page: Page, drafts: list[Draft]) -> None:
    """End a quotation before the newsroom's own sentence about its speaker: «لقد جرت مفاوضاتنا …، كما أصر بوتين على …».

    Somebody who speaks as we does not report himself by name. The quotation ends at the last comma
    after which it no longer speaks in the first person.
    """
    for inner in drafts:
        if inner.within < 0 or inner.speaker is None or inner.cue_at < 0:
            continue
        outer = drafts[inner.within]
        if outer.frame != "quote" or outer.speaker_name != inner.speaker_name:
            continue
        first, last = page.token_at(outer.content[0][0]), inner.cue_at
        commas = [i for i in range(first, last) if page.flags[i] & w.COMMA]
        spoken = [i for n, i in enumerate(commas) if first_person(page, commas[n - 1] + 1 if n else first, i)]
        if not spoken:
            continue
        outer.content[0] = (outer.content[0][0], page.end[spoken[-1] - 1])
        inner.within = -1
        inner.freed = True
        end = page.token_at(inner.content[0][1] - 1)
        relative = next(
            (i for i in range(page.token_at(inner.content[0][0]), end) if page.words[i].form in {"وهي", "وهو"}), None
        )
        if relative is not None:
            inner.content[0] = (inner.content[0][0], page.end[relative - 1])


def _carried_on(page: Page, drafts: list[Draft], by_token: dict[int, Hit]) -> list[Draft]:
    """A quotation that fills a sentence without any cue, right behind a quoted one: the same speaker goes on."""
    spoken = {page.sentence_number(page.token_at(d.content[-1][1] - 1)): d for d in drafts if d.frame == "quote"}
    made: list[Draft] = []
    for number, (first, last) in enumerate(page.sentences):
        closing = page.quotes.close.get(first, -1)
        before = spoken.get(number - 1)
        whole = closing >= last - 1 and closing - first > _CARRIED_ON and first not in page.left_open
        if (
            before is None
            or not before.speaker_name
            or not whole
            or any(i in by_token for i in range(closing + 1, last))
        ):
            continue
        content = (page.start[first + 1], page.end[closing - 1])
        draft = Draft(-1, None, "SAY", [content], "quote", speaker_name=before.speaker_name, voice=before.voice)
        draft.confidence = before.confidence * 0.9
        spoken[number] = draft
        made.append(draft)
    return made


def _is_pointer(page: Page, draft: Draft) -> bool:
    """«معربا عن ذلك»: a content that only points at another."""
    return draft.frame in {"phrase", "bare"} and page.text[slice(*draft.content[0])] in {"ذلك", "هذا", "هذه", "الأمر"}


def _mere_noun(draft: Draft, other: Draft) -> bool:
    """A noun of saying between a verb and its content is part of the subject, but for «قوله»، «بالقول»."""
    return (
        draft.cue is not None and draft.cue.part == "noun" and draft.cue.lemma != "قال"
        and other.cue is not None and other.cue.part in {"past", "present"}
    )  # fmt: skip


def _in_relative(page: Page, draft: Draft) -> bool:
    """«جون كيري، الذي يعتبر …، إن»: the verb of a relative clause opens no content of the main one."""
    before = draft.cue_at - 1
    return before >= 0 and bool(page.flags[before] & w.RELATIVE) and draft.region[1] - draft.cue_at > 2


def _describes_noun(page: Page, outer: Draft, inner: Draft) -> bool:
    """«أظهر تقرير نشر أمس أن»: a past verb right behind the indefinite subject of another describes it."""
    if (
        outer.cue is None
        or inner.cue is None
        or "placed" in outer.cue.frames
        or not outer.cue.part == inner.cue.part == "past"
    ):
        return False
    between = range(outer.cue_at + 1, inner.cue_at)
    marks = w.MARK | w.CLAUSE | w.THAT
    joined = page.words[inner.cue_at].prefix or page.flags[inner.cue_at - 1] & (w.COMMA | w.CLAUSE | w.THAT)
    if "placed" in inner.cue.frames and not joined:
        return True  # «في مقابلة مع المجلة نشرت القناة بعضها أن»
    plain = not any(page.flags[i] & (marks | w.DEFINITE) for i in between)
    return 0 < len(between) <= 4 and not joined and plain


def _nest(page: Page, drafts: list[Draft]) -> None:
    """Mark each statement whose cue stands within another's content with the innermost that holds it."""
    spans = sorted((start, -end, n) for n, draft in enumerate(drafts) for start, end in draft.content)
    points = sorted((page.start[d.cue_at] if d.cue_at >= 0 else d.content[0][0], n) for n, d in enumerate(drafts))
    open_now: list[tuple[int, int, int]] = []  # end, start, draft
    at = 0
    for point, n in points:
        while at < len(spans) and spans[at][0] <= point:
            open_now.append((-spans[at][1], spans[at][0], spans[at][2]))
            at += 1
        open_now = [span for span in open_now if span[0] > point]
        holding = [s for s in open_now if s[2] != n and drafts[s[2]].content != drafts[n].content]
        drafts[n].within = min(holding, key=lambda s: s[0] - s[1])[2] if holding else -1
