"""Where copied words stand: as they are, repaired, in several places, nowhere."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import musnad
from musnad.lexicon import Lexicon
from musnad.llm.finding import WordFinder
from musnad.llm.grounding import Grounder
from musnad.llm.notation import parse
from musnad.page import Page
from musnad.text.fold import fold

LEXICON = Lexicon()


def found(text: str, words: str) -> list[tuple[str, str | None]]:
    """What stands where the words were found, and the repair that they needed."""
    page = Page(text, LEXICON)
    return [(text[page.start[p.first] : page.end[p.last - 1]], p.repair) for p in WordFinder(page).places(words)]


@pytest.mark.parametrize(
    ("text", "words", "stands", "repair"),
    [
        # as they are
        ("قال الوزير إن الجسر مفتوح.", "الجسر مفتوح", "الجسر مفتوح", None),
        ("قال الوزير إن الجسر مفتوح.", "  الجسر   مفتوح ", "الجسر مفتوح", None),  # the copy's own spaces
        ("قال: «الجسر، يا سادة، مفتوح».", "الجسر، يا سادة، مفتوح", "الجسر، يا سادة، مفتوح", None),
        ("قال إن «الجسر» مفتوح.", "«الجسر» مفتوح", "«الجسر» مفتوح", None),
        ("أعلن حزب «الفجر» ذلك.", "حزب «الفجر»", "حزب «الفجر»", None),
        ("أعلن «حزب الفجر» ذلك.", "«حزب الفجر»", "«حزب الفجر»", None),  # both marks, not one
        ("أعلنت (رويترز) ذلك.", "(رويترز)", "(رويترز)", None),
        ("بلغ العدد 1.4 مليون.", "1.4 مليون", "1.4 مليون", None),
        # spaces
        ("قال إن الجسر   مفتوح.", "الجسر مفتوح", "الجسر   مفتوح", "spaces"),
        ("قال إن الجسر\nمفتوح.", "الجسر مفتوح", "الجسر\nمفتوح", "spaces"),
        ("قال: «الجسر ، مفتوح».", "الجسر، مفتوح", "الجسر ، مفتوح", "spaces"),
        # marks
        ("قال إن الجسر، كما وعد، مفتوح.", "الجسر كما وعد مفتوح", "الجسر، كما وعد، مفتوح", "marks"),
        ("قال إن الجسر مفتوح.", "الجسر: مفتوح", "الجسر مفتوح", "marks"),
        ("قال إن الجسر مفتوح.", "«الجسر مفتوح»", "الجسر مفتوح", "marks"),
        # letters
        ("أعلنت الإدارة إغلاق المدرسة.", "اعلنت الادارة اغلاق المدرسه", "أعلنت الإدارة إغلاق المدرسة", "letters"),
        ("رأى مستشفى القدس ذلك.", "مستشفي القدس", "مستشفى القدس", "letters"),
        ("قال إنّ الجِسرَ مفتوحٌ.", "الجسر مفتوح", "الجِسرَ مفتوحٌ", "letters"),
        ("قال إن الجســر مفتوح.", "الجسر مفتوح", "الجســر مفتوح", "letters"),
        ("بلغ العدد ١٤ جريحا.", "14 جريحا", "١٤ جريحا", "letters"),
        # attached letters
        ("رحب بالقرار الأخير.", "القرار الأخير", "بالقرار الأخير", "attached"),
        ("وقال الوزير ذلك.", "قال الوزير", "وقال الوزير", "attached"),
        ("وقال الوزير ذلك.", "فقال الوزير", "وقال الوزير", "attached"),
        # marks alone
        ("الوزير: الجسر مفتوح", ":", ":", None),
    ],
)  # fmt: skip
def test_words_that_stand_in_the_article(text: str, words: str, stands: str, repair: str | None) -> None:
    assert found(text, words) == [(stands, repair)]


@pytest.mark.parametrize("words", [
    "الطريق", "الجسر مغلق", "مفتوح الجسر", "الجسر إن", "سر", "جسر", "الجسر مفتوحا", "الجسر مفتوح غدا", "bridge", "…", "", "؟",
])  # fmt: skip
def test_words_that_do_not(words: str) -> None:
    assert found("قال الوزير إن الجسر مفتوح.", words) == []


def test_where_the_copied_words_begin_within_a_word() -> None:
    text = "رحب بالقرار الأخير."
    (place,) = WordFinder(Page(text, LEXICON)).places("القرار الأخير")
    assert text[place.start :] == "القرار الأخير."


def test_all_places_are_told_in_their_order() -> None:
    page = Page("قال سامي: نعم. قال كريم: لا. قال سامي: نعم.", LEXICON)
    assert [place.start for place in WordFinder(page).places("قال سامي")] == [0, 29]


def test_what_needs_no_repair_goes_before_what_does() -> None:
    assert found("وقال كريم نعم ثم قال كريم لا.", "قال كريم") == [("قال كريم", None)]
    assert found("إتفق الطرفان. اتفق، الطرفان.", "اتفق الطرفان") == [("اتفق، الطرفان", "marks")]


def test_only_the_shown_part_is_looked_at() -> None:
    page = Page("الجسر مفتوح. الجسر مغلق.", LEXICON)
    behind = page.sentences[1][0]
    assert [place.start for place in WordFinder(page, behind).places("الجسر")] == [13]
    assert WordFinder(page, 0, behind).places("مغلق") == []
    assert WordFinder(page, 0, behind - 2).places("الجسر مفتوح") == []  # half of it stands outside


@pytest.mark.parametrize(("cue", "at"), [("قال @1", 0), ("قال @2", 14), ("قال", 14), ("قال @9", 14)])
def test_the_place_that_is_asked_for_else_the_nearest(cue: str, at: int, fast: musnad.Reader) -> None:
    """«@9» is no place of two: the nearest is taken."""
    laid = fast.lay_out(musnad.Document(id="1", text="قال سامي نعم. قال سامي لا."))
    ((draft, _),) = Grounder(laid).ground(parse(f"S لا | {cue} | i | SAY | سامي | سامي")).drafts
    assert laid.page.start[draft.cue_at] == at


WORDS = st.one_of(
    st.sampled_from(
        ["قال", "وقال", "الوزير", "والوزير", "إن", "أن", "في", "بالقرار", "القرار", "سامي", "غزة", "إلى", "علي"]
    ),
    st.text("ابتجدرسصعفقلمنهويةىأإآءئؤ", min_size=2, max_size=7),
)
BETWEEN = st.sampled_from([" ", " ", " ", "، ", ". ", "\n", " «", "» ", ": "])
ARTICLES = st.lists(st.tuples(WORDS, BETWEEN), min_size=1, max_size=25)


def laid_out(article: list[tuple[str, str]]) -> tuple[str, list[int]]:
    """The text of an article, and where its words begin."""
    starts, text = [], ""
    for word, between in article:
        starts.append(len(text))
        text += word + between
    return text, starts


@settings(deadline=None, max_examples=60)
@given(ARTICLES, st.data())
def test_a_slice_of_an_article_is_found_where_it_stands(article: list[tuple[str, str]], data: st.DataObject) -> None:
    text, starts = laid_out(article)
    first = data.draw(st.integers(0, len(article) - 1))
    last = data.draw(st.integers(first + 1, len(article)))
    words = [word for word, _ in article[first:last]]
    page = Page(text, LEXICON)
    begin, end = starts[first], starts[last - 1] + len(words[-1])
    for copied in (text[begin:end], " ".join(words)):
        places = WordFinder(page).places(copied)
        assert places
        whole = [(place.start, page.end[place.last - 1]) for place in places]
        if copied == text[begin:end] and "\n" not in copied:
            assert (begin, end) in whole
            assert {place.repair for place in places} == {None}
        for start, stop in whole:
            stands = [fold(word) for word in words_of(text[start:stop])]
            assert stands == [fold(word) for word in words]


@settings(deadline=None, max_examples=60)
@given(ARTICLES, st.data())
def test_words_that_are_not_there_are_never_found(article: list[tuple[str, str]], data: st.DataObject) -> None:
    text, _ = laid_out(article)
    strange = data.draw(WORDS)
    core = LEXICON.word(strange).core
    page = Page(text, LEXICON)
    assume(not {fold(strange), core} & {form for word in page.words for form in (word.form, word.core)})
    at = data.draw(st.integers(0, len(article)))
    words = [word for word, _ in article]
    assert WordFinder(page).places(strange) == []
    assert WordFinder(page).places(" ".join([*words[:at], strange, *words[at:]])) == []
    assert WordFinder(page).places(" ".join([*words[at : at + 2], strange])) == []


def words_of(text: str) -> list[str]:
    for mark in "،.:«»\n":
        text = text.replace(mark, " ")
    return text.split()
