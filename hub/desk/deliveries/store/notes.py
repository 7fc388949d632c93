"""Delivery notes made, locked with their orders, and moved on, inside a given transaction."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, insert, select, update

from hub.base import numbering
from hub.base.access import Scope, visible
from hub.base.fields import Reason, Refused
from hub.base.transaction import LockRank, StoringError, Transaction
from hub.desk.deliveries.model.drives import Drive
from hub.desk.deliveries.model.life import STILL_HERE, State
from hub.desk.deliveries.model.notes import LockedNote, NoteLine
from hub.desk.deliveries.tables import delivery, delivery_line, trip, wave
from hub.desk.orders.deciding import LockedOrder, lock_order
from hub.desk.orders.model.events import OrderRedirected
from hub.desk.orders.tables import order_
from hub.desk.products.tables import product
from hub.desk.stock.tables import batch

TOPIC: Final = "deliveries"
KIND: Final = "delivery"
_PREFIX: Final = "DN{year}/"
_LINE: Final = (
    *("delivery_id", "number", "free", "line", "product_id", "sku", "batch_id", "planned"),
)
_PICK: Final = """
UPDATE delivery_line SET picked = picked + ?
WHERE delivery_id = ? AND number = ? AND picked + ? BETWEEN 0 AND planned AND short_reason = ''
"""
_SHORT: Final = """
UPDATE delivery_line SET short_reason = ? WHERE delivery_id = ? AND number = ? AND picked < planned
"""
_SEND: Final = "UPDATE delivery_line SET sent = picked WHERE delivery_id = ?"


class OrderOnNote(NamedTuple):
    """A note with its order, both under lock."""

    order: LockedOrder
    note: LockedNote


def lock_orders(t: Transaction, uuids: Collection[str]) -> list[LockedOrder]:
    """Lock orders by rising ids, as everybody does; ids that no order has are left out."""
    query = select(order_.c.uuid).where(order_.c.uuid.in_(sorted(uuids))).order_by(order_.c.id)
    found = [lock_order(t, uuid) for uuid in t.connection.execute(query).scalars()]
    return [one for one in found if one is not None]


def lock_notes(
    t: Transaction, ids: Collection[int], *, scope: Scope
) -> list[OrderOnNote] | Refused:
    """Lock notes that a person may see: their orders first, then the notes, by rising ids."""
    note = delivery.c
    seen = note.id.in_(sorted(set(ids))) & _seen(scope)
    query = select(note.id, order_.c.uuid).join(order_, order_.c.id == note.order_id).where(seen)
    found = {row.id: row.uuid for row in t.connection.execute(query)}
    missing = sorted(set(ids) - found.keys())
    if missing or not found:
        return Refused((Reason("delivery_unknown", {"delivery": (missing or [0])[0]}),))
    orders = {one.id: one for one in lock_orders(t, set(found.values()))}
    t.lock(LockRank.DOCUMENT, {(KIND, one) for one in found})
    rows = t.connection.execute(
        select(delivery).where(seen).order_by(note.id).with_for_update()
    ).mappings()
    return [OrderOnNote(orders[row["order_id"]], _locked(t, row)) for row in rows.all()]


def _seen(scope: Scope) -> ColumnElement[bool]:
    return visible(scope, seller=delivery.c.seller_id, party=delivery.c.customer_id)


def notes_of_wave(t: Transaction, wave_id: int, *, scope: Scope) -> list[int]:
    """Find the notes of a pick list that a person may see."""
    query = select(delivery.c.id).where(delivery.c.wave_id == wave_id, _seen(scope))
    return list(t.connection.execute(query.order_by(delivery.c.id)).scalars())


def _locked(t: Transaction, row: RowMapping) -> LockedNote:
    line = delivery_line.c
    query = (
        select(
            *(line.number, line.free, line.line, line.product_id, line.sku, product.c.name),
            *(line.batch_id, batch.c.code, batch.c.expiry, batch.c.status),
            *(line.planned, line.picked, line.short_reason, line.sent),
        )
        .join(product, product.c.id == line.product_id)
        .outerjoin(batch, batch.c.id == line.batch_id)
        .where(line.delivery_id == row["id"])
        .order_by(line.number)
    )
    lines = tuple(
        NoteLine(
            number=one.number,
            free=bool(one.free),
            line=one.line,
            product=one.product_id,
            sku=one.sku,
            name=one.name,
            batch=one.batch_id,
            code=one.code or "",
            expiry=one.expiry,
            sellable=one.status in {None, "ok"},
            planned=one.planned,
            picked=one.picked,
            short=one.short_reason,
            sent=one.sent,
        )
        for one in t.connection.execute(query)
    )
    return LockedNote(
        id=row["id"],
        number=row["number"],
        seller=row["seller_id"],
        warehouse=row["warehouse_id"],
        customer=row["customer_id"],
        order=row["order_id"],
        content=row["content"],
        state=row["state"],
        day=row["day"],
        wave=row["wave_id"],
        trip=row["trip_id"],
        passed_by=row["passed_by"],
        dispatched_at=row["dispatched_at"],
        word=row["word"],
        lines=lines,
    )


class NewNote(NamedTuple):
    """A note that is to be made of an order, whose lines are `content`'s."""

    order: LockedOrder
    content: int
    day: date
    lines: Sequence["NewLine"]


