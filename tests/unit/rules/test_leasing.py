"""Which limits counters hold leases of, and what the trace says where one is used up."""

from datetime import date

import pytest

from rules import Count, Counters, Customer, Minor, Quantity, Shared, shared_for
from tests.unit.rules.making import BASE, TODAY, Setting, had, pack_of

RULES = """
schemes:
  - id: VOL
    when: {sku: A, geo: IN}
    count: {over: line, of: qty}
    slabs: [{from: 1, percent: 10}]
    BOUNDS
"""


def rules_with(bounds: str) -> str:
    """Write rules with one bounded scheme."""
    return BASE + RULES.replace("BOUNDS", bounds)


@pytest.mark.parametrize(
    ("bounds", "shared"),
    [
        ("limit: {total: 5}", [Shared("VOL", "scheme", uses=5)]),
        ("limit: {per_customer: 5}", []),
        ("max_discount: 5.00", []),
        (
            "limit: {total: 5, per_customer: 1}, budget: {amount: 50.00}",
            [Shared("VOL", "scheme", uses=5, amount=Minor(5_000))],
        ),
        (
            "limit: {total: {uses: 9, qty: 40, each: day}}",
            [Shared("VOL", "day", uses=9, pieces=Quantity(40))],
        ),
    ],
)
def test_total_limits_and_budgets_are_shared(bounds: str, shared: list[Shared]) -> None:
    pack = pack_of(rules_with(bounds.replace("}, budget", "}\n    budget")))

    assert list(pack.shared) == shared


@pytest.mark.parametrize(("geo", "found"), [(("IN", "KA"), 1), (("NP",), 0)])
def test_only_what_could_hold_for_the_customer_is_leased(geo: tuple[str, ...], found: int) -> None:
    pack = pack_of(rules_with("limit: {total: 5}"))

    assert len(shared_for(pack, Customer("C1", "retailer", geo), TODAY)) == found


def test_a_limit_of_a_day_is_counted_by_the_day() -> None:
    limit = Shared("VOL", "day", uses=1)

    assert limit.key(date(2026, 11, 21)) == ("VOL", "total@2026-11-21")


@pytest.mark.parametrize(
    ("counters", "said"),
    [
        (had("VOL", "total", uses=5), ["limit_used_up"]),
        (Counters(counts={("VOL", "total"): Count(uses=5)}, leased=("VOL",)), ["lease_used_up"]),
        (Counters(counts={("VOL", "C1"): Count(uses=1)}, leased=("VOL",)), ["limit_used_up"]),
        (Counters(counts={("VOL", "total"): Count(uses=4)}, leased=("VOL",)), []),
    ],
)
def test_what_is_used_up_of_a_lease_is_told_apart_from_the_limit(
    counters: Counters, said: list[str]
) -> None:
    rules = rules_with("limit: {total: 5, per_customer: 1}").replace(", geo: IN", "")

    result = Setting(rules, counters=counters).decide(("A", 1))

    assert [step.code for step in result.trace if step.code.endswith("_used_up")] == said
    assert (result.totals.discount == 0) == bool(said)
