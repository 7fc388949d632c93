"""Cases beside the rules: the shipped packs pass theirs, and a wrong one says what differs."""

import shutil
import tempfile
from pathlib import Path

import pytest

from rules import load_pack, run_cases
from rules.language import read_pack
from tests.unit.rules.making import BASE, HEAD, faults_of, pack_of, packed_of

PACKS = Path(__file__).parents[3] / "rules" / "packs"


@pytest.mark.parametrize(
    "name", ["fmcg", "giftware", "inclusive", "prices", "schemes", "settlement"]
)
def test_a_shipped_pack_passes_its_cases(name: str) -> None:
    pack = load_pack(read_pack(PACKS / name))

    assert pack.name == name
    assert run_cases(pack) == ()


@pytest.mark.parametrize("name", ["fmcg", "giftware"])
def test_the_cases_hold_whatever_the_base_list_says(name: str) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / name
        shutil.copytree(PACKS / name, folder)
        (folder / "prices" / "base.csv").write_text("sku,price\nCOLA,1\nMUG,1\nQ,0.0001\n")

        assert run_cases(load_pack(read_pack(folder))) == ()


@pytest.mark.parametrize(
    "name", ["fmcg", "giftware", "inclusive", "prices", "schemes", "settlement"]
)
def test_every_rule_of_a_shipped_pack_has_a_case_that_uses_it(name: str) -> None:
    pack = load_pack(read_pack(PACKS / name))
    named = {rule for case in pack.cases for rule in case["expect"].get("applied", ())}
    losing = {"schemes": {"G-LARGE", "G-LIST"}}.get(name, set())
    given = {
        *(rule.id for rule in pack.prices.rules if rule.rates is None),
        *(rule.id for rule in pack.line_schemes.rules),
        *(rule.id for rule in pack.basket_schemes.rules),
        *(rule.id for rule in pack.combos.rules),
        *(rule.id for rule in pack.order_schemes.rules),
        *(rule.id for rule in pack.free_schemes.rules),
        *(rule.id for rule in pack.taxes.rules),
    }

    assert given - losing <= named


FAILING = (
    BASE
    + """
schemes: [{id: V, slabs: [{from: 10, percent: 10}]}]
approvals: [{id: DESK, levels: [{role: clerk}]}]
case_products: {A: {category: food}}
tests:
  - name: wrong in everything
    on: 2026-04-01
    lines: [{sku: A, qty: 10}]
    batches: [{id: B1, sku: A, available: 4}]
    expect:
      outcome: hold
      net: 90.00
      free: {A: 1}
      sold: {A: 10}
      picked: {B1: 5}
      lines: {1: {net: 90.00, unit_price: 9.00, heads: {CGST: 1.00}}}
      applied: [V]
      not_applied: [BASE]
      approvals: [DESK]
      reasons: []
  - name: right
    on: 2026-04-01
    lines: [{sku: A, qty: 10}]
    expect: {outcome: accept, net: 90.00, free: {A: 0}}
"""
)


def test_a_failing_case_tells_every_difference() -> None:
    failures = run_cases(pack_of(FAILING))

    assert [failure.case for failure in failures] == ["wrong in everything"]
    assert [one.text for one in failures[0].differences] == [
        "the outcome is accept, not hold",
        "net is 40.00, not 90.00",
        "free pieces of A are 0, not 1",
        "pieces sold of A are 4, not 10",
        "pieces picked of batch B1 are 4, not 5",
        "line 1: net is 40.00, not 90.00",
        "line 1: unit price is 10.00, not 9.00",
        "line 1: CGST is none, not 1.00",
        "V did not apply",
        "BASE applied",
        "approvals are none, not DESK",
        "reasons are short_stock, not none",
    ]
    assert failures[0].differences[2].path == ("free", "A")
    assert failures[0].differences[6].path == ("lines", "1", "unit_price")


HEADS = (
    BASE
    + """
taxes: [{id: GST, heads: {CGST: 2.5, SGST: 2.5}}]
case_products: {A: {}, B: {}}
tests:
  - name: each line
    on: 2026-04-01
    lines: [{sku: A, qty: 3}, {sku: B, qty: 1}]
    expect:
      lines:
        1: {gross: 30.00, net: 30.00, unit_price: 10.00, heads: {CGST: 0.75, SGST: 0.75}}
        2: {tax: 1.00, total: 21.00}
"""
)


def test_a_case_can_ask_for_single_lines_their_price_and_the_heads_of_their_tax() -> None:
    assert run_cases(pack_of(HEADS)) == ()


@pytest.mark.parametrize(
    ("expect", "fault"),
    [
        ("not_applied: [UNKNOWN]", "'not_applied' names 'UNKNOWN', which is no rule"),
        ("applied: [BAES]", "which is no rule; did you mean 'BASE'?"),
        ("approvals: [DESK]", "'approvals' names 'DESK', which is no rule"),
        ("free: {MISTYPED: 0}", "'free' names 'MISTYPED', which is no product of the cases"),
        ("sold: {B: 0}", "'sold' names 'B', which is no product of this case's lines"),
        ("picked: {B1: 0}", "'picked' names 'B1', which is no batch of this case"),
        ("reasons: [shrt_stock]", "'shrt_stock' is no reason code; did you mean 'short_stock'?"),
        ("told: [x]", "'x' is no reason code"),
        ("lines: {2: {net: 1}}", "there is no line 2: they go from 1 to 1"),
        ("lines: {x: {net: 1}}", "there is no line x"),
        ("lines: {1: {}}", "nothing is expected: gross, net, tax, total, unit_price or heads"),
        ("lines: {1: 5}", "what is expected of line 1 is a mapping"),
        ("lines: {1: {nett: 5}}", "unknown key 'nett'; did you mean 'net'?"),
    ],
)
def test_a_case_that_expects_what_there_is_not_is_a_fault(expect: str, fault: str) -> None:
    case = f"{{name: c, on: 2026-04-01, lines: [{{sku: A, qty: 1}}], expect: {{{expect}}}}}"

    faults = faults_of(f"{HEAD}{BASE}case_products: {{A: {{}}, B: {{}}}}\ntests: [{case}]\n")

    assert any(fault in one for one in faults), faults


