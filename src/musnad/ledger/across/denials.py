"""Denials, each with what somebody else says that it denies.

Four ways lead from a denial to what it denies: it repeats the words in the same article; it answers a charge that another
article of the story reports, or one names the other; it points back («نفى ذلك»، «هذه الاتهامات») at what stands just
before it; or who denies is who is charged (`charges`), and the two are of one thing. What is not surely read is left out, and what
is asked, hoped or wished for denies nobody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from musnad.ledger.across import utterances
from musnad.ledger.across.charges import (
    Charge,
    accuses,
    charge_in,
    charge_of,
    denies_a_part,
    is_of_a_deed,
    one_of,
    parties_of,
    speaks_of_a_part,
)
from musnad.ledger.across.utterances import Said, Utterances
from musnad.ledger.days import day_number
from musnad.ledger.rows import decoded
from musnad.ledger.tables import documents, statements, story_of, utterance_of
from musnad.ledger.terms import Terms
from musnad.names.forms import name_words
from musnad.names.knowledge import shared
from musnad.names.spelling import sound_of
from musnad.text.clitics import without_article
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

LIKE = 0.3  # weighed overlap from which a denial is of what another says in its article
_ELSEWHERE = 0.45  # the same in another article
_SURE = 0.5  # confidence of either statement
_SHORT = 9  # words at most of a denial that points back
_NEAR = 3  # statements before a denial at which it may point back
_STEM = 4  # letters by which a name is known in another form: روسيا، الروسية
_ANSWERED = 0.5  # how a denial ranks that answers a charge on who denies: beside one that repeats half of the words
_STOP = re.compile(r"[.؟!\n]")
_ASSERTS = ("SAY", "STRESS", "CLAIM", "BELIEVE", "WARN", "CONDEMN")
_DENIED = (statements.c.stance == "DENY", statements.c.confidence >= _SURE)


class Denial(NamedTuple):
    """Two statements by their numbers: what is said, and its denial; `share` of words in common, 0 where it points back.

    Denials with one `key` are one for a reader, of which that with the highest `rank` is shown; those without one repeat words, and
    are one where the sayings of both sides are.
    """

    share: float
    one: int
    other: int
    rank: float
    key: str


class _PlacedStatement:
    """A statement in its article and story; what few are asked for is worked out when they are."""

    def __init__(self, row: Any, comparer: Utterances) -> None:
        self.row, self._comparer = row, comparer
        self.said = comparer.of_row(row)
        self.story: int = row.story
        self.sure: float = row.confidence
        self.day: int = day_number(row.published) if row.published else 0

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words as written, folded."""
        return frozenset(fold(raw) for raw in tokenize(self.row.words).raw if raw[0].isalnum())

    @cached_property
    def told(self) -> frozenset[str]:
        """The name of whom it is said to: of a charge, who is charged."""
        addressee = self.parties.get("addressee")
        return frozenset(map(sound_of, name_words(addressee["name"]))) if addressee else frozenset()

    @cached_property
    def is_known(self) -> bool:
        """Whether a person of the registry says it."""
        return shared().is_person(self.speaker["entity"])

    @cached_property
    def parties(self) -> dict[str, Any]:
        """Its cue, and who says it to whom, as read."""
        found: dict[str, Any] = decoded(self.row, "parties")
        return found

    @property
    def speaker(self) -> dict[str, Any]:
        speaker: dict[str, Any] = self.parties["speaker"]
        return speaker

    @cached_property
    def denies(self) -> bool:
        """Whether it agrees with a denial, or tells of one."""
        return self._comparer.denies(self.row.words)


def newest(bind: Connection, since: str | None, until: str | None, most: int) -> dict[int, int]:
    """Return the newest denials in articles of some days, by their numbers, with their stories."""
    query = select(statements.c.number, story_of.c.story).where(*_DENIED)
    query = query.join(story_of, story_of.c.document == statements.c.document)
    query = query.join(utterance_of, utterance_of.c.statement == statements.c.number)
    if since is not None:
        query = query.where(statements.c.published >= since)
    if until is not None:
        query = query.where(statements.c.published <= until)
    ordered = query.order_by(statements.c.published.desc().nulls_last(), statements.c.number)
    return {row.number: row.story for row in bind.execute(ordered.limit(most))}


def denials(bind: Connection, comparer: Utterances, terms: Terms, stories: Iterable[int]) -> dict[int, list[Denial]]:
    """Return what is denied in some stories, by story."""
    found: dict[int, list[Denial]] = {story: [] for story in stories}
    rows = bind.execute(_query().where(story_of.c.story.in_(sorted(found))).order_by(statements.c.number)).all()
    denied = [_PlacedStatement(row, comparer) for row in rows if row.stance == "DENY"]
    around: dict[int, list[_PlacedStatement]] = defaultdict(list)  # what asserts something, where anything is denied
    stories_of_denials = {told.story for told in denied}
    for row in rows:
        if row.stance in _ASSERTS and row.story in stories_of_denials:
            around[row.story].append(_PlacedStatement(row, comparer))
    finder = _DenialFinder(bind, terms, comparer, denied, around)
    for told in denied:
        found[told.story] += finder.repeats(told) or finder.points_back(told) or finder.answers(told)
    return found


