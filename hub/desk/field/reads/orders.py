"""What a phone is told of an order that it sent, read without the order's lines and steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.rulepacks.reads import read_rule_texts
from rules import names_in


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """An order as it stands: number, state, what it comes to, and why.

    `reasons` are those of the whole order, then those of its lines, such as 50 of 80 in stock;
    `names` are those of rules, by which reasons are worded.
    """

    number: str
    status: Status
    changed: bool
    payable: int
    currency: str
    scale: int
    reasons: tuple[Reason, ...]
    names: Mapping[str, str]


def read_told(
    connection: Connection, uuid: str, *, scope: Scope, language: str
) -> ToldOrder | None:
    """Read what is told of an order; None if there is none, or it is not for this person."""
    newest = order_revision.c
    query = (
        select(order_.c.number, order_.c.status, newest.changed, newest.payable, newest.scale)
        .add_columns(newest.reasons, newest.pack_hash, newest.currency)
        .join(
            order_revision,
            (newest.order_id == order_.c.id) & (newest.revision == order_.c.revision),
        )
        .where(order_.c.uuid == uuid, orders_of(scope))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    reasons = tuple(sorted(read_reasons(row.reasons), key=lambda one: one.line or 0))
    texts = read_rule_texts(connection, row.pack_hash) if reasons else {}
    return ToldOrder(
        *(row.number, row.status, row.changed, row.payable, row.currency, row.scale),
        reasons=reasons,
        names=names_in(texts, language),
    )
