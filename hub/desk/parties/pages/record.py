"""A customer in the frame of records: can it order, how much credit has it, what waits."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final
from urllib.parse import quote

from hub.base.access import Session
from hub.base.history import Entry
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.parties.pages.listing import address_of
from hub.desk.parties.reads.customers import CustomerDetail
from hub.desk.parties.words import look_of, word_column, word_field
from hub.web.frames.records import Action, Actions, Linked, Record, told_of

_GROUPS: Final = (
    ("customer_group.money", ("terms_days", "terms_from", "gst_kind", "gstin")),
    ("customer_group.orders", ("assortment", "minimum_order")),
    ("customer_group.place", ("address", "city", "district", "pin", "state", "place")),
    (
        "customer_group.contact",
        (
            *("contact", "phone", "contacts", "email", "language", "hours", "delivery_days"),
            *("since", "outlet_class"),
        ),
    ),
)


def record_of(
    found: CustomerDetail, session: Session, words: PageWords, *, money: HouseMoney
) -> Record:
    """Say what the frame shows of a customer."""
    row = found.row
    address = address_of(row.code)
    change = Action(words.text("customers.change"), "pencil", address=f"{address}/change")
    return Record(
        noun="customer",
        key=row.code,
        number=row.name,
        name=row.code,
        address=address,
        back="/customers",
        topics=("customers", "orders"),
        state=look_of(row.status, pending=row.pending),
        actions=Actions(next=change if session.may("customers.change") else None),
        linked=tuple(_linked(found, session, words)),
        timeline=told_of(
            _told(found.history, words, money), lambda name: words.named("customer_field", name)
        ),
        files="customers.change",
    )


def _told(entries: Iterable[Entry], words: PageWords, money: HouseMoney) -> Iterator[Entry]:
    """Word what was changed; a field that nobody has given anything is left out."""
    for one in entries:
        old, new = (
            word_column(words, one.field, value, money=money) for value in (one.old, one.new)
        )
        begun = one.field == "credit_limit" and one.old is None and not one.new
        if old != new and not begun:
            yield replace(one, old=old, new=new)


def _linked(found: CustomerDetail, session: Session, words: PageWords) -> Iterator[Linked]:
    for code, name in found.chain:
        if not code.startswith("@"):
            yield Linked(words.named("customer_field", "parent"), name, address_of(code))
    for code, name in found.joined:
        yield Linked(words.text("customers.joined"), f"{name} {code}", address_of(code))
    if session.may("orders.read"):
        text = words.text("customers.orders")
        yield Linked(
            text, found.row.code, f"/orders?customer={quote(found.row.code, safe='')}&days=0"
        )


def verdict(found: CustomerDetail, words: PageWords) -> list[str]:
    """Say whether the customer can order, as the rules will see it."""
    row, fields = found.row, found.fields
    said = []
    if row.status != "active":
        state = words.text(look_of(row.status, pending=False).words)
        why = fields["status_reason"] or "-"
        said.append(words.text("customers.cannot", state=state, why=why))
        if fields["status_until"]:
            until = words.day(date.fromisoformat(fields["status_until"]))
            said.append(words.text("customers.until", day=until))
    elif row.pending:
        said.append(words.text("customers.cash_until_passed"))
    else:
        said.append(words.text("customers.can"))
    return said


def described(
    found: CustomerDetail, words: PageWords, money: HouseMoney
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give what is known, in groups; what nobody has said is left out."""
    groups = []
    for group, names in _GROUPS:
        known = [
            (name, word_field(words, name, text, money=money))
            for name in names
            if (text := found.fields[name])
        ]
        if known:
            groups.append((group, known))
    return groups
