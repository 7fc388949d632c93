"""What there is of each product in each warehouse, and of each batch, in the reader's scope."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
)

from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.products.tables import product
from hub.desk.stock.model.levels import Level
from hub.desk.stock.reads.documents import ON_ITS_WAY, UNDER_WAY
from hub.desk.stock.tables import (
    batch,
    stock_document,
    stock_document_line,
    stock_level,
    warehouse,
)

BY_NAME: Final = Sorting("name")
BY_EXPIRY: Final = Sorting("expiry")
NEAR_DAYS: Final = 30
"""A batch that expires within so many days is near its expiry, where nobody says otherwise."""
_LAST_DAY: Final = date(9999, 12, 31)
_WAREHOUSES: Final = 100_000
"""More warehouses than there are: a product's id and a warehouse's make one number."""


@dataclass(frozen=True, slots=True)
class StockRow:
    """A product in a warehouse, in base units; `expiry` is the first of what is on hand."""

    sku: str
    name: str
    base_unit: str
    warehouse: str
    on_hand: int
    reserved: int
    available: int
    inbound: int
    damaged: int
    quarantine: int
    expiry: date | None
    reorder: int | None
    maximum: int | None
    bin: str

    @property
    def is_over(self) -> bool:
        """Say whether there is more of it than is to be kept here."""
        return self.maximum is not None and self.on_hand > self.maximum

    @property
    def is_low(self) -> bool:
        """Say whether more is to be ordered: no level set is neither low nor fine."""
        return self.reorder is not None and self.available + self.inbound <= self.reorder


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in a warehouse, in base units; `state` is fresh, near, expired or blocked."""

    id: int
    code: str
    sku: str
    name: str
    warehouse: str
    manufactured: date | None
    expiry: date | None
    on_hand: int
    reserved: int
    damaged: int
    quarantine: int
    in_transit: int
    state: str

    @property
    def available(self) -> int:
        """Give what can be promised."""
        return self.on_hand - self.reserved if self.state in {"fresh", "near"} else 0


def list_stock(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Slice[StockRow]:
    """Read one page of what there is, by product and warehouse.

    Of a page that is neither sorted nor filtered by what there is, only its own rows are added up.
    """
    if wanted.sort.by in _PLAIN and not wanted.one("state"):
        rows = _pairs_query(wanted, scope=scope).subquery()
        sorts = {name: rows.c[name] for name in _PLAIN}
        page = page_of(
            connection,
            select(rows.c.row),
            wanted,
            sorts=sorts,
            key=rows.c.row,
            make=lambda row: int(row.row),
        )
        found = _read_rows(connection, wanted, page.rows, today=today, scope=scope)
        shown = tuple(found[one] for one in page.rows if one in found)
        return Slice(shown, page.before, page.after)
    rows = stock_query(wanted, today=today, scope=scope).subquery()
    query = select(*(rows.c[name] for name in StockRow.__dataclass_fields__))
    return page_of(
        connection,
        query,
        wanted,
        sorts={
            "name": rows.c.name,
            "warehouse": rows.c.warehouse,
            "on_hand": rows.c.on_hand,
            "available": rows.c.available,
            "expiry": func.coalesce(rows.c.expiry, _LAST_DAY),
        },
        key=rows.c.row,
        make=lambda row: StockRow(*row[: len(StockRow.__dataclass_fields__)]),
    )


def count_stock(connection: Connection, wanted: Wanted, *, today: date, scope: Scope) -> int:
    """Count the rows of a list."""
    rows = (
        stock_query(wanted, today=today, scope=scope)
        if wanted.one("state")
        else _pairs_query(wanted, scope=scope)
    ).subquery()
    return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())


def _pairs_query(wanted: Wanted, *, scope: Scope) -> Select[Any]:
    """Ask for the rows of `stock_query` without what there is: which there are, and their names."""
    pairs = _pairs(_inbound(), select(batch.c.product_id, batch.c.warehouse_id)).subquery()
    query = (
        select(_row_of(pairs).label("row"), product.c.name, warehouse.c.code.label("warehouse"))
        .select_from(pairs)
        .join(product, product.c.id == pairs.c.product_id)
        .join(warehouse, warehouse.c.id == pairs.c.warehouse_id)
        .where(visible(scope, seller=warehouse.c.seller_id))
    )
    return _narrowed(query, wanted)


def _read_rows(
    connection: Connection, wanted: Wanted, rows: Sequence[int], *, today: date, scope: Scope
) -> dict[int, StockRow]:
    """Read some rows of a list by their numbers."""
    products = sorted({places_of(one)[0] for one in rows})
    query = stock_query(wanted, today=today, scope=scope, of=products)
    return {row[0]: StockRow(*row[1:]) for row in connection.execute(query)} if rows else {}


