"""The list of orders in the frame of lists: columns, filters, and what is read for them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.accounts.model import PAYMENT_WORDS
from hub.desk.orders.model.life import PUBLIC, RESERVING
from hub.desk.orders.model.request import SOURCES
from hub.desk.orders.model.verdict import STAFF_HOLD
from hub.desk.orders.reads.listing import (
    NEWEST_FIRST,
    OrderRow,
    Tally,
    list_orders,
    list_warehouses,
    search_orders,
    tally_orders,
)
from hub.desk.orders.words import STATUSES, codes_of_orders, look_of
from hub.web.frames.cells import Amount, Cell, Count, Day, Moment, State, Text
from hub.web.frames.filters import Amounts, Asking, Choice, Dates, Match, Option, worded
from hub.web.frames.lists import Column, Listed, ListFrame
from hub.web.noun import Found
from hub.web.site import Site

PERIODS: Final = (1, 7, 30)
"""The days that orders are shown and counted over, beside all time, which would cost too much."""
_USUAL_DAYS: Final = "7"
_PAYMENTS: Final = ("cash", "credit", "advance")
_USUAL: Final[frozenset[str]] = RESERVING | {"held", "cancelled", "rejected"}
"""The states that have a chip even where no order is in them."""


def _statuses(asking: Asking) -> Sequence[Option]:
    return [Option(code, asking.words.text(look.words)) for code, look in STATUSES.items()]


def _reasons(asking: Asking) -> Sequence[Option]:
    found = [Option(code, asking.words.named("label", code)) for code in codes_of_orders()]
    return sorted(found, key=lambda one: one.words)


def _warehouses(asking: Asking) -> Sequence[Option]:
    found = list_warehouses(asking.connection, scope=asking.session.scope)
    return [Option(code, name or code) for code, name in found]


def _state(row: OrderRow, words: PageWords) -> State:
    note = words.named("label", row.reason) if row.reason and row.reason != row.status else ""
    return State(look_of(row.status, changed=row.changed), note)


def _placed_by(row: OrderRow, words: PageWords) -> Text:
    source = "" if row.source == "terminal" else f"{words.named('source', row.source)} "
    return Text(f"{source}{row.requester}")


def _customer(row: OrderRow, _words: PageWords) -> Text:
    return Text(row.customer, sub="" if row.customer == row.customer_code else row.customer_code)


ORDERS: Final[ListFrame[OrderRow]] = ListFrame(
    name="orders",
    address="/orders",
    title="orders.title",
    icon="receipt-2",
    columns=(
        Column(
            "number",
            "word.order",
            lambda row, _: Text(row.number, href=f"/orders/{row.uuid}"),
            sort="number",
            phone="bare",
        ),
        Column("customer", "word.customer", _customer, sort="customer", phone="lead", groups=True),
        Column(
            "customer_code",
            "orders.customer_code",
            lambda row, _: Text(row.customer_code),
            phone="desk",
            usual=False,
            code_of="customer",
        ),
        Column(
            "po_number",
            "order.po_number",
            lambda row, _: Text(row.po_number),
            phone="desk",
            usual=False,
        ),
        Column("placed_by", "word.placed_by", _placed_by, sort="source", phone="desk"),
        Column(
            "warehouse",
            "order.warehouse",
            lambda row, _: Text(row.warehouse),
            sort="warehouse",
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "payment",
            "word.payment",
            lambda row, words: Text(words.named("payment", row.payment)),
            sort="payment",
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "lines",
            "word.lines",
            lambda row, _: Count(row.lines),
            sort="lines",
            phone="desk",
            figures=True,
        ),
        Column("status", "word.status", _state, sort="status", phone="bare", groups=True),
        Column(
            "public",
            "orders.public",
            lambda row, words: Text(words.named("public", row.public)),
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "paid",
            "orders.paid",
            lambda row, words: Text(words.named("paid", row.paid)),
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "payable",
            "word.payable",
            lambda row, _: Amount(row.payable, row.currency, row.scale),
            sort="payable",
            phone="end",
            figures=True,
        ),
        Column(
            "date",
            "order.business_date",
            lambda row, _: Day(row.business_date),
            sort="date",
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "placed",
            "orders.placed",
            lambda row, _: Moment(row.placed_at, ago=True),
            sort="placed",
            phone="corner",
            figures=True,
        ),
    ),
    key=lambda row: row.uuid,
    sort=NEWEST_FIRST,
    topics=("orders",),
    empty="orders.none",
    search="orders.search_hint",
    add="/orders/new",
    add_label="entry.title",
    may_add="orders.place",
    tabs="status",
    filters=(
        Choice("status", "word.status", _statuses),
        Choice("public", "orders.public", worded("public", PUBLIC)),
        Choice("days", "orders.period", worded("days", ("1", "7", "30", "0")), usual=_USUAL_DAYS),
        Choice("reason", "orders.reason", _reasons),
        Match("customer", "word.customer"),
        Choice("warehouse", "order.warehouse", _warehouses),
        Choice("source", "orders.source", worded("source", SOURCES)),
        Choice("payment", "word.payment", worded("payment", _PAYMENTS)),
        Choice("paid", "orders.paid", worded("paid", PAYMENT_WORDS)),
        Dates("placed", "order.business_date"),
        Amounts("payable", "word.payable"),
    ),
)


def frame_for(session: Session) -> ListFrame[OrderRow]:
    """Give the list for a reader: a shop reads who holds its order, and no name of the desk's."""
    if session.is_staff:
        return ORDERS
    return replace(ORDERS, columns=tuple(_of_shop(one, session.user) for one in ORDERS.columns))


