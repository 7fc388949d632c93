"""Tax, round-off, credit and approvals."""

from datetime import date

import pytest

from rules import ApprovalNeed, Credit, Customer, Minor, Payment
from tests.unit.rules.making import (
    BASE,
    HEAD,
    Setting,
    codes,
    faults_of,
    limit,
    product,
    roles_of,
    steps,
    words_of,
)

GST = (
    BASE
    + """
taxes:
  - {id: OLD, when: {tax_class: gst12}, valid: {to: 2025-09-21}, heads: {IGST: 12}}
  - {id: NEW, when: {tax_class: gst12}, valid: {from: 2025-09-22}, heads: {IGST: 5}}
  - id: HOME
    when: {tax_class: gst12, geo: IN/KA}
    valid: {from: 2025-09-22}
    heads: {CGST: 2.5, SGST: 2.5}
"""
)
TAXED = {"A": product("A", tax_class="gst12"), "B": product("B"), "C": product("C")}


@pytest.mark.parametrize(
    ("on", "tax"), [(date(2025, 9, 21), 120), (date(2025, 9, 22), 50), (date(2030, 1, 1), 50)]
)
def test_the_rate_is_the_one_of_the_orders_day(on: date, tax: int) -> None:
    result = Setting(GST, products=TAXED, on=on).decide(("A", 1))

    assert result.totals.tax == tax


def test_each_head_is_rounded_by_itself() -> None:
    rules = GST.replace("A: 10.00", "A: 10.20")
    customer = Customer("C1", geo=("IN", "KA", "BLR"))

    result = Setting(rules, products=TAXED, customer=customer).decide(("A", 1))

    assert [(part.head, part.amount) for part in result.lines[0].taxes] == [
        ("CGST", 26),
        ("SGST", 26),
    ]
    assert result.lines[0].tax == 52


def test_a_product_without_a_rate_holds_the_order() -> None:
    result = Setting(GST, products=TAXED).decide(("A", 1), ("B", 1))

    assert (result.outcome, codes(result)) == ("hold", ["tax_unknown"])
    assert result.reasons[0].line == 2


def test_a_pack_without_taxes_takes_none() -> None:
    result = Setting().decide(("A", 1))

    assert (result.outcome, result.totals.tax) == ("accept", 0)


def test_tax_is_taken_on_what_is_left_after_all_discounts() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: L, slabs: [{from: 1, percent: 10}]}
  - {id: O, stage: order, slabs: [{from: 1.00, percent: 10}]}
taxes: [{id: T, heads: {VAT: 20}}]
"""
    )

    line = Setting(rules).decide(("A", 10)).lines[0]

    assert (line.gross, line.line_discount, line.order_discount) == (10_000, 1_000, 900)
    assert (line.net, line.tax, line.total) == (8_100, 1_620, 9_720)


INCLUSIVE = HEAD.replace("}", ", tax: inclusive}")


@pytest.mark.parametrize("quantity", [1, 2, 3, 7, 33, 100])
def test_a_price_that_includes_tax_is_what_is_paid(quantity: int) -> None:
    rules = BASE + "taxes: [{id: T, heads: {VAT: 17.5}}]"

    result = Setting(rules, head=INCLUSIVE).decide(("A", quantity))

    assert result.totals.payable == quantity * 1000
    assert result.totals.net + result.totals.tax == quantity * 1000


def test_amounts_add_up_without_tax_in_a_pack_that_includes_it() -> None:
    rules = (
        BASE
        + """
schemes:
  - {id: L, slabs: [{from: 1, percent: 3}]}
  - {id: O, stage: order, slabs: [{from: 1.00, percent: 2}]}
