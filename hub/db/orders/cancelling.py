"""The transaction that cancels an order, with its locks in the order path's order."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

from sqlalchemy import Connection, func, insert, select, update

from broker.contract import OrderStatus
from hub.base.engine.database import Database
from hub.db import tables
from hub.services.cancel_order import Cancelled, CancelUnit, StoredOrder


class OpenCancelUnits:
    """Opens transactions that cancel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self) -> AbstractContextManager[CancelUnit]:
        """Open one."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[CancelUnit]:
        with self._database.write() as connection:
            yield _Unit(connection)


class _Unit:
    """One transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, uuid: str) -> StoredOrder | None:
        """Read an order under lock."""
        order = tables.order_
        query = select(order).where(order.c.uuid == uuid).with_for_update()
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return StoredOrder(
            id=row.id,
            uuid=row.uuid,
            terminal=row.terminal,
            number=row.number,
            status=cast("OrderStatus", row.status),
            revision=row.revision,
        )

    def give_back(self, order: StoredOrder) -> None:
        """Release its batches, its exposure and what it used of schemes."""
        self._release_exposure(order.id)
        self._release_batches(order.id)
        self._release_counters(order.id)

    def write(self, cancelled: Cancelled) -> None:
        """Write status, timeline and notice."""
        order = cancelled.order
        self._connection.execute(
            update(tables.order_)
            .where(tables.order_.c.id == order.id)
            .values(status="cancelled", reason="cancelled", revision=cancelled.revision, exposure=0)
        )
        self._connection.execute(
            insert(tables.order_event).values(
                order_id=order.id,
                at=cancelled.now_ms,
                kind="cancelled",
                actor=cancelled.actor,
                text=cancelled.reason,
            )
        )
        self._connection.execute(
            insert(tables.outbox).values(
                terminal=order.terminal,
                kind="notice",
                order_id=order.id,
                revision=cancelled.revision,
                payload=cancelled.notice,
                state="pending",
                created_at=cancelled.now_ms,
            )
        )

    def commit(self) -> None:
        """Keep everything."""
        self._connection.commit()

    def _release_exposure(self, order_id: int) -> None:
        order, account = tables.order_, tables.customer_account
        held = select(order.c.exposure).where(order.c.id == order_id).scalar_subquery()
        whose = select(order.c.customer_id).where(order.c.id == order_id).scalar_subquery()
        self._connection.execute(
            update(account)
            .where(account.c.customer_id == whose)
            .values(exposure=account.c.exposure - held)
        )

    def _release_batches(self, order_id: int) -> None:
        allocation, batch = tables.allocation, tables.batch
        is_held = (allocation.c.order_id == order_id) & (allocation.c.state == "open")
        sums = self._connection.execute(
            select(allocation.c.batch_id, func.sum(allocation.c.quantity).label("quantity"))
            .where(is_held)
            .group_by(allocation.c.batch_id)
            .order_by(allocation.c.batch_id)
        ).all()
        for row in sums:
            self._connection.execute(
                update(batch)
                .where(batch.c.id == row.batch_id)
                .values(reserved=batch.c.reserved - int(row.quantity))
            )
        self._connection.execute(update(allocation).where(is_held).values(state="released"))

    def _release_counters(self, order_id: int) -> None:
        change, counter = tables.counter_change, tables.scheme_counter
        changes = self._connection.execute(
            select(change)
            .where(change.c.order_id == order_id)
            .order_by(change.c.rule, change.c.scope)
        ).all()
        for row in changes:
            self._connection.execute(
                update(counter)
                .where(counter.c.rule == row.rule, counter.c.scope == row.scope)
                .values(
                    used=counter.c.used - row.used,
                    spent=counter.c.spent - row.spent,
                    bought=counter.c.bought - row.bought,
                    pieces=counter.c.pieces - row.pieces,
                )
            )
