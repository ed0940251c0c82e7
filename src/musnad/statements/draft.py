"""A statement in the making: token positions, filled in stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from musnad.lexicon import Cue

Tokens = tuple[int, int]  # first, last + 1


class Opening(NamedTuple):
    """Where a content opens: its kind (that, quote, colon, phrase, bare), first content token, end of the cue's region.

    `cut` is the number of characters of the first token that are an attached preposition.
    """

    frame: str
    first: int
    region_end: int
    cut: int = 0


@dataclass(slots=True)
class Draft:
    """What is known so far of one statement. Content is in characters, all else in tokens."""

    cue_at: int  # token of the cue; of a headline, its colon; -1 for a quotation that goes on
    cue: Cue | None
    stance: str
    content: list[tuple[int, int]] = field(default_factory=list)
    frame: str = "that"  # that, quote, colon, phrase, bare, before
    kind: str = "indirect"
    speaker: Tokens | None = None
    speaker_name: str | None = None
    addressee: Tokens | None = None
    sources: list[Tokens] = field(default_factory=list)
    within: int = -1  # index of the draft that holds it
    region: Tokens = (0, 0)  # between cue and content
    voice: Tokens | None = None  # the party, here or earlier, that the name was taken from
    freed: bool = False  # the newsroom's words, though they stand in quotation marks
    confidence: float = 0.9
