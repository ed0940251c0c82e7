"""The interface for programs: its answers are as its description says, whatever is asked."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

import musnad
from musnad.web import guard
from musnad.web.guard import LARGEST
from tests.web.conftest import filled, serving


def test_answers_are_as_described_whatever_is_asked(server: str) -> None:
    described = schemathesis.openapi.from_url(f"{server}/api/openapi.json")
    for operation in described.get_all_operations():

        @given(case=operation.ok().as_strategy())
        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(
                timeout=60, checks=[not_a_server_error, response_schema_conformance, status_code_conformance]
            )

        ask()


def test_a_search_with_its_filters(server: str) -> None:
    found = httpx.get(
        f"{server}/api/search", params={"query": "تهريب السلاح", "stance": "DENY", "since": "2025-03-01"}
    ).json()
    assert [(hit["article"], hit["speaker"]) for hit in found] == [("party2", "حزب الفجر")]
    assert [found[0]["words"][start:end] for start, end in found[0]["marks"]] == ["تهريب", "السلاح"]
    asked = {"q": "تهريب السلاح", "stance": "DENY", "since": "2025-03-01"}  # what the parameter was called once
    assert httpx.get(f"{server}/api/search", params=asked).json() == found


def test_what_is_less_sure_is_left_out(server: str) -> None:
    every = httpx.get(f"{server}/api/search", params={"limit": 100}).json()
    surest = max(hit["statement"]["confidence"] for hit in every)
    found = httpx.get(f"{server}/api/search", params={"min_confidence": surest, "limit": 100}).json()
    assert {hit["statement"]["confidence"] for hit in found} == {surest}
    assert len(found) < len(every)
    assert httpx.get(f"{server}/api/events", params={"min_confidence": 1}).json() == []
    assert httpx.get(f"{server}/api/search", params={"min_confidence": "nan"}).status_code == 422


def test_an_article_comes_as_its_record(server: str) -> None:
    kept = httpx.get(f"{server}/api/articles/quake1").json()
    given = httpx.post(f"{server}/api/read", json={"text": kept["text"], "published": kept["published"]}).json()
    for record in (kept, given):
        (statement,) = musnad.Record.from_dict(record).statements
        assert statement.text == "فرق الإنقاذ انتشلت أربعين ناجيا من تحت أنقاض المدرسة القديمة"


def test_what_cannot_be_asked_is_said(server: str) -> None:
    assert httpx.get(f"{server}/api/search", params={"stance": "SHOUT"}).status_code == 422
    assert httpx.get(f"{server}/api/search", params={"query": "؟"}).status_code == 422
    missing = httpx.get(f"{server}/api/articles/none")
    assert (missing.status_code, missing.json()) == (404, {"detail": "there is no article none"})


def test_nobody_else_may_change_anything(server: str) -> None:
    given = {"article": "party2", "statement": "s1", "speaker": "x"}
    assert (
        httpx.post(f"{server}/api/corrections", json=given, headers={"origin": "https://example.org"}).status_code
        == 403
    )
    assert httpx.post(f"{server}/correct", data=given, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert httpx.post(f"{server}/correct", data={**given, "secret": "guessed"}).status_code == 403
    assert httpx.get(server, headers={"host": "example.org"}).status_code == 400


def test_pages_may_run_and_load_nothing_foreign(server: str) -> None:
    policy = httpx.get(server).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert httpx.get(f"{server}/static/../app.py").status_code == 404


def test_too_much_and_too_often(server: str, ledger_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert httpx.post(f"{server}/api/read", content=b"x" * (LARGEST + 1)).status_code == 413
    now = [1000.0]
    monkeypatch.setattr(guard, "time", SimpleNamespace(monotonic=lambda: now[0]))
    for slow in serving(ledger_file, rate=2.0):
        assert [httpx.get(f"{slow}/read").status_code for _ in range(6)] == [200] * 4 + [429] * 2
        now[0] += 0.5  # seconds: one request more
        assert [httpx.get(f"{slow}/read").status_code for _ in range(2)] == [200, 429]


def test_a_token_is_asked_for(tmp_path: Path, reader: musnad.Reader) -> None:
    for server in serving(filled(tmp_path / "own.db", reader), token="geheim"):
        assert httpx.get(f"{server}/api/stories").status_code == 401
        assert httpx.get(f"{server}/api/stories", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert httpx.get(f"{server}/api/stories", headers={"authorization": "Bearer geheim"}).status_code == 200
        with httpx.Client(follow_redirects=True) as client:
            assert client.get(server, headers={"accept": "text/html"}).url.path == "/login"
            assert client.post(f"{server}/login", data={"token": "wrong"}).status_code == 401
            client.post(f"{server}/login", data={"token": "geheim"})
            assert client.get(f"{server}/stories").status_code == 200


def test_a_page_for_everything_and_a_correction_by_its_form(tmp_path: Path, reader: musnad.Reader) -> None:
    for server in serving(filled(tmp_path / "own.db", reader)):
        for path in ("/", "/search", "/watches", "/share?article=party2&name=s1", "/share.png?article=party2&name=s1", "/share.svg?article=party2&name=s1", "/people", "/who?key=name:كمال بنعيسي", "/who/over-time.svg?key=name:كمال بنعيسي", "/stories", "/story/1",
                     "/utterances", "/utterance/1", "/happenings", "/happening/1", "/promises", "/conflicts", "/outlets", "/read", "/check",
                     "/login", "/corrections", "/doubtful", "/doubtful/events", "/correct?article=party2&name=s1", "/correct?article=party2&add=event"):  # fmt: skip
            assert httpx.get(server + path, timeout=60).status_code == 200, path
        read = httpx.post(
            f"{server}/read", data={"text": "قالت هدى سالم إن الموازنة ستقر.", "published": ""}, timeout=60
        )
        assert (read.status_code, "هدى سالم" in read.text) == (200, True)
        secret = re.search(r'name="secret" value="([^"]+)"', httpx.get(f"{server}/correct?article=party2&name=s1").text)
        assert secret
        form = {"secret": secret[1], "article": "party2", "name": "s1", "speaker": "الناطق", "author": "هدى"}
        saved = httpx.post(f"{server}/correct", data=form, headers={"origin": server})
        assert (saved.status_code, saved.headers["location"]) == (303, "/article/party2#card-s1")
        assert "الناطق" in httpx.get(f"{server}/article/party2").text
