"""Conflicts are kept when articles are linked: what is kept is what would be found anew, whatever happens to the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across import decisions, kept
from musnad.ledger.across.conflicts import Conflict, conflicts
from musnad.ledger.across.linking import link
from musnad.ledger.corrections import correct
from musnad.ledger.entities import decide
from musnad.ledger.tables import compared
from musnad.ledger.tables import conflicts as table

LEAD = "غرقت سفينة الأبحاث «الأمل» قبالة جزر الأزور بعد انفجار عبوة في غرفة المحركات."
ANSWER = "«لن نغادر القرية القديمة قبل أن يصل القمح والماء والدواء إلى كل بيت فيها»"
TEXTS = [
    f"{LEAD}\nواتهمت كندا إيطاليا بتدبير الهجوم على السفينة.",
    f"{LEAD}\nونفت روما أي ضلوع لها في العملية.",
    f"{LEAD}\nوقالت أنغيلا ميركل: {ANSWER}.",
    f"{LEAD}\nوبحث خفر السواحل عن سفينة الأبحاث «الأمل» يومين قبالة جزر الأزور، ثم عاد إلى الميناء بلا خبر عن بحارتها العشرة.\nوقال فلاديمير بوتين: {ANSWER}.",
    "أعلنت الشرطة مقتل 12 جنديا في هجوم شنه مسلحون على ثكنة في مدينة حلب السورية يوم الثلاثاء.",
    "أعلنت الشرطة مقتل 15 جنديا في هجوم شنه مسلحون على ثكنة في مدينة حلب السورية يوم الثلاثاء.",
]


def articles(day: str = "2025-03-05") -> list[musnad.Document]:
    return [
        musnad.Document(id=f"a{at}", outlet=f"منبر {at}", published=day, text=text) for at, text in enumerate(TEXTS)
    ]


def anew(ledger: Ledger) -> list[Conflict]:
    """What is found where nothing is kept."""
    with ledger.database.write() as bind:
        bind.execute(delete(compared))
        bind.execute(delete(table))
    return conflicts(ledger)


def one_by_one(ledger: Ledger, reader: musnad.Reader) -> None:
    for article in articles():
        ledger.add([reader.read(article)])
        link(ledger)


def test_every_kind_is_kept_as_it_is_found(where: str, fast: musnad.Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(where) as ledger:
        one_by_one(ledger, fast)
        monkeypatch.setattr(
            kept.ConflictFinder, "find", _not_now
        )  # all are kept: nothing is found when it is asked for
        found = conflicts(ledger)
        monkeypatch.undo()
        assert {one.kind for one in found} == {"denial", "attribution", "happening"}
        assert found == anew(ledger)


def _not_now(*_: object) -> dict[int, list[kept.FoundConflict]]:
    raise AssertionError("found anew")


def test_the_order_in_which_articles_come_changes_nothing(tmp_path: Path, fast: musnad.Reader) -> None:
    with Ledger(tmp_path / "one.db") as one, Ledger(tmp_path / "all.db") as other:
        one_by_one(one, fast)
        other.add(fast.read(article) for article in articles())
        link(other)
        assert conflicts(one) == conflicts(other)


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda ledger, reader: correct(ledger, "a1", "s1", None),
        lambda ledger, reader: correct(ledger, "a1", "s1", {"stance": "SAY"}),
        lambda ledger, reader: decide(ledger.database, "merge", "iso3166:IT", "iso3166:CA"),
        lambda ledger, reader: decide(ledger.database, "merge", "wikidata:Q567", "wikidata:Q7747"),
        lambda ledger, reader: decide(ledger.database, "rename", "wikidata:Q567", "المستشارة"),
        lambda ledger, reader: decisions.decide(ledger, "story", "split", "a1", "a0"),
        lambda ledger, reader: decisions.decide(ledger, "happening", "split", "a5#e1", "a4#e1"),
        lambda ledger, reader: ledger.add([reader.read(musnad.Document(id="a0", text=f"{LEAD}\nولم يصب أحد."))]),
        lambda ledger, reader: ledger.add([reader.read(musnad.Document(id="a9", text=TEXTS[0] + " وانتهى."))]),
    ],
)
def test_what_changes_in_a_ledger_changes_what_is_found(
    change: Callable[[Ledger, musnad.Reader], None], linked: bool, where: str, fast: musnad.Reader
) -> None:
    with Ledger(where) as ledger:
        one_by_one(ledger, fast)
        change(ledger, fast)
        if linked:
            link(ledger)
        assert conflicts(ledger) == anew(ledger)
        link(ledger)
        assert conflicts(ledger) == anew(ledger)


def test_what_is_kept_of_no_group_is_taken_out(where: str, fast: musnad.Reader) -> None:
    with Ledger(where) as ledger:
        one_by_one(ledger, fast)
        ledger.add(fast.read(musnad.Document(id=f"a{at}", text="أمطرت السماء.")) for at in range(len(TEXTS)))
        link(ledger)
        link(ledger)
        with ledger.database.read() as bind:
            assert [bind.scalar(select(func.count()).select_from(one)) for one in (compared, table)] == [0, 0]
