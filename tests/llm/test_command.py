"""The command with a language model behind it: a process of its own, a real server, real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from musnad.ledger import Ledger
from musnad.ledger.verify import verify_ledger
from tests.command import musnad_text
from tests.llm.server import KEY, Asked, ChatServer, Reply

BRIDGE = "قال الوزير سامي الخوري إن الجسر سيفتح غدا."
ROAD = "وقالت النائبة هدى سالم: «الطريق مغلق منذ شهر»."
LINES = {
    BRIDGE: "S الجسر سيفتح غدا | قال | i | SAY | الوزير سامي الخوري | سامي الخوري",
    ROAD: "S الطريق مغلق منذ شهر | وقالت | d | SAY | النائبة هدى سالم | هدى سالم",
}
Command = Callable[..., subprocess.CompletedProcess[str]]


def answer(asked: Asked) -> str:
    """What a good model says of the articles of these tests."""
    return "\n".join(line for text, line in LINES.items() if text in asked.messages[1]) or "E none"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE + "\n", encoding="utf-8")
    (folder / "road.txt").write_text(ROAD + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def user(server: ChatServer, tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose model is the server of the test."""
    server.answering = answer
    home = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MUSNAD_")}
    return plain | home | {"MUSNAD_LLM_URL": server.url, "MUSNAD_LLM_MODEL": "tiny", "MUSNAD_LLM_KEY": KEY}


@pytest.fixture
def musnad(user: dict[str, str], tmp_path: Path) -> Command:
    def run(*args: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return musnad_text(*map(str, args), stdin=BRIDGE, folder=tmp_path, environment=user | environment)

    return run


def prices(tmp_path: Path) -> None:
    (tmp_path / "config" / "musnad").mkdir(parents=True)
    (tmp_path / "config" / "musnad" / "config.toml").write_text(
        "[llm]\nprice_in = 10\nprice_out = 10\nat_once = 1\n", encoding="utf-8"
    )


def test_reading_says_where_the_text_goes_and_gives_records(
    musnad: Command, server: ChatServer, articles: Path, tmp_path: Path
) -> None:
    done = musnad("read", articles, "--reader", "llm")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["statements"][0]["speaker"]["name"] for row in rows] == ["سامي الخوري", "هدى سالم"]
    assert [row["notes"] for row in rows] == [[], []]
    notice, usage = done.stderr.splitlines()
    assert usage.startswith("musnad: 2 requests, ")
    where = f"127.0.0.1:{server.server_port} (on this machine), model tiny"
    assert (
        notice
        == f"musnad: the text of each article goes to {where}; answers are kept in {tmp_path}/cache/musnad/llm.db"
    )
    assert server.count == 2
    assert KEY not in done.stdout + done.stderr


def test_explain_tells_what_the_model_said(musnad: Command, server: ChatServer, articles: Path) -> None:
    reply = f"{LINES[BRIDGE].replace('غدا', 'غدًا')}\nS الجسر سيغلق | قال | i | SAY | الوزير سامي الخوري"
    server.say(reply, "E none")
    done = musnad("read", articles / "bridge.txt", "--reader", "llm", "--explain")
    assert done.returncode == 0, done.stderr
    why = json.loads(done.stdout)
    assert why["replies"] == [{"reply": reply, "cut": False, "unanswered": None}]
    assert why["repairs"] == [{"field": "content", "repair": "letters", "words": "الجسر سيفتح غدًا"}]
    assert [(one["field"], one["reason"]) for one in why["refused"]] == [
        ("content", "«الجسر سيغلق» does not stand in the article")
    ]
    assert server.count == 2


def test_what_is_taken_in_twice_is_asked_for_once(
    musnad: Command, server: ChatServer, articles: Path, tmp_path: Path
) -> None:
    first = musnad("ingest", articles, "--reader", "llm", "--ledger", tmp_path / "one.db")
    assert first.returncode == 0, first.stderr
    assert first.stderr.splitlines()[-1] == ("2 taken in, 0 changed, 0 unchanged, 0 rejected, 2 requests, 2,200 tokens")
    again = musnad("ingest", articles, "--reader", "llm", "--ledger", tmp_path / "two.db")
    assert again.stderr.splitlines()[-1] == (
        "2 taken in, 0 changed, 0 unchanged, 0 rejected, 0 requests, 0 tokens, 2 answers were kept"
    )
    assert server.count == 2
    for name in ("one.db", "two.db"):
        with Ledger(tmp_path / name) as ledger:
            records = list(ledger.records())
        assert [one.statements[0].text for one in records] == ["الجسر سيفتح غدا", "الطريق مغلق منذ شهر"]
        assert list(verify_ledger(tmp_path / name)) == []
    assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_what_the_model_had_no_answer_for_is_asked_again_next_time(
    musnad: Command, server: ChatServer, articles: Path, tmp_path: Path
) -> None:
    answering = server.answering
    server.say(Reply(status=418))
    first = musnad("ingest", articles, "--reader", "llm", "--ledger", "news.db")
    assert "2 without an answer (read by the fast reader)" in first.stderr
    server.answering = answering
    again = musnad("ingest", articles, "--reader", "llm", "--ledger", "news.db")
    assert "0 taken in, 2 changed, 0 unchanged" in again.stderr
    third = musnad("ingest", articles, "--reader", "llm", "--ledger", "news.db")
    assert "0 taken in, 0 changed, 2 unchanged" in third.stderr
    assert server.count == 4
    with Ledger(tmp_path / "news.db") as ledger:
        assert not any(note.code == "llm-unanswered" for one in ledger.records() for note in one.notes)
    assert list(verify_ledger(tmp_path / "news.db")) == []


