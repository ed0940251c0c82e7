"""Why a statement was read as it was: what stood against each decision, and which words near it spoke for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from musnad.page import Page
from musnad.scores.features import Columns
from musnad.scores.network import Candidates, Network, log_odds
from musnad.statements.decisions import begins_of, ends_of, parties_of, places_of
from musnad.statements.draft import Draft

_REACH = (8, 10)  # tokens before and behind a cue whose part is asked for
_LEAST = 0.1  # log odds that a word must add to be named as a reason
_REASONS = 4
_EDGE = 1e-6  # probabilities are told apart up to this distance from 0 and 1
_NEARLY = 0.1  # probability from which a word that was declined is shown
_WORDS = 6  # words of a content shown


def explain(page: Page, columns: Columns, words: Any, network: Network, draft: Draft) -> dict[str, Any]:
    """Return the decisions of one statement: the candidates with their probabilities, and reasons by word.

    A reason is how much the log odds of the decision fall when the network is not told that word.
    """
    if draft.cue_at < 0:
        return {"rule": "quotation-goes-on", "shares": _rounded(draft.shares)}
    begin = page.token_at(draft.content[0][0])
    last = max(page.token_at(draft.content[0][1] - 1), begin)
    speaker = draft.speaker[0] if draft.speaker is not None else -1
    whole = _shares(columns, network, words, draft.cue_at, begin, last, speaker)
    first, end = max(0, draft.cue_at - _REACH[0]), min(len(page), draft.cue_at + _REACH[1] + 1)
    lost: dict[str, list[tuple[float, int]]] = {name: [] for name in whole}
    for at in range(first, end):
        without = words.copy()
        without[at] = network.empty
        for name, share in _shares(columns, network, without, draft.cue_at, begin, last, speaker).items():
            lost[name].append((log_odds(whole[name], _EDGE) - log_odds(share, _EDGE), at))
    reasons = {
        name: [
            {"word": page.words[at].raw, "span": [page.start[at], page.end[at]], "adds": round(value, 2)}
            for value, at in sorted(found, reverse=True)[:_REASONS]
            if value >= _LEAST
        ]
        for name, found in lost.items()
    }
    return {"shares": _rounded(draft.shares), "candidates": _candidates(page, draft), "reasons": reasons}


def declined(page: Page, columns: Columns, hidden: Any, network: Network, drafts: list[Draft]) -> list[dict[str, Any]]:
    """The words that were no report in the end, though one in ten such words is."""
    taken = {draft.cue_at for draft in drafts}
    at = columns.candidates
    shares = network.cues(hidden[at], columns.of_cues(at)) if len(at) else []
    return [
        {"word": page.words[n].raw, "span": [page.start[n], page.end[n]], "share": round(float(share), 3)}
        for n, share in zip(at.tolist(), shares, strict=True)
        if share >= _NEARLY and n not in taken
    ]


def _shares(
    columns: Columns, network: Network, words: Any, cue: int, begin: int, last: int, speaker: int
) -> dict[str, float]:
    """The probabilities of what was decided, from the words that the network is told."""
    hidden = network.encode(words, columns)
    at, first = np.array([cue]), np.array([begin])
    places = places_of(network.tokens(hidden), keep=(begin, last, speaker))
    found = {
        "cue": float(network.cues(hidden[at], columns.of_cues(at))[0]),
        "begin": _share(begins_of(columns, hidden, network, at, places), begin),
        "end": _share(ends_of(columns, hidden, network, at, first, places), last),
    }
    speakers = parties_of(columns, hidden, network, ("speaker",), at, first, places)["speaker"]
    found["speaker"] = _share(speakers, speaker) if speaker >= 0 else float(speakers.none[0])
    return found


def _share(found: Candidates, at: int) -> float:
    return float(found.share[found.at == at].sum())


def _rounded(shares: dict[str, float]) -> dict[str, float]:
    return {name: round(share, 3) for name, share in shares.items()}


def _candidates(page: Page, draft: Draft) -> dict[str, list[dict[str, Any]]]:
    """What stood against each decision: words, where they are, and how likely each was."""

    def behind(at: int) -> tuple[int, int]:
        return at, min(at + _WORDS, len(page))

    def before(at: int) -> tuple[int, int]:
        return max(0, at + 1 - _WORDS), at + 1

    shown: dict[str, Callable[[int], tuple[int, int]]] = {"end": before}
    found: dict[str, list[dict[str, Any]]] = {}
    scored = {name: (candidates, draft.number) for name, candidates in draft.scored.items()}
    for name, candidates in (scored | draft.asked).items():
        if name == "who":
            found[name] = [{"name": one, "share": round(share, 3)} for one, share in candidates]
            continue
        scores, number = candidates
        found[name] = [
            {"words": page.text[page.start[first] : page.end[last - 1]], "at": page.start[at], "share": round(share, 3)}
            for at, share in scores.first(number)
            for first, last in [shown.get(name, behind)(at)]
            if share >= 0.005
        ]
    return {name: candidates for name, candidates in found.items() if candidates}
