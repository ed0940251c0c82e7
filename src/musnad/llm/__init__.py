"""The careful reader: a language model reads, and what it says stands only with its words in the article (docs/llm.md)."""

from musnad.llm.reader import LlmReader
from musnad.llm.settings import Settings, load

__all__ = ["LlmReader", "Settings", "load"]
