"""Lines of the notation: what is read in them, and what is refused with which reason."""

from __future__ import annotations

import pytest

from musnad.llm.notation import CopiedWords, EventLine, Refused, SaidLine, Stretch, parse


def said(reply: str) -> SaidLine:
    (line,) = parse(reply)
    assert isinstance(line, SaidLine)
    return line


def event(reply: str) -> EventLine:
    (line,) = parse(reply)
    assert isinstance(line, EventLine)
    return line


def refused(reply: str) -> tuple[str, str]:
    (line,) = parse(reply)
    assert isinstance(line, Refused)
    return line.field, line.reason


def test_a_statement_has_eight_fields() -> None:
    line = said(
        "S الموسم بدأ مبكرا | وقال | m | SAY | الوزير نبيل | نبيل الشامي ; الشامي | قناة الغد | وكالة الواحة ; الإذاعة"
    )
    assert line.content == (Stretch(CopiedWords("الموسم بدأ مبكرا")),)
    assert (line.cue, line.kind, line.stance) == (CopiedWords("وقال"), "mixed", "SAY")
    assert (line.speaker, line.who) == (CopiedWords("الوزير نبيل"), ("نبيل الشامي", "الشامي"))
    assert (line.addressee, line.sources) == (
        CopiedWords("قناة الغد"),
        (CopiedWords("وكالة الواحة"), CopiedWords("الإذاعة")),
    )


@pytest.mark.parametrize("ending", ["", " | - | - | - | -", " |  | – | — |"])
def test_fields_that_are_empty_or_left_out_name_nobody(ending: str) -> None:
    line = said(f"S لن نتراجع | - | d | REFUSE{ending}")
    assert (line.cue, line.speaker, line.who, line.addressee, line.sources) == (None, None, (), None, ())


@pytest.mark.parametrize("mark", ["…", " … ", "...", " ... "])
def test_a_long_content_is_its_first_and_its_last_words(mark: str) -> None:
    assert said(f"S الموسم بدأ{mark}قبل الشتاء | قال | i | SAY").content == (
        Stretch(CopiedWords("الموسم بدأ"), CopiedWords("قبل الشتاء")),
    )


def test_pieces_around_a_cue_are_one_content() -> None:
    line = said("S سنبني الجسر ~ ونفتحه … في الربيع | قال | d | PROMISE")
    assert line.content == (
        Stretch(CopiedWords("سنبني الجسر")),
        Stretch(CopiedWords("ونفتحه"), CopiedWords("في الربيع")),
    )


def test_a_number_says_which_place_is_meant() -> None:
    line = said("S نعم @2 … غدا @3 | قال@12 | i | SAY | سامي @1")
    assert line.content == (Stretch(CopiedWords("نعم", 2), CopiedWords("غدا", 3)),)
    assert (line.cue, line.speaker) == (CopiedWords("قال", 12), CopiedWords("سامي", 1))


def test_an_address_is_no_number_of_a_place() -> None:
    assert said("S راسلونا على @وزارة | قال @0 | i | SAY").content == (Stretch(CopiedWords("راسلونا على @وزارة")),)
    assert said("S راسلونا على @وزارة | قال @0 | i | SAY").cue == CopiedWords("قال @0")


def test_an_event_has_seven_fields() -> None:
    line = event("E ASSAULT | happened | قصفت ; القصف | الجيش | القرية؛ السوق | 2024-03-02..2024-03-04 | قرية النخيل")
    assert (line.type, line.status) == ("ASSAULT", "happened")
    assert line.triggers == (CopiedWords("قصفت"), CopiedWords("القصف"))
    assert (line.actors, line.recipients) == ((CopiedWords("الجيش"),), (CopiedWords("القرية"), CopiedWords("السوق")))
    assert (line.days, line.place) == (("2024-03-02", "2024-03-04"), CopiedWords("قرية النخيل"))


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("2024-03-02", ("2024-03-02", "2024-03-02")),
        ("-", None),
        ("", None),
        ("2024-02-30", None),  # no day of the calendar
        ("2024-03-04..2024-03-02", None),  # backwards
        ("مارس 2024", None),
        ("2024-03-02..", ("2024-03-02", "2024-03-02")),
    ],
)
def test_days_of_an_event(field: str, days: tuple[str, str] | None) -> None:
    assert event(f"E AID | planned | منحة | - | - | {field}").days == days


@pytest.mark.parametrize("reply", ["E none", "e None", "none", "S none", "", "\n\n", "## أقوال", "```\nE none\n```", "\ufeffE none"])  # fmt: skip
def test_what_says_nothing_gives_nothing(reply: str) -> None:
    assert parse(reply) == []


def test_a_fence_around_the_lines_is_no_line() -> None:
    assert [type(line) for line in parse("```text\nS نعم | قال | i | SAY\n~~~\nE AID | happened | منحة\n```")] == [
        SaidLine,
        EventLine,
    ]


@pytest.mark.parametrize(
    ("reply", "field", "words"),
    [
        ("S نعم | قال | x | SAY", "kind", "'x'"),
        ("S نعم | قال |  | SAY", "kind", "''"),
        ("S نعم | قال | direct | SAY", "kind", "d, i, m"),
        ("S نعم | قال | i | SHOUT", "stance", "SHOUT"),
        ("S نعم | قال | i | say", "stance", "say"),
        ("S نعم | قال | i", "stance", "''"),
        ("S - | قال | i | SAY", "content", "no content"),
        ("S نعم … | قال | i | SAY", "content", "no end"),
        ("S … نعم | قال | i | SAY", "content", "no beginning"),
        ("S نعم ~ … | قال | i | SAY", "content", "no end"),
        ("E WEDDING | happened | زفاف", "type", "WEDDING"),
        ("E AID | maybe | منحة", "status", "maybe"),
        ("E AID | happened | - | الاتحاد", "trigger", "no word"),
        ("قال الوزير إن الموسم بدأ.", "line", "neither a statement"),
        ("S قال الوزير إن الموسم بدأ.", "line", "neither a statement"),
        ("X نعم | قال | i | SAY", "line", "neither a statement"),
        ("- S نعم | قال | i | SAY", "line", "neither a statement"),
    ],
)
def test_what_is_refused_and_why(reply: str, field: str, words: str) -> None:
    assert refused(reply)[0] == field
    assert words in refused(reply)[1]


def test_one_bad_line_leaves_the_others() -> None:
    found = parse("هذه هي الأقوال:\nS نعم | قال | i | SAY\nS لا | قال | i | NO\nE AID | happened | منحة")
    assert [type(line) for line in found] == [Refused, SaidLine, Refused, EventLine]


def test_a_line_without_end_is_refused_and_not_kept() -> None:
    (line,) = parse("S " + "كلام " * 1_000 + "| قال | i | SAY")
    assert isinstance(line, Refused)
    assert line.reason == "longer than 4,000 characters"
    assert len(line.text) < 100


def test_a_reply_without_end_is_read_to_its_six_hundredth_line() -> None:
    found = parse("S نعم | قال | i | SAY\n" * 1_000)
    assert len(found) == 601
    assert isinstance(found[-1], Refused)
    assert found[-1].reason == "more than 600 lines; the rest was not read"


def test_a_list_without_end_is_cut() -> None:
    assert len(said("S نعم | قال | i | SAY | - | - | - | " + "؛ ".join(["الوكالة"] * 90)).sources) == 24
