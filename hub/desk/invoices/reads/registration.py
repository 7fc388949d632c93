"""How documents stand at the portal of e-invoices, and the trips on which their goods left."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, cast, exists, func, literal, select
from sqlalchemy import String as Characters

from hub.base.access import Scope
from hub.base.jobs import job
from hub.desk.deliveries.tables import delivery, trip
from hub.desk.invoices.model.eway import Trip
from hub.desk.invoices.model.registration import (
    CANCEL,
    SEND,
    Refusal,
    Standing,
    State,
    read_refusals,
)
from hub.desk.invoices.reads.scope import invoices_of
from hub.desk.invoices.tables import einvoice, invoice, invoice_goods, invoice_line


@dataclass(frozen=True, slots=True)
class Registration:
    """How a document stands at the portal, and what that gave for it.

    `attempts`, `due_at` and `error` are of the job that sends it: how often it was tried, when it
    is tried next, why the last attempt failed. One that `is_dead` was given up.
    """

    state: State
    round: int
    asked_by: str
    asked_at: int
    changed_at: int
    irn: str
    ack_no: str
    ack_at: int | None
    qr: str
    eway_no: str
    eway_until: int | None
    refusals: tuple[Refusal, ...]
    attempts: int
    due_at: int | None
    error: str
    is_dead: bool

    @property
    def standing(self) -> Standing:
        """Give how people are told that it stands."""
        return "given_up" if self.is_dead else self.state


def read_registration(connection: Connection, row_id: int, *, scope: Scope) -> Registration | None:
    """Read how one document stands; None where nobody wanted it sent."""
    one = einvoice.c
    sends = case((one.state == "waiting", SEND), (one.state == "cancelling", CANCEL))
    key = cast(one.invoice_id, Characters) + literal("/") + cast(one.round, Characters)
    query = (
        select(
            *(one.state, one.round, one.asked_by, one.asked_at, one.changed_at, one.irn),
            *(one.ack_no, one.ack_at, one.qr, one.eway_no, one.eway_until, one.refusals),
            *(job.c.attempts, job.c.due_at, job.c.error, job.c.dead),
        )
        .join(invoice, invoice.c.id == one.invoice_id)
        .outerjoin(job, and_(job.c.kind == sends, job.c.key == key))
        .where(one.invoice_id == row_id, invoices_of(scope))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Registration(
        *row[:5],
        irn=row.irn or "",
        ack_no=row.ack_no or "",
        ack_at=row.ack_at,
        qr=row.qr or "",
        eway_no=row.eway_no or "",
        eway_until=row.eway_until,
        refusals=read_refusals(row.refusals),
        attempts=row.attempts or 0,
        due_at=row.due_at,
        error=row.error or "",
        is_dead=bool(row.dead),
    )


def at_portal() -> ColumnElement[Any]:
    """Give how a document stands at the portal, for queries that have joined `einvoice`."""
    one = einvoice.c
    key = cast(one.invoice_id, Characters) + literal("/") + cast(one.round, Characters)
    dead = exists().where(job.c.kind.in_((SEND, CANCEL)), job.c.key == key, job.c.dead)
    waits = one.state.in_(("waiting", "cancelling"))
    return case((and_(waits, dead), "given_up"), else_=one.state)


def count_at_portal(
    connection: Connection, standings: Collection[Standing], *, scope: Scope
) -> int:
    """Count the documents that stand in one of these ways at the portal."""
    query = (
        select(func.count())
        .select_from(einvoice)
        .join(invoice, invoice.c.id == einvoice.c.invoice_id)
        .where(at_portal().in_(sorted(standings)), invoices_of(scope))
    )
    return int(connection.execute(query).scalar_one())


class PortalRow(NamedTuple):
    """One document at the portal: what it gave, else why it has not; `error` is of the job."""

    number: str
    state: str
    asked_by: str
    asked_at: int
    irn: str
    ack_no: str
    why: str


def list_at_portal(
    connection: Connection, state: Standing | None, *, scope: Scope
) -> list[PortalRow]:
    """List how documents stand at the portal, the newest first; `state` for these alone."""
    query = (
        select(invoice.c.id, invoice.c.number)
        .join(einvoice, einvoice.c.invoice_id == invoice.c.id)
        .where(invoices_of(scope))
        .order_by(invoice.c.id.desc())
    )
    if state is not None:
        query = query.where(at_portal() == state)
    rows = []
    for key, number in connection.execute(query).all():
        one = read_registration(connection, key, scope=scope)
        if one is not None:
            why = "; ".join(
                told.own.code if told.own else f"{told.code} {told.text}" for told in one.refusals
            )
            said = (one.standing, one.asked_by, one.asked_at, one.irn, one.ack_no, why or one.error)
            rows.append(PortalRow(number, *said))
    return rows


_TRIP: Final = tuple(
    trip.c[name] for name in ("id", "vehicle", "carrier", "carrier_gstin", "distance")
)


def list_trips(connection: Connection, row_id: int, *, scope: Scope) -> tuple[Trip, ...]:
    """Give the trips on which the goods of an invoice left, the first one first.

    Those of the notes that it bills or, billed before its goods went, of the notes of its orders.
    """
    billed = select(invoice_goods.c.delivery_id).where(invoice_goods.c.invoice_id == row_id)
    named = connection.execute(billed.where(invoice_goods.c.delivery_id.is_not(None))).first()
    orders = select(invoice_line.c.order_id).where(invoice_line.c.invoice_id == row_id)
    of = delivery.c.id.in_(billed) if named else delivery.c.order_id.in_(orders)
    seen = select(invoice.c.id).where(invoice.c.id == row_id, invoices_of(scope))
    query = (
        select(*_TRIP)
        .join(delivery, delivery.c.trip_id == trip.c.id)
        .where(of, seen.exists())
        .group_by(*_TRIP)
        .order_by(trip.c.id)
    )
    return tuple(Trip(*row) for row in connection.execute(query))
