"""Credit: limits of the pack, limits of parts of the exposure, new customers, and the gates."""

from dataclasses import replace

import pytest

from rules import Credit, Customer, Gate, GateCheck, Minor, Payment, Totals, check_gate
from tests.unit.rules.making import (
    BASE,
    HEAD,
    Setting,
    codes,
    faults_of,
    limit,
    pack_of,
    read_text,
    roles_of,
    steps,
    words_of,
)

DESK = "approvals: [{id: DESK, levels: [{role: clerk, up_to: 5.00}, {role: head}]}]\n"
LIMITS = (
    BASE
    + """
limits:
  - {id: ALL, limit: cash_only}
  - {id: REGION, when: {geo: IN/KA}, limit: 30.00}
  - {id: TYPE, when: {customer.type: retailer}, limit: 10.00}
  - {id: OLD, when: {customer.type: stockist}, limit: 10.00, valid: {to: 2026-03-31}}
  - {id: ONE, when: {customer: C1, customer.type: dealer}, limit: none}
"""
)


def _owing(**parts: int) -> Credit:
    return Credit("none", **{name: Minor(amount) for name, amount in parts.items()})


@pytest.mark.parametrize(
    ("customer", "rule", "expected"),
    [
        (Customer("C9"), "ALL", ["cash_only"]),
        (Customer("C9", geo=("IN", "KA", "BLR")), "REGION", []),
        (Customer("C9", "retailer"), "TYPE", ["credit_limit_exceeded"]),
        (Customer("C9", "retailer", ("IN", "KA")), "TYPE", ["credit_limit_exceeded"]),
        (Customer("C1", "dealer"), "ONE", []),
        (Customer("C9", "dealer"), "ALL", ["cash_only"]),
        (Customer("C9", "stockist"), "ALL", ["cash_only"]),
    ],
)
def test_an_unset_limit_is_the_packs_by_customer_then_type_then_region(
    customer: Customer, rule: str, expected: list[str]
) -> None:
    result = Setting(LIMITS, customer=customer, credit=Credit("unset")).decide(("A", 2))

    assert (codes(result), steps(result, "credit_granted")) == (expected, [rule])


@pytest.mark.parametrize(("exposure", "expected"), [(0, []), (1, ["credit_limit_exceeded"])])
def test_the_packs_limit_may_be_reached_and_not_passed(exposure: int, expected: list[str]) -> None:
    setting = Setting(LIMITS, customer=Customer("C9", "retailer"))

    result = replace(setting, credit=Credit("unset", exposure=Minor(exposure))).decide(("A", 1))

    assert codes(result) == expected


def test_a_limit_of_the_customers_own_goes_before_the_packs() -> None:
    setting = Setting(LIMITS, customer=Customer("C9", "retailer"))

    assert codes(replace(setting, credit=limit(5000)).decide(("A", 5))) == []
    assert codes(replace(setting, credit=Credit("none")).decide(("A", 500))) == []


def test_a_limit_that_nobody_has_set_is_cash_only() -> None:
    result = Setting(credit=Credit("unset")).decide(("A", 1))

    assert (codes(result), steps(result, "credit_not_granted")) == (["cash_only"], [""])
    assert codes(Setting(credit=Credit("unset"), payment="cash").decide(("A", 1))) == []


def test_conditions_see_the_packs_limit() -> None:
    rules = LIMITS + "credit: [{id: C, at_most: {customer.limit: 10.00}, then: stop}]\n"
    setting = Setting(rules, credit=Credit("unset"))

    small = replace(setting, customer=Customer("C9", "retailer")).decide(("A", 1))
    larger = replace(setting, customer=Customer("C9", geo=("IN", "KA"))).decide(("A", 1))

    assert (codes(small), codes(larger)) == (["credit_stopped"], [])


def _part(part: str, then: str = "approve, route: DESK") -> str:
    return f"{BASE}{DESK}credit: [{{id: P, text: P, limit: {{{part}: 50.00}}, then: {then}}}]\n"


@pytest.mark.parametrize(
    ("part", "credit", "expected"),
    [
        ("open_orders", _owing(open_orders=4000), None),
        ("open_orders", _owing(open_orders=4001), "P: 50.01 in open orders, 50.00 may be"),
        ("open_orders", _owing(exposure=9000, invoices=9000), None),
        ("total", _owing(exposure=4000), None),
        ("total", _owing(exposure=4001), "P: 50.01 owed or ordered, 50.00 may be"),
        ("deliveries", _owing(deliveries=5000), None),
        (
            "deliveries",
            _owing(deliveries=5001),
            "P: 50.01 in deliveries without an invoice, 50.00 may be",
        ),
        ("invoices", _owing(invoices=5000), None),
        ("invoices", _owing(invoices=5001), "P: 50.01 in unpaid invoices, 50.00 may be"),
        ("cheques", _owing(cheques=5000), None),
        (
            "cheques",
            _owing(cheques=5001),
            "P: 50.01 in cheques that are not cleared, 50.00 may be",
        ),
        ("cheques", _owing(), None),
    ],
)
def test_a_part_of_the_exposure_may_reach_its_limit_and_not_pass_it(
    part: str, credit: Credit, expected: str | None
) -> None:
    result = Setting(_part(part), credit=credit).decide(("A", 1))

    assert [words_of(reason) for reason in result.reasons] == ([expected] if expected else [])


