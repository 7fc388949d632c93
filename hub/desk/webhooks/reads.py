"""Endpoints with their messages, read for pages; and what a message says, in its owner's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.desk.invoices.tables import invoice
from hub.desk.orders.model.life import PUBLIC, statuses_of
from hub.desk.orders.model.reasons import read_reasons
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.parties.tables import party
from hub.desk.payments.reads.payments import payments_of
from hub.desk.payments.tables import payment
from hub.desk.people.tables import shown_users, user_account
from hub.desk.stock.reads.low import read_spell
from hub.desk.webhooks.model import EVENTS, Delivery, Subject, message_of
from hub.desk.webhooks.tables import webhook, webhook_delivery, webhook_event

_W: Final = webhook.c
_D: Final = webhook_delivery.c
_COLUMNS: Final = (
    *(_W.id, _W.name, _W.url, _W.kinds, user_account.c.name.label("owner"), _W.active),
    *(_W.failures, _W.failing_since, _W.stopped_at, _W.old_until, _W.made_by, _W.made_at),
)
"""All of an endpoint but its secrets, which nobody reads."""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """An endpoint; `stopped_at` says when the hub gave it up."""

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    owner: str
    active: bool
    failures: int
    failing_since: int | None
    stopped_at: int | None
    old_until: int | None
    made_by: str
    made_at: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message to an endpoint, of the event `uuid`."""

    id: int
    uuid: str
    kind: str
    at: int
    state: str
    attempts: int
    tried_at: int | None
    status: int | None
    took_ms: int | None
    error: str | None

    @property
    def message(self) -> str:
        """Give the id that the receiver was told."""
        return message_of(self.uuid)

    @property
    def why(self) -> tuple[str, str]:
        """Give the code of why it was not taken, and what is known of it besides."""
        code, _, detail = (self.error or "").partition(": ")
        return code, detail


@dataclass(frozen=True, slots=True)
class WebhookDetail:
    """One endpoint with its newest messages, and what was changed of it."""

    row: WebhookRow
    deliveries: tuple[DeliveryRow, ...]
    history: tuple[history.Entry, ...]


def webhooks_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition, beside the owner, under which somebody sees an endpoint.

    It is one's own, or of the people whom one sees. A list of messages tells kinds and ids, and
    nothing of what they are about.
    """
    return shown_users(scope)


def list_webhooks(connection: Connection, *, scope: Scope) -> Sequence[WebhookRow]:
    """Read the endpoints that somebody sees, by name."""
    query = _rows().where(webhooks_of(scope)).order_by(func.lower(_W.name), _W.id)
    return [_row(one) for one in connection.execute(query)]


def read_webhook(
    connection: Connection, number: int, *, most: int, scope: Scope
) -> WebhookDetail | None:
    """Read one endpoint with its newest messages; None where nobody sees one of this id."""
    found = connection.execute(_rows().where(_W.id == number, webhooks_of(scope))).first()
    if found is None:
        return None
    event = webhook_event.c
    query = (
        select(
            *(_D.id, event.uuid, event.kind, event.at, _D.state, _D.attempts, _D.tried_at),
            *(_D.status, _D.took_ms, _D.error),
        )
        .join(webhook_event, event.id == _D.event_id)
        .where(_D.webhook_id == number)
        .order_by(_D.id.desc())
        .limit(most)
    )
    deliveries = tuple(DeliveryRow(*tuple(row)) for row in connection.execute(query))
    return WebhookDetail(
        _row(found), deliveries, tuple(history.read(connection, "webhook", number))
    )


def count_stopped(connection: Connection, *, scope: Scope) -> int:
    """Count the endpoints that the hub gave up and that nobody has looked after since."""
    query = select(func.count()).join(user_account, user_account.c.id == _W.owner_id)
    query = query.where(_W.stopped_at.is_not(None), webhooks_of(scope))
    return int(connection.execute(query).scalar_one())


def read_subject(
    connection: Connection, one: Delivery, *, scope: Scope
) -> Mapping[str, Any] | None:
    """Read what a message is about, in its owner's rows; None where the owner does not see it."""
    subject: Subject = EVENTS.get(one.kind, "test")
    if subject == "test":
        return {}
    read = {"order": _order, "invoice": _invoice, "payment": _payment, "stock": _stock}[subject]
    found = read(connection, one, scope=scope)
    return None if found is None else {**found, **one.facts}


def _rows() -> Any:  # noqa: ANN401 -- a query
    return select(*_COLUMNS).join(user_account, user_account.c.id == _W.owner_id)


def _row(found: Any) -> WebhookRow:  # noqa: ANN401 -- a row of any query
    values = list(found)
    values[3] = tuple(values[3].split(","))
    return WebhookRow(*values)


def _order(connection: Connection, one: Delivery, *, scope: Scope) -> dict[str, Any] | None:
    """Give an order as it was in the event's revision, which never changes."""
    kept = order_revision.c
    query = (
        select(
            *(order_.c.uuid, order_.c.number, order_.c.source, order_.c.customer_code),
            *(kept.revision, kept.cause, kept.status, kept.payable, kept.currency, kept.scale),
            kept.reasons,
        )
        .join(order_revision, kept.order_id == order_.c.id)
        .where(order_.c.uuid == one.ref, kept.revision == one.revision, orders_of(scope))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return {
        "order": row.uuid,
        "number": row.number,
        "revision": row.revision,
        "cause": row.cause,
        "source": row.source,
        "customer": row.customer_code,
        "status": row.status,
        "public": next((word for word in PUBLIC if row.status in statuses_of(word)), ""),
        "payable": row.payable,
        "currency": row.currency,
        "scale": row.scale,
        "reasons": [reason.code for reason in read_reasons(bytes(row.reasons))],
    }


def _invoice(connection: Connection, one: Delivery, *, scope: Scope) -> dict[str, Any] | None:
    kept = invoice.c
    query = (
        select(
            *(kept.id, kept.number, kept.kind, party.c.code, kept.day, kept.due, kept.payable),
            *(kept.currency, kept.scale),
        )
        .join(party, party.c.id == kept.customer_id)
        .where(
            kept.id == int(one.ref), visible(scope, seller=kept.seller_id, party=kept.customer_id)
        )
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return {
        "invoice": row.id,
        "number": row.number,
        "kind": row.kind,
        "customer": row.code,
        "day": row.day.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "payable": row.payable,
        "currency": row.currency,
        "scale": row.scale,
    }


def _payment(connection: Connection, one: Delivery, *, scope: Scope) -> dict[str, Any] | None:
    kept = payment.c
    query = (
        select(kept.id, kept.number, kept.kind, party.c.code, kept.day, kept.mode, kept.amount)
        .join(party, party.c.id == kept.customer_id)
        .where(kept.id == int(one.ref), payments_of(scope))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return {
        "payment": row.id,
        "number": row.number,
        "kind": row.kind,
        "customer": row.code,
        "day": row.day.isoformat(),
        "mode": row.mode,
        "amount": row.amount,
    }


def _stock(connection: Connection, one: Delivery, *, scope: Scope) -> dict[str, Any] | None:
    """Give a product that became low, as it was seen then: `available` 8, `reorder` 10."""
    found = read_spell(connection, int(one.ref), scope=scope)
    if found is None:
        return None
    return {
        "product": found.sku,
        "name": found.name,
        "warehouse": found.warehouse,
        "available": found.available,
        "inbound": found.inbound,
        "reorder": found.reorder,
    }
