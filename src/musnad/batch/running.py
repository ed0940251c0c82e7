"""A run over an archive: what is to be done, what is done already, and the manifest at its end."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from musnad import __version__
from musnad.batch.parts import MARKS, Done, File, part_number, source_number
from musnad.batch.places import InputFile, OutputFolder, find_sources
from musnad.errors import BatchError
from musnad.record import VERSION

ENGINES = ("local", "ray")
PART_SIZE = 500  # articles: two seconds of work, a megabyte written
_T = TypeVar("_T")
_PLAN, _MANIFEST = "_plan.json", "_manifest.json"


class Plan(msgspec.Struct, frozen=True):
    """What decides which bytes come out: a run goes on only where all of it is as it was."""

    musnad: str
    record: int
    part_size: int
    sources: list[InputFile]
    exact: bool = False


Left = tuple[int, InputFile, frozenset[str]]  # an input, its number, the parts of it that are done already


class Work(msgspec.Struct, frozen=True):
    """What an engine gets: the inputs with what is to be left out of each, and where to write."""

    sources: list[Left]
    part_size: int
    output: str
    exact: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """What a finished run holds. Two runs over the same input have the same manifest."""

    musnad: str
    record: int
    articles: int
    rejected: int
    statements: int
    events: int
    parts: int
    files: list[File]


class RunProgress(msgspec.Struct):
    """How far a run is; `bytes` counts the inputs. `earlier`: articles that an earlier run had done."""

    articles: int = 0
    rejected: int = 0
    statements: int = 0
    events: int = 0
    parts: int = 0
    earlier: int = 0
    bytes: int = 0
    bytes_in_all: int = 0


def run(
    inputs: list[str],
    output: str,
    *,
    engine: str = "local",
    workers: int | None = None,
    address: str | None = None,
    part_size: int = PART_SIZE,
    exact: bool = False,
    seen: Callable[[RunProgress, Done | None], None] = lambda progress, done: None,
) -> Manifest:
    """Read every article of the inputs (paths, folders, globs, addresses) and write Parquet under `output`.

    `engine` is local (processes of this machine) or ray (a Ray cluster at `address`, or one started here). `exact`: with the
    exact reader, which takes several times as long. Parts that an
    earlier run finished are not done again. `seen` is called after each part. Raises `BatchError` where the run cannot
    begin or go on; what is finished stays.
    """
    if engine not in ENGINES:
        raise BatchError(f"no engine {engine}; there are {', '.join(ENGINES)}")
    place = OutputFolder(output)
    plan = Plan(__version__, VERSION, part_size, find_sources(inputs), exact)
    _settle(place, plan)
    finished = _finished(place)
    work = Work(_left(plan, finished), part_size, output, exact)
    count = _Tally(plan)
    for done in finished.values():
        count.add(done)
    count.progress.earlier = count.progress.articles
    seen(count.progress, None)
    if work.sources:
        module: Any = importlib.import_module(f"musnad.batch.on_{engine}")
        for done in module.carry_out(work, workers=workers, address=address):
            if done.name not in finished:  # at least once: a part that was done twice is the same
                finished[done.name] = done
                count.add(done)
                seen(count.progress, done)
    if missing := _left(plan, finished):
        names = ", ".join(source.address for _, source, _ in missing[:3])
        raise BatchError(f"not every part of {names} was finished; run the same command again")
    manifest = _manifest(plan, finished)
    place.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1), _MANIFEST)
    return manifest


def _settle(place: OutputFolder, plan: Plan) -> None:
    """Keep the plan, or see that an earlier run had the same."""
    new = msgspec.json.encode(plan)
    kept = place.read(_PLAN)
    if kept is None:
        if place.read_all(MARKS):
            raise BatchError(f"{place.root}: finished parts without {_PLAN}; give an empty folder")
        place.write(new, _PLAN)
        return
    old = _decoded(kept, Plan, place)
    wrong = [name for name in Plan.__struct_fields__ if getattr(old, name) != getattr(plan, name)]
    if wrong:
        raise BatchError(
            f"{place.root}: begun with other {', '.join(wrong)}; run with what it was begun with, or give another folder"
        )


def _finished(place: OutputFolder) -> dict[str, Done]:
    marks = (_decoded(data, Done, place) for data in place.read_all(MARKS))
    return {done.name: done for done in marks}


def _decoded(data: bytes, kind: type[_T], place: OutputFolder) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        raise BatchError(
            f"{place.root}: {_PLAN} or a mark in {MARKS} is damaged ({error}); give another folder"
        ) from error


def _left(plan: Plan, finished: dict[str, Done]) -> list[Left]:
    """The inputs that are not done to their end, with the names of their parts that are done."""
    of_source: dict[int, set[str]] = {}
    for name in finished:
        of_source.setdefault(source_number(name), set()).add(name)
    left = []
    for number, source in enumerate(plan.sources):
        names = frozenset(of_source.get(number, ()))
        last = next((name for name in names if finished[name].last), None)
        if last is None or len(names) <= part_number(last):
            left.append((number, source, names))
    return left


class _Tally:
    """Adds finished parts up; how far an input is, its furthest part says."""

    def __init__(self, plan: Plan) -> None:
        self.progress = RunProgress(bytes_in_all=sum(source.size for source in plan.sources))
        self._reached: dict[int, int] = {}

    def add(self, done: Done) -> None:
        progress = self.progress
        progress.articles += done.articles
        progress.rejected += done.rejected
        progress.statements += done.statements
        progress.events += done.events
        progress.parts += 1
        source = source_number(done.name)
        reached = max(done.position, self._reached.get(source, 0))
        progress.bytes += reached - self._reached.get(source, 0)
        self._reached[source] = reached


def _manifest(plan: Plan, finished: dict[str, Done]) -> Manifest:
    parts = [finished[name] for name in sorted(finished)]
    return Manifest(
        plan.musnad, plan.record, sum(p.articles for p in parts), sum(p.rejected for p in parts),
        sum(p.statements for p in parts), sum(p.events for p in parts), len(parts),
        [file for part in parts for file in part.files],
    )  # fmt: skip
