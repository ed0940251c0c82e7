"""Short articles with what a model says of them: what is read, what is refused, and what the fast reader adds."""

from __future__ import annotations

from itertools import pairwise

import pytest

import musnad
from musnad.llm import LlmReader, Settings
from musnad.llm.client import Model
from musnad.llm.grounding import Grounded, Grounder
from musnad.llm.notation import parse
from musnad.views.page import render_page
from tests.llm.conftest import Reads
from tests.llm.server import Asked, ChatServer, Reply
from tests.statements.test_cases import shown

HARVEST = (
    "أعلن وزير الزراعة نبيل الشامي، الأحد، أن موسم القمح سيبدأ مبكرا. "
    "وقال الشامي لصحيفة الغد: «لن نستورد القمح هذا العام». "
    "ونقلت وكالة الواحة عن مصدر حكومي قوله إن المخازن ممتلئة.\n"
    "وحذرت نقابة الفلاحين من ارتفاع الأسعار."
)
ATTACK = (
    "قصفت طائرات الجيش قرية الزيتون أمس الجمعة. وقال شهود إن القصف دمر المدرسة. "
    "ويجتمع الوزير سامي الخوري والمبعوث كريم حداد في عمان يوم الاثنين."
)


def grounded(
    fast: musnad.Reader, text: str, *lines: str, published: str | None = None
) -> tuple[musnad.Record, Grounded]:
    """What of the lines stands in an article, without the fast reader's word on it."""
    document = musnad.Document(id="1", text=text, published=published)
    laid = fast.lay_out(document)
    found = Grounder(laid).ground(parse("\n".join(lines)))
    return fast.record(document, laid, [d for d, _ in found.drafts], [h for h, _ in found.happenings]), found


def statement(fast: musnad.Reader, text: str, line: str) -> str:
    """The one statement of a line, as the cases of statements write it."""
    (only,) = grounded(fast, text, line)[0].statements
    return shown(only)


# -- statements ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "S موسم القمح سيبدأ مبكرا | أعلن | i | SAY | وزير الزراعة نبيل الشامي | نبيل الشامي",
            "أعلن | نبيل الشامي | موسم القمح سيبدأ مبكرا | indirect | SAY",
        ),
        (
            "S لن نستورد القمح هذا العام | وقال | d | SAY | الشامي | نبيل الشامي ; الشامي | صحيفة الغد",
            "وقال | نبيل الشامي | لن نستورد القمح هذا العام | direct | SAY | صحيفة الغد",
        ),
        (
            "S المخازن ممتلئة | قوله | i | SAY | مصدر حكومي | مصدر حكومي | - | وكالة الواحة",
            "قوله | مصدر حكومي | المخازن ممتلئة | indirect | SAY |  | وكالة الواحة",
        ),
        (
            "S ارتفاع الأسعار | وحذرت | i | WARN | نقابة الفلاحين | نقابة الفلاحين",
            "وحذرت | نقابة الفلاحين | ارتفاع الأسعار | indirect | WARN",
        ),
    ],
)
def test_a_line_becomes_a_statement(line: str, read: str, fast: musnad.Reader) -> None:
    assert statement(fast, HARVEST, line) == read


def test_the_evidence_is_where_it_stands(fast: musnad.Reader) -> None:
    line = "S لن نستورد القمح هذا العام | وقال | d | SAY | الشامي | نبيل الشامي | صحيفة الغد"
    (one,) = grounded(fast, HARVEST, line)[0].statements
    at = HARVEST.index("لن نستورد")
    assert (one.content[0].start, one.content[0].end) == (at, at + len("لن نستورد القمح هذا العام"))
    assert one.speaker.span is not None
    assert one.speaker.span.start == HARVEST.index("الشامي لصحيفة")  # the mention beside the cue, not the first
    assert one.addressee is not None
    assert one.addressee.text == "صحيفة الغد"  # without the attached ل


