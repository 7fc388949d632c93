"""The movements behind each number of stock with their balance, and the orders that hold it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Connection, case, func, select, union_all

from hub.base.access import Scope, visible
from hub.desk.parties.tables import customer_profile, party
from hub.desk.products.tables import product
from hub.desk.stock.model.moves import COLUMNS, Bucket
from hub.desk.stock.tables import (
    allocation,
    batch,
    holding_note,
    holding_order,
    stock_movement,
    warehouse,
)

MOST: Final = 200
"""Movements on a page, the newest."""


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A movement; `balance` is what its bucket had after it, `change` by how much it grew."""

    at: int
    kind: str
    batch: str
    change: int
    balance: int
    origin: str | None
    target: str | None
    reason: str
    note: str
    who: str
    document: int | None


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An order that holds some of a batch, with whom to tell; `phone` where one is known."""

    order: str
    number: str
    status: str
    batch: str
    warehouse: str
    quantity: int
    customer: str
    customer_name: str
    phone: str | None
    day: date
    expiry: date | None

    @property
    def expired(self) -> bool:
        """Say whether the batch, as its dates are now, was past its expiry on the order's day."""
        return self.expiry is not None and self.expiry < self.day


def list_movements(
    connection: Connection,
    *,
    bucket: Bucket = "good",
    batch_id: int | None = None,
    sku: str | None = None,
    place: str | None = None,
    scope: Scope,
) -> Sequence[MovementRow]:
    """Read what made a bucket of a batch, or of a product in a warehouse, the newest first.

    The newest balance is what the bucket has: each row adds up from those before it.
    """
    table = stock_movement.c
    change = case((table.to_bucket == bucket, table.quantity), else_=-table.quantity)
    query = (
        select(
            table.at,
            table.kind,
            batch.c.code.label("batch"),
            change.label("change"),
            table.from_bucket.label("origin"),
            table.to_bucket.label("target"),
            table.reason,
            table.note,
            table.actor.label("who"),
            table.document_id.label("document"),
        )
        .join(batch, batch.c.id == table.batch_id)
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .join(product, product.c.id == batch.c.product_id)
        .where((table.from_bucket == bucket) | (table.to_bucket == bucket))
        .where(visible(scope, seller=warehouse.c.seller_id))
        .where(*_of(batch_id, sku, place))
    )
    newest = connection.execute(query.order_by(table.id.desc()).limit(MOST)).all()
    now = _balance(connection, bucket, _of(batch_id, sku, place), scope=scope)
    # Beginning from what there is now: the rows before the newest need not be read.
    balances = list(accumulate((-row.change for row in newest), initial=now))
    return [
        MovementRow(**row._mapping, balance=balance)  # noqa: SLF001 -- a row of the query
        for row, balance in zip(newest, balances, strict=False)
    ]


def list_holders(
    connection: Connection,
    *,
    batch_id: int | None = None,
    sku: str | None = None,
    place: str | None = None,
    everywhere: bool = False,
    scope: Scope,
) -> Sequence[HolderRow]:
    """Read who has some of a batch promised or shipped, by customer; whom to tell of a recall.

    `everywhere` takes the batches of its number in every warehouse.
    """
    asked = _namesakes(batch_id) if everywhere else _of(batch_id, sku, place)
    goods = _given(asked).subquery("goods")
    held = func.sum(goods.c.quantity)
    orders = holding_order.c
    query = (
        select(
            orders.uuid,
            orders.number,
            orders.status,
            batch.c.code,
            warehouse.c.code.label("place"),
            held.label("quantity"),
            party.c.code.label("customer"),
            party.c.name,
            customer_profile.c.phone,
            orders.business_date,
            batch.c.expiry,
        )
        .select_from(goods)
        .join(batch, batch.c.id == goods.c.batch_id)
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .join(holding_order, orders.id == goods.c.order_id)
        .join(party, party.c.id == orders.customer_id)
        .outerjoin(customer_profile, customer_profile.c.party_id == party.c.id)
        .where(visible(scope, seller=orders.seller_id, party=orders.customer_id))
        .where(visible(scope, seller=warehouse.c.seller_id))
        .group_by(
            orders.id,
            orders.uuid,
            orders.number,
            orders.status,
            batch.c.code,
            warehouse.c.code,
            party.c.code,
            party.c.name,
            customer_profile.c.phone,
            orders.business_date,
            batch.c.expiry,
        )
        .having(held > 0)
        .order_by(party.c.name, orders.id)
    )
    return [HolderRow(*row) for row in connection.execute(query)]


def _given(asked: list[ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Give what orders have of these batches: what is promised, on the road, and delivered.

    Twelve promised and sent, of which two came back, are ten.
    """
    ids = (
        select(batch.c.id)
        .join(product, product.c.id == batch.c.product_id)
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .where(*asked)
    )
    moved, note = stock_movement.c, holding_note.c
    left = case(
        (moved.kind == "dispatch", moved.quantity),
        (moved.kind.in_(("back", "loss")), -moved.quantity),
        else_=0,
    )
    promised = select(
        allocation.c.order_id, allocation.c.batch_id, allocation.c.quantity.label("quantity")
    ).where(allocation.c.batch_id.in_(ids))
    shipped = (
        select(note.order_id, moved.batch_id, left.label("quantity"))
        .join(holding_note, note.id == moved.delivery_id)
        .where(moved.batch_id.in_(ids))
    )
    return union_all(promised, shipped)


def _of(batch_id: int | None, sku: str | None, place: str | None) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if batch_id is not None:
        asked.append(batch.c.id == batch_id)
    if sku is not None:
        asked.append(product.c.sku == sku)
    if place is not None:
        asked.append(warehouse.c.code == place)
    return asked


def _namesakes(batch_id: int | None) -> list[ColumnElement[bool]]:
    own = batch.alias("own")
    of = select(own.c.product_id).where(own.c.id == batch_id).scalar_subquery()
    code = select(own.c.code).where(own.c.id == batch_id).scalar_subquery()
    return [batch.c.product_id == of, batch.c.code == code]


def _balance(connection: Connection, bucket: Bucket, asked: Sequence[Any], *, scope: Scope) -> int:
    query = (
        select(func.coalesce(func.sum(batch.c[COLUMNS[bucket]]), 0))
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .join(product, product.c.id == batch.c.product_id)
        .where(visible(scope, seller=warehouse.c.seller_id))
        .where(*asked)
    )
    return int(connection.execute(query).scalar_one())
