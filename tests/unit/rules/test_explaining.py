"""A decision told to people: what applied, what nearly did, what did not and why."""

from pathlib import Path

import pytest

from rules import Count, Counters, Credit, Customer, Facts, Order, Payment, Product, load_pack
from rules.language import read_pack
from rules.tools.explain.explaining import explained
from rules.tools.schema.documents import Question, read
from rules.values.rounding import PARTS
from tests.unit.rules.making import BASE, HEAD, TODAY, Setting, had, read_text

EXAMPLES = Path(__file__).parents[3] / "rules" / "examples"


def _why_not(schemes: str, *lines: tuple[str, int], **setting: object) -> dict[str, str]:
    """Give what is said of each scheme that gave nothing."""
    made = Setting(**setting)  # type: ignore[arg-type]
    asked = Question(made.order(*lines), made.facts(), made.counters)
    text = "\n".join(explained(asked, read_text(HEAD + BASE + schemes)))
    rows = text.partition("Not given, and why\n")[2].splitlines()
    return {row.split()[0]: " ".join(row.split()[1:]) for row in rows}


def _example() -> list[str]:
    asked = Question(
        read(Order, (EXAMPLES / "order.json").read_text()),
        read(Facts, (EXAMPLES / "facts.json").read_text()),
        read(Counters, (EXAMPLES / "counters.json").read_text()),
    )
    return list(explained(asked, read_pack(EXAMPLES / "pack")))


def test_nothing_is_wider_than_a_terminal() -> None:
    assert max(len(line) for line in _example()) <= 80


def test_the_example_tells_everything_once() -> None:
    told = "\n".join(_example())

    assert told.startswith("Order EXAMPLE-1 of R-104 on 2026-04-01, by credit\nis held ")
    assert told.count("DRINKS-BY-THE-CASE takes off 57.15") == 1
    assert "(area_manager may release it)" in told
    assert "10 more of Cola 600 ml and you get 4 % off" in told
    assert "HOTEL-RICE  customer.type is retailer, not horeca" in told


def test_a_long_name_is_cut_to_its_column() -> None:
    made = Setting(products={"A": Product("A", "Assam tea, second flush, loose leaves, 250 g")})
    asked = Question(made.order(("A", 1)), made.facts(), made.counters)

    row = list(explained(asked, read_text(HEAD + BASE)))[5]

    assert row.startswith("   1  Assam tea, second fl…      1 ")


@pytest.mark.parametrize(
    ("scheme", "why"),
    [
        ("when: {customer.type: horeca}", "customer.type is retailer, not horeca"),
        ("when: {geo: [IN/KA, IN/TN]}", "geo is IN/MH, not IN/KA or IN/TN"),
        ("when: {not: {geo: IN}}", "geo is IN/MH, which is left out"),
        ("when: {payment: cash}", "payment is credit, not cash"),
        ("when: {brand: GOLD}", "no line has brand GOLD"),
        ("when: {not: {category: food}}", "no line has category not food"),
        ("valid: {from: 2026-04-02}", "starts on 2026-04-02"),
        ("valid: {to: 2026-03-31}", "ended on 2026-03-31"),
        ("if: order.payment == 'advance'", "needs order.payment == 'advance'"),
        (
            "valid: {from: 2027-01-01}, when: {customer: C9, sku: B}",
            "starts on 2027-01-01; customer is C1, not C9; no line has sku B",
        ),
    ],
)
def test_the_condition_that_failed_is_named(scheme: str, why: str) -> None:
    customer = Customer("C1", "retailer", ("IN", "MH"))

    said = _why_not(
        f"schemes: [{{id: S, {scheme}, slabs: [{{from: 1, percent: 1}}]}}]",
        ("A", 10),
        customer=customer,
    )

    assert said == {"S": why}


def test_a_customer_without_a_type_is_not_known_to_be_one() -> None:
    scheme = "schemes: [{id: S, when: {customer.type: horeca}, slabs: [{from: 1, percent: 1}]}]"

    assert _why_not(scheme, ("A", 1)) == {"S": "customer.type is not known"}


