"""Stock documents with their lines, in the reader's scope; a count that goes on is read blind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, case, func, or_, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.parties.tables import setting
from hub.desk.products.tables import product
from hub.desk.stock.model.limits import ALONE, NOUN, RECOUNT, REF, Limits, limits_in
from hub.desk.stock.model.moves import variance_of
from hub.desk.stock.tables import batch, stock_document, stock_document_line, warehouse
from rules.values.rounding import half_up

_UNIT_PRICES: Final = 100
"""Worth is kept in 1/10,000 of the major unit, and shown in minor units."""
NEWEST_FIRST: Final = Sorting("at", descending=True)
UNDER_WAY: Final = ("dispatched", "waiting")
"""The states of a transfer of which something may be on its way."""
ON_ITS_WAY: Final = case(
    (stock_document_line.c.arrived >= stock_document_line.c.quantity, 0),
    else_=stock_document_line.c.quantity - func.coalesce(stock_document_line.c.arrived, 0),
)
"""What of a transfer's line has not arrived."""
_HERE: Final = warehouse.alias("here")
_THERE: Final = warehouse.alias("there")


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A stock document; `worth` is in 1/10,000 of the major unit, None where nobody knows."""

    id: int
    kind: str
    state: str
    warehouse: str
    to_warehouse: str
    reason: str
    reference: str
    note: str
    due: date | None
    worth: int | None
    made_by: str
    made_at: int
    decided_by: str | None
    decided_at: int | None
    supplier: str
    number: str | None
    decided_why: str

    @property
    def worth_shown(self) -> int | None:
        """Give the worth in minor units."""
        return None if self.worth is None else half_up(self.worth, _UNIT_PRICES)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of a document, in base units; of a count, `quantity` is what was frozen."""

    line: int
    batch_id: int
    sku: str
    name: str
    batch: str
    expiry: date | None
    origin: str | None
    target: str | None
    quantity: int
    expected: int | None
    arrived: int | None
    counted: int | None
    moved: int | None
    counted_by: str | None
    arrived_by: str | None
    first_counted: int | None
    first_by: str | None

    @property
    def on_its_way(self) -> int:
        """Give what of a transfer's line has not arrived."""
        return max(0, self.quantity - (self.arrived or 0))

    @property
    def variance(self) -> int | None:
        """Give how many too many were counted; None before they were."""
        if self.counted is None:
            return None
        return variance_of(self.quantity, self.moved or 0, self.counted)


