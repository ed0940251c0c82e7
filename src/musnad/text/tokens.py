"""Words and marks of a text, with their offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

from musnad.text.fold import INVISIBLE, SIGNS

_LETTERS = rf"(?:[^\W_]|[{SIGNS}])+"
_WORD = rf"{_LETTERS}(?:[{INVISIBLE}]+{_LETTERS})*"
# Numbers keep their separators, initials and decades (U.S., 1.4) stay whole only when they are digits.
_TOKEN = re.compile(rf"\d+(?:[.,٫٬]\d+)+|{_WORD}|[^\s\w#{INVISIBLE}{SIGNS}]|\n")


class Tokens(NamedTuple):
    """The tokens of a text in three lists of one length: written form, start, end (code points, end exclusive).

    A line break is a token of its own; other white space, invisible controls and what makes a
    hashtag (# and _) are none: #حزب_الله is two words.
    """

    raw: list[str]
    start: list[int]
    end: list[int]


def tokenize(text: str) -> Tokens:
    raw: list[str] = []
    start: list[int] = []
    end: list[int] = []
    for match in _TOKEN.finditer(text):
        raw.append(match.group())
        a, b = match.span()
        start.append(a)
        end.append(b)
    return Tokens(raw, start, end)
