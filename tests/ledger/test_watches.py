"""Watchlists: who was told of what came is told of all that comes later, and of nothing twice."""

from __future__ import annotations

import msgspec
import pytest

import musnad
from musnad.errors import MissingError, SearchError
from musnad.ledger import Filters, Ledger, watches
from musnad.ledger.corrections import undo
from musnad.ledger.watches import Wanted
from musnad.ledger.wording import Given, add
from tests.news import NEWS

ALL = Wanted(stance="SAY")


def told(ledger: Ledger, watch: watches.Watch) -> list[str]:
    """The articles of what is new in a watch, which counts as told then."""
    found, last = watches.news(ledger, watch)
    watches.told(ledger, watch, last)
    return sorted({hit.article for hit in found})


def test_an_article_that_is_read_anew_is_told_of_again(news: Ledger, reader: musnad.Reader) -> None:
    watches.save(news, "all", ALL)
    assert told(news, watches.watch(news, "all")) == []
    last = [article for article in NEWS if any(hit.article == article.id for hit in news.statements(_says()))][-1]
    news.add([reader.read(msgspec.structs.replace(last, title="عنوان آخر"))])
    assert told(news, watches.watch(news, "all")) == [last.id]
    assert told(news, watches.watch(news, "all")) == []


def test_an_addition_that_was_undone_hides_nothing(news: Ledger, reader: musnad.Reader) -> None:
    number = add(news, "quake2", "statement", Given(words="وتواصل فرق الإنقاذ البحث", speaker="كمال بنعيسى"))
    watches.save(news, "all", ALL)
    undo(news, number)
    news.add([reader.read(musnad.Document(id="later", text="قال الوزير سامي الحداد إن المحادثات ستستأنف غدا."))])
    assert told(news, watches.watch(news, "all")) == ["later"]


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(words="   "), Wanted(min_confidence=0.5)])
def test_a_watch_wants_something(news: Ledger, wanted: Wanted) -> None:
    with pytest.raises(SearchError):
        watches.save(news, "empty", wanted)


def test_an_issue_that_nobody_named_is_said(news: Ledger) -> None:
    with pytest.raises(MissingError, match="no issue"):
        watches.save(news, "issue", Wanted(issue="لا قضية"))


def test_what_is_new_is_counted_and_seen_up_to_what_was_shown(news: Ledger, reader: musnad.Reader) -> None:
    watches.save(news, "minister", Wanted(speaker="سامي الحداد"))
    watches.save(news, "words", Wanted(words="المحادثات ستستأنف"))
    assert [count for _, count in watches.counted(news)] == [0, 0]
    text = "قال الوزير سامي الحداد إن المحادثات ستستأنف غدا."
    news.add([reader.read(musnad.Document(id="later", text=text))])
    assert [count for _, count in watches.counted(news)] == [1, 1]
    _, shown = watches.count(news, watches.watch(news, "words"))
    news.add([reader.read(musnad.Document(id="last", text=text))])
    watches.told(news, watches.watch(news, "words"), shown)
    assert [count for _, count in watches.counted(news)] == [2, 1]
    watches.told(news, watches.watch(news, "words"), 2**31 - 1)  # as if all that will ever come was seen
    news.add([reader.read(musnad.Document(id="more", text=text))])
    assert watches.count(news, watches.watch(news, "words"))[0] == 1


def _says() -> Filters:
    return Filters(stance="SAY")
