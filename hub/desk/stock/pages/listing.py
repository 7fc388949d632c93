"""The lists of stock: by product and warehouse, by batch, and the documents that move it."""

from collections.abc import Sequence
from datetime import date
from typing import Final, get_args
from urllib.parse import quote

from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.stock.model.moves import DocumentKind
from hub.desk.stock.reads.documents import (
    NEWEST_FIRST,
    DocumentRow,
    count_documents,
    list_documents,
)
from hub.desk.stock.reads.overview import (
    BY_EXPIRY,
    BY_NAME,
    BatchLine,
    StockRow,
    count_batches,
    count_stock,
    list_batches,
    list_stock,
    list_warehouses,
)
from hub.desk.stock.words import BATCHES, DOCUMENTS
from hub.web.frames.cells import Amount, Count, Day, Moment, State, Text
from hub.web.frames.filters import Asking, Choice, Match, Option, worded
from hub.web.frames.lists import Column, Listed, ListFrame, look_options

DAYS: Final = ("7", "15", "30", "60", "90", "180")
STATES: Final = ("low", "over", "near", "expired", "damaged", "quarantine", "inbound")


def address_of(warehouse: str, sku: str) -> str:
    """Write the address of a product in a warehouse, whatever signs their codes have."""
    return f"/stock/at/{quote(warehouse, safe='')}/{quote(sku, safe='')}"


def warehouses(asking: Asking) -> Sequence[Option]:
    """Give the warehouses that the reader may see."""
    found = list_warehouses(asking.connection, scope=asking.session.scope)
    return [Option(code, f"{name} ({code})") for code, name in found.items()]


def _days(asking: Asking) -> Sequence[Option]:
    return [Option(one, asking.words.counted("stock.days", int(one))) for one in DAYS]


def _product(row: StockRow, _words: PageWords) -> Text:
    return Text(row.name, sub=row.sku, href=address_of(row.warehouse, row.sku))


def _batch(row: BatchLine, _words: PageWords) -> Text:
    return Text(row.code, href=f"/stock/batches/{row.id}")


def _document(row: DocumentRow, words: PageWords) -> Text:
    number = words.text("stock.document_number", number=row.id)
    return Text(
        f"{words.named('stock_kind', row.kind)} {number}", href=f"/stock/documents/{row.id}"
    )


def _way(row: DocumentRow, _words: PageWords) -> Text:
    return Text(f"{row.warehouse} → {row.to_warehouse}" if row.to_warehouse else row.warehouse)


STOCK: Final[ListFrame[StockRow]] = ListFrame(
    name="stock",
    address="/stock",
    title="stock.title",
    icon="package",
    columns=(
        Column("name", "word.product", _product, sort="name", phone="lead"),
        Column(
            "warehouse",
            "stock.warehouse",
            lambda row, _: Text(row.warehouse),
            sort="warehouse",
            groups=True,
        ),
        Column(
            "on_hand",
            "stock.on_hand",
            lambda row, _: Count(row.on_hand, sub=row.base_unit),
            sort="on_hand",
            figures=True,
        ),
        Column("reserved", "stock.reserved", lambda row, _: Count(row.reserved), figures=True),
        Column(
            "available",
            "stock.available",
            lambda row, _: Count(row.available),
            sort="available",
            figures=True,
        ),
        Column(
            "reorder",
            "stock.reorder",
            lambda row, _: Count(row.reorder),
            figures=True,
            phone="desk",
            usual=False,
        ),
        Column(
            "maximum",
            "stock.maximum",
            lambda row, _: Count(row.maximum),
            figures=True,
            phone="desk",
            usual=False,
        ),
        Column("inbound", "stock.inbound", lambda row, _: Count(row.inbound), figures=True),
        Column("damaged", "stock.damaged", lambda row, _: Count(row.damaged), figures=True),
        Column(
            "quarantine", "stock.quarantine", lambda row, _: Count(row.quarantine), figures=True
        ),
        Column("expiry", "stock.first_expiry", lambda row, _: Day(row.expiry), sort="expiry"),
    ),
    key=lambda row: f"{row.warehouse}/{row.sku}",
    sort=BY_NAME,
    topics=("stock",),
    empty="stock.none",
    search="stock.search_hint",
    filters=(
        Choice("warehouse", "stock.warehouse", warehouses),
        Choice("state", "stock.state", worded("stock_filter", STATES)),
        Choice("days", "stock.near_within", _days),
        Match("product", "word.product"),
    ),
    add="/stock/receive",
    add_label="stock.receive",
    may_add="stock.receive",
    above="stock_links.html",
)

