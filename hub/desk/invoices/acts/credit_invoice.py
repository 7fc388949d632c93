"""Credit an invoice: goods that came back or a lower price, never more than a line came to."""

from dataclasses import dataclass, replace

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.crediting import Credited, faults_of, price_line, too_much
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.store.cancelling import is_seen
from hub.desk.invoices.store.crediting import read_credits, read_lines, restock, settle_goods
from hub.desk.invoices.store.writing import (
    LockedInvoice,
    NewInvoice,
    find_by_key,
    lock_invoice,
    write_invoice,
)
from hub.desk.orders.deciding import Desk


@dataclass(slots=True)
class CreditInvoice:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self,
        invoice: int,
        asked: Credited,
        *,
        why: str,
        by: str,
        scope: Scope,
        earlier: int | None = None,
    ) -> Issued | Refused:
        """Credit lines of an invoice; `earlier` is how many credit notes the person saw of it.

        The same credit asked for twice is one credit note.
        """
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                found = lock_invoice(t, invoice) if is_seen(t, invoice, scope=scope) else None
                if found is None or found.row["kind"] == "credit_note":
                    return refused("invoice_unknown", number=str(invoice))
                if found.row["cancelled_day"] is not None:
                    return refused("invoice_cancelled", number=found.number)
                issued = _credit(t, self.desk, found, asked=asked, why=why, earlier=earlier)
                if isinstance(issued, Refused) or issued.again:
                    return issued
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return issued


def _credit(
    t: Transaction,
    desk: Desk,
    found: LockedInvoice,
    *,
    asked: Credited,
    why: str,
    earlier: int | None,
) -> Issued | Refused:
    before, count, _ = read_credits(t, found.id)
    made = find_by_key(t, asked.key(found.id, count if earlier is None else earlier))
    if made is not None:
        return Issued(*made, again=True)
    if earlier not in {None, count}:
        return refused("billing_changed")
    lines = read_lines(t, found.id)
    faults = tuple(faults_of(asked, lines, before))
    if faults:
        return Refused(faults)
    settled = settle_goods(t, desk, lines=lines, asked=asked, before=before)
    if isinstance(settled, Refused):
        return settled
    prices = [price_line(lines[number], amount) for number, amount in sorted(asked.prices.items())]
    credit = _numbered([*settled[0], *(one for one in prices if one.net)])
    faults = tuple(too_much(credit, lines, before))
    if faults:
        return Refused(faults)
    return _write(t, found, credit, asked=asked, why=why, count=count, rounds=settled[1])


def _numbered(lines: list[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    return tuple(replace(one, number=place) for place, one in enumerate(lines, 1))


def _write(
    t: Transaction,
    found: LockedInvoice,
    lines: tuple[InvoiceLine, ...],
    *,
    asked: Credited,
    why: str,
    count: int,
    rounds: int,
) -> Issued | Refused:
    """Write the credit note, put goods back, and have it pay what is open of its invoice."""
    row = found.row
    new = NewInvoice(
        key=asked.key(found.id, count),
        kind="credit_note",
        seller_id=row["seller_id"],
        customer_id=row["customer_id"],
        seller=read_side(row["seller"]),
        buyer=read_side(row["buyer"]),
        lines=lines,
        payment=row["payment"],
        currency=row["currency"],
        scale=row["scale"],
        round_off=rounds,
        of=found.id,
        reason="goods" if any(asked.back.values()) else "price",
        why=why.strip()[:500],
        reverse_charge=bool(row["reverse_charge"]),
    )
    if new.payable < 0:
        return refused("credit_nothing")
    accounts.lock_account(t, new.customer_id)
    restock(t, found, key=new.key, asked=asked, why=new.why)
    written = write_invoice(t, new)
    debit = accounts.read_debit(t, new.customer_id, kind="invoice", ref=found.id)
    if written.document is not None and debit is not None:
        amount = min(debit.open, new.payable)
        accounts.allocate(t, written.document, debit.id, amount=amount)
    return Issued(written.id, written.number)
