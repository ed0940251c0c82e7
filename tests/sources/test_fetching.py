"""Fetching is polite and safe: a real server on loopback says what it was asked."""

from __future__ import annotations

import pytest

import musnad
from musnad.sources import Rejected
from tests.site import Site

pytest.importorskip("httpx")
pytest.importorskip("protego")
from musnad.sources.fetching import AGENT, Fetcher, Forgetful


def fetched(url: str, memory: Forgetful | None = None, sleeps: list[float] | None = None) -> list[object]:
    fetcher = Fetcher(memory, pause=0.0, allow_private=True, sleep=(sleeps if sleeps is not None else []).append)
    try:
        return list(fetcher.items(url))
    finally:
        fetcher.close()


def test_a_page_is_an_article_known_by_its_address(site: str) -> None:
    (article,) = fetched(f"{site}/1")
    assert isinstance(article, musnad.Document)
    assert (article.id, article.title) == (f"{site}/1", "الوزير يعلن نهاية المحادثات")
    assert [headers["user-agent"] for _, headers in Site.asked] == [AGENT, AGENT]


def test_short_entries_of_a_feed_are_fetched_whole_and_a_feed_that_has_not_changed_is_not_sent(site: str) -> None:
    memory = Forgetful()
    articles = [item for item in fetched(f"{site}/feed", memory) if isinstance(item, musnad.Document)]
    assert [(article.id, article.url, article.published) for article in articles] == [
        ("127.0.0.1#g1", f"{site}/1", "2025-03-01")
    ]
    assert len(articles[0].text.split()) > 60
    assert fetched(f"{site}/feed", memory) == []


def test_a_sitemap_leads_to_its_pages_and_robots_are_heeded(site: str) -> None:
    page, secret = fetched(f"{site}/sitemap.xml")
    assert isinstance(page, musnad.Document)
    assert isinstance(secret, Rejected)
    assert "robots.txt does not allow" in secret.reason
    assert "/secret" not in [path for path, _ in Site.asked]


def test_a_page_that_moved_is_found_and_a_way_into_the_machine_is_not_taken(site: str) -> None:
    assert isinstance(fetched(f"{site}/moved")[0], musnad.Document)
    assert "only http and https" in str(fetched(f"{site}/inside")[0])


def test_a_busy_server_is_waited_for(site: str) -> None:
    sleeps: list[float] = []
    assert isinstance(fetched(f"{site}/busy", sleeps=sleeps)[0], musnad.Document)
    assert sleeps == [7.0, 7.0]


def test_there_is_a_pause_between_two_requests_to_a_host(site: str) -> None:
    sleeps: list[float] = []
    fetcher = Fetcher(pause=5.0, allow_private=True, sleep=sleeps.append)
    list(fetcher.items(f"{site}/1"))
    fetcher.close()
    assert len(sleeps) == 1
    assert 4.0 < sleeps[0] <= 5.0


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/large", "larger than 16 MB"), ("/gone", "410")],
)
def test_what_cannot_be_had_is_reported(path: str, reason: str, site: str) -> None:
    items = [item for item in fetched(site + path) if isinstance(item, Rejected)]
    assert items
    assert reason in str(items[0])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest",
    ],
)
def test_private_addresses_are_not_fetched(url: str) -> None:
    fetcher = Fetcher(pause=0.0)
    (item,) = fetcher.items(url)
    fetcher.close()
    assert "is no public address" in str(item)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "file:///etc/passwd", "http://", "https://no-such-host.invalid/"]
)
def test_what_is_no_address_is_reported(url: str) -> None:
    fetcher = Fetcher(pause=0.0)
    (item,) = fetcher.items(url)
    fetcher.close()
    assert isinstance(item, Rejected)