class NewLine(NamedTuple):
    """Base units of a batch that a note is to bring for a line of the order."""

    number: int
    free: bool
    line: int
    product: int
    sku: str
    batch: int | None
    planned: int


def make_wave(t: Transaction, *, seller: int, warehouse: int) -> int:
    """Open a pick list."""
    row = {"seller_id": seller, "warehouse_id": warehouse, **_made(t)}
    return _key_of(t.connection.execute(insert(wave).values(row)).inserted_primary_key)


def make_trip(t: Transaction, drive: Drive, *, seller: int, warehouse: int) -> int:
    """Open a trip of a vehicle."""
    row = {"seller_id": seller, "warehouse_id": warehouse, **asdict(drive), **_made(t)}
    return _key_of(t.connection.execute(insert(trip).values(row)).inserted_primary_key)


def _made(t: Transaction) -> dict[str, object]:
    return {"made_by": t.actor, "made_at": t.at_ms}


def _key_of(made: Any) -> int:  # noqa: ANN401  # a row of the driver
    assert made is not None  # noqa: S101  # an insert of one row has a key
    return int(made[0])


def make_notes(
    t: Transaction, notes: Sequence[NewNote], *, wave_id: int, today: date
) -> list[tuple[int, str]]:
    """Write notes with the next numbers of their seller's series; the last lock of all.

    Gives the id and the number of each. The orders are not on them yet.
    """
    seller = notes[0].order.request.seller
    numbers = _numbers(t, seller, today=today, count=len(notes))
    ids = []
    for one, number in zip(notes, numbers, strict=True):
        row = {
            "number": number,
            "seller_id": seller,
            "warehouse_id": one.order.request.warehouse.id,
            "customer_id": one.order.customer_id,
            "order_id": one.order.id,
            "content": one.content,
            "ship_to_id": one.order.request.ship_to,
            "state": "picking",
            "day": one.day,
            "wave_id": wave_id,
            **_made(t),
        }
        made = t.connection.execute(insert(delivery).values(row)).inserted_primary_key
        ids.append((_key_of(made), number))
        add_lines(t, ids[-1][0], one.lines)
    t.changed(TOPIC)
    return ids


def follow_redirected(t: Transaction, redirected: OrderRedirected) -> None:
    """Have the note that an order is on in the warehouse bring its goods to the other address.

    Whoever moves a note on locks its order first, so that this note has not left.
    """
    note = delivery.c
    here = (note.order_id == redirected.order) & note.state.in_(STILL_HERE)
    statement = update(delivery).where(here).values(ship_to_id=redirected.ship_to)
    if t.connection.execute(statement).rowcount:
        t.changed(TOPIC)


def _numbers(t: Transaction, seller: int, *, today: date, count: int) -> list[str]:
    """Take numbers; a seller who never sent anything gets the usual series: DN26-27/00001."""
    try:
        return numbering.next_numbers(t, seller=seller, kind=KIND, day=today, count=count)
    except numbering.UndefinedSeriesError:
        numbering.define_usual(t, numbering.Series(seller, KIND, _PREFIX), day=today)
        return numbering.next_numbers(t, seller=seller, kind=KIND, day=today, count=count)


def add_lines(t: Transaction, note: int, lines: Sequence[NewLine]) -> None:
    """Add lines to a note."""
    t.insert(delivery_line, _LINE, [(note, *one) for one in lines])


def count_picked(t: Transaction, found: Sequence[tuple[int, int, int]]) -> None:
    """Count base units as picked, by note and line; below zero puts back.

    Raises StoringError where more would be picked than the line says.
    """
    rows = [(quantity, note, number, quantity) for note, number, quantity in found if quantity]
    if t.many(_PICK, rows) != len(rows):
        raise StoringError("more would be picked than the note says")
    t.changed(TOPIC)


def mark_short(t: Transaction, note: int, number: int, *, reason: str) -> None:
    """Write that what is left of a line is not looked for any more, and why."""
    t.many(_SHORT, [(reason, note, number)])


def settle_note(t: Transaction, locked: LockedNote, state: State, **values: object) -> None:
    """Move a note on; raises StoringError where another did so since it was read."""
    table = delivery.c
    own = (table.id == locked.id) & (table.state == locked.state)
    done = t.connection.execute(update(delivery).where(own).values({"state": state, **values}))
    if done.rowcount != 1:
        raise StoringError("the note has moved on since it was read")
    t.changed(TOPIC)
    t.changed("orders")


def pass_note(t: Transaction, note: int, why: str) -> None:
    """Write who lets a note out although credit is not good enough."""
    values = {"passed_by": t.actor, "passed_why": why}
    t.connection.execute(update(delivery).where(delivery.c.id == note).values(values))
    t.changed(TOPIC)


def send_lines(t: Transaction, notes: Collection[int]) -> None:
    """Write that what was picked has left."""
    t.many(_SEND, [(one,) for one in sorted(notes)])
