"""What the scores are told: numbers of every word form, and columns of numbers over the tokens of a page.

A word form has the same numbers wherever it stands, so they are computed once and kept. The columns add
what the place gives: names, quotation marks, sentences, and how far the next and last mark of each kind is.
"""

from __future__ import annotations

from collections.abc import Container
from math import copysign, log1p
from typing import Any

import numpy as np

from musnad.lexicon import Lexicon, Word
from musnad.lexicon import word as w
from musnad.names.spots import Spots
from musnad.page import Page

FLAGS = (
    w.THAT, w.PREPOSITION, w.ADVERBIAL, w.RELATIVE, w.CLAUSE, w.SOURCE, w.OWN, w.KANA, w.QAD, w.NEGATION, w.PRONOUN,
    w.REFERENCE, w.FIRST_PERSON, w.TIME, w.VENUE, w.OPEN, w.CLOSE, w.COMMA, w.COLON, w.STOP, w.LINE, w.MARK,
    w.DEFINITE, w.DEMONYM, w.NUMBER, w.LATIN, w.PLACE, w.DASH, w.RESUMPTIVE, w.TITLE_ADJECTIVE,
)  # fmt: skip
_BITS = np.array(FLAGS, np.int64)
_PARTICLES = tuple("وفبلك")
_PARTS = ("past", "present", "participle", "noun")
_ROLES = ("honorific", "office", "person", "group", "unnamed", "body", "paper", "outlet")
_ENDINGS = ("ا", "ه", "ين", "ون", "ات", "ي", "ت", "وا", "ها", "هم", "ان")
_BEGINNINGS = ("ي", "ت", "ن", "ال", "م")
_TANWEEN, _SHADDA, _DAMMA = ("ًا", "اً"), "\u0651", "\u064f"
#: Lists of the lexicon whose words play a part in who speaks.
_LISTS = ("anaphors", "speaks_for", "partitives", "people_told", "numerals", "followers", "counted")
_PREPOSITIONS = ("الي", "علي", "من", "عن", "في", "مع")
_FRAMES = (
    "that", "quote", "obj", "whom", "need", "venue", "placed", "relay", "describe", "accuse", "blame", "request",
    "impersonal", "owned", "attitude", "renew", "comma", "near", "voice", "object", "الي", "علي", "من", "عن", "ب", "ل", "في",
)  # fmt: skip
STANCES = (
    "SAY", "STRESS", "CLAIM", "DENY", "BELIEVE", "EXPECT", "HOPE", "REGRET", "WARN", "THREATEN", "PROMISE", "URGE",
    "WELCOME", "CONDEMN", "AGREE", "REFUSE", "ASK",
)  # fmt: skip
TYPES = (
    "CONSULT", "AGREE", "COOPERATE", "AID", "CONCEDE", "RETREAT", "SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
STATUSES = ("happened", "ongoing", "planned", "cancelled", "denied")
_KINDS = {"PER": 0, "LOC": 1, "ORG": 2, "MISC": 3}
_KEPT = 40_000  # forms kept before all are learned anew, so that no archive fills the memory
_FAR = 60  # tokens: a mark that never comes stands this far behind the text

#: Marks and words whose next and last place, and whose number between two tokens, count.
MASKS = (
    "that", "open", "close", "colon", "comma", "stop", "clause", "relative", "cue", "verb", "preposition", "attached",
    "name", "source", "role", "time", "venue", "adverbial", "line",
)  # fmt: skip
WORD_KINDS = ("cue", "verb", "preposition", "attached", "role")
_NEXT = [MASKS.index(name) for name in MASKS if name not in {"close", "line"}]
_LAST = [
    MASKS.index(name)
    for name in ("that", "open", "close", "comma", "stop", "relative", "cue", "verb", "name", "role", "source", "colon", "clause")
]  # fmt: skip
_BETWEEN = [
    MASKS.index(name)
    for name in ("comma", "that", "open", "close", "stop", "colon", "cue", "verb", "name", "clause", "relative", "source", "preposition", "role")
]  # fmt: skip
_COMMA, _CLOSE, _CUE, _CLAUSE, _SOURCE = (MASKS.index(n) for n in ("comma", "close", "cue", "clause", "source"))
_THAT, _OPEN = MASKS.index("that"), MASKS.index("open")
PAIR = 21 + len(_BETWEEN)  # numbers of a pair of tokens
SPAN = 19  # numbers of a content


def short(distance: Any) -> Any:
    """Distances in tokens as small numbers: the first tokens count most."""
    distance = np.asarray(distance, np.float32)
    return np.sign(distance) * np.log1p(np.minimum(np.abs(distance), 200)) / 3


def short_of(distance: float) -> float:
    """As `short`, of one distance."""
    return copysign(log1p(min(abs(distance), 200)) / 3, distance)


class WordFeatures:
    """The numbers of word forms, one row a form; the rows of forms seen are kept.

    `vectors` holds one row for each form that `forms` numbers: how the form is used (float32, scaled).
    """

    def __init__(self, lexicon: Lexicon, forms: dict[str, int], vectors: Any) -> None:
        self._lexicon, self._forms, self._vectors = lexicon, forms, vectors
        self._none = np.zeros(vectors.shape[1], np.float32)
        self.size = len(self._grammar(lexicon.word("قال"))) + len(_FRAMES) + len(STANCES) + vectors.shape[1]

    def row(self, word: Word) -> Any:
        """The numbers of one form: its grammar, what it takes as a cue, how it is used."""
        frames: set[str] = set()
        stances: set[str] = set()
        for cue in word.cues:
            frames |= cue.frames
            stances.add(cue.stance)
        cue_row = [float(frame in frames) for frame in _FRAMES] + [float(stance in stances) for stance in STANCES]
        number = self._forms.get("0" if word.raw[0].isdigit() else word.core)
        if number is None:
            number = self._forms.get(word.form)
        vector = self._vectors[number] if number is not None else self._none
        return np.concatenate([np.array(self._grammar(word) + cue_row, np.float32), vector])

    def _grammar(self, word: Word) -> list[float]:
        parts = {cue.part for cue in word.cues}
        cue = word.cues[0] if word.cues else None
        kind = word.role.kind if word.role is not None else ""
        row = [letter in word.prefix for letter in _PARTICLES]
        row += [part in parts for part in _PARTS]
        row += [
            cue is not None and cue.suffix != "",
            cue is not None and cue.number != "s",
            cue is not None and cue.gender == "f",
        ]
        row += [kind == known for known in _ROLES] + [word.role is not None and word.role.relational]
        row += [word.core.endswith(ending) for ending in _ENDINGS]
        row += [word.form.startswith(beginning) for beginning in _BEGINNINGS]
        counts = [min(len(word.form), 10) / 10, np.log1p(self._lexicon.counts.get(word.form, 0)) / 12]
        last = [word.form in _PREPOSITIONS, bool(word.triggers), *(word.form == form for form in _PREPOSITIONS)]
        named = {trigger.type for trigger in word.triggers}
        last += [kind in named for kind in TYPES]
        last += [any((trigger.part == "noun") is noun for trigger in word.triggers) for noun in (True, False)]
        return [float(x) for x in [*row, *counts, *last, *self._written(word)]]

    def _written(self, word: Word) -> list[bool]:
        """What folding takes away, and whether the tables of names and words know the form."""
        lexicon, written = self._lexicon, word.raw[word.cut :]
        tables: list[Container[str]] = [lexicon.outlet_starts, lexicon.countries, lexicon.governments]
        known = [*tables, *(lexicon.lists[n] for n in _LISTS)]
        return [
            written[:1] in "أإآ", word.raw.endswith("ة"), word.raw.endswith("ى"), word.raw.endswith(_TANWEEN),
            _SHADDA in word.raw, _DAMMA in word.raw[:4], "_" in word.raw, *(word.core in table for table in known),
        ]  # fmt: skip


def kinds_of(word: Word) -> tuple[bool, ...]:
    """Whether a form is one of `WORD_KINDS`."""
    parts = {cue.part for cue in word.cues}
    attached = "ب" in word.prefix or "ل" in word.prefix
    return (
        bool(word.cues), bool(parts & {"past", "present"}), word.form in _PREPOSITIONS, attached, word.role is not None,
    )  # fmt: skip


class Columns:
    """Columns of numbers over the tokens of a page.

    `before[i]`, `after[i]`: the last token before and the first behind token i of each of `MASKS`;
    `seen[i]`: how many of each stand before token i (one row more than tokens); `marks[i]`: which of them token i is.
    `first[i]`, `last[i]`: the sentence of token i, `last` exclusive; `opened[i]`: the quotation mark that token i
    closes, or -9.
    """

    def __init__(self, page: Page, spots: Spots, kinds: Any) -> None:
        size = self.size = len(page)
        self.page = page
        flags = np.array(page.flags, np.int64)
        at = np.arange(size)
        names = np.zeros((size, 5), np.float32)
        for first, last, kind in spots.all:
            names[first:last, _KINDS[kind]] = 1
            names[first, 4] = 1
        self.quote = np.array(page.quote_of, np.int64)
        self._divide(page)
        self.marks = self._marks(flags, kinds, names[:, 4] > 0)
        far = size + _FAR
        after = np.minimum.accumulate(np.where(self.marks, at[:, None], far)[::-1])[::-1]
        self.after = np.vstack([after[1:], np.full((1, len(MASKS)), far)])
        before = np.maximum.accumulate(np.where(self.marks, at[:, None], -_FAR))
        self.before = np.vstack([np.full((1, len(MASKS)), -_FAR), before[:-1]])
        self.seen = np.vstack([np.zeros((1, len(MASKS)), np.int64), np.cumsum(self.marks, axis=0)])
        self._between = np.ascontiguousarray(self.seen[:, _BETWEEN].astype(np.int32))
        self.opened = np.full(size + 1, -9, np.int64)
        left_open = np.zeros(size, bool)
        self.closed = np.full(size, -9, np.int64)
        for opening, closing in page.quotes.close.items():
            self.closed[opening] = min(closing, size)
            if closing < size:
                self.opened[closing] = opening
        left_open[list(page.left_open)] = True
        self.candidates = self._candidates(flags)
        brackets = np.cumsum([(w.raw == "(") - (w.raw == ")") for w in page.words]) > 0
        place = (
            self.quote >= 0, self.headline, self.line == 0, at == self.first, at + 1 == self.last, left_open, brackets,
            at < size / 8, at > size * 7 / 8,
        )  # fmt: skip
        self.here = np.hstack([(flags[:, None] & _BITS) != 0, names, np.stack(place, axis=1)]).astype(np.float32)

    def _divide(self, page: Page) -> None:
        firsts, lasts = np.array(page.sentences).T
        before, lengths = firsts[0], np.diff(np.append(firsts, self.size))  # a sentence has what stands up to the next
        self.sentence, self.first, self.last = (
            np.concatenate([np.full(before, else_), np.repeat(own, lengths)])
            for own, else_ in ((np.arange(len(firsts)), 0), (firsts, 0), (lasts, self.size))
        )
        begins = [first for first, _ in page.lines]
        lengths = np.diff(np.append(begins, self.size))
        self.line = np.repeat(np.arange(len(begins)), lengths)
        self.headline = np.repeat([page.is_headline(line) for line in page.lines], lengths)

    def _marks(self, flags: Any, kinds: Any, name: Any) -> Any:
        """Which of `MASKS` each token is: (tokens, masks), bool."""
        known = {
            "that": w.THAT, "open": w.OPEN, "close": w.CLOSE, "colon": w.COLON, "comma": w.COMMA, "stop": w.STOP,
            "clause": w.CLAUSE, "relative": w.RELATIVE, "source": w.SOURCE, "time": w.TIME, "venue": w.VENUE,
            "adverbial": w.ADVERBIAL, "line": w.LINE,
        }  # fmt: skip
        made = {mask: (flags & flag) != 0 for mask, flag in known.items()}
        made |= {kind: kinds[:, number] for number, kind in enumerate(WORD_KINDS)} | {"name": name}
        return np.stack([made[mask] for mask in MASKS], axis=1)

    def _candidates(self, flags: Any) -> Any:
        """Tokens that may report: forms of a cue, source words, colons that are no clock's."""
        colon = (flags & w.COLON) != 0
        for at in np.flatnonzero(colon):
            clock = 0 < at < self.size - 1 and flags[at - 1] & w.NUMBER and flags[at + 1] & w.NUMBER
            colon[at] = 0 < at < self.size - 2 and not clock
        return np.flatnonzero(self.marks[:, _CUE] | ((flags & w.SOURCE) != 0) | colon)

    def of_cues(self, at: Any) -> Any:
        """The numbers of reporting words at tokens `at`: distances to marks and counts up to the next أن and quotation."""
        first, last = self.first[at], self.last[at]
        after, before = self.after[at][:, _NEXT], self.before[at][:, _LAST]
        row = [
            short(after - at[:, None]), after < last[:, None], short(at[:, None] - before), before >= first[:, None],
            short(at - first)[:, None], short(last - at)[:, None], (at / self.size)[:, None],
        ]  # fmt: skip
        for mask in (_THAT, _OPEN):
            end = np.clip(np.minimum(self.after[at][:, mask], last), at + 1, self.size)
            row.append(np.minimum(self.seen[end] - self.seen[at + 1], 4) / 2)
        return np.hstack(row).astype(np.float32)

    def of_pairs(self, anchor: Any, at: Any) -> Any:
        """The numbers of pairs of tokens: how far `at` is from `anchor`, and what stands between. Shape (pairs, PAIR)."""
        size = self.size
        between = self._between[np.maximum(anchor, at)] - self._between[np.minimum(np.minimum(anchor, at) + 1, size)]
        before, behind = np.maximum(at - 1, 0), np.minimum(at + 1, size - 1)
        opened, quote, quote_of_anchor = self.opened[behind], self.quote[at], self.quote[anchor]
        distance, sentences = at - anchor, self.sentence[at] - self.sentence[anchor]
        following = self.after[at]
        columns = (
            short(distance), distance > 0, distance == 1, distance == -1, np.minimum(np.abs(distance), 10) / 5,
            sentences == 0, self.line[anchor] == self.line[at], np.clip(sentences, -3, 3) / 2,
            quote_of_anchor == quote, quote >= 0, (quote == before) & (quote >= 0), (quote > quote_of_anchor) & (quote >= 0),
            (opened >= 0) & (opened <= anchor), (opened == anchor - 1) & (opened >= 0),
            self.first[at] == at, self.last[at] == at + 1, following[:, _COMMA] == at + 1, following[:, _CLOSE] == at + 1,
            following[:, _CUE] == at + 1, following[:, _CLAUSE] == at + 1, following[:, _SOURCE] == at + 1,
        )  # fmt: skip
        row = np.empty((PAIR, len(at)), np.float32)
        for number, column in enumerate(columns):
            row[number] = column
        row[len(columns) :] = np.clip(between, 0, 5).T
        row[len(columns) :] /= 2
        return row.T

    def of_contents(self, first: Any, last: Any, cue: Any) -> Any:
        """The numbers of contents from tokens `first` to `last`, both in it, of the cues at `cue`. Shape (contents, SPAN)."""
        before, behind = np.maximum(first - 1, 0), np.minimum(last + 1, self.size - 1)
        opens = self.seen[last + 1, _OPEN] - self.seen[first, _OPEN]
        mark = {name: self.marks[:, MASKS.index(name)] for name in ("open", "close", "colon", "that")}
        inside = self.quote[first]
        return np.stack([
            mark["open"][before], mark["open"][first], mark["close"][behind], mark["close"][last],
            opens == 0, opens == 1, opens > 1, inside >= 0, self.quote[last] >= 0,
            (inside == self.quote[last]) & (inside >= 0), self.opened[behind] == before, self.closed[first] == last,
            mark["colon"][before], mark["that"][before], short(last - first), self.quote[cue] >= 0, mark["colon"][cue],
            self.headline[first], self.first[first] == first,
        ], axis=1).astype(np.float32)  # fmt: skip