taxes: [{id: T, heads: {VAT: 20}}]
"""
    )

    result = Setting(rules, head=INCLUSIVE).decide(("A", 3), ("C", 7))

    for line in result.lines:
        assert line.gross - line.line_discount - line.order_discount == line.net
        assert min(line.line_discount, line.order_discount, line.net) >= 0
        assert line.net + line.tax == line.total


@pytest.mark.parametrize(
    ("price", "round_off"), [("10.49", -49), ("10.50", 50), ("10.00", 0), ("10.99", 1)]
)
def test_the_payable_amount_is_rounded_to_the_step_half_up(price: str, round_off: int) -> None:
    head = HEAD.replace("}", ", round_to: 1.00}")
    rules = BASE.replace("A: 10.00", f"A: {price}")

    totals = Setting(rules, head=head).decide(("A", 1)).totals

    assert totals.round_off == round_off
    assert totals.payable % 100 == 0
    assert totals.net + totals.tax + totals.round_off == totals.payable


@pytest.mark.parametrize(
    ("credit", "payment", "expected"),
    [
        (limit(1000), "credit", []),
        (limit(999), "credit", ["credit_limit_exceeded"]),
        (limit(5000, exposure=4000), "credit", []),
        (limit(5000, exposure=4001), "credit", ["credit_limit_exceeded"]),
        (limit(0, exposure=-1000), "credit", []),
        (limit(0), "cash", []),
        (limit(0), "advance", []),
        (Credit("none", exposure=Minor(10**15)), "credit", []),
        (Credit("cash_only"), "credit", ["cash_only"]),
        (Credit("cash_only"), "cash", []),
        (None, "credit", []),
    ],
)
def test_the_limit_may_be_reached_and_not_passed(
    credit: Credit | None, payment: Payment, expected: list[str]
) -> None:
    result = Setting(credit=credit, payment=payment).decide(("A", 1))

    assert codes(result) == expected
    assert result.outcome == ("hold" if expected else "accept")


def test_the_amount_over_the_limit_is_told() -> None:
    result = Setting(credit=limit(950, exposure=50)).decide(("A", 1))

    assert result.reasons[0].amount == 100
    assert words_of(result.reasons[0]) == "credit 10.50 of a limit of 9.50, 1.00 too much"


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [("blocked", "reject", "customer_blocked"), ("hold", "hold", "customer_on_hold")],
)
def test_the_customers_status_decides_also_where_credit_is_not_known(
    status: str, outcome: str, code: str
) -> None:
    customer = Customer("C1", status=status)  # type: ignore[arg-type]

    result = Setting(customer=customer).decide(("A", 1))

    assert (result.outcome, codes(result)) == (outcome, [code])
    assert steps(result, "credit_not_known") == [""]


CREDIT = (
    BASE
    + """
credit:
  - {id: STOP, text: too old, if: customer.overdue_days > 45, then: stop}
  - {id: ASK, text: late, if: customer.overdue > 10.00, then: approve, route: DESK}
  - {id: FINE, text: a good payer, when: {customer.type: vip}, then: allow}
  - {id: NEAR, if: customer.exposure + order.payable > customer.limit - 5.00,
     then: approve, route: DESK}
approvals:
  - {id: DESK, levels: [{role: clerk, up_to: 20.00}, {role: head}]}
  - {id: LIMIT, on: credit_limit_exceeded, levels: [{role: clerk, up_to: 5.00}, {role: head}]}
"""
)


def _standing(overdue: int, days: int) -> Credit:
    return Credit("none", overdue=Minor(overdue), overdue_days=days)


@pytest.mark.parametrize(
    ("credit", "outcome", "expected"),
    [
        (_standing(0, 0), "accept", []),
        (_standing(1000, 45), "accept", []),
        (_standing(1001, 45), "hold", ["approval_required"]),
        (_standing(1000, 46), "reject", ["credit_stopped"]),
        (_standing(1001, 46), "reject", ["credit_stopped", "approval_required"]),
        (limit(1500), "accept", []),
        (limit(1499), "hold", ["approval_required"]),
        (limit(999), "hold", ["credit_limit_exceeded", "approval_required"]),
    ],
)
def test_every_credit_rule_that_holds_is_told_and_the_most_severe_decides(
    credit: Credit, outcome: str, expected: list[str]
) -> None:
    result = Setting(CREDIT, credit=credit).decide(("A", 1))

    assert (result.outcome, codes(result)) == (outcome, expected)


def test_an_allowing_rule_is_in_the_trace() -> None:
    result = Setting(CREDIT, credit=limit(10**6), customer=Customer("C1", "vip")).decide(("A", 1))

    assert steps(result, "credit_allowed") == ["FINE"]


@pytest.mark.parametrize(
    ("quantity", "credit", "needs"),
    [
        (
            1,
            _standing(1001, 0),
            [ApprovalNeed("approval_required", "DESK", (("clerk",),), Minor(1000))],
        ),
        (
            2,
            _standing(1001, 0),
            [ApprovalNeed("approval_required", "DESK", (("clerk",),), Minor(2000))],
        ),
        (
            3,
            _standing(1001, 0),
            [ApprovalNeed("approval_required", "DESK", (("head",),), Minor(3000))],
        ),
    ],
)
def test_a_hold_names_the_role_that_may_release_its_amount(
    quantity: int, credit: Credit, needs: list[ApprovalNeed]
) -> None:
    result = Setting(CREDIT, credit=credit).decide(("A", quantity))

    assert list(result.approvals) == needs


def test_an_approval_of_the_limit_goes_by_the_amount_over_it() -> None:
    little = Setting(CREDIT, credit=limit(9_500)).decide(("A", 10))
    much = Setting(CREDIT, credit=limit(9_499)).decide(("A", 10))

    roles = [
        [roles_of(need) for need in result.approvals if need.rule == "LIMIT"]
        for result in (little, much)
    ]
    assert roles == [["clerk"], ["head"]]


BOUNDS = (
    BASE
    + """
