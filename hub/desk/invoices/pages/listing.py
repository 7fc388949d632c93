"""The lists of invoices and of what is to be billed, in the frame of lists."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.desk.invoices.model.billing import KINDS
from hub.desk.invoices.reads.listing import (
    NEWEST,
    OLDEST_ORDER,
    InvoiceRow,
    ToBillRow,
    count_to_bill,
    list_invoices,
    list_to_bill,
    tally_invoices,
    tally_to_bill,
)
from hub.desk.invoices.words import REGISTRATIONS, STATES
from hub.desk.orders.words import STATUSES
from hub.web.frames.cells import Amount, Count, Day, State, Text
from hub.web.frames.columns import amount_column, customer_column, document_columns
from hub.web.frames.filters import Choice, Dates, Match, worded
from hub.web.frames.lists import Column, Listed, ListFrame, look_options
from hub.web.noun import Found

READY: Final = ("delivered", "before")


def _payable(row: InvoiceRow | ToBillRow) -> tuple[int | None, str, int]:
    return row.payable, row.currency, row.scale


INVOICES: Final[ListFrame[InvoiceRow]] = ListFrame(
    name="invoices",
    address="/invoices",
    title="invoices.title",
    icon="file-invoice",
    columns=(
        *document_columns("/invoices"),
        Column(
            "kind",
            "invoices.kind",
            lambda row, words: Text(words.named("invoice_kind", row.kind)),
            phone="desk",
            groups=True,
        ),
        Column("day", "invoices.day", lambda row, _: Day(row.day), sort="day"),
        Column("due", "invoices.due", lambda row, _: Day(row.due), phone="desk"),
        Column("state", "word.status", lambda row, _: State(STATES[row.state]), phone="bare"),
        Column(
            "at_portal",
            "einvoice.title",
            lambda row, _: State(REGISTRATIONS[row.at_portal]) if row.at_portal else Text(""),
            phone="desk",
        ),
        amount_column("payable", "word.payable", _payable, sort="payable", phone="end"),
        amount_column(
            "open",
            "invoices.open",
            lambda row: (row.open, row.currency, row.scale),
            sort="open",
        ),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST,
    topics=("invoices", "accounts"),
    empty="invoices.none",
    search="invoices.search_hint",
    add="/invoices/to-bill",
    add_label="invoices.to_bill",
    may_add="invoices.make",
    tabs="state",
    filters=(
        Choice("state", "word.status", look_options(STATES)),
        Choice("kind", "invoices.kind", worded("invoice_kind", KINDS)),
        Choice("at_portal", "einvoice.title", look_options(REGISTRATIONS)),
        Match("customer", "word.customer"),
        Dates("day", "invoices.day"),
        Dates("due", "invoices.due"),
    ),
    below="invoices_below.html",
)

TO_BILL: Final[ListFrame[ToBillRow]] = ListFrame(
    name="to_bill",
    address="/invoices/to-bill",
    title="invoices.to_bill",
    icon="file-invoice",
    columns=(
        Column(
            "number",
            "word.order",
            lambda row, _: Text(row.number, href=f"/invoices/new?order={row.uuid}"),
            phone="bare",
        ),
        customer_column(),
        Column("status", "word.status", lambda row, _: State(STATUSES[row.status]), phone="bare"),
        Column("day", "order.business_date", lambda row, _: Day(row.day), sort="date"),
        Column(
            "delivered",
            "invoices.delivered",
            lambda row, _: Count(row.delivered),
            phone="desk",
            figures=True,
        ),
        amount_column("payable", "word.payable", _payable, phone="end"),
    ),
    key=lambda row: row.uuid,
    sort=OLDEST_ORDER,
    topics=("orders", "invoices"),
    empty="invoices.nothing_to_bill",
    search="invoices.search_hint",
    tabs="ready",
    filters=(Choice("ready", "invoices.ready", worded("invoice_ready", READY)),),
    adds="payable",
)


def read_invoices(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Listed[InvoiceRow]:
    """Read the list with its counts, and what is open in all."""
    page = list_invoices(connection, wanted, today=today, scope=scope)
    counts, count, total = tally_invoices(connection, wanted, today=today, scope=scope)
    return Listed(page, count, {"open": Amount(total)}, counts)


def read_to_bill(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[ToBillRow]:
    """Read the orders of which something is to be billed."""
    counts = {
        one: count_to_bill(
            connection, Wanted(wanted.sort, wanted.text, {"ready": (one,)}), scope=scope
        )
        for one in READY
    }
    counts[""] = count_to_bill(connection, Wanted(wanted.sort, wanted.text), scope=scope)
    page = list_to_bill(connection, wanted, scope=scope)
    count, total = tally_to_bill(connection, wanted, scope=scope)
    return Listed(page, count, {"payable": Amount(total)}, counts)


def find_invoices(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find invoices for the search box of every page."""
    wanted = Wanted(NEWEST, text=text, size=most)
    page = list_invoices(connection, wanted, today=date.min, scope=session.scope)
    return [
        Found(row.number, row.customer, f"/invoices/{row.id}", "file-invoice") for row in page.rows
    ]
