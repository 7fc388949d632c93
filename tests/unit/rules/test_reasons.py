"""Reason codes, their parameters and their sentences: what is registered is worded, and whole."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import rules.tools.explain.explaining  # noqa: F401  # registers what `explain` says
from rules import (
    LANGUAGES,
    PHRASES,
    REGISTRY,
    DecimalWriter,
    NearMiss,
    Phrase,
    Reason,
    ReasonCode,
    ReasonRegisteredError,
    StageName,
    UnwordedError,
    Words,
    load_pack,
    register,
    sentence,
    shown,
)
from rules.engine.inputs import Gate, Payment
from rules.engine.result import Outcome
from rules.engine.settlement.tables import CreditPart
from rules.language import read_pack
from rules.language.vocabulary import Each
from rules.tools.cases.running import run_case
from rules.values.reasons import JOINERS, WORDS, Kind
from tests.unit.rules.making import BASE, Setting, limit

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "rules" / "locale"
PACKS = sorted(path.parent.name for path in (ROOT / "rules" / "packs").glob("*/pack.yaml"))
VALUES: dict[str, Any] = {
    "money": 1250,
    "unit_price": 312_525,
    "percent": 25_000,
    "count": 7,
    "day": "2026-04-01",
    "codes": ["A", "B"],
    "rules": ["A", "B"],
    "either": ["A", "B"],
    "sets": [["A"], ["B", "C"]],
    "steps": [["A"], ["B", "C"]],
    **{kind: words[0] for kind, words in WORDS.items()},
}
"""A value of each kind that is no text and holds no phrase."""


def _catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "rules.po").open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _texts(language: str) -> dict[str, str]:
    return {str(one.id): str(one.string) for one in _catalogue(language) if one.id}


def _registered() -> dict[str, ReasonCode | Phrase]:
    """Give what the modules of `rules` register, whatever else of this process does."""
    names = {
        name
        for path in (ROOT / "rules").rglob("*.py")
        for name in re.findall(r'\b(?:ReasonCode|Phrase)\(\s*"([^"]+)"', path.read_text())
    }
    both: dict[str, ReasonCode | Phrase] = {**REGISTRY, **PHRASES}
    return {name: both[name] for name in sorted(names)}


def _value(kind: Kind) -> Any:
    """Give a value of a kind; phrases say one text."""
    said = ["said.text", {"text": "so"}]
    if kind == "phrase":
        return said
    if kind in {"phrases", "listed", "clauses", "options", "details"}:
        return [said, said]
    return VALUES.get(kind, f"a {kind}")


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_phrase_and_word_has_a_message_and_no_message_is_left_over(
    language: str,
) -> None:
    words = {f"{kind}.{word}" for kind, some in WORDS.items() for word in some}
    needed = {*_registered(), *JOINERS, *words} - {"period.scheme"}

    texts = _texts(language)

    assert set(texts) == needed
    assert [name for name, text in texts.items() if not text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_placeholders_of_a_message_are_the_declared_parameters(language: str) -> None:
    texts = _texts(language)

    differing = {
        name: (sorted(_placeholders(texts[name])), sorted(entry.params))
        for name, entry in _registered().items()
        if _placeholders(texts[name]) != set(entry.params)
    }

    assert differing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_phrase_can_be_written(language: str) -> None:
    words = Words.of(language, scale=2)

    for name, entry in _registered().items():
        params = {key: _value(kind) for key, kind in entry.params.items()}
        text = words.fill(name, entry.params, params)

        assert "{" not in text
        assert text.strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PACKS)
def test_what_shipped_packs_decide_has_the_declared_parameters(name: str, language: str) -> None:
    pack = load_pack(read_pack(ROOT / "rules" / "packs" / name))

    for case in pack.cases:
        result = run_case(case, pack)
        reasons: list[Reason | NearMiss] = [*result.trace, *result.near_misses]
        for reason in reasons:
            assert reason.params.keys() == REGISTRY[reason.code].params.keys()
            assert sentence(reason, language=language, scale=pack.scale)


def test_the_words_of_the_registry_are_those_of_the_engine() -> None:
    assert dict(WORDS) == {
        "payment": get_args(Payment),
        "gate": get_args(Gate),
        "credit_part": get_args(CreditPart),
        "period": get_args(Each),
        "outcome": get_args(Outcome),
        "stage": get_args(StageName),
    }


@pytest.mark.parametrize(
    "entry",
    [
        ReasonCode("cash_only"),
        Phrase("mrp.batch"),
        ReasonCode("Not A Code"),
        Phrase("no_dot"),
        ReasonCode("new_code", {"what": "thing"}),  # type: ignore[dict-item]
    ],
)
def test_a_name_that_is_taken_or_malformed_is_not_registered(entry: ReasonCode | Phrase) -> None:
    before = REGISTRY.get(entry.name), PHRASES.get(entry.name)

    with pytest.raises(ReasonRegisteredError, match=entry.name):
        register(entry)

    assert (REGISTRY.get(entry.name), PHRASES.get(entry.name)) == before


@pytest.mark.parametrize(
    "reason",
    [
        Reason("price", "nobody_knows_this", {}),
        Reason("price", "line_unpriced", {}),
        Reason("price", "line_unpriced", {"product": 5}),
        Reason("price", "line_unpriced", {"product": "Tea", "more": 1}),
        Reason("credit", "return_credited", {"amount": "12.50"}),
        Reason("credit", "credit_not_used", {"payment": "barter"}),
        Reason("price", "below_floor", {"product": "Tea", "net": 1, "floor": ["no.phrase", {}]}),
        Reason("price", "below_floor", {"product": "Tea", "net": 1, "floor": ["floor.secret"]}),
    ],
)
def test_what_does_not_fit_its_code_is_not_worded(reason: Reason) -> None:
    with pytest.raises(UnwordedError):
        sentence(reason, scale=2)


def test_amounts_need_a_scale_or_somebody_who_writes_them() -> None:
    with pytest.raises(ValueError, match="scale"):
        sentence(Reason("returns", "return_credited", {"amount": 1250}))


def test_a_sentence_in_another_language_has_the_same_values() -> None:
    miss = NearMiss(
        "S",
        1,
        "nearly_earned",
        {
            "more": ["more.pieces_of", {"count": 6, "product": "Tea", "period": "month"}],
            "benefit": ["benefit.percent", {"percent": 25_000}],
        },
    )

    assert sentence(miss, scale=2) == "6 more of Tea this month and you get 2.5 % off"
    assert sentence(miss, language="hi", scale=2) == "Tea के 6 और इस महीने लेने पर 2.5 % की छूट"


def test_a_language_that_is_not_there_is_english() -> None:
    reason = Reason("credit", "cash_only", {})

    assert sentence(reason, language="tlh", scale=2) == sentence(reason, scale=2)


def test_an_amount_is_spelled_alike_in_a_reason_and_in_totals() -> None:
    result = Setting(BASE, credit=limit(1)).decide(("A", 123_456))

    told = sentence(result.reasons[0], scale=2)

    assert shown(result.totals.payable, 2) in told


def test_a_surface_writes_amounts_its_own_way() -> None:
    reason = Reason("returns", "return_credited", {"amount": -1250})

    assert sentence(reason, scale=2, currency="INR") == "INR -12.50 is credited"
    assert sentence(reason, writer=_Rupees(2)) == "Rs 12.50- is credited"


class _Rupees(DecimalWriter):
    """Writes amounts as some shops do."""

    def money(self, amount: int) -> str:
        return f"Rs {shown(abs(amount), 2)}{'-' if amount < 0 else ''}"


MAKERS = {"Reason", "NearMiss", "Unmet", "explain", "tell_once", "_refusal", "_fault"}


def _wordings() -> Iterator[str]:
    """Find text that is put together where reasons are made."""
    folders = ("rules/stages", "rules/engine", "terminal/core")
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
            inner = [node for part in (*call.args, *call.keywords) for node in ast.walk(part)]
            if name in MAKERS and any(isinstance(node, ast.JoinedStr) for node in inner):
                yield f"{path.relative_to(ROOT)}:{call.lineno}"


def test_no_reason_is_made_of_text_put_together() -> None:
    assert list(_wordings()) == []
