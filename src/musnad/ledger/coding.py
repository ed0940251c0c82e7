"""Events and statements as event data sets code them: the rules of strict PLOVER, its scores, CAMEO codes, days and coordinates.

The record keeps the plain event with its status; here a meeting that is still to come is an AGREE, one called off a
REJECT, a release a RETREAT, what is denied is left out, and statements whose stance is one of the five verbal kinds are events
of their own (`lexicon/data/plover.tsv`). CAMEO codes are those of the published crosswalk (`lexicon/data/cameo.tsv`), scores
those of the manual (`lexicon/data/plover_scores.tsv`). Who a party is: `musnad.names.identity`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from musnad.ledger.across.views import sentence_at
from musnad.ledger.days import day_number
from musnad.lexicon.tables import rows, word_lists
from musnad.names.codes import Spot, spot_of
from musnad.names.identity import Identity, identify
from musnad.names.knowledge import shared
from musnad.record import Event, Mention, Party, Record, Statement
from musnad.text.clitics import definite, readings, without_article
from musnad.text.fold import fold

#: How exactly the days of an event are known. `published`: the text gives none, they are that of the article.
Precision = Literal["day", "period", "month", "year", "published", "none"]
QUADS = ("", "VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")
_OLD = 365  # days before the article from which an event is a matter of history
_SHORT = 7  # days of a period whose first day may stand for it
_TITLE = 60  # characters of a title before a name, at most
#: What ends a title, beside a word with which a clause begins: a mark, a line.
_BREAK = re.compile(r"""[.،,؛;:!؟?\n"«»()]""")
_BEHIND = 25  # characters behind a word that names an event which may tell what it is: «وقف القتال»


class Coded(NamedTuple):
    """An event, or a statement of a verbal kind, and how PLOVER codes it: `type` is None where it codes none."""

    told: Event | Statement
    type: str | None
    mode: str | None
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    words: str
    start: str | None
    end: str | None
    precision: Precision
    contexts: tuple[str, ...]
    sentence: str

    @property
    def quad(self) -> int:
        """1 verbal, 2 material cooperation, 3 verbal, 4 material conflict; 0 where PLOVER codes nothing."""
        return int(_cameo()[self.type, "*"]["quad"]) if self.type else 0

    @property
    def cameo(self) -> str | None:
        """The CAMEO code of the type and mode."""
        return _cameo_row(self.type, self.mode)["cameo"] if self.type else None

    @property
    def intensity(self) -> float | None:
        """The score of the type, -10 (conflict) to +10 (cooperation)."""
        return _scores()[self.type] if self.type else None

    @property
    def day(self) -> str | None:
        """The day, where one is known: that of the text, of the article, or the first of a few; a bare month or year has none."""
        short = self.precision == "period" and _length(self.start, self.end) < _SHORT
        return self.start if short or self.precision in {"day", "published"} else None

    @property
    def place(self) -> Party | None:
        return self.told.place if isinstance(self.told, Event) else None

    @property
    def status(self) -> str | None:
        return self.told.status if isinstance(self.told, Event) else None

    @property
    def spot(self) -> Spot | None:
        """Where on earth, if the place has an identifier."""
        return spot_of(self.place_entity) if self.place_entity else None

    @property
    def place_entity(self) -> str | None:
        """The identifier of the place; of «بلدة دوما» that of دوما, where only one city of the gazetteer is called so."""
        if self.place is None:
            return None
        if self.place.entity:
            return self.place.entity
        head, _, name = self.place.name.partition(" ")
        known = shared()
        return (
            known.place(name) if fold(head) in word_lists()["cities"] and name and not known.is_shared(name) else None
        )


class Selected(NamedTuple):
    """An article and which of its events and statements are asked for; all of them where `parts` is None."""

    record: Record
    parts: frozenset[str] | None = None


def coded(selected: Selected) -> Iterator[Coded]:
    """Yield what strict PLOVER codes of an article: its events, then its statements of a verbal kind; each has a party."""
    return (one for one in all_coded(selected) if one.type is not None and (one.actors or one.recipients))


def all_coded(selected: Selected) -> Iterator[Coded]:
    """Yield the events of an article, coded or not, then its statements of a verbal kind."""
    record, parts = selected
    found = [*_coded_events(record), *_coded_statements(record)]
    return (one for one in found if parts is None or one.told.id in parts)


def verbal_stances() -> set[str]:
    """The stances of statements that PLOVER takes for events."""
    return set(_verbal())


def _coded_events(record: Record) -> Iterator[Coded]:
    for event in record.events:
        kind, mode = strict_type(event, record.text)
        start, end = (event.date.start, event.date.end) if event.date else (record.published, record.published)
        contexts = [*_contexts(kind, mode), *(["historical"] if _length(end, record.published) > _OLD else [])]
        yield Coded(
            event, kind, mode, event.actors, event.recipients, " … ".join(span.text for span in event.triggers), start, end,
            _precision(event, start), tuple(contexts), sentence_at(record.text, event.triggers[0].start),
        )  # fmt: skip


def _coded_statements(record: Record) -> Iterator[Coded]:
    for statement in record.statements:
        if (rule := _verbal().get(statement.stance)) is None:
            continue
        told = (statement.addressee,) if statement.addressee and rule["recipient"] else ()
        cue, first = statement.cue, statement.content[0]
        yield Coded(
            statement, rule["becomes"], None, (statement.speaker,), told, cue.text if cue else first.text, record.published,
            record.published, "published" if record.published else "none", _contexts(rule["becomes"], None),
            sentence_at(record.text, (cue or first).start),
        )  # fmt: skip