@pytest.mark.parametrize(("owed", "role"), [(4500, "clerk"), (4501, "head")])
def test_an_approval_of_a_part_goes_by_the_amount_above_its_limit(owed: int, role: str) -> None:
    result = Setting(_part("open_orders"), credit=_owing(open_orders=owed)).decide(("A", 1))

    assert [(roles_of(need), need.amount) for need in result.approvals] == [(role, owed - 4000)]


@pytest.mark.parametrize("payment", ["cash", "advance"])
def test_limits_of_parts_are_for_orders_on_credit(payment: Payment) -> None:
    setting = Setting(_part("total", then="stop"), payment=payment)

    assert codes(replace(setting, credit=_owing(exposure=10**15)).decide(("A", 1))) == []


def test_a_limit_of_a_part_and_the_rules_conditions_hold_together() -> None:
    rules = _part("cheques", then="stop").replace("text: P,", "if: customer.overdue_days > 5,")
    late = replace(_owing(cheques=5001), overdue_days=6)

    assert codes(Setting(rules, credit=late).decide(("A", 1))) == ["credit_stopped"]
    assert codes(Setting(rules, credit=_owing(cheques=5001)).decide(("A", 1))) == []
    assert codes(Setting(rules, credit=replace(late, cheques=Minor(0))).decide(("A", 1))) == []


@pytest.mark.parametrize(
    ("fact", "credit"),
    [
        ("open_orders", _owing(open_orders=7)),
        ("deliveries", _owing(deliveries=7)),
        ("invoices", _owing(invoices=7)),
        ("cheques", _owing(cheques=7)),
    ],
)
def test_conditions_know_the_parts_of_the_exposure(fact: str, credit: Credit) -> None:
    rules = f"{BASE}credit: [{{id: C, if: customer.{fact} >= 0.07, then: stop}}]\n"

    assert codes(Setting(rules, credit=credit).decide(("A", 1))) == ["credit_stopped"]
    assert codes(Setting(rules, credit=_owing()).decide(("A", 1))) == []


@pytest.mark.parametrize(("age", "expected"), [(90, ["credit_stopped"]), (91, []), (None, [])])
def test_a_rule_about_new_customers_needs_to_know_their_age(
    age: int | None, expected: list[str]
) -> None:
    rules = BASE + "credit: [{id: NEW, at_most: {customer.age_days: 90}, then: stop}]\n"

    result = Setting(rules, customer=Customer("C1", age_days=age), credit=_owing()).decide(("A", 1))

    assert codes(result) == expected


GATES = (
    BASE
    + DESK
    + """
gates:
  - {id: VAN, when: {customer.type: van}, order: false, delivery: false, invoice: true}
  - {id: NEVER, when: {customer.type: state}, order: false, delivery: false, invoice: false}
credit:
  - id: AT
    text: at
    at: [delivery, invoice]
    limit: {deliveries: 50.00}
    then: approve
    route: DESK
"""
)
TEN = Totals(Minor(1000), Minor(0), Minor(1000), Minor(0), Minor(0), Minor(1000))


def _at(gate: Gate, setting: Setting, totals: Totals = TEN) -> GateCheck:
    pack = pack_of(setting.rules)
    return check_gate(gate, setting.order(("A", 1)), totals, facts=setting.facts(), pack=pack)


@pytest.mark.parametrize(
    ("kind", "checked"),
    [
        (None, ["order", "delivery"]),
        ("van", ["invoice"]),
        ("state", []),
    ],
)
@pytest.mark.parametrize("gate", ["order", "delivery", "invoice"])
def test_the_limit_is_checked_at_the_gates_of_the_customers_type(
    gate: Gate, kind: str | None, checked: list[str]
) -> None:
    setting = Setting(GATES, customer=Customer("C1", kind), credit=limit(999))

    check = _at(gate, setting)

    assert check.outcome == ("hold" if gate in checked else "accept")
    assert [reason.code for reason in check.reasons] == (
        ["credit_limit_exceeded"] if gate in checked else []
    )


def test_the_trace_names_the_rule_that_says_where_credit_is_checked() -> None:
    setting = Setting(GATES, customer=Customer("C1", "van"), credit=limit(0))

    result = setting.decide(("A", 1))

    check = _at("invoice", setting)

    assert (result.outcome, steps(result, "credit_gate_off")) == ("accept", ["VAN"])
    assert [step.rule for step in check.trace if step.code == "credit_gate_on"] == ["VAN"]


