"""One order with all that is known of it: lines, batches, reasons, timeline and trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast, get_args

from sqlalchemy import Connection, select

from broker.contract import MAX_LINES, Answer, Notice, OrderStatus, Reason, decode_down
from hub.db.tables import (
    Customer,
    allocation,
    batch,
    decision,
    order_,
    order_event,
    order_line,
    outbox,
    table_of,
)
from hub.db.views.steps import Near, Step, read_steps
from rules import StageName

_customers = table_of(Customer)

Delivery = Literal["pending", "sent", "acked"]
_STAGES: Final = get_args(StageName)


@dataclass(frozen=True, slots=True)
class Head:
    """The order itself; amounts are minor units of its currency."""

    id: int
    uuid: str
    number: str
    status: OrderStatus
    revision: int
    terminal: str
    seq: int
    customer_code: str
    customer: str | None
    customer_type: str | None
    geo: str
    operator: str
    payment: str
    business_date: date
    captured_at: int
    clock_trusted: bool
    decided_at: int
    currency: str
    scale: int
    gross: int
    discount: int
    net: int
    tax: int
    round_off: int
    payable: int
    pack_version: int
    pack_hash: str | None
    price_hash: str | None
    quote_price_hash: str | None
    quote_payable: int | None

    @property
    def priced(self) -> bool:
        """Say whether the rules were asked: without, all amounts are zero and mean nothing."""
        return self.price_hash is not None


@dataclass(frozen=True, slots=True)
class Pick:
    """Base units taken from one batch; a released one was given back."""

    batch: str
    quantity: int
    expiry: date | None
    released: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line as decided, or free goods; `ordered` is what was asked for or earned.

    `unit` is the pack size that it was ordered in, of `pack_size` base units; `batch` is the one
    that was asked for.
    """

    number: int
    free: bool
    sku: str
    name: str
    ordered: int
    quantity: int
    unit_price: int | None
    discount: int
    net: int
    tax: int
    total: int
    rule: str
    picks: tuple[Pick, ...]
    reasons: tuple[Reason, ...]
    unit: str | None
    pack_size: int | None
    pack_price: int | None
    mrp: int | None
    batch: str | None

    @property
    def packs(self) -> int | None:
        """Count the whole packs that are sold; None where it was not ordered, or sold, by them."""
        if not self.unit or not self.pack_size or self.quantity % self.pack_size:
            return None
        return self.quantity // self.pack_size


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the timeline."""

    at: int
    kind: str
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """One answer or notice to the terminal and how far it came."""

    revision: int
    kind: str
    delivery: Delivery
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """All that is shown of one order."""

    head: Head
    lines: tuple[Line, ...]
    free: tuple[Line, ...]
    events: tuple[Event, ...]
    told: tuple[Told, ...]
    credit_left: int | None
    coupons: tuple[str, ...]
    coupon_notes: tuple[str, ...]
    trace: tuple[Step, ...]
    near: tuple[Near, ...]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give the reasons of the newest revision that are about no single line."""
        newest = self.told[-1].reasons if self.told else ()
        return tuple(reason for reason in newest if reason.line is None)


def read_order(connection: Connection, uuid: str) -> OrderDetail | None:
    """Read one order by its terminal's id of it; None if there is none."""
    head = _head(connection, uuid)
    if head is None:
        return None
    told, answer = _told(connection, head.id)
    trace, near = _steps(connection, head.id, head.scale)
    lines = _lines(connection, head.id, told[-1].reasons if told else ())
    return OrderDetail(
        head=head,
        lines=tuple(line for line in lines if not line.free),
        free=tuple(line for line in lines if line.free),
        events=_events(connection, head.id),
        told=told,
        credit_left=answer.data.credit_left if answer else None,
        coupons=tuple(answer.data.coupons) if answer else (),
        coupon_notes=tuple(answer.data.coupon_notes) if answer else (),
        trace=trace,
        near=near,
    )


def _head(connection: Connection, uuid: str) -> Head | None:
    wanted = [order_.c[name] for name in Head.__slots__ if name in order_.c]
    query = (
        select(
            *wanted,
            _customers.c.name.label("customer"),
            _customers.c.type.label("customer_type"),
            _customers.c.geo,
        )
        .outerjoin(_customers, _customers.c.id == order_.c.customer_id)
        .where(order_.c.uuid == uuid)
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Head(**{**row, "geo": row["geo"] or ""})


def _lines(connection: Connection, order: int, reasons: Sequence[Reason]) -> list[Line]:
    picks: dict[tuple[bool, int], list[Pick]] = {}
    taken = connection.execute(
        select(allocation, batch.c.code, batch.c.expiry)
        .join(batch, batch.c.id == allocation.c.batch_id)
        .where(allocation.c.order_id == order)
        .order_by(allocation.c.id)
    )
    for row in taken:
        pick = Pick(row.code, row.quantity, row.expiry, released=row.state == "released")
        picks.setdefault((row.free, row.line), []).append(pick)
    rows = connection.execute(
        select(order_line)
        .where(order_line.c.order_id == order)
        .order_by(order_line.c.free, order_line.c.line)
    )
    return [
        Line(
            number=row.line,
            free=row.free,
            sku=row.sku,
            name=row.name,
            ordered=row.ordered,
            quantity=row.quantity,
            unit_price=row.unit_price,
            discount=row.discount,
            net=row.net,
            tax=row.tax,
            total=row.total,
            rule=row.rule,
            picks=tuple(picks.get((row.free, row.line), ())),
            reasons=tuple(one for one in reasons if one.line == row.line and not row.free),
            unit=row.unit,
            pack_size=row.pack_size,
            pack_price=row.pack_price,
            mrp=row.mrp,
            batch=row.batch,
        )
        for row in rows
    ]


def _events(connection: Connection, order: int) -> tuple[Event, ...]:
    rows = connection.execute(
        select(order_event).where(order_event.c.order_id == order).order_by(order_event.c.id)
    )
    return tuple(Event(row.at, row.kind, row.actor, row.text) for row in rows)


def _told(connection: Connection, order: int) -> tuple[tuple[Told, ...], Answer | None]:
    """Read what the terminal was told, oldest first, and the answer itself."""
    rows = connection.execute(
        select(outbox).where(outbox.c.order_id == order).order_by(outbox.c.revision)
    )
    told, answer = [], None
    for row in rows:
        message = decode_down(row.payload)
        if isinstance(message, Answer):
            answer = message
        reasons = message.data.reasons if isinstance(message, Answer | Notice) else []
        delivery = cast("Delivery", row.state)
        told.append(Told(row.revision, row.kind, delivery, tuple(reasons)))
    return tuple(told), answer


def _steps(
    connection: Connection, order: int, scale: int
) -> tuple[tuple[Step, ...], tuple[Near, ...]]:
    """Read every step of the decision; none where the rules were not asked."""
    query = select(decision.c.trace).where(decision.c.order_id == order)
    written = connection.execute(query).scalar_one_or_none()
    if not written:
        return (), ()
    steps, near = read_steps(written, scale)
    return tuple(sorted(steps, key=_place)), tuple(near)


def _place(step: Step) -> tuple[int, int]:
    """Read a stage line by line, and what is about the whole order after its lines."""
    return _STAGES.index(step.stage), MAX_LINES + 1 if step.line is None else step.line
