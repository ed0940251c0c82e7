"""What no single article shows: six short articles, with what they tell together."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update

import musnad
from musnad.errors import LedgerError
from musnad.ledger import Ledger
from musnad.ledger.across import decisions, ranking, views
from musnad.ledger.across.conflicts import conflicts, reversals
from musnad.ledger.across.happenings import ComparedEvent, Happenings
from musnad.ledger.across.linking import link
from musnad.ledger.across.pledges import pledges
from musnad.ledger.across.positions import define, defined, line, recurring, undefine
from musnad.ledger.across.promises import promises
from musnad.ledger.stats import figures
from musnad.ledger.tables import documents, events, happening_of, statements, story_of, utterance_of
from musnad.ledger.verify import verify_ledger
from musnad.views.happened import render_timeline
from musnad.views.plots import draw
from tests.news import NEWS


def groups(ledger: Ledger) -> list[list[tuple[int, int]]]:
    """All links between articles, as pairs."""
    with ledger.database.read() as bind:
        tables = (story_of.c.document, story_of.c.story), (utterance_of.c.statement, utterance_of.c.utterance)
        return [
            [tuple(row) for row in bind.execute(select(item, group).order_by(item))]
            for item, group in (*tables, (happening_of.c.event, happening_of.c.happening))
        ]


def stories(ledger: Ledger) -> list[set[str]]:
    with ledger.database.read() as bind:
        rows = bind.execute(
            select(documents.c.id, story_of.c.story).join(story_of, story_of.c.document == documents.c.number)
        )
        found: dict[int, set[str]] = {}
        for article, number in rows:
            found.setdefault(number, set()).add(article)
    return sorted(found.values(), key=sorted)


def test_articles_on_one_matter_are_a_story_with_the_words_that_say_why(news: Ledger) -> None:
    assert stories(news) == [{"party1", "party2"}, {"quake1", "quake2"}, {"talks1"}, {"talks2"}]
    with news.database.read() as bind:
        found = views.list_stories(bind, None, None, 10, 0, least=2)
        head, articles = views.story(bind, found[0].number)
    assert (head.title, head.first_day, head.last_day, head.outlets) == (
        "زلزال يضرب صفرو",
        "2025-03-01",
        "2025-03-02",
        2,
    )
    assert "زلزال" in articles[1].why["words"]


def test_one_saying_in_two_wordings_is_one_utterance(news: Ledger) -> None:
    with news.database.read() as bind:
        (saying,) = views.list_utterances(bind, None, None, 10, 0)
    assert saying.speaker == "كمال بنعيسى"
    assert [(report.outlet, report.article) for report in saying.reports] == [
        ("الأيام", "quake1"),
        ("الشروق", "quake2"),
    ]
    assert saying.reports[1].why["name"] == "same"
    assert saying.reports[1].words.startswith("فرق الإنقاذ أخرجت أربعين ناجيا")


def test_an_announced_meeting_that_took_place_is_a_kept_promise(news: Ledger) -> None:
    with news.database.read() as bind:
        (told,) = views.list_happenings(bind, None, None, 10, 0)
    assert (told.type, told.statuses, told.first_day) == ("CONSULT", {"planned": 1, "happened": 1}, "2025-03-06")
    assert told.accounts[1].sentence.startswith("التقى وزير الخارجية الأردني")
    assert told.accounts[1].sentence.endswith("ملف المياه.")
    assert told.actors["سامي الخوري"] == 2
    assert "نيكوس أندريو" in told.actors
    (promise,) = promises(news, date(2025, 3, 10))
    assert promise.outcome is not None
    assert (promise.state, promise.due, promise.announced, promise.outcome.article) == (
        "kept",
        "2025-03-06",
        "2025-03-03",
        "talks2",
    )


@pytest.mark.parametrize(
    ("today", "state"), [("2025-03-05", "open"), ("2025-03-06", "open"), ("2025-03-07", "overdue")]
)
def test_a_promise_without_an_outcome_is_open_until_its_day_is_over(
    tmp_path: Path, reader: musnad.Reader, today: str, state: str
) -> None:
    with Ledger(tmp_path / "one.db") as ledger:
        ledger.add([reader.read(NEWS[2])])
        link(ledger)
        (promise,) = promises(ledger, date.fromisoformat(today))
    assert (promise.state, promise.outcome) == (state, None)


def test_pledges_in_words(news: Ledger) -> None:
    (pledge,) = pledges(news)
    assert (pledge.statement.words, pledge.state, pledge.due) == ("ملاحقة المهربين", "open", None)


PLEDGED = musnad.Document(
    id="p1", outlet="الأيام", published="2025-03-01",
    text="تعهد وزير الخارجية سامي الخوري بأن يلتقي نظيره القبرصي نيكوس أندريو في عمان قبل نهاية آذار.\n"
    "وهدد سامي الخوري بإغلاق المعبر في 20 آذار/مارس.",
)  # fmt: skip
MET = musnad.Document(
    id="p2", outlet="المساء", published="2025-03-20",
    text="التقى وزير الخارجية سامي الخوري نظيره القبرصي نيكوس أندريو في عمان أمس الأربعاء وبحثا ملف المياه.",
)  # fmt: skip


@pytest.mark.parametrize(("articles", "today", "states"), [
    ([PLEDGED], "2025-03-02", ["open", "open"]),
    ([PLEDGED], "2025-04-02", ["overdue", "overdue"]),
    pytest.param(
        [PLEDGED, MET], "2025-04-02", ["kept", "overdue"],
        marks=pytest.mark.xfail(strict=True, reason="«قبل نهاية آذار» is not taken for the day of the meeting"),
    ),
])  # fmt: skip
def test_pledges_are_kept_or_their_day_passes(
    tmp_path: Path, reader: musnad.Reader, articles: list[musnad.Document], today: str, states: list[str]
) -> None:
    with Ledger(tmp_path / "one.db") as ledger:
        ledger.add([reader.read(article) for article in articles])
        link(ledger)
        found = pledges(ledger, date.fromisoformat(today))
    assert [p.state for p in sorted(found, key=lambda p: p.statement.number)] == states
    assert all((p.outcome is not None) == (p.state == "kept") for p in found)


def test_a_denial_stands_beside_what_it_denies(news: Ledger) -> None:
    (found,) = conflicts(news)
    assert (found.kind, found.about, found.values) == ("denial", "stance", ("CONDEMN", "DENY"))
    assert (found.one.article, found.other.article) == ("party1", "party2")


def test_a_position_and_its_reversal(news: Ledger) -> None:
    steps = line(news, "سامي الخوري", "اليرموك")
    assert [(step.stance, step.side, step.turned) for step in steps] == [
        ("WELCOME", "for", False),
        ("REFUSE", "against", True),
    ]
    (turn,) = reversals(news, "سامي الخوري")
    assert (turn.values, turn.one.article, turn.other.article) == (("WELCOME", "REFUSE"), "talks1", "talks2")
    assert recurring(news, "سامي الخوري") == []  # twice is not yet often


def test_issues_are_named_and_forgotten(news: Ledger) -> None:
    define(news, "المياه", "اليرموك")
    define(news, "المياه", "نهر اليرموك")
    assert [(issue.name, issue.query) for issue in defined(news)] == [("المياه", "نهر اليرموك")]
    undefine(news, "المياه")
    assert not defined(news)
    with pytest.raises(LedgerError, match="المياه"):
        undefine(news, "المياه")


def test_article_by_article_gives_what_all_at_once_gives(news: Ledger, tmp_path: Path, reader: musnad.Reader) -> None:
    with Ledger(tmp_path / "slowly.db") as other:
        for article in NEWS:
            other.add([reader.read(article)])
            assert link(other) == 1
        assert groups(other) == groups(news)


def test_an_article_read_anew_is_linked_anew(news: Ledger, reader: musnad.Reader) -> None:
    changed = musnad.Document(
        id="quake2",
        outlet="الشروق",
        published="2025-03-02",
        text="فاز فريق الكرة الوطني بكأس البطولة للشباب في الدوحة.",
    )
    news.add([reader.read(changed)])
    assert link(news) == 1
    assert {"quake2"} in stories(news)


def test_a_group_outlives_the_article_that_gave_it_its_number(where: str, reader: musnad.Reader) -> None:
    with Ledger(where) as ledger:
        later, first = NEWS[1], NEWS[0]
        ledger.add([reader.read(later), reader.read(first)])  # the first by its day bears the highest numbers
        link(ledger)
        with ledger.database.read() as bind:
            (saying,) = views.list_utterances(bind, None, None, 10, 0)
            for report in saying.reports:
                assert views.utterance(bind, report.number) == saying  # any report leads to all
        ledger.add(
            [
                reader.read(
                    musnad.Document(id=first.id, published="2025-06-01", text="قالت هدى سالم إن الموازنة ستقر غدا.")
                )
            ]
        )
        link(ledger)
        with ledger.database.read() as bind:
            assert not views.list_utterances(bind, None, None, 10, 0)
        assert stories(ledger) == [{"quake1"}, {"quake2"}]


def test_decisions_by_hand_hold(news: Ledger, reader: musnad.Reader) -> None:
    decisions.decide(news, "story", "merge", "talks1", "talks2")
    decisions.decide(news, "story", "split", "party2", "party1")
    decisions.decide(news, "utterance", "split", "quake2#s1", "quake1#s1")
    wanted = [{"party1"}, {"party2"}, {"quake1", "quake2"}, {"talks1", "talks2"}]
    assert stories(news) == wanted
    with news.database.read() as bind:
        assert not views.list_utterances(bind, None, None, 10, 0)
    later = musnad.Document(
        id="talks2", outlet="المساء", published="2025-03-07", text=NEWS[5].text + "\nوغادر الضيف مساء."
    )
    news.add([reader.read(later)])
    link(news)
    assert stories(news) == wanted
    assert [row["action"] for row in decisions.made(news)] == ["merge", "split", "split"]


@pytest.mark.parametrize(
    ("kind", "one", "named"),
    [("tale", "talks1", "tale"), ("story", "nobody", "nobody"), ("utterance", "talks1#s77", "talks1#s77")],
)
def test_a_decision_about_nothing_is_refused(news: Ledger, kind: str, one: str, named: str) -> None:
    with pytest.raises(LedgerError, match=named):
        decisions.decide(news, kind, "merge", one, "talks2")


BAD_DAYS = {"party1": "2025-02-30", "party2": "9999-12-31", "talks1": "٢٠٢٥-٠١-٠١", "quake2": "0000-00-00"}


def test_a_day_that_is_none_counts_as_no_day(tmp_path: Path, fast: musnad.Reader) -> None:
    """Older versions took in what only looks like a day; the others are linked, and whatever asks for days goes on."""
    with Ledger(tmp_path / "news.db") as ledger:
        ledger.add(fast.read(article) for article in NEWS)
        with ledger.database.write() as bind:
            for name, day in BAD_DAYS.items():
                number = select(documents.c.number).where(documents.c.id == name).scalar_subquery()
                bind.execute(update(documents).where(documents.c.id == name).values(published=day))
                bind.execute(update(statements).where(statements.c.document == number).values(published=day))
                bind.execute(update(events).where(events.c.document == number).values(
                    first_day=day, last_day=day, seal=None,
                    spans=func.replace(func.replace(events.c.spans, "2025-03-06", day), '"date":null', f'"date":{{"start":"{day}","end":"{day}","span":null}}'),
                ))  # fmt: skip
        assert link(ledger) == len(NEWS)
        assert link(ledger) == 0
        assert {"talks2"} in stories(ledger)
        assert "<svg" in render_timeline(ledger.events(limit=100), "الأحداث")
        draw(figures(ledger.database, 10), tmp_path / "figures.svg")
        with ledger.database.read() as bind:
            for listed in (views.list_stories, views.list_utterances, views.list_happenings):
                listed(bind, None, None, 20, 0, 1)
        conflicts(ledger), promises(ledger), pledges(ledger)
        assert (shown := ledger.document("party1")) is not None
        assert shown.published is None
    found = "\n".join(str(finding) for finding in verify_ledger(tmp_path / "news.db"))
    for name, day in BAD_DAYS.items():
        assert f"{name}: its day {day!r} is none" in found


def test_an_article_that_cannot_be_linked_stops_no_other(
    tmp_path: Path, fast: musnad.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Happenings.link

    def fail(self: Happenings, account: ComparedEvent) -> Any:
        if account.document == 3:  # talks1
            raise OverflowError("date value out of range")
        return whole(self, account)

    said: list[str] = []
    with Ledger(tmp_path / "news.db") as ledger:
        ledger.add(fast.read(article) for article in NEWS)
        with monkeypatch.context() as broken:
            broken.setattr(Happenings, "link", fail)
            assert link(ledger, left_out=said.append) == len(NEWS) - 1
        assert said == ["talks1: could not be linked (OverflowError: date value out of range); please report it"]
        assert {"quake1", "quake2"} in stories(ledger)
        assert link(ledger) == 1


def test_the_same_articles_give_the_same_ledger_to_the_last_bit(tmp_path: Path) -> None:
    """Whatever the number of workers and the order of sets, and whether linking went on from the disk."""
    lines = [msgspec.json.encode({
        "id": f"{article.id} {day} {n}", "published": f"2025-03-{day:02}", "outlet": f"صحيفة {n}",
        "text": f"{article.text}\nوكتبت الصحيفة رقم {n} في اليوم {day} عن {word} من {NEWS[n].text.split()[day]}.",
    }) + b"\n" for day in range(1, 7) for n, word in enumerate(("المدرسة", "المياه", "الميناء")) for article in NEWS[:4]]  # fmt: skip
    for name, part in (("all", lines), ("one", lines[:36]), ("two", lines[36:])):
        (tmp_path / f"{name}.jsonl").write_bytes(b"".join(part))
    runs = [("a", "1", "1", ["all"]), ("b", "2", "2", ["all"]), ("c", "3", "1", ["one", "two"])]
    for name, seed, workers, files in runs:
        for file in files:
            command = [
                sys.executable,
                "-m",
                "musnad",
                "ingest",
                f"{file}.jsonl",
                "-l",
                f"{name}.db",
                "--workers",
                workers,
            ]
            subprocess.run(command, cwd=tmp_path, check=True, env=os.environ | {"PYTHONHASHSEED": seed})
    one, *others = (rows_of(tmp_path / f"{name}.db") for name, *_ in runs)
    assert len({row[1] for row in one["utterance_of"]}) < len(one["utterance_of"])
    assert len(one["stories"]) < len(lines) / 2
    for other in others:
        assert [name for name in one if one[name] != other[name]] == []


def rows_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but the inner ones of the index of words, which tell in how many transactions it grew."""
    with sqlite3.connect(path) as bind:
        bind.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'terms', 'instance')")
        names = [name for (name,) in bind.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        kept = ["temp.vocabulary", *(name for name in names if not name.startswith("terms"))]
        found = {name: sorted(bind.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in kept}
    # the seal knows the order in which rows came
    found["settings"] = [row for row in found["settings"] if row[0] != "sealed"]
    bind.close()
    return found


def test_what_comes_back_is_a_matter_and_no_grammar(where: str, fast: musnad.Reader) -> None:
    texts = [
        f"قال الوزير سامي الخوري إن المزارعين لم يهجروا الواحات الجنوبية في {place}."
        for place in ("درعا", "حمص", "حلب")
    ]
    with Ledger(where) as ledger:
        ledger.add(
            fast.read(musnad.Document(id=f"a{at}", published=f"2025-03-0{at + 1}", text=text))
            for at, text in enumerate(texts)
        )
        names = [issue.name for issue in recurring(ledger, "سامي الخوري")]
    assert "الواحات الجنوبية" in names
    assert not any(name.startswith("لم ") for name in names)


def test_what_is_told_often_is_ranked_first_as_among_all(news: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    days = ("2025-03-01", "2025-03-31")
    with news.database.read() as bind:
        at_once = ranking.rank_utterances(bind, *days, 10, 0), ranking.rank_happenings(bind, *days, 10, 0)
        monkeypatch.setattr(ranking, "_OFTEN", 1)  # all is joined at once
        assert at_once == (
            ranking.rank_utterances(bind, *days, 10, 0),
            ranking.rank_happenings(bind, *days, 10, 0),
        )
    assert all(at_once)
