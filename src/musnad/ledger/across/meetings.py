"""Announcements of one event: a summit that several articles announce, for the day that each of them knows, is one promise."""

from __future__ import annotations

from typing import NamedTuple

from musnad.ledger.across.views import Account
from musnad.ledger.days import day_number
from musnad.names.forms import key_of
from musnad.names.identity import identify
from musnad.names.spelling import sound_of
from musnad.text.clitics import without_article
from musnad.text.fold import fold

Days = tuple[str, str]  # the first and the last

_MOVED = 45  # days by which what the same two announce may be put off or brought forward
_ROUGHLY = 14  # days between «late in May» and «in June», as two outlets name one day
_LATELY = 10  # days between two announcements of which one names no day
_LONG = 62  # days that name none: «this year»


class Announcement(NamedTuple):
    """An account that announces an event, as it is compared: its sentence, whether it says that the event is put off,
    the days that it names, who takes part, the words that name it."""

    account: Account
    sentence: str
    put_off: bool
    happening: int
    story: int
    days: Days | None
    parties: frozenset[frozenset[str]]
    countries: frozenset[str]
    words: frozenset[str]


def announcement(
    account: Account, happening: int, story: int, days: Days | None, sentence: str, *, put_off: bool
) -> Announcement:
    """Return an account as it is compared with others that announce something."""
    event = account.event
    named = [party for side in ("actors", "recipients") for party in event[side]]
    parties = frozenset(frozenset(map(sound_of, key_of(party["name"]).split())) for party in named)
    countries = frozenset(code for party in named for code in identify(party["name"], party["entity"]).codes)
    words = frozenset(without_article(fold(word)) for word in account.words.replace("…", " ").split())
    return Announcement(account, sentence, put_off, happening, story, _short(days), parties, countries, words)


def is_one_event(one: Announcement, other: Announcement) -> bool:
    """Rule "one event once": whether two announcements are of one event.

    «قمة ترامب وكيم في يونيو» and «موعد لقاء ترامب وكيم في أواخر مايو»: two of those who meet are the same, and it may be moved;
    «قمة الكوريتين» and «لقاء مون وكيم» on one day: the same countries; «قمة الرئيسين» in one story on the same day. Not two days in
    one article («يلتقيان الاثنين ثم الجمعة»), nor «ترامب وكيم» beside «ترامب وآبي» in another month, or beside «ماكرون وميركل».
    """
    apart, shared = _apart(one, other), shared_parties(one, other)
    if one.account.article == other.account.article and one.days and other.days and apart > 0:
        return False
    if one.account.event["type"] != other.account.event["type"]:
        return one.story == other.story and shared > 0 and len(one.words & other.words) > 1 and apart <= _ROUGHLY
    if one.happening == other.happening and (shared or not one.parties or not other.parties):
        return apart <= _MOVED
    if shared > 1:
        return apart <= _MOVED
    if one.story != other.story:
        return apart == 0 and len(one.countries & other.countries) > 1
    return apart <= _ROUGHLY and _fits(one, other, shared, apart)


def keys_of(one: Announcement) -> set[tuple[str, str]]:
    """The keys of which an announcement shares one with each that may be of the same event."""
    names = {max(name, key=lambda word: (len(word), word)) for name in one.parties if name}
    keys = {("party", name) for name in names} | {("country", code) for code in one.countries}
    return keys | {("story", str(one.story)), ("happening", str(one.happening))}


def shared_parties(one: Announcement, other: Announcement) -> int:
    """How many of those who take part in one event take part in the other, under a longer or a shorter name."""
    return min(
        sum(any(a <= b or b <= a for b in others) for a in parties)
        for parties, others in ((one.parties, other.parties), (other.parties, one.parties))
    )


def _fits(one: Announcement, other: Announcement, shared: int, apart: int) -> bool:
    """Whether two announcements of one story may be of one event: nobody else takes part, and words name it alike."""
    both = one.countries & other.countries
    nested = both in {one.countries, other.countries}
    if shared and apart == 0 and shared >= min(len(one.parties), len(other.parties)):
        return True
    on_one_day = one.days is not None and one.days == other.days and one.days[0] == one.days[1]
    return _alike(one, other) and (
        (nested and (shared > 0 or len(both) > 1 or apart == 0)) or (on_one_day and not _are_others(one, other, shared))
    )


def _are_others(one: Announcement, other: Announcement, shared: int) -> bool:
    """Whether two and two others meet."""
    return not shared and min(len(one.parties), len(other.parties)) > 1 and not one.countries & other.countries


def _alike(one: Announcement, other: Announcement) -> bool:
    """Whether two events are named by a word in common, or done in one way: «قمة» and «لقاء» are meetings, «زيارة» is a visit."""
    mode = one.account.event["mode"]
    return bool(one.words & other.words) or (mode is not None and mode == other.account.event["mode"])


def _apart(one: Announcement, other: Announcement) -> int:
    """Days between the days of two events; where one has none, whether they are announced within a few days of each other."""
    if one.days is None or other.days is None:
        told = abs(day_number(one.account.published) - day_number(other.account.published))
        return 0 if told <= _LATELY else _MOVED + 1
    return max(
        0,
        day_number(max(one.days[0], other.days[0])) - day_number(min(one.days[1], other.days[1])),
    )


def _short(days: Days | None) -> Days | None:
    return days if days is not None and day_number(days[1]) - day_number(days[0]) <= _LONG else None
