"""What the rule pack says of customers who have no limit of their own, and of new ones."""

import pytest

from tests.builders.market import Market, packed

pytestmark = pytest.mark.one_engine

LIMITS = """
limits:
  - {id: LIM-RETAIL, when: {customer.type: retailer}, limit: 300.00}
credit:
  - {id: CR-OPEN, text: open orders, limit: {open_orders: 250.00}, then: stop}
  - {id: CR-NEW, text: new, at_most: {customer.age_days: 30}, then: stop}
"""
HEADER = "id,name,type,geo,status,credit_limit,opening_outstanding,since\n"


def _open(market: Market, row: str, more: str = LIMITS) -> None:
    """Publish a pack with more rules, for a market of which the second customer is another."""
    others = (
        "C1,First,retailer,,active,none,,\nC3,Third,,,active,none,,\nC4,Fourth,,,active,none,,\n"
    )
    market.load(customers=HEADER + others + row + "\n")
    market.publish(packed(2, more=more))


def test_a_customer_without_a_limit_has_the_packs_and_is_told_what_is_left(
    market: Market,
) -> None:
    _open(market, "C2,Second Shop,retailer,IN/KA,active,unset,100.00,")

    within = market.place(("RICE", 4))
    above = market.place(("RICE", 1))

    assert (within.status, within.credit_left) == ("confirmed", 0)
    assert (above.status, above.reasons[0].code) == ("held", "credit_limit_exceeded")
    assert market.broken() == set()


def test_a_customer_whom_nobody_grants_credit_buys_for_cash(market: Market) -> None:
    _open(market, "C2,Second Shop,dealer,IN/KA,active,unset,,")

    on_credit = market.place(("SOAP", 1))
    in_cash = market.place(("SOAP", 1), payment="cash")

    assert (on_credit.status, on_credit.reasons[0].code) == ("held", "cash_only")
    assert (in_cash.status, in_cash.credit_left) == ("confirmed", 0)


def test_what_was_owed_before_is_no_open_order(market: Market) -> None:
    _open(market, "C2,Second Shop,dealer,IN/KA,active,none,900.00,")

    at_the_limit = market.place(("RICE", 5))
    above = market.place(("RICE", 1))

    assert at_the_limit.status == "confirmed"
    assert (above.status, above.reasons[0].code) == ("rejected", "credit_stopped")
    assert market.broken() == set()


def test_a_customer_is_as_old_as_since_it_is_one(market: Market) -> None:
    _open(market, "C2,Second Shop,dealer,IN/KA,active,none,,2026-10-22")

    new = market.place(("SOAP", 1))
    market.clock.ms += 24 * 3600 * 1000
    known = market.place(("SOAP", 1))

    assert (new.status, known.status) == ("rejected", "confirmed")
    assert market.broken() == set()


def test_an_order_that_is_checked_later_breaks_no_promise(market: Market) -> None:
    more = "gates: [{id: G, order: false, delivery: true}]\n"
    _open(market, "C2,Second Shop,dealer,IN/KA,active,1.00,,", more)

    assert market.place(("SOAP", 1)).status == "confirmed"
    assert market.broken() == set()
