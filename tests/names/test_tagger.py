"""What a word is in one place of a text helps to read it in another."""

from __future__ import annotations

from musnad.lexicon import Lexicon
from musnad.names.echo import add_echoes
from musnad.names.tagger import Tagger
from musnad.text.fold import fold

INTRODUCED = "قال بيتر ليند إن الفريق جاهز للمباراة ."
UNCLEAR = "لصيقة على ليند في الوقت ."


def tagged(*sentences: str) -> list[str]:
    """The names found when the sentences are one text, as «words/KIND»."""
    forms = ["\n"]
    for sentence in sentences:
        forms += [*map(fold, sentence.split()), "\n"]
    lexicon = Lexicon()
    spans = add_echoes(forms, Tagger(lexicon).tag(forms), lexicon.counts)
    return [" ".join(forms[first:last]) + f"/{kind}" for first, last, kind in spans]


def test_a_name_in_an_unclear_place_is_read_by_its_clear_one() -> None:
    assert tagged(UNCLEAR) != ["ليند/PER"]
    assert tagged(INTRODUCED, UNCLEAR) == ["بيتر ليند/PER", "ليند/PER"]


def test_other_places_change_nothing_where_no_word_comes_back() -> None:
    assert tagged(INTRODUCED, "وغادر الجمهور .")[:1] == tagged(INTRODUCED) == ["بيتر ليند/PER"]


def test_an_empty_text_and_a_single_word_have_no_names() -> None:
    assert Tagger(Lexicon()).tag([]) == []
    assert tagged("الوقت") == []