def _of_shop(column: Column[OrderRow], user: str) -> Column[OrderRow]:
    def placed_by(row: OrderRow, words: PageWords) -> Text:
        own = f" {user}" if row.requester == user else ""
        return Text(f"{words.named('source', row.source)}{own}")

    def state(row: OrderRow, words: PageWords) -> State:
        held = words.text("orders.held_for_shop") if row.reason == STAFF_HOLD else ""
        shown = _state(row, words)
        return replace(shown, note=held) if held else shown

    ways: dict[str, Callable[[OrderRow, PageWords], Cell]] = {
        "placed_by": placed_by,
        "status": state,
    }
    return replace(column, of=ways.get(column.key, column.of))


def read_orders(
    connection: Connection, wanted: Wanted, *, site: Site, scope: Scope
) -> Listed[OrderRow]:
    """Read the list; counts and totals only over a period, as all time would cost too much."""
    since = since_of(wanted, site)
    page = list_orders(connection, wanted, since=since, today=site.today(), scope=scope)
    if since is None and wanted.dates("placed")[0] is None:
        return Listed(page)
    tally, seen = _tally(connection, wanted, site=site, since=since, scope=scope)
    count, payable = tally.total(wanted)
    totals = {}
    if len(payable) == 1:
        (one,) = payable
        totals["payable"] = Amount(one.amount, one.currency, one.scale)
    counts = {str(status): number for status, number in tally.counts.items()}
    return Listed(page, count, totals, counts, _USUAL, seen)


def since_of(wanted: Wanted, site: Site) -> date | None:
    """Give the first business date of the period that the list shows; None for all time."""
    days = wanted.one("days")
    return site.since(int(days)) if days else None


def _tally(
    connection: Connection, wanted: Wanted, *, site: Site, since: date | None, scope: Scope
) -> tuple[Tally, int]:
    """Count and add up: for everybody at once, or what one person filters."""
    tally = partial(tally_orders, since=since, today=site.today(), scope=scope)
    if wanted.text or not wanted.chosen.keys() <= {"days", "status"}:
        return tally(connection, wanted), site.feed.number
    shown = Wanted(NEWEST_FIRST)
    reading = site.once_per_beat(f"orders since {since}, {scope}", partial(tally, wanted=shown))
    return reading.value, reading.seen


def find_orders(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find orders for the search box of every page."""
    return [
        Found(row.number, row.customer, f"/orders/{row.uuid}", "receipt-2")
        for row in search_orders(connection, text, most=most, scope=session.scope)
    ]