credit:
  - {id: LATE, text: late, overdue: {limit: 10.00, grace_days: 7}, then: approve, route: DESK}
  - {id: AGED, text: aged, at_least: {customer.overdue_days: 45}, then: stop}
  - id: NEW
    text: large for a small limit
    at_most: {customer.limit: 50.00}
    at_least: {order.payable: 20.00}
    if: order.payment != 'cash'
    then: allow_if
    require: [advance, guarantee]
    route: DESK
approvals: [{id: DESK, levels: [{role: clerk, up_to: 0.05}, {role: head}]}]
"""
)


@pytest.mark.parametrize(
    ("overdue", "days", "expected"),
    [
        (1000, 30, []),
        (1001, 7, []),
        (1001, 8, ["approval_required"]),
        (0, 44, []),
        (0, 45, ["credit_stopped"]),
        (1001, 45, ["credit_stopped", "approval_required"]),
    ],
)
def test_what_is_overdue_may_reach_its_limit_and_has_days_of_grace(
    overdue: int, days: int, expected: list[str]
) -> None:
    result = Setting(BOUNDS, credit=_standing(overdue, days)).decide(("A", 1))

    assert codes(result) == expected


@pytest.mark.parametrize(("overdue", "role"), [(1005, "clerk"), (1006, "head")])
def test_an_approval_of_what_is_overdue_goes_by_the_amount_over_its_limit(
    overdue: int, role: str
) -> None:
    result = Setting(BOUNDS, credit=_standing(overdue, 9)).decide(("A", 100))

    assert words_of(result.reasons[0]).startswith("late: 10.0")
    assert words_of(result.reasons[0]).endswith(" overdue by 9 days, 10.00 may be")
    assert [roles_of(need) for need in result.approvals] == [role]


@pytest.mark.parametrize(
    ("ceiling", "quantity", "payment", "expected"),
    [
        (5000, 2, "credit", ["credit_conditional"]),
        (5001, 2, "credit", []),
        (5000, 1, "credit", []),
        (5000, 2, "cash", []),
        (1999, 2, "credit", ["credit_limit_exceeded", "credit_conditional"]),
    ],
)
def test_bounds_and_the_if_of_a_rule_hold_together_with_both_ends(
    ceiling: int, quantity: int, payment: Payment, expected: list[str]
) -> None:
    result = Setting(BOUNDS, credit=limit(ceiling), payment=payment).decide(("A", quantity))

    assert codes(result) == expected
    assert result.outcome == ("hold" if expected else "accept")


def test_what_an_order_is_paid_by_meets_a_condition() -> None:
    needs_two = Setting(BOUNDS, credit=limit(5000), payment="advance").decide(("A", 2))
    met = Setting(
        BOUNDS.replace("[advance, guarantee]", "advance"), credit=limit(5000), payment="advance"
    ).decide(("A", 2))

    assert words_of(needs_two.reasons[0]) == "large for a small limit; needs guarantee"
    assert (met.outcome, steps(met, "credit_allowed")) == ("accept", ["NEW"])


def test_an_approval_is_told_before_conditions_whatever_the_rules_order() -> None:
    credit = Credit("amount", Minor(5000), overdue=Minor(2000), overdue_days=9)
    rules = BOUNDS.replace("id: NEW", "id: NEW\n    priority: 9")

    result = Setting(rules, credit=credit).decide(("A", 2))

    assert codes(result) == ["approval_required", "credit_conditional"]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("at_least: {customer.overdue_day: 4}, then: stop", "did you mean 'customer.overdue_days'"),
        ("at_least: {customer.type: 4}, then: stop", "'customer.type' is no fact that is a number"),
        ("at_most: {order.payable: 1.001}, then: stop", "1.001"),
        ("overdue: {}, then: stop", "needs 'limit' or 'grace_days'"),
        ("then: allow_if, route: DESK", "'require' lists what 'then: allow_if' asks for"),
        ("then: stop, require: [x]", "'require' lists what 'then: allow_if' asks for"),
        ("then: allow_if, require: [x]", "'route' is missing: the approval that 'allow_if' asks"),
        ("then: stop, route: DESK", "'route' names the approval of 'approve' or 'allow_if'"),
    ],
)
def test_a_credit_rule_that_makes_no_sense_is_a_fault(rule: str, fault: str) -> None:
    text = HEAD + BASE + "approvals: [{id: DESK, levels: [{role: a}]}]\n"

    faults = faults_of(f"{text}credit: [{{id: C, {rule}}}]\n")

    assert any(fault in one for one in faults)


LEVELS = (
    BASE
    + """
