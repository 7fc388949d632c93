"""One order locked and read with its newest revision, for whoever is to change it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts.store import billed_by
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import REDIRECTABLE, Status
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.model.request import (
    OrderRequest,
    Place,
    Requester,
    Source,
    read_asked_line,
)
from hub.desk.orders.model.verdict import STAFF_HOLD
from rules import Order, Payment

_ORDER: Final = """
SELECT o.id, o.uuid, o.number, o.source, o.source_key, o.seller_id, o.customer_id, o.customer_code,
       o.requester_kind, o.requester, o.operator, o.captured_at, o.clock_trusted, o.business_date,
       o.status, o.revision, w.id, w.code, o.delivery, o.ship_to_id,
       o.po_number
FROM order_ o JOIN warehouse w ON w.id = o.warehouse_id WHERE o.uuid = ?"""
_REVISION: Final = """
SELECT content, content_hash, payment, payable, pack_hash, coupons, reasons, delivery_date, changed
FROM order_revision
WHERE order_id = ? AND revision = ?
"""
_ASKED: Final = """
SELECT line, sku, ordered, unit, batch, batch_reason, percent_off, off_each FROM order_line
WHERE order_id = ? AND revision = ? AND NOT free ORDER BY line
"""


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """An order under lock, with its newest revision; `request` is what is asked for by now.

    `hold` is why staff let it wait, None where nobody did; `changed` says that it is not as asked.
    `note` is the number of the note on which its goods are picked or on the road, empty where they
    are on none.
    """

    id: int
    status: Status
    revision: int
    content_hash: str
    payable: int
    pack_hash: str | None
    customer_id: int | None
    hold: Reason | None
    changed: bool
    request: OrderRequest
    note: str = ""


def lock_order(t: Transaction, uuid: str) -> LockedOrder | None:
    """Lock and read an order by its id; None where there is none."""
    found = t.rows(f"{_ORDER}{t.row_lock}{' OF o' if t.row_lock else ''}", (uuid,))
    if not found:
        return None
    row = found[0]
    t.lock(LockRank.ORDER, {row[0]})
    content, digest, payment, payable, pack, coupons, reasons, wanted, changed = t.rows(
        _REVISION, (row[0], row[15])
    )[0]
    asked = t.rows(_ASKED, (row[0], content))
    return LockedOrder(
        id=row[0],
        status=row[14],
        revision=row[15],
        content_hash=digest,
        payable=payable,
        pack_hash=pack,
        customer_id=row[6],
        hold=_staff_hold(read_reasons(bytes(reasons))) if row[14] == "held" else None,
        changed=bool(changed),
        request=_request(row, asked, payment=payment, coupons=bytes(coupons), wanted=wanted),
        note=row[18],
    )


def order_for(
    t: Transaction, uuid: str, *, seen: int | None, among: Collection[Status]
) -> LockedOrder | Refused:
    """Lock an order that is to be changed by somebody who looked at its revision `seen`.

    Refused is an order that is not there, has changed meanwhile, or is in none of these states;
    and one that is being picked: whoever picks it gives it back first, so that nobody carries
    goods that the order does not want any more.
    """
    order = lock_order(t, uuid)
    if order is None:
        return Refused(Reason("order_unknown", {"order": uuid}))
    if seen is not None and seen != order.revision:
        return Refused(Reason("order_changed", {"revision": order.revision}))
    if order.status not in among:
        return Refused(Reason("order_settled", {"status": [f"status.{order.status}", {}]}))
    if order.note:
        return Refused(Reason("order_being_picked", {"note": order.note}))
    return order


def unbilled_order_for(
    t: Transaction, uuid: str, *, seen: int | None, among: Collection[Status]
) -> LockedOrder | Refused:
    """Lock an order as `order_for` does; one that invoices bill is refused, they come first."""
    return _unbilled(t, order_for(t, uuid, seen=seen, among=among))


def unsent_order_for(t: Transaction, uuid: str) -> LockedOrder | Refused:
    """Lock an order whose goods are still here, also where they are being picked.

    Refused is one of which goods have left or that nobody is sent, and one that invoices bill.
    """
    order = lock_order(t, uuid)
    if order is None:
        return Refused(Reason("order_unknown", {"order": uuid}))
    if order.status not in REDIRECTABLE:
        return Refused(Reason("order_settled", {"status": [f"status.{order.status}", {}]}))
    return _unbilled(t, order)


def _unbilled(t: Transaction, order: LockedOrder | Refused) -> LockedOrder | Refused:
    """Refuse an order that invoices bill."""
    billed = () if isinstance(order, Refused) else billed_by(t, order.id)
    return Refused(Reason("order_billed", {"invoices": ", ".join(billed)})) if billed else order


def _request(
    row: Any,  # noqa: ANN401  # a row of the driver
    asked: Collection[Any],
    *,
    payment: Payment,
    coupons: bytes,
    wanted: date | str | None,
) -> OrderRequest:
    """Write what an order asks for by now; what the counter showed was of its first revision."""
    codes, choices = json.loads(coupons) if coupons else ([], {})
    return OrderRequest(
        order=Order(
            id=row[1],
            customer=row[7],
            business_date=_day(row[13]),
            lines=tuple(read_asked_line(one) for one in asked),
            payment=payment,
            coupons=tuple(codes),
            choices=choices,
            delivery_date=None if wanted is None else _day(wanted),
        ),
        number=row[2],
        source=cast("Source", row[3]),
        source_key=row[4],
        seller=row[5],
        warehouse=Place(row[16], row[17]),
        requester=Requester(row[8], row[9]),
        operator=row[10],
        captured_at=row[11],
        clock_trusted=bool(row[12]),
        po_number=row[20],
        ship_to=row[19],
    )


def _day(stored: date | str) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _staff_hold(reasons: Sequence[Reason]) -> Reason | None:
    return next((one for one in reasons if one.code == STAFF_HOLD), None)
