"""Descriptions that name nobody: «الوزير»، «مصدر أمني»، «البيان» denote somebody else in every article."""

from __future__ import annotations

from musnad.lexicon import Lexicon
from musnad.lexicon import word as w
from musnad.text.tokens import tokenize

_ADDED = w.VENUE | w.TITLE_ADJECTIVE | w.REFERENCE | w.PRONOUN | w.PREPOSITION | w.NUMBER


def is_description(name: str, lexicon: Lexicon) -> bool:
    """Whether a party is known by nothing but nouns for what it is: an unnamed source, or roles alone."""
    words = [lexicon.word(raw) for raw in tokenize(name).raw if raw[0].isalnum()]
    head = words[0].role if words else None
    if head is not None and head.kind == "unnamed":
        return True
    speaks_for = lexicon.lists["speaks_for"]
    return all(word.role is not None or word.flags & _ADDED or word.form in speaks_for for word in words)
