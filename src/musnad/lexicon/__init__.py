"""The knowledge of words, read from the tables in `data/`, asked one written form at a time."""

from musnad.lexicon.lexicon import Lexicon
from musnad.lexicon.word import Cue, Role, Trigger, Word

__all__ = ["Cue", "Lexicon", "Role", "Trigger", "Word"]
