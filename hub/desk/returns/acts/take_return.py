"""Take goods back: of a delivery, or of a customer's last invoices, with their credit notes."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.numbering import FullSeriesError
from hub.base.transaction import Transaction, Transactions
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.store.credit_notes import Prepared, prepare, write_all
from hub.desk.invoices.store.writing import lock_invoice
from hub.desk.orders.deciding import Desk
from hub.desk.payments.store.paying import find_payer
from hub.desk.returns.model import Back, SoldLine, Taken, count_as_gift, spread
from hub.desk.returns.reads import list_sold
from hub.desk.returns.store import find_sent, write_return

_MOST_GIFTS: Final = 20
Done = Prepared | Issued | Refused
"""A credit note that is ready, one that was there, or why there is none."""


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
                    why=why.strip()[:300],
                )
                t.commit()
        except FullSeriesError as error:
            return refused("series_full", kind=error.kind)
        return taken


def _credit(
    t: Transaction,
    desk: Desk,
    asked: Mapping[int, Credited],
    *,
    sold: Sequence[SoldLine],
    why: str,
    charge: bool,
) -> list[Issued] | Refused:
    """Make the credit notes: all invoices are locked first, then settled, then written."""
    locked = {one: lock_invoice(t, one) for one in sorted(asked)}
    notes: list[Prepared] = []
    for invoice, found in locked.items():
        assert found is not None  # noqa: S101  # it was read in this transaction
        own = [one for one in sold if one.invoice == invoice]
        settle = partial(prepare, t, desk, found, why=why)
        prepared = _settle(settle, asked[invoice], own=own, charge=charge)
        if isinstance(prepared, Refused):
            return prepared
        assert isinstance(prepared, Prepared)  # noqa: S101  # `sold` had it left under this count
        notes.append(prepared)
    return write_all(t, notes)


def _settle(
    settle: Callable[..., Done], credit: Credited, *, own: Sequence[SoldLine], charge: bool
) -> Done:
    """Settle what came back; free goods that would have to come back too are among it, or charged.

    Where the gift is the product that came back, no more of it counts as the gift than has to.
    """
    prepared = settle(asked=credit)
    for _ in range(_MOST_GIFTS):
        owed = _find_owed(prepared, credit, own)
        if owed is None:
            break
        gift, count = owed
        if charge:
            charged = credit.charged.get(gift.line, 0) + count
            credit = replace(credit, charged={**credit.charged, gift.line: charged})
            prepared = settle(asked=credit)
            continue
        paid = [one for one in own if one.sku == gift.sku and not one.free]
        found = [count_as_gift(credit, gift, paid, count=n) for n in range(1, count + 1)]
        fitting = [one for one in found if one is not None]
        enough = partial(_is_settled, settle, gift=gift, own=own)
        place = bisect_left(fitting, True, key=enough)  # the more count as it, the less is owed
        if place == len(fitting):
            break
        credit = fitting[place]
        prepared = settle(asked=credit)
    return prepared


def _is_settled(
    settle: Callable[..., Done], credit: Credited, *, gift: SoldLine, own: Sequence[SoldLine]
) -> bool:
    """Say whether a gift is not owed any more with so much credited."""
    owed = _find_owed(settle(asked=credit), credit, own)
    return owed is None or owed[0].line != gift.line


def _find_owed(
    prepared: Done, credit: Credited, own: Sequence[SoldLine]
) -> tuple[SoldLine, int] | None:
    """Find the free goods that would have to come back, and how many; None where none would."""
    if not isinstance(prepared, Refused) or prepared.reasons[0].code != "credit_goods_owed":
        return None
    params = prepared.reasons[0].params
    for gift in own:
        left = gift.left - credit.back.get(gift.line, 0) - credit.charged.get(gift.line, 0)
        if gift.free and params["product"] in {gift.name, gift.sku} and left > 0:
            return gift, min(left, int(str(params["quantity"])))
    return None