@pytest.mark.parametrize(("status", "outcome"), [("blocked", "reject"), ("hold", "hold")])
@pytest.mark.parametrize("gate", ["order", "delivery", "invoice"])
def test_a_customer_who_is_blocked_passes_no_gate(gate: Gate, status: str, outcome: str) -> None:
    customer = Customer("C1", "state", status=status)  # type: ignore[arg-type]

    assert _at(gate, Setting(GATES, customer=customer, credit=_owing())).outcome == outcome


@pytest.mark.parametrize(
    ("gate", "credit", "expected"),
    [
        ("delivery", _owing(deliveries=4000), []),
        ("delivery", _owing(deliveries=4001), ["approval_required"]),
        ("delivery", _owing(open_orders=9000), []),
        ("order", _owing(deliveries=9000), []),
    ],
)
def test_what_passes_a_gate_counts_in_the_part_it_becomes(
    gate: Gate, credit: Credit, expected: list[str]
) -> None:
    check = _at(gate, Setting(GATES, credit=credit))

    assert [reason.code for reason in check.reasons] == expected


def test_a_gate_names_who_may_let_it_pass_and_tells_every_reason() -> None:
    check = _at("delivery", Setting(GATES, credit=_owing(deliveries=4600)))

    assert [(roles_of(need), need.amount) for need in check.approvals] == [("head", 600)]
    assert [step.code for step in check.trace] == [
        "credit_unlimited",
        "approval_required",
        "approval_named",
    ]


def test_a_gate_asks_its_conditions_of_what_passes_it() -> None:
    rules = BASE + "credit: [{id: C, if: order.net > 10.00 and order.lines == 1, then: stop}]\n"
    more = _totals(1001)

    assert _at("delivery", Setting(rules, credit=_owing())).outcome == "accept"
    assert _at("delivery", Setting(rules, credit=_owing()), more).outcome == "reject"


def _totals(amount: int) -> Totals:
    return TEN._replace(gross=Minor(amount), net=Minor(amount), payable=Minor(amount))


def test_the_order_gate_says_what_the_decision_of_the_order_says() -> None:
    setting = Setting(GATES, credit=limit(999))

    decided = setting.decide(("A", 1))

    assert _at("order", setting).reasons == decided.reasons


def test_a_gate_without_credit_facts_lets_pass_and_says_so() -> None:
    check = _at("delivery", Setting(GATES))

    assert (check.outcome, [step.code for step in check.trace]) == (
        "accept",
        ["credit_not_known"],
    )


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ("limits: [{id: L}]", "'limit' is missing"),
        ("limits: [{id: L, limit: nothing}]", "nothing"),
        ("limits: [{id: L, limit: -1}]", "-1 is below 0"),
        ("limits: [{id: L, when: {sku: A}, limit: 1.00}]", "unknown key 'sku'"),
        ("limits: [{id: L, limit: 1.00}, {id: M, limit: 2.00}]", "neither wins"),
        ("gates: [{id: G}]", "needs one of order, delivery, invoice"),
        ("gates: [{id: G, order: maybe}]", "'maybe' is not one of true, false"),
        ("gates: [{id: G, order: true}, {id: H, invoice: true}]", "neither wins"),
        ("credit: [{id: C, then: stop, at: dispatch}]", "'dispatch' is not one of order"),
        ("credit: [{id: C, then: stop, limit: {}}]", "needs exactly one of 'total'"),
        ("credit: [{id: C, then: stop, limit: {total: 1, cheques: 1}}]", "needs exactly one"),
        ("credit: [{id: C, then: stop, limit: {overdue: 1}}]", "unknown key 'overdue'"),
        (
            "credit: [{id: C, then: stop, limit: {total: 1}, overdue: {limit: 1}}]",
            "'limit' and 'overdue' are two rules",
        ),
    ],
)
def test_credit_rules_that_make_no_sense_are_faults_with_their_place(
    section: str, fault: str
) -> None:
    faults = faults_of(HEAD + BASE + section + "\n")

    assert any(one.startswith("pack.yaml:3:") and fault in one for one in faults), faults


def test_the_exposure_of_a_case_is_the_sum_of_its_parts() -> None:
    case = "tests: [{name: c, on: 2026-04-01, lines: [{sku: A, qty: 1}], expect: {net: 1.00},"
    head = HEAD + "case_products: {A: {}}\n"

    well = faults_of(f"{head}{case} credit: {{exposure: 3.00, cheques: 1.00, invoices: 2.00}}}}]\n")
    wrong = faults_of(f"{head}{case} credit: {{exposure: 4.00, cheques: 1.00}}}}]\n")

    assert well == ()
    assert "'exposure' is the sum of its parts" in wrong[0]


def test_a_pack_without_limits_and_gates_keeps_the_bytes_it_had() -> None:
    packed = read_text(HEAD + BASE)

    assert b'"limits"' not in packed
    assert b'"gates"' not in packed
