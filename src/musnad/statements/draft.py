"""A statement in the making: token positions, filled in stage by stage."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import Any

Tokens = tuple[int, int]  # first, last + 1


@dataclass(slots=True)
class Draft:
    """What is known so far of one statement. Content is in characters, all else in tokens."""

    cue_at: int  # token of the cue; of a headline, its colon; -1 for a quotation that goes on
    stance: str
    content: list[tuple[int, int]]
    kind: str = "indirect"
    _: KW_ONLY
    begin: int = -1  # where its content begins, marks and all
    speaker: Tokens | None = None  # the mention in the cue's own clause
    speaker_name: str | None = None
    addressee: Tokens | None = None
    sources: list[Tokens] = field(default_factory=list)
    within: int = -1  # index of the draft that holds it
    voice: Tokens | None = None  # the party, here or earlier, that the name was taken from
    antecedents: list[tuple[Tokens, float]] = field(default_factory=list)  # mentions before the cue, with their shares
    shares: dict[str, float] = field(default_factory=dict)  # how likely each decision was
    confidence: float = 0.9
    scored: dict[str, Any] = field(default_factory=dict)  # the candidates of all cues decided with it, by decision
    number: int = -1  # its own among these cues
    #: What stood against whoever speaks, where the clause does not say.
    asked: dict[str, Any] = field(default_factory=dict)