credit:
  - {id: ASK, text: late, if: customer.overdue_days > 0, then: approve, route: DESK}
  - {id: IF, text: new, if: customer.overdue > 0.00, then: allow_if, require: [deposit], route: TWO}
approvals:
  - id: DESK
    levels:
      - {role: clerk, up_to: 10.00, within: 30m, otherwise: next}
      - {any_of: [head, desk], up_to: 20.00, within: 4h}
      - {in_order: [head, boss], within: 2d, otherwise: reject}
  - {id: TWO, levels: [{role: head}]}
"""
)


@pytest.mark.parametrize(
    ("quantity", "need", "who"),
    [
        (
            1,
            ApprovalNeed(
                code="approval_required",
                rule="DESK",
                steps=(("clerk",),),
                amount=Minor(1000),
                within_min=30,
                otherwise="next",
                next_steps=(("desk", "head"),),
            ),
            "clerk",
        ),
        (
            2,
            ApprovalNeed(
                code="approval_required",
                rule="DESK",
                steps=(("desk", "head"),),
                amount=Minor(2000),
                within_min=240,
            ),
            "desk or head",
        ),
        (
            3,
            ApprovalNeed(
                code="approval_required",
                rule="DESK",
                steps=(("head",), ("boss",)),
                amount=Minor(3000),
                within_min=2880,
                otherwise="reject",
            ),
            "head, then boss",
        ),
    ],
)
def test_an_approval_says_who_in_which_order_by_when_and_what_then(
    quantity: int, need: ApprovalNeed, who: str
) -> None:
    result = Setting(LEVELS, credit=_standing(0, 1)).decide(("A", quantity))

    assert result.approvals == (need,)
    assert roles_of(result.approvals[0]) == who


def test_an_approval_of_conditions_carries_what_is_open() -> None:
    result = Setting(LEVELS, credit=_standing(1, 0)).decide(("A", 1))

    assert [(need.rule, need.require) for need in result.approvals] == [("TWO", ("deposit",))]


@pytest.mark.parametrize(
    ("level", "fault"),
    [
        ("role: a, any_of: [b]", "needs exactly one of 'role', 'any_of', 'in_order'"),
        ("up_to: 1.00", "needs exactly one of 'role', 'any_of', 'in_order'"),
        ("in_order: [a, a]", "a role stands there twice"),
        ("role: a, within: 4w", "'4w' is no time such as 30m, 4h or 2d"),
        ("role: a, within: 0h", "'0h' is no time such as 30m, 4h or 2d"),
        ("role: a, otherwise: reject", "'otherwise' follows a time: give 'within'"),
        ("role: a, within: 1h, otherwise: next", "there is no next level"),
        ("role: a, within: 1h, otherwise: approve", "'approve' is not one of wait, next, reject"),
    ],
)
def test_a_level_that_nobody_could_work_with_is_a_fault(level: str, fault: str) -> None:
    faults = faults_of(HEAD + BASE + f"approvals: [{{id: Q, levels: [{{{level}}}]}}]\n")

    assert any(fault in one for one in faults)
