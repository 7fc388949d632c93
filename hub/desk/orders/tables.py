"""Orders: what was asked for, each revision with its lines and why, and nothing is ever changed."""

from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Table,
    UniqueConstraint,
    and_,
    case,
    func,
    literal_column,
    select,
    text,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    TerminalId,
    Uuid,
    Word,
    among,
    metadata,
)
from hub.desk.orders.model.life import LIFE, STATUSES, statuses_of
from hub.desk.orders.model.request import CAUSES, SOURCES

order_: Final = Table(
    "order_",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uuid", Uuid, nullable=False, unique=True),
    Column("number", Name, nullable=False),
    Column("source", Word, nullable=False),
    Column("source_key", Name, nullable=False),
    # What the customer's own purchase order is called; empty: none was named.
    Column("po_number", Code, nullable=False, server_default=text("''")),
    Column("asked_digest", Digest),  # of what staff or a program asked for under that key
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("warehouse_id", BigId, ForeignKey("warehouse.id"), nullable=False),
    Column("customer_id", BigId, ForeignKey("party.id")),  # null: nobody knows the code
    Column("customer_code", Code, nullable=False),
    Column("requester_kind", Word, nullable=False),
    Column("requester", Code, nullable=False),
    Column("operator", Name, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("clock_trusted", Flag, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("status", Word, nullable=False),
    Column("revision", Integer, nullable=False),
    # The note on which it is picked or sent now; empty: none. Until then it changes in no other way
    Column("delivery", Word, nullable=False, server_default=text("''")),
    Column("split_of", BigId),  # the order that this one was split from
    Column("ship_to_id", BigId),  # the delivery address; null: the customer's own
    CheckConstraint(among("status", STATUSES), name="status"),
    CheckConstraint(among("source", SOURCES), name="source"),
    CheckConstraint("requester_kind IN ('terminal', 'user', 'token')", name="requester_kind"),
    UniqueConstraint("source", "source_key"),
    Index("ix_order_number", "number", postgresql_ops={"number": "varchar_pattern_ops"}),
    Index(  # with what different customers are counted by
        "ix_order_business_date_status", "business_date", "status", "seller_id", "customer_id"
    ),
    Index("ix_order_customer_id_id", "customer_id", "id"),
    Index("ix_order_status_id", "status", "id"),
)
"""One row an order. `uuid` is the id that its sender made, `revision` the newest of it.

`source_key` is the entrance's own key: asked for twice under it, it is one order.
"""

HAS_PO_NUMBER: Final[ColumnElement[bool]] = order_.c.po_number != literal_column("''")
IS_OF_PEOPLE: Final[ColumnElement[bool]] = order_.c.source != literal_column("'terminal'")
"""Whether who asked is looked for by name: a terminal's orders have its name in their numbers."""
NUMBER_END: Final[ColumnElement[str]] = func.substr(
    order_.c.number, func.length(order_.c.number) - literal_column("4")
)
"""The last five characters of an order's number, by which people ask for it."""
Index("ix_order_number_end", NUMBER_END)
Index(
    "ix_order_split_of",
    order_.c.split_of,
    sqlite_where=order_.c.split_of.is_not(None),
    postgresql_where=order_.c.split_of.is_not(None),
)
Index(
    "ix_order_po_number",
    func.lower(order_.c.po_number).label("po_number"),
    postgresql_ops={"po_number": "varchar_pattern_ops"},
    sqlite_where=HAS_PO_NUMBER,
    postgresql_where=HAS_PO_NUMBER,
)
Index(
    "ix_order_requester",
    func.lower(order_.c.requester).label("requester"),
    postgresql_ops={"requester": "varchar_pattern_ops"},
    sqlite_where=IS_OF_PEOPLE,
    postgresql_where=IS_OF_PEOPLE,
)

order_revision: Final = Table(
    "order_revision",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("content", Integer, nullable=False),
    Column("cause", Word, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("status", Word, nullable=False),
    Column("changed", Flag, nullable=False),
    Column("reasons", Blob, nullable=False),  # JSON rows by position: code, params, rule, line
    Column("content_hash", Digest, nullable=False),
    Column("payment", Word, nullable=False),
    Column("currency", Word, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("gross", Amount, nullable=False),
    Column("discount", Amount, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("round_off", Amount, nullable=False),
    Column("payable", Amount, nullable=False),
    Column("exposure", Amount, nullable=False),  # what it adds to the customer's while it is newest
    Column("credit_left", Amount),  # null: there is no limit
    Column("lines", Integer, nullable=False),
    Column("pack_hash", Digest),
    Column("pack_version", BigId, nullable=False),
    Column("price_hash", Digest),  # null: the rules were not asked
    Column("quote_price_hash", Digest),
    Column("quote_payable", Amount),
    Column("coupons", Blob, nullable=False),  # JSON: the codes, and the choices of gifts
    Column("delivery_date", Date),  # when the goods are wanted
    CheckConstraint(among("status", STATUSES), name="status"),
    CheckConstraint(among("cause", CAUSES), name="cause"),
    CheckConstraint("payment IN ('cash', 'credit', 'advance')", name="payment"),
    CheckConstraint("exposure >= 0", name="exposure"),
    CheckConstraint("content BETWEEN 1 AND revision", name="content"),
    Index("ix_order_revision_payable", "payable"),
    sqlite_with_rowid=False,
)
"""One row for each time that an order changed: why, by whom, and what it then came to.

`content` is the revision whose lines are its own: where only the state changes, an earlier one.
Amounts are minor units of `currency`, of which `scale` digits are decimals.
"""


def _revision() -> tuple[Column[int], ...]:
    """Make the columns that name a revision, the first of a key."""
    return (
        Column("order_id", BigId, primary_key=True, autoincrement=False),
        Column("revision", Integer, primary_key=True, autoincrement=False),
    )


def _to_revision() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["order_id", "revision"], ["order_revision.order_id", "order_revision.revision"]
    )


order_line: Final = Table(
    "order_line",
    metadata,
    *_revision(),
    Column("free", Flag, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("product_id", BigId, ForeignKey("product.id")),  # null: the code is not in the catalogue
    Column("sku", Code, nullable=False),
    Column("name", Name, nullable=False),
    Column("ordered", BigId, nullable=False),
    Column("quantity", BigId, nullable=False),
    Column("unit_price", Amount),  # 1/10,000 of the major unit; null: unpriced
    Column("gross", Amount, nullable=False),
    Column("discount", Amount, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("rule", Name, nullable=False),  # the price's, or the scheme's where free is set
    Column("unit", Word),  # the pack size it was ordered in; null: the base unit
    Column("pack_size", BigId),  # base units in one of `unit`
    Column("pack_price", Amount),  # of one `unit`, like unit_price; null: priced by the base unit
    Column("mrp", Amount),  # of a base unit, like unit_price
    Column("batch", Code),  # that was asked for
    Column("batch_reason", Name),  # why that one
    Column("percent_off", Amount),  # that was asked for, in millionths; null: nothing
    Column("off_each", Amount),  # likewise of each base unit, like unit_price
    _to_revision(),
    CheckConstraint("quantity >= 0", name="quantity"),
    Index("ix_order_line_sku", "sku"),
    sqlite_with_rowid=False,  # small rows in the order of their key: one tree instead of two
)
"""Lines as decided. With `free` the goods of a scheme: `ordered` is earned, amounts are zero."""

ASKED_FOR: Final = ("batch", "batch_reason", "percent_off", "off_each")
"""Columns of a line that are as they were asked for, whatever is decided."""

decision: Final = Table(
    "decision",
    metadata,
    *_revision(),
    Column("pack_hash", Digest),
    Column("result_hash", Digest),
    Column("inputs", Blob, nullable=False),
    Column("trace", Blob, nullable=False),
    Column("needs", Blob, nullable=False),  # JSON; empty where no approval is asked for
    _to_revision(),
)
"""Why, as compact JSON: what the engine was given, every step it took, and who could release."""

awaited: Final = Table(
    "awaited",
    metadata,
    Column("terminal", TerminalId, primary_key=True),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("since", Moment, nullable=False),
    Column("why", Word, nullable=False),
    CheckConstraint("why IN ('restored', 'asked', 'ahead')", name="why"),
)
"""Terminals that may keep answered orders of a customer which are not here.

`restored`: the books were put back from a backup, and the terminal was not heard since. `asked`: it
was heard, and has yet to give back what of its orders may have gone on. `ahead`: it says that it
keeps more than is here. The row goes when all of it is here, or a person settled it.
"""

order_sum: Final = Table(
    "order_sum",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("day", Date, nullable=False),
    Column("seller_id", BigId, nullable=False),
    Column("warehouse_id", BigId, nullable=False),
    Column("status", Word, nullable=False),
    Column("currency", Word, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("orders", BigId, nullable=False),
    Column("payable", Amount, nullable=False),
    Column("priced", Amount, nullable=False),  # likewise, but of orders that have prices alone
    Column("counted", Flag, nullable=False, server_default=text("false")),
    Index("ix_order_sum_day", "day"),
    Index(
        "ix_order_sum_stale",
        "day",
        sqlite_where=text("NOT counted"),
        postgresql_where=text("NOT counted"),
    ),
)
"""What a transaction added to the orders of a day, state and warehouse, or took from them.

The sum of all rows of a key is what its orders come to by their newest revisions. Rows are only
added, so that no two orders wait for one another; `FoldSums` makes one of many. The sums by product
and by customer hold what is `counted`: on a day with a row that is not, they say nothing.
"""

STALE: Final[Select[Any]] = select(order_sum.c.day).where(text("NOT order_sum.counted"))
"""Days of which the sums by product and by customer say nothing: read the orders instead."""


def _of_day() -> tuple[Column[Any], ...]:
    """Make the columns that each sum of a day is kept by, the first of a key."""
    return (Column("day", Date, primary_key=True), *_of_seller())


def _of_stretch() -> tuple[Column[Any], ...]:
    """Make the columns that each sum of a stretch of days is kept by, the first of a key."""
    return (Column("stretch", Word, primary_key=True), *_of_seller())


def _of_seller() -> tuple[Column[Any], ...]:
    return (
        Column("seller_id", BigId, primary_key=True, autoincrement=False),
        Column("warehouse_id", BigId, primary_key=True, autoincrement=False),
        Column("currency", Word, primary_key=True),
        Column("scale", Integer, primary_key=True, autoincrement=False),
    )


def _of_goods() -> tuple[Column[Any], ...]:
    return (
        Column("sku", Code, primary_key=True),
        Column("product_id", BigId, primary_key=True, autoincrement=False),  # 0: in no catalogue
        Column("name", Name, nullable=False),  # empty: the product's
        Column("lines", BigId, nullable=False),
        Column("standing_lines", BigId, nullable=False),
        Column("goods_value", Amount, nullable=False),
        Column("quantity", BigId, nullable=False),
        Column("free_quantity", BigId, nullable=False),
        Column("line_orders", BigId, nullable=False),
        Column("asked", BigId, nullable=False),
        Column("cut", BigId, nullable=False),
        Column("waiting", BigId, nullable=False),
        Column("turned_away", BigId, nullable=False),
        Column("cut_value", Amount, nullable=False),  # in 1/10,000 of the major unit
    )


def _of_buyer() -> tuple[Column[Any], ...]:
    return (
        Column("customer_code", Code, primary_key=True),
        Column("customer_id", BigId, primary_key=True, autoincrement=False),  # 0: nobody knows it
        Column("orders", BigId, nullable=False),
        Column("payable", Amount, nullable=False),  # of orders that have prices
        Column("standing_orders", BigId, nullable=False),
        Column("order_value", Amount, nullable=False),
        Column("standing_lines", BigId, nullable=False),
        # Orders that stand, with a line that is no free goods.
        Column("paid_orders", BigId, nullable=False),
    )


goods_sum: Final = Table("goods_sum", metadata, *_of_day(), *_of_goods(), sqlite_with_rowid=False)
"""What the lines of a day's orders come to by product, as `GOODS_OF_ORDERS` adds them up."""

buyer_sum: Final = Table("buyer_sum", metadata, *_of_day(), *_of_buyer(), sqlite_with_rowid=False)
"""What a day's orders come to by customer, as `ORDERS_OF_BUYERS` adds them up."""

kept_stretch: Final = Table(
    "kept_stretch",
    metadata,
    Column("name", Word, primary_key=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
)
"""Days that many people ask about at once, as the 29 before today; none where `last` is earlier.

The rows of the two tables below come to what `goods_sum` and `buyer_sum` have of these days.
"""

goods_stretch: Final = Table(
    "goods_stretch", metadata, *_of_stretch(), *_of_goods(), sqlite_with_rowid=False
)
"""What the lines of a stretch of days come to by product: the sum of the days' `goods_sum`."""

buyer_stretch: Final = Table(
    "buyer_stretch", metadata, *_of_stretch(), *_of_buyer(), sqlite_with_rowid=False
)
"""What the orders of a stretch of days come to by customer: the sum of the days' `buyer_sum`."""

_STANDS: Final = order_.c.status.in_(sorted(statuses_of("processing") | statuses_of("delivered")))
_MEANT: Final = order_.c.status.in_(sorted(frozenset(LIFE) - {"draft", "cancelled"}))
_PAID: Final = ~order_line.c.free
_ONE: Final[ColumnElement[Any]] = literal_column("1")
_IS_NEWEST: Final = and_(
    order_revision.c.order_id == order_.c.id, order_revision.c.revision == order_.c.revision
)
_IS_LINE: Final = and_(
    order_line.c.order_id == order_.c.id, order_line.c.revision == order_revision.c.content
)
_KEY: Final = (
    order_.c.business_date.label("day"),
    order_.c.seller_id,
    order_.c.warehouse_id,
    order_revision.c.currency,
    order_revision.c.scale,
)


def _sum(when: ColumnElement[bool], of: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.sum(case((when, of), else_=literal_column("0"))).label(name)


def _goods() -> Select[Any]:
    line, one = order_line.c, _ONE
    product_id = func.coalesce(line.product_id, literal_column("0")).label("product_id")
    name = case((line.product_id.is_(None), line.name), else_=literal_column("''"))
    sold, held, away = (
        and_(is_so, _PAID)
        for is_so in (_STANDS, order_.c.status == "held", order_.c.status == "rejected")
    )
    cut = line.ordered - line.quantity
    price = func.coalesce(line.unit_price, literal_column("0"))
    return (
        select(
            *_KEY,
            line.sku,
            product_id,
            func.max(name).label("name"),
            func.count().label("lines"),
            _sum(_STANDS, one, "standing_lines"),
            _sum(sold, line.total, "goods_value"),
            _sum(sold, line.quantity, "quantity"),
            _sum(and_(_STANDS, line.free), line.quantity, "free_quantity"),
            func.count(case((sold, order_.c.id)).distinct()).label("line_orders"),
            _sum(and_(_MEANT, _PAID), line.ordered, "asked"),
            _sum(sold, cut, "cut"),
            _sum(held, line.ordered, "waiting"),
            _sum(away, line.ordered, "turned_away"),
            _sum(sold, cut * price, "cut_value"),
        )
        .select_from(order_)
        .join(order_revision, _IS_NEWEST)
        .join(order_line, _IS_LINE)
        .group_by(*_KEY, line.sku, product_id)
    )


def _buyers() -> Select[Any]:
    order, revision, one = order_.c, order_revision.c, _ONE
    customer_id = func.coalesce(order.customer_id, literal_column("0")).label("customer_id")
    has_paid_line = select(order_line.c.order_id).where(_IS_LINE, _PAID).exists()
    return (
        select(
            *_KEY,
            order.customer_code,
            customer_id,
            func.count().label("orders"),
            _sum(revision.price_hash.is_not(None), revision.payable, "payable"),
            _sum(_STANDS, one, "standing_orders"),
            _sum(_STANDS, revision.payable, "order_value"),
            _sum(_STANDS, revision.lines, "standing_lines"),
            _sum(and_(_STANDS, has_paid_line), one, "paid_orders"),
        )
        .select_from(order_)
        .join(order_revision, _IS_NEWEST)
        .group_by(*_KEY, order.customer_code, customer_id)
    )


GOODS_OF_ORDERS: Final = _goods()
"""What orders come to by day and product, with the columns of `goods_sum`; narrow it by day."""
ORDERS_OF_BUYERS: Final = _buyers()
"""What orders come to by day and customer, with the columns of `buyer_sum`; likewise."""
KEPT_SUMS: Final = ((goods_sum, GOODS_OF_ORDERS), (buyer_sum, ORDERS_OF_BUYERS))
"""The tables that are kept of past days, each with the statement that makes its rows."""
STRETCHED: Final = ((goods_sum, goods_stretch), (buyer_sum, buyer_stretch))
"""The tables that are kept of past days, each with the one that has them added up."""