@pytest.mark.parametrize(
    ("text", "content", "read"),
    [
        ("قال سامي الخوري إن الجسر الجديد سيفتح غدا أمام الناس.", "الجسر الجديد … أمام الناس", "الجسر الجديد سيفتح غدا أمام الناس"),
        ("قال سامي الخوري: «سنفتح الجسر غدا».", "«سنفتح الجسر غدا».", "سنفتح الجسر غدا"),  # without the marks around it
        ("قال سامي الخوري إن «الحوار» مفيد.", "«الحوار» مفيد", "«الحوار» مفيد"),  # with those within it
        ("قال سامي الخوري: هل نتراجع؟", "هل نتراجع؟", "هل نتراجع؟"),
        ("طالب سامي الخوري بوقف القتال.", "وقف القتال", "وقف القتال"),  # without the attached ب
        ("«سنبني الجسر»، قال سامي الخوري، «ونفتحه غدا».", "سنبني الجسر ~ ونفتحه غدا", "سنبني الجسر … ونفتحه غدا"),
    ],
)  # fmt: skip
def test_contents(text: str, content: str, read: str, fast: musnad.Reader) -> None:
    cue = "طالب" if "طالب" in text else "قال"
    (one,) = grounded(fast, text, f"S {content} | {cue} | d | SAY | سامي الخوري | سامي الخوري")[0].statements
    assert one.text == read


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        ("قال سامي الخوري: «سنفتح الجسر غدا».", "i", "direct"),  # all of it in marks
        ("قال سامي الخوري إننا سنفتح الجسر غدا.", "d", "indirect"),  # none
        ("قال سامي الخوري إننا سنفتح الجسر غدا.", "m", "indirect"),
        ("قال سامي الخوري: سنفتح الجسر غدا.", "d", "direct"),  # behind a colon it may be
        ("قال سامي الخوري: سنفتح الجسر غدا.", "i", "indirect"),
        ("قال سامي الخوري إننا سنفتح «الجسر غدا».", "m", "mixed"),  # part of it: as the model says
        ("قال سامي الخوري إننا سنفتح «الجسر» غدا.", "i", "indirect"),
        ("كتب كريم: «سنفتح الجسر غدا، قال سامي الخوري».", "d", "indirect"),
        ("كتب كريم: «قال سامي الخوري إننا سنفتح الجسر غدا».", "d", "indirect"),  # the marks hold the cue as well: they are Karim's
    ],
)  # fmt: skip
def test_the_marks_rule_kinds_out(text: str, said: str, kind: str, fast: musnad.Reader) -> None:
    line = f"S سنفتح … غدا | قال | {said} | SAY | سامي الخوري | سامي الخوري"
    assert [one.kind for one in grounded(fast, text, line)[0].statements] == [kind]


@pytest.mark.parametrize(
    ("text", "cue", "stance"),
    [
        ("حذر سامي الخوري من إغلاق الجسر.", "حذر", "WARN"),
        ("نفى سامي الخوري إغلاق الجسر.", "نفى", "DENY"),
        ("أدان سامي الخوري إغلاق الجسر.", "أدان", "CONDEMN"),
        ("قرأ سامي الخوري أن إغلاق الجسر قريب.", "قرأ", "ASK"),  # no word of reporting: as the model says
    ],
)
def test_the_cue_decides_the_stance(text: str, cue: str, stance: str, fast: musnad.Reader) -> None:
    line = f"S إغلاق الجسر | {cue} | i | ASK | سامي الخوري | سامي الخوري"
    assert [one.stance for one in grounded(fast, text, line)[0].statements] == [stance]


@pytest.mark.parametrize("who", ["نبيل الشامي", "الشامي", "وزير الزراعة", "-"])
def test_a_speaker_has_the_fullest_name_of_the_article(who: str, fast: musnad.Reader) -> None:
    line = f"S لن نستورد القمح هذا العام | وقال | d | SAY | الشامي | {who}"
    assert statement(fast, HARVEST, line).split(" | ")[1] == "نبيل الشامي"


