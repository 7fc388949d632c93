"""Orders found and prepared inside a given transaction, for the acts that place and amend them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hub.base.access import Scope
from hub.base.engine.database import holders, padded
from hub.base.jobs import enqueue
from hub.base.transaction import Transaction
from hub.desk.orders import tables
from hub.desk.orders.model.asked import PlacedOrder
from hub.desk.orders.model.evidence import read_evidence
from hub.desk.orders.model.request import Place, Source
from hub.desk.stock.model.events import StockFreed
from rules import Order

_BY_KEY: Final = "SELECT uuid, number, asked_digest FROM order_ WHERE source = ? AND source_key = ?"
_WAREHOUSE: Final = """
SELECT id, code FROM warehouse WHERE seller_id = ? AND (code = ? OR ? = '')
ORDER BY priority, id
"""
_EVIDENCE: Final = """
SELECT d.inputs FROM order_revision r
JOIN decision d ON d.order_id = r.order_id AND d.revision = r.content
WHERE r.order_id = ? AND r.revision = ?
"""
FILL: Final = "orders.fill"
"""The kind of the jobs that fill orders which wait for stock, one after another."""
_AT_ONCE: Final = 500
_LOTS: Final = """
SELECT DISTINCT warehouse_id, product_id FROM batch WHERE status = 'ok' AND id IN (%s)
ORDER BY warehouse_id, product_id
"""
_WAITS: Final = """
SELECT 1 FROM order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
JOIN order_line l ON l.order_id = o.id AND l.revision = r.content
WHERE o.status = 'confirmed' AND o.warehouse_id = ? AND l.product_id IN (%s) LIMIT 1
"""
_LETTERS: Final[Mapping[Source, str]] = {
    "terminal": "T",
    "staff": "S",
    "partner": "P",
    "field": "F",
    "api": "A",
    "import": "I",
}


def expect_fill(t: Transaction, freed: StockFreed) -> None:
    """Have the orders filled that wait for stock which is free now, where there are any."""
    for warehouse, products in _lots_of(t, freed.batches).items():
        marks, some = holders(len(products)), padded(products)
        if t.rows(_WAITS % marks, (warehouse, *some)):
            payload = {"warehouse": warehouse, "products": products, "cause": freed.cause}
            enqueue_fill(t, {**payload, "after": 0})


def enqueue_fill(t: Transaction, payload: Mapping[str, Any]) -> None:
    """Have the next order filled that waits, behind the one that the payload names."""
    key = f"{payload['cause']}, {payload['warehouse']}, {payload['after']}"
    enqueue(t, FILL, key, payload=payload, due_at_ms=t.at_ms)


def _lots_of(t: Transaction, batches: Sequence[int]) -> dict[int, list[int]]:
    """Give the products of batches by their warehouses."""
    found: dict[int, list[int]] = {}
    for start in range(0, len(batches), _AT_ONCE):
        some = batches[start : start + _AT_ONCE]
        statement = _LOTS % holders(len(some))
        for warehouse, product in t.rows(statement, padded(some)):
            found.setdefault(warehouse, []).append(product)
    return found


def find_placed(t: Transaction, source: Source, key: str) -> PlacedOrder | None:
    """Find the order that was asked for under an entrance's own key."""
    found = t.rows(_BY_KEY, (source, key))
    if not found:
        return None
    uuid, number, asked = found[0]
    return PlacedOrder(uuid, number, again=True, asked=asked)


def next_order_number(t: Transaction, source: Source) -> str:
    """Give the number of an order that is placed here: `S-000123`. Numbers may have gaps."""
    return f"{_LETTERS[source]}-{t.next_ids(tables.order_, 1)[0]:06d}"


def warehouse_of(t: Transaction, seller: int, code: str, *, scope: Scope) -> Place | None:
    """Find a seller's warehouse by its code, or its first where the code is empty.

    Whoever is given some warehouses has these alone, and the first of these.
    """
    for row in t.rows(_WAREHOUSE, (seller, code, code)):
        if not scope.warehouses or row[0] in scope.warehouses:
            return Place(*row)
    return None


def put_on_note(t: Transaction, order: int, note: str) -> None:
    """Write on which delivery note an order is by now; empty takes it off."""
    t.many("UPDATE order_ SET delivery = ? WHERE id = ?", [(note, order)])


def put_on_address(t: Transaction, order: int, ship_to: int | None) -> None:
    """Write to which address an order's goods go; None is the customer's own."""
    t.many("UPDATE order_ SET ship_to_id = ? WHERE id = ?", [(ship_to, order)])
    t.changed("orders")


def content_as_decided(t: Transaction, order: int, *, revision: int, now: Order) -> Order:
    """Give an order's content on the day that it was decided on; where nothing did, `now`."""
    found = t.rows(_EVIDENCE, (order, revision))
    written = bytes(found[0][0]) if found else b""
    return replace(now, business_date=read_evidence(written).day) if written else now