@pytest.mark.parametrize(
    ("scheme", "why"),
    [
        ("slabs: [{from: 24, percent: 1}]", "starts at 24 pieces"),
        ("count: {of: gross}, slabs: [{from: 500.00, percent: 1}]", "starts at 500.00"),
        ("stage: order, slabs: [{from: 500.00, percent: 1}]", "starts at 500.00"),
        ("free: {every: 10, give: 1, item: same}", "needs 10 pieces"),
        ("free: {every: 10, give: 1, item: same, from: 30}", "needs 30 pieces"),
        (
            "combo: [{sku: A, qty: 2}, {sku: B, qty: 1}], amount_off: 1.00",
            "the order holds no complete set",
        ),
    ],
)
def test_what_was_too_little_says_where_it_starts(scheme: str, why: str) -> None:
    assert _why_not(f"schemes: [{{id: S, {scheme}}}]", ("A", 1)) == {"S": why}


def test_a_scheme_that_was_beaten_names_the_better_one() -> None:
    schemes = (
        "schemes: [{id: S, slabs: [{from: 1, percent: 1}], group: G},"
        " {id: T, slabs: [{from: 1, percent: 2}], group: G}]"
    )

    assert _why_not(schemes, ("A", 10)) == {"S": "gives less than T"}


def test_a_scheme_that_is_used_up_says_so() -> None:
    schemes = "schemes: [{id: S, slabs: [{from: 1, percent: 1}], limit: {total: 3}}]"

    said = _why_not(schemes, ("A", 10), counters=had("S", "total", uses=3))

    assert said == {"S": "has been used as often as it may"}


def test_a_scheme_of_a_period_says_what_the_period_is_short_of() -> None:
    count = "count: {over: period, each: month, of: qty, in: CASE}"
    schemes = f"schemes: [{{id: S, {count}, slabs: [{{from: 10, percent: 1}}]}}]"
    cases = {"A": Product("A", "Apple", pack_sizes={"CASE": 12})}
    scope = ("S", "C1@2026-04")

    assert _why_not(schemes, ("A", 1), products=cases) == {"S": "starts at 10 CASE this month"}
    before = Counters(counts={scope: Count(bought=8 * PARTS)})
    # What is nearly earned is told there, and not once more here.
    assert _why_not(schemes, ("A", 1), products=cases, counters=before) == {}


def test_a_scheme_without_its_coupon_says_which_it_needs() -> None:
    schemes = "schemes: [{id: S, when: {coupon: [X, y]}, slabs: [{from: 1, percent: 1}]}]"

    assert _why_not(schemes, ("A", 1)) == {"S": "needs the coupon X or Y"}
    assert _why_not(schemes, ("A", 1), coupons=("y",)) == {}


def test_an_if_on_a_line_is_judged_on_the_line() -> None:
    schemes = "schemes: [{id: S, if: line.quantity > 5, slabs: [{from: 1, percent: 1}]}]"

    assert _why_not(schemes, ("A", 5)) == {"S": "needs line.quantity > 5"}
    assert _why_not(schemes, ("A", 6)) == {}


@pytest.mark.parametrize(("payment", "outcome"), [("credit", "held"), ("cash", "accepted")])
def test_the_outcome_is_said_first(payment: Payment, outcome: str) -> None:
    rules = BASE + "taxes: [{id: T, when: {tax_class: t}, heads: {VAT: 0}}]\n"
    made = Setting(
        products={"A": Product("A", "Apple", tax_class="t")},
        credit=Credit("cash_only"),
        payment=payment,
        on=TODAY,
    )
    packed = read_text(HEAD + rules)

    told = list(explained(Question(made.order(("A", 1)), made.facts(), made.counters), packed))

    assert told[1] == f"is {outcome} by the rules of {load_pack(packed).name} 1."


APPROVED = """
approvals:
  - id: DESK
    on: cash_only
    counter: {quantities: lower}
    levels: [{role: clerk, escalate: [{after: 2h, notify: head}, {after: 1d, expire: true}]}]
  - {id: PLAIN, on: customer_on_hold, levels: [{role: clerk}]}
"""


def test_what_follows_silence_and_what_may_be_offered_is_told() -> None:
    customer = Customer("C1", status="hold")
    made = Setting(customer=customer, credit=Credit("cash_only"))
    asked = Question(made.order(("A", 1)), made.facts(), made.counters)

    told = "\n".join(explained(asked, read_text(HEAD + BASE + APPROVED)))

    terms = " ".join(told.partition("Terms of the approvals\n")[2].split())
    assert terms == (
        "DESK clerk may release cash_only of 10.00: or offer smaller quantities; after 120 min "
        "head is told; after 1440 min it expires"
    )
