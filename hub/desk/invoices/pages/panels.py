"""What invoices show elsewhere: beside orders and delivery notes, and on the first page."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.invoices.model.registration import TO_MEND
from hub.desk.invoices.reads.listing import OLDEST_ORDER, count_to_bill
from hub.desk.invoices.reads.record import (
    InvoiceRow,
    invoices_of_note,
    invoices_of_order,
    read_order_ref,
)
from hub.desk.invoices.reads.registration import count_at_portal
from hub.desk.parties.reads import read_distributor
from hub.web import formats
from hub.web.frames.records import Action, Actions
from hub.web.noun import WorkItem

_BILLABLE = frozenset({"confirmed", "allocated", "dispatched", "delivered"})


@dataclass(frozen=True, slots=True)
class OfOrder:
    """An order's invoices, and whether there is something left of it to bill."""

    uuid: str
    status: str
    whole: bool
    invoices: tuple[InvoiceRow, ...]

    @property
    def to_bill(self) -> bool:
        """Say whether something of it is to be billed."""
        return self.status in _BILLABLE and not self.whole


def read_of_order(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfOrder | None:
    """Read an order's invoices for whoever may see invoices; None where there is nothing to say."""
    if not session.may("invoices.read"):
        return None
    found = read_order_ref(connection, key, scope=session.scope)
    if found is None:
        return None
    today = _today(connection, now_ms)
    rows = invoices_of_order(connection, key, today=today, scope=session.scope)
    it = OfOrder(key, found[2], found[3], tuple(rows))
    return it if it.invoices or it.to_bill else None


@dataclass(frozen=True, slots=True)
class OfNote:
    """The invoices of what a delivery note brought."""

    invoices: tuple[InvoiceRow, ...]


def read_of_note(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfNote | None:
    """Read a note's invoices for whoever may see invoices; None where it has none."""
    if not session.may("invoices.read"):
        return None
    today = _today(connection, now_ms)
    rows = invoices_of_note(connection, int(key), today=today, scope=session.scope)
    return OfNote(tuple(rows)) if rows else None


def _today(connection: Connection, now_ms: int) -> date:
    return formats.local(now_ms, read_distributor(connection).zone).date()


def offer_bill(it: object, session: Session, words: PageWords) -> Actions:
    """Offer to bill an order: the next step once it is delivered, one among others before."""
    of = cast("OfOrder", it)
    if not of.to_bill or not session.may("invoices.make"):
        return Actions()
    text = words.text("invoices.bill")
    action = Action(text, "file-invoice", address=f"/invoices/new?order={of.uuid}", key="b")
    return Actions(next=action) if of.status == "delivered" else Actions(others=(action,))


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many orders were delivered and are not billed."""
    del now_ms
    wanted = Wanted(OLDEST_ORDER, chosen={"ready": ("delivered",)})
    count = count_to_bill(connection, wanted, scope=session.scope)
    if not count:
        return None
    address = "/invoices/to-bill?ready=delivered"
    return WorkItem(count, words.counted("home.to_bill", count), address)


def read_refused(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many documents the portal of e-invoices has not taken."""
    del now_ms
    count = count_at_portal(connection, TO_MEND, scope=session.scope)
    if not count:
        return None
    address = "/invoices?" + "&".join(f"at_portal={state}" for state in TO_MEND)
    return WorkItem(count, words.counted("home.einvoices", count), address)
