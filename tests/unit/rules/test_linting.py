"""Lint: what a pack may hold and still looks wrong, how gravely, and what a rule lets pass."""

import json
import tempfile
from datetime import date
from pathlib import Path

import pytest

from rules import load_pack
from rules.__main__ import main
from rules.language.vocabulary import LINTS
from rules.tools.lint.linting import Finding, lint
from rules.tools.lint.places import Places
from tests.unit.rules.making import BASE, HEAD, TODAY, faults_of, read_text

RULES = Path(__file__).parents[3] / "rules"
CASE = (
    "case_products: {A: {}}\n"
    "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 99}], expect: {outcome: hold}}]\n"
)


def _findings(rules: str, on: date = TODAY) -> list[Finding]:
    packed = read_text(HEAD + BASE + rules)
    return list(lint(json.loads(packed), load_pack(packed), on=on).findings)


def _doubts(*schemes: str) -> list[tuple[str, str]]:
    """Give the rules that are doubted, for something else than a missing case."""
    rules = f"schemes: [{', '.join(f'{{{scheme}}}' for scheme in schemes)}]\n"
    return [
        (one.rule, one.code) for one in _findings(rules) if one.code not in {"no_case", "no_cases"}
    ]


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
        ("if: line.quantity > 5 and line.quantity < 6", ["never_matches"]),
        ("if: line.quantity > 5 and line.quantity < 7", []),
        ("if: 9 > line.quantity and line.quantity == 9", ["never_matches"]),
        ('if: "line.quantity in [0, 3] and line.quantity > 3"', ["never_matches"]),
        ("if: line.quantity < 1", ["never_matches"]),
        ("if: line.quantity >= 1", ["always_true"]),
        ("if: not (order.gross < 0 or line.quantity < 1)", ["always_true"]),
        ("if: order.payment == 'barter'", ["never_matches"]),
        ("if: \"order.payment in ['cash', 'credit', 'advance']\"", ["always_true"]),
        ("if: order.payment != 'cash' and order.payment == 'cash'", ["never_matches"]),
        ("when: {payment: cash}, if: order.payment == 'credit'", ["never_matches"]),
        ("when: {payment: cash}, if: order.payment != 'credit'", ["always_true"]),
        ("when: {not: {payment: cash}}, if: order.payment == 'cash'", ["never_matches"]),
        ("when: {brand: [X, Y]}, if: product.brand == 'X'", []),
        ('if: "(line.quantity > 5 ? line.gross : order.gross) > 1.00"', []),
        ("if: line.gross + line.gross > order.gross", []),
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
        ("[{from: 1, price: 9.00}, {from: 5, price: 9.00}]", ["slab_no_better"]),
        ("[{from: 1, price: 9.00}, {from: 5, price: 8.99}]", []),
    ],
)
def test_a_later_slab_is_better(slabs: str, found: list[str]) -> None:
    assert [code for _, code in _doubts(f"id: S, slabs: {slabs}")] == found


@pytest.mark.parametrize(
    ("slabs", "found"),
    [
        ("[{from: 100.00, percent: 5}, {from: 200.00, percent: 6, cap: 9.94}]", ["slab_no_better"]),
        ("[{from: 100.00, percent: 5}, {from: 200.00, percent: 6, cap: 10.00}]", []),
        ("[{from: 100.00, percent: 5}, {from: 200.00, amount: 9.99}]", ["slab_no_better"]),
        ("[{from: 100.00, percent: 5, cap: 6.00}, {from: 200.00, amount: 6.00}]", []),
    ],
)
def test_a_slab_of_money_takes_back_nothing_at_its_start(slabs: str, found: list[str]) -> None:
    doubts = _doubts(f"id: S, stage: order, slabs: {slabs}")

    assert [code for _, code in doubts if code != "cap_below_unit"] == found


@pytest.mark.parametrize(
    ("slabs", "found"),
    [
        ("[{from: 1, to: 7, percent: 2}, {from: 10, percent: 3}]", ["slab_gap"]),
        ("[{from: 1, to: 7, gate: true, percent: 2}, {from: 9, percent: 3}]", ["slab_gap"]),
        ("[{from: 1, to: 9, percent: 2}, {from: 10, percent: 3}]", []),
    ],
)
def test_slabs_leave_no_gap(slabs: str, found: list[str]) -> None:
    assert [code for _, code in _doubts(f"id: S, slabs: {slabs}")] == found


