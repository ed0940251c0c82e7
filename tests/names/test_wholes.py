"""Names whose first letter looks like a preposition stay whole, and «على» is never part of a name."""

from __future__ import annotations

import pytest

import musnad
from musnad.lexicon import Lexicon
from musnad.names.wholes import read_whole, without_on
from musnad.page import Page

Spans = list[tuple[int, int, str]]
PERSON = "PER"


def cores(text: str, spans: Spans, listed: frozenset[str] = frozenset()) -> list[str]:
    """The words of the spans without their particles, once the page's names are read."""
    page = Page(text, Lexicon())
    read_whole(page, spans, listed.__contains__)
    return [page.words[at].core for first, last, _ in spans for at in range(first, last)]


def test_a_letter_within_a_name_is_no_preposition() -> None:
    assert cores("وصل سامي برايس أمس", [(1, 3, PERSON)]) == ["سامي", "برايس"]


def test_a_form_within_a_longer_name_is_whole_elsewhere() -> None:
    assert cores("غادر برايس المدينة بعد وصول سامي برايس", [(1, 2, PERSON), (5, 7, PERSON)])[0] == "برايس"


def test_a_name_behind_a_title_or_a_verb_of_saying_is_whole() -> None:
    assert cores("رحب السفير لودين بالقرار", [(2, 3, PERSON)]) == ["لودين"]
    assert cores("قال برايس إن الطريق مفتوح", [(1, 2, PERSON)]) == ["برايس"]


def test_a_listed_name_is_whole_where_its_rest_is_none() -> None:
    assert cores("وصلت ليلى إلى المدينة", [(1, 2, PERSON)], frozenset({"ليلي"})) == ["ليلي"]


def test_a_listed_name_that_begins_like_a_conjunction_is_whole() -> None:
    assert cores("وصل فادي الحداد", [(1, 3, PERSON)], frozenset({"فادي"})) == ["فادي", "الحداد"]
    assert cores("قالت الأستاذة فيبي هارت إن الطريق مفتوح", [(2, 4, PERSON)]) == ["فيبي", "هارت"]


def test_a_conjunction_is_cut_where_the_rest_is_a_name_with_article_or_commoner_by_far() -> None:
    assert cores("أما الخبر فالحريري ينفيه", [(2, 3, PERSON)]) == ["الحريري"]
    assert cores("أما الخبر فترامب ينفيه", [(2, 3, PERSON)]) == ["ترامب"]


def test_a_preposition_is_cut_where_the_text_has_the_name_without_it() -> None:
    assert cores("قال رايس ذلك ثم رحب الوزير برايس", [(1, 2, PERSON), (6, 7, PERSON)]) == ["رايس", "رايس"]


def test_a_preposition_is_cut_where_the_rest_is_commoner_by_far() -> None:
    assert cores("رحب الوزير بماكرون", [(2, 3, PERSON)]) == ["ماكرون"]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("اتفق سامي الحداد على أن يعود", (1, 4, PERSON), [(1, 3, PERSON)]),
        ("تفوق سامي على نادر الحداد", (1, 5, PERSON), [(1, 2, PERSON), (3, 5, PERSON)]),
        ("وصل سامي علي الحداد", (1, 4, PERSON), [(1, 4, PERSON)]),
        ("وصل سامى على الحداد فى المساء", (1, 4, PERSON), [(1, 4, PERSON)]),
    ],
)
def test_on_is_no_part_of_a_name(text: str, span: tuple[int, int, str], expected: Spans) -> None:
    assert without_on(Page(text, Lexicon()), span) == expected


def test_the_reader_keeps_the_first_letter_of_a_name(reader: musnad.Reader) -> None:
    record = reader.read("قال المتحدث سامي برايس إن الطريق مفتوح. وأضاف برايس أن العمل انتهى.")
    assert {mention.name for mention in record.mentions if mention.kind == "PERSON"} == {"سامي برايس"}
