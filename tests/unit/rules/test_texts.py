"""What people read of price lists and schemes: one text, or one in each of several languages."""

from pathlib import Path

import pytest

from rules import COUNTER_LANGUAGES, Credit, Reason, names_in, read_texts, sentence
from tests.unit.rules.making import HEAD, Setting, faults_of, pack_of, read_text

LOCALE = Path(__file__).parents[3] / "rules" / "locale"
SLABS = "slabs: [{from: 1, percent: 10}]"
TEXT = "text: {en: Ten percent off, hi: दस प्रतिशत छूट}"
BASE = "prices: [{id: BASE, level: default, rates: {A: 10.00}, text: List of April}]\n"


def test_a_text_may_be_in_every_language_that_there_is_a_catalogue_of() -> None:
    assert sorted(COUNTER_LANGUAGES) == sorted(
        path.name for path in LOCALE.iterdir() if path.is_dir()
    )


@pytest.mark.parametrize(
    ("text", "english", "hindi"),
    [
        (TEXT, "Ten percent off", "दस प्रतिशत छूट"),
        ("text: {en: Ten percent off}", "Ten percent off", "Ten percent off"),
        ("text: Diwali", "Diwali", "Diwali"),
    ],
)
def test_a_scheme_is_called_by_its_text(text: str, english: str, hindi: str) -> None:
    pack = pack_of(f"{BASE}schemes: [{{id: TEN, {SLABS}, {text}}}]\n")

    assert pack.names("en") == {"BASE": "List of April", "TEN": english}
    assert pack.names("hi") == {"BASE": "List of April", "TEN": hindi}


def test_whoever_reads_a_decision_of_a_pack_knows_its_names_without_compiling_it() -> None:
    credit = "credit: [{id: C1, text: late, then: stop}, {id: C2, then: stop}]\n"
    approval = "approvals: [{id: DESK, text: {en: The desk}, levels: [{role: a}]}]\n"

    texts = read_texts(read_text(f"{HEAD}{BASE}{credit}{approval}"))

    assert names_in(texts, "hi") == {"BASE": "List of April", "C1": "late", "DESK": "The desk"}
    assert read_texts(b"no pack") == read_texts(b"[]") == {}


def test_sentences_name_rules_as_people_do_and_by_their_ids_where_no_text_is() -> None:
    rules = f"{BASE}schemes: [{{id: TEN, {SLABS}, {TEXT}}}, {{id: ONE, {SLABS}}}]\n"
    result = Setting(rules).decide(("A", 1))
    given = [one for one in result.trace if one.code == "scheme_applied"]
    names = pack_of(rules).names("en")

    told = [sentence(one, scale=2, names=names) for one in given]

    assert told == ["ONE takes off 1.00", "Ten percent off takes off 1.00"]


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "late"), ("hi", "देर से"), ("ta", "late")],
    ids=["English", "Hindi", "English stands in for Tamil"],
)
def test_a_credit_rule_says_what_is_wrong_in_the_language_of_who_reads(
    language: str, told: str
) -> None:
    credit = "credit: [{id: LATE, text: {en: late, hi: देर से}, then: stop}]\n"
    result = Setting(f"{BASE}{credit}", credit=Credit("unset")).decide(("A", 1))

    (why,) = [one for one in result.trace if one.code == "credit_stopped"]

    assert sentence(why, language=language, scale=2) == told


def test_a_credit_rule_that_was_decided_when_it_had_one_text_is_told_as_it_was() -> None:
    before = Reason("credit", "credit_stopped", {"text": "late", "facts": []})

    assert sentence(before, language="hi", scale=2) == "late"


def test_a_text_decides_nothing() -> None:
    plain = Setting(f"{BASE}schemes: [{{id: TEN, {SLABS}}}]\n").decide(("A", 7))
    named = Setting(f"{BASE}schemes: [{{id: TEN, {SLABS}, {TEXT}}}]\n").decide(("A", 7))

    assert plain == named


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("text: {fr: Dix}", "unknown key 'fr': the languages are en, hi"),
        ("text: {}", "words by language: en, hi"),
        (
            "text: {hi: दस}",
            "lacks en, which stands in for every other language: write 'text: {en: ..., hi: ...}'",
        ),
        ("text: [Ten]", "'text' is a word"),
        ("text: {en: ' '}", "words that can be printed"),
        (f"text: {'x' * 81}", "81 signs does not fit a slip"),
        ('text: "a\\u0007b"', "words that can be printed"),
    ],
)
def test_a_text_that_nobody_can_read_is_a_fault(text: str, fault: str) -> None:
    for rules in (
        f"schemes: [{{id: TEN, {SLABS}, {text}}}]\n",
        f"prices: [{{id: BASE, level: default, rates: {{A: 1.00}}, {text}}}]\n",
        f"credit: [{{id: LATE, then: stop, {text}}}]\n",
    ):
        found = faults_of(f"{HEAD}{rules}")

        assert any(fault in one for one in found), found
        assert all(one.startswith("pack.yaml:") for one in found)
