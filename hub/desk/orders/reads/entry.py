"""What order entry asks for: where a shop stands, and what it ordered before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, func, select

from hub.base.access import Scope, visible
from hub.desk.accounts.tables import customer_account
from hub.desk.orders.model.basket import BasketRow
from hub.desk.orders.model.life import COUNTING, OPEN_OR_DONE
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import ASKED_FOR, order_, order_line, order_revision
from hub.desk.parties.tables import party
from rules.values.decimals import shown_percent, shown_unit_price

_PAST_LINES: Final = 20
_newest: Final = (order_revision.c.order_id == order_.c.id) & (
    order_revision.c.revision == order_.c.revision
)
_lines: Final = (order_line.c.order_id == order_.c.id) & (
    order_line.c.revision == order_revision.c.content
)


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order that a shop had before, as it may be repeated."""

    uuid: str
    number: str
    placed_at: int
    lines: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a customer owes and will owe, and up to what it may."""

    exposure: int
    credit_state: str
    credit_limit: int


def read_standing(connection: Connection, customer: str, *, scope: Scope) -> Standing | None:
    """Read what a customer owes; None where nobody of this code has orders in the scope."""
    query = (
        select(customer_account.c.exposure, party.c.credit_state, party.c.credit_limit)
        .join(party, party.c.id == customer_account.c.customer_id)
        .where(party.c.code == customer, _shown(scope))
    )
    row = connection.execute(query).first()
    return Standing(int(row.exposure), row.credit_state, row.credit_limit) if row else None


@dataclass(frozen=True, slots=True)
class PastOfShop:
    """What became of a customer's orders in a period, and when the last one was placed."""

    placed: int
    taken: int
    turned_down: int
    last_at: int | None


def past_of(
    connection: Connection, customer: str, *, since: int, without: str, scope: Scope
) -> PastOfShop:
    """Count a customer's orders since a moment, but the one that is looked at."""
    taken = case((order_.c.status.in_(COUNTING), 1), else_=0)
    down = case((order_.c.status.in_(("rejected", "cancelled")), 1), else_=0)
    query = (
        select(func.count(), func.sum(taken), func.sum(down), func.max(order_.c.placed_at))
        .select_from(order_)
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code == customer, order_.c.placed_at >= since)
        .where(order_.c.uuid != without, orders_of(scope))
    )
    placed, counted, turned_down, last_at = connection.execute(query).one()
    return PastOfShop(placed, int(counted or 0), int(turned_down or 0), last_at)


def last_order_of(connection: Connection, customer: str, *, scope: Scope) -> PastOrder | None:
    """Find the newest order of a customer that was neither rejected nor cancelled."""
    query = (
        select(order_.c.uuid, order_.c.number, order_.c.placed_at, order_revision.c.lines)
        .join(order_revision, _newest)
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code == customer, order_.c.status.in_(OPEN_OR_DONE), orders_of(scope))
        .order_by(order_.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return PastOrder(*row) if row else None


def rows_of_order(connection: Connection, uuid: str, *, scope: Scope) -> tuple[BasketRow, ...]:
    """Read what an order asks for, in the units that it was ordered in; nothing if it is not."""
    query = (
        select(
            order_line.c.sku,
            order_line.c.ordered,
            order_line.c.unit,
            order_line.c.pack_size,
            *(order_line.c[name] for name in ASKED_FOR),
        )
        .select_from(order_)
        .join(order_revision, _newest)
        .join(order_line, _lines)
        .where(order_.c.uuid == uuid, ~order_line.c.free, orders_of(scope))
        .order_by(order_line.c.line)
    )
    return tuple(_row(one) for one in connection.execute(query))


def _row(one: Any) -> BasketRow:  # noqa: ANN401  # a row of a query
    in_packs = one.unit and one.pack_size and one.ordered % one.pack_size == 0
    count = one.ordered // one.pack_size if in_packs else one.ordered
    return BasketRow(
        sku=one.sku,
        quantity=str(count),
        unit=one.unit if in_packs else "",
        batch=one.batch or "",
        percent_off=shown_percent(one.percent_off) if one.percent_off else "",
        off_each=shown_unit_price(one.off_each) if one.off_each else "",
        batch_reason=one.batch_reason or "",
    )


def find_alike(
    connection: Connection,
    customer: str,
    *,
    rows: Sequence[BasketRow],
    since: int,
    scope: Scope,
) -> PastOrder | None:
    """Find an order of a customer since a moment that asks for the very same goods."""
    coded = select(party.c.id).where(party.c.code == customer).scalar_subquery()
    query = (
        select(order_.c.uuid, order_.c.number, order_.c.placed_at, order_revision.c.lines)
        .join(order_revision, _newest)
        .where(order_.c.customer_id == coded, order_.c.placed_at >= since)
        .where(order_.c.status.in_(OPEN_OR_DONE), order_revision.c.lines == len(rows))
        .where(orders_of(scope))
        .order_by(order_.c.id.desc())
    )
    for row in connection.execute(query).all():
        if sorted(rows_of_order(connection, row.uuid, scope=scope)) == sorted(rows):
            return PastOrder(*row)
    return None


def past_quantities(
    connection: Connection, customer: str, skus: Collection[str], *, scope: Scope
) -> Mapping[str, Sequence[int]]:
    """Read how many base units of each product a customer ordered at a time, the newest first.

    Of its last twenty orders; a product that was not among them is left out.
    """
    newest = (
        select(order_.c.id)
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code == customer, order_.c.status.in_(OPEN_OR_DONE), orders_of(scope))
        .order_by(order_.c.id.desc())
        .limit(_PAST_LINES)
        .scalar_subquery()
    )
    query = (
        select(order_line.c.sku, order_line.c.ordered)
        .join(order_, order_.c.id == order_line.c.order_id)
        .join(order_revision, _newest)
        .where(order_.c.id.in_(newest), _lines, ~order_line.c.free, orders_of(scope))
        .order_by(order_.c.id.desc())
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(query):
        if row.sku in skus:
            found.setdefault(row.sku, []).append(int(row.ordered))
    return found


def _shown(scope: Scope) -> ColumnElement[bool]:
    return visible(scope, seller=party.c.parent_id, party=party.c.id)
