"""One order with all that is known of it: revisions, lines, batches, reasons and trace."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, get_args

import msgspec
from sqlalchemy import Connection, func, select

from hub.base import history
from hub.base.access import Scope
from hub.base.history import Entry
from hub.desk.orders.model.life import PublicStatus, Status, public_of
from hub.desk.orders.model.reasons import Reason, read_reasons
from hub.desk.orders.model.request import Cause
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.reads.steps import Near, Step, steps_in_words
from hub.desk.orders.tables import decision, order_, order_line, order_revision
from hub.desk.parties.reads.addresses import AddressRow, read_address_row
from hub.desk.parties.tables import party
from hub.desk.rulepacks.reads import read_rule_texts
from hub.desk.stock.tables import allocation, batch, warehouse
from rules import ApprovalNeed, StageName, names_in
from rules.values.decimals import shown_percent

_STAGES: Final = get_args(StageName)
_AFTER_THE_LINES: Final = 1_000_000
_needs: Final = msgspec.json.Decoder(tuple[ApprovalNeed, ...])


@dataclass(frozen=True, slots=True)
class Head:
    """The order itself, and where it stands by now."""

    id: int
    uuid: str
    number: str
    status: Status
    revision: int
    source: str
    source_key: str
    requester_kind: str
    requester: str
    po_number: str
    operator: str
    customer_code: str
    customer: str | None
    customer_type: str | None
    geo: str
    seller: str
    seller_id: int
    warehouse: str
    business_date: date
    captured_at: int
    clock_trusted: bool
    placed_at: int
    split_of: int | None
    delivery: str
    ship_to_id: int | None

    @property
    def public(self) -> PublicStatus:
        """Give the public status: pending, processing, delivered or cancelled."""
        return public_of(self.status)


@dataclass(frozen=True, slots=True)
class Pick:
    """Base units that an order holds of one batch; of one that was given back, what it was."""

    batch: str
    quantity: int
    expiry: date | None
    released: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line as decided, or free goods; `ordered` is what was asked for or earned.

    `unit` is the pack size that it was ordered in, of `pack_size` base units; `batch` is the one
    that was asked for, `percent_off` (in millionths) and `off_each` (like a unit price) what was
    asked to be taken off.
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
    batch_reason: str | None
    percent_off: int | None
    off_each: int | None

    @property
    def percent_asked(self) -> str:
        """Write the percentage that was asked to be taken off, `2.5`; empty where none was."""
        return shown_percent(self.percent_off) if self.percent_off else ""

    @property
    def packs(self) -> int | None:
        """Count the whole packs that are sold; None where it was not ordered, or sold, by them."""
        if not self.unit or not self.pack_size or self.quantity % self.pack_size:
            return None
        return self.quantity // self.pack_size


@dataclass(frozen=True, slots=True)
class Revision:
    """One state that the order was in: why, by whom, when, and what it then came to."""

    number: int
    content: int
    cause: Cause
    made_by: str
    made_at: int
    status: Status
    changed: bool
    reasons: tuple[Reason, ...]
    content_hash: str
    payment: str
    currency: str
    scale: int
    gross: int
    discount: int
    net: int
    tax: int
    round_off: int
    payable: int
    credit_left: int | None
    pack_version: int
    pack_hash: str | None
    price_hash: str | None
    quote_price_hash: str | None
    quote_payable: int | None
    coupons: tuple[str, ...]
    choices: Mapping[str, str]
    delivery_date: date | None
    needs: tuple[ApprovalNeed, ...]
    lines: tuple[Line, ...]
    free: tuple[Line, ...]

    @property
    def priced(self) -> bool:
        """Say whether the rules were asked: without, all amounts are zero and mean nothing."""
        return self.price_hash is not None


class PartOrder(NamedTuple):
    """An order that another was split from, or that was split from another."""

    uuid: str
    number: str
    status: Status
    is_first: bool


class Compared(NamedTuple):
    """One product in all revisions; a cell is None where that revision has no such line."""

    name: str
    free: bool
    cells: tuple[Line | None, ...]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """All that is shown of one order; revisions are oldest first.

    `names` are what people call the rules of the pack that decided it, by their ids. `parts` are
    the order that it was split from, and those that were split from it. `ship_to` is where its
    goods go, None for the customer's own address; `moved` says to where they were to go before.
    """

    head: Head
    revisions: tuple[Revision, ...]
    trace: tuple[Step, ...]
    near: tuple[Near, ...]
    names: Mapping[str, str]
    parts: tuple[PartOrder, ...] = ()
    ship_to: AddressRow | None = None
    moved: tuple[Entry, ...] = ()

    @property
    def newest(self) -> Revision:
        """Give the revision that the order stands at."""
        return self.revisions[-1]

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Give the reasons of the newest revision that are about no single line."""
        return tuple(reason for reason in self.newest.reasons if reason.line is None)

    @property
    def side_by_side(self) -> tuple[Compared, ...]:
        """Lay each product's lines of all revisions out in one row, whatever number they had.

        A product that an order has twice has two rows, the first with the first.
        """
        rows: dict[tuple[bool, str, int], list[Line | None]] = {}
        for place, revision in enumerate(self.revisions):
            seen: Counter[tuple[bool, str]] = Counter()
            for line in (*revision.lines, *revision.free):
                key = (line.free, line.sku)
                cells = rows.setdefault((*key, seen[key]), [None] * len(self.revisions))
                cells[place] = line
                seen[key] += 1
        return tuple(
            Compared(next((one.name or one.sku for one in cells if one), ""), free, tuple(cells))
            for (free, _, _), cells in sorted(rows.items(), key=lambda row: row[0][0])
        )

    @property
    def coupon_notes(self) -> tuple[str, ...]:
        """Say which coupons gave nothing, and why."""
        if not self.newest.coupons:
            return ()
        return tuple(step.text for step in self.trace if step.stage == "coupons")


