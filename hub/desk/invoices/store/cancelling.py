"""Invoices cancelled inside a given transaction, and why one cannot be."""

from typing import Final

from sqlalchemy import select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.invoices.model.events import BillingChanged, InvoiceCancelled
from hub.desk.invoices.store.writing import TOPIC, LockedInvoice
from hub.desk.invoices.tables import invoice
from hub.desk.parties.store import business_day

_CANCEL: Final = """
UPDATE invoice SET cancelled_day = ?, cancelled_by = ?, cancelled_why = ?
WHERE id = ? AND cancelled_day IS NULL
"""
_CREDITS: Final = """
SELECT number FROM invoice WHERE of_id = ? AND cancelled_day IS NULL ORDER BY id LIMIT 1
"""
_DONE: Final = """
SELECT o.number FROM invoice_line l JOIN order_ o ON o.id = l.order_id
WHERE l.invoice_id = ? AND o.status = 'invoiced' ORDER BY o.id LIMIT 1
"""


def is_seen(t: Transaction, row_id: int, *, scope: Scope) -> bool:
    """Say whether there is a document that a person sees."""
    table = invoice.c
    shown = visible(scope, seller=table.seller_id, party=table.customer_id)
    found = t.connection.execute(select(table.id).where(table.id == row_id, shown)).first()
    return found is not None


def fault_of(t: Transaction, found: LockedInvoice) -> Reason | None:
    """Say why a document cannot be cancelled, but has to be credited; None where it can."""
    credited = t.rows(_CREDITS, (found.id,))
    if credited:
        return Reason("invoice_credited", {"number": credited[0][0]})
    done = t.rows(_DONE, (found.id,))
    return Reason("invoice_order_done", {"order": done[0][0]}) if done else None


def cancel_row(t: Transaction, found: LockedInvoice, *, why: str) -> None:
    """Write that a document is cancelled, by whom and why."""
    t.many(_CANCEL, [(business_day(t), t.actor, why.strip()[:500] or "-", found.id)])
    before, after = {"state": "issued"}, {"state": "cancelled"}
    history.record(t, "invoice", found.id, before=before, after=after, why=why.strip()[:500])
    t.say(InvoiceCancelled(found.id))
    t.changed(TOPIC)
    t.say(BillingChanged(found.row["of_id"] or found.id, found.id))