def test_a_name_that_the_article_does_not_have_is_nobodys(fast: musnad.Reader) -> None:
    line = "S لن نستورد القمح هذا العام | وقال | d | SAY | الشامي | فؤاد المصري"
    assert statement(fast, HARVEST, line).split(" | ")[1] == "نبيل الشامي"
    text = "وأضاف أن الجسر مفتوح."
    (found,) = grounded_drafts(fast, text, "S الجسر مفتوح | وأضاف | i | SAY | - | فؤاد المصري")
    assert found is None


def grounded_drafts(fast: musnad.Reader, text: str, line: str) -> list[str | None]:
    laid = fast.lay_out(musnad.Document(id="1", text=text))
    return [draft.speaker_name for draft, _ in Grounder(laid).ground(parse(line)).drafts]


def test_whoever_the_clause_does_not_name_has_the_name_that_the_model_says(fast: musnad.Reader) -> None:
    text = "زار سامي الخوري الجسر مع هدى سالم. وأضاف أن الطريق مغلق."
    (name,) = grounded_drafts(fast, text, "S الطريق مغلق | وأضاف | i | SAY | - | الخوري")
    assert name == "سامي الخوري"


def test_whoever_stands_far_from_the_cue_is_no_party_of_it(fast: musnad.Reader) -> None:
    text = "زار كريم حداد الميناء. " + "ثم عاد الوفد إلى مقره مساء. " * 12 + "وقال سامي الخوري إن الجسر مفتوح."
    line = "S الجسر مفتوح | وقال | i | SAY | سامي الخوري | سامي الخوري | كريم حداد | كريم حداد"
    assert statement(fast, text, line) == "وقال | سامي الخوري | الجسر مفتوح | indirect | SAY"


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("S ارتفاع الضرائب | وحذرت | i | WARN | نقابة الفلاحين", "content", "«ارتفاع الضرائب» does not stand in the article"),
        ("S ارتفاع … الضرائب | وحذرت | i | WARN", "content", "«ارتفاع … الضرائب» does not stand in the article"),
        ("S المخازن ممتلئة … موسم القمح | قوله | i | SAY", "content", "«المخازن ممتلئة … موسم القمح» does not stand"),  # backwards
        ("S المخازن ممتلئة | وزعم | i | CLAIM", "cue", "«وزعم» does not stand in the article"),
        ("S المخازن ممتلئة | قوله | i | SHOUT", "stance", "SHOUT"),
        ("E PROTEST | happened | تظاهر ; اعتصام | الطلاب", "trigger", "no word that names it"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_article_is_refused_and_the_rest_stays(
    line: str, field: str, reason: str, fast: musnad.Reader
) -> None:
    good = "S ارتفاع الأسعار | وحذرت | i | WARN | نقابة الفلاحين | نقابة الفلاحين"
    record, found = grounded(fast, HARVEST, line, good)
    assert [one.text for one in record.statements] == ["ارتفاع الأسعار"]
    assert record.events == ()
    assert [(one.field, one.text) for one in found.refused] == [(field, line)]
    assert reason in found.refused[0].reason


def test_a_cue_far_from_the_content_is_not_its_cue(fast: musnad.Reader) -> None:
    text = "قال سامي الخوري ذلك. " + "ثم عاد الوفد إلى مقره مساء. " * 12 + "والجسر مفتوح."
    _, found = grounded(fast, text, "S الجسر مفتوح | قال | i | SAY | سامي الخوري | سامي الخوري")
    assert found.drafts == []
    assert [(one.field, one.reason) for one in found.refused] == [("cue", "«قال» stands nowhere near the content")]


def test_words_that_stand_twice_belong_to_the_cue_beside_them(fast: musnad.Reader) -> None:
    text = "الجسر مفتوح منذ سنة.\n" + "ثم عاد الوفد إلى مقره مساء. " * 12 + "وأكد سامي الخوري أن الجسر مفتوح."
    (one,) = grounded(fast, text, "S الجسر مفتوح | وأكد | i | STRESS | سامي الخوري | سامي الخوري")[0].statements
    assert one.content[0].start == text.rindex("الجسر مفتوح")


def test_statements_are_told_in_the_order_of_the_text(fast: musnad.Reader) -> None:
    """Behind what was said last the second «نعم» is meant."""
    text = "قال سامي: نعم. وقال كريم: لا. وقالت هدى: نعم."
    record, _ = grounded(fast, text, "S لا | وقال | d | SAY | كريم | كريم", "S نعم | وقالت | d | SAY | هدى | هدى")
    assert [one.content[0].start for one in record.statements] == [text.index("لا"), text.rindex("نعم")]


def test_words_that_report_or_name_an_event_stand_without_their_marks(fast: musnad.Reader) -> None:
    text = "«زعم» سامي الخوري أن «القصف» دمر المدرسة."
    lines = "S القصف … المدرسة | «زعم» | i | CLAIM | سامي الخوري | سامي الخوري", "E ASSAULT | happened | «القصف»"
    record, _ = grounded(fast, text, *lines)
    assert [one.cue and one.cue.text for one in record.statements] == ["زعم"]
    assert [span.text for span in record.events[0].triggers] == ["القصف"]


def test_repairs_are_told_with_what_was_repaired(fast: musnad.Reader) -> None:
    line = "S موسم القمح سيبدا مبكرا | اعلن | i | SAY | وزير الزراعة نبيل الشامي | نبيل الشامي"
    record, found = grounded(fast, HARVEST, line)
    assert [one.text for one in record.statements] == ["موسم القمح سيبدأ مبكرا"]
    assert sorted(found.repairs) == [
        ("content", "letters", "موسم القمح سيبدا مبكرا"),
        ("cue", "letters", "اعلن"),
    ]


# -- events --------------------------------------------------------------------


BOMBED = "E ASSAULT | happened | قصفت ; القصف | الجيش | قرية الزيتون | 2025-03-07..2025-03-07 | قرية الزيتون"


def event(one: musnad.Event) -> str:
    """Type, status, words, actors, recipients, days and place of an event."""
    cells = [
        one.type, one.status, "، ".join(span.text for span in one.triggers), "، ".join(p.name for p in one.actors),
        "، ".join(p.name for p in one.recipients), f"{one.date.start}..{one.date.end}" if one.date else "",
        one.place.name if one.place else "",
    ]  # fmt: skip
    return " | ".join(cells).rstrip(" |")


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (BOMBED, "ASSAULT | happened | قصفت، القصف | الجيش | قرية الزيتون | 2025-03-07..2025-03-07 | قرية الزيتون"),
        (
            "E CONSULT | planned | ويجتمع | الوزير سامي الخوري ; المبعوث كريم حداد | - | 2025-03-10 | عمان",
            "CONSULT | planned | ويجتمع | سامي الخوري، كريم حداد |  | 2025-03-10..2025-03-10 | عمان",
        ),
        # a day that the text does not tell, a party and a place that it does not name
        (
            "E ASSAULT | happened | قصفت | الجيش ; الميليشيا | - | 2025-03-01 | باريس",
            "ASSAULT | happened | قصفت | الجيش",
        ),
        # words that it does not have are left out, and those it has stand once
        ("E ASSAULT | happened | هاجمت ; قصفت ; قصفت", "ASSAULT | happened | قصفت"),
        ("E ASSAULT | happened | «القصف»", "ASSAULT | happened | القصف"),
        ("E ASSAULT | happened | القصف | - | المدرسة", "ASSAULT | happened | القصف |  | المدرسة"),
    ],
)
def test_a_line_becomes_an_event(line: str, read: str, fast: musnad.Reader) -> None:
    record, _ = grounded(fast, ATTACK, line, published="2025-03-08")
    assert [event(one) for one in record.events] == [read]


