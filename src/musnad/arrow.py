"""The record as Arrow: schemas made from the classes of `musnad.record`, records to rows and back.

A span is a list of two int32, start and end in code points of `text`, as it is in JSON. Needs pyarrow (`musnad[parquet]`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any

import msgspec
import pyarrow as pa
from pyarrow import json

from musnad.record import VERSION, Document, Record, Span, encode_lines

_META = {b"musnad.record": str(VERSION).encode()}


@cache
def document_schema() -> pa.Schema:
    """Return the columns of articles: id, text, url, outlet, published (YYYY-MM-DD), title; only `text` must be there."""
    return _schema(Document)


@cache
def record_schema() -> pa.Schema:
    """Return the columns of articles that were read: those of the record, nested, and `error`.

    `error` says why an article could not be read; its lists are then empty. The version of the record stands in the
    metadata under `musnad.record`.
    """
    return _schema(Record).append(pa.field("error", pa.string())).with_metadata(_META)


def _schema(kind: type) -> pa.Schema:
    described = msgspec.inspect.type_info(kind)
    assert isinstance(described, msgspec.inspect.StructType)
    return pa.schema([_field(field) for field in described.fields])


def _field(field: msgspec.inspect.Field) -> pa.Field:
    return pa.field(field.name, _type(field.type), nullable=True)


def _type(described: Any) -> pa.DataType:
    """The Arrow type of a type that msgspec describes. Raises `TypeError` for one that no record holds."""
    match described:
        case msgspec.inspect.StructType():
            return pa.struct([_field(field) for field in described.fields])
        case msgspec.inspect.VarTupleType():
            return pa.list_(_type(described.item_type))
        case msgspec.inspect.UnionType():
            return _type(next(kind for kind in described.types if not isinstance(kind, msgspec.inspect.NoneType)))
        case msgspec.inspect.LiteralType() | msgspec.inspect.StrType():
            return pa.string()
        case msgspec.inspect.FloatType():
            return pa.float64()
        case msgspec.inspect.CustomType() if described.cls is Span:
            return pa.list_(pa.int32())
    raise TypeError(f"no Arrow type for {described}")


def to_arrow(records: Sequence[Record | dict[str, Any]], errors: Sequence[str | None] | None = None) -> pa.RecordBatch:
    """Return records as a batch of `record_schema()`; `errors` says of each why it could not be read, or None. A row that
    could not be read may stand as a dict of the same keys."""
    schema = record_schema()
    if not records:
        return pa.RecordBatch.from_pylist([], schema=schema)
    lines = encode_lines(records)  # Arrow's reader of JSON is ten times as fast as rows of Python
    table = json.read_json(
        BytesIO(lines),
        read_options=json.ReadOptions(use_threads=False, block_size=len(lines) + 1),
        parse_options=json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )
    (batch,) = table.to_batches()
    at = schema.get_field_index("error")
    why = pa.array(errors or [None] * len(records), pa.string())
    return batch.set_column(at, schema.field(at), why).replace_schema_metadata(schema.metadata)


def from_arrow(row: dict[str, Any]) -> Record:
    """Return the record in a row, as `RecordBatch.to_pylist` gives it. Raises `RecordError` where there is none."""
    return Record.from_dict({name: value for name, value in row.items() if name != "error"})


def is_read(schema: pa.Schema) -> bool:
    """Whether a table holds articles that were read already, in the version of the record that this code knows."""
    return bool((schema.metadata or {}).get(b"musnad.record") == _META[b"musnad.record"])


__all__ = ["document_schema", "from_arrow", "is_read", "record_schema", "to_arrow"]
