"""The list of returns in the frame of lists."""

from collections.abc import Sequence
from typing import Final

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.money import OF_HOUSE
from hub.desk.returns.reads import NEWEST, ReturnRow, count_returns, list_returns
from hub.web.frames.cells import Day, Text
from hub.web.frames.columns import amount_column, document_columns
from hub.web.frames.filters import Dates
from hub.web.frames.lists import Column, Listed, ListFrame
from hub.web.noun import Found

RETURNS: Final[ListFrame[ReturnRow]] = ListFrame(
    name="returns",
    address="/returns",
    title="returns.title",
    icon="arrow-back-up",
    columns=(
        *document_columns("/returns"),
        Column("day", "invoices.day", lambda row, _: Day(row.day), sort="day", groups=True),
        Column("why", "word.why", lambda row, _: Text(row.why), phone="desk"),
        amount_column(
            "amount", "returns.credited", lambda row: (row.amount, *OF_HOUSE), phone="end"
        ),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST,
    topics=("returns", "invoices"),
    empty="returns.none",
    search="returns.search_hint",
    add="/returns/new",
    add_label="returns.take",
    may_add="returns.take",
    filters=(Dates("day", "invoices.day"),),
)


def read_list(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[ReturnRow]:
    """Read the list with its count."""
    page = list_returns(connection, wanted, scope=scope)
    return Listed(page, count_returns(connection, wanted, scope=scope))


def find_returns(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find returns for the search box of every page."""
    page = list_returns(connection, Wanted(NEWEST, text=text, size=most), scope=session.scope)
    return [
        Found(row.number, row.customer, f"/returns/{row.id}", "arrow-back-up") for row in page.rows
    ]