@pytest.mark.parametrize(
    ("scheme", "found"),
    [
        # The cheapest product of the list, C at 0.3333, costs 0.33: a tenth of it is 0.03.
        ("slabs: [{from: 1, percent: 10, cap: 0.02}]", ["cap_below_unit"]),
        ("slabs: [{from: 1, percent: 10, cap: 0.03}]", []),
        ("when: {sku: B}, slabs: [{from: 1, percent: 10, cap: 1.99}]", ["cap_below_unit"]),
        ("when: {sku: B}, slabs: [{from: 1, percent: 10, cap: 2.00}]", []),
        ("when: {sku: B}, max_discount: 1.99, slabs: [{from: 1, percent: 10}]", ["cap_below_unit"]),
        (
            "when: {sku: B}, max_discount: {line: 1.99}, slabs: [{from: 1, percent: 10}]",
            ["cap_below_unit"],
        ),
        ("stage: order, slabs: [{from: 99.00, percent: 1, cap: 0.98}]", ["cap_below_unit"]),
        ("stage: order, slabs: [{from: 99.00, percent: 1, cap: 0.99}]", []),
        ("slabs: [{from: 9, amount: 5.00}], budget: {amount: 4.99}, funder: F", ["cap_below_unit"]),
        ("free: {every: 5, give: 2, item: same, max: 1}", ["cap_below_unit"]),
        ("free: {every: 5, give: 2, item: same, max: 2}", []),
        (
            "combo: [{sku: A, qty: 1}, {sku: B, qty: 1}], amount_off: 3.00, max_discount: 2.99",
            ["cap_below_unit"],
        ),
    ],
)
def test_an_end_that_comes_before_the_smallest_benefit_is_doubted(
    scheme: str, found: list[str]
) -> None:
    assert [code for _, code in _doubts(f"id: S, {scheme}")] == found


@pytest.mark.parametrize(("funder", "found"), [("", ["budget_unfunded"]), (", funder: ACME", [])])
def test_somebody_pays_for_a_budget(funder: str, found: list[str]) -> None:
    scheme = f"id: S, slabs: [{{from: 1, percent: 1}}], budget: {{amount: 9.00}}{funder}"

    assert [code for _, code in _doubts(scheme)] == found


@pytest.mark.parametrize(("amount", "found"), [("100.01", ["over_bill"]), ("100.00", [])])
def test_no_more_is_taken_off_than_the_goods_cost(amount: str, found: list[str]) -> None:
    scheme = f"id: S, stage: order, slabs: [{{from: 100.00, amount: {amount}}}]"

    assert [code for _, code in _doubts(scheme)] == found


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("at_least: {order.payable: 9.00}, at_most: {order.payable: 8.99}", ["never_matches"]),
        ("at_least: {order.payable: 9.00}, at_most: {order.payable: 9.00}", []),
        ("at_least: {customer.overdue_days: 0}", ["always_true"]),
        ("if: customer.exposure < 0", []),
    ],
)
def test_bounds_of_credit_rules_leave_something(rule: str, found: list[str]) -> None:
    findings = _findings(f"credit: [{{id: C, {rule}, then: stop}}]\n")

    assert [one.code for one in findings if one.code not in {"no_case", "no_cases"}] == found


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
        "budget: {amount: 9.00}, funder: ACME",
        "valid: {from: 2026-01-01}",
        "when: {customer.type: horeca}",
        "when: {not: {sku: A}}",
    ],
)
def test_a_rule_that_does_not_always_hold_covers_nothing(change: str) -> None:
    narrow = "id: S, group: G, when: {sku: A}, slabs: [{from: 5, percent: 3}]"

    assert _doubts(f"{BROAD}, {change}", narrow) == []


@pytest.mark.parametrize(
    ("pick", "narrow", "found"),
    [
        ("priority", "slabs: [{from: 5, percent: 9}], priority: 1", ["S"]),
        ("priority", "slabs: [{from: 4, percent: 9}], priority: 1", []),
        ("priority", "slabs: [{from: 5, percent: 9}], priority: 3", []),
        ("cheapest", "slabs: [{from: 5, percent: 9}]", ["S"]),
        ("cheapest", "slabs: [{from: 5, percent: 3}]", []),
    ],
)
def test_a_group_that_picks_otherwise_covers_otherwise(
    pick: str, narrow: str, found: list[str]
) -> None:
    findings = _findings(
        f"schemes: [{{{BROAD}, priority: 2}}, {{id: S, group: G, when: {{sku: A}}, {narrow}}}]\n"
        f"groups: [{{name: G, pick: {pick}}}]\n"
    )

    assert [one.rule for one in findings if one.code == "covered"] == found


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (
            (
                "taxes: [{id: T, when: {tax_class: [a, b]}, priority: 1, heads: {V: 5}},"
                " {id: U, when: {tax_class: a}, heads: {V: 6}}]"
            ),
            ["U"],
        ),
        (
            (
                "taxes: [{id: T, when: {tax_class: [a, b]}, priority: 1, valid: {to: 2027-01-01},"
                " heads: {V: 5}}, {id: U, when: {tax_class: a}, heads: {V: 6}}]"
            ),
            [],
        ),
        (
            (
                "taxes: [{id: T, when: {tax_class: [a, b]}, heads: {V: 5}},"
                " {id: U, when: {tax_class: a}, priority: 1, heads: {V: 6}}]"
            ),
            [],
        ),
        ("allocation: [{id: T, priority: 1, pick: fefo}, {id: U, pick: fifo}]", ["U"]),
        (
            (
                "floors: [{id: T, when: {brand: [X, Y]}, priority: 1, percent: 80},"
                " {id: U, when: {brand: X}, rates: {A: 1.00}}]"
            ),
            ["U"],
        ),
        (
            (
                "floors: [{id: T, when: {brand: [X, Y]}, priority: 1, rates: {A: 1.00}},"
                " {id: U, when: {brand: X}, rates: {A: 1.00, B: 1.00}}]"
            ),
            [],
        ),
    ],
)
def test_a_rule_that_never_ranks_first_is_covered(rules: str, found: list[str]) -> None:
    assert [one.rule for one in _findings(rules + "\n") if one.code == "covered"] == found


