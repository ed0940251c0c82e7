"""Whether a mention by a noun describes somebody who was named before."""

from __future__ import annotations

import pytest

import musnad
from musnad.statements.descriptions import Description

NAMED = "استقبل وزير الخارجية الإيراني محمد جواد ظريف الوفد صباح اليوم. "
#: What the mention says, whether its noun stands in the office, its country does, only another country does.
MENTIONS = [
    ("الوزير", True, False, False),
    ("الوزير الإيراني", True, True, False),
    ("وزير الخارجية الألماني", True, False, True),
    ("وزير خارجية ألمانيا", True, False, True),
    ("المستشارة الألمانية", False, False, True),
    ("المدرب", False, False, False),
]


@pytest.mark.parametrize(("mention", "noun", "country", "other"), MENTIONS)
def test_a_mention_and_an_office(mention: str, noun: bool, country: bool, other: bool, reader: musnad.Reader) -> None:
    text = f"{NAMED}ثم قال {mention} إن الزيارة ناجحة."
    laid = reader.lay_out(musnad.Document(id="a", text=text))
    page, first = laid.page, laid.page.token_at(text.index(mention, len(NAMED)))
    description = Description(page, laid.cast, (first, first + len(mention.split())))
    (person,) = laid.cast.persons
    numbers = description.numbers(person.name, (person.first_seen, laid.cast.spot_end(person.first_seen)))
    assert (bool(numbers[0]), bool(numbers[3]), bool(numbers[4])) == (noun, country, other)


def test_without_a_mention_nothing_is_said(reader: musnad.Reader) -> None:
    laid = reader.lay_out(musnad.Document(id="a", text=NAMED))
    assert not any(Description(laid.page, laid.cast, None).numbers("محمد جواد ظريف", None))
