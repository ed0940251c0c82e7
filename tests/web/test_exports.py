"""Exports over HTTP: the formats and filters of the command."""

from __future__ import annotations

import csv
import io

import httpx
import pytest


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_events_of_a_type_come_as_a_table(server: str) -> None:
    answer = httpx.get(
        f"{server}/api/export", params={"format": "events-csv", "type": "CONSULT", "until": "2025-03-10"}
    )
    assert {row["type"] for row in rows(answer)} == {"CONSULT"}
    assert answer.headers["content-disposition"] == 'attachment; filename="musnad-events.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_statements_of_somebody_come_as_a_table(server: str) -> None:
    found = rows(httpx.get(f"{server}/api/export", params={"format": "csv", "speaker": "حزب الفجر", "stance": "DENY"}))
    assert [(row["article"], row["speaker"]) for row in found] == [("party2", "حزب الفجر")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"format": "none"}, "format: there are cameo, csv"),
        ({"format": "csv", "type": "ASSAULT"}, "csv is made of statements, which query, speaker"),
        ({"format": "plover", "stance": "DENY"}, "stance goes with csv"),
        ({"format": "plover", "since": "2025-02-30"}, "since"),
        ({}, "format"),
    ],
)
def test_what_cannot_be_asked_is_said(server: str, asked: dict[str, str], said: str) -> None:
    answer = httpx.get(f"{server}/api/export", params=asked)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_the_page_of_events_gives_its_view_as_csv(server: str, page: object) -> None:
    page.goto(f"{server}/happenings?type=CONSULT&since=2025-03-01&lang=en")  # type: ignore[attr-defined]
    with page.expect_download() as waiting:  # type: ignore[attr-defined]
        page.get_by_role("link", name="Download CSV").click()  # type: ignore[attr-defined]
    found = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert waiting.value.suggested_filename == "musnad-events.csv"
    assert found
    assert {row["type"] for row in found} == {"CONSULT"}
