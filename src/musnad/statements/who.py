"""Who speaks where the clause names nobody, or only «المتحدث»: whoever spoke or was named before, by learned scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from musnad.lexicon import word as w
from musnad.names.naming import name_of
from musnad.names.spots import Spots
from musnad.names.who import Cast
from musnad.page import Page
from musnad.statements.descriptions import Description
from musnad.statements.draft import Draft, Tokens

_MEMORY = 40  # statements back to which a dropped subject may reach
_SPEAKERS, _PERSONS = 6, 3  # candidates of each sort
_REACH = 150  # tokens back to which a person named counts
_KINDS = ("office", "person", "group", "unnamed", "body", "paper", "outlet")
_PARTS = ("past", "present", "participle", "noun")
_OUTLETS = {"paper", "outlet"}
_LONGEST_ANAPHOR, _LONGEST_OFFICE = 6, 9  # tokens
SIZE = 63  # numbers of a candidate


@dataclass(slots=True)
class Referent:
    """Somebody whom a cue may mean: the name, a mention that it was taken from, and what he said so far."""

    name: str
    voice: Tokens | None
    last: int = -1  # the number of his last statement among the earlier ones; -1 for none
    said: int = 0  # how many of these are his
    mention: int = -1  # his last mention before the cue
    share: float = 0.0  # the network's, of his mentions before the cue
    itself: bool = False  # the mention taken as a name of its own


def recalled(drafts: list[Draft], number: int) -> list[Draft]:
    """The drafts before one as far back as a dropped subject may reach."""
    return drafts[max(0, number - _MEMORY) : number]


def is_open(page: Page, cast: Cast, draft: Draft) -> bool:
    """Whether who speaks is still to be found: the clause names nobody, or somebody who may have been named before."""
    return draft.speaker is None or is_anaphor(page, cast, draft.speaker)


def is_anaphor(page: Page, cast: Cast, party: Tokens) -> bool:
    """Whether a mention may take somebody up who was named before: «المتحدث», «ذات المصدر», «الأخير», «البرلماني المعارض»."""
    first, last = party
    role = page.words[first].role
    if page.words[first].form in page.lexicon.lists["anaphors"]:
        return not cast.spots_between(first, last)
    if role is None:
        return last - first <= _LONGEST_ANAPHOR and _is_description(page, cast, party)
    if role.kind not in _KINDS or cast.person_in(first, last) is not None:
        return False
    if role.kind == "office" and last - first <= _LONGEST_OFFICE:
        return True  # «رئيس الدبلوماسية المغربية»
    if last - first > _LONGEST_ANAPHOR or cast.spots_between(first, last):
        return False
    return bool(page.flags[first] & w.DEFINITE) or role.noun in page.lexicon.lists["styles"]


def _is_description(page: Page, cast: Cast, party: Tokens) -> bool:
    """Whether a mention without a known noun describes rather than names: definite, no people, with no name in it."""
    first, last = party
    named = any(cast.spots.at[at] is not None or page.flags[at] & (w.PLACE | w.LATIN) for at in range(first, last))
    return bool(page.flags[first] & w.DEFINITE) and not page.flags[first] & w.DEMONYM and not named


def referents(
    page: Page, spots: Spots, cast: Cast, draft: Draft, earlier: list[Draft], named: str | None
) -> list[Referent]:
    """The candidates for a draft without a name; the `earlier` drafts, which have theirs, are the recalled ones. `named`: what the
    mention says by itself."""
    found: dict[str, Referent] = {}
    at = draft.cue_at if draft.cue_at >= 0 else page.token_at(draft.content[0][0])
    names = [other.speaker_name for other in reversed(earlier)]
    for name in dict.fromkeys(names):
        if name and len(found) < _SPEAKERS:
            last = len(earlier) - 1 - names.index(name)
            found[name] = Referent(name, earlier[last].voice, last, names.count(name))
    for spot in reversed(cast.spots_between(max(0, at - _REACH), at)):
        person = cast.of_spot.get(spot)
        if person is None:
            continue
        if person.name in found:
            found[person.name].mention = max(found[person.name].mention, spot)
        elif sum(not r.said for r in found.values()) < _PERSONS:
            found[person.name] = Referent(person.name, (spot, cast.spot_end(spot)), mention=spot)
    for (first, last), share in draft.antecedents:
        inside = spots.person(first)
        mention = (inside[0] if inside is not None else first, last)  # the surname alone is the whole name
        name = name_of(page, spots, cast, mention)
        one = found.setdefault(name, Referent(name, mention))
        one.share, one.mention = one.share + share, max(one.mention, mention[0])
    if named is not None:
        one = found.setdefault(named, Referent(named, draft.speaker))
        one.itself = True
    for one in found.values():
        if one.mention < 0 and one.voice is not None:
            one.mention = one.voice[0]
    return list(found.values())


def numbers(
    page: Page, cast: Cast, draft: Draft, earlier: list[Draft], holder: Draft | None, candidates: list[Referent]
) -> Any:
    """What the scores are told of every candidate: (candidates, SIZE)."""
    at = _anchor(page, draft)
    sentence = page.sentence_number(at)
    outer = next((d for d in reversed(earlier) if d.within < 0), None)
    last = earlier[-1] if earlier else None
    head = page.words[draft.speaker[0]] if draft.speaker is not None else None
    common = _of_cue(page, draft, holder)
    asked = _gender_of_cue(page, draft)
    description = Description(page, cast, draft.speaker)
    ranks = {id(r): n for n, r in enumerate(sorted((r for r in candidates if r.said), key=lambda r: -r.last))}
    rows = np.zeros((len(candidates), SIZE), np.float32)
    rows[:, : len(common)] = common
    for number, one in enumerate(candidates):
        spoke = earlier[one.last] if one.said else None
        cue_of = _anchor(page, spoke) if spoke is not None else 0
        gender, several, kind = _agreement(page, cast, one)
        since = page.sentence_number(one.mention) if one.mention >= 0 else 0
        rank = ranks.get(id(one), 9)
        own = [
            rank == 0, rank == 1, rank == 2, rank == 9, spoke is not None and spoke is outer, spoke is not None and spoke is last,
            spoke is not None and spoke.within >= 0, spoke is not None and page.sentence_number(cue_of) == sentence,
            min(sentence - page.sentence_number(cue_of), 6) / 3 if spoke is not None else 2.5, min(one.said, 5) / 3,
            holder is not None and holder.speaker_name == one.name, one.share, one.share > 0,
            one.mention >= 0 and since == sentence, min(sentence - since, 6) / 3 if one.mention >= 0 else 2.5,
            one.mention >= 0 and spoke is not None and one.mention > cue_of + 3,
            gender == asked[0] and gender != "", gender not in ("", asked[0]) and asked[0] != "", several and asked[1] == "p",
            not several and asked[1] == "p", several and asked[1] == "s", one.itself,
            last is not None and last.addressee is not None and one.mention >= last.addressee[0] and one.mention < last.addressee[1],
            *(kind == known for known in _KINDS), kind == "name",
            head is not None and head.role is not None and head.role.kind in _OUTLETS and kind in _OUTLETS,
            *(description.numbers(one.name, one.voice) if not one.itself else [0.0] * 7), one.mention >= at,
            min(at - one.mention, 100) / 50 if one.mention >= 0 else 2.5,
        ]  # fmt: skip
        rows[number, len(common) : len(common) + len(own)] = own
    return rows


def _of_cue(page: Page, draft: Draft, holder: Draft | None) -> list[Any]:
    """What the scores are told of the cue and its mention, the same for every candidate."""
    at = _anchor(page, draft)
    word = page.words[at]
    cue = word.cues[0] if word.cues else None
    head = page.words[draft.speaker[0]] if draft.speaker is not None else None
    return [
        *(cue is not None and cue.part == part for part in _PARTS), word.prefix[:1] == "و", word.prefix[:1] == "ف",
        cue is not None and cue.suffix != "", at == page.sentence_of(at)[0], page.quote_of[at] >= 0, holder is not None,
        draft.shares.get("new", 1.0), draft.shares.get("silent", 1.0), at > 0 and bool(page.flags[at - 1] & w.THAT),
        at > 0 and bool(page.flags[at - 1] & w.COMMA), at > 0 and bool(page.flags[at - 1] & w.RELATIVE), head is not None,
        head is not None and any(page.flags[i] & w.REFERENCE for i in range(*draft.speaker)),  # type: ignore[misc]
        head is not None and any(page.flags[i] & w.DEMONYM for i in range(*draft.speaker)),  # type: ignore[misc]
        head is not None and draft.speaker[1] - draft.speaker[0] == 1,  # type: ignore[index]
        head is not None and head.role is not None and head.role.kind == "office",
        head is not None and head.role is not None and head.role.kind == "body", head is not None and head.role is None,
    ]  # fmt: skip


def _anchor(page: Page, draft: Draft) -> int:
    return draft.cue_at if draft.cue_at >= 0 else page.token_at(draft.content[0][0])


def _gender_of_cue(page: Page, draft: Draft) -> tuple[str, str]:
    """Gender and number that a cue asks of its speaker: of a mention its head's, else of the verb or the owner."""
    if draft.speaker is not None:
        head = page.words[draft.speaker[0]]
        return (head.role.gender if head.role is not None else "f" if head.raw.endswith("ة") else "m"), "s"
    cues = page.words[draft.cue_at].cues if draft.cue_at >= 0 else ()
    if not cues:
        return "", ""
    cue = cues[0]
    return (cue.gender, cue.number) if cue.part != "noun" or cue.suffix else ("", "")


def _agreement(page: Page, cast: Cast, one: Referent) -> tuple[str, bool, str]:
    """Gender, whether several, and the kind of a candidate, by the head of the mention that it was named by."""
    if one.voice is None:
        return "", False, ""
    first, last = one.voice
    role = page.words[first].role
    person = cast.by_name.get(one.name) or cast.person_in(first, last)
    joint = any(page.words[i].prefix == "و" for i in range(first + 1, last))
    if role is not None:
        gender = role.gender
        if person is not None and person.gender:
            gender = person.gender
        return (
            gender,
            joint or (role.kind in {"group", "unnamed"} and role.noun.endswith(("ون", "ين", "ات"))),
            role.kind,
        )
    if person is not None:
        return person.gender or "m", joint, "name"
    form = page.words[first].form
    return ("f" if form.endswith(("ه", "ات")) and len(form) > 3 else ""), joint or form.endswith(("ون", "ين")), ""
