"""What terminals fetch, and what lets them fetch it."""

from datetime import date
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.engine.columns import table_of
from hub.desk.orders.tables import goods_sum, order_, order_line
from hub.desk.products.tables import snapshot
from hub.desk.terminals.tables import Terminal, terminal_rotation

_terminals = table_of(Terminal)
_rotation: Final = terminal_rotation.c
_LOOKED_AT: Final = 500
"""So many of a shop's newest orders say what it buys."""
_MOST_RANKED: Final = 10_000


def read_secrets(connection: Connection, terminal: str) -> tuple[str, ...]:
    """Read the SHA-256, in hex, of each password that is good of a terminal.

    These are two from when it gave a new one until it used that; none of an unknown or revoked one.
    """
    own = read_secret(connection, terminal)
    if own is None:
        return ()
    query = select(_rotation.password_sha256).where(
        _rotation.terminal == terminal, _rotation.state == "given"
    )
    return (own, *connection.execute(query).scalars())


def read_secret(connection: Connection, terminal: str) -> str | None:
    """Read the SHA-256, in hex, of a terminal's password; None for an unknown or revoked one."""
    query = select(_terminals.c.secret_sha256).where(
        _terminals.c.id == terminal, _terminals.c.revoked_at.is_(None)
    )
    return connection.execute(query).scalar_one_or_none()


def read_snapshot(connection: Connection, digest: str, *, kind: str = "") -> bytes | None:
    """Read a snapshot by its hash; with a `kind`, no other one."""
    query = select(snapshot.c.body).where(snapshot.c.hash == digest)
    if kind:
        query = query.where(snapshot.c.kind == kind)
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else bytes(body)


def read_ordered(connection: Connection, terminal: str, *, since: date) -> list[str]:
    """Read SKUs for a terminal's own list: what its shop orders most, then what everybody does.

    The shop's are counted in its newest orders, everybody's from a day on, of the same seller.
    """
    own = select(_terminals.c.customer_id, _terminals.c.seller_id).where(
        _terminals.c.id == terminal
    )
    found = connection.execute(own).first()
    if found is None:
        return []
    newest = (
        select(order_.c.id)
        .where(order_.c.customer_id == found.customer_id)
        .order_by(order_.c.id.desc())
        .limit(_LOOKED_AT)
    )
    orders = func.count(order_line.c.order_id.distinct())
    of_shop = (
        select(order_line.c.sku)
        .where(order_line.c.order_id.in_(newest), ~order_line.c.free)
        .group_by(order_line.c.sku)
        .order_by(orders.desc(), order_line.c.sku)
    )
    of_all = (
        select(goods_sum.c.sku)
        .where(goods_sum.c.day >= since, goods_sum.c.seller_id == found.seller_id)
        .group_by(goods_sum.c.sku)
        .order_by(func.sum(goods_sum.c.line_orders).desc(), goods_sum.c.sku)
        .limit(_MOST_RANKED)
    )
    return [sku for query in (of_shop, of_all) for sku in connection.execute(query).scalars()]
