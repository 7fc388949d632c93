"""Take goods back: of a delivery, or of a customer's last invoices, with their credit notes."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import LONGEST_REASON, Reason, Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.store.credit_notes import Ready, prepare, write_all
from hub.desk.invoices.store.crediting import invoices_of_order
from hub.desk.invoices.store.writing import LockedInvoice, lock_invoice, orders_of
from hub.desk.orders.deciding import Desk
from hub.desk.payments.store.paying import find_payer
from hub.desk.returns.model import Back, SoldLine, Taken, count_as_gift, spread
from hub.desk.returns.reads import list_sold
from hub.desk.returns.store import find_sent, write_return

_MOST_GIFTS: Final = 20
Asked = Mapping[int, Credited]
"""What came back, by the invoice that it was billed on."""
Wanted = Mapping[int, tuple[LockedInvoice, Credited]]


@dataclass(slots=True)
class TakeReturn:
    """The act, with what it needs."""

    transactions: Transactions
    desk: Desk
    clock: Clock

    def __call__(
        self,
        customer: str,
        back: Sequence[Back],
        *,
        key: str,
        why: str,
        delivery: int | None = None,
        charge: bool = False,
        by: str,
        scope: Scope,
    ) -> Taken | Refused:
        """Credit goods at the price and tax that they were billed at; sent twice, it is one return.

        They are of the last invoices first, or of one delivery note's. Free goods that are not
        earned any more are among what came back where they are of the same product, come back too,
        or are charged with `charge`; else nothing is done.
        """
        if not why.strip():
            return Refused((Reason("return_why", {}, "why"),))
        try:
            with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
                payer = find_payer(t, customer, scope=scope)
                if payer is None:
                    return refused("payment_customer_unknown", field="customer", customer=customer)
                sent = find_sent(t, key, customer=payer.customer)
                if sent is not None:
                    return sent
                sold = list_sold(t.connection, customer, delivery=delivery, scope=scope)
                asked, faults = spread(back, sold)
                issued: list[Issued] | Refused = Refused(tuple(faults))
                if not faults:
                    issued = _credit(t, self.desk, asked, sold=sold, why=why, charge=charge)
                if isinstance(issued, Refused):
                    return issued
                taken = write_return(
                    t,
                    issued,
                    key=key,
                    seller=payer.seller,
                    customer=payer.customer,
                    delivery=delivery,
                    why=why.strip()[:LONGEST_REASON],
                )
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return taken


@dataclass(frozen=True, slots=True)
class _Return:
    """A return under way: the invoices under lock, what was sold on them, and how to settle it."""

    locked: Mapping[int, LockedInvoice]
    sold: Sequence[SoldLine]
    prepare: Callable[[Wanted], Ready | Refused]

    def settle(self, asked: Asked) -> Ready | Refused:
        """Settle what came back."""
        return self.prepare({one: (self.locked[one], credit) for one, credit in asked.items()})

    def find_owed(self, done: Ready | Refused, asked: Asked) -> tuple[SoldLine, int] | None:
        """Find the free goods that would have to come back, and how many; None where none would."""
        if not isinstance(done, Refused) or done.reasons[0].code != "credit_goods_owed":
            return None
        params = done.reasons[0].params
        for gift in self.sold:
            left = gift.left_of(asked)
            is_it = params["product"] in {gift.name, gift.sku} and params["order"] == gift.order
            if gift.free and is_it and gift.invoice in self.locked and left > 0:
                return gift, min(left, int(str(params["quantity"])))
        return None

    def donors_of(self, gift: SoldLine, *, paid: bool) -> list[SoldLine]:
        """Name the lines whose goods may be counted as a gift where they came back.

        First free goods of another order, which the shop may keep; then, where `paid`, what was
        paid for, of the gift's own invoice first.
        """
        same = [one for one in self.sold if one.sku == gift.sku and one != gift]
        free = [one for one in same if one.free]
        bought = [one for one in same if not one.free]
        bought.sort(key=lambda one: one.invoice != gift.invoice)
        return [*free, *(bought if paid else ())]

    def count_in(self, asked: Asked, gift: SoldLine, *, count: int, paid: bool) -> Asked | None:
        """Count as a gift no more of what came back than has to, or all of it where it is too few.

        Gives None where nothing of it came back.
        """
        donors = self.donors_of(gift, paid=paid)
        found = (count_as_gift(asked, gift, donors, count=one) for one in range(1, count + 1))
        fitting = [one for one in found if one is not None]
        enough = partial(self.is_settled, gift=gift)
        place = bisect_left(fitting, True, key=enough)  # the more count as it, the less is owed
        return fitting[min(place, len(fitting) - 1)] if fitting else None

    def is_settled(self, asked: Asked, *, gift: SoldLine) -> bool:
        """Say whether a gift is not owed any more with so much credited."""
        owed = self.find_owed(self.settle(asked), asked)
        return owed is None or (owed[0].invoice, owed[0].line) != (gift.invoice, gift.line)


def _credit(
    t: Transaction,
    desk: Desk,
    asked: Asked,
    *,
    sold: Sequence[SoldLine],
    why: str,
    charge: bool,
) -> list[Issued] | Refused:
    """Make the notes: all invoices are locked first, then settled together, then written.

    An order's free goods may stand on another of its invoices: that one is locked with them.
    """
    mine = {order for one in sorted(asked) for order in orders_of(t, one)}
    beside = {one for order in mine for one in invoices_of_order(t, order)}
    found = {one: lock_invoice(t, one) for one in sorted({*asked, *beside})}
    locked = {one: row for one, row in found.items() if row is not None}
    under_way = _Return(locked, sold, partial(prepare, t, desk, why=why))
    ready = _settle(under_way, asked, charge=charge)
    return ready if isinstance(ready, Refused) else write_all(t, ready)


def _settle(it: _Return, asked: Asked, *, charge: bool) -> Ready | Refused:
    """Settle what came back; free goods that would have to come back too are among it, or charged.

    Where the gift is the product that came back, no more of it counts as the gift than has to. A
    honey that came back with soaps is the honey of those soaps, whatever was bought since.
    """
    ready = it.settle(asked)
    for _ in range(_MOST_GIFTS):
        owed = it.find_owed(ready, asked)
        if owed is None:
            break
        gift, count = owed
        counted = it.count_in(asked, gift, count=count, paid=not charge)
        if counted is not None:
            asked = counted
        elif charge:
            own = asked.get(gift.invoice, Credited())
            charged = own.charged.get(gift.line, 0) + count
            credit = replace(own, charged={**own.charged, gift.line: charged})
            asked = {**asked, gift.invoice: credit}
        else:
            break
        ready = it.settle(asked)
    owed = it.find_owed(ready, asked)
    if owed is not None and isinstance(ready, Refused):
        # Said at the gift: there it is written down that it came back.
        first, *others = ready.reasons
        return Refused((first._replace(field=owed[0].sku), *others))
    return ready
