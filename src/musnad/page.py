"""A text laid out for reading: words, sentences, paragraphs, quotations. Every stage works on it, none alters it."""

from __future__ import annotations

from bisect import bisect_right

from musnad.lexicon import Lexicon, Word
from musnad.lexicon.word import ADVERBIAL, CLOSE, COLON, DASH, LATIN, LINE, OPEN, PREPOSITION, STOP, THAT, VENUE
from musnad.text.quotes import RUN, Pairs, pair_quotes
from musnad.text.tokens import tokenize

_BRACKETED = 5  # tokens from which brackets can hold speech
_INITIALS = 3  # letters of a name spelt out letter by letter
_DATELINE = 14  # tokens
_HEADLINE = 30  # words; a longer line without a full stop is an unpunctuated paragraph


class Page:
    """Token columns of one text (`words[i]` stands at `text[start[i]:end[i]]`) and what groups them.

    `sentences` are (first, last + 1) token ranges, full stop left out, in order. A full stop within a
    closed quotation ends no sentence. `quote_of[i]` is the opening mark of the innermost quotation
    that holds token i, or -1.
    """

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        tokens = tokenize(text)
        self.start, self.end = tokens.start, tokens.end
        look_up = lexicon.word
        self.words: list[Word] = _split_by_context([look_up(raw) for raw in tokens.raw], lexicon)
        self.flags: list[int] = [word.flags for word in self.words]
        self.quotes: Pairs = pair_quotes(tokens.raw, self.start, self.end)
        self._add_brackets()
        for opening, closing in self.quotes.close.items():  # what a mark does here, however it looks
            self.flags[opening] = self.flags[opening] & ~CLOSE | OPEN
            self.flags[closing] = self.flags[closing] & ~OPEN | CLOSE
        self._tell_apart_ali()
        self._tell_apart_names_with_in()
        self._run_on()
        self.quote_of = self._quote_of()
        self.sentences: list[tuple[int, int]] = []
        self.lines: list[tuple[int, int]] = []
        self._divide()
        self._firsts = [first for first, _ in self.sentences]

    def __len__(self) -> int:
        return len(self.words)

    def sentence_of(self, at: int) -> tuple[int, int]:
        """The sentence that holds token `at`, or the last before it."""
        return self.sentences[self.sentence_number(at)]

    def sentence_number(self, at: int) -> int:
        """The number, from 0, of the sentence that holds token `at`."""
        return max(bisect_right(self._firsts, at) - 1, 0)

    def is_headline(self, line: tuple[int, int]) -> bool:
        """A line that is set apart: first of the text, or short and without a full stop."""
        first, last = line
        if last - first > _HEADLINE or last <= first:
            return False
        return not self.flags[last - 1] & STOP and not any(
            self.words[i].raw == "." and i + 1 < last and self.words[i + 1].raw != "." and self.words[i - 1].raw != "."
            for i in range(first, last)
        )

    def token_at(self, offset: int) -> int:
        """The token that begins at or after a character offset."""
        at = bisect_right(self.start, offset) - 1
        return at if at >= 0 and self.end[at] > offset else at + 1

    def _add_brackets(self) -> None:
        """Take long brackets right behind a verb of saying, or before «إن», for quotation marks: وقال البيان (إن …)."""
        if "(" not in self.text and "{" not in self.text:
            return
        opened: list[int] = []
        for at, word in enumerate(self.words):
            if word.raw == "\n":
                self._leave_open(opened)
                opened = []
            elif word.raw in "({":
                if self._says(at):
                    self._leave_open(opened)  # somebody speaks again before the bracket closes
                opened.append(at)
            elif word.raw in ")}" and opened:
                first = opened.pop()
                said = (first > 0 and bool(self.flags[first - 1] & COLON)) or self._says(first)
                if said and at - first > _BRACKETED and not opened:
                    self.quotes.close[first] = at
        self._leave_open(opened)

    def _says(self, bracket: int) -> bool:
        """Whether a bracket stands before «إن», or in the second place behind a verb of saying."""
        if bracket + 1 >= len(self.words):
            return False
        verb = self.words[bracket - 2] if bracket > 1 else None
        told = verb is not None and any(cue.part == "past" and "quote" in cue.frames for cue in verb.cues)
        return bool(self.words[bracket + 1].flags & THAT) or told

    def _leave_open(self, brackets: list[int]) -> None:
        self.quotes.unclosed.extend(bracket for bracket in brackets if self._says(bracket))
        brackets.clear()

    def _tell_apart_ali(self) -> None:
        """Where a text writes the preposition على, its «علي» is the name Ali."""
        if any(word.raw == "على" for word in self.words):
            for at, word in enumerate(self.words):
                if word.raw == "علي":
                    self.flags[at] &= ~(PREPOSITION | ADVERBIAL)

    def _tell_apart_names_with_in(self) -> None:
        """«سي إن إن»، «مون جيه إن»: parts of a name, and no complementisers."""
        words, korean = self.words, self.lexicon.lists["korean"]
        for at in [i for i, flags in enumerate(self.flags) if flags & THAT and words[i].form == "ان" and i]:
            before = at - 1 - (words[at - 1].raw == "-" and at > 1)
            if words[before].form in korean:
                self.flags[at] &= ~THAT
            elif words[at - 1].core == "سي" and at + 1 < len(words) and words[at + 1].form == "ان":
                self.flags[at] &= ~THAT
                self.flags[at + 1] &= ~THAT

    def _run_on(self) -> None:
        """Give marks left open their end: the next lone closing mark, or the end of the line."""
        close, size = self.quotes.close, len(self.words)
        unclosed, stray = sorted(self.quotes.unclosed), self.quotes.stray
        lone = set(unclosed)
        anew = [*sorted(i for i in close if i and self.flags[i - 1] & COLON), size]
        line_ends = [i for i, flags in enumerate(self.flags) if flags & LINE] + [size]
        for opening, another in zip(unclosed, [*unclosed[1:], size], strict=False):
            next_stray = bisect_right(stray, opening)
            spoken = anew[bisect_right(anew, opening)]  # somebody speaks again before the lone mark
            if next_stray < len(stray) and stray[next_stray] < min(another, spoken, opening + RUN):
                close[opening] = stray[next_stray]
            else:
                close[opening] = min(line_ends[bisect_right(line_ends, opening)], another)
        for opening in unclosed:
            self.flags[opening] = self.flags[opening] & ~CLOSE | OPEN
        self.left_open = {o for o in unclosed if close[o] >= size or self.flags[close[o]] & LINE or close[o] in lone}
        self.opening_of = {closing: opening for opening, closing in close.items()}

    def _quote_of(self) -> list[int]:
        """The opening mark of the innermost quotation around each token; -1 outside."""
        close = self.quotes.close
        holder = [-1] * len(self.words)
        opened: list[int] = []
        for at in range(len(holder)):
            while opened and close[opened[-1]] <= at:
                opened.pop()
            if opened:
                holder[at] = opened[-1]
            if at in close:
                opened.append(at)
        return holder

    def _divide(self) -> None:
        first = line_first = 0
        for at, flags in enumerate(self.flags):
            if not flags & STOP:
                if at > line_first and at - line_first <= _DATELINE and self._ends_dateline(line_first, at):
                    if at > first:
                        self.sentences.append((first, at))
                    first = at + 1
                continue
            if flags & LINE:
                self.lines.append((line_first, at))
                line_first = at + 1
            elif self.quote_of[at] >= 0 or self._abbreviates(at):
                continue
            if at > first:
                self.sentences.append((first, at))
            first = at + 1
        if first < len(self.words):
            self.sentences.append((first, len(self.words)))
        self.lines.append((line_first, len(self.words)))
        if not self.sentences:
            self.sentences.append((0, len(self.words)))

    def _ends_dateline(self, first: int, at: int) -> bool:
        """«دبي (CNN) -- …»، «سبق - الوكالات: قالت …»: the line of place and agency before the first sentence."""
        flags = self.flags[at]
        if flags & DASH:
            return self.words[at - 1].raw == ")" or bool(self.flags[at - 1] & (LATIN | DASH))
        if flags & COLON and at + 1 < len(self.words):
            after = self.words[at + 1]
            return any(self.flags[i] & DASH for i in range(first, at)) and bool(after.cues) and after.role is None
        return False

    def _abbreviates(self, at: int) -> bool:
        """A stop after a single letter (د. محمد) or tight between words (العربية.نت)."""
        if self.words[at].raw != "." or at == 0:
            return False
        before = self.words[at - 1]
        tight = at + 1 < len(self.words) and self.end[at] == self.start[at + 1]
        if (len(before.raw) == 1 and before.raw.isalpha()) or before.raw in self.lexicon.lists["letters"]:
            return True
        if tight and len(before.raw) <= _INITIALS and len(self.words[at + 1].raw) <= _INITIALS:
            spelt = self.end[at - 1] == self.start[at] and not self.words[at + 1].cues  # إن.بي.سي
            self.flags[at - 1] &= ~THAT if spelt else -1
            return spelt
        return tight and before.raw.isascii() and before.raw.isalpha()


def _split_by_context(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """Split a particle off a form that no table knows where the text itself has the rest as a word (وزيلينسكي), or where
    an occasion stands before it.
    """
    forms = {word.form for word in words}
    again: dict[str, Word] = {}
    for word in set(words):
        form = word.form
        if len(form) > 4 and form[0] in "وفبل" and not word.prefix and form[1:] in forms and not lexicon.is_known(form):
            again[word.raw] = lexicon.split(word.raw, form[0])
    split = [again.get(word.raw, word) for word in words] if again else words
    for at in range(1, len(split)):
        word = split[at]
        unknown = not word.prefix and word.form[:1] == "ل" and len(word.form) > 4 and not lexicon.counts.get(word.form)
        if unknown and split[at - 1].flags & VENUE and not lexicon.is_known(word.form):
            split[at] = lexicon.split(word.raw, "ل")  # «في تصريح لهسبريس»
    return split
