"""What outlets of the next days' way ordered before: the last order again, and what is usual."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.desk.orders.model.life import OPEN_OR_DONE
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_line, order_revision
from hub.desk.parties.tables import party

MOST_OUTLETS: Final = 100
MOST_USUAL: Final = 20
_ORDERS: Final = 5
"""Of so many orders of an outlet is told what is usual there."""


@dataclass(slots=True)
class PastGoods:
    """What an outlet ordered: the last order's lines, and SKUs with in how many of the last five.

    A line is SKU, quantity and the pack that it was ordered in, None where in base units.
    """

    at: int
    lines: list[tuple[str, int, str | None]] = field(default_factory=list)
    usual: list[tuple[str, int]] = field(default_factory=list)


def read_past_goods(
    connection: Connection, outlets: Collection[str], *, scope: Scope
) -> Mapping[str, PastGoods]:
    """Read what outlets ordered, by their codes: of 100 at most, in the order that they come in."""
    codes = list(dict.fromkeys(outlets))[:MOST_OUTLETS]
    place = func.row_number().over(partition_by=order_.c.customer_id, order_by=order_.c.id.desc())
    newest = (
        select(party.c.code, order_.c.id, order_.c.revision, order_.c.placed_at)
        .add_columns(place.label("place"))
        .join(party, party.c.id == order_.c.customer_id)
        .where(party.c.code.in_(codes), order_.c.status.in_(OPEN_OR_DONE), orders_of(scope))
        .subquery()
    )
    orders, revision, line = newest.c, order_revision.c, order_line.c
    query = (
        select(orders.code, orders.place, orders.placed_at)
        .add_columns(line.sku, line.ordered, line.unit, line.pack_size)
        .select_from(newest)
        .join(
            order_revision,
            (revision.order_id == orders.id) & (revision.revision == orders.revision),
        )
        .join(order_line, (line.order_id == orders.id) & (line.revision == revision.content))
        .where(revision.revision == orders.revision, orders.place <= _ORDERS, ~line.free)
        .order_by(orders.code, orders.place, line.line)
    )
    found: dict[str, PastGoods] = {}
    seen: dict[str, dict[str, set[int]]] = {}
    for row in connection.execute(query) if codes else ():
        past = found.setdefault(row.code, PastGoods(row.placed_at))
        if row.place == 1:
            past.lines.append((row.sku, row.ordered // (row.pack_size or 1), row.unit))
        seen.setdefault(row.code, {}).setdefault(row.sku, set()).add(row.place)
    for code, skus in seen.items():
        ranked = sorted(skus, key=lambda sku: (-len(skus[sku]), min(skus[sku]), sku))
        found[code].usual = [(sku, len(skus[sku])) for sku in ranked[:MOST_USUAL]]
    return found