def read_order(
    connection: Connection, uuid: str, *, scope: Scope, language: str = "en"
) -> OrderDetail | None:
    """Read one order by its id; None if there is none, or it is not for this person.

    The steps of its decision are worded in the language.
    """
    head = _head(connection, uuid, scope)
    if head is None:
        return None
    revisions = _revisions(connection, head)
    names = names_in(read_rule_texts(connection, revisions[-1].pack_hash), language)
    trace, near = _steps(connection, head.id, revisions[-1], language=language, names=names)
    parts = _parts(connection, head, scope)
    ship_to = read_address_row(connection, head.ship_to_id, scope=scope)
    moved = tuple(history.read(connection, "order", uuid))
    return OrderDetail(head, revisions, trace, near, names, parts, ship_to, moved)


def _parts(connection: Connection, head: Head, scope: Scope) -> tuple[PartOrder, ...]:
    """Read the orders that were made of one by splitting it."""
    other = order_.c
    query = select(other.uuid, other.number, other.status, other.id == head.split_of).where(
        (other.id == head.split_of) | (other.split_of == head.id), orders_of(scope)
    )
    return tuple(PartOrder(*row) for row in connection.execute(query.order_by(other.id)))


def _head(connection: Connection, uuid: str, scope: Scope) -> Head | None:
    own = {"customer", "customer_type", "geo", "seller", "warehouse"}
    seller = party.alias("seller")
    query = (
        select(
            *(order_.c[name] for name in Head.__slots__ if name not in own),
            party.c.name.label("customer"),
            party.c.type.label("customer_type"),
            party.c.geo,
            seller.c.name.label("seller"),
            warehouse.c.code.label("warehouse"),
        )
        .join(seller, seller.c.id == order_.c.seller_id)
        .join(warehouse, warehouse.c.id == order_.c.warehouse_id)
        .outerjoin(party, party.c.id == order_.c.customer_id)
        .where(order_.c.uuid == uuid, orders_of(scope))
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Head(**{**row, "geo": row["geo"] or ""})


def _revisions(connection: Connection, head: Head) -> tuple[Revision, ...]:
    table, why = order_revision.c, decision.c
    query = (
        select(order_revision, why.needs)
        .outerjoin(decision, (why.order_id == table.order_id) & (why.revision == table.revision))
        .where(table.order_id == head.id)
        .order_by(table.revision)
    )
    rows = connection.execute(query).mappings().all()
    reasons = {row["content"]: read_reasons(row["reasons"]) for row in reversed(rows)}
    lines = _lines(connection, head, reasons)
    taken = {"number", "reasons", "coupons", "choices", "needs", "lines", "free"}
    return tuple(
        Revision(
            number=row["revision"],
            reasons=read_reasons(row["reasons"]),
            coupons=tuple(json.loads(row["coupons"])[0]) if row["coupons"] else (),
            choices=json.loads(row["coupons"])[1] if row["coupons"] else {},
            needs=_needs.decode(row["needs"]) if row["needs"] else (),
            lines=tuple(line for line in lines.get(row["content"], ()) if not line.free),
            free=tuple(line for line in lines.get(row["content"], ()) if line.free),
            **{name: row[name] for name in Revision.__slots__ if name not in taken},
        )
        for row in rows
    )


def _lines(
    connection: Connection, head: Head, reasons: Mapping[int, Sequence[Reason]]
) -> dict[int, list[Line]]:
    """Read the lines of every revision that has its own."""
    picks = _picks(connection, head.id)
    rows = connection.execute(
        select(order_line)
        .where(order_line.c.order_id == head.id)
        .order_by(order_line.c.revision, order_line.c.free, order_line.c.line)
    )
    found: dict[int, list[Line]] = {}
    for row in rows:
        told = reasons.get(row.revision, ())
        line = Line(
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
            picks=picks.get((row.free, row.line), ()),
            reasons=tuple(one for one in told if one.line == row.line and not row.free),
            unit=row.unit,
            pack_size=row.pack_size,
            pack_price=row.pack_price,
            mrp=row.mrp,
            batch=row.batch,
            batch_reason=row.batch_reason,
            percent_off=row.percent_off,
            off_each=row.off_each,
        )
        found.setdefault(row.revision, []).append(line)
    return found


def _picks(connection: Connection, order: int) -> dict[tuple[bool, int], tuple[Pick, ...]]:
    """Read what an order holds of batches by line; where it holds nothing more, what it held."""
    query = (
        select(
            allocation.c.free,
            allocation.c.line,
            batch.c.code,
            batch.c.expiry,
            func.sum(allocation.c.quantity).label("held"),
            func.max(allocation.c.quantity).label("most"),
        )
        .join(batch, batch.c.id == allocation.c.batch_id)
        .where(allocation.c.order_id == order)
        .group_by(allocation.c.free, allocation.c.line, batch.c.code, batch.c.expiry)
        .order_by(func.min(allocation.c.id))
    )
    found: dict[tuple[bool, int], list[Pick]] = {}
    for row in connection.execute(query):
        held = int(row.held)
        pick = Pick(row.code, held or int(row.most), row.expiry, released=not held)
        found.setdefault((row.free, row.line), []).append(pick)
    return {key: tuple(picks) for key, picks in found.items()}


def _steps(
    connection: Connection,
    order: int,
    newest: Revision,
    *,
    language: str,
    names: Mapping[str, str],
) -> tuple[tuple[Step, ...], tuple[Near, ...]]:
    """Read every step of a decision; none where the rules were not asked."""
    query = select(decision.c.trace).where(
        decision.c.order_id == order, decision.c.revision == newest.content
    )
    written = connection.execute(query).scalar_one_or_none()
    if not written:
        return (), ()
    steps, near = steps_in_words(
        written, newest.scale, language=language, names=names, currency=newest.currency
    )
    return tuple(sorted(steps, key=_place)), tuple(near)


def _place(step: Step) -> tuple[int, int]:
    """Read a stage line by line, and what is about the whole order after its lines."""
    return _STAGES.index(step.stage), _AFTER_THE_LINES if step.line is None else step.line
