"""Approvals as rules: where one holds, who never decides, what follows silence, what is offered."""

from dataclasses import replace

import pytest

from rules import ApprovalNeed, Credit, Customer, Escalation, Minor, OfferTerms, Payment
from tests.unit.rules.making import BASE, HEAD, Setting, codes, faults_of, limit, steps, words_of

CHOICE = (
    BASE
    + """
approvals:
  - {id: ANY, on: [credit_limit_exceeded, customer_on_hold], levels: [{role: desk}]}
  - id: TRADE
    on: credit_limit_exceeded
    when: {customer.type: modern_trade}
    levels: [{role: key_account}]
  - id: SOUTH
    on: credit_limit_exceeded
    when: {geo: IN/KA}
    levels: [{role: south}]
  - id: BIG
    on: credit_limit_exceeded
    if: order.payable >= 50.00
    priority: 1
    levels: [{role: owner}]
  - {id: OLD, on: cash_only, valid: {to: 2026-03-31}, levels: [{role: gone}]}
"""
)


def _named(setting: Setting, quantity: int = 1) -> list[str]:
    return [need.rule for need in setting.decide(("A", quantity)).approvals]


@pytest.mark.parametrize(
    ("customer", "quantity", "rule"),
    [
        (Customer("C1"), 1, "ANY"),
        (Customer("C1", "modern_trade"), 1, "TRADE"),
        (Customer("C1", geo=("IN", "KA", "BLR")), 1, "SOUTH"),
        (Customer("C1", "modern_trade", ("IN", "KA")), 1, "SOUTH"),
        (Customer("C1"), 5, "BIG"),
        (Customer("C1", "modern_trade"), 4, "TRADE"),
        (Customer("C1", "modern_trade"), 5, "BIG"),
    ],
)
def test_type_region_and_amount_choose_who_approves(
    customer: Customer, quantity: int, rule: str
) -> None:
    assert _named(Setting(CHOICE, customer=customer, credit=limit(0)), quantity) == [rule]


def test_each_hold_has_its_own_approval() -> None:
    customer = Customer("C1", "modern_trade", status="hold")

    assert _named(Setting(CHOICE, customer=customer, credit=limit(0))) == ["ANY", "TRADE"]


def test_an_approval_that_is_not_valid_any_more_is_not_named() -> None:
    assert _named(Setting(CHOICE, credit=Credit("cash_only"))) == []


def test_a_condition_on_what_is_not_known_does_not_hold() -> None:
    rules = CHOICE.replace(
        "on: credit_limit_exceeded\n    if: order.payable >= 50.00",
        "on: customer_on_hold\n    if: customer.overdue_days >= 0",
    )
    setting = Setting(rules, customer=Customer("C1", status="hold"))

    assert _named(setting) == ["ANY"]
    assert _named(replace(setting, credit=Credit("none"))) == ["BIG"]


ROUTES = (
    BASE
    + """
credit:
  - {id: LATE, text: late, if: customer.overdue_days > 0, then: approve, route: [TRADE, BIG, ANY]}
approvals:
  - {id: ANY, levels: [{role: desk}]}
  - {id: BIG, if: order.payable >= 50.00, levels: [{role: owner}]}
  - {id: TRADE, when: {customer.type: modern_trade}, levels: [{role: key_account}]}
"""
)


@pytest.mark.parametrize(
    ("kind", "quantity", "rule"),
    [(None, 4, "ANY"), (None, 5, "BIG"), ("modern_trade", 5, "TRADE")],
)
def test_of_several_routes_the_first_that_holds_counts(
    kind: str | None, quantity: int, rule: str
) -> None:
    late = Credit("none", overdue_days=1)

    assert _named(Setting(ROUTES, customer=Customer("C1", kind), credit=late), quantity) == [rule]


FULL = (
    BASE
    + """
approvals:
  - id: DESK
    on: credit_limit_exceeded
    never: [salesperson, requester]
    counter: {quantities: lower, payment: [cash, advance]}
    levels:
      - {role: clerk, up_to: 5.00, delegate: false}
      - role: head
        escalate:
          - {after: 30m, notify: [boss, desk]}
          - {after: 4h, reassign: owner}
          - {after: 2d, expire: true}
"""
)


def test_an_approval_carries_who_never_decides_what_follows_silence_and_what_is_offered() -> None:
    result = Setting(FULL, credit=limit(0)).decide(("A", 1))

    assert result.approvals == (
        ApprovalNeed(
            code="credit_limit_exceeded",
            rule="DESK",
            steps=(("head",),),
            amount=Minor(1000),
            never=("requester", "salesperson"),
            escalations=(
                Escalation(30, "notify", ("boss", "desk")),
                Escalation(240, "reassign", ("owner",)),
                Escalation(2880, "expire"),
            ),
            offer=OfferTerms(smaller=True, payments=("advance", "cash")),
        ),
    )
    told = next(words_of(step) for step in result.trace if step.code == "approval_named")
    assert told == (
        "head may release credit_limit_exceeded of 10.00: or offer smaller quantities or payment "
        "by advance or payment by cash; after 30 min boss or desk is told; after 240 min owner "
        "decides; after 2880 min it expires"
    )


