"""The unit of work: a part is so many articles of one input, in their order. Read and written anew it is the same, byte for byte."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterator
from io import BytesIO
from itertools import groupby

import msgspec
import pyarrow as pa
from pyarrow import parquet

from musnad.arrow import to_arrow
from musnad.batch.places import InputFile, OutputFolder, open_source
from musnad.batch.reading import try_to_read
from musnad.errors import SourceError
from musnad.record import Document, Record
from musnad.sources import Item, Meter, Rejected, Remark
from musnad.sources.intake import read_opened
from musnad.workers import in_batches

ARTICLES, REJECTED, MARKS = "articles", "rejected", "_parts"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # what Hive, Spark, DuckDB and Polars read as null
REJECTED_SCHEMA = pa.schema([("place", pa.string()), ("reason", pa.string())])


class Part(msgspec.Struct, frozen=True):
    """Articles of one input that are read and written together; `position`: bytes of the input that are behind them."""

    name: str
    articles: list[Document]
    rejected: list[Rejected]
    remarks: list[str]
    position: int
    last: bool


class File(msgspec.Struct, frozen=True):
    """A file that was written: its path under the output, its rows, its bytes and their SHA-256."""

    path: str
    rows: int
    bytes: int
    sha256: str


class Done(msgspec.Struct, frozen=True):
    """A finished part. `seconds` is processor time, of reading and writing alone."""

    name: str
    articles: int
    rejected: int
    statements: int
    events: int
    files: list[File]
    remarks: list[str]
    position: int
    last: bool
    seconds: float = 0.0


def part_name(source: int, number: int) -> str:
    return f"{source:05}-{number:07}"


def source_number(name: str) -> int:
    return int(name.partition("-")[0])


def part_number(name: str) -> int:
    return int(name.partition("-")[2])


def parts(source: InputFile, index: int, size: int, done: Collection[str] = ()) -> Iterator[Part]:
    """Yield the parts of an input that are not done yet, each of `size` articles, rejected ones counted; of fewer where they are very long."""
    meter = Meter([])
    number = 0
    chunks = in_batches(_items(source, meter), size)
    chunk = next(chunks, [])
    while True:
        position = meter.done
        ahead = next(chunks, [])
        name = part_name(index, number)
        if name not in done:
            yield Part(
                name, [item for item in chunk if isinstance(item, Document)],
                [item for item in chunk if isinstance(item, Rejected)],
                [str(item) for item in chunk if isinstance(item, Remark)],
                position if ahead else source.size, not ahead,
            )  # fmt: skip
        if not ahead:
            return
        chunk, number = ahead, number + 1


def _items(source: InputFile, meter: Meter) -> Iterator[Item]:
    """The articles of an input; one that is not there or may not be read is one rejected item."""
    try:
        file = open_source(source)
    except (SourceError, FileNotFoundError, PermissionError) as error:  # any other: a store to be asked again
        yield Rejected(source.address, str(error))
        return
    with file:
        yield from read_opened(file, source.address, meter=meter)


def do_part(part: Part, output: OutputFolder, *, exact: bool = False) -> Done:
    """Read the articles of a part, write its tables, then the mark that it is done."""
    began = time.process_time()
    records: list[Record] = []
    rejected = list(part.rejected)
    for article in part.articles:
        read = try_to_read(article, exact=exact)
        rejected.append(read) if isinstance(read, Rejected) else records.append(read)
    files = [
        _write(output, pa.Table.from_batches([to_arrow(list(group))]), ARTICLES, f"year={year}", part.name)
        for year, group in groupby(sorted(records, key=_year), key=_year)
    ]
    if rejected:
        rows = [{"place": item.where, "reason": item.reason} for item in rejected]
        files.append(_write(output, pa.Table.from_pylist(rows, REJECTED_SCHEMA), REJECTED, part.name))
    done = Done(
        part.name, len(records), len(rejected), sum(len(record.statements) for record in records),
        sum(len(record.events) for record in records), files, part.remarks, part.position, part.last,
        round(time.process_time() - began, 3),
    )  # fmt: skip
    output.write(msgspec.json.encode(done), MARKS, f"{part.name}.json")
    return done


def _year(record: Record) -> str:
    return record.published[:4] if record.published else NO_YEAR


def _write(output: OutputFolder, table: pa.Table, *folder: str) -> File:
    *above, name = folder
    path = "/".join((*above, f"part-{name}.parquet"))
    stream = BytesIO()
    parquet.write_table(table, stream, compression="zstd")
    data = stream.getvalue()
    output.write(data, path)
    return File(path, table.num_rows, len(data), hashlib.sha256(data).hexdigest())
