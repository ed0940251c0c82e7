"""What people put right in a reading. A correction is kept beside the reading and wins over it.

It belongs to the article's id and to the characters of the statement or event, so it holds after a new reading of the same
text. Every change is a row of its own that is never taken away, with who made it, when and why; undone, it only counts no
more. What stands in the ledger is the reading with all changes that count, in the order in which they were made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from musnad.errors import CorrectionError, MissingError, RecordError
from musnad.ledger.mending import PARTS, Mended, put
from musnad.ledger.rows import decoded, record_dict
from musnad.ledger.tables import corrections, documents
from musnad.record import Record, is_day

if TYPE_CHECKING:
    from musnad.ledger.store import Ledger

PartName = Literal["statement", "event"]
Action = Literal["mended", "added", "removed", "checked"]
SURE = 1.0  # the confidence of what a person has looked at


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One change: to a statement or an event (`part`) of an article, the words that stand there, as it was read and what was changed.

    `reading` is null where the reading had missed it, `changes` where it was taken out, and empty where it was found right.
    """

    number: int
    article: str
    part: PartName
    action: Action
    words: str | None
    reading: dict[str, Any] | None
    changes: dict[str, Any] | None
    author: str | None
    note: str | None
    made: str
    undone: str | None
    undone_by: str | None


def correct(
    ledger: Ledger, article: str, name: str, changes: dict[str, Any] | None, *, author: str | None = None, note: str | None = None,
) -> int:  # fmt: skip
    """Put a statement (`s3`) or an event (`e2`) right, and return the number of the correction.

    `changes` are keys of the record format; None takes it out, none at all says that it is right. Raises `CorrectionError` where
    the result is no statement or event: a span outside the text, an unknown stance.
    """
    with ledger.database.write() as bind:
        document = _document(bind, article)
        part = "event" if name.startswith("e") else "statement"
        table, evidence = PARTS[part].table, PARTS[part].evidence
        row = bind.execute(select(table).where(table.c.document == document.number, table.c.id == name)).one_or_none()
        if row is None:
            raise MissingError(f"{article} {name}: no such {part}; `musnad show {article}` lists them")
        present = PARTS[part].plain(row)
        anchor = row.anchor or _json(present[evidence])
        if changes is not None:
            _check(document, part, {**present, **changes})
            _alone(bind, document, part, {**present, **changes}[evidence], row.number)
        reading = present if row.anchor is None else _reading(bind, article, part, anchor)
        made = _keep(bind, document, part, anchor, reading, changes, author, note)
        put(ledger, bind, document, part, row.number, _state(_of_anchor(bind, article, part, anchor)))
    return made


def add(
    ledger: Ledger, article: str, part: PartName, value: dict[str, Any], *, author: str | None = None,
    note: str | None = None,
) -> int:  # fmt: skip
    """Add a statement or an event that the reading missed, as a dict of the record format; return the number of the correction."""
    with ledger.database.write() as bind:
        document = _document(bind, article)
        whole = {"id": "", "within": None, **value} if part == "statement" else {"id": "", "said_in": None, **value}
        _check(document, part, whole)
        evidence = whole[PARTS[part].evidence]
        _alone(bind, document, part, evidence, None)
        anchor = _json(evidence)
        made = _keep(bind, document, part, anchor, _reading(bind, article, part, anchor), whole, author, note)
        put(ledger, bind, document, part, None, _state(_of_anchor(bind, article, part, anchor)))
    return made


def undo(ledger: Ledger, number: int, *, author: str | None = None) -> Correction:
    """Let a correction count no more; what was put right otherwise stays. Raises `MissingError` where there is none."""
    with ledger.database.write() as bind:
        row = bind.execute(select(corrections).where(corrections.c.number == number)).one_or_none()
        if row is None:
            raise MissingError(f"there is no correction {number}; `musnad corrections` lists them")
        if row.undone is not None:
            raise CorrectionError("already-undone", f"correction {number} is undone already", number=str(number))
        values = {"undone": _now(), "undone_by": author}
        bind.execute(update(corrections).where(corrections.c.number == number).values(values))
        _renew(ledger, bind, row.document, row.part, row.content)
        return _correction(bind.execute(select(corrections).where(corrections.c.number == number)).one())