def strict_type(event: Event, text: str) -> tuple[str | None, str | None]:
    """Return type and mode under which strict PLOVER codes an event, or None where it codes none."""
    rule = next(
        row
        for row in _rules()
        if row["type"] in {"*", event.type}
        and row["mode"] in {"*", event.mode}
        and row["status"] in {"*", event.status}
        and (not row["words"] or _names(event, text, row["words"]))
    )
    kind = event.type if rule["becomes"] == "=" else rule["becomes"]
    mode = event.mode if rule["becomes_mode"] == "=" else rule["becomes_mode"]
    return (None, None) if kind == "-" else (kind, mode or None)


def dyads(event: Coded) -> Iterator[tuple[Party | None, Party | None]]:
    """Yield who did it and to whom, one pair a row: those who meet are pairs of each other."""
    if event.recipients:
        yield from ((actor, other) for actor in event.actors or (None,) for other in event.recipients)
    elif len(event.actors) > 1:
        yield from ((actor, other) for n, actor in enumerate(event.actors) for other in event.actors[n + 1 :])
    else:
        yield (event.actors[0] if event.actors else None), None


class ArticleParties:
    """Who the parties of an article are: their titles are those that the article gives them."""

    def __init__(self, record: Record) -> None:
        self._persons = {mention.name for mention in record.mentions if mention.kind == "PERSON"}
        self._titles = _titles(record)

    def title(self, party: Party) -> str:
        """What the article calls somebody: «وزير الخارجية المصري»."""
        written, name = party.text or "", party.name
        if name in written and len(written) > len(name):
            return written.partition(name)[0].strip(" ،,")
        is_role = name in self._persons and not set(_keys(written)) & set(_keys(name))
        return self._titles.get(name) or (written if is_role else "")

    def identity(self, party: Party | None, day: str | None) -> Identity:
        """Who a party is on a day."""
        if party is None:
            return Identity()
        person = party.name in self._persons
        return identify(party.name, party.entity, self.title(party) if person else "", person=person, day=day)


def _titles(record: Record) -> dict[str, str]:
    """The titles before the names of persons: from the word for an office to the name behind it."""
    found: dict[str, str] = {}
    office: Mention | None = None
    for mention in sorted(record.mentions, key=lambda mention: mention.span.start):
        if mention.kind == "ROLE":
            office = mention
        elif mention.kind == "PERSON" and office is not None and office.name == mention.name:
            title = record.text[office.span.start : mention.span.start].strip(' ،,:"«»')
            head, *rest = title.split(" ")
            clause = not word_lists()["clause_begins"].isdisjoint(fold(title).split())
            if 0 < len(title) <= _TITLE and not clause and not _BREAK.search(title):
                found.setdefault(mention.name, " ".join([definite(head), *rest]))  # «للرئيس»
    return found


def _keys(text: str) -> list[str]:
    return [without_article(word) for word in fold(text).split()]


def _precision(event: Event, start: str | None) -> Precision:
    if event.date is None:
        return "published" if start else "none"
    first, last = event.date.start, event.date.end
    if first == last:
        return "day"
    if first[:4] == last[:4] and first[4:] == "-01-01" and last[4:] == "-12-31":
        return "year"
    whole_month = first[:7] == last[:7] and first[8:] == "01" and _length(first, last) >= 27
    return "month" if whole_month else "period"


def _length(first: str | None, last: str | None) -> int:
    """Days from one to another; 0 where one is not known."""
    return day_number(last) - day_number(first) if first and last else 0


def _names(event: Event, text: str, wanted: str) -> bool:
    """Whether one of the words that name an event begins as one of those that a rule has."""
    for span in event.triggers:
        words = [{without_article(core) for _, core in readings(word)} for word in fold(span.text).split()]
        behind = fold(text[span.end : span.end + _BEHIND]).split()[:2]
        whole = [*words, *({without_article(core) for _, core in readings(word)} for word in behind)]
        for pattern in wanted.split():
            first, _, second = pattern.partition("+")
            if second and any(_begins(a, first) and _begins(b, second) for a, b in pairwise(whole)):
                return True
            if not second and any(_begins(forms, first) for forms in words):
                return True
    return False


def _begins(forms: set[str], beginning: str) -> bool:
    return any(form.startswith(beginning) for form in forms)


def _contexts(kind: str | None, mode: str | None) -> tuple[str, ...]:
    return tuple(_cameo_row(kind, mode)["contexts"].split()) if kind else ()


def _cameo_row(kind: str | None, mode: str | None) -> dict[str, str]:
    return _cameo().get((kind, mode or "*")) or _cameo()[kind, "*"]


@cache
def _cameo() -> dict[tuple[str | None, str], dict[str, str]]:
    return {(row["type"], row["mode"]): row for row in rows("cameo.tsv")}


@cache
def _scores() -> dict[str | None, float]:
    return {row["type"]: float(row["score"]) for row in rows("plover_scores.tsv")}


@cache
def _rules() -> tuple[dict[str, str], ...]:
    return tuple(row for row in rows("plover.tsv") if row["what"] == "event")


@cache
def _verbal() -> dict[str, dict[str, str]]:
    return {row["type"]: row for row in rows("plover.tsv") if row["what"] == "statement"}
