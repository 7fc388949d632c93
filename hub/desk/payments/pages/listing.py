"""The list of payments in the frame of lists: a day and a collector make its collection."""

from collections.abc import Sequence
from typing import Final

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.money import OF_HOUSE
from hub.base.words import PageWords
from hub.desk.payments.model import MODES
from hub.desk.payments.reads import (
    NEWEST,
    PaymentRow,
    count_waiting,
    list_payments,
    tally_payments,
)
from hub.desk.payments.words import STATES
from hub.web.frames.cells import Amount, Day, State, Text
from hub.web.frames.columns import amount_column, document_columns
from hub.web.frames.filters import Choice, Dates, Match, worded
from hub.web.frames.lists import Column, Listed, ListFrame, look_options
from hub.web.noun import Found, WorkItem

_KINDS: Final = ("payment", "refund", "write_off")
PAYMENTS: Final[ListFrame[PaymentRow]] = ListFrame(
    name="payments",
    address="/payments",
    title="payments.title",
    icon="receipt-2",
    columns=(
        *document_columns("/payments"),
        Column(
            "kind",
            "invoices.kind",
            lambda row, words: Text(words.named("account_kind", row.kind)),
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column("day", "payments.day", lambda row, _: Day(row.day), sort="day", groups=True),
        Column(
            "paid_on",
            "payment_field.paid_on",
            lambda row, _: Day(row.paid_on),
            phone="desk",
            usual=False,
        ),
        Column(
            "mode",
            "payment_field.mode",
            lambda row, words: Text(words.named("payment_mode", row.mode), sub=row.reference),
            groups=True,
        ),
        Column(
            "collector",
            "payment_field.collector",
            lambda row, _: Text(row.collector),
            sort="collector",
            groups=True,
        ),
        Column(
            "place",
            "payment_field.place",
            lambda row, _: Text(row.place),
            phone="desk",
            usual=False,
        ),
        Column("state", "word.status", lambda row, _: State(STATES[row.state]), phone="bare"),
        amount_column(
            "left", "credit.unallocated", lambda row: (row.left, *OF_HOUSE), phone="desk"
        ),
        amount_column(
            "amount",
            "payment_field.amount",
            lambda row: (row.amount, *OF_HOUSE),
            sort="amount",
            phone="end",
        ),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST,
    topics=("payments", "accounts"),
    empty="payments.none",
    search="payments.search_hint",
    add="/payments/new",
    add_label="payments.take",
    may_add="payments.take",
    tabs="state",
    filters=(
        Choice("state", "word.status", look_options(STATES)),
        Choice("mode", "payment_field.mode", worded("payment_mode", MODES)),
        Choice("kind", "invoices.kind", worded("account_kind", _KINDS)),
        Match("collector", "payment_field.collector"),
        Match("customer", "word.customer"),
        Choice("left", "credit.unallocated", worded("payment_left", ("yes",))),
        Dates("day", "payments.day"),
    ),
)


def read_list(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[PaymentRow]:
    """Read the list with its counts, and what came in all."""
    page = list_payments(connection, wanted, scope=scope)
    counts, count, total = tally_payments(connection, wanted, scope=scope)
    return Listed(page, count, {"amount": Amount(total)}, counts)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many cheques are not cleared."""
    del now_ms
    count = count_waiting(connection, scope=session.scope)
    if not count:
        return None
    address = "/payments?state=received&state=clearing"
    return WorkItem(count, words.counted("home.cheques", count), address)


def find_payments(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find payments for the search box of every page."""
    page = list_payments(connection, Wanted(NEWEST, text=text, size=most), scope=session.scope)
    return [
        Found(row.number, row.customer, f"/payments/{row.id}", "receipt-2") for row in page.rows
    ]
