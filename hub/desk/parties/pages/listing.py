"""The list of customers in the frame of lists."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.parties.model.fields import OUTLET_CLASSES
from hub.desk.parties.reads.customers import (
    BY_NAME,
    CustomerRow,
    count_customers,
    count_shown,
    find_customers,
    list_customers,
)
from hub.desk.parties.words import PENDING, STATUSES, WAITING, look_of, name_choice
from hub.web.frames.cells import Amount, State, Text
from hub.web.frames.filters import Asking, Choice, Match, Option
from hub.web.frames.lists import Column, Listed, ListFrame, look_options
from hub.web.noun import Found, WorkItem


def address_of(code: str) -> str:
    """Give the page of a customer, whatever stands in its code."""
    return f"/customers/{quote(code, safe='')}"


def _name(row: CustomerRow, _words: PageWords) -> Text:
    return Text(row.name, sub=row.code, href=address_of(row.code))


def _state(row: CustomerRow, words: PageWords) -> State:
    note = words.text(WAITING.words) if row.waiting and not row.pending else ""
    return State(look_of(row.status, pending=row.pending), note)


def credit_cell(row: CustomerRow, words: PageWords) -> Text | Amount:
    """Show a credit limit: an amount, or in words that there is none, or what else there is."""
    if row.credit_state == "amount":
        return Amount(row.credit_limit)
    return Text(words.named("credit_state", row.credit_state))


def _classes(asking: Asking) -> Sequence[Option]:
    named = partial(name_choice, asking.words, "outlet_class")
    return [Option(one, named(one)) for one in OUTLET_CLASSES]


CUSTOMERS: Final[ListFrame[CustomerRow]] = ListFrame(
    name="customers",
    address="/customers",
    title="customers.title",
    icon="building-store",
    columns=(
        Column("name", "customer_field.name", _name, sort="name", phone="lead"),
        Column(
            "code",
            "customer_field.code",
            lambda row, _: Text(row.code),
            sort="code",
            phone="desk",
            usual=False,
            code_of="name",
        ),
        Column(
            "type",
            "customer_field.type",
            lambda row, words: Text(words.named("customer_type", row.type) if row.type else ""),
            sort="type",
            phone="desk",
            groups=True,
        ),
        Column(
            "outlet_class",
            "customer_field.outlet_class",
            lambda row, words: Text(
                name_choice(words, "outlet_class", row.outlet_class) if row.outlet_class else ""
            ),
            sort="outlet_class",
            phone="desk",
            usual=False,
            groups=True,
        ),
        Column(
            "geo", "customer_field.geo", lambda row, _: Text(row.geo), phone="desk", usual=False
        ),
        Column("city", "customer_field.city", lambda row, _: Text(row.city), sort="city"),
        Column("phone", "customer_field.phone", lambda row, _: Text(row.phone)),
        Column(
            "gstin",
            "customer_field.gstin",
            lambda row, _: Text(row.gstin),
            phone="desk",
            usual=False,
        ),
        Column("status", "word.status", _state, sort="status", groups=True),
        Column(
            "limit",
            "customer_field.credit_limit",
            credit_cell,
            sort="limit",
            phone="end",
            figures=True,
        ),
    ),
    key=lambda row: row.code,
    sort=BY_NAME,
    topics=("customers",),
    empty="customers.none",
    search="customers.search_hint",
    tabs="status",
    filters=(
        Choice(
            "status",
            "word.status",
            look_options({**STATUSES, "pending": PENDING, "waiting": WAITING}),
        ),
        Match("type", "customer_field.type"),
        Choice("outlet_class", "customer_field.outlet_class", _classes),
        Match("city", "customer_field.city"),
        Match("geo", "customer_field.geo"),
        Match("served_by", "customers.served_by"),
    ),
    add="/customers/new",
    add_label="customers.add",
    may_add="customers.add",
)


def read_list(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[CustomerRow]:
    """Read the list with the counts of its tabs."""
    counts = count_customers(connection, wanted, scope=scope)
    page = list_customers(connection, wanted, scope=scope)
    shown = frozenset({"active", "hold", "blocked", "pending", "waiting"})
    state = wanted.one("status")
    count = counts.get(state or "", 0) if state in {None, *shown} else None
    return Listed(page, count, counts=counts, tabs=shown)


def find_records(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find customers for the search box of every page."""
    return [
        Found(row.name, row.code, address_of(row.code), "building-store")
        for row in find_customers(connection, text, most=most, scope=session.scope)
    ]


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell how many customers somebody is to decide about."""
    del now_ms
    wanted = Wanted(BY_NAME, chosen={"status": ("waiting",)})
    count = count_shown(connection, wanted, scope=session.scope)
    if not count:
        return None
    return WorkItem(count, words.counted("customers.waiting", count), "/customers?status=waiting")
