"""Orders found and prepared inside a given transaction, for the acts that place and amend them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from hub.base.transaction import Transaction
from hub.desk.orders import tables
from hub.desk.orders.model.asked import Amendment, AskedLine, PlacedOrder
from hub.desk.orders.model.evidence import read_evidence
from hub.desk.orders.model.request import Place, Source
from rules import Order, OrderLine, Product, Quantity

_BY_KEY: Final = "SELECT uuid, number FROM order_ WHERE source = ? AND source_key = ?"
_WAREHOUSE: Final = """
SELECT id, code FROM warehouse WHERE seller_id = ? AND (code = ? OR ? = '')
ORDER BY priority, id LIMIT 1
"""
_EVIDENCE: Final = """
SELECT d.inputs FROM order_revision r
JOIN decision d ON d.order_id = r.order_id AND d.revision = r.content
WHERE r.order_id = ? AND r.revision = ?
"""
_LETTERS: Final[Mapping[Source, str]] = {
    "terminal": "T",
    "staff": "S",
    "partner": "P",
    "field": "F",
    "api": "A",
    "import": "I",
}


def find_placed(t: Transaction, source: Source, key: str) -> PlacedOrder | None:
    """Find the order that was asked for under an entrance's own key."""
    found = t.rows(_BY_KEY, (source, key))
    return PlacedOrder(found[0][0], found[0][1], again=True) if found else None


def next_order_number(t: Transaction, source: Source) -> str:
    """Give the number of an order that is placed here: `S-000123`. Numbers may have gaps."""
    return f"{_LETTERS[source]}-{t.next_ids(tables.order_, 1)[0]:06d}"


def warehouse_of(t: Transaction, seller: int, code: str) -> Place | None:
    """Find a seller's warehouse by its code, or its first where the code is empty."""
    found = t.rows(_WAREHOUSE, (seller, code, code))
    return Place(*found[0]) if found else None


def content_as_decided(t: Transaction, order: int, *, revision: int, now: Order) -> Order:
    """Give an order's content on the day that it was decided on; where nothing did, `now`."""
    found = t.rows(_EVIDENCE, (order, revision))
    written = bytes(found[0][0]) if found else b""
    return replace(now, business_date=read_evidence(written).day) if written else now


class _Key(NamedTuple):
    sku: str
    unit: str | None
    batch: str | None


def order_lines(
    asked: Sequence[AskedLine], products: Mapping[str, Product], *, before: Sequence[OrderLine] = ()
) -> tuple[OrderLine, ...]:
    """Number lines and count them in base units; a line that was there `before` keeps its number.

    Two cases of twelve are 24. A unit that the product does not come in is left to be refused.
    """
    numbers = {_Key(one.sku, one.unit, one.batch): one.number for one in before}
    free = max(numbers.values(), default=0)
    lines: list[OrderLine] = []
    for one in asked:
        product = products.get(one.sku)
        size = product.pack_sizes.get(one.unit, 1) if product and one.unit else 1
        number = numbers.pop(_Key(one.sku, one.unit, one.batch), None)
        if number is None:
            free += 1
            number = free
        quantity = Quantity(one.quantity * size)
        lines.append(OrderLine(number, one.sku, quantity, one.unit, one.batch))
    return tuple(sorted(lines, key=lambda line: line.number))


def amended(
    order: Order, change: Amendment, products: Mapping[str, Product], *, day: date
) -> Order:
    """Give an order with an amendment's content, to be decided on a day."""
    lines = order.lines
    if change.lines is not None:
        lines = order_lines(change.lines, products, before=order.lines)
    return replace(
        order,
        business_date=day,
        lines=lines,
        payment=change.payment or order.payment,
        coupons=order.coupons if change.coupons is None else change.coupons,
    )
