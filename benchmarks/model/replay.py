"""Every article with its recorded reply: how well it is read, what repairs bring, what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, get_args

from server import Request, Server, chat, http, serving, tokens, usage

from musnad.evaluation import score
from musnad.llm import LlmReader, Settings
from musnad.llm.finding import FoundWords, Repair, WordFinder
from musnad.reader import Reader
from musnad.record import Document, Record

METRICS = ("statement_f1", "attributed_f1", "exact_attributed_f1", "direct_attributed_f1", "addressee_f1", "sources_f1",
           "event_f1", "event_party_f1", "event_joined_f1", "kind_accuracy", "stance_accuracy", "cue_recall")  # fmt: skip
KINDS: tuple[str, ...] = get_args(Repair)


class Article(NamedTuple):
    """An annotated article, and what a model once replied."""

    document: Document
    reply: str
    gold: dict[str, Any]


def settings_of(url: str, **given: Any) -> Settings:
    return Settings(**{"url": f"{url}/v1", "model": "recorded", "cache": "", "seconds": 30.0, "retries": 0} | given)


def shown_in(request: Request) -> str:
    """The article, or the part of it, that a request shows."""
    return request.messages[1]["content"].split("\n===== ")[1].partition("\n")[2]


def by_text(articles: list[Article]) -> dict[str, Article]:
    return {article.document.text: article for article in articles}


@contextmanager
def refusing(kinds: set[str]) -> Iterator[None]:
    """Within it words that need a repair of these kinds count as not found."""
    places = WordFinder.places

    def strict(self: WordFinder, words: str) -> list[FoundWords]:
        found = places(self, words)
        return [] if found and found[0].repair in kinds else found

    WordFinder.places = strict  # type: ignore[method-assign]
    try:
        yield
    finally:
        WordFinder.places = places  # type: ignore[method-assign]


def replay(articles: list[Article], fast: dict[str, Record], cache: str) -> None:
    """Print the figures."""
    known = by_text(articles)
    counted: list[tuple[int, int]] = []

    def answer(request: Request) -> Iterator[bytes]:
        reply = known[shown_in(request)].reply
        counts = usage(request, reply)
        counted.append((counts["prompt_tokens"], counts["completion_tokens"]))
        yield http(chat(reply, usage=counts))

    with serving(answer) as server:
        records, explained = _read(server, articles, cache)
        gold = [article.gold for article in articles]
        figures = {"llm": _score(gold, records), "fast": _score(gold, fast)}
        columns = ["llm", "fast"]
        exact = Reader()
        figures["exact"] = _score(gold, {a.document.id: exact.read(a.document) for a in articles})
        columns.append("exact")
        print(f"replay: {len(articles)} articles\n{'':<24}" + "".join(f"{name:>8}" for name in columns))
        for metric in METRICS:
            print(f"{metric:<24}" + "".join(f"{figures[name][metric]:>8.3f}" for name in columns))
        repaired = Counter(one["repair"] for why in explained for one in why["repairs"])
        whole = figures["llm"]["attributed_f1"]
        print(f"\n{'repair':<24}{'strings':>8}{'F1 without':>12}{'brought':>9}")
        for name, kinds in [*((kind, {kind}) for kind in KINDS), ("all of them", set(KINDS))]:
            with refusing(kinds):
                without = _score(gold, _read(server, articles, cache)[0])["attributed_f1"]
            times = sum(repaired[kind] for kind in kinds)
            print(f"{name:<24}{times:>8}{without:>12.3f}{whole - without:>+9.3f}")
        fields = Counter(f"{one['field']}: {one['repair']}" for why in explained for one in why["repairs"])
        print("repaired strings         " + ", ".join(f"{name} {n}" for name, n in sorted(fields.items())))
        refused = Counter(
            f"{one['field']}, {'hardly reports' if 'hardly' in one['reason'] else 'not in the article'}"
            for why in explained
            for one in why["refused"]
        )
        print("refused lines            " + (", ".join(f"{name} {n}" for name, n in sorted(refused.items())) or "none"))
    asked, answered = (sum(column) / len(counted) for column in zip(*counted, strict=True))
    text = sum(tokens(article.document.text) for article in articles) / len(articles)
    print(
        f"tokens a request         {asked:.0f} asked ({text:.0f} of the article), {answered:.0f} answered; "
        "estimated: a token for 2.5 characters of Arabic, 4 of others\n"
    )


def _read(server: Server, articles: list[Article], cache: str) -> tuple[dict[str, Record], list[dict[str, Any]]]:
    reader = LlmReader(settings_of(server.url, ask_again=False, cache=cache))
    read = [reader.explain(article.document) for article in articles]
    reader.close()
    return {record.id: record for record, _ in read}, [why for _, why in read]


def _score(gold: list[dict[str, Any]], records: dict[str, Record]) -> dict[str, float]:
    return score(gold, {name: record.to_dict() for name, record in records.items()})
