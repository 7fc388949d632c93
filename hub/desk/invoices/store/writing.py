"""Documents written, whole and for ever, and what of them is read again under lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from hub.base.numbering import financial_year
from hub.base.transaction import LockRank, Transaction
from hub.desk.accounts import store as accounts
from hub.desk.accounts.model import DocumentKind
from hub.desk.invoices import tables
from hub.desk.invoices.model.billing import NOTES, InvoiceLine, Kind
from hub.desk.invoices.model.events import BillingChanged, InvoiceIssued
from hub.desk.invoices.model.sides import write_side
from hub.desk.invoices.store.letterheads import number_next
from hub.desk.invoices.store.selling import day_of
from hub.desk.parties.model.sides import Side
from hub.desk.parties.store import business_day

TOPIC: Final = "invoices"
_INVOICE: Final = (
    *("id", "key", "kind", "number", "financial_year", "seller_id", "customer_id", "document_id"),
    *("of_id", "day", "due", "payment", "currency", "scale", "place_of_supply", "reverse_charge"),
    *("net", "tax", "round_off", "payable", "seller", "buyer", "reason", "why"),
    *("made_by", "made_at", "ship_to", "comes_with"),
)
_LINE: Final = (
    *("invoice_id", "line", "order_id", "content", "free", "order_line", "of_line", "product_id"),
    *("sku", "name", "hsn", "unit", "quantity", "unit_price", "gross", "discount", "net", "tax"),
    "total",
)
_TAX: Final = ("invoice_id", "line", "head", "rate", "per_unit", "amount")
_GOODS: Final = (
    *("invoice_id", "line", "part", "quantity", "batch_id", "batch", "expiry"),
    *("delivery_id", "delivery_number"),
)
_FIND: Final = "SELECT id, number FROM invoice WHERE key = ?"
_CANCELLED: Final = """
SELECT count(DISTINCT i.id) FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
WHERE i.cancelled_day IS NOT NULL AND i.of_id IS NULL AND l.order_id IN
"""


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """A document that is ready to be issued; its number is given as it is written."""

    key: str
    kind: Kind
    seller_id: int
    customer_id: int
    seller: Side
    buyer: Side
    lines: tuple[InvoiceLine, ...]
    payment: str
    currency: str
    scale: int
    round_off: int
    due: date | None = None
    of: int | None = None
    reason: str = ""
    why: str = ""
    reverse_charge: bool = False
    ship: Side | None = None
    comes_with: int | None = None

    @property
    def payable(self) -> int:
        """Give what the document comes to."""
        return sum(one.total for one in self.lines) + self.round_off


@dataclass(frozen=True, slots=True)
class Written:
    """A document that was written, with its row in the accounts; None where it is over nothing."""

    id: int
    number: str
    document: int | None


def find_by_key(t: Transaction, key: str) -> tuple[int, str] | None:
    """Find the document that was made under a key: its row's id and its number."""
    found = t.rows(_FIND, (key,))
    return (int(found[0][0]), found[0][1]) if found else None


def count_cancelled(t: Transaction, orders: Collection[int]) -> int:
    """Count the invoices of these orders that were cancelled."""
    return sum(int(row[0]) for row in t.rows_in(_CANCELLED, sorted(orders)))


def write_invoice(t: Transaction, new: NewInvoice) -> Written:
    """Write a document with its lines, and what is owed by it; the account is locked already."""
    day = business_day(t)
    series = new.kind if new.kind in NOTES else "invoice"
    number = number_next(t, new.seller_id, series)
    (row_id,) = t.next_ids(tables.invoice, 1)
    document = None
    if new.payable:
        credit = new.kind == "credit_note"
        kind: DocumentKind = "debit_note" if new.kind == "debit_note" else "invoice"
        kind = "credit_note" if credit else kind
        document = accounts.add_document(
            t,
            accounts.NewDocument(
                new.seller_id,
                new.customer_id,
                kind,
                number,
                row_id,
                -new.payable if credit else new.payable,
                None if credit else new.due,
            ),
        )
    net, tax = sum(one.net for one in new.lines), sum(one.tax for one in new.lines)
    values = (
        *(row_id, new.key, new.kind, number, financial_year(day), new.seller_id),
        *(new.customer_id, document, new.of, day, new.due, new.payment, new.currency, new.scale),
        *(new.buyer.state, new.reverse_charge, net, tax, new.round_off, new.payable),
        *(write_side(new.seller), write_side(new.buyer), new.reason, new.why, t.actor, t.at_ms),
        write_side(new.ship) if new.ship else "",
        new.comes_with,
    )
    t.insert(tables.invoice, _INVOICE, [values])
    _write_lines(t, row_id, new.lines)
    t.say(InvoiceIssued(row_id))
    t.changed(TOPIC)
    t.say(BillingChanged(new.of or row_id, row_id))
    return Written(row_id, number, document)


def _write_lines(t: Transaction, row_id: int, lines: Sequence[InvoiceLine]) -> None:
    t.insert(
        tables.invoice_line,
        _LINE,
        [
            (
                *(row_id, one.number, one.key[0], one.content, one.key[1], one.key[2]),
                *(one.of_line, one.product, one.sku, one.name, one.hsn, one.unit, one.quantity),
                *(one.unit_price, one.gross, one.discount, one.net, one.tax, one.total),
            )
            for one in lines
        ],
    )
    t.insert(
        tables.invoice_tax,
        _TAX,
        [
            (row_id, one.number, part.head, part.rate, part.per_unit, part.amount)
            for one in lines
            for part in one.heads
        ],
    )
    t.insert(
        tables.invoice_goods,
        _GOODS,
        [
            (
                *(row_id, one.number, place, goods.quantity, goods.batch_id, goods.batch),
                *(goods.expiry, goods.note, goods.number),
            )
            for one in lines
            for place, goods in enumerate(one.goods, 1)
        ],
    )


@dataclass(frozen=True, slots=True)
class LockedInvoice:
    """A document under lock of its account, with its row as it was issued."""

    id: int
    row: Mapping[str, Any]

    @property
    def number(self) -> str:
        """Give its number."""
        return str(self.row["number"])


_ROW: Final = (
    *_INVOICE,
    "cancelled_day",
)


def lock_invoice(t: Transaction, row_id: int) -> LockedInvoice | None:
    """Lock the orders and the account of a document, and read it; None where there is none."""
    found = t.rows(f"SELECT {', '.join(_ROW)} FROM invoice WHERE id = ?", (row_id,))  # noqa: S608
    if not found:
        return None
    row = dict(zip(_ROW, found[0], strict=True))
    for name in ("day", "due", "cancelled_day"):
        row[name] = day_of(row[name])
    orders = [one for (one,) in t.rows(_ORDERS_OF, (row_id,))]
    t.lock(LockRank.ORDER, set(orders))
    t.rows_in("SELECT id FROM order_ WHERE id IN ", orders, locked_by="id")
    again = t.rows("SELECT cancelled_day FROM invoice WHERE id = ?", (row_id,))
    row["cancelled_day"] = day_of(again[0][0])
    return LockedInvoice(row_id, row)


_ORDERS_OF: Final = """
SELECT DISTINCT order_id FROM invoice_line WHERE invoice_id = ? ORDER BY order_id
"""


def orders_of(t: Transaction, row_id: int) -> list[int]:
    """Give the orders that a document is of."""
    return [int(one) for (one,) in t.rows(_ORDERS_OF, (row_id,))]
