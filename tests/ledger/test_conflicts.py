"""Denials of those who are charged, and what only looks like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

import musnad
from musnad.ledger import Ledger
from musnad.ledger.across import conflicts as across
from musnad.ledger.across.charges import charge_in, charge_of, denies_a_part, is_of_a_deed, parties_of
from musnad.ledger.across.conflicts import Conflict, QuotedReport, conflicts
from musnad.ledger.across.differences import _differ_in_count
from musnad.ledger.across.linking import link


def found_in(folder: Path, reader: musnad.Reader, *texts: str, day: str = "2025-03-05") -> list[Conflict]:
    articles = [
        musnad.Document(id=f"a{at}", outlet=f"منبر {at}", published=day, text=text) for at, text in enumerate(texts)
    ]
    with Ledger(folder / "news.db") as ledger:
        ledger.add(reader.read(article) for article in articles)
        link(ledger)
        return conflicts(ledger)


LEAD = "غرقت سفينة الأبحاث «الأمل» قبالة جزر الأزور بعد انفجار عبوة في غرفة المحركات."
CHARGE = f"{LEAD}\nواتهمت كندا إيطاليا بتدبير الهجوم على السفينة."


def test_who_is_charged_in_one_article_denies_it_in_another(tmp_path: Path, fast: musnad.Reader) -> None:
    (found,) = found_in(tmp_path, fast, CHARGE, f"{LEAD}\nونفت روما أي ضلوع لها في العملية.")
    assert (found.kind, found.values) == ("denial", ("CONDEMN", "DENY"))
    assert (found.one.article, found.other.article) == ("a0", "a1")
    assert isinstance(found.other, QuotedReport)
    assert found.other.sentence == "ونفت روما أي ضلوع لها في العملية."  # with the word of denial
    assert "نفت" not in found.other.words


def test_what_is_said_of_a_country_is_a_charge_too(tmp_path: Path, fast: musnad.Reader) -> None:
    said = f"{LEAD}\nوقالت الحكومة الكندية إن إيطاليا تقف وراء الهجوم."
    (found,) = found_in(tmp_path, fast, said, f"{LEAD}\nونفت إيطاليا مسؤوليتها عن الحادث.")
    assert found.values == ("SAY", "DENY")


@pytest.mark.parametrize(
    "denial",
    [
        "ونفت الأرجنتين أي ضلوع لها في العملية.",  # nobody charged her
        "ونفت إيطاليا أي علاقة مع شركة التأمين اليونانية.",  # something else
        "ونفت إيطاليا تأجيل بطولة كرة القدم.",
        "ونفت إيطاليا مسؤولية الأرجنتين عن الهجوم.",  # somebody else's part
    ],
)
def test_a_denial_of_something_else_answers_no_charge(denial: str, tmp_path: Path, fast: musnad.Reader) -> None:
    assert found_in(tmp_path, fast, CHARGE, f"{LEAD}\n{denial}") == []


def test_a_charge_of_no_deed_is_not_answered_by_who_denies_a_part(tmp_path: Path, fast: musnad.Reader) -> None:
    charge = f"{LEAD}\nواتهمت كندا إيطاليا بتجاهل نداءات الاستغاثة."
    assert found_in(tmp_path, fast, charge, f"{LEAD}\nونفت إيطاليا أي ضلوع لها في الانفجار.") == []


def test_a_condemnation_charges_nobody(tmp_path: Path, fast: musnad.Reader) -> None:
    condemned = f"{LEAD}\nودانت كندا استخدام العبوات الناسفة على متن السفينة."
    denied = f"{LEAD}\nونفت إيطاليا استخدام العبوات الناسفة على متن السفينة."
    assert found_in(tmp_path, fast, condemned, denied) == []


def test_one_conflict_of_many_reports_is_shown_once(tmp_path: Path, fast: musnad.Reader) -> None:
    denial = f"{LEAD}\nونفت إيطاليا أي ضلوع لها في الهجوم."
    again = f"{LEAD}\nوتنفي روما تورطها في الحادث."
    assert len(found_in(tmp_path, fast, CHARGE, denial, again)) == 1


ANKARA: dict[str, Any] = {"name": "تركيا", "span": [6, 11], "entity": "iso3166:TR"}


@pytest.mark.parametrize(
    ("text", "cue", "speaker", "content", "accused"),
    [
        ("اتهمت أنقرة باريس بدعم خصومها", "اتهمت", "أنقرة", "دعم خصومها", "state:FRA"),
        ("اتهمت أنقرة الحكومة الفرنسية بدعم خصومها", "اتهمت", "أنقرة", "الحكومة الفرنسية بدعم خصومها", "state:FRA"),
        ("حملت أنقرة مرارا باريس مسؤولية الفشل", "حملت", "أنقرة", "باريس مسؤولية الفشل", "state:FRA"),
        ("اتهامات أنقرة لباريس بدعم خصومها", "اتهامات", "أنقرة", "دعم خصومها", "state:FRA"),
        ("اتهمت أنقرة بدعم خصومها", "اتهمت", "أنقرة", "دعم خصومها", None),  # she is accused
        ("لم تتهم أنقرة باريس بدعم خصومها", "تتهم", "أنقرة", "دعم خصومها", None),
        ("اتهمت أنقرة الحكومة التركية بدعم خصومها", "اتهمت", "أنقرة", "دعم خصومها", None),  # herself
    ],
)
def test_whom_a_charge_is_on(
    text: str, cue: str, speaker: str, content: str, accused: str | None, fast: musnad.Reader
) -> None:
    def place(words: str) -> list[int]:
        return [text.index(words), text.index(words) + len(words)]

    parties = {"cue": place(cue), "speaker": {**ANKARA, "span": place(speaker)}}
    charge = charge_of(parties, [place(content)], text, fast.lexicon)
    assert (charge is None) == (accused is None)
    assert charge is None or accused in charge.accused


@pytest.mark.parametrize(
    ("words", "charged"),
    [
        ("باريس تقف وراء الهجوم", True),
        ("القوات الفرنسية قصفت القرية", True),
        ("الهجوم وقع ليلا", False),
        ("المهاجمين قصفوا القرية", False),  # nobody known
        ("باريس تدرس الطلب", False),
    ],
)
def test_whom_what_is_said_charges(words: str, charged: bool, fast: musnad.Reader) -> None:
    charge = charge_in({"speaker": ANKARA}, words, fast.lexicon)
    assert (charge is not None) == charged
    assert charge is None or is_of_a_deed(charge, fast.lexicon)


@pytest.mark.parametrize(
    ("name", "identifier", "known"),
    [
        ("موسكو", None, "state:RUS"), ("روسيا", "iso3166:RU", "state:RUS"), ("الحكومة الروسية", None, "state:RUS"),
        ("دمشق وموسكو", None, "state:RUS"), ("الجيش الإسرائيلي", None, "state:ISR"),
    ],
)  # fmt: skip
def test_what_acts_for_a_country(name: str, identifier: str | None, known: str, fast: musnad.Reader) -> None:
    assert known in parties_of(name, identifier, fast.lexicon)


@pytest.mark.parametrize("name", ["الرئيس الفرنسي السابق", "المعارضة الروسية", "رجال أعمال روس", "منظمة حقوقية فرنسية"])
def test_what_acts_for_no_country(name: str, fast: musnad.Reader) -> None:
    assert not any(key.startswith("state:") for key in parties_of(name, None, fast.lexicon))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("أي ضلوع لها في العملية", True),
        ("مسؤوليتها عنه", True),
        ("نفيا قاطعا تورطها في الحادث", True),
        ("أي علاقة مع المصرف", False),
        ("مسؤولية أنقرة عن الهجوم", False),
        ("تأجيل الهجوم", False),
    ],
)
def test_who_denies_a_part(words: str, part: bool, fast: musnad.Reader) -> None:
    assert denies_a_part(words, frozenset({"iso3166:RU"}), fast.lexicon) == part


def test_a_bare_pointer_stands_with_what_it_points_at(tmp_path: Path, fast: musnad.Reader) -> None:
    here = "قال المحقق سامي الخوري إن الحكومة الفرنسية أخفت تقرير السلامة، لكن الحكومة الفرنسية نفت ذلك."
    apart = "قال المحقق سامي الخوري إن الحكومة الفرنسية متعاونة جدا.\nلكن الحكومة الفرنسية نفت ذلك."
    assert len(found_in(tmp_path, fast, here)) == 1
    (tmp_path / "news.db").unlink()
    assert found_in(tmp_path, fast, apart) == []


def test_what_somebody_tells_of_a_denial_is_no_conflict_with_it(tmp_path: Path, fast: musnad.Reader) -> None:
    told = "قال مصدر حكومي يمني إن سكان الجزيرة نفوا وجود مسلحين أجانب في الميناء القديم."
    assert found_in(tmp_path, fast, told) == []


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("15 مصابا", "16 مصابا", True),
        ("15 مصابا", "15 مصابا", False),
        ("15 شخصا", "3 قتلى", False),  # of others
    ],
)
def test_counts_differ_where_they_are_of_the_same(one: str, other: str, differ: bool) -> None:
    assert _differ_in_count(one, other) == differ


def test_charges_that_a_denial_names_itself_are_not_those_before(tmp_path: Path, fast: musnad.Reader) -> None:
    before = "قال مكتب النائبة هدى سالم إن القانون يعاقب من سجن القس كريم حداد."
    own = f"{before}\nونفى القس كريم حداد اتهامات بالتجسس أمام المحكمة."
    assert found_in(tmp_path, fast, own) == []


def test_a_denial_behind_a_but_is_of_somebody_else(tmp_path: Path, fast: musnad.Reader) -> None:
    said = f"{LEAD}\nوقالت الحكومة الكندية إن إيطاليا تقف وراء الهجوم، لكن روما تنفي أي ضلوع لها فيه."
    (found,) = found_in(tmp_path, fast, said)
    assert (found.values, found.one.article, found.other.article) == (("SAY", "DENY"), "a0", "a0")


def test_a_foreign_name_is_named_however_it_is_heard(tmp_path: Path, fast: musnad.Reader) -> None:
    said = "قالت النائبة هدى سالم إن إيران أرسلت ثلاث سفن من القمح إلى ميناء الحديدة، ونفت إيران إرسال سفن إلى ميناء الحديدة."
    (found,) = found_in(tmp_path, fast, said)
    assert found.other.words.startswith("إرسال سفن")


def test_what_is_read_anew_meanwhile_breaks_no_answer(
    where: str, fast: musnad.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    charged, denied = CHARGE, f"{LEAD}\nونفت روما أي ضلوع لها في العملية."
    articles = [
        musnad.Document(id=f"a{at}", published="2025-03-05", text=text) for at, text in enumerate((charged, denied))
    ]
    with Ledger(where) as ledger:
        ledger.add([fast.read(article) for article in articles])
        link(ledger)
        before = conflicts(ledger)
        shown = across._shown

        def while_somebody_writes(bind: Connection, found: list[Any]) -> list[Conflict]:
            ledger.add([fast.read(replace(article, title="عنوان آخر")) for article in articles])
            return shown(bind, found)

        monkeypatch.setattr(across, "_shown", while_somebody_writes)
        assert len(before) == 1
        assert conflicts(ledger) == before
