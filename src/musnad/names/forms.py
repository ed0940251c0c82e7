"""The forms in which one name is written: «الخارجية الأمريكية» and «وزارة الخارجية الأميركية», «زيد رعد الحسين» and «زيد بن رعد الحسين».

What the rules here make alike has one key in every table and ledger. A rule stands here only where it joins no two bearers of a name:
fathers may be left out before a house, but «علي بن محمد الغامدي» and «علي بن سعيد الغامدي» are two, so they are no rule.
"""

from __future__ import annotations

from functools import cache, lru_cache

from musnad.lexicon.tables import rows, word_lists
from musnad.text.clitics import without_article
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

_LEAST = 3  # words of a name that is known without «بن»
_SERVANT = "عبد"  # one word with the name of God behind it
_FEMININE = "ه"  # ending of an adjective behind a ministry: «الخارجية الروسية»


@lru_cache(maxsize=1 << 13)
def key_of(name: str) -> str:
    """A name as the tables are asked for it: folded words without article."""
    return " ".join(
        without_article(word) for word in fold(name).replace("«", " ").replace("»", " ").replace('"', " ").split()
    )


def name_words(name: str) -> list[str]:
    """Return the words of a name as they are compared: folded, without article, «عبد الله» like «عبدالله»."""
    words: list[str] = []
    for raw in tokenize(name).raw:
        if raw[0].isalnum():
            if words and words[-1] == _SERVANT:
                words[-1] += fold(raw)
            else:
                words.append(without_article(fold(raw)))
    return words or [name]


@lru_cache(maxsize=1 << 14)
def canonical(key: str) -> str:
    """The one form of a folded name without articles, by five rules.

    Spelling: «أمريكي» as «أميركي». Ministry: «الخارجية الروسية» as «وزارة الخارجية الروسية»; not «الصحة العالمية», which is no country's,
    nor «الاقتصاد الروسي». Ayatollah: «آية الله علي خامنئي» as «علي خامنئي»; not «آية الله خامنئي», a surname alone. God: «حسن نصر الله» as «حسن نصرالله»; not «حزب الله». Son: «محمد بن عبدالعزيز الصفيان» as «محمد عبدالعزيز
    الصفيان»; not «محمد بن سلمان», who is another than «محمد سلمان».
    """
    lists = word_lists()
    words = _in_one_spelling(key).split()
    if len(words) > 1 and words[0] in lists["ministries"] and all(map(_is_of_country, words[1:])):
        words = [*lists["ministry"], *words]
    if len(words) > _LEAST and words[0] in lists["sign"] and words[1] in lists["god"]:
        words = words[2:]
    if len(words) >= _LEAST and words[-1] in lists["god"]:
        words[-2:] = ["".join(words[-2:])]
    plain = [word for word in words if word not in lists["sons"]]
    return " ".join(plain if len(plain) >= _LEAST else words)


@cache
def country_of(word: str) -> str | None:
    """The country of which a folded adjective without article says that something is: روسيه, but not عربيه."""
    return _adjectives().get(_in_one_spelling(word))


def _is_of_country(word: str) -> bool:
    return word.endswith(_FEMININE) and country_of(word) is not None


def _in_one_spelling(key: str) -> str:
    (rarer,), (usual,) = word_lists()["stem_spelt_otherwise"], word_lists()["stem"]
    return key.replace(rarer, usual)


@cache
def _adjectives() -> dict[str, str]:
    found = ((without_article(row["form"]), row["entity"]) for row in rows("demonyms.tsv") if row["entity"])
    return {_in_one_spelling(form): entity for form, entity in found}
