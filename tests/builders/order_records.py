"""Orders for the hub's pages to show: builders that set only what matters to a test."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, insert, select

from broker.contract import uuid7
from hub.desk.orders.model.life import RESERVING, Status
from hub.desk.orders.model.reasons import Reason, write_reasons
from hub.desk.orders.tables import decision, order_, order_line, order_revision, order_sum
from hub.desk.parties.tables import HOUSE
from hub.desk.products.tables import Product, product
from hub.desk.stock.tables import allocation, batch
from hub.desk.terminals.tables import inbox, outbox, unacked
from rules import ApprovalNeed
from tests.builders.hub_records import MINUTE, NOON, PACK, TODAY, Shelves, add_record, party_id

CONTENT: Final = "c" * 64
"""The content hash of every sample order."""
_PICKED: Final = RESERVING | {"cancelled"}


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One line of a sample order."""

    name: str = "Basmati rice 5 kg"
    quantity: int = 12
    ordered: int | None = None
    unit_price: int | None = 1_049_500
    total: int = 132_237
    free: bool = False
    expiry: date | None = date(2027, 3, 31)
    unit: str | None = None
    pack_size: int | None = None
    pack_price: int | None = None
    mrp: int | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """What a test may want to say of an order; the rest follows."""

    customer: str = "C-001"
    terminal: str = "shop-1"
    status: Status = "allocated"
    changed: bool = False
    payable: int = 132_200
    quoted: int | None = 132_200
    reasons: Sequence[Reason] = ()
    needs: Sequence[ApprovalNeed] = ()
    near: Sequence[str] = ()
    coupons: Sequence[str] = ()
    coupon_notes: Sequence[str] = ()
    lines: Sequence[SampleLine] = (SampleLine(),)
    decided_at: int = NOON - MINUTE
    business_date: date = TODAY
    delivery: str = "acked"
    priced: bool = True
    po_number: str = ""


def put_order(shelves: Shelves, sample: SampleOrder | None = None) -> str:
    """Add a decided order with everything that hangs on it; gives its UUID."""
    sample = sample or SampleOrder()
    shelves.orders += 1
    seq = shelves.seqs[sample.terminal] = shelves.seqs.get(sample.terminal, 0) + 1
    uuid = uuid7(sample.decided_at, shelves.orders.to_bytes(10, "big"))
    with shelves.database.write() as connection:
        order = connection.execute(
            insert(order_)
            .values(**_head(connection, sample, seq), uuid=uuid)
            .returning(order_.c.id)
        ).scalar_one()
        connection.execute(insert(order_revision).values(order_id=order, **_revision(sample)))
        _sum_up(connection, sample)
        for place, line in enumerate(sample.lines, 1):
            goods = _product(connection, line.name)
            _add_line(connection, order, place, line=line, goods=goods)
            if sample.status in _PICKED:
                _pick(connection, (order, place), line, goods=goods, status=sample.status)
        _add_reasons(connection, order, sample)
        _tell(connection, order, sample, uuid=uuid, seq=seq)
        connection.commit()
    return uuid


def sku_of(name: str) -> str:
    """Give the product of this name its code."""
    return f"SKU-{name}"[:60]


def _head(connection: Connection, sample: SampleOrder, seq: int) -> dict[str, Any]:
    number = f"{sample.terminal}-{seq}"
    return {
        "number": number,
        "source": "terminal",
        "source_key": f"{sample.terminal}/{seq}",
        "seller_id": party_id(connection, HOUSE),
        "warehouse_id": 1,
        "customer_id": party_id(connection, sample.customer),
        "customer_code": sample.customer,
        "requester_kind": "terminal",
        "requester": sample.terminal,
        "operator": "Ravi",
        "po_number": sample.po_number,
        "captured_at": sample.decided_at - 1_500,
        "clock_trusted": True,
        "placed_at": sample.decided_at,
        "business_date": sample.business_date,
        "status": sample.status,
        "revision": 1,
    }


def _sum_up(connection: Connection, sample: SampleOrder) -> None:
    """Add the order to what those of its day come to."""
    connection.execute(
        insert(order_sum).values(
            day=sample.business_date,
            seller_id=party_id(connection, HOUSE),
            warehouse_id=1,
            status=sample.status,
            currency="INR",
            scale=2,
            orders=1,
            payable=sample.payable,
            priced=sample.payable if sample.priced else 0,
        )
    )


