"""Replies that are broken in what they say: each kind makes one of a recorded reply, by chance."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from importlib import resources

from checks import MARKER
from replay import Article

Kind = Callable[[random.Random, Article, list[Article]], str]
_STRANGE = ("\0", "\ud800", "\udfff", "\u202e", "\u2066", "\u200f", "\ufeff", "\x1b[2J", "\u2028", "\x85", "\x1c", "\uffff", "\U000e0041", "ﷺ", "ـ")  # fmt: skip
_MARKUP = (f"<script>alert('{MARKER}')</script>", f"<img src=x onerror={MARKER}>", "{{7*7}}", "'; DROP TABLE answers; --", "%n%s", "\\u0000", "[x](javascript:1)")  # fmt: skip
_NTH = ("@0", "@999", "@99999999999999999999", "@-1", "@2 @3", "@", "@١", "@1.5", "@@2", "@1")
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءىةأإآؤئ"


def _lines(article: Article) -> list[str]:
    return article.reply.splitlines()


def _of_fields(chance: random.Random, article: Article, alter: Callable[[list[str]], None]) -> str:
    """Alter the fields of most lines."""
    lines = []
    for line in _lines(article):
        fields = line[2:].split(" | ")
        if len(fields) > 1 and chance.random() < 0.7:
            alter(fields)
        lines.append(line[:2] + " | ".join(fields))
    return "\n".join(lines)


def cut(chance: random.Random, article: Article, _: list[Article]) -> str:
    return article.reply[: chance.randrange(1, len(article.reply) + 1)]


def shuffled(chance: random.Random, article: Article, _: list[Article]) -> str:
    lines = _lines(article)
    return "\n".join(chance.sample(lines, len(lines)))


def swapped(chance: random.Random, article: Article, _: list[Article]) -> str:
    def alter(fields: list[str]) -> None:
        one, other = chance.sample(range(len(fields)), 2)
        fields[one], fields[other] = fields[other], fields[one]

    return _of_fields(chance, article, alter)


def missing(chance: random.Random, article: Article, _: list[Article]) -> str:
    return _of_fields(chance, article, lambda fields: fields.__delitem__(chance.randrange(len(fields))))


def doubled_fields(chance: random.Random, article: Article, _: list[Article]) -> str:
    def alter(fields: list[str]) -> None:
        at = chance.randrange(len(fields))
        fields.insert(at, fields[at])

    return _of_fields(chance, article, alter)


def doubled_lines(chance: random.Random, article: Article, _: list[Article]) -> str:
    lines = _lines(article)
    return "\n".join(lines + chance.choices(lines, k=len(lines)))


def altered(chance: random.Random, article: Article, _: list[Article]) -> str:
    return "".join(
        chance.choice(_LETTERS) if char in _LETTERS and chance.random() < 0.06 else char for char in article.reply
    )


def dropped(chance: random.Random, article: Article, _: list[Article]) -> str:
    return "".join(char for char in article.reply if chance.random() > 0.04)


def of_another(chance: random.Random, article: Article, articles: list[Article]) -> str:
    return chance.choice([other for other in articles if other is not article]).reply


def not_there(chance: random.Random, article: Article, _: list[Article]) -> str:
    def alter(fields: list[str]) -> None:
        fields[chance.randrange(len(fields))] = chance.choice(
            (MARKER, f"الزقزقوق {MARKER}", f"رئيس {MARKER} ; {MARKER}")
        )

    return _of_fields(chance, article, alter)


def absurd_nth(chance: random.Random, article: Article, _: list[Article]) -> str:
    def alter(fields: list[str]) -> None:
        fields[:] = [field + " " + chance.choice(_NTH) if chance.random() < 0.5 else field for field in fields]

    return _of_fields(chance, article, alter)


def huge_lines(chance: random.Random, article: Article, _: list[Article]) -> str:
    def alter(fields: list[str]) -> None:
        at = chance.randrange(len(fields))
        fields[at] = chance.choice((" ; ", " ~ ", " … ", " ")).join(
            [fields[at] or "-"] * chance.choice((30, 300, 3000))
        )

    return _of_fields(chance, article, alter)


def many_lines(chance: random.Random, article: Article, _: list[Article]) -> str:
    """Ten thousand, of the commonest words of the article: each stands in many places."""
    words = article.document.text.split()
    common = sorted(set(words), key=words.count)[-6:]
    pieces = " ~ ".join(f"{chance.choice(common)} … {chance.choice(common)}" for _ in range(24))
    line = f"S {pieces} | {chance.choice(common)} | i | SAY | {common[-1]} | {' ; '.join(common * 4)}"
    return "\n".join([chance.choice([line, *_lines(article)]) for _ in range(10_000)])


def fenced(chance: random.Random, article: Article, _: list[Article]) -> str:
    fence = chance.choice(("```", "```text", "~~~"))
    reply = article.reply.strip().replace("\nE", f"\n\n## Events {MARKER}\nE", chance.randrange(2))
    return f"Here is what I found ({MARKER}):\n\n{fence}\n{reply}\n{fence}\n\nLet me know | if you need more."


def as_json(chance: random.Random, article: Article, _: list[Article]) -> str:
    rows = [{"type": line[:1], "fields": line[2:].split(" | ")} for line in _lines(article)]
    return json.dumps(rows, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 2)))


def strange(chance: random.Random, article: Article, _: list[Article]) -> str:
    """NUL, halves of characters, marks of direction, and other things that show nothing."""
    return "".join(char + (chance.choice(_STRANGE) if chance.random() < 0.02 else "") for char in article.reply)


def markup(chance: random.Random, article: Article, _: list[Article]) -> str:
    def alter(fields: list[str]) -> None:
        at = chance.randrange(len(fields))
        fields[at] = chance.choice((f"{chance.choice(_MARKUP)} {fields[at]}", chance.choice(_MARKUP)))

    return _of_fields(chance, article, alter)


def instructions(chance: random.Random, article: Article, _: list[Article]) -> str:
    text = resources.files("musnad.llm").joinpath("instructions.txt").read_text("utf-8")
    return chance.choice((text, text + "\n" + article.reply, article.reply + "\n" + text))


def prose(chance: random.Random, article: Article, _: list[Article]) -> str:
    return chance.choice(
        (
            f"I cannot help with that ({MARKER}).",
            "| | | |",
            "S",
            "S |",
            "E |",
            "S | | | | | | |",
            "S - | - | d | SAY",
            "S … | قال | i | SAY",
            "عذرا، لا أستطيع المساعدة في هذا الطلب.",
            article.document.text,
        )
    )


def empty(chance: random.Random, article: Article, _: list[Article]) -> str:
    return chance.choice(("", " ", "\n\n\n", "\t \u00a0", "\ufeff", "\u200b"))


KINDS: dict[str, Kind] = {
    "cut anywhere": cut,
    "lines shuffled": shuffled,
    "fields swapped": swapped,
    "fields missing": missing,
    "fields doubled": doubled_fields,
    "lines doubled": doubled_lines,
    "letters altered": altered,
    "letters dropped": dropped,
    "of another article": of_another,
    "words not in the article": not_there,
    "absurd @n": absurd_nth,
    "huge lines": huge_lines,
    "ten thousand lines": many_lines,
    "fences and prose": fenced,
    "JSON": as_json,
    "NUL, surrogates, directions": strange,
    "markup": markup,
    "the instructions": instructions,
    "no line of the notation": prose,
    "nothing": empty,
}
