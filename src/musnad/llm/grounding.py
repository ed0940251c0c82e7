"""From the lines of a model's reply to drafts: every string is looked up in the article, and what is not there is refused."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from musnad.events.draft import DraftEvent, EventMention, Taker
from musnad.events.naming import place_name, taker_name
from musnad.events.settling import mode_of
from musnad.lexicon import word as w
from musnad.llm.finding import FoundWords, WordFinder
from musnad.llm.notation import CopiedWords, EventLine, Refused, ReplyLine, SaidLine, Stretch
from musnad.names.naming import name_of
from musnad.page import Page
from musnad.reader import Laid
from musnad.record import Kind
from musnad.statements.decisions import characters_of, content_of
from musnad.statements.draft import Draft, Tokens
from musnad.statements.stances import settled
from musnad.times import Time

_LONGEST = 500  # tokens of a content: a last word that stands farther off belongs to something else
_NEAR = 60  # tokens between a content and its cue, a cue and its parties
_WORDS, _MARKS = {"cue", "trigger"}, '«»“”„"'  # what is words and no more, even where these stand in marks


@dataclass(slots=True)
class Grounded:
    """What of a reply stands in the article. `repairs` counts what was repaired, by field and kind; `drafts` and `happenings`
    go with the lines that they were read from."""

    drafts: list[tuple[Draft, SaidLine]] = field(default_factory=list)
    happenings: list[tuple[DraftEvent, EventLine]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    repairs: list[tuple[str, str, str]] = field(default_factory=list)  # field, repair, words


class Grounder:
    """Looks the lines of a reply up in the tokens of an article that the model was shown."""

    def __init__(self, laid: Laid, first: int = 0, last: int | None = None) -> None:
        self._page, self._spots, self._cast, self._times = laid.page, laid.spots, laid.cast, laid.times
        self._finder = WordFinder(laid.page, first, last)
        self._found = Grounded()
        self._after = 0  # where the last content began, in tokens: contents are told in their order

    def ground(self, lines: list[ReplyLine]) -> Grounded:
        """Return what of the lines stands in the article, and what was refused."""
        for line in lines:
            if isinstance(line, Refused):
                self._found.refused.append(line)
            elif isinstance(line, SaidLine):
                self._ground_said(line)
            else:
                self._ground_event(line)
        return self._found

    # -- statements ----------------------------------------------------------------

    def _ground_said(self, line: SaidLine) -> None:
        cues = self._places("cue", line.cue) if line.cue is not None else []
        if line.cue is not None and not cues:
            return self._refuse(line.text, "cue", f"«{line.cue.words}» does not stand in the article")
        pieces: list[Tokens] = []
        for stretch in line.content:
            piece = self._stretch(stretch, cues, pieces)
            if piece is None:
                return self._refuse(line.text, "content", f"«{_shown(stretch)}» does not stand in the article")
            pieces.append(piece)
        first, last = pieces[0][0], pieces[-1][1]
        cue = _nearest(cues, first, last) if cues else None
        if cues and (cue is None or _gap(cue, first, last) > _NEAR):
            return self._refuse(
                line.text, "cue", f"«{cues and line.cue and line.cue.words}» stands nowhere near the content"
            )
        self._after = first
        draft = Draft(cue.first if cue is not None else -1, line.stance, [characters_of(self._page, p) for p in pieces])
        draft.begin = first
        draft.kind = kind_of(self._page, draft.cue_at, pieces, line.kind)
        draft.stance = settled(self._page, draft) or draft.stance
        anchor = draft.cue_at if draft.cue_at >= 0 else first
        draft.speaker = self._party("speaker", line.speaker, anchor)
        draft.addressee = self._party("addressee", line.addressee, anchor)
        sources = [self._party("source", source, anchor) for source in line.sources]
        draft.sources = list(dict.fromkeys(source for source in sources if source is not None))
        draft.speaker_name, draft.voice = self._name(draft, line), draft.speaker
        self._found.drafts.append((draft, line))
        return None

    def _stretch(self, stretch: Stretch, cues: list[FoundWords], before: list[Tokens]) -> Tokens | None:
        """The tokens of a piece of a content; None where its ends do not stand in the article in this order."""
        after = before[-1][1] if before else self._after
        ends = self._places("content", stretch.last) if stretch.last is not None else None
        lasts = [end.last for end in ends] if ends is not None else []
        best: tuple[bool, bool, int, Tokens] | None = None
        for start in self._places("content", stretch.first):  # in the order of the text
            at = bisect_left(lasts, start.last)
            end = start.last if ends is None else lasts[at] if at < len(lasts) else -1
            content = content_of(self._page, start.first, end) if 0 < end - start.first <= _LONGEST else None
            content = content_of(self._page, *content) if content is not None else None  # «…». without its stop
            if content is None:
                continue
            found = _is_far(cues, *content), start.first < after, start.first, content
            best = min(best, found) if best is not None else found
            if not any(found[:2]):
                break  # none behind it is better
        return best[-1] if best is not None else None

    def _party(self, role: str, quoted: CopiedWords | None, anchor: int) -> Tokens | None:
        """The mention of a party nearest to a cue; None where the article has none near it."""
        if quoted is None:
            return None
        near = _nearest(self._places(role, quoted), anchor, anchor + 1)
        return (near.first, near.last) if near is not None and _gap(near, anchor, anchor + 1) <= _NEAR else None

    def _name(self, draft: Draft, line: SaidLine) -> str | None:
        """Who speaks: as the model says where the article has that name, else as the mention says by itself."""
        for words in line.who:
            places = self._places("speaker", CopiedWords(words))
            if places:
                tokens = places[0].first, places[0].last
                return name_of(self._page, self._spots, self._cast, tokens)
        if draft.speaker is not None:
            return name_of(self._page, self._spots, self._cast, draft.speaker)
        return None

    # -- events ---------------------------------------------------------------------

    def _ground_event(self, line: EventLine) -> None:
        mentions: list[EventMention] = []
        for trigger in line.triggers:
            places = self._places("trigger", trigger)
            at = places[0] if places else None
            if at is not None and all(mention.at != at.first for mention in mentions):
                mentions.append(EventMention((at.first, at.last), at.first, line.type, 1.0, None))
        if not mentions:
            return self._refuse(line.text, "trigger", "no word that names it stands in the article")
        anchor = mentions[0].at
        happening = DraftEvent(mentions, status=line.status)
        happening.actors = self._takers("actor", line.actors, anchor, acts=True)
        happening.recipients = self._takers("recipient", line.recipients, anchor, acts=False)
        happening.mode = mode_of(self._page, mentions)
        happening.ahead = line.status in {"planned", "cancelled"}
        happening.time = self._time(line, mentions)
        place = self._party("place", line.place, anchor) or self._anywhere("place", line.place)
        if place is not None:
            happening.place, happening.place_name = place, place_name(self._page, self._cast, place)
        self._found.happenings.append((happening, line))
        return None

    def _takers(self, role: str, quoted: tuple[CopiedWords, ...], anchor: int, *, acts: bool) -> list[Taker]:
        found: dict[str, Taker] = {}
        for one in quoted:
            tokens = self._party(role, one, anchor) or self._anywhere(role, one)
            if tokens is not None:
                name = taker_name(self._page, self._spots, self._cast, tokens, acts=acts)
                found.setdefault(name, Taker(tokens, name, float(acts), float(not acts)))
        return list(found.values())

    def _anywhere(self, role: str, quoted: CopiedWords | None) -> Tokens | None:
        places = self._places(role, quoted) if quoted is not None else []
        return (places[0].first, places[0].last) if places else None

    def _time(self, line: EventLine, mentions: list[EventMention]) -> Time | None:
        """The time of the article that gives the days of an event, nearest to a word that names it; None without one."""
        if line.days is None:
            return None
        fits = []
        for time in self._times:
            probe = DraftEvent(mentions, status=line.status, time=time, ahead=line.status in {"planned", "cancelled"})
            days = probe.days
            if days is not None and (days[0].isoformat(), days[1].isoformat()) == line.days:
                fits.append((min(abs(time.first - mention.at) for mention in mentions), time.first, time))
        return min(fits)[2] if fits else None

    # -- words ------------------------------------------------------------------------

    def _places(self, role: str, quoted: CopiedWords | None) -> list[FoundWords]:
        """Where words stand: the one place that «@n» means, where it is given."""
        if quoted is None:
            return []
        words = quoted.words if role not in _WORDS else quoted.words.strip(_MARKS) or quoted.words
        places = self._finder.places(words)
        if quoted.nth is not None and len(places) >= quoted.nth:
            places = [places[quoted.nth - 1]]
        if places and places[0].repair is not None:
            self._found.repairs.append((role, places[0].repair, quoted.words))
        return places

    def _refuse(self, text: str, field: Any, reason: str) -> None:
        self._found.refused.append(Refused(text, field, reason))


def kind_of(page: Page, cue: int, pieces: list[Tokens], said: Kind) -> Kind:
    """The kind of a statement: as the model says, unless the marks in and around its words rule that out.

    What stands in marks as a whole is direct, and what has none beside any of its words is neither mixed nor, but behind a colon
    or a dash, direct. Marks around a name («دول "التحالف"») make nothing mixed. Marks that hold the cue as well are an outer speaker's.
    """
    outer = page.quote_of[cue] if cue >= 0 else -1
    inside = [
        page.quote_of[at] not in {-1, outer}
        for first, last in pieces
        for at in range(first, last)
        if page.words[at].raw[0].isalnum()
    ]
    if all(inside):
        return "direct"
    near = {at for first, last in pieces for at in range(max(first - 1, 0), min(last + 1, len(page)))}
    near -= {outer, page.quotes.close.get(outer, -1)}
    if any(inside) or any(page.flags[at] & (w.OPEN | w.CLOSE) for at in near):
        return said
    opens = page.flags[pieces[0][0] - 1] if pieces[0][0] else 0
    return "direct" if said == "direct" and opens & (w.COLON | w.DASH | w.LINE) else "indirect"


def _nearest(places: list[FoundWords], first: int, last: int) -> FoundWords | None:
    """The place nearest to tokens `first` to `last`, not within them where there is another."""
    outside = [place for place in places if place.last <= first or place.first >= last] or places
    return min(outside, key=lambda place: (_gap(place, first, last), place.first), default=None)


def _gap(place: FoundWords, first: int, last: int) -> int:
    """Tokens between a place and a stretch; 0 where they meet."""
    return max(first - place.last, place.first - last, 0)


def _is_far(cues: list[FoundWords], first: int, last: int) -> bool:
    """Whether a content has cues, given in the order of the text, and none of them near it."""
    at = bisect_left(cues, first, key=lambda cue: cue.first)
    return all(_gap(cue, first, last) > _NEAR for cue in cues[max(at - 1, 0) : at + 1]) and bool(cues)


def _shown(stretch: Stretch) -> str:
    return stretch.first.words if stretch.last is None else f"{stretch.first.words} … {stretch.last.words}"