def list_documents(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Slice[DocumentRow]:
    """Read one page of the documents."""
    return page_of(
        connection,
        _documents(wanted, today=today, scope=scope),
        wanted,
        sorts={"at": stock_document.c.made_at},
        key=stock_document.c.id,
        make=lambda row: DocumentRow(*row[: len(DocumentRow.__dataclass_fields__)]),
    )


def count_documents(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Mapping[str, int]:
    """Count the documents of a list by state; "" has all."""
    plain = {name: values for name, values in wanted.chosen.items() if name != "state"}
    rows = _documents(Wanted(wanted.sort, wanted.text, plain), today=today, scope=scope).subquery()
    found = connection.execute(select(rows.c.state, func.count()).group_by(rows.c.state))
    counts = {str(state): int(number) for state, number in found}
    return {**counts, "": sum(counts.values())}


def read_document(connection: Connection, document: int, *, scope: Scope) -> DocumentRow | None:
    """Read one document; None for who may not see it."""
    query = _documents(Wanted(NEWEST_FIRST), today=date.min, scope=scope)
    row = connection.execute(query.where(stock_document.c.id == document)).first()
    return DocumentRow(*row) if row else None


def list_lines(connection: Connection, document: int, *, scope: Scope) -> Sequence[DocumentLine]:
    """Read the lines of a document."""
    lines = stock_document_line.c
    query = (
        select(
            lines.line,
            lines.batch_id,
            product.c.sku,
            product.c.name,
            batch.c.code,
            batch.c.expiry,
            lines.from_bucket,
            lines.to_bucket,
            lines.quantity,
            lines.expected,
            lines.arrived,
            lines.counted,
            lines.moved,
            lines.counted_by,
            lines.arrived_by,
            lines.first_counted,
            lines.first_by,
        )
        .join(batch, batch.c.id == lines.batch_id)
        .join(product, product.c.id == batch.c.product_id)
        .join(stock_document, stock_document.c.id == lines.document_id)
        .where(lines.document_id == document)
        .where(visible(scope, seller=stock_document.c.seller_id))
        .order_by(lines.line)
    )
    return [DocumentLine(*list(row)) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class InboundRow:
    """What is on its way on a transfer that has not arrived; `place` is its other end."""

    document: int
    batch: str
    quantity: int
    due: date | None
    place: str


def list_under_way(connection: Connection, batch_id: int, *, scope: Scope) -> Sequence[InboundRow]:
    """Read what of a batch, by its number in any warehouse, is on its way to where."""
    lines, table, own = stock_document_line.c, stock_document.c, batch.alias("own")
    query = (
        select(table.id, batch.c.code, ON_ITS_WAY, table.due, _THERE.c.code)
        .join(stock_document_line, lines.document_id == table.id)
        .join(batch, batch.c.id == lines.batch_id)
        .join(own, (own.c.product_id == batch.c.product_id) & (own.c.code == batch.c.code))
        .join(_THERE, _THERE.c.id == table.to_warehouse_id)
        .where(table.kind == "transfer", table.state.in_(UNDER_WAY), ON_ITS_WAY > 0)
        .where(own.c.id == batch_id, visible(scope, seller=table.seller_id))
        .order_by(table.due, table.id)
    )
    return [InboundRow(*row) for row in connection.execute(query)]


def list_inbound(
    connection: Connection, sku: str, place: str, *, scope: Scope
) -> Sequence[InboundRow]:
    """Read what of a product is on its way to a warehouse, the first to come first."""
    lines, table = stock_document_line.c, stock_document.c
    query = (
        select(table.id, batch.c.code, ON_ITS_WAY, table.due, _HERE.c.code)
        .join(stock_document_line, lines.document_id == table.id)
        .join(batch, batch.c.id == lines.batch_id)
        .join(product, product.c.id == batch.c.product_id)
        .join(_HERE, _HERE.c.id == table.warehouse_id)
        .join(_THERE, _THERE.c.id == table.to_warehouse_id)
        .where(table.state.in_(UNDER_WAY), ON_ITS_WAY > 0)
        .where(table.kind == "transfer", product.c.sku == sku, _THERE.c.code == place)
        .where(visible(scope, seller=table.seller_id))
        .order_by(table.due, table.id)
    )
    return [InboundRow(*row) for row in connection.execute(query)]


def read_limits(connection: Connection, *, scope: Scope) -> Limits:
    """Read the worths, in minor units, above which a second person is asked."""
    del scope  # the distributor's own settings: whoever moves stock has to know them
    query = select(setting.c.key, setting.c.value).where(setting.c.key.in_((ALONE, RECOUNT)))
    return limits_in({row.key: row.value for row in connection.execute(query)})


def read_limit_changes(connection: Connection, *, scope: Scope) -> Sequence[history.Entry]:
    """Read who set the limits to what, the oldest change first."""
    del scope  # likewise
    return history.read(connection, NOUN, REF)


def _documents(wanted: Wanted, *, today: date, scope: Scope) -> Select[Any]:
    table = stock_document.c
    query = (
        select(
            table.id,
            table.kind,
            table.state,
            func.coalesce(_HERE.c.code, "").label("warehouse"),
            func.coalesce(_THERE.c.code, "").label("to_warehouse"),
            table.reason,
            table.reference,
            table.note,
            table.due,
            table.worth,
            table.made_by,
            table.made_at,
            table.decided_by,
            table.decided_at,
            table.supplier,
            table.number,
            table.decided_why,
        )
        .outerjoin(_HERE, _HERE.c.id == table.warehouse_id)
        .outerjoin(_THERE, _THERE.c.id == table.to_warehouse_id)
        .where(visible(scope, seller=table.seller_id))
    )
    for name in ("state", "kind"):
        if values := wanted.chosen.get(name):
            query = query.where(table[name].in_(values))
    if places := wanted.chosen.get("warehouse"):
        query = query.where(_HERE.c.code.in_(places) | _THERE.c.code.in_(places))
    if wanted.one("late"):
        query = query.where(table.state == "dispatched", table.due < today)
    if text := wanted.text.strip():
        found = [table.reference, table.note, table.made_by, table.supplier, table.number]
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in found)))
    return query