class _DenialFinder:
    """Finds what denials are of, in their stories."""

    def __init__(
        self,
        bind: Connection,
        terms: Terms,
        comparer: Utterances,
        denied: list[_PlacedStatement],
        around: dict[int, list[_PlacedStatement]],
    ) -> None:
        self._terms, self._comparer, self._lexicon = terms, comparer, terms.lexicon
        self._around = around
        said = [told for others in self._around.values() for told in others]
        asked = {told.said.document for told in denied}
        asked |= {told.said.document for told in said if accuses(told.row.cue, self._lexicon)}
        query = select(documents.c.number, documents.c.text).where(documents.c.number.in_(sorted(asked)))
        self._texts = {row.number: row.text for row in bind.execute(query)}
        self._charges: dict[int, Charge | None] = {}  # of statements that were asked about

    def repeats(self, told: _PlacedStatement) -> list[Denial]:
        """What the denial repeats most of the words of, if that is surely denied."""
        best: tuple[float, _PlacedStatement] | None = None
        for other in self._said(told):
            share, common = self._comparer.overlap(told.said, other.said)
            inside = other.said.document == told.said.document
            if share < (LIKE if inside else _ELSEWHERE) or common < utterances.LEAST or (best and share <= best[0]):
                continue
            if self._is_other(told, other) and self._is_denied(told, other, inside=inside and share >= _ELSEWHERE):
                best = share, other
        if best is None:
            return []
        share, other = best
        return [Denial(share, other.said.number, told.said.number, share, "")]

    def points_back(self, told: _PlacedStatement) -> list[Denial]:
        """What a short denial points at: what was said last, if that is a charge or names who denies («نفى ذلك»).

        A bare «ذلك» stands in the sentence of what it points at: «قالت أنقرة إنها تتعاون. لكن الرياض تنفي ذلك» may be of what was said
        before. «نفى اتهامات بالتجسس» says itself what it denies. Who denies a part in a deed answers charges only: not «سنرد على الهجوم
        في سوريا».
        """
        answers = any(without_article(word) != word for word in told.words & self._lexicon.lists["charges"])
        if len(told.words) > _SHORT or not (answers or told.words & self._lexicon.lists["pointers"]):
            return []
        near = [other for other in self._said(told) if 0 < told.said.number - other.said.number <= _NEAR]
        here = [other for other in near if other.said.document == told.said.document and self._is_other(told, other)]
        before = [other for other in here if not other.denies][-1:]
        if not before or not (self._charged(before[0]) or self._same_breath(before[0], told, answers)):
            return []
        other = before[0]
        key = f"{self._one(other)}\n{self._one(told)}"
        return [Denial(0.0, other.said.number, told.said.number, told.sure * other.sure, key)]

    def answers(self, told: _PlacedStatement) -> list[Denial]:
        """The charges on who denies that a denial answers.

        Within days of each other, and of one thing: both of a deed and a part in it; with words in common; or the denial speaks of
        charges, and says whose («نفت باريس الاتهامات التركية») or stands behind this one in its article.
        A third of the conflicts that the ledger of 1,298 articles shows are found so. Not of one thing: «تتهم أنقرة باريس بتجاهل الأدلة»
        and «تنفي باريس أي دور لها في الهجوم».
        """
        denier = self._parties(told)
        part = denies_a_part(told.row.words, denier, self._lexicon)
        of_charges = bool(told.words & self._lexicon.lists["charges"])
        charges = [
            (other, charge) for other in self._said(told)
            if abs(other.day - told.day) <= utterances.WINDOW
            and (charge := self._charge(other)) is not None and charge.accused & denier and self._is_other(told, other)
        ]  # fmt: skip
        here = [other for other, _ in charges if other.said.document == told.said.document]
        before = [other for other in here if other.said.number < told.said.number]
        found = []
        for other, charge in charges:
            deed = other.said._replace(terms=frozenset(self._terms.of_word(word.raw) for word in charge.deed))
            if (
                (part and is_of_a_deed(charge, self._lexicon))
                or self._comparer.overlap(told.said, deed)[1] >= utterances.LEAST
                or (of_charges and (_names(told, other.said) or other in before[-1:]))
            ):
                key = one_of(charge.accused & denier)
                found.append(Denial(_ANSWERED, other.said.number, told.said.number, told.sure * other.sure, key))
        return found

    # -- within ----------------------------------------------------------------------

    def _charge(self, told: _PlacedStatement) -> Charge | None:
        """Whom a statement charges with what."""
        if told.said.number not in self._charges:
            self._charges[told.said.number] = self._read_charge(told)
        return self._charges[told.said.number]

    def _read_charge(self, told: _PlacedStatement) -> Charge | None:
        if accuses(told.row.cue, self._lexicon):
            content = decoded(told.row, "content", list)
            return charge_of(told.parties, content, self._texts[told.said.document], self._lexicon)
        return charge_in(told.parties, told.row.words, self._lexicon)

    def _charged(self, told: _PlacedStatement) -> bool:
        return told.said.stance == "CLAIM" or self._charge(told) is not None

    def _said(self, told: _PlacedStatement) -> list[_PlacedStatement]:
        return self._around.get(told.story, [])

    def _is_other(self, told: _PlacedStatement, other: _PlacedStatement) -> bool:
        """Whether what is said is another's, and charges somebody or asserts something; who condemns a deed charges nobody with it."""
        if other.said.stance == "CONDEMN" and not self._charged(other):
            return False
        return not _one_party(told, other) and not self._tells_of(other, told)

    def _tells_of(self, other: _PlacedStatement, denial: _PlacedStatement) -> bool:
        """Whether the denial is itself told by who says the other: «قال المصدر إن السكان نفوا وجود مسلحين» is no conflict of the two;
        «قال المصدر إنها قصفت القرية، لكن أنقرة نفت ذلك» is, where what the source says was read too far."""
        cue = denial.parties.get("cue")
        if cue is None or other.said.document != denial.said.document:
            return False
        start = next((start for start, end in decoded(other.row, "content", list) if start <= cue[0] < end), None)
        if start is None:
            return False
        before = tokenize(self._texts[denial.said.document][start : cue[0]]).raw
        return not any(self._lexicon.word(raw).core in self._lexicon.lists["contrasts"] for raw in before)

    def _is_denied(self, told: _PlacedStatement, other: _PlacedStatement, *, inside: bool) -> bool:
        """Whether a denial is of what is said in like words: a charge, or one names the other, or they stand together (`inside`)."""
        if other.denies:
            return False
        if self._charged(other) or inside:
            return True
        if speaks_of_a_part(told.row.words, self._lexicon):
            return False
        answers = bool(told.words & self._lexicon.lists["charges"])
        return answers or _names(other, told.said) or _names(told, other.said)

    def _same_breath(self, other: _PlacedStatement, told: _PlacedStatement, answers: bool) -> bool:
        """Whether what names who denies stands in one sentence with the denial, or in the one before if the denial calls it a charge.

        «تشير الشكوك إلى النظام. ونفى النظام تلك المزاعم»; not «وصل الوزير إلى المحكمة. … . ونفى الوزير هذه الاتهامات».
        """
        if speaks_of_a_part(told.row.words, self._lexicon) or not _names(other, told.said):
            return False
        end = decoded(other.row, "content", list)[-1][1]
        start = decoded(told.row, "content", list)[0][0]
        stops = _STOP.findall(self._texts[told.said.document], end - 1, start)
        return len(stops) <= answers

    def _parties(self, told: _PlacedStatement) -> frozenset[str]:
        return parties_of(told.speaker["name"], told.speaker["entity"], self._lexicon)

    def _one(self, told: _PlacedStatement) -> str:
        parties = self._parties(told)
        return one_of(parties) if parties else f"number:{told.said.speaker}"


