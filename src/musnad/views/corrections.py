"""What people corrected, in a terminal, from right to left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from musnad.ledger.events import EventHit
from musnad.views.labels import event_label, label
from musnad.views.lines import clean, directed, from_the_right, isolated
from musnad.views.table import RowTable

if TYPE_CHECKING:
    from musnad.ledger.corrections import Correction
    from musnad.ledger.search import Hit

_COLUMNS = (("number", 2), ("words", 9), ("correction", 11), ("who_why", 8))
_SHOWN = (
    "speaker",
    "addressee",
    "sources",
    "stance",
    "kind",
    "type",
    "status",
    "actors",
    "recipients",
    "place",
    "date",
)


def print_corrections(found: list[Correction], console: Console) -> None:
    """Print corrections: what was changed, by whom, when and why; what was undone is dim."""
    with from_the_right(console) as inner:
        if not found:
            inner.print(Text(label("no-results"), style="dim"))
            return
        table = RowTable(_COLUMNS)
        for one in found:
            changed = "\n".join(f"{label(key)}: {old or '—'} ← {new or '—'}" for key, old, new in differences(one))
            who = [clean(one.author or ""), directed(one.made.replace("T", " ")), clean(one.note or "")]
            if one.undone:
                who.append(f"{label('undone')} {directed(one.undone.replace('T', ' '))} {clean(one.undone_by or '')}")
            cells = [
                str(one.number), clean(one.words or ""),
                "\n".join(filter(None, [label(f"action.{one.action}"), clean(changed) if "\n" not in changed else changed])),
                "\n".join(filter(None, who)),
            ]  # fmt: skip
            table.add_row(*(Text(cell, style="dim" if one.undone else "") for cell in cells), names=[one.article])
        inner.print(table)


def print_doubtful(found: Sequence[Hit | EventHit], console: Console) -> None:
    """Print statements or events with how sure they are, and the names that `musnad correct` takes, whole."""
    with from_the_right(console) as inner:
        if not found:
            inner.print(Text(label("no-results"), style="dim"))
            return
        table = RowTable([("confidence", 1), ("words", 8)])
        for hit in found:
            plain = hit.event if isinstance(hit, EventHit) else hit.statement
            sure = Text(isolated(f"{plain['confidence']:.0%}"))
            table.add_row(sure, Text(_told(hit, plain)), names=[f"{hit.article} {plain['id']}"])
        inner.print(table)


def _told(hit: Hit | EventHit, plain: dict[str, Any]) -> str:
    if isinstance(hit, EventHit):
        who = "، ".join(party["name"] for side in ("actors", "recipients") for party in plain[side])
        return f"{event_label(plain['type'])} ({label(plain['status'])}) {clean(who)}: {clean(hit.words)}"
    return f"{label(plain['stance'])} {clean(hit.speaker)}: {clean(hit.words)}"


def differences(one: Correction) -> list[tuple[str, str, str]]:
    """Return what a correction changed, as people read it: the key, what stood there as it was read, what stands there now."""
    if not one.changes:
        return []
    old = one.reading or {}
    return [
        (key, _shown(key, old.get(key)), _shown(key, one.changes[key]))
        for key in _SHOWN
        if key in one.changes and (one.reading is not None or one.changes[key])
    ]


def _shown(key: str, value: Any) -> str:
    match value:
        case None | []:
            return ""
        case {"name": name}:
            return clean(name)
        case {"start": start, "end": end}:
            return isolated(" – ".join(dict.fromkeys((start, end))))
        case list():
            return "، ".join(_shown(key, one) for one in value)
    return event_label(value) if key == "type" else label(value)
