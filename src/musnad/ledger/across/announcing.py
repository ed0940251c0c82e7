"""Whether the words around an event announce it, and for which day.

The status of an event is read from all of its article; its sentence says more surely whether it is still to come.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import Any, NamedTuple

from musnad.ledger.across.verbs import alone, is_future, they_do
from musnad.lexicon import Lexicon
from musnad.lexicon.word import CLOSE, COLON, FUNCTION, OPEN
from musnad.text.clitics import definite, without_article
from musnad.text.tokens import tokenize

_BEFORE, _BEHIND = 6, 3  # words around one that names an event
_CLOSE = 3  # words
_REACH = 14  # words between one that names an event and its day
_END = re.compile(r"[.!?؟\n]")
_QUOTES = OPEN | CLOSE | COLON


class PlacedWords(NamedTuple):
    """The words of a sentence, folded and without «و» and «ف» before them, and where they begin."""

    words: list[str]
    starts: list[int]

    def at(self, place: int) -> int:
        """The number of the word at a character of the text."""
        return max((n for n, start in enumerate(self.starts) if start <= place), default=0)


@lru_cache(maxsize=64)  # the same sentence is asked for its announcement, its day and what calls it off
def sentence_of(text: str, place: int, lexicon: Lexicon) -> PlacedWords:
    """Return the sentence in which a character of a text stands."""
    begin = max((found.end() for found in _END.finditer(text, 0, place)), default=0)
    stop = _END.search(text, place)
    tokens = tokenize(text[begin : stop.start() if stop else len(text)])
    words = [alone(raw, lexicon) for raw in tokens.raw]
    return PlacedWords(words, [begin + start for start in tokens.start])


def announced_at(event: dict[str, Any], text: str, lexicon: Lexicon) -> int | None:
    """Return where the word stands that names an event and is announced; None where no word is.

    Rule "announced": «القمة المقررة», «من المقرر أن يلتقي», «سيعقد المجلس جلسة», «محادثات في الأسبوع المقبل». Not «قال خلال لقاء
    صحفي: سنجري الانتخابات في يونيو»: nothing beside the meeting says that it is to come; nor «اعتقل في 9 نيسان من ذلك العام».
    """
    return next((start for start, _ in event["triggers"] if _announces(event, text, start, lexicon)), None)


def is_called_off(event: dict[str, Any], text: str, lexicon: Lexicon) -> bool:
    """Rule "called off": «إلغاء زيارة», «ألغى الرئيس زيارته», «القمة ألغيت»; not «تأجل الاجتماع وسط احتجاجات»."""
    return _stands_beside(event, text, lexicon, lexicon.lists["cancelled"] | lexicon.lists["postpones"])


def is_put_off(event: dict[str, Any], text: str, lexicon: Lexicon) -> bool:
    """Rule "put off": «تأجيل الزيارة» beside an event that is called off; not «إلغاء الزيارة»."""
    return _stands_beside(event, text, lexicon, lexicon.lists["postpones"])


def _stands_beside(event: dict[str, Any], text: str, lexicon: Lexicon, wanted: frozenset[str]) -> bool:
    """Whether one of some words stands close before a word that names an event, with no particle between, or close behind it."""
    for start, _ in event["triggers"]:
        sentence = sentence_of(text, start, lexicon)
        words, at = sentence.words, sentence.at(start)
        close = words[max(0, at - _CLOSE) : at][::-1]
        before = takewhile(lambda word: not lexicon.word(word).flags & FUNCTION, close)
        if not wanted.isdisjoint([*before, *words[at + 1 : at + _CLOSE]]):
            return True
    return False


def own_day(event: dict[str, Any], text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """Return the first and last day of an event, where they stand beside a word that names it.

    Rule "its own day": «قمة في 12 حزيران»; not «ستحظر التجمعات قبل الانتخابات المقررة في حزيران», the day of the elections, nor
    «في لقاء صحفي: ننتخب في 24 يونيو», the day in what is said there.
    """
    date = event["date"]
    if not date:
        return None
    day = date["span"][0]
    near = any(_is_beside(sentence_of(text, start, lexicon), start, day, lexicon) for start, _ in event["triggers"])
    return (date["start"], date["end"]) if near else None


def _announces(event: dict[str, Any], text: str, start: int, lexicon: Lexicon) -> bool:
    sentence = sentence_of(text, start, lexicon)
    words, at = sentence.words, sentence.at(start)
    before, ahead = words[max(0, at - _BEFORE) : at], lexicon.lists["ahead"]
    if not ahead.isdisjoint([*before, *words[at + 1 : at + 1 + _BEHIND]]):
        return True
    if any(is_future(word, lexicon) for word in [*before, words[at]]):
        return True
    date = event["date"]
    if not date or not _is_beside(sentence, start, date["span"][0], lexicon):
        return False
    first, last = sentence.at(date["span"][0]), sentence.at(date["span"][1] - 1)
    return they_do(words[at], lexicon) or not ahead.isdisjoint(words[first : last + 2])


def _is_beside(sentence: PlacedWords, start: int, day: int, lexicon: Lexicon) -> bool:
    """Whether a day stands within reach of a word in its sentence, and belongs to nothing between them."""
    if not sentence.starts or not sentence.starts[0] <= day <= sentence.starts[-1]:
        return False
    first, last = sorted((sentence.at(start), sentence.at(day)))
    between = sentence.words[first + 1 : last]
    if len(between) > _REACH or any(lexicon.word(word).flags & _QUOTES for word in between):
        return False
    return day < start or not _has_another(between, lexicon)


def _has_another(between: list[str], lexicon: Lexicon) -> bool:
    """Whether something else is named between an event and a day that has that day: «الانتخابات المقررة في», «قبل انتخابات»;
    not «القمة التاريخية المقررة في», «قبل نهاية الشهر» directly before the day."""
    lists = lexicon.lists
    for at, word in enumerate(between):
        if word in lists["around_another"] and at + 1 < len(between):
            return True
        if (
            word in lists["scheduled"]
            and at
            and _is_definite(between[at - 1])
            and not all(map(_is_definite, between[:at]))
        ):
            return True
    return False


def _is_definite(word: str) -> bool:
    """Whether a folded word has the article, bare or behind a particle: «الانتخابات», «للانتخابات»."""
    whole = definite(word)
    return whole != without_article(whole)