def test_an_event_has_no_day_where_the_day_of_publication_is_not_known(fast: musnad.Reader) -> None:
    assert [one.date for one in grounded(fast, ATTACK, BOMBED)[0].events] == [None]


# -- with the fast reader beside it -----------------------------------------------

OPENED = "قال الوزير سامي الخوري إن الجسر سيفتح غدا. قال النائب كريم حداد إن الطريق مغلق."
BRIDGE = "S الجسر سيفتح غدا | قال @1 | i | SAY | الوزير سامي الخوري | سامي الخوري"
ROAD = "S الطريق مغلق | قال @2 | i | SAY | النائب كريم حداد | كريم حداد"
BOTH = ["الجسر سيفتح غدا", "الطريق مغلق"]


def contents(record: musnad.Record) -> list[str]:
    return [one.text for one in record.statements]


def notes(record: musnad.Record) -> list[tuple[str, str | None]]:
    return [(note.code, note.detail) for note in record.notes]


def test_what_both_read_is_sure_and_nothing_is_noted(read: Reads) -> None:
    record, why = read(OPENED, f"{BRIDGE}\n{ROAD}")
    assert contents(record) == BOTH
    assert all(one.confidence > 0.9 for one in record.statements)
    assert notes(record) == []
    assert why["replies"] == [{"reply": f"{BRIDGE}\n{ROAD}", "cut": False, "unanswered": None}]


