"""Delivery notes as lists and records show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from hub.base.access import Scope
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.deliveries.model.life import ON_THE_WAY, STILL_HERE, State
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery, delivery_line, trip
from hub.desk.orders.tables import order_, order_line
from hub.desk.parties.tables import customer_address, customer_profile, party
from hub.desk.products.tables import product
from hub.desk.stock.model.levels import walk_key
from hub.desk.stock.tables import batch, stock_level, warehouse

NEWEST_FIRST: Final = Sorting("made", descending=True)
_OPEN: Final = tuple(sorted(STILL_HERE | ON_THE_WAY))


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note of the list; quantities are base units of all its lines."""

    id: int
    number: str
    state: State
    seller: int
    order: str
    order_number: str
    customer: str
    customer_code: str
    town: str
    warehouse: str
    day: date
    wave: int
    trip: int | None
    vehicle: str
    driver: str
    lines: int
    planned: int
    picked: int
    delivered: int
    made_by: str
    made_at: int
    picked_by: str | None
    picked_at: int | None
    passed_by: str | None
    passed_why: str | None
    dispatched_by: str | None
    dispatched_at: int | None
    closed_by: str | None
    closed_at: int | None
    closed_day: date | None
    receiver: str
    word_given: bool
    redeliver: date | None
    note: str


@dataclass(frozen=True, slots=True)
class NoteLineRow:
    """A line of a note; `ordered` is what the order's line comes to in all."""

    delivery: int
    note: str
    number: int
    free: bool
    line: int
    sku: str
    name: str
    batch_id: int | None
    batch: str
    expiry: date | None
    ordered: int
    unit: str | None
    pack_size: int | None
    planned: int
    picked: int
    short: str
    sent: int
    delivered: int
    back: int
    damaged: int
    lost: int
    reason: str
    hsn: str
    bin: str

    @property
    def left(self) -> int:
        """Give how many are still to be picked."""
        return 0 if self.short else self.planned - self.picked


