"""Deliveries found by what is known of them; nothing is changed."""

from collections.abc import Collection

from sqlalchemy import or_, select

from hub.base.transaction import Transaction
from hub.desk.deliveries.model.done import Waved
from hub.desk.deliveries.model.life import STILL_HERE
from hub.desk.deliveries.tables import delivery, delivery_line, wave


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


def wave_to_join(t: Transaction, warehouse: int, *, since_ms: int) -> int | None:
    """Find the newest pick list of who acts, made since a moment, of which nothing is picked."""
    note, line = delivery.c, delivery_line.c
    begun = (
        select(note.id)
        .join(delivery_line, line.delivery_id == note.id)
        .where(note.wave_id == wave.c.id)
        .where(or_(line.picked > 0, line.short_reason != "", note.state != "picking"))
    )
    query = (
        select(wave.c.id)
        .where(wave.c.warehouse_id == warehouse, wave.c.made_by == t.actor)
        .where(wave.c.made_at >= since_ms, ~begun.exists())
        .order_by(wave.c.id.desc())
    )
    found = t.connection.execute(query.limit(1)).scalar()
    return None if found is None else int(found)