def test_the_page_of_what_is_explained(read: Reads) -> None:
    record, why = read(OPENED, f"{BRIDGE.replace('سيفتح', 'سيغلق')}\n{ROAD}")
    page = render_page([record], {record.id: why})
    assert "أسطر رُفضت لأنها ليست في النص" in page
    assert "كريم حداد" in page


def test_what_the_model_leaves_out_is_left_out(read: Reads) -> None:
    record, _ = read(OPENED, ROAD)
    assert contents(record) == ["الطريق مغلق"]
    left = next(
        note for note in record.notes if note.code == "llm-left-out"
    )  # and told, where the fast reader is sure of it
    assert (left.span and left.span.text, left.detail) == ("الجسر سيفتح غدا", "سامي الخوري")


def test_where_the_readers_differ_it_is_said(read: Reads) -> None:
    record, _ = read(OPENED, ROAD.replace("كريم حداد", "سامي الخوري").replace("النائب", "الوزير"))
    assert [(one.speaker.name, one.confidence) for one in record.statements] == [("سامي الخوري", 0.9)]
    told = [(note.code, note.span and note.span.text, note.detail) for note in record.notes]
    assert ("llm-differs", "الطريق مغلق", "كريم حداد") in told


def test_a_word_that_hardly_reports_is_not_believed(read: Reads) -> None:
    record, why = read("فتح العمال الجسر أمس.", "S الجسر أمس | فتح | i | SAY | العمال | العمال")
    assert contents(record) == []
    assert "hardly reports" in why["refused"][0]["reason"]
    assert notes(record) == [("llm-refused", "1")]


def test_a_statement_and_an_event_that_are_told_twice_stand_once(read: Reads) -> None:
    record, _ = read(ATTACK, f"{BOMBED}\n{BOMBED}\n" + 2 * "S القصف دمر المدرسة | وقال | i | SAY | شهود | شهود\n")
    assert contents(record) == ["القصف دمر المدرسة"]
    assert [one.type for one in record.events] == ["ASSAULT"]


def test_an_event_knows_the_statement_that_tells_it(read: Reads) -> None:
    lines = "S القصف دمر المدرسة | وقال | i | SAY | شهود | شهود", "E ASSAULT | happened | القصف | - | المدرسة"
    assert [one.said_in for one in read(ATTACK, "\n".join(lines))[0].events] == ["s1"]
    assert [one.said_in for one in read(ATTACK, "\n".join([lines[0], BOMBED]))[0].events] == [
        None
    ]  # told first outside


def test_a_statement_within_a_statement(read: Reads) -> None:
    record, _ = read(
        "قال النائب كريم حداد إن الوزير سامي الخوري نفى إغلاق الجسر.",
        "S الوزير سامي الخوري نفى إغلاق الجسر | قال | i | SAY | النائب كريم حداد | كريم حداد\n"
        "S إغلاق الجسر | نفى | i | DENY | الوزير سامي الخوري | سامي الخوري",
    )
    assert [(one.speaker.name, one.within) for one in record.statements] == [("كريم حداد", None), ("سامي الخوري", "s1")]


