"""Whose deliveries a person sees."""

from sqlalchemy import ColumnElement

from hub.base.access import Scope, visible
from hub.desk.deliveries.tables import delivery


def deliveries_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees a note: its seller's, or its customer's."""
    return visible(scope, seller=delivery.c.seller_id, party=delivery.c.customer_id)
