"""Why a statement was read so, as HTML: what stood against each decision, and the words that spoke for it."""

from __future__ import annotations

from html import escape
from typing import Any

from musnad.views.labels import label

_DECISIONS = ("cue", "begin", "end", "speaker", "who", "addressee", "source")


def why(reasons: dict[str, Any]) -> str:
    """Return a folded list of the decisions of one statement."""
    if "rule" in reasons:
        return f'<details class="why"><summary>{label("why")}</summary><p>{label(reasons["rule"])}</p></details>'
    rows = "".join(_decision(name, reasons) for name in _DECISIONS)
    return f'<details class="why"><summary>{label("why")}</summary><dl>{rows}</dl></details>' if rows else ""


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
