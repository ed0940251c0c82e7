"""Folding: one spelling for the many ways in which an Arabic word is written.

Folded text may be matched, never quoted: `fold_map` owns the way back to the original.
"""

from __future__ import annotations

import re
import unicodedata

#: Written or left out without changing the word: vowel signs, Quranic signs, tatweel,
#: zero-width and bidirectional controls.
INVISIBLE = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u061c"
SIGNS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"
_DROPPED = re.compile(f"[{SIGNS}{INVISIBLE}]")
_LETTERS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",  # Persian yeh, common in copied text
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ھ": "ه",
        "ہ": "ه",
        **{chr(0x0660 + d): str(d) for d in range(10)},
        **{chr(0x06F0 + d): str(d) for d in range(10)},
    }
)


def fold(text: str) -> str:
    """Return text as it is compared: no signs, one form per letter family, ASCII digits, lower case."""
    if text.isascii():
        return text.lower()
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS).lower()


def fold_map(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the offset in `text` it came from.

    The list has one entry more than the folded text: its last is `len(text)`, so the folded
    slice `[i:j]` stands in the original at `[offsets[i]:offsets[j]]` (for j > i).
    """
    whole = fold(text)
    if len(whole) == len(text) and unicodedata.is_normalized("NFKC", text) and not _DROPPED.search(text):
        return whole, list(range(len(text) + 1))
    folded: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        piece = fold(char)
        folded.append(piece)
        offsets.extend([at] * len(piece))
    offsets.append(len(text))
    return "".join(folded), offsets