def test_a_level_says_whether_somebody_may_stand_in() -> None:
    little = Setting(FULL, credit=limit(500)).decide(("A", 1))
    much = Setting(FULL, credit=limit(499)).decide(("A", 1))

    assert [result.approvals[0].delegate for result in (little, much)] == [False, True]


def test_who_asks_never_decides_also_where_the_pack_says_nothing() -> None:
    assert Setting(CHOICE, credit=limit(0)).decide(("A", 1)).approvals[0].never == ("requester",)


@pytest.mark.parametrize("payment", ["cash", "advance"])
def test_paying_at_once_leaves_nothing_to_approve(payment: Payment) -> None:
    result = Setting(FULL, credit=limit(0), payment=payment).decide(("A", 1))

    assert (codes(result), result.approvals, steps(result, "approval_named")) == ([], (), [])


@pytest.mark.parametrize(
    ("approval", "fault"),
    [
        ("never: [salesperson]", "'requester' is always among them: who asks never decides"),
        ("never: [nobody]", "'nobody' is not one of requester, salesperson"),
        ("counter: {}", "needs 'quantities: lower' or 'payment'"),
        ("counter: {quantities: higher}", "'higher' is not one of lower"),
        ("counter: {payment: cheque}", "'cheque' is not one of credit, cash, advance"),
        ("counter: {price: 5}", "unknown key 'price'"),
        ("if: customer.overdu > 1", "did you mean 'customer.overdue'"),
        ("when: {sku: A}", "unknown key 'sku'"),
    ],
)
def test_an_approval_that_makes_no_sense_is_a_fault(approval: str, fault: str) -> None:
    faults = faults_of(f"{HEAD}{BASE}approvals: [{{id: Q, levels: [{{role: a}}], {approval}}}]\n")

    assert any(one.startswith("pack.yaml:3:") and fault in one for one in faults), faults


@pytest.mark.parametrize(
    ("escalate", "fault"),
    [
        ("[{after: 1h, approve: true}]", "needs exactly one of 'notify', 'reassign', 'expire'"),
        ("[{after: 1h, notify: a, reassign: b}]", "needs exactly one of"),
        ("[{notify: a}]", "'after' is missing"),
        ("[{after: 1w, notify: a}]", "'1w' is no time such as 30m, 4h or 2d"),
        ("[{after: 1h, expire: false}]", "'expire' is true, or the step is left out"),
        ("[{after: 1h, expire: true}, {after: 2h, notify: a}]", "nothing follows what has expired"),
        ("[{after: 60m, notify: a}, {after: 1h, expire: true}]", "comes after more time"),
        ("[{after: 1h, expire: true}], within: 1h", "leave 'within' out"),
    ],
)
def test_steps_after_silence_that_make_no_sense_are_faults(escalate: str, fault: str) -> None:
    level = f"{{role: a, escalate: {escalate}}}"

    faults = faults_of(f"{HEAD}{BASE}approvals: [{{id: Q, levels: [{level}]}}]\n")

    assert any(one.startswith("pack.yaml:3:") and fault in one for one in faults), faults


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ("", "", True),
        ("when: {geo: IN},", "when: {customer.type: a},", False),
        ("if: order.lines > 1,", "when: {customer.type: a},", True),
        ("when: {customer.type: b},", "when: {customer.type: a},", False),
        ("priority: 1,", "", False),
        ("if: order.lines > 1,", "", False),
        ("if: order.lines > 1,", "if: order.lines > 2,", True),
        ("if: order.lines > 1,", "if: order.lines > 2, priority: 1,", False),
        ("valid: {to: 2026-01-01},", "valid: {from: 2026-01-02},", False),
    ],
)
def test_two_approvals_for_one_reason_of_which_neither_wins_are_a_fault(
    one: str, other: str, *, tied: bool
) -> None:
    rules = f"[{{id: P, on: cash_only, {one} levels: [{{role: a}}]}},"
    rules += f" {{id: Q, on: cash_only, {other} levels: [{{role: a}}]}}]"

    faults = faults_of(f"{HEAD}{BASE}approvals: {rules}\n")

    assert [("neither wins" in fault) for fault in faults] == [True] * tied


def test_approvals_for_different_reasons_are_not_compared() -> None:
    rules = "[{id: P, on: cash_only, levels: [{role: a}]}, {id: Q, levels: [{role: a}]}]"

    assert faults_of(f"{HEAD}{BASE}approvals: {rules}\n") == ()


def test_the_last_route_of_a_credit_rule_holds_always() -> None:
    faults = faults_of(HEAD + ROUTES.replace("[TRADE, BIG, ANY]", "[ANY, BIG]"))
    unknown = faults_of(HEAD + ROUTES.replace("[TRADE, BIG, ANY]", "[NONE, ANY]"))

    assert "ends with the approval 'BIG', which does not always hold" in faults[0]
    assert "names the unknown approval 'NONE'" in unknown[0]