def history(ledger: Ledger, article: str | None = None, *, limit: int = 50, offset: int = 0) -> list[Correction]:
    """Return the corrections, the latest first, of all articles or of one."""
    query = select(corrections).order_by(corrections.c.number.desc()).limit(limit).offset(offset)
    if article is not None:
        query = query.where(corrections.c.document == article)
    with ledger.database.read() as bind:
        return [_correction(row) for row in bind.execute(query)]


def correction(ledger: Ledger, number: int) -> Correction:
    """Return one correction. Raises `MissingError` where there is none."""
    with ledger.database.read() as bind:
        row = bind.execute(select(corrections).where(corrections.c.number == number)).one_or_none()
    if row is None:
        raise MissingError(f"there is no correction {number}")
    return _correction(row)


def corrected(ledger: Ledger, article: str) -> dict[str, str]:
    """Return which statements and events of an article a person has looked at: mended, added or checked, by their ids."""
    found: dict[str, str] = {}
    with ledger.database.read() as bind:
        document = bind.scalar(select(documents.c.number).where(documents.c.id == article))
        for kind in PARTS.values():
            marked = select(kind.table.c.id, kind.table.c.corrected).where(kind.table.c.document == document)
            found |= {row.id: row.corrected for row in bind.execute(marked.where(kind.table.c.corrected.is_not(None)))}
    return found


def apply_to(ledger: Ledger, bind: Connection, article: str) -> None:
    """Let the corrections of an article win over a new reading of it."""
    kept: dict[tuple[str, str], list[Any]] = defaultdict(list)
    query = select(corrections).where(corrections.c.document == article).order_by(corrections.c.number)
    for row in bind.execute(query):
        kept[row.part, row.content].append(row)
    for (part, anchor), rows in kept.items():
        document = _document(bind, article)
        if _stands(document, rows[-1], anchor):  # else the article has other words there now
            _apply(ledger, bind, document, part, anchor, rows)


def _apply(ledger: Ledger, bind: Connection, document: Any, part: str, anchor: str, rows: list[Any]) -> None:
    """Let the corrections of one anchor win over a new reading."""
    number, reading = _read_there(bind, document, part, anchor)
    if reading is not None:  # what an undo goes back to is what is read now
        for row in rows:
            value = _json({"reading": reading, "changes": decoded(row, "value")["changes"]})
            bind.execute(update(corrections).where(corrections.c.number == row.number).values(value=value))
    state = _state(_of_anchor(bind, document.id, part, anchor))
    if state.value is not None:
        if state.corrected is None or not _fits(document, part, state.value):
            return  # all is undone, or the article changed elsewhere
        if number is None:  # now it may be read as it was mended
            number, _ = _read_there(bind, document, part, _json(state.value[PARTS[part].evidence]))
    put(ledger, bind, document, part, number, state)


def _renew(ledger: Ledger, bind: Connection, article: str, part: str, anchor: str) -> None:
    """Let what stands in the ledger follow the corrections of one anchor as they are now."""
    document = bind.execute(select(documents).where(documents.c.id == article)).one_or_none()
    if document is None:
        return
    rows = _of_anchor(bind, article, part, anchor)
    if not _stands(document, rows[-1], anchor):
        return
    table, state = PARTS[part].table, _state(rows)
    there = bind.scalar(select(table.c.number).where(table.c.document == document.number, table.c.anchor == anchor))
    if state.value is not None:
        _check(document, part, state.value)
        _alone(bind, document, part, state.value[PARTS[part].evidence], there)
    if there is not None or state.value is not None:
        put(ledger, bind, document, part, there, state)


def _state(rows: Sequence[Any]) -> Mended:
    """What stands where the corrections of one anchor are carried out that count."""
    reading = decoded(rows[-1], "value")["reading"]
    value, touched = reading, False
    for row in rows:
        if row.undone is None:
            changes, touched = decoded(row, "value")["changes"], True
            value = None if changes is None else {**(value or {}), **changes}
    if value is not None and "id" not in value:
        value = None  # what was added is undone, what was mended in it is left
    if not touched or value is None:
        return Mended(value, None, None)
    same = reading is not None and all(reading.get(key) == cell for key, cell in value.items() if key != "confidence")
    how = "added" if reading is None else "checked" if same else "mended"
    return Mended({**value, "confidence": SURE}, how, rows[-1].content)