def test_where_a_content_is_refused_the_fast_reader_stands_in(read: Reads) -> None:
    wrong = BRIDGE.replace("سيفتح", "سيغلق")
    record, why = read(OPENED, f"{wrong}\n{ROAD}")
    assert contents(record) == BOTH
    assert why["refused"] == [
        {"line": wrong, "field": "content", "reason": "«الجسر سيغلق غدا» does not stand in the article"}
    ]
    assert notes(record) == [("llm-refused", "1")]


def test_refused_lines_are_asked_for_once_more_with_the_reason(
    read: Reads, careful: tuple[ChatServer, LlmReader, LlmReader]
) -> None:
    wrong = BRIDGE.replace("سيفتح", "سيغلق")
    record, why = read(OPENED, f"{wrong}\n{ROAD}", BRIDGE, again=True)
    assert contents(record) == BOTH
    assert why["refused"] == []
    first, second = careful[0].asked
    assert second.messages[:2] == first.messages
    assert second.messages[2] == f"{wrong}\n{ROAD}"
    assert f"{wrong}\n  -> «الجسر سيغلق غدا» does not stand in the article" in second.messages[3]
    assert ROAD not in second.messages[3]


@pytest.mark.parametrize("correction", ["E none", "S كلام آخر | قال | i | SAY", "لا أعرف", ""])
def test_a_line_that_is_not_mended_stays_refused_and_is_asked_for_no_third_time(
    correction: str, read: Reads, careful: tuple[ChatServer, LlmReader, LlmReader]
) -> None:
    wrong = BRIDGE.replace("سيفتح", "سيغلق")
    record, why = read(OPENED, f"{wrong}\n{ROAD}", correction, again=True)
    assert [one["line"] for one in why["refused"]] == [wrong]
    assert notes(record) == [("llm-refused", "1")]
    assert contents(record) == BOTH  # the fast reader's
    assert careful[0].count == 2


def test_the_line_that_was_mended_is_told_from_the_one_that_was_not(read: Reads) -> None:
    wrong, bad = BRIDGE.replace("سيفتح", "سيغلق"), ROAD.replace("مغلق", "مفتوح")
    _, why = read(OPENED, f"{wrong}\n{bad}", ROAD, again=True)
    assert [one["line"] for one in why["refused"]] == [wrong]
    _, why = read(OPENED, f"{wrong}\n{ROAD}", ROAD, again=True)  # told again, and nothing mended
    assert [one["line"] for one in why["refused"]] == [wrong]


def test_without_an_answer_the_fast_reader_is_all_there_is(read: Reads, fast: musnad.Reader) -> None:
    record, why = read(OPENED, Reply(status=500))
    plain = fast.read(musnad.Document(id="1", text=OPENED))
    assert (record.statements, record.events) == (plain.statements, plain.events)
    assert [(note.code, note.span and note.span.text) for note in record.notes] == [("llm-unanswered", OPENED)]
    assert why["replies"] == [{"reply": "", "cut": False, "unanswered": "the server is busy (500)"}]


def test_what_lies_behind_a_cut_answer_is_the_fast_readers(read: Reads) -> None:
    record, why = read(OPENED, Reply(f"{BRIDGE}\nS الطريق | قال @2 | i | SAY | النائب", end="length"))
    assert contents(record) == BOTH  # and not «الطريق»: in that line the server stopped
    assert [(note.code, note.span and note.span.text.strip(" .")) for note in record.notes] == [
        ("llm-unanswered", "قال النائب كريم حداد إن الطريق مغلق")
    ]
    assert why["replies"][0]["cut"]


def test_of_a_correction_that_is_cut_the_last_line_is_none(read: Reads) -> None:
    bad = ROAD.replace("مغلق", "مفتوح")
    record, _ = read(OPENED, bad, Reply("S الطريق | قال @2 | i | SAY | النائب", end="length"), again=True)
    assert "الطريق" not in contents(record)


