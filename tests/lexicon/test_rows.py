"""Every row of the lexicon is used: its own example is read, its columns are known."""

from __future__ import annotations

from typing import get_args

import pytest

import musnad
from musnad.lexicon import Lexicon
from musnad.lexicon.tables import rows
from musnad.record import Kind, Stance
from musnad.text.tokens import tokenize

CUES = list(rows("cues.tsv"))


@pytest.mark.parametrize("row", CUES, ids=[row["lemma"] for row in CUES])
def test_each_cue_is_known_in_its_own_example(row: dict[str, str], reader: musnad.Reader) -> None:
    cues = [cue for raw in tokenize(row["example"]).raw for cue in reader.lexicon.word(raw).cues]
    assert row["lemma"] in {cue.lemma for cue in cues}, row["example"]


def test_nearly_all_cues_report_in_their_own_examples(reader: musnad.Reader) -> None:
    """Whether a known word reports is decided by learned scores: a few rare ones are missed in so short a text."""
    silent = [row["lemma"] for row in CUES if not reader.read(row["example"]).statements]
    assert len(silent) <= len(CUES) // 20, silent


def test_stances_are_those_of_the_record() -> None:
    known = set(get_args(Stance))
    assert {row["stance"] for row in [*CUES, *rows("attitudes.tsv")]} <= known


def test_every_code_has_an_arabic_label() -> None:
    labelled = {row["code"] for row in rows("labels.tsv")}
    assert {*get_args(Stance), *get_args(Kind)} <= labelled


def test_identifiers_name_their_source() -> None:
    schemes = {
        "countries.tsv": "iso3166:",
        "places.tsv": "geonames:",
        "actors.tsv": "oeda:",
        "people.tsv": "wikidata:Q",
    }
    for table, scheme in schemes.items():
        assert all(row["entity"].startswith(scheme) for row in rows(table)), table
    assert all(not row["entity"] or row["entity"].startswith("outlet:") for row in rows("outlets.tsv"))


@pytest.mark.parametrize(
    ("raw", "prefix", "core"),
    [
        ("وقال", "و", "قال"),
        ("وفقا", "", "وفقا"),
        ("وزير", "", "وزير"),
        ("للصحفيين", "ل", "الصحفيين"),
        ("لرويترز", "ل", "رويترز"),
        ("لبنان", "", "لبنان"),
        ("بوتين", "", "بوتين"),
        ("بالإدارة", "ب", "الاداره"),
        ("كان", "", "كان"),
        ("فيصل", "", "فيصل"),
    ],
)
def test_attached_particles_are_told_from_letters_of_the_word(raw: str, prefix: str, core: str) -> None:
    word = Lexicon().word(raw)
    assert (word.prefix, word.core) == (prefix, core)


def test_a_weak_verb_has_its_dual() -> None:
    assert any(trigger.part == "past" for trigger in Lexicon().word("التقيا").triggers)