def test_two_cases_of_one_name_are_a_fault() -> None:
    case = "{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {net: 10.00}}"

    faults = faults_of(f"{HEAD}{BASE}case_products: {{A: {{}}}}\ntests: [{case}, {case}]\n")

    assert faults[0].endswith("case 'c' is already at pack.yaml:4:9")


def test_a_case_can_say_how_often_a_scheme_was_used() -> None:
    rules = (
        BASE
        + """
schemes: [{id: V, limit: {total: 5}, slabs: [{from: 1, percent: 10}]}]
case_products: {A: {}}
tests:
  - {name: left, on: 2026-04-01, used: {V: 4}, lines: [{sku: A, qty: 1}], expect: {net: 9.00}}
  - {name: none left, on: 2026-04-01, used: {V: 5}, lines: [{sku: A, qty: 1}], expect: {net: 10}}
"""
    )

    assert run_cases(pack_of(rules)) == ()


def test_a_case_that_means_nothing_fails_like_one_that_comes_out_otherwise() -> None:
    case = {"name": "no customer", "on": "2026-04-01", "lines": [], "expect": {"net": 0}}
    pack = load_pack(packed_of(cases=[case, 7]))

    failures = [str(failure) for failure in run_cases(pack)]

    assert [one.split("(")[0] for one in failures] == [
        "no customer: cannot be decided: KeyError",
        "case 2: cannot be decided: TypeError",
    ]


def _failures(rules: str, *, quotes: str = "") -> list[str]:
    head = HEAD.replace("}", f", quotes: {{{quotes}}}}}") if quotes else HEAD
    return [str(failure) for failure in run_cases(pack_of(rules, head=head))]


QUOTED = (
    BASE
    + """
case_products: {A: {}}
tests:
  - name: q
    on: 2026-04-01
    quoted: {payable: PAYABLE, hours: HOURS}
    lines: [{sku: A, qty: 1}]
    expect: {quote: WORTH}
"""
)


@pytest.mark.parametrize(
    ("quotes", "payable", "hours", "worth"),
    [
        ("honour_hours: 4", "9.00", "0", "honoured"),
        ("honour_hours: 4", "9.00", "4", "honoured"),
        ("honour_hours: 4", "9.00", "5", "reprice"),
        ("honour_hours: 4, otherwise: approve", "9.00", "5", "approve"),
        ("honour_hours: 4, otherwise: approve", "10.00", "5", "unchanged"),
        ("otherwise: approve", "9.99", "0", "approve"),
        ("", "10.01", "0", "reprice"),
        ("", "10.00", "0", "unchanged"),
    ],
)
def test_a_case_says_what_the_quote_of_an_earlier_pack_is_worth(
    quotes: str, payable: str, hours: str, worth: str
) -> None:
    quoted = QUOTED.replace("PAYABLE", payable).replace("HOURS", hours)

    right = _failures(quoted.replace("WORTH", worth), quotes=quotes)
    other = "honoured" if worth != "honoured" else "reprice"
    wrong = _failures(quoted.replace("WORTH", other), quotes=quotes)

    assert right == []
    assert wrong == [f"q: the quote is {worth}, not {other}"]


LEASED = (
    BASE
    + """
schemes: [{id: V, limit: {total: 5}, slabs: [{from: 1, percent: 10}]}]
case_products: {A: {}}
tests:
  - name: l
    on: 2026-04-01
    used: {V: 5}
    leased: [V]
    lines: [{sku: A, qty: 1}]
    expect: {discount: 0.00, told: lease_used_up}
"""
)


def test_a_case_tells_a_lease_that_is_used_up_from_a_limit() -> None:
    limit = LEASED.replace("leased: [V]", "payment: credit")

    assert _failures(LEASED) == []
    assert _failures(limit) == ["l: lease_used_up is not told"]
    assert _failures(limit.replace("lease_used_up", "limit_used_up")) == []


@pytest.mark.parametrize(
    ("rules", "wrong", "fault"),
    [
        (LEASED, "leased: [W]", "'W' is no scheme that counts anything"),
        (QUOTED, "quoted: {payable: 1.00}", "'hours' is missing"),
        (QUOTED, "quoted: {payable: 1.00, hours: -1}", "-1 is below 0"),
        (QUOTED, "payment: cash", "'quote' needs 'quoted': nothing was quoted in this case"),
        (QUOTED, "quoted: {payable: 1.00, hours: 1, pack: 3}", "unknown key 'pack'"),
    ],
)
def test_a_case_whose_quote_or_lease_makes_no_sense_is_a_fault(
    rules: str, wrong: str, fault: str
) -> None:
    known = rules.replace("WORTH", "reprice").replace("leased: [V]", "CHANGED")
    text = known.replace("quoted: {payable: PAYABLE, hours: HOURS}", "CHANGED")

    faults = faults_of(HEAD + text.replace("CHANGED", wrong))

    assert any(one.startswith("pack.yaml:") and fault in one for one in faults), faults
