"""Asking a real server: kept answers, busy servers, wrong keys, what may be spent, and where the key goes."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import musnad
from musnad.errors import BudgetError, ModelError
from musnad.llm import LlmReader, Settings, load
from musnad.llm.client import Model, NoAnswerError
from musnad.readers import open_reader
from tests.llm.server import KEY, ChatServer, Reply, chat_server

TEXT = "قال الوزير سامي الخوري إن الجسر سيفتح غدا."
LINE = "S الجسر سيفتح غدا | قال | i | SAY | الوزير سامي الخوري | سامي الخوري"
QUESTION = [{"role": "system", "content": "اقرأ"}, {"role": "user", "content": "قال الوزير نعم."}]
OTHER = [{"role": "system", "content": "اقرأ"}, {"role": "user", "content": "قال الوزير لا."}]
PRICES = {"price_in": 10.0, "price_out": 10.0}  # a million tokens
LARGE = (100_000, 10_000)  # tokens that cost 1.10 at these prices


class Asking:
    """A model behind a server, and how long it waited before it asked again."""

    def __init__(self, server: ChatServer, **settings: Any) -> None:
        self.waits: list[float] = []
        self.settings = Settings(**{"url": server.url, "model": "tiny", "cache": "", **settings})
        self.model = Model(self.settings, sleep=self.waits.append)

    @property
    def reader(self) -> LlmReader:
        return LlmReader(self.settings, model=self.model)

    def ask(self, messages: list[dict[str, str]] = QUESTION) -> str:
        return self.model.ask(messages).text


Asks = Callable[..., Asking]


@pytest.fixture
def asks(server: ChatServer, fast: musnad.Reader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asks]:
    loaded = fast  # once for all tests
    monkeypatch.setattr("musnad.llm.reader.Reader", lambda fast: loaded)
    opened: list[Asking] = []

    def asks(**settings: Any) -> Asking:
        opened.append(Asking(server, **settings))
        return opened[-1]

    yield asks
    for one in opened:
        one.model.close()


def near(wait: float, seconds: float) -> bool:
    """Whether a wait is of so many seconds, a fifth more or less."""
    return 0.8 * seconds <= wait <= 1.2 * seconds


# -- what is sent ------------------------------------------------------------------


def test_the_chat_protocol_is_spoken(server: ChatServer, asks: Asks) -> None:
    server.say("نعم")
    assert asks().ask() == "نعم"
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["content-type"] == "application/json"
    assert asked.body == {"model": "tiny", "messages": QUESTION, "temperature": 0, "stream": False}


def test_an_address_may_end_in_a_stroke(server: ChatServer, asks: Asks) -> None:
    asks(url=server.url + "/").ask()
    assert server.asked[0].path == "/v1/chat/completions"


def test_the_day_of_publication_goes_with_the_article(server: ChatServer, asks: Asks) -> None:
    one = asks()
    reader = one.reader
    reader.read(musnad.Document(id="1", text=TEXT, published="2025-03-08", title="سر", url="https://example.org/سر"))
    reader.read(musnad.Document(id="2", text=TEXT))
    first, second = (asked.messages[1].splitlines() for asked in server.asked)
    assert (first[0], first[2:-1]) == ("Published on 2025-03-08.", [TEXT])
    assert second[0] == "The day of publication is not known."
    assert "سر" not in "".join(first).replace(TEXT, "")  # neither title nor address


# -- kept answers ---------------------------------------------------------------------


def test_an_answer_is_kept_and_not_asked_for_again(server: ChatServer, asks: Asks, tmp_path: Path) -> None:
    server.say("نعم", "لا")
    first = asks(cache=str(tmp_path / "new" / "answers.db"))
    assert [first.ask(), first.ask()] == ["نعم", "نعم"]
    again = asks(cache=str(tmp_path / "new" / "answers.db"))  # as another process would
    assert again.ask() == "نعم"
    assert server.count == 1
    assert (again.model.usage.requests, again.model.usage.kept) == (0, 1)


def test_another_article_or_model_is_asked_for_anew(server: ChatServer, asks: Asks, tmp_path: Path) -> None:
    server.say("واحد", "اثنان", "ثلاثة")
    one, two = (asks(cache=str(tmp_path / "answers.db"), model=name) for name in ("tiny", "large"))
    assert [one.ask(), one.ask(OTHER), two.ask(), one.ask()] == ["واحد", "اثنان", "ثلاثة", "واحد"]


def test_without_a_file_nothing_is_kept(server: ChatServer, asks: Asks) -> None:
    one = asks(cache="")
    one.ask(), one.ask()
    assert server.count == 2


def test_no_answer_is_not_kept(server: ChatServer, asks: Asks, tmp_path: Path) -> None:
    server.say(Reply(status=500), "نعم")
    one = asks(cache=str(tmp_path / "answers.db"), retries=0)
    with pytest.raises(NoAnswerError):
        one.ask()
    assert one.ask() == "نعم"


def test_a_file_that_keeps_no_answers_is_named(tmp_path: Path, asks: Asks) -> None:
    (tmp_path / "notes.txt").write_text("ليست قاعدة بيانات " * 100, encoding="utf-8")
    with pytest.raises(ModelError, match=r"notes\.txt: answers cannot be kept there"):
        asks(cache=str(tmp_path / "notes.txt"))


def test_a_second_reading_asks_nothing_and_says_the_same(server: ChatServer, asks: Asks, tmp_path: Path) -> None:
    server.say(LINE, "E none")
    records = []
    for _ in range(2):
        one = asks(cache=str(tmp_path / "answers.db"))
        records.append(one.reader.read(TEXT))
    assert records[0] == records[1]
    assert [one.text for one in records[0].statements] == ["الجسر سيفتح غدا"]
    assert server.count == 1


# -- servers that are busy, slow, gone, or no such servers ------------------------------


def test_a_busy_server_is_asked_again_when_it_says(server: ChatServer, asks: Asks) -> None:
    server.say(Reply(status=429, headers={"Retry-After": "7"}), "نعم")
    one = asks()
    assert one.ask() == "نعم"
    assert [near(wait, 7) for wait in one.waits] == [True]


def test_the_time_to_ask_again_may_be_a_date(server: ChatServer, asks: Asks) -> None:
    at = email.utils.formatdate(time.time() + 31, usegmt=True)
    server.say(Reply(status=503, headers={"Retry-After": at}), "نعم")
    one = asks()
    assert one.ask() == "نعم"
    assert 23 < one.waits[0] < 38  # half a minute, and a fifth more or less


@pytest.mark.parametrize(("told", "seconds"), [("86400", 60), ("-5", 1), ("soon", 1), ("٣", 1), ("0", 0)])
def test_no_server_makes_one_wait_for_long(told: str, seconds: float, server: ChatServer, asks: Asks) -> None:
    server.say(Reply(status=429, headers={"Retry-After": told.encode().decode("latin-1")}), "نعم")
    one = asks()
    assert one.ask() == "نعم"
    assert near(one.waits[0], seconds)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_asked_again(status: int, server: ChatServer, asks: Asks) -> None:
    server.say(Reply(status=status), "نعم")
    assert asks().ask() == "نعم"
    assert server.count == 2


def test_waits_are_doubled_and_come_to_an_end(server: ChatServer, asks: Asks) -> None:
    server.say(Reply(status=500))
    one = asks(retries=3)
    with pytest.raises(NoAnswerError, match=r"the server is busy \(500\)"):
        one.ask()
    assert server.count == 4
    assert [near(wait, seconds) for wait, seconds in zip(one.waits, [1, 2, 4], strict=True)] == [True, True, True]


@pytest.mark.parametrize(
    "body",
    [
        b"<html>502</html>", b"", b"[]", b'"text"', b'{"choices": []}', b'{"choices": [{"text": "E none"}]}', b"\xff\xfe",
        b'{"choices": [{"message": {"content": null}}]}', b'{"error": {"message": "no"}}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_asked_for_again(body: bytes, server: ChatServer, asks: Asks) -> None:
    server.say(Reply(body=body), "نعم")
    assert asks().ask() == "نعم"
    server.say(Reply(body=body))
    with pytest.raises(NoAnswerError, match="the answer"):
        asks(retries=1).ask()
    assert server.count == 2


def test_an_answer_without_end_is_not_taken_in(server: ChatServer, asks: Asks) -> None:
    server.say("نعم " * 400_000)
    with pytest.raises(NoAnswerError, match="larger than 2 MB"):
        asks().ask()
    assert server.count == 1


def test_nobody_at_the_address(asks: Asks) -> None:
    with pytest.raises(NoAnswerError, match="no server answers"):
        asks(url="http://127.0.0.1:9/v1", retries=1).ask()


def test_a_server_that_is_silent_is_left_alone(server: ChatServer, asks: Asks) -> None:
    server.say(Reply(status=500))
    one = asks(retries=0)
    for _ in range(9):
        with pytest.raises(NoAnswerError) as error:
            one.ask()
    assert server.count == 6
    assert "left alone" in str(error.value)


def test_now_and_then_without_an_answer_is_not_silent(server: ChatServer, asks: Asks) -> None:
    server.say(*[Reply(status=500), Reply("نعم")] * 8)
    one = asks(retries=0)
    for _ in range(8):
        with pytest.raises(NoAnswerError):
            one.ask()
        assert one.ask() == "نعم"


def test_a_slow_server_leaves_the_article_to_the_fast_reader(
    server: ChatServer, asks: Asks, fast: musnad.Reader
) -> None:
    server.say(Reply(LINE, wait=5))
    one = asks(seconds=1, retries=0)
    begun = time.monotonic()
    record = one.reader.read(TEXT)
    assert time.monotonic() - begun < 4
    assert record.statements == fast.read(TEXT).statements
    assert [(note.code, note.detail) for note in record.notes] == [("llm-unanswered", "the server takes too long")]


# -- servers that refuse ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "refused the key"), (403, "refused the key"), (404, "no such address or model"), (400, "did not take")],
)
def test_what_is_set_up_wrong_is_said_at_once(status: int, words: str, server: ChatServer, asks: Asks) -> None:
    server.say(Reply(status=status, body=f'{{"error": "bad key {KEY}"}}'.encode()))
    one = asks(key=KEY)
    with pytest.raises(ModelError, match=words) as error:
        one.reader.read(TEXT)
    assert str(error.value).startswith("tiny: ")
    assert KEY not in str(error.value)
    assert (server.count, one.waits) == (1, [])


def test_where_it_answered_before_a_refusal_is_the_articles_alone(server: ChatServer, asks: Asks) -> None:
    """As of an article that a server's own rules keep it from reading."""
    server.say("نعم", Reply(status=400), "لا")
    one = asks()
    assert one.ask() == "نعم"
    with pytest.raises(NoAnswerError, match=r"did not take the request \(400\)"):
        one.ask()
    assert one.ask() == "لا"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_sent_elsewhere(status: int, server: ChatServer, asks: Asks) -> None:
    with chat_server() as elsewhere:
        server.say(Reply(status=status, headers={"Location": f"{elsewhere.url}/chat/completions"}))
        with pytest.raises(NoAnswerError, match=f"cannot be used .{status}."):
            asks(key=KEY).ask()
        assert (server.count, elsewhere.count) == (1, 0)


