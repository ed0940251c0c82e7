"""One statement to be passed on: as text with its speaker, outlet, day and address, and as a picture that reads from right to left.

Matplotlib joins and orders the letters (from version 3.11 on). A day is drawn as a piece of its own, so that nothing beside it turns
it round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from musnad.errors import LedgerError
from musnad.views.labels import label
from musnad.views.lines import clean

if TYPE_CHECKING:
    from musnad.record import Record, Statement

_WIDE, _HIGH, _DPI = 12.0, 6.3, 100  # inches, and dots of an inch: the size that cards of links have
_RIGHT, _LEFT = 0.93, 0.07  # of the width
_SIZES = (34, 28, 23, 19, 16)  # points: the largest that fits is taken
_LONGEST, _LONGEST_WORD = 700, 40  # characters of what is drawn, and of a word in one line: more fit in no size
_TOP, _BOTTOM = 0.80, 0.26  # of the height, between which the words stand
_INK, _SOFT, _PAPER = "#1c1b19", "#5d5a53", "#fbfaf7"
_KINDS = {"direct": "#6fae80", "indirect": "#7ba3d4", "mixed": "#d3ae4d"}


def as_text(record: Record, statement: Statement, address: str) -> str:
    """Return a statement as a few lines of text, ready to be pasted elsewhere."""
    words = clean(statement.text)
    said = f"«{words}»" if statement.kind == "direct" else words
    source = "، ".join(clean(party.name) for party in statement.sources)
    head = f"{label(statement.stance)} {clean(statement.speaker.name)}: {said}"
    day = f"\u2066{record.published}\u2069" if record.published else ""
    where = "، ".join(filter(None, [clean(record.outlet or ""), day]))
    return "\n".join(
        filter(
            None,
            [head, f"{label('sources')} {source}" if source else "", f"— {where}" if where else "", _plain(address)],
        )
    )


def _plain(address: str) -> str:
    """An address without letters that read from the right, which would be drawn in pieces."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~")


def draw(record: Record, statement: Statement, stream: IO[bytes], form: Literal["png", "svg"]) -> None:
    """Draw a statement with its speaker, outlet and day. Raises `LedgerError` where Matplotlib is not to be had."""
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.patches import Rectangle
    except ImportError:
        raise LedgerError("pictures need matplotlib; pip install 'musnad[plots]'") from None
    figure = Figure(figsize=(_WIDE, _HIGH), dpi=_DPI, facecolor=_PAPER)
    renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    figure.add_artist(Rectangle((0.975, 0), 0.025, 1, color=_KINDS[statement.kind]))
    size, lines = _fitted(clean(statement.text), statement.kind == "direct", renderer)
    step = size * 1.75 / 72 / _HIGH
    given: dict[str, Any] = {"ha": "right", "va": "top", "family": ["DejaVu Sans"], "parse_math": False}
    figure.text(_RIGHT, 0.93, _cut(clean(statement.speaker.name), 50), fontsize=26, weight="bold", color=_INK, **given)
    for at, line in enumerate(lines):
        figure.text(_RIGHT, _TOP - at * step, line, fontsize=size, color=_INK, **given)
    said = f"{label(statement.stance)} · {label(statement.kind)}"
    figure.text(_RIGHT, 0.19, said, fontsize=15, color=_SOFT, **given)
    figure.text(_RIGHT, 0.12, _cut(clean(record.outlet or ""), 60), fontsize=19, weight="bold", color=_INK, **given)
    figure.text(_LEFT, 0.12, record.published or "", fontsize=19, color=_INK, **{**given, "ha": "left"})
    with rc_context(
        {"svg.fonttype": "path", "svg.hashsalt": "musnad"}
    ):  # outlines: right in every viewer, the same each time
        figure.savefig(stream, format=form, metadata={"Date": None} if form == "svg" else {"Software": None})


def _fitted(words: str, quoted: bool, renderer: Any) -> tuple[int, list[str]]:
    """The largest size in which words fit, and their lines; what fits in none is cut."""
    words = _cut(words, _LONGEST)
    shown = f"«{words}»" if quoted else words
    for size in _SIZES:
        lines = _wrapped(shown, _measure(size, renderer))
        most = int((_TOP - _BOTTOM) / (size * 1.75 / 72 / _HIGH))
        if len(lines) <= most:
            return size, lines
    return size, [*lines[: most - 1], lines[most - 1].rsplit(" ", 1)[0] + " …" + ("»" if quoted else "")]


def _measure(size: int, renderer: Any) -> Callable[[str], float]:
    """How wide a text is in a size, as a share of the picture."""
    from matplotlib.font_manager import FontProperties

    font = FontProperties(family=["DejaVu Sans"], size=size)
    return lambda text: float(renderer.get_text_width_height_descent(text, font, False)[0]) / (_WIDE * _DPI)


def _wrapped(words: str, wide: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in (part for whole in words.split() for part in _parts(whole)):
        longer = f"{line} {word}".strip()
        if line and wide(longer) > _RIGHT - _LEFT:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def _parts(word: str) -> list[str]:
    """A word in parts that fit into a line."""
    return [word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD)]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