def _read_there(bind: Connection, document: Any, part: str, anchor: str) -> tuple[int | None, dict[str, Any] | None]:
    """The row of a new reading whose evidence is an anchor."""
    kind = PARTS[part]
    for row in bind.execute(select(kind.table).where(kind.table.c.document == document.number)):
        plain = kind.plain(row)
        if _json(plain[kind.evidence]) == anchor:
            return row.number, plain
    return None, None


def _alone(bind: Connection, document: Any, part: str, evidence: list[list[int]], but: int | None) -> None:
    """Raise where another statement or event of the article has the same words."""
    kind, wanted = PARTS[part], _json(evidence)
    for row in bind.execute(select(kind.table).where(kind.table.c.document == document.number)):
        if row.number != but and wanted in {row.anchor, _json(kind.plain(row)[kind.evidence])}:
            raise CorrectionError(
                "words-taken",
                f"{document.id} {row.id}: has these words already; correct it, or undo what was corrected there",
                name=row.id[1:],
            )


def _reading(bind: Connection, article: str, part: str, anchor: str) -> dict[str, Any] | None:
    rows = _of_anchor(bind, article, part, anchor)
    return decoded(rows[-1], "value")["reading"] if rows else None


def _of_anchor(bind: Connection, article: str, part: str, anchor: str) -> Sequence[Any]:
    same = (corrections.c.document == article, corrections.c.part == part, corrections.c.content == anchor)
    return bind.execute(select(corrections).where(*same).order_by(corrections.c.number)).all()


def _document(bind: Connection, article: str) -> Any:
    document = bind.execute(select(documents).where(documents.c.id == article)).one_or_none()
    if document is None:
        raise MissingError(f"there is no article {article}")
    return document


def _stands(document: Any, row: Any, anchor: str) -> bool:
    return row.words is None or row.words == _words(document, msgspec.json.decode(anchor))


def _words(document: Any, spans: list[list[int]]) -> str:
    return " … ".join(document.text[start:end] for start, end in spans)


def _fits(document: Any, part: str, value: dict[str, Any]) -> bool:
    try:
        _check(document, part, value)
    except CorrectionError:
        return False
    return True


def _check(document: Any, part: str, value: dict[str, Any]) -> None:
    plain = record_dict(document, [], []) | {f"{part}s": [{"confidence": SURE, **value}]}
    why = ""
    try:
        Record.from_dict(plain)
        days = value.get("date") or {"start": "1000-01-01", "end": "1000-01-01"}
        if not (is_day(days["start"]) and is_day(days["end"]) and days["start"] <= days["end"]):
            why = "its days are none, or the last stands before the first"
        if not value[PARTS[part].evidence]:
            why = "it has no words"
    except (RecordError, KeyError) as error:
        why = str(error)
    if why:
        raise CorrectionError(
            "no-statement", f"{document.id} {value.get('id', '')}: the correction is no {part} ({why})"
        )


def _keep(
    bind: Connection, document: Any, part: str, anchor: str, reading: dict[str, Any] | None, changes: dict[str, Any] | None,
    author: str | None, note: str | None,
) -> int:  # fmt: skip
    number = (bind.scalar(select(func.max(corrections.c.number))) or 0) + 1
    bind.execute(insert(corrections), {
        "number": number, "document": document.id, "part": part, "content": anchor,
        "words": _words(document, msgspec.json.decode(anchor)), "value": _json({"reading": reading, "changes": changes}),
        "author": author or None, "note": note or None, "made": _now(),
    })  # fmt: skip
    return number


def _correction(row: Any) -> Correction:
    both = decoded(row, "value")
    reading, changes = both["reading"], both["changes"]
    action: Action = "removed" if changes is None else "mended" if changes else "checked"
    if changes is not None and "id" in changes:  # a whole one
        action = "added"
    return Correction(
        number=row.number, article=row.document, part=row.part, action=action, words=row.words, reading=reading, changes=changes,
        author=row.author, note=row.note, made=row.made, undone=row.undone, undone_by=row.undone_by,
    )  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
