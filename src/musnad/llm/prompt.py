"""What a model is sent: the instructions, the article as material between marks, and once more what could not be used."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from musnad.llm.cache import Messages
from musnad.llm.notation import Refused
from musnad.record import Document

_MOST_AGAIN = 20  # lines that are asked for once more


@cache
def instructions() -> str:
    """The instructions; whoever alters them pays for every article again."""
    return resources.files("musnad.llm").joinpath("instructions.txt").read_text("utf-8")


def messages_of(document: Document, shown: str) -> Messages:
    """The messages that ask for what stands in `shown`, the article or a part of it.

    The lines around it bear a number that depends on it: no article can hold its own end.
    """
    number = hashlib.sha256(shown.encode()).hexdigest()[:12]
    published = f"Published on {document.published}." if document.published else "The day of publication is not known."
    article = f"{published}\n===== {number}\n{shown}\n===== {number}"
    return [{"role": "system", "content": instructions()}, {"role": "user", "content": article}]


def once_more(messages: Messages, reply: str, refused: list[Refused]) -> Messages:
    """The messages that ask for refused lines again, with the reasons."""
    lines = "\n".join(f"{one.text[:300]}\n  -> {one.reason}" for one in refused[:_MOST_AGAIN])
    ask = (
        "These lines could not be used. Write each of them again, corrected, with words copied exactly from the article, "
        f"or leave it out. Write no other line.\n{lines}"
    )
    return [*messages, {"role": "assistant", "content": reply}, {"role": "user", "content": ask}]
