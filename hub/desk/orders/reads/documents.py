"""Orders as JSON documents, for programs: the whole of one, and a line of the list."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from hub.desk.orders.model.life import public_of
from hub.desk.orders.reads.listing import OrderRow
from hub.desk.orders.reads.order import Line, OrderDetail, Revision
from hub.desk.orders.words import hide_word, sentence
from rules import NO_NAMES
from rules.values.decimals import shown_unit_price

_SUMS: Final = ("gross", "discount", "net", "tax", "round_off", "payable")
_LINE: Final = (
    *("number", "sku", "name", "ordered", "quantity", "unit", "pack_size", "unit_price"),
    *("discount", "net", "tax", "total", "rule"),
)


def write_row(row: OrderRow) -> dict[str, object]:
    """Write an order as the list has it; `payable` is in minor units, None without a price."""
    return {
        "order": row.uuid,
        "number": row.number,
        "revision": row.revision,
        "status": row.status,
        "public": row.public,
        "paid": row.paid,
        "changed": row.changed,
        "reason": row.reason,
        "customer": row.customer_code,
        "customer_name": row.customer,
        "po_number": row.po_number,
        "source": row.source,
        "source_key": row.source_key,
        "requester": row.requester,
        "lines": row.lines,
        "payable": row.payable,
        "currency": row.currency,
        "scale": row.scale,
        "placed_at": row.placed_at,
    }


def write_order(found: OrderDetail) -> Mapping[str, Any]:
    """Write a whole order as it stands; amounts are in minor units, with `scale` decimals."""
    head = found.head
    return {
        "order": head.uuid,
        "number": head.number,
        "key": head.source_key.partition(":")[2] if head.source == "api" else None,
        "source": head.source,
        "customer": head.customer_code,
        "po_number": head.po_number,
        "ship_to": found.ship_to.code if found.ship_to else "",
        "warehouse": head.warehouse,
        "business_date": head.business_date.isoformat(),
        "placed_at": head.placed_at,
        "revision": head.revision,
        "split_of": next((one.uuid for one in found.parts if one.is_first), None),
        "split_off": [one.uuid for one in found.parts if not one.is_first],
        **write_revision(found.newest, names=found.names),
    }


def write_revision(newest: Revision, *, names: Mapping[str, str] = NO_NAMES) -> dict[str, Any]:
    """Write what was, or would be, decided of an order; `names` are what people call rules."""
    return {
        "status": newest.status,
        "public": public_of(newest.status),
        "changed": newest.changed,
        "payment": newest.payment,
        "currency": newest.currency,
        "scale": newest.scale,
        "totals": {name: getattr(newest, name) for name in _SUMS} if newest.priced else None,
        "price_hash": newest.price_hash,
        "content_hash": newest.content_hash,
        "pack_version": newest.pack_version,
        "coupons": list(newest.coupons),
        "choices": dict(newest.choices),
        "delivery_date": newest.delivery_date and newest.delivery_date.isoformat(),
        "lines": _lines(newest.lines),
        "free": _lines(newest.free),
        "reasons": [
            {
                "code": one.code,
                "text": sentence(one, newest.scale, names=names, currency=newest.currency),
                "params": one.params,
                "rule": one.rule,
                "line": one.line,
            }
            for one in map(hide_word, newest.reasons)
        ],
    }


def _terms(line: Line) -> dict[str, str | None]:
    """Write what was asked to be taken off a line, in the words that it is asked for in."""
    return {
        "batch_reason": line.batch_reason,
        "percent_off": line.percent_asked or None,
        "off_each": shown_unit_price(line.off_each) if line.off_each else None,
    }


def _lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [
        {name: getattr(one, name) for name in _LINE}
        | _terms(one)
        | {"batches": [{"batch": pick.batch, "quantity": pick.quantity} for pick in one.picks]}
        for one in lines
    ]
