"""Lint: what a pack may hold and still looks wrong, how gravely, and what a rule lets pass."""

import json
from datetime import date
from pathlib import Path

import pytest

from rules import load_pack
from rules.__main__ import main
from rules.language.vocabulary import LINTS
from rules.tools.linting import Finding, lint
from tests.unit.rules.making import BASE, HEAD, TODAY, faults_of, read_text

RULES = Path(__file__).parents[3] / "rules"
CASE = (
    "case_products: {A: {}}\n"
    "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 99}], expect: {outcome: hold}}]\n"
)


def _findings(rules: str, on: date = TODAY) -> list[Finding]:
    packed = read_text(HEAD + BASE + rules)
    return list(lint(json.loads(packed), load_pack(packed), on=on))


def _doubts(*schemes: str) -> list[tuple[str, str]]:
    """Give the rules that are doubted, for something else than a missing case."""
    rules = f"schemes: [{', '.join(f'{{{scheme}}}' for scheme in schemes)}]\n"
    return [(one.rule, one.code) for one in _findings(rules) if one.code != "no_case"]


@pytest.mark.parametrize(("last", "code"), [("2026-03-31", ["expired"]), ("2026-04-01", [])])
def test_a_rule_has_expired_the_day_after_its_last(last: str, code: list[str]) -> None:
    found = _doubts(f"id: S, valid: {{to: {last}}}, slabs: [{{from: 1, percent: 1}}]")

    assert [one for _, one in found] == code


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("when: {brand: X, not: {brand: [X, Y]}}", ["never_matches"]),
        ("when: {brand: [X, Z], not: {brand: [X, Y]}}", []),
        ("when: {geo: IN/KA/BLR, not: {geo: IN/KA}}", ["never_matches"]),
        ("when: {geo: IN, not: {geo: IN/KA}}", []),
        ("if: order.gross > 1.00", []),
    ],
)
def test_a_condition_that_never_holds_is_doubted(condition: str, found: list[str]) -> None:
    doubts = _doubts(f"id: S, {condition}, slabs: [{{from: 1, percent: 1}}]")

    assert [code for _, code in doubts] == found


@pytest.mark.parametrize(
    ("slabs", "found"),
    [
        ("[{from: 1, percent: 2}, {from: 5, percent: 2}]", ["slab_no_better"]),
        ("[{from: 1, percent: 2}, {from: 5, percent: 2.5}]", []),
        ("[{from: 1, amount: 2.00}, {from: 5, amount: 1.00}]", ["slab_no_better"]),
    ],
)
def test_a_later_slab_is_better(slabs: str, found: list[str]) -> None:
    assert [code for _, code in _doubts(f"id: S, slabs: {slabs}")] == found


@pytest.mark.parametrize(("amount", "found"), [("100.01", ["over_100"]), ("100.00", [])])
def test_no_more_is_taken_off_than_the_goods_cost(amount: str, found: list[str]) -> None:
    scheme = f"id: S, stage: order, slabs: [{{from: 100.00, amount: {amount}}}]"

    assert [code for _, code in _doubts(scheme)] == found


BROAD = "id: BROAD, group: G, slabs: [{from: 5, percent: 4}]"


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ("group: G, when: {sku: A}, slabs: [{from: 5, percent: 3}]", [("S", "covered")]),
        ("group: G, when: {sku: A}, slabs: [{from: 9, percent: 4}]", [("S", "covered")]),
        ("group: G, slabs: [{from: 5, percent: 4}]", [("S", "covered")]),
        ("group: G, when: {sku: A}, slabs: [{from: 5, percent: 5}]", []),
        ("group: G, when: {sku: A}, slabs: [{from: 4, percent: 1}]", []),
        ("group: H, when: {sku: A}, slabs: [{from: 5, percent: 3}]", []),
        ("when: {sku: A}, slabs: [{from: 5, percent: 3}]", []),
        ("group: G, when: {sku: A}, slabs: [{from: 5, amount: 1.00}]", []),
    ],
)
def test_what_never_wins_in_its_group_is_covered(narrow: str, found: list[tuple[str, str]]) -> None:
    assert _doubts(BROAD, f"id: S, {narrow}") == found


@pytest.mark.parametrize(
    "change",
    [
        "if: order.payment == 'cash'",
        "limit: {total: 9}",
        "budget: {amount: 9.00}",
        "valid: {from: 2026-01-01}",
        "when: {customer.type: horeca}",
        "when: {not: {sku: A}}",
    ],
)
def test_a_rule_that_does_not_always_hold_covers_nothing(change: str) -> None:
    narrow = "id: S, group: G, when: {sku: A}, slabs: [{from: 5, percent: 3}]"

    assert _doubts(f"{BROAD}, {change}", narrow) == []


def test_a_rule_that_no_case_reaches_is_doubted_and_a_default_list_is_not() -> None:
    schemes = (
        "schemes: [{id: S, slabs: [{from: 1, percent: 1}]},"
        " {id: T, when: {sku: B}, slabs: [{from: 1, percent: 1}]}]\n"
    )

    assert [(one.rule, one.code) for one in _findings(schemes + CASE)] == [("T", "no_case")]


def test_a_rule_lets_a_doubt_pass_with_its_reason() -> None:
    scheme = (
        "schemes: [{id: S, valid: {to: 2020-01-01}, slabs: [{from: 1, percent: 1}],"
        " lint: {allow: [expired, no_case], reason: kept for replays}}]\n"
    )

    assert [(one.code, one.allowed) for one in _findings(scheme)] == [
        ("expired", "kept for replays"),
        ("no_case", "kept for replays"),
    ]


def test_an_allowance_names_known_codes_and_its_reason() -> None:
    faults = faults_of(
        HEAD + "schemes: [{id: S, slabs: [{from: 1, percent: 1}], lint: {allow: expird}}]\n"
    )

    assert len(faults) == 2
    assert any("did you mean 'expired'?" in fault for fault in faults)
    assert any("'reason' is missing" in fault for fault in faults)


def test_warnings_end_with_nought_and_errors_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "pack.yaml"
    scheme = "schemes: [{id: S, when: {brand: X, not: {brand: Y}}, slabs: [{from: 1, percent: 1}]}]"

    pack.write_text(HEAD + BASE + scheme)
    assert main(["lint", str(tmp_path)]) == 0
    pack.write_text(HEAD + BASE + scheme.replace("Y", "X"))
    assert main(["lint", str(tmp_path)]) == 1

    told = capsys.readouterr().out.splitlines()
    assert "error never_matches S: every brand it wants is left out again" in told
    assert told[-1] == "made 1: errors 1, warnings 1, allowed 0"


@pytest.mark.parametrize("name", ["packs/fmcg", "packs/giftware", "packs/schemes", "examples/pack"])
def test_shipped_packs_have_a_case_for_every_rule(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", str(RULES / name), "--on", "2026-11-21"]) == 0

    assert "no_case" not in capsys.readouterr().out


def test_every_code_is_in_the_readme() -> None:
    readme = (RULES / "README.md").read_text()

    assert [code for code in LINTS if f"| `{code}` | {LINTS[code]} |" not in readme] == []