def list_notes(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Slice[NoteRow]:
    """Read one page of the notes.

    `wanted` may choose `state`, `warehouse`, `customer` (a code or part of a name), `driver`,
    `late` (due before today and not brought), and a range of `day`s.
    """
    query = _notes(scope).where(and_(True, *_conditions(wanted, today), *_of_state(wanted)))
    sorts = {
        "made": delivery.c.id,
        "number": delivery.c.number,
        "day": delivery.c.day,
        "state": delivery.c.state,
        "customer": party.c.name,
        "warehouse": warehouse.c.code,
        "driver": func.coalesce(trip.c.driver, ""),
    }
    return page_of(connection, query, wanted, sorts=sorts, key=delivery.c.id, make=_row)


def count_notes(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Mapping[str, int]:
    """Count the notes of a list by state; "" has all."""
    query = _joined(select(delivery.c.state, func.count()))
    query = query.where(deliveries_of(scope), *_conditions(wanted, today))
    found = connection.execute(query.group_by(delivery.c.state))
    counts = {str(state): int(number) for state, number in found}
    return {**counts, "": sum(counts.values())}


def read_note(connection: Connection, note: int, *, scope: Scope) -> NoteRow | None:
    """Read one note; None for who may not see it."""
    row = connection.execute(_notes(scope).where(delivery.c.id == note)).first()
    return _row(row) if row else None


def read_numbered(connection: Connection, number: str, *, scope: Scope) -> NoteRow | None:
    """Read the note of just this number; None where there is none, and for who may not see it."""
    row = connection.execute(_notes(scope).where(delivery.c.number == number.upper())).first()
    return _row(row) if row else None


def find_note(connection: Connection, number: str, *, scope: Scope) -> Sequence[NoteRow]:
    """Find notes by their number, or by a part of it."""
    like = delivery.c.number.icontains(number, autoescape=True)
    query = _notes(scope).where(like).order_by(delivery.c.id.desc()).limit(10)
    return [_row(row) for row in connection.execute(query)]


def notes_of(
    connection: Connection,
    *,
    order: str | None = None,
    wave: int | None = None,
    trip: int | None = None,
    ids: Collection[int] | None = None,
    scope: Scope,
) -> Sequence[NoteRow]:
    """Read the notes of an order by its own id, of a pick list, of a trip, or by their ids."""
    query = _notes(scope).order_by(delivery.c.id)
    if order is not None:
        query = query.where(order_.c.uuid == order)
    if wave is not None:
        query = query.where(delivery.c.wave_id == wave)
    if trip is not None:
        query = query.where(delivery.c.trip_id == trip)
    if ids is not None:
        query = query.where(delivery.c.id.in_(sorted(ids)))
    return [_row(row) for row in connection.execute(query)]


def notes_to_send(connection: Connection, *, scope: Scope) -> Sequence[NoteRow]:
    """Read the notes that are picked and wait for a vehicle, the most urgent first."""
    query = _notes(scope).where(delivery.c.state == "picked")
    found = connection.execute(query.order_by(warehouse.c.code, delivery.c.day, delivery.c.id))
    return [_row(row) for row in found]


def lines_of(
    connection: Connection, notes: Collection[int], *, scope: Scope
) -> Sequence[NoteLineRow]:
    """Read the lines of notes in the order in which they are walked to.

    That is by bin, A-2 before A-10; what lies in none comes last, by category, product and batch.
    """
    line = delivery_line.c
    asked = (
        (order_line.c.order_id == delivery.c.order_id)
        & (order_line.c.revision == delivery.c.content)
        & (order_line.c.free == line.free)
        & (order_line.c.line == line.line)
    )
    kept = (stock_level.c.product_id == line.product_id) & (
        stock_level.c.warehouse_id == delivery.c.warehouse_id
    )
    query = (
        select(
            *(line.delivery_id, delivery.c.number.label("note"), line.number, line.free),
            *(line.line, line.sku, product.c.name, line.batch_id),
            *(func.coalesce(batch.c.code, "").label("batch"), batch.c.expiry),
            *(func.coalesce(order_line.c.quantity, 0).label("ordered"),),
            *(order_line.c.unit, order_line.c.pack_size, line.planned, line.picked),
            *(line.short_reason, line.sent, line.delivered, line.back, line.damaged, line.lost),
            *(line.reason, func.coalesce(product.c.hsn, "")),
            func.coalesce(stock_level.c.bin, ""),
        )
        .join(delivery, delivery.c.id == line.delivery_id)
        .join(product, product.c.id == line.product_id)
        .outerjoin(batch, batch.c.id == line.batch_id)
        .outerjoin(order_line, asked)
        .outerjoin(stock_level, kept)
        .where(line.delivery_id.in_(sorted(notes)), deliveries_of(scope))
        .order_by(product.c.category, product.c.name, batch.c.code, delivery.c.id, line.number)
    )
    found = [NoteLineRow(*tuple(row)) for row in connection.execute(query)]
    return sorted(found, key=lambda one: walk_key(one.bin))


def count_work(connection: Connection, *, today: date, scope: Scope) -> Mapping[str, int]:
    """Count what waits: notes being picked, to be sent, on the road, and late."""
    note = delivery.c
    late = func.sum(case((note.day < today, 1), else_=0))
    query = select(note.state, func.count(), late).where(
        note.state.in_(_OPEN), deliveries_of(scope)
    )
    found = connection.execute(query.group_by(note.state)).all()
    counts = {str(state): int(number) for state, number, _ in found}
    return {**counts, "late": sum(int(many) for state, _, many in found if state == "dispatched")}


def list_drivers(connection: Connection, *, scope: Scope) -> Sequence[str]:
    """Name everybody who drove."""
    query = select(trip.c.driver).join(delivery, delivery.c.trip_id == trip.c.id).distinct()
    return sorted(connection.execute(query.where(deliveries_of(scope))).scalars())


def _conditions(wanted: Wanted, today: date) -> list[Any]:
    conditions: list[Any] = []
    if chosen := wanted.chosen.get("warehouse"):
        conditions.append(warehouse.c.code.in_(chosen))
    if chosen := wanted.chosen.get("driver"):
        conditions.append(trip.c.driver.in_(chosen))
    if text := wanted.one("customer"):
        conditions.append(_of_customer(text))
    if text := wanted.text:
        number = delivery.c.number.icontains(text, autoescape=True)
        conditions.append(or_(number, order_.c.number == text, _of_customer(text)))
    first, last = wanted.dates("day")
    if first is not None:
        conditions.append(delivery.c.day >= first)
    if last is not None:
        conditions.append(delivery.c.day <= last)
    if wanted.one("late"):
        conditions.append(and_(delivery.c.day < today, delivery.c.state.in_(_OPEN)))
    return conditions


def _of_customer(text: str) -> Any:  # noqa: ANN401  # a condition
    named = party.c.name.icontains(text, autoescape=True)
    return or_(func.lower(party.c.code) == text.lower(), named)


def _of_state(wanted: Wanted) -> list[Any]:
    chosen = wanted.chosen.get("state")
    return [delivery.c.state.in_(chosen)] if chosen else []


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(delivery)
        .join(order_, order_.c.id == delivery.c.order_id)
        .join(party, party.c.id == delivery.c.customer_id)
        .join(warehouse, warehouse.c.id == delivery.c.warehouse_id)
        .outerjoin(customer_profile, customer_profile.c.party_id == party.c.id)
        .outerjoin(customer_address, customer_address.c.id == delivery.c.ship_to_id)
        .outerjoin(trip, trip.c.id == delivery.c.trip_id)
    )


def _of_lines(column: str) -> Any:  # noqa: ANN401  # a column
    """Add up a column of a note's lines, or count them: only of the notes that are shown."""
    line = delivery_line.c
    told = func.count() if column == "number" else func.coalesce(func.sum(line[column]), 0)
    return select(told).where(line.delivery_id == delivery.c.id).scalar_subquery()


def _notes(scope: Scope) -> Select[Any]:
    note = delivery.c
    return _joined(
        select(
            *(note.id, note.number, note.state, note.seller_id, order_.c.uuid),
            *(order_.c.number.label("order_number"), party.c.name, party.c.code),
            func.coalesce(customer_address.c.city, customer_profile.c.city, ""),
            *(warehouse.c.code.label("place"), note.day, note.wave_id, note.trip_id),
            func.coalesce(trip.c.vehicle, ""),
            func.coalesce(trip.c.driver, ""),
            *(_of_lines(one) for one in ("number", "planned", "picked", "delivered")),
            *(note.made_by, note.made_at, note.picked_by, note.picked_at, note.passed_by),
            *(note.passed_why, note.dispatched_by, note.dispatched_at, note.closed_by),
            *(note.closed_at, note.closed_day, note.receiver, note.word_given),
            *(note.redeliver, note.note),
        )
    ).where(deliveries_of(scope))


def _row(row: Any) -> NoteRow:  # noqa: ANN401  # a row of the driver
    values: Any = tuple(row)[: len(NoteRow.__dataclass_fields__)]
    return NoteRow(*values)
