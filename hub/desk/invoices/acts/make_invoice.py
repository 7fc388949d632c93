"""Make an invoice of orders or delivery notes: what is billed is billed once, whoever asks."""

from collections.abc import Collection
from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import store as accounts
from hub.desk.invoices.model.billing import (
    bill_line,
    due_day,
    faults_of,
    key_of,
    kind_of,
    round_to,
)
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.store.billing import ToBill, count_delivered, follow_orders, lock_to_bill
from hub.desk.invoices.store.letterheads import read_buyer, read_ship_to
from hub.desk.invoices.store.writing import (
    NewInvoice,
    count_cancelled,
    find_by_key,
    write_invoice,
)
from hub.desk.orders.deciding import Desk
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.store import business_day


@dataclass(slots=True)
class MakeInvoice:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self,
        *,
        orders: Collection[int] = (),
        notes: Collection[int] = (),
        by: str,
        scope: Scope,
        seen: str = "",
        reverse_charge: bool = False,
    ) -> Issued | Refused:
        """Bill delivery notes or, without any, all that is left of orders, by their rows' ids.

        `seen` is the key of what the person looked at: where that is billed already, its invoice is
        given again, and where something else is to be billed by now, nothing is done.
        """
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                what = lock_to_bill(t, self.desk, orders=orders, notes=notes, scope=scope)
                made = find_by_key(t, seen) if seen else None
                if made is not None:
                    return Issued(*made, again=True)
                refusal = what if isinstance(what, Refused) else _refuse(t, what, seen)
                if isinstance(what, Refused) or refusal is not None:
                    return refusal or refused("billing_nothing")
                issued = _issue(t, what, reverse_charge=reverse_charge, scope=scope)
                if isinstance(issued, Refused):
                    return issued
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return issued

    def foresee(
        self, *, orders: Collection[int] = (), notes: Collection[int] = (), scope: Scope
    ) -> tuple[NewInvoice, tuple[Reason, ...]] | Refused:
        """Tell what an invoice would say, and what it lacks; nothing is kept."""
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            what = lock_to_bill(t, self.desk, orders=orders, notes=notes, scope=scope)
            if isinstance(what, Refused):
                return what
            return _prepare(t, what, reverse_charge=False, scope=scope)


def key_for(t: Transaction, what: ToBill) -> str:
    """Name what is to be billed now."""
    cancelled = count_cancelled(t, [one.id for one in what.orders])
    return key_of(what.lines, cancelled=cancelled)


def _refuse(t: Transaction, what: ToBill, seen: str) -> Refused | None:
    """Say why nothing is billed: nothing is left, or something else than was looked at."""
    if not what.lines:
        return refused("billing_nothing")
    if seen and seen != key_for(t, what):
        return refused("billing_changed")
    return None


def _prepare(
    t: Transaction, what: ToBill, *, reverse_charge: bool, scope: Scope
) -> tuple[NewInvoice, tuple[Reason, ...]] | Refused:
    """Work out an invoice, with what it lacks."""
    if not what.lines:
        return refused("billing_nothing")
    first = what.orders[-1]
    same = {
        (one.seller, one.customer, one.payment, one.currency, one.ship_to) for one in what.orders
    }
    if len(same) > 1:
        return refused("billing_mixed")
    for order in what.orders:
        if order.has_tax and order.pack is None:
            return refused("billing_tax_unknown", order=order.number)
    packs = {one.id: one.pack for one in what.orders}
    lines = tuple(
        bill_line(sold, goods, number=number, pack=packs[sold.key[0]])
        for number, (sold, goods) in enumerate(what.lines, 1)
    )
    seller = read_letterhead(t.connection, first.seller, scope=scope)
    buyer, terms = read_buyer(t, first.customer)
    day = business_day(t)
    new = NewInvoice(
        key=key_for(t, what),
        kind=kind_of(seller, lines),
        seller_id=first.seller,
        customer_id=first.customer,
        seller=seller,
        buyer=buyer,
        lines=lines,
        payment=first.payment,
        currency=first.currency,
        scale=first.scale,
        round_off=round_to(lines, first.pack),
        due=due_day(day, terms, payment=first.payment, delivered=what.delivered),
        reverse_charge=reverse_charge,
        ship=read_ship_to(t, first.ship_to, buyer=buyer),
    )
    return new, tuple(faults_of(seller, buyer, lines, ship=new.ship))


def _issue(t: Transaction, what: ToBill, *, reverse_charge: bool, scope: Scope) -> Issued | Refused:
    prepared = _prepare(t, what, reverse_charge=reverse_charge, scope=scope)
    if isinstance(prepared, Refused):
        return prepared
    new, faults = prepared
    if faults:
        return Refused(faults)
    count_delivered(t, new.lines)
    accounts.lock_account(t, new.customer_id)
    written = write_invoice(t, new)
    follow_orders(t, what, new.lines, written=written, payable=new.payable)
    return Issued(written.id, written.number)
