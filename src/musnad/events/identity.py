"""Whether two mentions name one happening, and what a happening gains from another mention."""

from __future__ import annotations

from musnad.events.draft import Happening, Taker
from musnad.page import Page
from musnad.text.clitics import without_article

_REMEMBERED = 40  # happenings that a mention is compared with; keeps the cost of a long text linear
_NEAR = 2  # sentences within which a mention without parties of its own goes on about the last happening
#: What has been, what is to come and what was not are different happenings.
_STANDING = {"happened": "been", "ongoing": "been", "planned": "to come", "cancelled": "to come", "denied": "not"}
_LATER = 15  # tokens by which each later mention's places stand back
_FIRST = 2  # mentions whose word on who took part counts
_LAST = {"crowd", "take", "clash"}  # what lasts: told as over in one place and as going on in another, it goes on
_TALKS = {"meet", "visit", "host", "arrive", "sign"}
_OWN_KIND = {"abduct", "hunger", "strike"}  # modes that no other word of the type means


def add(page: Page, found: list[Happening], new: Happening) -> None:
    """Join a mention to the happening that it names again, or begin a new one."""
    recent = found[-_REMEMBERED:]
    ranked = [
        (likeness, _stands_alike(old, new), _same_word(page, old, new), _fits(old, new), n)
        for n, old in enumerate(recent)
        if (likeness := _likeness(page, old, new))
    ]
    if ranked:
        _join(recent[max(ranked)[-1]], new)
    else:
        found.append(new)
        new.sides.append((list(new.actors), list(new.recipients)))


def _stands_alike(old: Happening, new: Happening) -> bool:
    """What is called off is a plan before it is anything that has been."""
    return _STANDING[old.status] == _STANDING[new.status]


def _fits(old: Happening, new: Happening) -> tuple[bool, int]:
    """Of several happenings that «الهجوم» may point back at, one of the same kind, and the one that is named most."""
    return (old.trigger.frame == new.trigger.frame, len(old.triggers)) if new.refers and not new.takers else (False, 0)


def _same_word(page: Page, old: Happening, new: Happening) -> bool:
    word = without_article(page.words[new.triggers[0][0]].core)
    return any(without_article(page.words[first].core) == word for first, _ in old.triggers)


def _likeness(page: Page, old: Happening, new: Happening) -> int:
    """2 where parties are shared, 1 where nothing speaks against one happening, 0 where something does."""
    if old.trigger.type != new.trigger.type or _dated_apart(old, new):
        return 0
    called_off = {"cancelled", "happened"} == {old.status, new.status} and "noun" in {
        old.trigger.part,
        new.trigger.part,
    }
    if _STANDING[old.status] != _STANDING[new.status] and not (new.refers or old.timeless or called_off):
        return 0
    shared = any(among(taker, old.takers) for taker in new.takers)
    if old.trigger.frame in _TALKS:
        return _likeness_of_talks(page, old, new, shared)
    modes = {old.trigger.mode, new.trigger.mode} - {None}
    if len(modes) > 1 and (old.trigger.type != "ASSAULT" or modes & _OWN_KIND):
        return 0
    if (old.trigger.context == "legal") != (new.trigger.context == "legal") and old.trigger.type == "ASSAULT":
        return 0  # an execution is no part of a battle
    if _opposed(old, new) or _differ(old.actors, new.actors) or _differ(old.recipients, new.recipients):
        return 0
    if shared:
        return 2
    bare = not old.takers or not new.takers or new.trigger.frame == "kill" or old.trigger.frame == "kill"
    same_kind = (old.trigger.frame, old.trigger.needs) == (new.trigger.frame, new.trigger.needs)
    same_word = (same_kind and old.trigger.type != "ASSAULT") or _same_word(page, old, new)
    return 1 if (_is_near(page, old, new) and (bare or same_word)) or (new.refers and bare) else 0


def _likeness_of_talks(page: Page, old: Happening, new: Happening, shared: bool) -> int:
    if new.trigger.frame == "sign" and (new.refers or new.aside):
        return 1 + shared
    if shared:
        only_old = [t for t in old.takers if t.named and not among(t, new.takers) and not _is_place(t, old)]
        only_new = [t for t in new.takers if t.named and not among(t, old.takers) and not _is_place(t, new)]
        return 0 if only_old and only_new else 2  # «لقاء ترامب بكيم» is not that with Moon
    bare = not old.takers or not new.takers
    return 1 if bare and (_is_near(page, old, new) or new.refers) else 0


