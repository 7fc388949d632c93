"""The lists of claims and of what is to be claimed, in the frame of lists."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from hub.base.access import Scope, Session, has_sellers
from hub.base.engine import Connection
from hub.base.listing import Slice, Sorting, Wanted
from hub.base.money import OF_HOUSE
from hub.base.words import PageWords
from hub.desk.claims.reads import (
    NEWEST,
    ClaimRow,
    OpenRow,
    count_open,
    list_claims,
    list_open,
    tally_claims,
)
from hub.desk.claims.words import STATES
from hub.desk.parties.reads import read_distributor
from hub.web.frames.cells import Amount, Count, Day, State, Text
from hub.web.frames.columns import amount_column, document_columns
from hub.web.frames.filters import Choice, Dates, Match
from hub.web.frames.lists import Column, Listed, ListFrame, look_options
from hub.web.noun import Found, WorkItem


def period_cell(row: ClaimRow | OpenRow, words: PageWords) -> Text:
    """Write from which day to which a claim is."""
    first, last = words.day(row.from_day), words.day(row.until_day)
    return Text(words.text("claims.from_to", first=first, last=last))


def _claimed(row: ClaimRow | OpenRow) -> tuple[int | None, str, int]:
    return row.amount, *OF_HOUSE


CLAIMS: Final[ListFrame[ClaimRow]] = ListFrame(
    name="claims",
    address="/claims",
    title="claims.title",
    icon="gift",
    columns=(
        *document_columns("/claims", number="claims.number", customer="claims.funder"),
        Column("day", "claims.day", lambda row, _: Day(row.day), sort="day", phone="desk"),
        Column("period", "claims.period", period_cell),
        Column("state", "word.status", lambda row, _: State(STATES[row.state]), phone="bare"),
        amount_column("amount", "claims.amount", _claimed, sort="amount", phone="end"),
        amount_column("short", "claims.short", lambda row: (row.short, *OF_HOUSE), phone="desk"),
        amount_column("open", "invoices.open", lambda row: (row.open, *OF_HOUSE)),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST,
    topics=("claims", "accounts"),
    empty="claims.none",
    search="claims.search_hint",
    add="/claims/to-claim",
    add_label="claims.to_claim",
    may_add="claims.make",
    tabs="state",
    filters=(
        Choice("state", "word.status", look_options(STATES)),
        Match("customer", "claims.funder"),
        Dates("day", "claims.day"),
    ),
)

_TO_CLAIM: Final[ListFrame[OpenRow]] = ListFrame(
    name="to_claim",
    address="/claims/to-claim",
    title="claims.to_claim",
    icon="gift",
    columns=(
        Column(
            "funder",
            "claims.funder",
            lambda row, words: Text(
                row.name or row.funder,
                sub=row.funder if row.name else words.text("claims.no_party"),
                href=f"/claims/new?fresh=1&funder={quote(row.funder, safe='')}"
                f"&seller={quote(row.seller_code, safe='')}",
            ),
            phone="lead",
        ),
        Column("seller", "claims.seller", lambda row, _: Text(row.seller), usual=False),
        Column("period", "claims.period", period_cell),
        Column("rows", "claims.lines", lambda row, _: Count(row.rows), phone="desk", figures=True),
        amount_column("amount", "claims.amount", _claimed, phone="end"),
    ),
    key=lambda row: row.key,
    sort=Sorting("amount", descending=True),
    topics=("claims",),
    empty="claims.nothing",
    search="claims.search_funder",
    text="claims.to_claim_text",
)


def frame_to_claim(connection: Connection, *, scope: Scope) -> ListFrame[OpenRow]:
    """Give the list of what is to be claimed, without sellers where the company sells alone."""
    if has_sellers(connection, scope=scope):
        return _TO_CLAIM
    columns = tuple(one for one in _TO_CLAIM.columns if one.key != "seller")
    return replace(_TO_CLAIM, columns=columns)


def read_list(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[ClaimRow]:
    """Read the list with its counts, and what is open of all."""
    page = list_claims(connection, wanted, scope=scope)
    counts, count, left = tally_claims(connection, wanted, scope=scope)
    return Listed(page, count, {"open": Amount(left)}, counts)


def read_to_claim(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[OpenRow]:
    """Read what each funder may be asked for; there are few funders."""
    rows = list_open(connection, text=wanted.text, scope=scope)
    total = sum(row.amount for row in rows)
    sums = {"amount": Amount(total)}
    return Listed(Slice(tuple(rows)), len(rows), sums)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many funders may be asked for something, and for how much."""
    del now_ms
    count, amount = count_open(connection, scope=session.scope)
    if not count:
        return None
    said = words.counted(
        "home.to_claim", count, amount=read_distributor(connection).money.write(amount)
    )
    return WorkItem(count, said, "/claims/to-claim")


def find_claims(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find claims for the search box of every page."""
    page = list_claims(connection, Wanted(NEWEST, text=text, size=most), scope=session.scope)
    return [Found(row.number, row.customer, f"/claims/{row.id}", "gift") for row in page.rows]
