"""A model's statements beside the fast reader's: what both say is sure, where they differ it is said, what neither the words
nor the fast reader support is left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from musnad.evaluation import MATCH, same_name
from musnad.events.draft import DraftEvent
from musnad.llm.grounding import Grounded
from musnad.llm.notation import EventLine, Refused
from musnad.page import Page
from musnad.statements.draft import Draft

#: How sure a statement is: read by both with one speaker (270 of 281 were right in 40 articles), with two (43 of 48), by the model
#: alone (6 of 9).
AGREED, DIFFERS, ALONE = 0.96, 0.9, 0.65
EVENT = 0.6  # an event of the model's, whether the fast reader has it or not (65 of 105 were right)
#: The fast reader's confidence from which it is told that the model has no such statement: in these articles it had all of them.
SURE = 0.85
#: The fast reader's probability that a cue reports, or a word names an event, below which the model alone is not believed: of what it
#: leaves out in these articles 10 of 24 statements and 6 of 23 events were right.
_LEAST_CUE, _LEAST_EVENT = 0.47, 0.1


class Disagreement(NamedTuple):
    """A statement that both read with different speakers: the model's draft, and what the fast reader says."""

    draft: Draft
    name: str


@dataclass(slots=True)
class Merged:
    """What an article is read as, and where the readers differ."""

    drafts: list[Draft] = field(default_factory=list)
    happenings: list[DraftEvent] = field(default_factory=list)
    differences: list[Disagreement] = field(default_factory=list)
    left_out: list[Draft] = field(default_factory=list)  # what the fast reader is sure of, and the model does not have
    refused: list[Refused] = field(default_factory=list)


def merge(
    page: Page, grounded: Grounded, fast: list[Draft], reports: list[float], unread: list[tuple[int, int]]
) -> Merged:
    """Return the statements of a model beside those of the fast reader.

    `reports`: how likely the cue of each of `grounded.drafts` reports, by the fast reader's scores. `unread`: characters that
    the model gave no answer for: there the fast reader is all there is, and where a line was refused for its content, too.
    """
    merged = Merged(refused=list(grounded.refused))
    words = [_words(page, draft) for draft in fast]
    taken: set[int] = set()
    seen: set[tuple[int, tuple[int, int]]] = set()
    for (draft, line), report in zip(grounded.drafts, reports, strict=True):
        if (draft.cue_at, draft.content[0]) in seen:
            continue  # told twice
        seen.add((draft.cue_at, draft.content[0]))
        twin = _twin(page, draft, fast, words, taken)
        if twin is None and not _is_supported(page, draft, report):
            merged.refused.append(
                Refused(
                    line.text, "cue", f"it hardly reports ({report:.2f}), and the fast reader has no such statement"
                )
            )
            continue
        _settle(page, draft, fast[twin] if twin is not None else None, merged)
        taken |= {twin} if twin is not None else set()
    lost = _lost_cues(grounded.refused)
    for number, draft in enumerate(fast):
        point = page.start[draft.cue_at] if draft.cue_at >= 0 else draft.content[0][0]
        in_stead = draft.cue_at >= 0 and page.words[draft.cue_at].raw in lost
        if number not in taken and (in_stead or any(start <= point < end for start, end in unread)):
            merged.drafts.append(draft)
        elif number not in taken and draft.confidence >= SURE:
            merged.left_out.append(draft)
    merged.drafts = [draft for draft in merged.drafts if draft.speaker_name]
    merged.drafts.sort(key=lambda draft: (draft.content[0], draft.cue_at))
    return merged


def _settle(page: Page, draft: Draft, twin: Draft | None, merged: Merged) -> None:
    """Set how sure a statement is, and its sources: those that the fast reader has none of are mostly outer speakers and
    documents (in 40 articles 5 of 22 were right; of those that are kept 6 of 6)."""
    documents = page.lexicon.lists["documents"]
    draft.sources = [tokens for tokens in draft.sources if page.words[tokens[0]].core not in documents]
    if twin is None:
        draft.confidence = ALONE
    else:
        if not twin.sources:
            draft.sources = []
        draft.speaker_name = draft.speaker_name or twin.speaker_name
        same = same_name([draft.speaker_name or ""], twin.speaker_name)
        draft.confidence = AGREED if same else DIFFERS
        if not same and twin.speaker_name:
            merged.differences.append(Disagreement(draft, twin.speaker_name))
    merged.drafts.append(draft)


def _is_supported(page: Page, draft: Draft, report: float) -> bool:
    """Whether a statement that the model alone reads may stand: its cue may report, or it is a quotation without a cue."""
    if draft.cue_at >= 0:
        return report >= _LEAST_CUE
    return draft.kind == "direct" and page.quote_of[page.token_at(draft.content[0][0])] >= 0


def _twin(page: Page, draft: Draft, fast: list[Draft], words: list[set[int]], taken: set[int]) -> int | None:
    """The fast reader's statement of the same cue, or the one whose content shares most words, at least half (F1)."""
    own = _words(page, draft)
    best: tuple[float, int] = (0.0, -1)
    for number, other in enumerate(fast):
        if number in taken:
            continue
        shared = 2 * len(own & words[number]) / (len(own) + len(words[number]) or 1)
        same_cue = draft.cue_at >= 0 and draft.cue_at == other.cue_at
        if same_cue or shared >= MATCH:
            best = max(best, (shared + same_cue, -number))
    return -best[1] if best[0] else None


def merge_events(
    happenings: list[tuple[DraftEvent, EventLine]], fast: list[DraftEvent], shares: Any
) -> list[DraftEvent]:
    """Return the model's events in the order of their words, without those whose words hardly name one.

    `shares`: how likely each token names an event, by the fast reader's scores.
    """
    named = {(mention.at, one.type) for one in fast for mention in one.mentions}
    found: list[DraftEvent] = []
    seen = set()
    for happening, _ in happenings:
        told = happening.type, *sorted(mention.tokens for mention in happening.mentions)
        if told in seen:
            continue  # told twice
        seen.add(told)
        tokens = {token for mention in happening.mentions for token in range(*mention.tokens)}
        agreed = any((token, happening.type) in named for token in tokens)
        happening.confidence = EVENT
        if agreed or max(shares[token] for token in tokens) >= _LEAST_EVENT:
            found.append(happening)
    return sorted(found, key=lambda one: one.mentions[0].tokens)


def _words(page: Page, draft: Draft) -> set[int]:
    """The words of a content, as tokens."""
    return {
        at
        for start, end in draft.content
        for at in range(page.token_at(start), page.token_at(end - 1) + 1)
        if page.words[at].raw[0].isalnum()
    }


def _lost_cues(refused: list[Refused]) -> set[str]:
    """The cues of statements that were refused for their contents, as they stand («قال @2» is «قال»)."""
    fields: list[Any] = [one.text.partition(" ")[2].split("|") for one in refused if one.field == "content"]
    return {parts[1].partition("@")[0].strip() for parts in fields if len(parts) > 1} - {"", "-"}
