"""Annotated articles without their texts: made, and put together with the texts again.

    python benchmarks/gold.py join TEXTS.jsonl[.gz]… [--annotations FILE_OR_FOLDER] > GOLD.jsonl
    python benchmarks/gold.py publish GOLD.jsonl[.gz]… --out FOLDER

`join` takes texts that you have (JSON Lines with text, and id and title where there are any; folders too), finds those that
were annotated by their hash, and prints annotated articles as `musnad eval` takes them. On standard error it names each
article that got no text. `publish` is the way back: labels, offsets and a hash of each text go into the files, no text does.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from musnad.errors import GoldError
from musnad.record import EventType, Kind, Stance, Status

FOLDER = Path(__file__).parent / "gold"
SUFFIXES = (".jsonl", ".jsonl.gz")

Span = tuple[Annotated[int, Meta(ge=0)], int]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
Word = str | UnsetType | None  # absent, null or a word, as in the annotated article
Row = TypeVar("Row")


class Closed(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A row that holds these keys and no others, so that no text can slip into what is published."""


class Party(Closed, kw_only=True):
    name: str
    also: list[str] | UnsetType = UNSET
    span: Span | UnsetType | None = UNSET


class Statement(Closed, kw_only=True):
    content: list[Span]
    cue: Span | UnsetType | None = UNSET
    kind: Kind
    stance: Stance
    speaker: Party | None
    addressee: Party | UnsetType | None = UNSET
    sources: list[Party] | UnsetType = UNSET


class Days(Closed, kw_only=True):
    start: Day
    end: Day


class Event(Closed, kw_only=True):
    triggers: list[Span]
    type: EventType
    status: Status
    actors: list[Party]
    recipients: list[Party]
    date: Days | UnsetType | None = UNSET
    place: Party | UnsetType | None = UNSET


class Gold(Closed, kw_only=True):
    """An annotated article with its text."""

    id: str
    title: Word = UNSET
    text: str
    published: Word = UNSET
    outlet: Word = UNSET
    origin: Word = UNSET
    statements: list[Statement]
    events: list[Event] | UnsetType = UNSET
    source: str | UnsetType = UNSET
    use: str | UnsetType = UNSET


class Published(Closed, kw_only=True):
    """An annotated article as it is published: a hash and a length stand for the text."""

    id: str
    source: str | UnsetType = UNSET
    use: str | UnsetType = UNSET
    origin: Word = UNSET
    outlet: Word = UNSET
    published: Word = UNSET
    hash: Hash
    characters: int
    statements: list[Statement]
    events: list[Event] | UnsetType = UNSET


