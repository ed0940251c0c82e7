"""Whether what a statement announces is its speaker's own to do, where the words alone do not tell."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from musnad.ledger.across.futures import Doubt
from musnad.ledger.coding import ArticleParties
from musnad.ledger.search import Hit
from musnad.lexicon.word import THAT
from musnad.names.identity import states
from musnad.record import Record
from musnad.text.fold import fold
from musnad.text.tokens import tokenize

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

_KEPT = 64  # articles
_BEFORE = 20  # characters before a statement


class Speakers:
    """Looks the speakers of statements up in their articles."""

    def __init__(self, ledger: Ledger) -> None:
        self._lexicon = ledger.terms.lexicon
        self._article = lru_cache(maxsize=_KEPT)(lambda name: _read(ledger, name))

    def announces(self, hit: Hit, doubt: Doubt) -> bool:
        """Whether a speaker announces something of his own: «إيران ستبلغ» of an Iranian, «أكدت أنها "ستقف معه"» of herself."""
        record, cast = self._article(hit.article)
        if record is None or cast is None:
            return False
        if doubt.himself and self._points_back(record.text, hit.statement["content"][0][0]):
            return True
        said = next((one for one in record.statements if one.id == hit.statement["id"]), None)
        codes = cast.identity(said.speaker, record.published).codes if said is not None else ()
        return any(states()[code].entity in doubt.countries for code in codes if code in states())

    def _points_back(self, text: str, at: int) -> bool:
        """Whether «أنه», «أنها», «أنهم» stands before a quotation."""
        words = [raw for raw in tokenize(text[max(0, at - _BEFORE) : at]).raw if raw[0].isalnum()]
        if not words:
            return False
        last = fold(words[-1])
        return bool(self._lexicon.word(last).flags & THAT) and last not in self._lexicon.lists["that_alone"]


def _read(ledger: Ledger, name: str) -> tuple[Record | None, ArticleParties | None]:
    record = ledger.document(name)
    return record, ArticleParties(record) if record is not None else None
