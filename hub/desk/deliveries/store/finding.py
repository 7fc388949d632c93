"""Deliveries found by what is known of them; nothing is changed."""

from collections.abc import Collection

from sqlalchemy import select

from hub.base.transaction import Transaction
from hub.desk.deliveries.model.done import Waved
from hub.desk.deliveries.model.life import STILL_HERE
from hub.desk.deliveries.tables import delivery


def open_wave_of(t: Transaction, orders: Collection[int]) -> Waved | None:
    """Find the pick list on which just these orders are picked now, all of them on one."""
    note = delivery.c
    query = select(note.id, note.wave_id, note.order_id).where(
        note.order_id.in_(sorted(orders)), note.state.in_(STILL_HERE)
    )
    rows = t.connection.execute(query.order_by(note.id)).all()
    waves = {row.wave_id for row in rows}
    if len(waves) != 1 or {row.order_id for row in rows} != set(orders):
        return None
    return Waved(waves.pop(), tuple(row.id for row in rows), again=True)
