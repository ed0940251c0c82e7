"""A damaged ledger is seen: every question gets the right answer or one clear error, never another answer."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

import musnad
from musnad.errors import LedgerError, MusnadError
from musnad.exports import formats
from musnad.ledger import Ledger
from musnad.ledger.across import views
from musnad.ledger.across.conflicts import conflicts
from musnad.ledger.across.linking import link
from musnad.ledger.across.promises import promises
from musnad.ledger.frames import chosen
from musnad.ledger.stats import figures
from musnad.ledger.verify import Coverage, verify_ledger
from tests.news import NEWS


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, fast: musnad.Reader) -> Path:
    path = tmp_path_factory.mktemp("sound") / "news.db"
    with Ledger(path) as ledger:
        ledger.add(fast.read(article) for article in NEWS)
        link(ledger)
    return path


def exported(ledger: Ledger) -> bytes:
    stream = BytesIO()
    formats()["jsonl"].write(chosen(ledger), stream)
    return stream.getvalue()


def listed(name: str) -> Callable[[Ledger], Any]:
    def ask(ledger: Ledger) -> Any:
        with ledger.database.read() as bind:
            return getattr(views, f"list_{name}")(bind, None, None, 20, 0, least=1)

    return ask


QUESTIONS: dict[str, Callable[[Ledger], Any]] = {
    "search": lambda ledger: ledger.search("زلزال"),
    "who": lambda ledger: ledger.entities("سامي الخوري"),
    "show": lambda ledger: ledger.document("talks1"),
    "statements": lambda ledger: ledger.statements(),
    "events": lambda ledger: ledger.events(),
    "stats": lambda ledger: (figures(ledger.database, 10), ledger.counts()),
    "stories": listed("stories"),
    "utterances": listed("utterances"),
    "happenings": listed("happenings"),
    "conflicts": conflicts,
    "promises": promises,
    "export": exported,
}


def answer(path: Path, question: Callable[[Ledger], Any]) -> Any:
    """What a reading command prints, or the error that it says."""
    try:
        with Ledger(path, create=False) as ledger:
            found = question(ledger)
            return msgspec.json.encode(found.to_dict() if isinstance(found, musnad.Record) else found)
    except MusnadError as error:
        return error


def test_bytes_that_are_flipped_never_give_another_answer(sound: Path, tmp_path: Path) -> None:
    """MUSNAD_FLIPS=100 flips as often as one likes, MUSNAD_SEED elsewhere."""
    rng = random.Random(int(os.environ.get("MUSNAD_SEED", "11")))
    whole = sound.read_bytes()
    right = {name: answer(sound, question) for name, question in QUESTIONS.items()}
    wrong = []
    for trial in range(int(os.environ.get("MUSNAD_FLIPS", "12"))):
        data = bytearray(whole)
        at, length = rng.randrange(len(data)), rng.choice([1, 1, 4, 16, 64, 512])
        for place in range(at, min(at + length, len(data))):
            data[place] ^= rng.randrange(1, 256)
        path = tmp_path / f"{trial}.db"
        path.write_bytes(data)
        for name, question in QUESTIONS.items():
            found = answer(path, question)
            clear = isinstance(found, MusnadError) and "\n" not in str(found)
            if found != right[name] and not clear:
                wrong.append((name, at, length, found))
        path.unlink()
    assert not wrong


@pytest.mark.parametrize(("change", "said"), [
    ("UPDATE documents SET rest = x'00' WHERE id = 'talks1'", "article talks1: mentions and notes cannot be read"),
    ("UPDATE documents SET text = replace(text, 'عمان', 'دمشق') WHERE id = 'talks1'", "article talks1: it is not the article that was read"),
    ("UPDATE statements SET parties = '{' WHERE document = 3", "article talks1, s1: it is not as it was written"),
    ("UPDATE statements SET parties = '{', seal = NULL WHERE document = 3", "article talks1, s1: parties cannot be read"),
    ("UPDATE statements SET stance = 'DENY' WHERE document = 3", "article talks1, s1: it is not as it was written"),
    ("UPDATE events SET confidence = 0.01 WHERE document = 3", "article talks1, e1: it is not as it was written"),
    ("UPDATE events SET spans = '[]', seal = NULL WHERE document = 3", "article talks1, e1: spans cannot be read"),
])  # fmt: skip
def test_a_cell_that_is_damaged_names_its_article(sound: Path, tmp_path: Path, change: str, said: str) -> None:
    path = changed(sound, tmp_path, change)
    with Ledger(path, create=False, look=False) as ledger:  # as a large one is opened
        with pytest.raises(LedgerError, match="damaged") as caught:
            ledger.document("talks1")
        assert str(caught.value).startswith(said)
        assert ledger.document("quake1") is not None
    found = [str(finding) for finding in verify_ledger(path)]
    assert found
    assert all(line.startswith("talks1") for line in found)


@pytest.mark.parametrize(("change", "said"), [
    ("UPDATE story_of SET story = 77 WHERE document = 1", "story 77: bears the number of none of its members"),
    ("UPDATE story_of SET day = 5 WHERE document = 1", "quake1: stands in its story under another day"),
    ("DELETE FROM stories", "is not that of its articles"),
    ("UPDATE utterance_of SET why = 'x' WHERE statement = 1", "utterance link of 1: cannot be read"),
    ("UPDATE statements SET published = '2025-03-09' WHERE document = 1", "its day 2025-03-09 is not that of its article"),
    ("UPDATE statements SET cue = 'كتب' WHERE number = 1", "it is not as it was written"),
    ("UPDATE events SET words = 'x', seal = NULL WHERE number = 1", "the article has other words there"),
    ("PRAGMA foreign_keys = OFF; DELETE FROM statements WHERE number = 1", "refers to a row of statements that is not there"),
    ("INSERT INTO terms(rowid, line) VALUES (999, 'x')", "the index of words does not fit in 1 statements"),
    ("UPDATE documents SET published = '2025-02-30' WHERE id = 'party1'", "its day '2025-02-30' is none"),
])  # fmt: skip
def test_verify_sees_links_indexes_and_days(sound: Path, tmp_path: Path, change: str, said: str) -> None:
    found = "\n".join(str(finding) for finding in verify_ledger(changed(sound, tmp_path, change)))
    assert said in found


def test_verify_begins_with_the_database_itself(sound: Path, tmp_path: Path) -> None:
    data = bytearray(sound.read_bytes())
    with sqlite3.connect(sound) as bind:
        page, size = (
            bind.execute("SELECT rootpage FROM sqlite_master WHERE name = 'statements_by_stance'").fetchone()[0],
            4096,
        )
    bind.close()
    data[(page - 1) * size + 200 : page * size] = bytes(size - 200)  # the rows of an index: no row of a table differs
    path = tmp_path / "news.db"
    path.write_bytes(data)
    assert "the database is damaged" in str(next(verify_ledger(path)))
    with pytest.raises(LedgerError, match="the ledger is damaged"):
        Ledger(path)


@pytest.mark.parametrize("column", ["text", "title", "outlet", "url"])
def test_a_small_ledger_is_looked_through_before_it_is_read(sound: Path, tmp_path: Path, column: str) -> None:
    path = changed(sound, tmp_path, f"UPDATE documents SET {column} = 'كلام آخر' WHERE id = 'party1'")
    with pytest.raises(LedgerError, match="article party1: it is not the article that was read"):
        Ledger(path, create=False)


def test_verify_says_how_much_it_looked_at(sound: Path) -> None:
    checked = Coverage()
    assert list(verify_ledger(sound, checked)) == []
    assert (checked.articles, checked.statements) == (len(NEWS), 7)
    assert checked.links == checked.articles + checked.statements + checked.events


def changed(sound: Path, tmp_path: Path, change: str) -> Path:
    path = tmp_path / "changed.db"
    shutil.copy(sound, path)
    with sqlite3.connect(path) as bind:
        bind.executescript(change)
    bind.close()
    return path


@pytest.mark.parametrize("change", [
    "UPDATE happening_of SET happening = (SELECT min(happening) FROM happening_of) WHERE event = (SELECT max(event) FROM happening_of)",
    "UPDATE utterance_of SET score = 0.5 WHERE statement = 1",
    "UPDATE entities SET name = 'سامي الحوري' WHERE number = 1",
    "UPDATE entities SET described = 1 - described WHERE number = 2",
    "DELETE FROM participants WHERE rowid = 1",
])  # fmt: skip
def test_names_and_links_of_a_small_ledger_are_sealed_together(sound: Path, tmp_path: Path, change: str) -> None:
    path = changed(sound, tmp_path, change)
    with pytest.raises(LedgerError, match="names or links are not as they were written"):
        Ledger(path, create=False)
    assert list(verify_ledger(path))
