"""Outcomes of rules on quantities, floors, credit and allocation reach stock and answer alike."""

import pytest

from tests.builders.market import Market, packed

pytestmark = pytest.mark.one_engine

RULES = """
quantities:
  - {id: CASES, when: {sku: TEA}, in: CASE, multiple: 1, then: round_up}
floors:
  - {id: LEAST, when: {sku: SOAP}, rates: {SOAP: 11.00}}
allocation:
  - {id: WHOLE, when: {sku: HONEY}, pick: fefo, ship: all_or_nothing}
"""


@pytest.fixture
def stricter(market: Market) -> Market:
    """Give a market that asks more of quantities, prices and batches."""
    market.publish(packed(version=2, more=RULES))
    return market


def test_a_rounded_order_is_confirmed_as_changed_and_reserves_what_is_sent(
    stricter: Market,
) -> None:
    answer = stricter.place(("TEA", 5))

    assert answer.status == "confirmed_changed"
    assert [reason.code for reason in answer.reasons] == ["quantity_rounded"]
    assert (answer.lines[0].ordered, answer.lines[0].qty) == (5, 12)
    assert stricter.rows("SELECT sum(reserved) FROM batch") == [(12,)]


def test_a_rounded_order_is_a_change_also_where_the_terminal_quoted_it(stricter: Market) -> None:
    quote = stricter.quote(("TEA", 5))

    answer = stricter.place(("TEA", 5), quote=quote)

    assert answer.status == "confirmed_changed"
    assert [reason.code for reason in answer.reasons] == ["quantity_rounded"]


def test_an_order_below_a_floor_is_held_and_reserves_nothing(stricter: Market) -> None:
    answer = stricter.place(("SOAP", 5))

    assert (answer.status, [reason.code for reason in answer.reasons]) == ("held", ["below_floor"])
    assert stricter.rows("SELECT sum(reserved) FROM batch") == [(0,)]


def test_an_order_that_ships_whole_is_rejected_and_reserves_nothing(stricter: Market) -> None:
    answer = stricter.place(("HONEY", 51), ("TEA", 12))

    assert answer.status == "rejected"
    assert [reason.code for reason in answer.reasons] == ["short_stock", "order_incomplete"]
    assert stricter.rows("SELECT sum(reserved) FROM batch") == [(0,)]


def test_what_these_rules_decide_recomputes_in_the_audit(stricter: Market) -> None:
    stricter.place(("TEA", 5), ("RICE", 3))
    stricter.place(("TEA", 99))
    stricter.place(("SOAP", 5))
    stricter.place(("HONEY", 51))

    report = stricter.audit()

    assert report.is_clean
