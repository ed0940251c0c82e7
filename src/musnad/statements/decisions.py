"""From scores to statements: the reporting words that are likely enough, each with its likeliest content and parties."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from musnad.lexicon import word as w
from musnad.page import Page
from musnad.scores.features import STANCES, Columns
from musnad.scores.network import (
    BEGIN,
    CUE,
    END,
    PARTY,
    WINDOWS,
    Candidates,
    Network,
    blocks,
    ends_behind,
    likely,
    pairs,
)
from musnad.statements.draft import Draft, Tokens

_SURE = 0.47  # probability from which a word reports: where as much is missed as is too much
_STRANGE = 1.0  # log odds from which a word that is in no table may report
#: Probability from which a source is named though none is likelier: where F1 is best on articles held apart.
_ENOUGH = {"source": 0.3}
_KINDS = ("direct", "indirect", "mixed")
_PARTIES = ("speaker", "addressee", "source")
_STRETCH, _MOST = 512, 64  # tokens, and reports that are read of them
_BEFORE, _LIKELY = 5, 0.04  # mentions before a cue that may be its speaker's: how many are kept, from which share on


def decide(page: Page, columns: Columns, hidden: Any, network: Network) -> list[Draft]:
    """Return the statements that the words of a page open, in the order of their cues; speakers are mentions yet."""
    token = network.tokens(hidden)
    at = np.union1d(columns.candidates, np.flatnonzero(token[:, CUE] > _STRANGE))
    if not len(at):
        return []
    reports = network.cues(hidden[at], columns.of_cues(at))
    chosen = np.flatnonzero(reports >= _SURE)
    if not len(chosen):
        return []
    chosen = _of_prose(at, reports, chosen)
    cue, reports = at[chosen], reports[chosen]
    places = places_of(token)
    drafts: list[Draft] = []
    for block in blocks(len(cue)):
        drafts += _reports(page, columns, hidden, network, cue[block], reports[block], places)
    return drafts


def _of_prose(at: Any, reports: Any, chosen: Any) -> Any:
    """Rule "no prose": of a stretch of words in which every eighth reports only the likeliest reports are read.

    «قال الرئيس إن قال الرئيس إن …» without end is no text, and a report costs as much as a sentence does. `chosen` are rows of `at`;
    returned are those that stay, in their order. In 1,860 articles the most is 27.
    """
    stretch = at[chosen] // _STRETCH
    order = np.lexsort((-reports[chosen], stretch))
    ranked = stretch[order]
    rank = np.arange(len(order)) - np.searchsorted(ranked, ranked)
    return np.sort(chosen[order[rank < _MOST]])


def _reports(
    page: Page, columns: Columns, hidden: Any, network: Network, cue: Any, sure: Any, places: Any
) -> list[Draft]:
    """The statements of reporting words at tokens `cue`; `sure` is how likely each of them reports."""
    begins = begins_of(columns, hidden, network, cue, places)
    best = [begins.best(n) for n in range(len(cue))]
    first = np.array([min(at if at >= 0 else cue[n] + 1, columns.size - 1) for n, (at, _) in enumerate(best)])
    ends = ends_of(columns, hidden, network, cue, first, places)
    last = np.array([max(ends.best(n)[0], first[n]) for n in range(len(cue))])
    found = parties_of(columns, hidden, network, _PARTIES, cue, first, places)
    spans = _spans(columns, hidden, network, cue, found)
    _add_occasions(page, columns, hidden, network, cue, first, spans["addressee"])
    stances = network.stances(hidden[cue], hidden[first], hidden[np.minimum(cue + 1, columns.size - 1)])
    kinds = network.kinds(hidden[first], hidden[last], columns.of_contents(first, last, cue))
    drafts, scored = [], {**found, "begin": begins, "end": ends}
    for n in range(len(cue)):
        content = content_of(page, int(first[n]), int(last[n]) + 1)
        if content is None or content[0] <= cue[n] < content[1]:
            continue
        stance, kind = STANCES[int(stances[n].argmax())], _KINDS[int(kinds[n].argmax())]
        draft = Draft(int(cue[n]), stance, [characters_of(page, content)], kind, begin=int(first[n]))
        _set_parties(draft, n, found, spans)
        draft.shares |= {"cue": float(sure[n]), "begin": best[n][1], "end": ends.best(n)[1]}
        draft.scored, draft.number = scored, n
        drafts.append(draft)
    return drafts


def _set_parties(draft: Draft, n: int, found: dict[str, Candidates], spans: dict[str, list[Tokens | None]]) -> None:
    """Set the mentions of the n-th cue, and how likely they are."""
    draft.speaker, draft.addressee = spans["speaker"][n], spans["addressee"][n]
    draft.sources = [source] if (source := spans["source"][n]) is not None else []
    speaker = found["speaker"]
    draft.shares |= {"speaker": speaker.best(n)[1], "silent": float(speaker.none[n])}


def set_silence(columns: Columns, hidden: Any, network: Network, drafts: list[Draft]) -> None:
    """Set how likely the clauses of drafts, of which no more is known than cue and content, name nobody."""
    places = places_of(network.tokens(hidden))
    for block in blocks(len(drafts)):
        cue, first = (np.array([getattr(draft, name) for draft in drafts[block]]) for name in ("cue_at", "begin"))
        found = parties_of(columns, hidden, network, ("speaker",), cue, first, places)["speaker"]
        for n, draft in enumerate(drafts[block]):
            draft.shares["silent"] = float(found.none[n])


def set_antecedents(columns: Columns, hidden: Any, network: Network, drafts: list[Draft]) -> None:
    """Set the likeliest mentions before the cues of whoever speaks, with their shares, and how likely it is somebody new."""
    places = places_of(network.tokens(hidden)) if drafts else []
    for block in blocks(len(drafts)):
        some = drafts[block]
        cue, first = (np.array([getattr(draft, name) for draft in some]) for name in ("cue_at", "begin"))
        found = parties_of(columns, hidden, network, ("antecedent",), cue, first, places)["antecedent"]
        owners, begins, shares = found.likeliest(_BEFORE, _LIKELY)
        ends = ends_behind(columns, hidden, network, "speaker_end", cue[owners], begins)
        for n, at, end, share in zip(owners.tolist(), begins.tolist(), ends, shares.tolist(), strict=True):
            some[n].antecedents.append(((at, end), share))
        for n, draft in enumerate(some):
            draft.asked["antecedent"] = (found, n)
            draft.shares["new"] = float(found.none[n])


def places_of(token: Any, keep: tuple[int, ...] = ()) -> list[Any]:
    """The tokens that may begin a content, end one, or begin a party, from `Network.tokens`; those of `keep` always may."""
    return likely(token, (BEGIN, END, PARTY), keep)


def begins_of(columns: Columns, hidden: Any, network: Network, cue: Any, places: Any) -> Candidates:
    """Where the contents of cues may begin."""
    keys, counts = pairs(columns, cue, "start", places[BEGIN])
    owner = np.repeat(cue, counts)
    share, none = network.point("begin", hidden[cue], hidden, keys, columns.of_pairs(owner, keys), counts)
    share = np.where(keys == owner, 0, share)
    return Candidates.of(keys, counts, (share, none))


def ends_of(columns: Columns, hidden: Any, network: Network, cue: Any, first: Any, places: Any) -> Candidates:
    """The ends of contents; one that begins before its cue ends before it, unless a quotation mark stands around both."""
    keys, counts = pairs(columns, first, "end", places[END])
    begin, of = np.repeat(first, counts), np.repeat(cue, counts)
    share, none = network.point(
        "end", np.hstack([hidden[cue], hidden[first]]), hidden, keys, columns.of_pairs(begin, keys), counts
    )
    share = np.where((begin < of) & (keys >= of), 0, share)
    return Candidates.of(keys, counts, (share, none))


def parties_of(
    columns: Columns, hidden: Any, network: Network, names: Collection[str], cue: Any, first: Any, places: Any
) -> dict[str, Candidates]:
    """Where the parties of cues may begin: their speakers, addressees, sources or antecedents, by name.

    The pairs of cue and token are numbered once, for the widest window; each decision has its part of them.
    """
    keys, counts = pairs(columns, cue, names, places[PARTY])
    owner = np.repeat(np.arange(len(cue)), counts)
    numbers = np.hstack([columns.of_pairs(cue[owner], keys), columns.of_pairs(first[owner], keys)])
    question = np.hstack([hidden[cue], hidden[first]])
    distance = keys - cue[owner]
    found = {}
    for name in names:
        low, high = WINDOWS[name]
        near = (distance >= low) & (distance <= high)
        its = np.bincount(owner[near], minlength=len(cue))
        share, none = network.point(name, question, hidden, keys[near], numbers[near], its)
        if name == "source":
            share = np.where(_is_document(columns.page, keys[near]), 0, share)
        found[name] = Candidates.of(keys[near], its, (share, none))
    return found


def _is_document(page: Page, at: Any) -> Any:
    """Rule "documents carry nothing": of «قال في بيان تلقته الوكالة» the agency is a source and the document is none;
    not «قال البيان إن»: there it speaks.
    """
    documents = page.lexicon.lists["documents"]
    return np.array([page.words[n].core in documents for n in at.tolist()], bool)


def _spans(
    columns: Columns, hidden: Any, network: Network, cue: Any, found: dict[str, Candidates]
) -> dict[str, list[Tokens | None]]:
    """The likeliest mentions of each cue in tokens, from where they begin to where they likeliest end."""
    begins = {name: [found[name].best(n, _ENOUGH.get(name, 1.0))[0] for n in range(len(cue))] for name in _PARTIES}
    spans: dict[str, list[Tokens | None]] = {name: [None] * len(cue) for name in _PARTIES}
    for name, starts in begins.items():
        known = [n for n, at in enumerate(starts) if at >= 0]
        ends = ends_behind(
            columns,
            hidden,
            network,
            f"{name}_end",
            cue[known],
            np.array([starts[n] for n in known]),
        )
        for n, end in zip(known, ends, strict=True):
            spans[name][n] = (int(starts[n]), end)
    return spans


def _add_occasions(
    page: Page, columns: Columns, hidden: Any, network: Network, cue: Any, first: Any, found: list[Tokens | None]
) -> None:
    """Rule "occasion with somebody": «قال في تصريح لصوت الواحة إن», «في مقابلة مع القناة»; not «في مؤتمر مع نظيره».

    Where the network names no addressee, and an occasion between cue and content has one, that one is told.
    """
    begins = {
        n: begin
        for n in range(len(cue))
        if found[n] is None and (begin := _occasion(page, int(cue[n]) + 1, int(first[n]))) is not None
    }
    rows = list(begins)
    ends = ends_behind(columns, hidden, network, "addressee_end", cue[rows], np.array(list(begins.values())))
    for n, end in zip(rows, ends, strict=True):
        found[n] = (begins[n], end)


def _occasion(page: Page, first: int, last: int) -> int | None:
    """The token at which the one begins with whom an occasion between two tokens was held; None without one."""
    held = page.lexicon.lists["held_with"]
    for at in range(first, last - 1):
        if page.words[at].core not in held or not (
            (at and page.flags[at - 1] & w.PREPOSITION) or page.words[at].prefix
        ):
            continue
        for behind in range(at + 1, min(at + 3, last)):
            word = page.words[behind]
            if word.form == "مع" and behind + 1 < last:
                return behind + 1
            if word.prefix == "ل" or (word.raw in {"ل", "لـ"} and behind + 1 < last):
                return behind + (word.raw in {"ل", "لـ"})
    return None


def content_of(page: Page, first: int, last: int) -> Tokens | None:
    """A content without the marks around it and the punctuation at its end; None where no word is left."""
    flags, quotes = page.flags, page.quotes
    while first < last and flags[first] & w.OPEN and quotes.close.get(first, 0) >= last - 1:
        first += 1
    loose = w.COMMA | w.DASH | w.COLON | w.STOP
    while last > first:
        word, flag = page.words[last - 1], flags[last - 1]
        outer = flag & w.CLOSE and page.opening_of.get(last - 1, -1) < first
        if not outer and not (flag & loose and word.raw not in {"؟", "?", "!"}):
            break
        last -= 1
    while first < last and flags[first] & (loose | w.LINE):
        first += 1
    if not any(page.words[i].raw[0].isalnum() for i in range(first, last)):
        return None
    return first, last


def characters_of(page: Page, content: Tokens) -> tuple[int, int]:
    """The characters of a content, without a preposition attached to its first word: «طالب بـ[وقف القتال]»."""
    first, last = content
    word = page.words[first]
    opens = first > 0 and page.flags[first - 1] & w.OPEN
    cut = word.cut if word.prefix in {"ب", "ل"} and not opens else 0
    return page.start[first] + cut, page.end[last - 1]