def _query() -> Any:
    """All that is surely said in articles that are linked. The stance is not asked for: a database would begin with its index, and
    read all denials of the ledger."""
    query = utterances.columns().add_columns(
        story_of.c.story, statements.c.parties, statements.c.content, statements.c.cue, statements.c.confidence
    )  # fmt: skip
    query = query.join(story_of, story_of.c.document == statements.c.document)
    query = query.join(utterance_of, utterance_of.c.statement == statements.c.number)
    return query.where(statements.c.confidence >= _SURE)


def _one_party(one: _PlacedStatement, other: _PlacedStatement) -> bool:
    """Whether two speak for one: the same name, one in the other, or a known person among those who speak («مسؤولون بينهم أردوغان»)."""
    if one.said.speaker == other.said.speaker or one.said.name <= other.said.name or other.said.name <= one.said.name:
        return True
    return any(a.is_known and sound_of(a.said.last) in b.said.name for a, b in ((one, other), (other, one)))


def _names(told: _PlacedStatement, party: Said) -> bool:
    """Whether a statement is said to a party or names it, in whatever form."""
    if told.told and (told.told <= party.name or party.name <= told.told):
        return True
    stems = {word[:_STEM] for word in party.name if len(word) >= _STEM}
    words = {word.removeprefix("ال") for word in told.words}
    words |= set(map(sound_of, words))  # as names are compared: إيران
    return bool(party.name) and (party.name <= words or any(word[:_STEM] in stems for word in words))
