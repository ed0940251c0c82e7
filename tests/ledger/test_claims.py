"""A claim looked up: who is said to have said so, in which words, and who denies it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import musnad
from musnad.ledger import Ledger
from musnad.ledger.claims import Checked, check, claim_of, claim_review, document_of
from musnad.ledger.search import Filters
from tests.command import musnad as command

ARTICLES = [
    ("a", "منبر الشرق", "2025-03-01", "قال رئيس الوزراء سامي الخوري إن سد الوادي سيفتح في نيسان المقبل."),
    ("b", "الجسر", "2025-03-02", "أعلن سامي الخوري أن افتتاح سد الوادي سيكون في نيسان، بحسب وكالة الواحة."),
    ("c", "الجسر", "2025-03-03", "نفى وزير المياه نبيل عازار افتتاح سد الوادي في نيسان المقبل."),
    ("d", "منبر الشرق", "2025-03-04", "قالت النائبة هدى زيدان إن سد الوادي سيفتح في نيسان المقبل."),
    ("e", "منبر الشرق", "2025-03-05", "قال سامي الخوري إن الحكومة سترفع رواتب المعلمين."),
    ("f", "الجسر", "2025-03-06", "قال سامي الخوري إن سد الوادي لن يفتح في نيسان المقبل."),
]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, reader: musnad.Reader) -> Iterator[Ledger]:
    with Ledger(tmp_path_factory.mktemp("claims") / "news.db") as opened:
        opened.add(
            reader.read(musnad.Document(id=name, outlet=outlet, published=day, text=text))
            for name, outlet, day, text in ARTICLES
        )
        yield opened


def looked_up(ledger: Ledger, reader: musnad.Reader, claim: str, filters: Filters | None = None) -> Checked:
    return check(ledger, claim_of(reader.read(document_of(claim))), filters)


def test_a_claim_is_its_speaker_and_what_is_said(reader: musnad.Reader) -> None:
    claim = claim_of(reader.read(document_of("  قال سامي الخوري إن سد الوادي سيفتح في نيسان  ")))
    assert (claim.speaker, claim.words) == ("سامي الخوري", "سد الوادي سيفتح في نيسان")
    bare = claim_of(reader.read(document_of("سد الوادي سيفتح في نيسان")))
    assert (bare.speaker, bare.words) == (None, "سد الوادي سيفتح في نيسان")


def test_reports_of_the_speaker_come_first_and_each_says_whose_it_is(ledger: Ledger, reader: musnad.Reader) -> None:
    found = looked_up(ledger, reader, "قال الخوري إن سد الوادي سيفتح في نيسان المقبل")
    told = [(one.hit.article, one.speaker, one.denies, one.negation) for one in found.reports]
    assert told[0] == ("a", "same", False, False)
    assert {("b", "same", False, False), ("f", "same", False, True)} <= set(told)
    assert told.index(("d", "other", False, False)) > told.index(("b", "same", False, False))
    assert ("c", "other", True, False) in told
    assert "e" not in [article for article, *_ in told]


def test_what_is_near_is_counted_by_outlets(ledger: Ledger, reader: musnad.Reader) -> None:
    found = looked_up(ledger, reader, "قال الخوري إن سد الوادي سيفتح في نيسان المقبل")
    assert (found.said.statements, found.said.outlets, found.said.first_day) == (2, 2, "2025-03-01")
    assert (found.by_others.statements, found.denied.statements) == (1, 1)


def test_words_that_a_report_lacks_are_told(ledger: Ledger, reader: musnad.Reader) -> None:
    found = looked_up(ledger, reader, "قال الخوري إن سد الوادي سيفتح في أيلول")
    first = next(one for one in found.reports if one.hit.article == "a")
    assert "أيلول" in first.missing


def test_a_claim_that_nobody_made_is_said_plainly(ledger: Ledger, reader: musnad.Reader) -> None:
    found = looked_up(ledger, reader, "قال الخوري إن المريخ كوكب مأهول")
    assert found.reports == []
    assert found.said.statements == found.denied.statements == 0


def test_filters_narrow_it(ledger: Ledger, reader: musnad.Reader) -> None:
    found = looked_up(ledger, reader, "سد الوادي سيفتح في نيسان المقبل", Filters(outlet="الجسر"))
    assert {one.hit.article for one in found.reports} == {"b", "c", "f"}


@pytest.mark.parametrize("claim", ["؟!", "12 34", '"); DROP TABLE statements; --', "OR AND NEAR(", "«»"])
def test_a_claim_without_words_or_full_of_syntax_finds_nothing_and_breaks_nothing(
    ledger: Ledger, reader: musnad.Reader, claim: str
) -> None:
    assert looked_up(ledger, reader, claim).reports == []


def test_the_draft_of_a_review_leaves_the_rating_to_the_fact_checker(ledger: Ledger, reader: musnad.Reader) -> None:
    found = looked_up(ledger, reader, "قال الخوري إن سد الوادي سيفتح في نيسان المقبل")
    draft = json.loads(json.dumps(claim_review(found)))
    assert draft["@type"] == "ClaimReview"
    assert draft["claimReviewed"].startswith("قال الخوري")
    assert draft["itemReviewed"]["firstAppearance"]["datePublished"] == "2025-03-01"
    assert draft["reviewRating"]["ratingValue"] is None
    assert draft["reviewRating"]["alternateName"] == ""


def test_the_command_shows_it(tmp_path: Path, ledger: Ledger) -> None:
    review = tmp_path / "review.json"
    claim = "قال الخوري إن سد الوادي سيفتح في نيسان المقبل"
    done = command("check", claim, "-l", ledger.database.where, "--claim-review", str(review))
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode()
    assert "روايات قريبة لقوله: 2" in shown
    assert "نبيل عازار" in shown
    assert json.loads(review.read_text("utf-8"))["@type"] == "ClaimReview"
