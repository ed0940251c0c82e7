"""Denials, each with what somebody else says that it denies.

Three ways lead from a denial to what it denies: it repeats the words in the same article; it answers a charge that another
article of the story reports, or one names the other; or it points back («نفى ذلك»، «هذه الاتهامات») at what stands just
before it. What is not surely read is left out, and what is asked, hoped or wished for denies nobody.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection

from musnad.ledger.across import utterances as sayings
from musnad.ledger.across.utterances import Said, Utterances
from musnad.ledger.rows import decoded, name_words
from musnad.ledger.tables import statements, story_of, utterance_of
from musnad.ledger.terms import Terms
from musnad.names.spelling import sound_of
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

LIKE = 0.3  # weighed overlap from which a denial is of what another says in its article
_ELSEWHERE = 0.45  # the same in another article
_SURE = 0.5  # confidence of either statement
_SHORT = 9  # words at most of a denial that points back
_NEAR = 3  # statements before a denial at which it may point back
_STEM = 4  # letters by which a name is known in another form: روسيا، الروسية
_CHARGES = ("CONDEMN", "CLAIM")
_ASSERTS = ("SAY", "STRESS", "CLAIM", "BELIEVE", "WARN", "CONDEMN")


class Denial(NamedTuple):
    """Two statements by their numbers: what is said, and its denial; `share` of words in common, 0 where it points back."""

    share: float
    one: int
    other: int


class _Told:
    """A statement in its article and story; what few are asked for is worked out when they are."""

    def __init__(self, row: Any, comparer: Utterances) -> None:
        self._row, self._comparer = row, comparer
        self.said = comparer.said(row, row.number, 0)
        self.story: int = row.story
        self.utterance: int = row.utterance

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words as written, folded."""
        return frozenset(fold(raw) for raw in tokenize(self._row.words).raw if raw[0].isalnum())

    @cached_property
    def told(self) -> frozenset[str]:
        """The name of whom it is said to: of a charge, who is charged."""
        addressee = decoded(self._row, "parties").get("addressee")
        return frozenset(map(sound_of, name_words(addressee["name"]))) if addressee else frozenset()

    @cached_property
    def denies(self) -> bool:
        """Whether it agrees with a denial, or tells of one."""
        return self._comparer.denies(self._row.words)


def denials(bind: Connection, terms: Terms, since: str | None, until: str | None, most: int) -> list[Denial]:
    """Return denials in articles of some days, of the newest `most`, each once for the sayings of both sides."""
    query = _query().where(statements.c.stance == "DENY", statements.c.confidence >= _SURE)
    if since is not None:
        query = query.where(statements.c.published >= since)
    if until is not None:
        query = query.where(statements.c.published <= until)
    rows = bind.execute(query.order_by(statements.c.published.desc(), statements.c.number).limit(most)).all()
    comparer = Utterances(terms)
    denied = [_Told(row, comparer) for row in rows]
    around = _around(bind, comparer, {told.story for told in denied})
    found: dict[tuple[int, int], Denial] = {}
    for told in denied:
        pair = _of(told, around.get(told.story, []), comparer, terms)
        if pair is not None:
            best, other = pair
            key = (other.utterance, told.utterance)
            if key not in found or best.share > found[key].share:
                found[key] = best
    return list(found.values())


def _query() -> Any:
    query = sayings.columns().add_columns(story_of.c.story, utterance_of.c.utterance, statements.c.parties)
    query = query.join(story_of, story_of.c.document == statements.c.document)
    return query.join(utterance_of, utterance_of.c.statement == statements.c.number)


def _around(bind: Connection, comparer: Utterances, stories: set[int]) -> dict[int, list[_Told]]:
    """What is surely said in some stories, and asserts something."""
    query = _query().where(story_of.c.story.in_(sorted(stories)), statements.c.confidence >= _SURE)
    found: dict[int, list[_Told]] = defaultdict(list)
    for row in bind.execute(query.where(statements.c.stance.in_(_ASSERTS)).order_by(statements.c.number)):
        found[row.story].append(_Told(row, comparer))
    return found


def _of(told: _Told, others: list[_Told], comparer: Utterances, terms: Terms) -> tuple[Denial, _Told] | None:
    """What a denial is of, if anything surely is."""
    said, charge = told.said, terms.lexicon.lists["charges"]
    answers = bool(told.words & charge)
    others = [other for other in others if not _one_party(said, other.said)]
    best: tuple[Denial, _Told] | None = None
    for other in others:
        share, common = comparer.overlap(said, other.said)
        inside = other.said.document == said.document
        if share < (LIKE if inside else _ELSEWHERE) or common < sayings.LEAST or (best and share <= best[0].share):
            continue
        charged = answers or other.said.stance in _CHARGES
        if (inside or charged or _names(other, said) or _names(told, other.said)) and not other.denies:
            best = Denial(share, other.said.number, said.number), other
    if best is None and len(told.words) <= _SHORT and (answers or told.words & terms.lexicon.lists["pointers"]):
        here = [o for o in others if o.said.document == said.document]
        before = [o for o in here if 0 < said.number - o.said.number <= _NEAR and not o.denies]
        if before and (before[-1].said.stance == "CLAIM" or _names(before[-1], said)):
            best = Denial(0.0, before[-1].said.number, said.number), before[-1]
    return best


def _one_party(one: Said, other: Said) -> bool:
    return one.speaker == other.speaker or one.name <= other.name or other.name <= one.name


def _names(told: _Told, party: Said) -> bool:
    """Whether a statement is said to a party or names it, in whatever form."""
    if told.told and (told.told <= party.name or party.name <= told.told):
        return True
    stems = {word[:_STEM] for word in party.name if len(word) >= _STEM}
    words = {word.removeprefix("ال") for word in told.words}
    return bool(party.name) and (party.name <= words or any(word[:_STEM] in stems for word in words))