def read_stock(
    connection: Connection, sku: str, place: str, *, today: date, scope: Scope
) -> StockRow | None:
    """Read one product in one warehouse; None for who may not see it."""
    wanted = Wanted(BY_NAME, chosen={"warehouse": (place,)})
    query = stock_query(wanted, today=today, scope=scope).where(product.c.sku == sku)
    row = connection.execute(query).first()
    return StockRow(*row[1:]) if row else None


def read_level(connection: Connection, sku: str, place: str, *, scope: Scope) -> Level:
    """Read what is set for a product in a warehouse itself."""
    query = (
        select(stock_level.c.reorder, stock_level.c.maximum, stock_level.c.bin)
        .join(product, product.c.id == stock_level.c.product_id)
        .join(warehouse, warehouse.c.id == stock_level.c.warehouse_id)
        .where(product.c.sku == sku, warehouse.c.code == place)
        .where(visible(scope, seller=warehouse.c.seller_id))
    )
    row = connection.execute(query).first()
    return Level(*row) if row else Level(None, None)


def read_all_levels(connection: Connection, *, scope: Scope) -> Iterator[tuple[str, str, Level]]:
    """Read what is set in each warehouse, with the codes of warehouse and product."""
    query = (
        select(
            *(warehouse.c.code, product.c.sku),
            *(stock_level.c[name] for name in Level._fields),
        )
        .join_from(stock_level, product, product.c.id == stock_level.c.product_id)
        .join(warehouse, warehouse.c.id == stock_level.c.warehouse_id)
        .where(visible(scope, seller=warehouse.c.seller_id))
        .order_by(warehouse.c.code, product.c.sku)
    )
    for place, sku, *level in connection.execute(query):
        yield place, sku, Level(*level)


