"""The way from a page to its statements: scores of words, decisions, nesting, who speaks."""

from __future__ import annotations

from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from musnad import weights
from musnad.names.naming import name_of
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.scores.network import Network
from musnad.scores.scorer import Scored
from musnad.statements import who
from musnad.statements.confidence import set_confidence
from musnad.statements.decisions import decide, set_antecedents, set_silence
from musnad.statements.draft import Draft
from musnad.statements.explaining import declined, explain
from musnad.statements.quotations import add_further_pieces, carried_on
from musnad.statements.stances import settled


class Statements:
    """Finds the statements of pages. Loaded once and shared: it keeps what it learned of word forms, nothing of a text."""

    def __init__(self, network: Network, folder: Traversable) -> None:
        self._network, self._folder = network, folder

    def find(self, page: Page, spots: Spots, cast: Cast, scored: Scored) -> list[Draft]:
        """Return the statements of a page in the order of their contents."""
        drafts = _without_doubles(page, decide(page, scored.columns, scored.statement_context, self._network))
        cues = {draft.cue_at for draft in drafts}
        for draft in drafts:
            draft.stance = settled(page, draft) or draft.stance
            if draft.kind != "indirect":
                add_further_pieces(page, draft, cues)
        nest(page, drafts)
        self._set_antecedents(scored, [draft for draft in drafts if who.is_open(page, cast, draft)])
        self._name(page, spots, cast, drafts)
        drafts += carried_on(page, drafts, cues)
        drafts = [draft for draft in drafts if draft.speaker_name]
        drafts.sort(key=lambda d: (d.content[0], d.cue_at))
        nest(page, drafts)
        set_confidence(drafts, self._confidence)
        return drafts

    def explain(
        self, page: Page, scored: Scored, drafts: list[Draft]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return why each draft was read as it was, and the words that were nearly taken for reports."""
        columns, words, hidden, _ = scored
        why = [explain(page, columns, words, self._network, draft) for draft in drafts]
        return why, declined(page, columns, hidden, self._network, drafts)

    def reports(self, scored: Scored, cues: list[int]) -> list[float]:
        """How likely the words at tokens `cues` report; 0 at -1, where there is none."""
        at = np.array([cue for cue in cues if cue >= 0], np.int64)
        if not len(at):
            return [0.0] * len(cues)
        shares = iter(self._network.cues(scored.statement_context[at], scored.columns.of_cues(at)).tolist())
        return [next(shares) if cue >= 0 else 0.0 for cue in cues]

    def name_silent(self, page: Page, spots: Spots, cast: Cast, scored: Scored, drafts: list[Draft]) -> None:
        """Name the speakers of drafts that have none yet, whose clauses name nobody, by whoever was named before."""
        drafts = sorted(drafts, key=lambda draft: (draft.content[0], draft.cue_at))
        self.look_back(page, scored, [draft for draft in drafts if not draft.speaker_name and draft.cue_at >= 0])
        for number, draft in enumerate(drafts):
            if not draft.speaker_name and draft.cue_at >= 0:
                self.name(page, spots, cast, draft, who.recalled(drafts, number), None)

    def look_back(self, page: Page, scored: Scored, drafts: list[Draft]) -> None:
        """Set the likeliest antecedent of every draft, of whose cue and content no more than the place is known."""
        if drafts:
            for draft in drafts:
                draft.begin = page.token_at(draft.content[0][0])
            set_silence(scored.columns, scored.statement_context, self._network, drafts)
            self._set_antecedents(scored, drafts)

    def _set_antecedents(self, scored: Scored, drafts: list[Draft]) -> None:
        set_antecedents(scored.columns, scored.statement_context, self._network, drafts)

    def _name(self, page: Page, spots: Spots, cast: Cast, drafts: list[Draft]) -> None:
        """Give every draft its speaker's name, in the order of the cues."""
        for number, draft in enumerate(drafts):
            holder = drafts[draft.within] if draft.within >= 0 else None
            self.name(page, spots, cast, draft, who.recalled(drafts, number), holder)
            if draft.within < 0 and draft.speaker_name:
                cast.last_speaker = cast.by_name.get(draft.speaker_name, cast.last_speaker)

    def name(
        self, page: Page, spots: Spots, cast: Cast, draft: Draft, earlier: list[Draft], holder: Draft | None
    ) -> None:
        """Name one speaker: by the mention, or by the likeliest of those named before."""
        named = name_of(page, spots, cast, draft.speaker) if draft.speaker is not None else None
        if not who.is_open(page, cast, draft):
            draft.speaker_name, draft.voice = named, draft.speaker
            return
        candidates = who.referents(page, spots, cast, draft, earlier, named)
        if not candidates:
            return
        rows = who.numbers(page, cast, draft, earlier, holder, candidates)
        share = self.shares_of(rows)
        best = candidates[int(share.argmax())]
        draft.speaker_name, draft.voice = best.name, best.voice
        draft.shares["who"] = float(share.max())
        draft.asked["who"] = sorted(
            zip((one.name for one in candidates), share.tolist(), strict=True), key=lambda x: -x[1]
        )

    @cached_property
    def _confidence(self) -> dict[str, Any]:
        return weights.load("confidence", self._folder)

    @cached_property
    def _who(self) -> dict[str, Any]:
        return weights.load("who", self._folder)

    def shares_of(self, rows: Any) -> Any:
        """How likely each candidate is who speaks."""
        w = self._who
        score = np.maximum(rows @ w["0.weight"].T + w["0.bias"], 0) @ w["1.weight"][0]
        share = np.exp(score - score.max())
        return share / share.sum()


def _without_doubles(page: Page, drafts: list[Draft]) -> list[Draft]:
    """One content, one statement: of two cues that open the same words the likelier stays."""
    kept: dict[tuple[int, int], Draft] = {}
    for draft in drafts:
        other = kept.get(draft.content[0])
        if other is None or draft.shares["cue"] > other.shares["cue"]:
            kept[draft.content[0]] = draft
    return sorted(kept.values(), key=lambda d: d.cue_at)


def nest(page: Page, drafts: list[Draft]) -> None:
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