@pytest.mark.parametrize("host", ["a..b", "xn--a", "[v1.x]", "☃️.example", "a" * 70])
def test_a_name_that_no_server_has_is_said_to_be_none(host: str, asks: Asks) -> None:
    with pytest.raises(ModelError, match=r"llm\.url"):
        asks(url=f"http://{host}/v1", retries=0).ask()


# -- the key -----------------------------------------------------------------------------


def test_the_key_goes_into_one_header_and_nowhere_else(
    server: ChatServer, asks: Asks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    server.say(LINE.replace("غدا", "أمس"), LINE)
    one = asks(key=KEY, cache=str(tmp_path / "answers.db"))
    record, why = one.reader.explain(TEXT)
    one.model.close()
    assert server.count == 2
    for asked in server.asked:
        assert asked.headers.pop("authorization") == f"Bearer {KEY}"
        assert KEY not in str(asked)
    for told in (
        record.to_json(),
        str(why),
        one.settings.notice,
        str(one.model.usage),
        repr(one.settings),
        caplog.text,
    ):
        assert KEY not in told
    assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_without_a_key_nothing_is_said_of_one(server: ChatServer, asks: Asks) -> None:
    asks().ask()
    assert "authorization" not in server.asked[0].headers


# -- what it costs -------------------------------------------------------------------------


def test_tokens_and_cost_are_counted(server: ChatServer, asks: Asks, tmp_path: Path) -> None:
    server.say(Reply("نعم", tokens=(1_500, 50)), Reply("لا", tokens=(500, 150)))
    one = asks(price_in=2.0, price_out=8.0, cache=str(tmp_path / "answers.db"))
    one.ask(), one.ask(OTHER), one.ask()
    usage = one.model.usage
    assert (usage.requests, usage.kept, usage.asked, usage.answered) == (2, 1, 2_000, 200)
    assert usage.cost == pytest.approx((2_000 * 2 + 200 * 8) / 1e6)
    assert str(usage) == "2 requests, 2,200 tokens, 0.01 spent, 1 answers were kept"


def test_without_prices_no_cost_is_told(server: ChatServer, asks: Asks) -> None:
    one = asks()
    one.ask()
    assert one.model.usage.cost is None
    assert str(one.model.usage) == "1 requests, 1,100 tokens"


@pytest.mark.parametrize("tokens", [None, (-5, -5), ("many", None), (10**12, 10**12), (True, False), (0.5, 1.5)])
def test_a_server_that_counts_wrong_is_counted_for(
    tokens: tuple[Any, Any] | None, server: ChatServer, asks: Asks
) -> None:
    """Sixty tokens for a hundred characters, which is more than most need."""
    server.say(Reply("ن" * 50, tokens=tokens))
    one = asks()
    one.ask([{"role": "user", "content": "ق" * 1_000}])
    assert (one.model.usage.asked, one.model.usage.answered) == (600, 30)


def test_no_more_is_spent_than_may_be(server: ChatServer, asks: Asks, tmp_path: Path) -> None:
    server.say(Reply("نعم", tokens=LARGE))
    one = asks(**PRICES, max_cost=1.0, cache=str(tmp_path / "answers.db"))
    assert one.ask() == "نعم"
    with pytest.raises(BudgetError, match=r"1\.10 of 1\.00 are spent.*what was read is kept.*--max-cost"):
        one.ask(OTHER)
    assert server.count == 1
    assert one.ask() == "نعم"  # what was paid for is there
    assert asks(**PRICES, max_cost=0.0, cache=str(tmp_path / "answers.db")).ask() == "نعم"


def test_what_may_not_be_spent_is_not_begun(server: ChatServer, asks: Asks) -> None:
    with pytest.raises(BudgetError):
        asks(**PRICES, max_cost=0.0).ask()
    assert server.count == 0


def test_what_was_put_aside_for_no_answer_may_be_spent(server: ChatServer, asks: Asks) -> None:
    """A question of a thousand characters may cost 0.009 here: there is room for one at a time."""
    question = [{"role": "user", "content": "ق" * 1_000}]
    server.say(*[Reply(status=500)] * 3, Reply("نعم", tokens=(0, 0)))
    one = asks(**PRICES, max_cost=0.01, retries=0)
    for _ in range(3):
        with pytest.raises(NoAnswerError):
            one.ask(question)
    assert one.ask(question) == "نعم"


def test_an_estimate_before_anything_is_sent(server: ChatServer, asks: Asks) -> None:
    plain, priced = asks(), asks(**PRICES)
    assert "tokens" in plain.reader.estimate(1_000_000)
    assert "at the prices" not in plain.reader.estimate(1_000_000)
    said = priced.reader.estimate(1_000_000)
    tokens, cost = int(said.split()[1].replace(",", "")), float(said.split(", ")[1].split()[0])
    assert cost == pytest.approx(tokens * 10 / 1e6, abs=0.01)
    assert server.count == 0


# -- settings --------------------------------------------------------------------------------

FILE = """
[llm]
url = "https://models.example/v1"
model = "from-the-file"
key = "sk-file"
price_in = 2
price_out = 8.5
at_once = 2
"""


def config(tmp_path: Path, text: str) -> dict[str, str]:
    """An environment whose user has this file of settings."""
    (tmp_path / "musnad").mkdir(exist_ok=True)
    (tmp_path / "musnad" / "config.toml").write_text(text, encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(tmp_path)}


def test_settings_of_a_file(tmp_path: Path) -> None:
    found = load(environment=config(tmp_path, FILE))
    assert (found.url, found.model, found.key) == ("https://models.example/v1", "from-the-file", "sk-file")
    assert (found.price_in, found.price_out, found.at_once, found.part) == (2.0, 8.5, 2, 6_000)
    assert load(tmp_path / "musnad" / "config.toml", environment={}) == found


def test_settings_of_the_environment(tmp_path: Path) -> None:
    found = load(
        environment={
            "XDG_CONFIG_HOME": str(tmp_path),
            "MUSNAD_LLM_URL": "http://localhost:11434/v1",
            "MUSNAD_LLM_MODEL": "tiny",
        }
    )
    assert (found.url, found.model, found.key, found.price_in) == ("http://localhost:11434/v1", "tiny", None, None)


def test_the_environment_goes_before_the_file_and_what_is_given_before_both(tmp_path: Path) -> None:
    environment = config(tmp_path, FILE) | {"MUSNAD_LLM_MODEL": "from-outside", "MUSNAD_LLM_URL": ""}
    assert load(environment=environment).model == "from-outside"
    assert load(environment=environment).url == "https://models.example/v1"  # an empty variable says nothing
    given = load(environment=environment, model="given", max_cost=3.0, key=None)
    assert (given.model, given.max_cost, given.key) == ("given", 3.0, "sk-file")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "MUSNAD_LLM_URL"),
        ({"MUSNAD_LLM_MODEL": "tiny"}, "MUSNAD_LLM_URL"),
        ({"MUSNAD_LLM_URL": "http://localhost:1/v1"}, "MUSNAD_LLM_MODEL"),
    ],
)
def test_what_is_missing_is_named(environment: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=words) as error:
        load(environment=environment | {"XDG_CONFIG_HOME": str(tmp_path)})
    assert "config.toml" in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[llm\nkey = 'sk-file'", "cannot be read as TOML"),
        ("llm = 'tiny'", "must be a table"),
        (FILE + "cost = 3", "unknown field `cost`"),
        (FILE + "part = 'all'", "part"),
        (FILE + "part = 10", "llm.part: 10 is not from 500 to 200,000"),
        (FILE + "seconds = nan", "llm.seconds"),
        (FILE + "retries = -1", "llm.retries"),
        (FILE + "max_cost = -1", "llm.max_cost"),
        (FILE.replace("sk-file", "sk-مفتاح"), "llm.key: a key is ASCII"),
        (FILE.replace("sk-file", "sk\\nfile"), "llm.key: must be one line"),
        (FILE.replace("from-the-file", " "), "llm.model: must be one line"),
        (FILE.replace("price_in = 2", "max_cost = 2"), "a limit of cost needs the prices"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        load(environment=config(tmp_path, text))
    assert words in str(error.value)
    assert "sk-file" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("localhost:11434/v1", "must begin with http"),
        ("ftp://localhost/v1", "must begin with http"),
        ("http:///v1", "name a server"),
        (f"http://user:{KEY}@localhost/v1", "must hold no name or password"),
        (f"http://{KEY}@localhost/v1", "must hold no name or password"),
        (f"http://localhost/v1?key={KEY}", "must end with the path"),
        (f"http://localhost/v1#{KEY}", "must end with the path"),
        ("http://local host/v1", "must end with the path"),
        ("http://localhost:99999/v1", "is no address"),
        ("http://[::1/v1", "is no address"),
    ],
)
def test_an_address_that_is_wrong_is_not_shown(url: str, words: str) -> None:
    """It may hold a key."""
    with pytest.raises(ModelError, match="MUSNAD_LLM_KEY" if "password" in words else words) as error:
        Settings(url=url, model="tiny")
    assert words in str(error.value)
    assert KEY not in str(error.value)


