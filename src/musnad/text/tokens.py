"""Words and marks of a text, with their offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

from musnad.text.fold import INVISIBLE, SIGNS

_LETTERS = rf"(?:[^\W_]|[{SIGNS}])+"
_WORD = rf"{_LETTERS}(?:[{INVISIBLE}]+{_LETTERS})*"
# A title of one letter keeps its stop or stroke before a word (د. محمد، م/ أحمد، أ.د. سامي); particles are none.
_LETTER = r"[^\W\d_وفبلكس]"
_ABBREVIATED = rf"(?<![^\W_])(?<!\d\s){_LETTER}[./](?=[^\S\n]*(?:[^\W\d_]{{2}}|{_LETTER}[./][^\S\n]*[^\W\d_]{{2}}))"
# Numbers keep their separators, initials and decades (U.S., 1.4) stay whole only when they are digits.
_TOKEN = re.compile(rf"{_ABBREVIATED}|\d+(?:[.,٫٬]\d+)+|{_WORD}|[^\s\w#{INVISIBLE}{SIGNS}]|\n")


class Tokens(NamedTuple):
    """The tokens of a text in three lists of one length: written form, start, end (code points, end exclusive).

    A line break is a token of its own; other white space, invisible controls and what makes a
    hashtag (# and _) are none: #حزب_الله is two words.
    """

    raw: list[str]
    start: list[int]
    end: list[int]


def tokenize(text: str) -> Tokens:
    raw: list[str] = _TOKEN.findall(text)
    start: list[int] = []
    end: list[int] = []
    at = 0
    for token in raw:  # what stands between tokens can be no part of one, so the next occurrence is the token
        at = text.index(token, at)
        start.append(at)
        at += len(token)
        end.append(at)
    return Tokens(raw, start, end)