BATCH_LIST: Final[ListFrame[BatchLine]] = ListFrame(
    name="batches",
    address="/stock/batches",
    title="stock.batches",
    icon="box",
    columns=(
        Column("code", "stock.batch_code", _batch, sort="code", phone="lead"),
        Column("name", "word.product", lambda row, _: Text(row.name, sub=row.sku), sort="name"),
        Column(
            "warehouse",
            "stock.warehouse",
            lambda row, _: Text(row.warehouse),
            sort="warehouse",
            groups=True,
        ),
        Column(
            "made",
            "stock.manufactured",
            lambda row, _: Day(row.manufactured),
            phone="desk",
            usual=False,
        ),
        Column("expiry", "stock.expiry", lambda row, _: Day(row.expiry), sort="expiry"),
        Column(
            "on_hand",
            "stock.on_hand",
            lambda row, _: Count(row.on_hand),
            sort="on_hand",
            figures=True,
        ),
        Column("reserved", "stock.reserved", lambda row, _: Count(row.reserved), figures=True),
        Column("available", "stock.available", lambda row, _: Count(row.available), figures=True),
        Column("transit", "stock.in_transit", lambda row, _: Count(row.in_transit), figures=True),
        Column("damaged", "stock.damaged", lambda row, _: Count(row.damaged), figures=True),
        Column(
            "quarantine", "stock.quarantine", lambda row, _: Count(row.quarantine), figures=True
        ),
        Column("state", "word.status", lambda row, _: State(BATCHES[row.state]), phone="end"),
    ),
    key=lambda row: str(row.id),
    sort=BY_EXPIRY,
    topics=("stock",),
    empty="stock.no_batch",
    search="stock.batch_hint",
    tabs="state",
    filters=(
        Choice("state", "word.status", look_options(BATCHES)),
        Choice("warehouse", "stock.warehouse", warehouses),
        Choice("days", "stock.near_within", _days),
        Choice("left", "stock.left", worded("stock_left", ("all", "reserved"))),
        Match("product", "word.product"),
    ),
    above="stock_links.html",
)

DOCUMENT_LIST: Final[ListFrame[DocumentRow]] = ListFrame(
    name="stock_documents",
    address="/stock/documents",
    title="stock.documents",
    icon="list-check",
    columns=(
        Column("number", "stock.document", _document, phone="lead"),
        Column("way", "stock.warehouse", _way),
        Column(
            "reason",
            "word.why",
            lambda row, words: Text(
                words.named("stock_reason", row.reason) if row.reason else "", sub=row.note
            ),
        ),
        Column("reference", "stock.reference", lambda row, _: Text(row.reference), phone="desk"),
        Column("due", "stock.due", lambda row, _: Day(row.due)),
        Column(
            "worth",
            "stock.worth",
            lambda row, _: Amount(row.worth_shown),
            figures=True,
            usual=False,
        ),
        Column("by", "stock.by", lambda row, _: Text(row.made_by)),
        Column("at", "word.when", lambda row, _: Moment(row.made_at, whole=True), sort="at"),
        Column("state", "word.status", lambda row, _: State(DOCUMENTS[row.state]), phone="end"),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST_FIRST,
    topics=("stock",),
    empty="stock.no_document",
    search="stock.document_hint",
    tabs="state",
    filters=(
        Choice("state", "word.status", look_options(DOCUMENTS)),
        Choice(
            "kind",
            "stock.kind",
            worded("stock_kind", get_args(DocumentKind)),
        ),
        Choice("warehouse", "stock.warehouse", warehouses),
        Choice("late", "stock.late", worded("stock_late", ("yes",))),
    ),
    above="stock_links.html",
)


def read_stock_list(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Listed[StockRow]:
    """Read the list of stock; quantities of several products are in no common unit."""
    count = count_stock(connection, wanted, today=today, scope=scope)
    return Listed(list_stock(connection, wanted, today=today, scope=scope), count)


def read_batch_list(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Listed[BatchLine]:
    """Read the list of batches with the counts of its tabs."""
    counts = count_batches(connection, wanted, today=today, scope=scope)
    page = list_batches(connection, wanted, today=today, scope=scope)
    return Listed(page, counts.get(wanted.one("state") or "", 0), counts=counts)


def read_document_list(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Listed[DocumentRow]:
    """Read the list of documents with the counts of its tabs."""
    counts = count_documents(connection, wanted, today=today, scope=scope)
    page = list_documents(connection, wanted, today=today, scope=scope)
    count = counts.get(wanted.one("state") or "", 0)
    tabs = frozenset({"waiting", "dispatched", "done"})
    return Listed(page, count, counts=counts, tabs=tabs)
