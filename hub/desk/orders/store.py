"""Orders found and prepared inside a given transaction, for the acts that place and amend them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hub.base.transaction import Transaction
from hub.desk.orders import tables
from hub.desk.orders.model.asked import PlacedOrder
from hub.desk.orders.model.evidence import read_evidence
from hub.desk.orders.model.request import Place, Source
from rules import Order

_BY_KEY: Final = "SELECT uuid, number, asked_digest FROM order_ WHERE source = ? AND source_key = ?"
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
    if not found:
        return None
    uuid, number, asked = found[0]
    return PlacedOrder(uuid, number, again=True, asked=asked)


def next_order_number(t: Transaction, source: Source) -> str:
    """Give the number of an order that is placed here: `S-000123`. Numbers may have gaps."""
    return f"{_LETTERS[source]}-{t.next_ids(tables.order_, 1)[0]:06d}"


def warehouse_of(t: Transaction, seller: int, code: str) -> Place | None:
    """Find a seller's warehouse by its code, or its first where the code is empty."""
    found = t.rows(_WAREHOUSE, (seller, code, code))
    return Place(*found[0]) if found else None


def put_on_note(t: Transaction, order: int, note: str) -> None:
    """Write on which delivery note an order is by now; empty takes it off."""
    t.many("UPDATE order_ SET delivery = ? WHERE id = ?", [(note, order)])


def content_as_decided(t: Transaction, order: int, *, revision: int, now: Order) -> Order:
    """Give an order's content on the day that it was decided on; where nothing did, `now`."""
    found = t.rows(_EVIDENCE, (order, revision))
    written = bytes(found[0][0]) if found else b""
    return replace(now, business_date=read_evidence(written).day) if written else now