@pytest.mark.parametrize("text", ["", " \n ", "...", "عنوان بلا قول"])
def test_an_article_without_statements(text: str, read: Reads) -> None:
    assert contents(read(text, "E none")[0]) == []


# -- long articles in parts ---------------------------------------------------------

SPEAKERS = ["سامي الخوري", "هدى سالم", "كريم حداد", "رشيد عمر", "سعاد المهيري", "نبيل الشامي"]
LONG = "\n".join(
    f"قال الوزير {SPEAKERS[n % 6]} إن الجسر رقم {n} سيفتح أمام الناس في الربيع المقبل. وعاد الوفد إلى مقره مساء بعد جولة في المدينة."
    for n in range(1, 25)
)


def bridge(number: int) -> str:
    """What a model says of one of the bridges."""
    name = SPEAKERS[number % 6]
    return f"S الجسر رقم {number} سيفتح … الربيع المقبل | قال | i | SAY | الوزير {name} | {name}"


def article_of(asked: Asked) -> str:
    """The article or its part that a request shows, without the lines around it."""
    return asked.messages[1].split("\n", 2)[2].rpartition("\n")[0]


@pytest.fixture
def in_parts(server: ChatServer) -> LlmReader:
    settings = Settings(url=server.url, model="tiny", cache="", retries=0, part=700)
    return LlmReader(settings, model=Model(settings, sleep=lambda _: None))


def test_a_long_article_is_shown_in_parts_and_each_statement_is_read_once(
    server: ChatServer, in_parts: LlmReader
) -> None:
    told: list[int] = []

    def answer(asked: Asked) -> str:
        whole = [
            n
            for n in range(1, 25)
            if f"{SPEAKERS[n % 6]} إن الجسر رقم {n} سيفتح أمام الناس في الربيع المقبل" in article_of(asked)
        ]
        told.extend(whole)
        return "\n".join(bridge(n) for n in whole)

    server.answering = answer
    record = in_parts.read(LONG)
    assert [one.text.split()[2] for one in record.statements] == [str(n) for n in range(1, 25)]
    assert [one.speaker.name for one in record.statements] == [SPEAKERS[n % 6] for n in range(1, 25)]
    assert len(told) > 24  # what lies where parts overlap was told in both
    assert notes(record) == []
    parts = [article_of(one) for one in server.asked]
    assert len(parts) > 3
    assert all(part in LONG for part in parts)
    assert all(len(part) <= 700 + 100 for part in parts)  # a sentence more
    ends = [(LONG.index(part), LONG.index(part) + len(part)) for part in parts]
    assert (ends[0][0], ends[-1][1]) == (0, len(LONG))
    assert all(begin < end for (_, end), (begin, _) in pairwise(ends))  # they overlap


def test_a_part_without_an_answer_is_the_fast_readers_and_the_others_are_not(
    server: ChatServer, in_parts: LlmReader
) -> None:
    in_parts.read(LONG)
    size = server.count
    server.say(*["E CONSULT | happened | جولة | الوفد"] * (size - 1), Reply(status=503))
    record = in_parts.read(LONG)
    assert server.count == size
    (note,) = (note for note in record.notes if note.code == "llm-unanswered")
    assert note.span is not None
    assert 0 < note.span.start < note.span.end == len(LONG)
    assert record.statements
    assert all(one.content[0].start >= note.span.start for one in record.statements)


def test_the_lines_around_an_article_cannot_stand_in_it(server: ChatServer, in_parts: LlmReader) -> None:
    """An article that bears the end of another is shown between lines of its own number."""
    in_parts.read("قال سامي إن الجسر مفتوح.")
    line = server.asked[0].messages[1].splitlines()[-1]
    in_parts.read(f"قال سامي إن الجسر مفتوح.\n{line}\nE none")
    asked = server.asked[1].messages[1].splitlines()
    assert asked[1] == asked[-1] != line
    assert line in asked[2:-1]