def test_what_was_paid_for_is_in_the_ledger_when_the_money_is_spent(
    musnad: Command, server: ChatServer, articles: Path, tmp_path: Path
) -> None:
    prices(tmp_path)
    server.say(Reply(LINES[BRIDGE], tokens=(100_000, 0)))
    done = musnad("ingest", articles, "--reader", "llm", "--max-cost", "0.5", "--ledger", "news.db")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("musnad: 1.00 of 0.50 are spent, and the next article may cost")
    assert "Traceback" not in done.stderr
    assert server.count == 1
    with Ledger(tmp_path / "news.db") as ledger:
        assert [one.statements[0].text for one in ledger.records()] == ["الجسر سيفتح غدا"]
    server.answering = answer
    again = musnad("ingest", articles, "--reader", "llm", "--max-cost", "5", "--ledger", "news.db")
    assert again.returncode == 0
    assert again.stderr.splitlines()[-1].startswith("1 taken in, 0 changed, 1 unchanged, 0 rejected, 1 requests")


def test_what_it_writes_as_annotated_articles_is_what_it_reads(
    musnad: Command, server: ChatServer, articles: Path, tmp_path: Path
) -> None:
    done = musnad("gold", "export", articles, "--reader", "llm", "--output", "gold.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "2 articles in gold.jsonl"
    assert server.count == 2
    rows = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    at = BRIDGE.index("الجسر")
    assert rows[0]["statements"][0]["content"] == [[at, at + len("الجسر سيفتح غدا")]]
    assert rows[0]["statements"][0]["speaker"]["name"] == "سامي الخوري"
    done = musnad("eval", "gold.jsonl", "--reader", "llm", "--json")
    assert done.returncode == 0, done.stderr
    metrics = json.loads(done.stdout)
    assert metrics["attributed_f1"] == metrics["exact_f1"] == metrics["kind_accuracy"] == 1.0
    assert server.count == 2  # eval asks for nothing that is known


def test_eval_tells_a_model_that_reads_nothing(musnad: Command, server: ChatServer, tmp_path: Path) -> None:
    at = BRIDGE.index("الجسر")
    said = {"content": [[at, at + 15]], "cue": [0, 3], "kind": "indirect", "stance": "SAY",
            "speaker": {"name": "سامي الخوري", "also": [], "span": [4, 22]}}  # fmt: skip
    row = {"id": "1", "text": BRIDGE, "statements": [said]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
    server.say("E CONSULT | happened | سيفتح | الوزير سامي الخوري")
    done = musnad("eval", "gold.jsonl", "--reader", "llm", "--json")
    assert json.loads(done.stdout)["attributed_f1"] == 0.0


@pytest.mark.parametrize("args", [("read", "-"), ("gold", "export", "articles", "-o", "x"), ("serve",)])
def test_without_a_model_one_line_says_what_to_set(args: tuple[str, ...], musnad: Command, articles: Path) -> None:
    done = musnad(*args, "--reader", "llm", MUSNAD_LLM_URL="")
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith("musnad: which language model? set MUSNAD_LLM_URL, or url under [llm] in ")
    assert done.stdout == ""


def test_a_key_that_is_refused_is_one_line(musnad: Command, server: ChatServer, articles: Path) -> None:
    server.say(Reply(status=401, body=KEY.encode()))
    done = musnad("ingest", articles, "--reader", "llm", "--ledger", "news.db")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("musnad: tiny: the server refused the key (401)")
    assert "check url, model and key" in done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("read", "-", "--fast", "--reader", "llm"), "which reader? fast, llm were asked for"),
        (("ingest", "-", "--exact", "--reader", "llm"), "which reader? exact, llm were asked for"),
        (("read", "-", "--max-cost", "2"), "--max-cost goes with --reader llm"),
    ],
)
def test_wrong_use(args: tuple[str, ...], words: str, musnad: Command, server: ChatServer) -> None:
    done = musnad(*args)
    assert done.returncode == 2
    assert words in done.stderr
    assert server.count == 0


def test_nothing_is_sent_that_nobody_asked_to_send(
    musnad: Command, server: ChatServer, articles: Path, tmp_path: Path
) -> None:
    """Though a model is set up."""
    commands = [("read", articles, "--fast"), ("ingest", articles, "--workers", "1")]
    with ThreadPoolExecutor() as pool:
        for done in pool.map(lambda args: musnad(*args), commands):
            assert done.returncode == 0, done.stderr
            assert "goes to" not in done.stderr
    assert server.count == 0
    assert not (tmp_path / "cache" / "musnad").exists()


def test_articles_are_taken_in_without_the_packages_of_a_model(
    user: dict[str, str], articles: Path, tmp_path: Path
) -> None:
    """httpx comes with the extras only."""
    code = "import sys; sys.modules['httpx'] = None; from musnad.cli import main; main()"

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *map(str, args)], env=user, capture_output=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip

    with ThreadPoolExecutor() as pool:
        taken = pool.submit(run, "ingest", articles, "--ledger", tmp_path / "news.db", "--workers", "1")
        asked = pool.submit(run, "read", articles, "--reader", "llm")
    assert taken.result().stderr.startswith("2 taken in")
    assert (asked.result().returncode, asked.result().stderr) == (
        2,
        "musnad: a language model needs httpx; pip install 'musnad[llm]'\n",
    )
