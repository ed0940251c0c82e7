"""Syndicated copies: recognised through small changes, and not where articles merely share a story."""

from __future__ import annotations

import random

import pytest

import musnad
from musnad.ledger import Ledger
from musnad.ledger.copies import SAME, alike, bands, runs
from musnad.ledger.terms import Terms

WORDS = [
    "الوزير",
    "أعلن",
    "اليوم",
    "أن",
    "الحكومة",
    "ستبدأ",
    "تنفيذ",
    "خطة",
    "جديدة",
    "للإسكان",
    "في",
    "المدن",
    "الكبرى",
    "خلال",
    "العام",
    "المقبل",
    "بعد",
    "موافقة",
    "البرلمان",
    "عليها",
]


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms()


def article(seed: int, size: int = 120) -> list[str]:
    rng = random.Random(seed)
    return [rng.choice(WORDS) + rng.choice(["", "ها", "هم", " و"]) for _ in range(size)]


def test_spelling_signs_and_spaces_make_no_difference(terms: Terms) -> None:
    assert alike(runs("أعلن الوزيرُ   استقالته.\nاليوم", terms), runs("اعلن الوزير استقالته اليوم!", terms)) == 1.0
    assert bands("أعلن الوزيرُ استقالته.", terms) == bands("اعلن الوزير: استقالته", terms)


@pytest.mark.parametrize("words", [0, 1, 3])
def test_a_text_of_few_words_has_bands_too(terms: Terms, words: int) -> None:
    assert len(bands(" ".join(WORDS[:words]), terms)) == len(bands(" ".join(WORDS), terms))


def test_the_sketch_finds_nearly_all_copies_and_few_others(terms: Terms) -> None:
    rng = random.Random(5)
    met = 0
    for seed in range(100):
        words = article(seed)
        changed = ["دبي", "واس", *words]
        for at in rng.sample(range(2, len(changed)), 4):
            changed[at] = "استبدلت"
        one, other = " ".join(words), " ".join(changed)
        assert alike(runs(one, terms), runs(other, terms)) > SAME
        met += bool(set(bands(one, terms)) & set(bands(other, terms)))
    assert met >= 95
    apart = [set(bands(" ".join(article(seed)), terms)) for seed in range(200, 260)]
    assert not any(apart[a] & apart[b] for a in range(60) for b in range(a))


def copies(ledger: Ledger) -> dict[str, str | None]:
    return {hit.article: hit.copy_of for hit in ledger.search("الخطة", limit=50)}


def report(name: str, words: list[str], lead: str = "") -> musnad.Document:
    return musnad.Document(id=name, text=f"{lead}قال سامي الخوري إن الخطة ستنفذ {' '.join(words)}.")


def test_copies_point_at_the_first_also_when_it_changes(where: str, reader: musnad.Reader) -> None:
    words = article(1)
    with Ledger(where) as ledger:
        ledger.add(map(reader.read, [report("first", words), report("other", article(2))]))
        ledger.add(map(reader.read, [report("second", words, "الرياض (واس): "), report("third", words[:-3])]))
        assert copies(ledger) == {"first": None, "other": None, "second": "first", "third": "first"}
        ledger.add([reader.read(report("first", article(3)))])  # it now tells something else
        assert copies(ledger) == {"first": None, "other": None, "second": None, "third": "second"}
        ledger.add([reader.read(report("first", article(2)))])
        assert copies(ledger)["first"] == "other"
