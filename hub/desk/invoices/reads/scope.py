"""Whose invoices a person sees, and how an invoice stands."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func

from hub.base.access import Scope, visible
from hub.desk.accounts.tables import account_document
from hub.desk.invoices.tables import invoice

STATES = ("open", "part", "overdue", "paid", "cancelled", "issued")


def invoices_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees a document: its seller's or its customer's."""
    return visible(scope, seller=invoice.c.seller_id, party=invoice.c.customer_id)


def open_amount() -> ColumnElement[int]:
    """Give what of an invoice is open; of a credit note or a cancelled one, nothing."""
    one = account_document.c
    owed = and_(invoice.c.of_id.is_(None), one.voided.is_(None))
    return func.coalesce(case((owed, one.amount - one.allocated), else_=0), 0)


def state_on(today: date) -> ColumnElement[Any]:
    """Give how a document stands on a day, in one word."""
    one = account_document.c
    return case(
        (invoice.c.cancelled_day.is_not(None), "cancelled"),
        (invoice.c.of_id.is_not(None), "issued"),
        (open_amount() == 0, "paid"),
        (one.due < today, "overdue"),
        (one.allocated > 0, "part"),
        else_="open",
    )
