"""Syndicated copies: the same text under several outlets, also where a dateline, a headline or a few words differ.

Two articles are compared by their runs of four folded words. A MinHash sketch of the runs (Broder 1997), cut into
bands, finds the few articles worth comparing; the comparison itself is of all runs. What is stored of a first
article are its bands, a copy points at it.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from musnad.ledger.tables import documents, fingerprints
from musnad.ledger.terms import Terms

SAME = 0.6  # share of common runs from which one text is a copy of another: half of its words moved or changed is less
_RUN = 4  # words
_BANDS, _ROWS = 8, 3  # a pair that shares 0.6 of its runs meets in a band with probability 0.86, at 0.8 with 0.997
_COMPARED = 5  # articles that are compared with one
_AT_ONCE = 500  # keys in one question
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SEEDS = _GOLDEN * np.arange(1, _BANDS * _ROWS + 1, dtype=np.uint64)


def runs(text: str, terms: Terms) -> Any:
    """Return the hashes of the runs of words in a text, each once, sorted: uint64, at least one."""
    words = np.array([zlib.crc32(form.encode("utf-8", "surrogatepass")) for form in terms.forms(text)], np.uint64)
    if len(words) < _RUN:
        words = np.concatenate([words, np.zeros(_RUN - len(words), np.uint64)])
    mixed = np.zeros(len(words) - _RUN + 1, np.uint64)
    for at in range(_RUN):
        mixed = _mix(mixed * _GOLDEN + words[at : len(words) - _RUN + 1 + at])
    return np.unique(mixed)


def bands(text: str, terms: Terms) -> tuple[int, ...]:
    """Return the keys under which a text meets its copies: signed 64-bit numbers."""
    least = _mix(runs(text, terms)[None, :] ^ _SEEDS[:, None]).min(axis=1).reshape(_BANDS, _ROWS)
    keys = np.arange(_BANDS, dtype=np.uint64)
    for row in range(_ROWS):
        keys = _mix(keys * _GOLDEN + least[:, row])
    return tuple(keys.view(np.int64).tolist())


def alike(one: Any, other: Any) -> float:
    """Return the share of runs that two texts have in common, 0 to 1."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def _mix(values: Any) -> Any:
    """Spread 64 bits over 64 bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def release(bind: Connection, terms: Terms, numbers: list[int]) -> dict[int, tuple[int, ...]]:
    """Forget what articles are to others, before they change; return the bands of their copies, to be settled anew."""
    firsts = select(documents.c.number, documents.c.text).where(documents.c.number.in_(numbers))
    for row in bind.execute(firsts.where(documents.c.copy_of.is_(None))).all():
        own = fingerprints.c.band.in_(bands(row.text, terms))
        bind.execute(delete(fingerprints).where(own, fingerprints.c.document == row.number))
    orphans = select(documents.c.number, documents.c.text).where(documents.c.copy_of.in_(numbers))
    return {row.number: bands(row.text, terms) for row in bind.execute(orphans)}


def settle(bind: Connection, terms: Terms, articles: dict[int, tuple[int, ...]]) -> None:
    """Point articles, given by number with their bands, at the first article of the same text, or make them firsts."""
    meet = _meeting(bind, {band for keys in articles.values() for band in keys})
    texts: dict[int, Any] = {}

    def runs_of(number: int) -> Any:
        if number not in texts:
            found = bind.scalar(select(documents.c.text).where(documents.c.number == number))
            texts[number] = runs(found or "", terms)
        return texts[number]

    copies, firsts = [], []
    for number, keys in sorted(articles.items()):
        shared = Counter(first for band in keys for first in meet.get(band, ()) if first != number)
        likeliest = sorted(shared, key=lambda first: (-shared[first], first))[:_COMPARED]
        first = next((first for first in likeliest if alike(runs_of(number), runs_of(first)) >= SAME), None)
        copies.append({"of": number, "first": first})
        if first is None:
            for band in keys:
                meet[band].append(number)
            firsts += [{"band": band, "document": number} for band in set(keys)]
    if copies:
        point = update(documents).where(documents.c.number == bindparam("of")).values(copy_of=bindparam("first"))
        bind.execute(point, copies)
    if firsts:
        bind.execute(insert(fingerprints), firsts)


def _meeting(bind: Connection, keys: Iterable[int]) -> dict[int, list[int]]:
    """Return the firsts by band."""
    wanted = sorted(keys)
    found: dict[int, list[int]] = defaultdict(list)
    for at in range(0, len(wanted), _AT_ONCE):
        query = select(fingerprints).where(fingerprints.c.band.in_(wanted[at : at + _AT_ONCE]))
        for row in bind.execute(query):
            found[row.band].append(row.document)
    return found