def test_a_node_of_each_depth_is_covered_by_itself() -> None:
    taxes = (
        "taxes: [{id: T, when: {geo: IN/KA}, priority: 1, heads: {V: 5}},"
        " {id: U, when: {geo: [IN/KA, IN/TN/CHE]}, heads: {V: 6}}]\n"
    )

    assert "covered" not in [one.code for one in _findings(taxes)]


APPROVAL = "levels: [{role: a, up_to: 50.00}, {role: b, up_to: 90.00}, {role: c}]"


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("then: approve, route: AP", []),
        ("at_least: {order.payable: 50.01}, then: approve, route: AP", ["up to 50.00"]),
        ("at_least: {order.payable: 50.00}, then: approve, route: AP", []),
        (
            "at_most: {order.payable: 50.00}, then: approve, route: AP",
            ["up to 90.00", "above 90.00"],
        ),
        (
            "if: customer.overdue <= 140.00, overdue: {limit: 50.00}, then: approve, route: AP",
            ["above 90.00"],
        ),
    ],
)
def test_a_level_that_no_amount_reaches_is_doubted(credit: str, found: list[str]) -> None:
    findings = _findings(f"credit: [{{id: C, {credit}}}]\napprovals: [{{id: AP, {APPROVAL}}}]\n")

    texts = [one.text for one in findings if one.code == "level_unreachable"]
    assert [text.split("amounts ")[1] for text in texts] == found


@pytest.mark.parametrize(("more", "found"), [("", ["route_unnamed"]), ("on: cash_only, ", [])])
def test_somebody_names_an_approval(more: str, found: list[str]) -> None:
    findings = _findings(f"approvals: [{{id: AP, {more}{APPROVAL}}}]\n")

    assert [one.code for one in findings if one.code not in {"no_case", "no_cases"}] == found


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

    found = [one for one in _findings(scheme) if one.rule]
    assert [(one.code, one.allowed) for one in found] == [
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
    assert told[-1] == "made 1: errors 1, warnings 2, allowed 0"


def test_a_doubt_is_shown_in_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scheme = "  - {id: S, when: {brand: X, not: {brand: X}}, slabs: [{from: 1, percent: 1}]}"
    (tmp_path / "pack.yaml").write_text(f"{HEAD}{BASE}schemes:\n{scheme}\n{CASE}")

    main(["lint", str(tmp_path), "--on", "2026-04-01"])

    error = "error: S: every brand it wants is left out again [never_matches]"
    at = scheme.index("X}}") + 1
    assert capsys.readouterr().out.splitlines() == [
        f"pack.yaml:4:{at}: {error}",
        f"    {scheme}",
        f"    {' ' * (at - 1)}^",
        "pack.yaml:4:5: warning: S: no case reaches it [no_case]",
        f"    {scheme}",
        "        ^",
        "made 1: errors 1, warnings 1, allowed 0",
    ]


def test_doubts_are_documents_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scheme = "schemes: [{id: S, slabs: [{from: 1, percent: 1}], valid: {to: 2020-01-01}}]\n"
    (tmp_path / "pack.yaml").write_text(HEAD + BASE + scheme)

    assert main(["lint", str(tmp_path), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert (found["warnings"], found["errors"]) == (3, 0)
    assert [(one["code"], one["file"], one["line"]) for one in found["findings"]] == [
        ("no_cases", "pack.yaml", 1),
        ("no_case", "pack.yaml", 3),
        ("expired", "pack.yaml", 3),
    ]


def test_a_packed_file_is_doubted_without_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "made.json"
    packed.write_bytes(read_text(HEAD + BASE + "credit: [{id: C, then: stop}]\n"))

    main(["lint", str(packed)])

    assert capsys.readouterr().out.startswith("warning: C: no case reaches it [no_case]\n")


def test_every_doubt_about_a_slab_points_into_it() -> None:
    text = (
        f"{HEAD}{BASE}schemes:\n  - id: S\n    slabs:\n      - {{from: 1, percent: 2}}\n"
        "      - {from: 5, percent: 2}\n"
    )
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "pack.yaml").write_text(text)
        place = Places(Path(name)).of("S", ("slabs", 1, "percent"))

    assert str(place) == "pack.yaml:7:28"


@pytest.mark.parametrize("name", ["packs/fmcg", "packs/giftware", "packs/schemes", "examples/pack"])
def test_shipped_packs_leave_no_doubt_that_is_not_allowed(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", str(RULES / name), "--on", "2026-11-21"]) == 0

    told = capsys.readouterr().out.splitlines()
    assert "warnings 0" in told[-1]


def test_every_code_is_in_the_readme() -> None:
    readme = (RULES / "README.md").read_text()

    assert [code for code in LINTS if f"| `{code}` | {LINTS[code]} |" not in readme] == []