def _is_place(taker: Taker, happening: Happening) -> bool:
    """A host country, which is also where they met."""
    return any(tokens == taker.tokens for _, tokens in happening.places)


def _is_near(page: Page, old: Happening, new: Happening) -> bool:
    here = page.sentence_number(new.triggers[0][0])
    there = page.sentence_number(old.triggers[-1][0])
    return here - there <= _NEAR or (there == 0 and len(old.triggers) == 1)  # a headline is told again below


def _dated_apart(old: Happening, new: Happening) -> bool:
    if old.time is None or new.time is None or new.refers or old.told_then or new.told_then:
        return False
    if old.timeless and old.time.future == new.time.future:
        return False  # «يوقع عقدا الخميس» over «من المقرر أن يوقع الخميس»
    some, others = (h.time.future if h.ahead else h.time.past for h in (old, new))  # type: ignore[union-attr]
    return some is not None and others is not None and (some[1] < others[0] or others[1] < some[0])


def _opposed(old: Happening, new: Happening) -> bool:
    """Whether who did the one suffered the other."""
    if "clash" in {old.trigger.frame, new.trigger.frame}:
        return False
    crossed = [t for t in new.actors if among(t, old.recipients)] + [t for t in new.recipients if among(t, old.actors)]
    straight = [t for t in new.actors if among(t, old.actors)] + [t for t in new.recipients if among(t, old.recipients)]
    return bool(crossed) and not straight


def _differ(some: list[Taker], others: list[Taker]) -> bool:
    """Whether both sides are named, and by nobody in common."""
    named = any(taker.named for taker in some) and any(taker.named for taker in others)
    return named and not any(among(taker, some) for taker in others)


def among(taker: Taker, takers: list[Taker]) -> bool:
    """Whether a party is one of some others: all words of one name stand in the other, a capital's in its country's;
    «النائب عبد الله مارا» was «نائب صومالي» before.
    """
    return any(
        taker.words <= other.words or other.words <= taker.words or (taker.head == other.head != "" and not other.named)
        for other in takers
    )


def _join(old: Happening, new: Happening) -> None:
    old.places += [(away + _LATER * len(old.triggers) * (away >= 0), tokens) for away, tokens in new.places]
    old.triggers += new.triggers
    old.sides.append((new.actors, new.recipients))
    old.features |= new.features
    _merge(old.actors, [taker for taker in new.actors if not among(taker, old.recipients)])
    _merge(old.recipients, [taker for taker in new.recipients if not among(taker, old.actors)])
    old.refers = old.refers and new.refers
    if new.time is not None and (old.time is None or (old.told_then and not new.told_then)):
        old.time, old.told_then = new.time, new.told_then
    lasts = new.status == "ongoing" and old.status == "happened" and old.trigger.frame in _LAST
    if new.status == "cancelled" or old.timeless or lasts:
        old.status, old.ahead, old.timeless = new.status, new.ahead, new.timeless


def settle(happening: Happening) -> None:
    """Choose who took part from what the mentions tell: whom the first of them name, and who is named again."""
    for side, takers in enumerate((happening.actors, happening.recipients)):
        mentions = [mention[side] for mention in happening.sides if mention[side]]
        first = [taker for mention in mentions[:_FIRST] for taker in mention]
        again = (taker for taker in takers if sum(among(taker, mention) for mention in mentions) > 1)
        chosen = [*first, *again]
        takers[:] = [taker for taker in takers if among(taker, chosen)]
    named = [taker for taker in happening.recipients if taker.named]
    happening.recipients[:] = named or happening.recipients[:1]  # «غارة على موقع للحركة … قتل ثلاثة أشخاص»


def _merge(takers: list[Taker], more: list[Taker]) -> None:
    for taker in more:
        known = next((n for n, old in enumerate(takers) if among(taker, [old])), None)
        if known is None:
            takers.append(taker)
        elif taker.named and not takers[known].named and taker.head == takers[known].head != "":
            takers[known] = taker  # «نائب صومالي» has got his name