def list_batches(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Slice[BatchLine]:
    """Read one page of the batches, and of those that nothing is left of only who asks for them."""
    rows = _batches(wanted, today=today, scope=scope).subquery()
    return page_of(
        connection,
        select(*(rows.c[name] for name in BatchLine.__dataclass_fields__)),
        wanted,
        sorts={
            "expiry": func.coalesce(rows.c.expiry, _LAST_DAY),
            "name": rows.c.name,
            "code": rows.c.code,
            "on_hand": rows.c.on_hand,
            "warehouse": rows.c.warehouse,
        },
        key=rows.c.id,
        make=lambda row: BatchLine(*row[: len(BatchLine.__dataclass_fields__)]),
    )


def count_batches(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Mapping[str, int]:
    """Count the batches of a list by state; "" has all."""
    plain = {name: values for name, values in wanted.chosen.items() if name != "state"}
    query = _batches(Wanted(wanted.sort, wanted.text, plain), today=today, scope=scope)
    rows = query.subquery()
    found = connection.execute(select(rows.c.state, func.count()).group_by(rows.c.state))
    counts = {str(state): int(number) for state, number in found}
    return {**counts, "": sum(counts.values())}


def count_expiring(connection: Connection, *, today: date, scope: Scope) -> Mapping[str, int]:
    """Count the batches near their expiry and past it, as `count_batches` does, and no others."""
    query = _batches(Wanted(BY_EXPIRY), today=today, scope=scope)
    rows = query.where(batch.c.expiry <= literal(today + timedelta(days=NEAR_DAYS))).subquery()
    found = connection.execute(select(rows.c.state, func.count()).group_by(rows.c.state))
    return {str(state): int(number) for state, number in found}


def count_blocked(connection: Connection, *, today: date, scope: Scope) -> int:
    """Count the batches that are not for sale and that orders hold, as `count_batches` does."""
    query = _batches(Wanted(BY_EXPIRY, chosen={"left": ("reserved",)}), today=today, scope=scope)
    rows = query.where(batch.c.status != literal_column("'ok'")).subquery()  # as its index has it
    return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())


def read_batch(
    connection: Connection, batch_id: int, *, today: date, scope: Scope
) -> BatchLine | None:
    """Read one batch; None for who may not see it."""
    wanted = Wanted(BY_EXPIRY, chosen={"left": ("all",)})
    query = _batches(wanted, today=today, scope=scope).where(batch.c.id == batch_id)
    row = connection.execute(query).first()
    return BatchLine(*row) if row else None


def batches_at(
    connection: Connection, sku: str, place: str, *, today: date, scope: Scope
) -> Sequence[BatchLine]:
    """Read the batches of a product in a warehouse of which something is left, by expiry."""
    wanted = Wanted(BY_EXPIRY, chosen={"warehouse": (place,)})
    query = _batches(wanted, today=today, scope=scope).where(product.c.sku == sku)
    expiry = func.coalesce(batch.c.expiry, _LAST_DAY)
    return [BatchLine(*list(row)) for row in connection.execute(query.order_by(expiry, batch.c.id))]


def list_warehouses(connection: Connection, *, scope: Scope) -> Mapping[str, str]:
    """Give the names of the warehouses that a person may see, by their codes."""
    table = warehouse.c
    query = (
        select(table.code, table.name)
        .where(visible(scope, seller=table.seller_id))
        .order_by(table.priority, table.code)
    )
    return {row.code: row.name for row in connection.execute(query)}


def days_of(wanted: Wanted) -> int:
    """Give within how many days a batch is near its expiry."""
    chosen = wanted.one("days")
    return int(chosen) if chosen and chosen.isdecimal() else NEAR_DAYS


def places_of(row: int) -> tuple[int, int]:
    """Give the ids of the product and of the warehouse that a row of `stock_query` is about."""
    return divmod(row, _WAREHOUSES)


def _sellable(today: date) -> ColumnElement[bool]:
    return and_(
        batch.c.status == "ok", or_(batch.c.expiry.is_(None), batch.c.expiry >= literal(today))
    )


def stock_query(
    wanted: Wanted, *, today: date, scope: Scope, of: Sequence[int] = ()
) -> Select[Any]:
    """Ask for what there is, a row for each product and warehouse, as lists and reports have it.

    `of` are the ids of the only products that are asked about, where not all are.
    """
    inbound, state = _inbound(), wanted.one("state")
    there_of = select(batch.c.product_id, batch.c.warehouse_id)
    sums = _held(today, near=today + timedelta(days=days_of(wanted)))
    if state in _LEVELS:  # nothing without a level is low: its batches need not be added up
        levelled = batch.c.product_id.in_(
            select(product.c.id).where(product.c.active, _OWN[state].is_not(None))
        ) | batch.c.product_id.in_(select(stock_level.c.product_id))
        there_of, sums = there_of.where(levelled), sums.where(levelled)
    if of:
        named = batch.c.product_id.in_(of)
        there_of, sums = there_of.where(named), sums.where(named)
    pairs = _pairs(inbound, there_of).subquery()
    held = sums.subquery()
    query = (
        select(
            _row_of(pairs).label("row"),
            product.c.sku,
            product.c.name,
            product.c.base_unit,
            warehouse.c.code.label("warehouse"),
            *(func.coalesce(held.c[name], 0).label(name) for name in _FIRST),
            func.coalesce(inbound.c.quantity, 0).label("inbound"),
            *(func.coalesce(held.c[name], 0).label(name) for name in ("damaged", "quarantine")),
            held.c.expiry,
            _level("reorder").label("reorder"),
            _level("maximum").label("maximum"),
            func.coalesce(stock_level.c.bin, "").label("bin"),
        )
        .select_from(pairs)
        .join(product, product.c.id == pairs.c.product_id)
        .join(warehouse, warehouse.c.id == pairs.c.warehouse_id)
        .outerjoin(held, _same(held, pairs))
        .outerjoin(inbound, _same(inbound, pairs))
        .outerjoin(stock_level, _same(stock_level, pairs))
        .where(visible(scope, seller=warehouse.c.seller_id))
    )
    if of:
        query = query.where(pairs.c.product_id.in_(of))
    if state == "low":
        there = func.coalesce(held.c.available, 0) + func.coalesce(inbound.c.quantity, 0)
        query = query.where(product.c.active, there <= _level("reorder"))
    elif state == "over":
        query = query.where(func.coalesce(held.c.on_hand, 0) > _level("maximum"))
    elif state:
        query = query.where((inbound.c.quantity if state == "inbound" else held.c[state]) > 0)
    return _narrowed(query, wanted)


def _pairs(inbound: Any, there_of: Select[Any]) -> CompoundSelect[Any]:  # noqa: ANN401 -- a subquery
    """Ask which products are in which warehouses, are on their way there or are kept there."""
    # What has a level in a warehouse is kept there, also when nothing of it is left.
    kept = select(stock_level.c.product_id, stock_level.c.warehouse_id).where(
        stock_level.c.reorder.is_not(None)
    )
    return union(there_of, select(inbound.c.product_id, inbound.c.warehouse_id), kept)


def _row_of(pairs: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- a subquery
    """Make one number of a product's id and a warehouse's: `places_of` takes it apart."""
    number: ColumnElement[Any] = pairs.c.product_id * _WAREHOUSES + pairs.c.warehouse_id
    return number


_PLAIN: Final = ("name", "warehouse")
"""By what rows are sorted without what there is."""
_LEVELS: Final = frozenset({"low", "over"})
_OWN: Final = {
    "low": product.c.reorder_level,
    "over": product.c.maximum,
    "reorder": product.c.reorder_level,
    "maximum": product.c.maximum,
}


def _level(name: str) -> ColumnElement[Any]:
    """Ask for a level of a product in a warehouse: the one that is set there, else its own."""
    return func.coalesce(stock_level.c[name], _OWN[name])


_FIRST: Final = ("on_hand", "reserved", "available")


def _same(one: Any, other: Any) -> ColumnElement[bool]:  # noqa: ANN401 -- subqueries
    return and_(one.c.product_id == other.c.product_id, one.c.warehouse_id == other.c.warehouse_id)


def _held(today: date, *, near: date) -> Select[Any]:
    """Add up the batches of each product in each warehouse."""
    there = batch.c.on_hand > 0
    free = batch.c.on_hand - batch.c.reserved
    expired = and_(there, batch.c.expiry < literal(today))
    ending = and_(there, batch.c.expiry >= literal(today), batch.c.expiry <= literal(near))
    return select(
        batch.c.product_id,
        batch.c.warehouse_id,
        func.sum(batch.c.on_hand).label("on_hand"),
        func.sum(batch.c.reserved).label("reserved"),
        func.sum(case((_sellable(today), free), else_=0)).label("available"),
        func.sum(batch.c.damaged).label("damaged"),
        func.sum(batch.c.quarantine).label("quarantine"),
        func.min(case((there, batch.c.expiry))).label("expiry"),
        func.sum(case((expired, 1), else_=0)).label("expired"),
        func.sum(case((ending, 1), else_=0)).label("near"),
    ).group_by(batch.c.product_id, batch.c.warehouse_id)


def _inbound() -> Any:  # noqa: ANN401 -- a subquery
    """Add up what is on its way to each warehouse."""
    lines, documents = stock_document_line.c, stock_document.c
    return (
        select(
            batch.c.product_id,
            documents.to_warehouse_id.label("warehouse_id"),
            func.sum(ON_ITS_WAY).label("quantity"),
        )
        .join(stock_document, documents.id == lines.document_id)
        .join(batch, batch.c.id == lines.batch_id)
        .where(documents.kind == "transfer", documents.state.in_(UNDER_WAY))
        .group_by(batch.c.product_id, documents.to_warehouse_id)
        .subquery()
    )


def _batches(wanted: Wanted, *, today: date, scope: Scope) -> Select[Any]:
    near = today + timedelta(days=days_of(wanted))
    state = case(
        (batch.c.status != "ok", "blocked"),
        (batch.c.expiry < literal(today), "expired"),
        (batch.c.expiry <= literal(near), "near"),
        else_="fresh",
    )
    query = (
        select(
            batch.c.id,
            batch.c.code,
            product.c.sku,
            product.c.name,
            warehouse.c.code.label("warehouse"),
            batch.c.manufactured,
            batch.c.expiry,
            *(batch.c[name] for name in _BUCKETS),
            state.label("state"),
        )
        .join(product, product.c.id == batch.c.product_id)
        .join(warehouse, warehouse.c.id == batch.c.warehouse_id)
        .where(visible(scope, seller=warehouse.c.seller_id))
    )
    if wanted.one("left") != "all":
        total = batch.c.on_hand + batch.c.damaged + batch.c.quarantine + batch.c.in_transit
        query = query.where(total > literal_column("0"))  # as the index of expiry has it
    if wanted.one("left") == "reserved":
        query = query.where(batch.c.reserved > literal_column("0"))  # as its index has it
    if wanted.one("state"):
        query = query.where(state == wanted.one("state"))
    return _narrowed(query, wanted, code=batch.c.code)


_BUCKETS: Final = ("on_hand", "reserved", "damaged", "quarantine", "in_transit")


def _narrowed(
    query: Select[Any], wanted: Wanted, *, code: ColumnElement[Any] | None = None
) -> Select[Any]:
    places = wanted.chosen.get("warehouse", ())
    if places:
        query = query.where(warehouse.c.code.in_(places))
    for text in filter(None, (wanted.text.strip(), wanted.one("product"))):
        columns = [product.c.sku, product.c.name, *([] if code is None else [code])]
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in columns)))
    return query
