"""Attached particles: the readings of a folded word as prefix + word.

Arabic writes و، ف، ب، ل، ك، س and the article ال onto the word that follows. What a prefix
is can only be told by knowing the word, so this module gives the candidates, shortest prefix
first, and whoever knows the words decides.
"""

from __future__ import annotations

CONJUNCTIONS = ("و", "ف")
PREPOSITIONS = ("ب", "ل", "ك")
_SHORTEST = 2  # letters that must be left


def readings(form: str) -> tuple[tuple[str, str], ...]:
    """Return (prefix, word) for a folded form, the whole form first.

    The article belongs to the word: `والرئيس` gives ("و", "الرئيس"), and `للرئيس` gives ("ل", "الرئيس").
    """
    found = [("", form)]
    starts = [("", form)]
    if form[:1] in CONJUNCTIONS and len(form) - 1 >= _SHORTEST:
        starts.append((form[0], form[1:]))
        found.append(starts[-1])
    for prefix, rest in starts:
        if rest[:1] in PREPOSITIONS:
            if rest.startswith("لل") and len(rest) > 3:
                found.append((prefix + "ل", "ال" + rest[2:]))
            if len(rest) - 1 >= _SHORTEST:
                found.append((prefix + rest[0], rest[1:]))
    return tuple(found)


def without_article(word: str) -> str:
    """Return a folded word without ال, as far as three letters are left."""
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def definite(form: str) -> str:
    """Return the definite word that a form hides behind particles: الأمم of للأمم, والأمم, بالأمم; any other form as it is."""
    return next((word for prefix, word in readings(form) if prefix and word != without_article(word)), form)


def bare(form: str) -> str:
    """Return a folded form without conjunction, preposition and article, as far as three letters are left."""
    word = form
    if word[:1] in CONJUNCTIONS and len(word) > 4:
        word = word[1:]
    for prefix in ("بال", "كال", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word
