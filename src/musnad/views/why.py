"""Why a statement or event was read so, as HTML: what stood against each decision, and the words that spoke for it."""

from __future__ import annotations

from html import escape
from typing import Any

from musnad.views.labels import label

_OF_EVENTS = ("status", "actor", "recipient", "time", "place")
_DECISIONS = ("cue", "begin", "end", "speaker", "who", "addressee", "source")


def why(reasons: dict[str, Any]) -> str:
    """Return a folded list of the decisions of one statement."""
    if "rule" in reasons:
        return f'<details class="why"><summary>{label("why")}</summary><p>{label(reasons["rule"])}</p></details>'
    return _folded("".join(_decision(name, reasons) for name in _DECISIONS))


def why_event(reasons: dict[str, Any]) -> str:
    """Return a folded list of the decisions on an event, of the words that name it, and of the decisions at each."""
    of_all = _choices(reasons.get("candidates", {}))
    return _folded(of_all + "".join(_named(mention) for mention in reasons["mentions"]))


def _folded(rows: str) -> str:
    return f'<details class="why"><summary>{label("why")}</summary><dl>{rows}</dl></details>' if rows else ""


def _named(mention: dict[str, Any]) -> str:
    rows = (
        f'<dt><b><bdi>{escape(mention["words"])}</bdi></b></dt><dd><span dir="ltr">{mention["share"]:.0%}</span></dd>'
    )
    return rows + _choices(mention["candidates"])


def _choices(candidates: dict[str, Any]) -> str:
    rows = ""
    for name in _OF_EVENTS:
        shares = "".join(
            f"<li><bdi>{escape(label(one['name']) if name == 'status' else one['name'] or '—')}</bdi> "
            f'<span dir="ltr">{one["share"]:.0%}</span></li>'
            for one in candidates.get(name, [])
        )
        rows += f"<dt>{label('decision.' + name)}</dt><dd><ol>{shares}</ol></dd>" if shares else ""
    return rows


def _decision(name: str, reasons: dict[str, Any]) -> str:
    candidates = reasons["candidates"].get(name, [])
    spoke = "، ".join(escape(one["word"]) for one in reasons["reasons"].get(name, []))
    shares = "".join(
        f'<li><bdi>{escape(one.get("words") or one["name"])}</bdi> <span dir="ltr">{one["share"]:.0%}</span></li>'
        for one in candidates
    )
    if name == "cue":
        shares = f'<li><span dir="ltr">{reasons["shares"]["cue"]:.0%}</span></li>'
    if not shares:
        return ""
    because = f"<small>{label('because')}: {spoke}</small>" if spoke else ""
    return f"<dt>{label('decision.' + name)}</dt><dd><ol>{shares}</ol>{because}</dd>"