def test_a_limit_needs_prices() -> None:
    with pytest.raises(ModelError, match=r"llm\.price_in and llm\.price_out"):
        Settings(url="http://localhost:1/v1", model="tiny", max_cost=2.0, price_in=1.0)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://localhost:11434/v1", "localhost:11434 (on this machine)"),
        ("http://127.0.0.1:1/v1", "127.0.0.1:1 (on this machine)"),
        ("http://[::1]:1/v1", "[::1]:1 (on this machine)"),
        ("https://models.example/v1", "models.example (beyond this machine)"),
        ("http://models.example/v1", "models.example (beyond this machine, unencrypted)"),
        ("http://localhost.example/v1", "localhost.example (beyond this machine, unencrypted)"),
    ],
)
def test_the_notice_says_where_the_text_goes(url: str, where: str) -> None:
    notice = Settings(url=url, model="tiny", key=KEY, cache="/var/answers.db").notice
    assert notice == f"the text of each article goes to {where}, model tiny; answers are kept in /var/answers.db"
    assert Settings(url=url, model="tiny", cache="").notice.endswith("; no answers are kept")


def test_a_reader_by_its_name(server: ChatServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (config(tmp_path, "") | {"MUSNAD_LLM_URL": server.url, "MUSNAD_LLM_MODEL": "tiny"}).items():
        monkeypatch.setenv(name, value)
    server.say(LINE)
    reader = open_reader("llm", cache="", at_once=3)
    assert isinstance(reader, LlmReader)
    assert (reader.at_once, reader.settings.model) == (3, "tiny")
    assert [one.text for one in reader.read(TEXT).statements] == ["الجسر سيفتح غدا"]
    reader.close()
    with pytest.raises(ValueError, match="no reader 'slow'"):
        open_reader("slow")
