"""The town's checker sees what was promised twice and what was lent beyond a limit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from simulators.data import Batch, Customer, Distributor
from simulators.portal import Registry
from simulators.scenarios.reckoning import CounterOrder, PaperSlip
from simulators.scenarios.town.checking import (
    Promise,
    find_over_limit,
    find_oversold,
    find_unregistered,
    percentile,
    with_hands,
)

DAY = date(2026, 11, 2)
DISTRIBUTOR = Distributor(
    name="D",
    support="",
    timezone="UTC",
    pack=Path(),
    products=(),
    customers=(
        Customer("C1", "One", "t-1", "retailer", "IN", credit_limit="50"),
        Customer("C2", "Two", "t-2", "retailer", "IN"),
    ),
    batches=(Batch("TEA", "A", 12, DAY), Batch("TEA", "B", 8, DAY)),
)
KEPT = Promise("t-1", "confirmed", {"TEA": 20}, 5000, on_credit=True, unaided=True)


def test_what_is_promised_beyond_all_that_there_was_is_oversold() -> None:
    more = replace(KEPT, terminal="t-2", status="confirmed_changed", goods={"TEA": 1})

    assert find_oversold([KEPT], DISTRIBUTOR, {}) == []
    assert find_oversold([KEPT, replace(more, status="held")], DISTRIBUTOR, {}) == []
    assert find_oversold([KEPT, more], DISTRIBUTOR, {"TEA": 1}) == []
    assert find_oversold([KEPT, more], DISTRIBUTOR, {}) == [
        "TEA: 21 are promised, and there were 20"
    ]


def test_what_was_given_unaided_is_at_most_the_limit_and_what_was_paid() -> None:
    again = replace(KEPT, payable=1)

    assert find_over_limit([KEPT], DISTRIBUTOR, {}) == []
    assert find_over_limit([KEPT, again], DISTRIBUTOR, {"C1": 1}) == []
    assert find_over_limit([KEPT, replace(again, unaided=False)], DISTRIBUTOR, {}) == []
    assert find_over_limit([KEPT, replace(again, on_credit=False)], DISTRIBUTOR, {}) == []
    assert find_over_limit([KEPT, again], DISTRIBUTOR, {}) == [
        "C1: 5001 was given on credit, 5000 is the most"
    ]
    assert find_over_limit([replace(KEPT, terminal="t-2", payable=10**9)], DISTRIBUTOR, {}) == []
    assert Decimal(DISTRIBUTOR.customers[0].credit_limit) * 100 == KEPT.payable


def test_an_order_that_a_hand_made_and_no_store_has_is_not_hidden() -> None:
    stored = CounterOrder("a", "t-1", 1, "confirmed", 3)
    slip = PaperSlip("a", "CONFIRMED", copy=False)

    found = with_hands([stored], {("t-1", 1): 2, ("t-1", 2): 5}, {"a": [slip]})

    assert found[0] == replace(stored, lines=2, slips=(slip,))
    assert (found[1].id, found[1].seq, found[1].lines) == ("not stored", 2, 5)


def test_percentiles_are_of_sorted_values() -> None:
    values = [float(number) for number in range(1, 101)]

    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([], 0.5)) == (51, 100, 0)


def document(number: str) -> dict[str, Any]:
    """Write as much of an invoice as its IRN depends on."""
    return {
        "SellerDtls": {"Gstin": "29AAPFU0939F1ZR"},
        "DocDtls": {"Typ": "INV", "No": number, "Dt": "21/11/2026"},
    }


def test_an_invoice_is_at_the_portal_once_as_the_hub_tells_it() -> None:
    portal = Registry()
    irns = [portal.register(document(number)).irn for number in ("A-1", "A-2")]
    told = [
        {"number": f"A-{n}", "state": "registered", "irn": irn, "why": ""}
        for n, irn in enumerate(irns, 1)
    ]
    waiting = {"number": "A-3", "state": "waiting", "irn": None, "why": "no answer"}
    false = {"number": "A-4", "state": "registered", "irn": "0" * 64, "why": ""}

    assert find_unregistered(told, portal) == []
    assert find_unregistered([*told, waiting], portal) == [
        "A-3 is waiting at the portal: no answer"
    ]
    assert find_unregistered([*told, false], portal) == [
        "A-4 is registered here and not at the portal"
    ]
    assert find_unregistered(told[:1], portal) == ["1 registered ones are not told of"]
    assert find_unregistered(told[:1], portal, forgot=True) == []
    portal.register(document("A-1"), twice=True)
    assert find_unregistered(told, portal) == ["1 documents were registered twice"]