class Article(msgspec.Struct):
    """A text that somebody has; what else its line holds does not matter."""

    text: str
    id: str | None = None
    title: Word = UNSET


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    """The text as it was annotated: no empty lines, no white space around a line, one space between words."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def common(row: Gold | Published) -> dict[str, Any]:
    """What an article holds with its text and without."""
    names = set(Gold.__struct_fields__) & set(Published.__struct_fields__)
    return {name: getattr(row, name) for name in names}


def files_of(place: Path) -> list[Path]:
    """The file itself, or the JSON Lines files of a folder and of the folders in it."""
    if not place.is_dir():
        return [place]
    found = sorted(path for path in place.rglob("*") if path.name.endswith(SUFFIXES))
    if not found:
        raise GoldError(f"{place}: no file in it ends in .jsonl or .jsonl.gz")
    return found


def rows(path: Path, kind: type[Row]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a file with the numbers of their lines. Raises `GoldError` with file and line."""
    decoder = msgspec.json.Decoder(kind)
    opened: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opened(path, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, decoder.decode(line)
    except UnicodeDecodeError:
        raise GoldError(f"{path}:{number}: not UTF-8") from None
    except msgspec.ValidationError as error:
        raise GoldError(f"{path}:{number}: {error}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise GoldError(f"{path}:{number}: not JSON ({error})") from None
    except (OSError, EOFError, zlib.error) as error:
        after = f" after line {number}" if number else ""
        raise GoldError(f"{path}: cannot be read{after} ({getattr(error, 'strerror', None) or error})") from None


def say(line: str) -> None:
    print(line, file=sys.stderr)


def join(places: Iterable[Path], annotations: Path) -> int:
    """Print the annotated articles that a text was found for; return how many those are."""
    annotated = [row for path in files_of(annotations) for _, row in rows(path, Published)]
    found, others = search(places, annotated)
    joined = [row for row in annotated if row.hash in found]
    for row in joined:
        title, text = found[row.hash]
        sys.stdout.buffer.write(msgspec.json.encode(Gold(title=title, text=text, **common(row))) + b"\n")
    sys.stdout.buffer.flush()
    missing = [row for row in annotated if row.hash not in found]
    for row in missing:
        say(f"{row.id}: {others.get(row.id) or f'no text (origin: {row.origin})'}")
    differ = sum(row.id in others for row in missing)
    without = len(missing) - differ
    say(f"{len(joined)} of {len(annotated)} articles joined; {differ} with another text, {without} without a text")
    return len(joined)


def search(places: Iterable[Path], annotated: list[Published]) -> tuple[dict[str, tuple[Word, str]], dict[str, str]]:
    """Look through the texts: titles and texts that were annotated, by hash; what was found instead of others, by id."""
    hashes = {row.hash for row in annotated}
    lengths = {row.id: row.characters for row in annotated}
    found: dict[str, tuple[Word, str]] = {}
    others: dict[str, str] = {}
    for where, article in articles(places):
        hit = next((wording for wording in wordings(article) if hash_of(wording[1]) in hashes), None)
        if hit:
            found.setdefault(hash_of(hit[1]), hit)
        elif article.id in lengths:
            sizes = f"{len(article.text)} characters, annotated were {lengths[article.id]}"
            others[article.id] = f"the text in {where} is another one ({sizes})"
    return found, others


def articles(places: Iterable[Path]) -> Iterator[tuple[str, Article]]:
    """Yield the texts with file and line. A file that was named must be right; in a folder, one that is not is left."""
    for place in places:
        for path in files_of(place):
            try:
                for number, article in rows(path, Article):
                    yield f"{path}:{number}", article
            except GoldError as error:
                if path == place:
                    raise
                say(f"{error}; the rest of this file is left out")


def wordings(article: Article) -> Iterator[tuple[Word, str]]:
    """Yield the ways to write an article, title and text: as it is, tidied, and tidied with the title as the first line."""
    yield article.title, article.text
    title, text = tidy(article.title or ""), tidy(article.text)
    yield title or article.title, text
    if title:
        yield title, f"{title}\n{text}"


def publish(paths: Iterable[Path], out: Path) -> None:
    """Write a file without texts for each file of annotated articles; where one is at fault, write none."""
    packed: dict[str, bytes] = {}
    for path in paths:
        name = path.name.removesuffix(".gz").removesuffix(".jsonl") + ".jsonl.gz"
        if name in packed:
            raise GoldError(f"{path}: another file before it is published as {name}; rename one of them")
        packed[name] = pack(published(path))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in packed.items():
        (out / name).write_bytes(content)


def published(path: Path) -> list[Published]:
    found: dict[str, Published] = {}
    for number, row in rows(path, Gold):
        fault = f"a second article with the id {row.id}" if row.id in found else misplaced(row)
        if fault:
            raise GoldError(f"{path}:{number}: {fault}")
        found[row.id] = Published(hash=hash_of(row.text), characters=len(row.text), **common(row))
    if not found:
        raise GoldError(f"{path}: no annotated articles")
    say(f"{path}: {len(found)} articles, {sum(len(row.statements) for row in found.values())} statements")
    return list(found.values())


def misplaced(row: Gold) -> str | None:
    """What is wrong with the first offsets that point to nothing in the text, if any do."""
    for where, (start, end) in spans(row):
        if not start < end <= len(row.text):
            return f"{where}: [{start}, {end}] is no span of the text of {len(row.text)} characters"
    return None


def spans(row: Gold) -> Iterator[tuple[str, Span]]:
    for number, one in enumerate(row.statements, 1):
        parties = [one.speaker, one.addressee, *(one.sources or [])]
        for span in [*one.content, one.cue, *(party.span for party in parties if party)]:
            if span:
                yield f"statement {number}", span
    for number, event in enumerate(row.events or [], 1):
        for party in [*event.actors, *event.recipients, event.place]:
            if party and party.span:
                yield f"event {number}", party.span
        yield from ((f"event {number}", span) for span in event.triggers)


def pack(articles: Iterable[Published]) -> bytes:
    """One article a line, in gzip without name and time, so that the same articles give the same bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as lines:
        lines.writelines(msgspec.json.encode(row) + b"\n" for row in articles)
    return out.getvalue()


def main() -> None:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = cli.add_subparsers(dest="command", required=True)
    joining = commands.add_parser("join", help="put the annotations on texts that you have")
    joining.add_argument("texts", nargs="+", type=Path, help="JSON Lines, packed or not, or folders of them")
    joining.add_argument("--annotations", type=Path, default=FOLDER, help="one file, or a folder (benchmarks/gold)")
    publishing = commands.add_parser("publish", help="make files without texts")
    publishing.add_argument("gold", nargs="+", type=Path, help="annotated articles, JSON Lines, packed or not")
    publishing.add_argument("--out", required=True, type=Path, help="the folder to write to")
    args = cli.parse_args()
    try:
        if args.command == "publish":
            publish(args.gold, args.out)
        elif not join(args.texts, args.annotations):
            sys.exit(1)
    except BrokenPipeError:  # the reader of the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except GoldError as error:
        sys.exit(f"gold.py: {error}")
    except OSError as error:
        sys.exit(f"gold.py: {error.filename}: cannot be written ({error.strerror})")


if __name__ == "__main__":
    main()
