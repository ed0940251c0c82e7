"""Quotation marks paired up, as newsrooms really type them: doubled, reversed, left open.

«…», “…” and straight marks are paired within a paragraph; a mark left open runs on to where
the words of somebody else begin, or is reported as unclosed.
"""

from __future__ import annotations

from typing import NamedTuple

_OPENING = {"«", "“", "„", "‟"}
_CLOSING = {"»", "”"}
_STRAIGHT = {'"'}
_MIRROR = {"«": "»", "»": "«"}
RUN = 400  # tokens after which a mark left open is not closed by a lone mark of another paragraph
MARKS = _OPENING | _CLOSING | _STRAIGHT


class Pairs(NamedTuple):
    """`close[i]` is the token that closes the mark at token i; `unclosed` and `stray` are marks without partner."""

    close: dict[int, int]
    unclosed: list[int]
    stray: list[int]


def pair_quotes(raw: list[str], start: list[int], end: list[int]) -> Pairs:
    """Pair the quotation marks among tokens; a line break ends every open pair."""
    close: dict[int, int] = {}
    unclosed: list[int] = []
    stray: list[int] = []
    stack: list[int] = []
    mirrored = _reversed(raw, start, end)
    if mirrored:
        raw = [_MIRROR.get(token, token) for token in raw]
    for at, token in enumerate(raw):
        if token == "\n":
            unclosed += stack
            stack = []
        elif token not in MARKS:
            continue
        elif stack and at == stack[-1] + 1 and token == raw[stack[-1]] and token in _MIRROR:
            continue  # a mark typed twice
        elif stack and _speaks_anew(at, raw, start, end, raw[stack[-1]], mirrored):
            unclosed.append(stack.pop())
            stack.append(at)
        elif _opens(at, token, raw, start, end, bool(stack) or _hangs(unclosed, at, raw), stack):
            stack.append(at)
        elif stack:
            close[stack.pop()] = at
        else:
            stray.append(at)
    unclosed += stack
    return Pairs(close, unclosed, stray)


def _reversed(raw: list[str], start: list[int], end: list[int]) -> bool:
    """Whether a text writes »…« for «…» throughout: more of its » open a word than close one."""
    balance = 0
    for at, token in enumerate(raw):
        if token in _MIRROR and 0 < at < len(raw) - 1:
            opens = end[at - 1] < start[at] and end[at] == start[at + 1]
            closes = end[at - 1] == start[at] and end[at] < start[at + 1]
            balance += (opens - closes) * (1 if token == "»" else -1)
    return balance > 1


def _speaks_anew(at: int, raw: list[str], start: list[int], end: list[int], standing: str, mirrored: bool) -> bool:
    """A mark right after a colon opens a quotation where one of its kind stands open: «قال: "… وأضاف: "…»"""
    if raw[at] == standing and at > 0 and raw[at - 1] == ":" and (mirrored or standing == "»"):
        return True
    straight = raw[at] in _STRAIGHT and standing in _STRAIGHT
    return straight and at > 0 and raw[at - 1] == ":" and at + 1 < len(raw) and end[at] == start[at + 1]


def _hangs(unclosed: list[int], at: int, raw: list[str]) -> bool:
    """Whether a straight mark of a paragraph before still waits for its partner: a quotation of several paragraphs."""
    return bool(unclosed) and at - unclosed[-1] < RUN and raw[unclosed[-1]] in _STRAIGHT


def _opens(
    at: int, token: str, raw: list[str], start: list[int], end: list[int], awaited: bool, stack: list[int]
) -> bool:
    space_before = at == 0 or end[at - 1] < start[at] or raw[at - 1] in {"\n", "(", "ـ", ":"}
    space_after = at + 1 == len(raw) or end[at] < start[at + 1] or not raw[at + 1][0].isalnum()
    if token in _STRAIGHT:
        # Inside an open straight pair a second mark closes it, unless it plainly opens a pair of its own.
        if stack and raw[stack[-1]] in _STRAIGHT:
            return False
        return not (space_after and not space_before and awaited)
    if token == "»" and at and raw[at - 1] == ":":
        return True  # «قال :» إن …»: the closing mark typed first
    if token == "«" and stack and raw[stack[-1]] == "»":
        return False
    if token in _OPENING:
        # «…« typed for «…»: the second has its word before it
        return not (stack and raw[stack[-1]] == token and not space_before and space_after)
    # »…» typed for «…»: the first has its word after it
    return not stack and not space_after and (space_before or raw[at - 1].endswith("ـ"))
