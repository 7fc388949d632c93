"""Who runs this hub, and what the day has brought so far."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, func, select

from hub.base.engine.columns import table_of
from hub.db.tables import Setting, order_

_settings = table_of(Setting)


@dataclass(frozen=True, slots=True)
class Distributor:
    """The distributor's name and time zone."""

    name: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount in one currency."""

    amount: int
    currency: str
    scale: int


@dataclass(frozen=True, slots=True)
class Today:
    """The tiles: orders taken today and what became of them; `held` counts every open one."""

    orders: int
    confirmed: int
    value: tuple[Sum, ...]
    held: int
    rejected: int


def read_distributor(connection: Connection) -> Distributor:
    """Read the distributor's settings; a hub where nothing was loaded yet shows UTC."""
    rows = connection.execute(
        select(_settings.c.key, _settings.c.value).where(
            _settings.c.key.in_(("distributor", "timezone"))
        )
    )
    values = {row.key: row.value for row in rows}
    try:
        zone = ZoneInfo(values.get("timezone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return Distributor(name=values.get("distributor", "Orderwire"), zone=zone)


def read_today(connection: Connection, today: date) -> Today:
    """Count today's orders; the cost grows with the day's orders only."""
    rows = connection.execute(
        select(
            order_.c.status,
            order_.c.currency,
            order_.c.scale,
            func.count().label("orders"),
            func.sum(order_.c.payable).label("amount"),
        )
        .where(order_.c.business_date == today)
        .group_by(order_.c.status, order_.c.currency, order_.c.scale)
    ).all()
    held = connection.execute(
        select(func.count()).select_from(order_).where(order_.c.status == "held")
    ).scalar_one()
    confirmed = [row for row in rows if row.status in {"confirmed", "confirmed_changed"}]
    value: dict[tuple[str, int], int] = {}
    for row in confirmed:
        kind = (row.currency, row.scale)
        value[kind] = value.get(kind, 0) + int(row.amount)
    return Today(
        orders=sum(row.orders for row in rows),
        confirmed=sum(row.orders for row in confirmed),
        value=tuple(Sum(amount, *kind) for kind, amount in sorted(value.items())),
        held=held,
        rejected=sum(row.orders for row in rows if row.status == "rejected"),
    )
