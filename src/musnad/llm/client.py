"""Asking a server that speaks the OpenAI chat protocol: bounded, repeated where that helps, counted."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from weakref import WeakValueDictionary

import httpx

from musnad.errors import BudgetError, ModelError
from musnad.llm.cache import Answer, Cache, Messages, key_of
from musnad.llm.line import LineError, ModelConnection, ModelConnections
from musnad.llm.settings import Settings
from musnad.record import is_blank

_LARGEST = 2 << 20  # bytes of an answer
_WAIT, _LONGEST_WAIT = 1.0, 60.0  # seconds before a request is repeated: doubled each time, up to so many
_REFUSALS = {
    400: "did not take the request",
    401: "refused the key",
    403: "refused the key",
    404: "knows no such address or model",
}
_BUSY = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_GONE = 6  # requests in a row without an answer, after which the server is left alone
_REST = 60.0  # seconds before it is tried again
TOKENS = 0.6  # of a character of Arabic, for what a server does not count: many models need less
#: Tokens of an answer for one of the question that are put aside: at first, and at most, once a long answer came.
_REPLY, _LONGEST_REPLY = 0.5, 3.0
_COUNTED = 10_000_000  # tokens of one request: a server that counts more does not tell the truth


class NoAnswerError(Exception):
    """The server gave no answer that can be used; the message says why, without address or key."""


class Usage:
    """Tokens and cost so far, shared by threads. Kept answers cost nothing and are counted apart."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, threading.Lock()
        self.requests = self.kept = self.unanswered = self.asked = self.answered = 0
        self._reserved, self._longest = 0.0, _REPLY

    @property
    def cost(self) -> float | None:
        """What was spent, in the currency of the prices; None where these are not known."""
        return self.price(self.asked, self.answered)

    def price(self, asked: float, answered: float) -> float | None:
        """What so many tokens cost; None where the prices are not known."""
        first, second = self._settings.price_in, self._settings.price_out
        return None if first is None or second is None else (asked * first + answered * second) / 1e6

    def reserve(self, characters: int) -> float:
        """Put aside what a request of so many characters may cost. Raises `BudgetError` where that is more than is left."""
        most = self._settings.max_cost
        if most is None:
            return 0.0
        with self._lock:
            wanted = self.price(characters * TOKENS, characters * TOKENS * self._longest) or 0.0
            spent = self.cost or 0.0
            if spent + self._reserved + wanted > most:
                raise BudgetError(
                    f"{spent:.2f} of {most:.2f} are spent, and the next article may cost {wanted:.2f}; "
                    "what was read is kept, run again with a higher --max-cost to go on"
                )
            self._reserved += wanted
        return wanted

    def add(self, reserved: float, answer: Answer | None) -> None:
        """Count an answer, or that there was none."""
        with self._lock:
            self._reserved -= reserved
            if answer is not None:
                self.requests += 1
                self.asked += answer.asked
                self.answered += answer.answered
                self._longest = min(max(self._longest, answer.answered / (answer.asked or 1)), _LONGEST_REPLY)

    def add_kept(self) -> None:
        """Count an answer that was there already."""
        with self._lock:
            self.kept += 1

    def add_unanswered(self) -> None:
        """Count a request without an answer that can be used: the fast reader's stands there."""
        with self._lock:
            self.unanswered += 1

    def __str__(self) -> str:
        cost = self.cost
        spent = f", {cost:.2f} spent" if cost is not None else ""
        kept = f", {self.kept} answers were kept" if self.kept else ""
        silent = f", {self.unanswered} without an answer (read by the fast reader)" if self.unanswered else ""
        return f"{self.requests} requests, {self.asked + self.answered:,} tokens{spent}{kept}{silent}"


