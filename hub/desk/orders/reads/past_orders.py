"""Past orders as questions to the engine, from the evidence that is kept with each."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, func, select

from hub.base.access import Scope
from hub.desk.orders.model.evidence import inputs_of, read_evidence
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import decision, order_
from hub.desk.parties.tables import party
from hub.desk.rulepacks.store import StoredSnapshots
from rules.tools.schema.documents import Question

_GROUP: Final = 500
_SHOP: Final = func.coalesce(party.c.name, order_.c.customer_code).label("shop")


class PastOrder(NamedTuple):
    """An order by its row's id, the pack that decided it, and what it was decided from."""

    order: int
    pack_hash: str
    question: Question


def newest_orders(connection: Connection, most: int, *, scope: Scope) -> Sequence[Question]:
    """Give the newest orders that the rules decided, as they were placed."""
    found: list[Question] = []
    query = (
        select(decision.c.order_id, decision.c.inputs, order_.c.number, _SHOP)
        .join(order_, order_.c.id == decision.c.order_id)
        .outerjoin(party, party.c.id == order_.c.customer_id)
        .where(decision.c.result_hash.is_not(None), decision.c.revision == 1)
        .where(orders_of(scope))
        .order_by(decision.c.order_id.desc())
    )
    snapshots = StoredSnapshots()
    last = None
    while len(found) < most:
        older = query if last is None else query.where(decision.c.order_id < last)
        rows = connection.execute(older.limit(min(_GROUP, most - len(found)))).all()
        if not rows:
            break
        last = rows[-1].order_id
        found += [_question(connection, row, snapshots) for row in rows]
    return found


def orders_after(
    connection: Connection,
    after: int,
    *,
    without: Sequence[int],
    most: int,
    snapshots: StoredSnapshots,
    scope: Scope,
) -> Sequence[PastOrder]:
    """Give the first orders placed after one, by row id, but those that are named."""
    query = (
        select(decision.c.order_id, decision.c.pack_hash, decision.c.inputs, order_.c.number, _SHOP)
        .join(order_, order_.c.id == decision.c.order_id)
        .outerjoin(party, party.c.id == order_.c.customer_id)
        .where(
            decision.c.order_id > after,
            decision.c.revision == 1,
            decision.c.result_hash.is_not(None),
            decision.c.order_id.not_in(without),
            orders_of(scope),
        )
        .order_by(decision.c.order_id)
        .limit(most)
    )
    return [
        PastOrder(row.order_id, row.pack_hash, _question(connection, row, snapshots))
        for row in connection.execute(query)
    ]


def last_order(connection: Connection, *, scope: Scope) -> int:
    """Give the row id of the newest order, 0 where there is none."""
    query = select(func.max(order_.c.id)).where(orders_of(scope))
    return connection.execute(query).scalar() or 0


def _question(
    connection: Connection, row: Row[*tuple[Any, ...]], snapshots: StoredSnapshots
) -> Question:
    evidence = read_evidence(bytes(row.inputs))
    catalogue = snapshots.catalogue(connection, evidence.catalogue)
    return Question(*inputs_of(evidence, catalogue), called=f"{row.number}, {row.shop}")
