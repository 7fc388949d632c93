"""Whose orders a person sees."""

from sqlalchemy import ColumnElement

from hub.base.access import Scope, visible
from hub.desk.orders.tables import order_


def orders_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees an order: its seller's, or its customer's."""
    return visible(scope, seller=order_.c.seller_id, party=order_.c.customer_id)