def _revision(sample: SampleOrder) -> dict[str, Any]:
    net = sample.payable * 100 // 105
    coupons = msgspec.json.encode((sample.coupons, {})) if sample.coupons else b""
    return {
        "revision": 1,
        "content": 1,
        "cause": "placed",
        "made_by": "hub",
        "made_at": sample.decided_at,
        "status": sample.status,
        "changed": sample.changed,
        "reasons": write_reasons(tuple(sample.reasons)),
        "content_hash": CONTENT,
        "payment": "credit",
        "currency": "INR",
        "scale": 2,
        "gross": net,
        "discount": 0,
        "net": net,
        "tax": sample.payable - net,
        "round_off": 0,
        "payable": sample.payable,
        "exposure": 0,
        "credit_left": 5_000_000,
        "lines": len(sample.lines),
        "pack_hash": hashlib.sha256(PACK).hexdigest(),
        "pack_version": 7,
        "price_hash": "a" * 64 if sample.priced else None,
        "quote_price_hash": "a" * 64 if sample.quoted == sample.payable else "b" * 64,
        "quote_payable": sample.quoted,
        "coupons": coupons,
    }


def _product(connection: Connection, name: str) -> int:
    """Give the row id of the product of a name, adding it at first."""
    sku = sku_of(name)
    query = select(product.c.id).where(product.c.sku == sku)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        add_record(connection, Product(sku=sku, name=name))
        found = connection.execute(query).scalar_one()
    return int(found)


def _add_line(
    connection: Connection, order: int, place: int, *, line: SampleLine, goods: int
) -> None:
    net = line.total * 100 // 105
    connection.execute(
        insert(order_line).values(
            order_id=order,
            revision=1,
            free=line.free,
            line=place,
            product_id=goods,
            sku=sku_of(line.name),
            name=line.name,
            ordered=line.ordered or line.quantity,
            quantity=line.quantity,
            unit_price=line.unit_price,
            gross=line.total,
            discount=0,
            net=net,
            tax=line.total - net,
            total=line.total,
            rule="scheme-10-plus-1" if line.free else "price-default",
            unit=line.unit,
            pack_size=line.pack_size,
            pack_price=line.pack_price,
            mrp=line.mrp,
            batch=line.batch,
        )
    )


def _pick(
    connection: Connection, key: tuple[int, int], line: SampleLine, *, goods: int, status: Status
) -> None:
    """Promise the line units of a batch of its own; a cancelled order has given them back."""
    order, place = key
    promised = [line.quantity] if status in RESERVING else [line.quantity, -line.quantity]
    lot = connection.execute(
        insert(batch)
        .values(
            warehouse_id=1,
            product_id=goods,
            code=f"B{order}-{place}",
            expiry=line.expiry,
            received=TODAY,
            on_hand=1_000,
            reserved=sum(promised),
        )
        .returning(batch.c.id)
    ).scalar_one()
    row = {"order_id": order, "revision": 1, "free": line.free, "line": place, "batch_id": lot}
    for quantity in promised:
        connection.execute(insert(allocation).values(quantity=quantity, **row))


def _add_reasons(connection: Connection, order: int, sample: SampleOrder) -> None:
    """Add every step of the decision, and the approvals that would release the order."""
    # As stored: rows by position, so that a field may only ever be added at a row's end.
    steps = [
        ["price", "priced", "Price list of the region", "price-default", 1, None],
        ["tax", "taxed", "GST 5 %", "gst-5", 1, 6_297],
        *(["coupons", "coupon_unknown", note, "", None, None] for note in sample.coupon_notes),
    ]
    near = [["scheme-10-plus-1", 1, text] for text in sample.near]
    connection.execute(
        insert(decision).values(
            order_id=order,
            revision=1,
            inputs=b"",
            trace=msgspec.json.encode((steps, near)),
            needs=msgspec.json.encode(sample.needs) if sample.needs else b"",
        )
    )


def _tell(connection: Connection, order: int, sample: SampleOrder, *, uuid: str, seq: int) -> None:
    """Let the order have come from its terminal, and have been answered."""
    message = {"terminal": sample.terminal, "seq": seq, "received_at": sample.decided_at}
    connection.execute(
        insert(inbox).values(
            order_uuid=uuid, payload_sha256=hashlib.sha256(uuid.encode()).digest(), **message
        )
    )
    connection.execute(
        insert(outbox).values(
            terminal=sample.terminal,
            kind="answer",
            order_id=order,
            revision=1,
            payload=b"{}",
            created_at=sample.decided_at,
        )
    )
    if sample.delivery != "acked":
        row = connection.execute(select(outbox.c.id).where(outbox.c.order_id == order)).scalar_one()
        waiting = insert(unacked).values(terminal=sample.terminal, message=row)
        connection.execute(waiting.values(is_sent=sample.delivery == "sent"))
