"""A month for the return of sales: by code of goods, by number, and the same sums in each part."""

from datetime import date
from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.gst_return import HsnRow, IssuedRun, ReturnRow
from hub.desk.invoices.reads.gst import Month, read_goods, read_issued, read_month
from tests.builders.market import Market, packed
from tests.builders.money import BY, billed, credited, delivered, invoices_of
from tests.builders.portal import complete_for_gst

NOVEMBER: Final = Month(date(2026, 11, 1), date(2026, 11, 30))
TAXES: Final = """
taxes:
  - {id: GST-18, priority: 5, when: {sku: TEA}, heads: {CGST: 9, SGST: 9}}
  - {id: GST-28, priority: 5, when: {sku: SOAP}, heads: {CGST: 14, SGST: 14, CESS: 12}}
"""


@pytest.fixture
def market(market: Market) -> Market:
    """Give a market whose seller and customer are known to GST, with taxes and a cess."""
    market.publish(packed(version=2, more=TAXES))
    complete_for_gst(market)
    return market


def parts(
    market: Market, month: Month = NOVEMBER
) -> tuple[list[ReturnRow], list[HsnRow], list[IssuedRun]]:
    """Read the three parts of a return."""
    with market.database.read() as connection:
        return (
            list(read_month(connection, month, scope=EVERYTHING)),
            list(read_goods(connection, month, scope=EVERYTHING)),
            list(read_issued(connection, month, scope=EVERYTHING)),
        )


def test_goods_are_told_by_code_unit_and_rate_less_what_was_credited(market: Market) -> None:
    market.change("UPDATE product SET hsn = '0902' WHERE sku = 'TEA'")
    market.change("UPDATE product SET hsn = '3401' WHERE sku = 'SOAP'")
    sold = billed(market, delivered(market, ("TEA", 5), ("SOAP", 10)))
    credited(market, sold.invoice, Credited(back={1: 2}))
    market.change("UPDATE customer_profile SET gstin = '', gst_kind = 'unregistered'")
    billed(market, market.place(("TEA", 1)).order)

    rates, goods, _ = parts(market)

    found = {(one.buyers, one.hsn, one.rate): one for one in goods}
    assert sorted((*key, one.quantity) for key, one in found.items()) == [
        ("B2B", "0902", 180_000, 3),
        ("B2B", "3401", 280_000, 10),
        ("B2C", "0902", 180_000, 1),
    ]
    soap = found["B2B", "3401", 280_000]
    assert (soap.cgst, soap.sgst, soap.cess) == (
        *(soap.taxable * 14 // 100, soap.taxable * 14 // 100, soap.taxable * 12 // 100),
    )
    for name in ("taxable", "igst", "cgst", "sgst", "cess"):
        assert sum(getattr(one, name) for one in goods) == sum(
            getattr(one, name) for one in rates
        ), name


def test_numbers_are_told_in_runs_with_how_many_are_cancelled(market: Market) -> None:
    first = billed(market, market.place(("TEA", 1)).order)
    wrong = billed(market, market.place(("TEA", 1)).order)
    invoices_of(market).cancel(wrong.invoice, why="wrong shop", by=BY, scope=EVERYTHING)
    invoices_of(market).move_series(
        *("invoice", "INV26-27/000010"), seller="", why="papers", by=BY, scope=EVERYTHING
    )
    after = billed(market, delivered(market, ("TEA", 3)))
    credited(market, after.invoice, Credited(back={1: 1}))

    _, _, issued = parts(market)

    assert [(one.kind, one.first, one.last, one.total, one.cancelled) for one in issued] == [
        ("invoice", first.number, wrong.number, 2, 1),
        ("invoice", after.number, after.number, 1, 0),
        ("credit_note", "CN26-27/000001", "CN26-27/000001", 1, 0),
    ]


def test_a_month_is_of_one_seller_where_one_is_named(market: Market) -> None:
    billed(market, market.place(("TEA", 1)).order)

    house = parts(market, Month(NOVEMBER.first, NOVEMBER.last, "@house"))
    other = parts(market, Month(NOVEMBER.first, NOVEMBER.last, "NOBODY"))

    assert house == parts(market)
    assert all(house)
    assert other == ([], [], [])


GIFTS: Final = """
schemes:
  - {id: TWELVE, when: {sku: TEA}, free: {every: 10, give: 2, item: same}}
  - {id: SOAP, when: {sku: TEA}, free: {every: 10, give: 1, item: SOAP}}
"""


def test_free_pieces_count_with_those_sold_and_other_gifts_are_left_out(market: Market) -> None:
    market.publish(packed(version=3, more=TAXES + GIFTS))
    market.change("UPDATE product SET hsn = '0902' WHERE sku = 'TEA'")
    market.change("UPDATE product SET hsn = '3401' WHERE sku = 'SOAP'")
    sold = billed(market, delivered(market, ("TEA", 10)))

    _, goods, _ = parts(market)

    assert [(one.hsn, one.rate, one.quantity) for one in goods] == [("0902", 180_000, 12)]

    credited(market, sold.invoice, Credited(back={1: 10, 2: 1, 3: 2}))

    _, goods, _ = parts(market)

    assert [(one.hsn, one.rate, one.quantity) for one in goods] == [("0902", 180_000, 0)]
