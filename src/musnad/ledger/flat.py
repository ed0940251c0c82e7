"""The columns of a statement as a row, for formats that are tables, and as Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

import msgspec

from musnad.errors import LedgerError
from musnad.record import Record

COLUMNS = (
    "article", "statement", "published", "outlet", "url", "title", "kind", "stance", "speaker", "speaker_entity", "cue",
    "content", "content_spans", "addressee", "sources", "within", "confidence",
)  # fmt: skip


def statement_rows(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Yield a flat row for each statement; lists are joined by «؛», spans are JSON of code points."""
    for record in records:
        for s in record.statements:
            yield {
                "article": record.id, "statement": s.id, "published": record.published, "outlet": record.outlet,
                "url": record.url, "title": record.title, "kind": s.kind, "stance": s.stance, "speaker": s.speaker.name,
                "speaker_entity": s.speaker.entity, "cue": s.cue.text if s.cue else None, "content": s.text,
                "content_spans": msgspec.json.encode([[span.start, span.end] for span in s.content]).decode(),
                "addressee": s.addressee.name if s.addressee else None,
                "sources": "؛ ".join(source.name for source in s.sources), "within": s.within, "confidence": s.confidence,
            }  # fmt: skip


def arrow_batches(records: Iterable[Record], size: int = 10_000) -> tuple[Any, Iterator[Any]]:
    """Return the Arrow schema of flat rows, and the rows as record batches of at most `size`.

    Raises `LedgerError` where pyarrow is not installed.
    """
    pa = arrow()
    schema = pa.schema([(name, pa.float64() if name == "confidence" else pa.string()) for name in COLUMNS])

    def batches() -> Iterator[Any]:
        flat = statement_rows(records)
        while part := list(islice(flat, size)):
            yield pa.RecordBatch.from_pylist(part, schema)

    return schema, batches()


def write_lines(lines: Iterable[bytes], stream: IO[bytes]) -> int:
    """Write lines, each with its end; return how many there were."""
    written = 0
    for line in lines:
        stream.write(line)
        written += 1
    return written


def write_parquet(schema: Any, batches: Iterable[Any], stream: IO[bytes]) -> int:
    """Write record batches as Parquet; return how many rows they have."""
    from pyarrow import parquet

    written = 0
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            written += batch.num_rows
    return written


def arrow() -> Any:
    """Return pyarrow. Raises `LedgerError` where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise LedgerError("Arrow and Parquet need pyarrow; pip install 'musnad[parquet]'") from None
    return pyarrow


def tab_separated(cells: Iterable[object]) -> bytes:
    """Return a line of a table with tabs: what would break the line is a space, nothing is empty."""
    plain = ("" if cell is None else " ".join(str(cell).split()) for cell in cells)
    return ("\t".join(plain) + "\n").encode("utf-8", "replace")
