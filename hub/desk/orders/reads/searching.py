"""What a text finds among orders: each way by an index, so that a rare text is found at once."""

from decimal import Decimal, InvalidOperation
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select, tuple_, union_all

from hub.base.listing.text import Begins
from hub.desk.orders.tables import (
    HAS_PO_NUMBER,
    IS_OF_PEOPLE,
    NUMBER_END,
    order_,
    order_line,
    order_revision,
)
from hub.desk.parties.model.cells import SIGNS
from hub.desk.parties.reads.customers import customers_with

_LARGEST: Final = 2**62
_END: Final = 5
"""How many characters the index on the end of a number holds: `00007` of `counter-1-00007`."""


def ways_to_find(text: str) -> list[ColumnElement[bool]]:
    """Write each way in which an order may be what a text asks for.

    By its number, or the digits that it ends with, with or without zeros before them; the
    beginning of a purchase order or of who asked; a customer by code, name, phone number, GSTIN or
    town; a whole SKU; an amount to pay. Each is about `order_` and the newest `order_revision`.
    """
    cases = sorted({text, text.upper(), text.lower()})
    ways: list[ColumnElement[bool]] = [
        *(Begins(order_.c.number, one) for one in cases),
        and_(HAS_PO_NUMBER, Begins(func.lower(order_.c.po_number), text.lower())),
        and_(IS_OF_PEOPLE, Begins(func.lower(order_.c.requester), text.lower())),
        order_.c.customer_id.in_(customers_with(text)),
        and_(order_.c.customer_id.is_(None), func.lower(order_.c.customer_code) == text.lower()),
        _has_sku(cases),
    ]
    end = text.zfill(_END) if text.isdecimal() else text
    if len(end) >= _END:
        ends = order_.c.number.endswith(text, autoescape=True)
        ways.append(and_(NUMBER_END.in_([end[-_END:]]), ends))
    amount = _amount(text)
    if amount is not None:
        ways.append(order_revision.c.payable == amount)
    return ways


def is_found(text: str) -> ColumnElement[bool]:
    """Write the condition that an order is among those that a text finds, each looked up first."""
    newest = and_(
        order_revision.c.order_id == order_.c.id, order_revision.c.revision == order_.c.revision
    )
    found = select(order_.c.id).select_from(order_).join(order_revision, newest)
    return order_.c.id.in_(union_all(*(found.where(way) for way in ways_to_find(text))))


def _has_sku(cases: list[str]) -> ColumnElement[bool]:
    """Write that a line of the newest content is of a product."""
    lines = select(order_line.c.order_id, order_line.c.revision).where(order_line.c.sku.in_(cases))
    return tuple_(order_revision.c.order_id, order_revision.c.content).in_(lines)


def _amount(text: str) -> int | None:
    """Read `1,322.00` as an amount of the minor unit; None for what is none."""
    try:
        minor = Decimal(text.replace(",", "").lstrip(f"{SIGNS} ")).scaleb(2)
    except InvalidOperation:
        return None
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) > _LARGEST:
        return None
    return int(minor)