class Model:
    """A language model behind a server. Shared by threads: each has its own connection, and nobody asks what another is asking."""

    def __init__(self, settings: Settings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings, self._sleep = settings, sleep
        self._cache = Cache(path) if (path := settings.cache_file) is not None else None
        self._address = settings.url.rstrip("/") + "/chat/completions"
        self._lock, self._silent, self._rests_until, self._has_answered = threading.Lock(), 0, 0.0, False
        self._lines, self._line = ModelConnections(settings), threading.local()
        self._asked: WeakValueDictionary[bytes, _Turn] = WeakValueDictionary()
        self.usage = Usage(settings)

    def close(self) -> None:
        """Close connections and the file of answers."""
        self._lines.close()
        if self._cache is not None:
            self._cache.close()

    def ask(self, messages: Messages) -> Answer:
        """Return what the model says to messages, from the kept answers where it said it before.

        Raises `NoAnswerError` where the server gives no answer, `ModelError` where it refuses the key or the model, `BudgetError`
        where the answer may cost more than may be spent.
        """
        key = key_of(self._settings.model, messages)
        if self._cache is None:
            return self._pay(messages)
        with self._lock:
            turn = self._asked.setdefault(key, _Turn())
        with turn.lock:  # two copies of one article are one question
            kept = self._cache.get(key)
            if kept is not None:
                self.usage.add_kept()
                return kept
            answer = self._pay(messages)
            self._cache.put(key, answer)
            return answer

    def _pay(self, messages: Messages) -> Answer:
        """Ask, within what may be spent."""
        reserved = self.usage.reserve(sum(len(message["content"]) for message in messages))
        answer = None
        try:
            answer = self._try(messages)
        except NoAnswerError:
            self.usage.add_unanswered()
            raise
        finally:
            self.usage.add(reserved, answer)
        return answer

    def _try(self, messages: Messages) -> Answer:
        """Ask, and ask again where the server is busy or gone."""
        if time.monotonic() < self._rests_until:
            raise NoAnswerError("the server does not answer; it is left alone for a minute")
        reason = ""
        for attempt in range(self._settings.retries + 1):
            try:
                answer = self._send(messages)
            except _AgainError as again:
                reason = str(again)
                if attempt == self._settings.retries or (again.is_paid and attempt):
                    break
                if again.is_gone and attempt and not self._has_answered:
                    break  # a server that was never there will not come while we wait
                self._sleep(_pause(attempt, again.seconds))
                continue
            with self._lock:
                self._silent, self._has_answered = 0, True
            return answer
        with self._lock:
            self._silent += 1
            if self._silent >= _GONE:
                self._silent, self._rests_until = 0, time.monotonic() + _REST
        raise NoAnswerError(reason)

    def _send(self, messages: Messages) -> Answer:
        line: ModelConnection = getattr(self._line, "own", None) or self._lines.open()
        self._line.own = line
        asked = {"model": self._settings.model, "messages": messages, "temperature": 0, "stream": False}
        try:
            with line.post(self._address, asked) as response:
                if response.status_code in _BUSY:
                    wait = _seconds(response.headers.get("retry-after"))
                    raise _AgainError(f"the server is busy ({response.status_code})", wait)
                if response.status_code != 200:
                    raise self._refusal(response.status_code)
                if response.headers.get("content-encoding", "identity").lower() != "identity":
                    raise NoAnswerError("the answer is packed, which was not asked for")
                body = _body(response)
        except LineError as error:
            raise _AgainError(str(error), is_gone=error.is_gone) from None
        text, asked_for, answered, cut = _parsed(body, messages)
        if text is None or (is_blank(text) and not cut):  # one that finds nothing says «E none»
            self.usage.add(0.0, Answer("", asked_for, answered))
            raise _AgainError("the answer has no text", is_paid=True)
        return Answer(text, asked_for, answered, cut)

    def _refusal(self, status: int) -> Exception:
        """An error of the setting up where the server never answered yet; later the article's alone."""
        said = f"the server {_REFUSALS.get(status, 'cannot be used')} ({status})"
        if not self._has_answered and status in _REFUSALS:
            return ModelError(f"{self._settings.model}: {said}; check url, model and key (docs/llm.md)")
        return NoAnswerError(said)


class _Turn:
    """Whose turn it is to ask a question."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


class _AgainError(Exception):
    """A request that may be repeated; `seconds`: when the server says that it will be ready; `is_gone`: nobody listens there;
    `is_paid`: the answer was worth nothing, and may cost again."""

    def __init__(
        self, reason: str, seconds: float | None = None, *, is_gone: bool = False, is_paid: bool = False
    ) -> None:
        super().__init__(reason)
        self.seconds, self.is_gone, self.is_paid = seconds, is_gone, is_paid


def _body(response: httpx.Response) -> bytes:
    """The bytes of an answer, in bounded number."""
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > _LARGEST:
            raise NoAnswerError(f"the answer is larger than {_LARGEST >> 20} MB")
    return bytes(body)


def _pause(attempt: int, told: float | None) -> float:
    """Seconds before a request is repeated; by chance a little more or less, so that not all come back at once."""
    wanted: float = told if told is not None else _WAIT * 2**attempt
    return min(wanted, _LONGEST_WAIT) * random.uniform(0.8, 1.2)


def _seconds(header: str | None) -> float | None:
    """What «Retry-After» says, in seconds."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header[:6])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _parsed(body: bytes, messages: Messages) -> tuple[str | None, int, int, bool]:
    """The text of an answer (None without one), tokens asked and answered, and whether it was cut."""
    try:
        found: Any = json.loads(body.decode())  # half a character in it costs that character, not the answer
        choice = found["choices"][0]
        text = choice["message"]["content"]
        counts = found.get("usage")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise _AgainError("the answer is not that of a chat") from None
    text = text.encode("utf-8", "replace").decode() if isinstance(text, str) else None
    counts = counts if isinstance(counts, dict) else {}
    asked = _count(counts.get("prompt_tokens"), sum(len(message["content"]) for message in messages))
    cut = choice.get("finish_reason") == "length" if isinstance(choice, dict) else False
    return text, asked, _count(counts.get("completion_tokens"), len(text or "")), cut


def _count(told: Any, characters: int) -> int:
    """The tokens that a server counts, or what they will be where it does not or cannot be right."""
    right = type(told) is int and 0 <= told <= _COUNTED
    return told if right else round(characters * TOKENS)
