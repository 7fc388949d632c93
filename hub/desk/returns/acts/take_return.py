"""Take goods back: of a delivery, or of a customer's last invoices, with their credit notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from hub.desk.returns.model import Back, SoldLine, Taken, spread
from hub.desk.returns.reads import list_sold
from hub.desk.returns.store import find_sent, write_return

_MOST_GIFTS: Final = 20


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
        earned any more come back too, or are charged with `charge`; else nothing is done.
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
        gifts = [one for one in sold if one.invoice == invoice and one.free]
        credit = asked[invoice]
        prepared = prepare(t, desk, found, asked=credit, why=why)
        for _ in range(_MOST_GIFTS if charge else 0):
            more = _charge_owed(prepared, credit, gifts)
            if more is None:
                break
            credit = more
            prepared = prepare(t, desk, found, asked=credit, why=why)
        if isinstance(prepared, Refused):
            return prepared
        assert isinstance(prepared, Prepared)  # noqa: S101  # `sold` had it left under this count
        notes.append(prepared)
    return write_all(t, notes)


def _charge_owed(
    prepared: Prepared | Issued | Refused, credit: Credited, gifts: Sequence[SoldLine]
) -> Credited | None:
    """Charge the free goods that would have to come back; None where nothing is owed."""
    if not isinstance(prepared, Refused) or prepared.reasons[0].code != "credit_goods_owed":
        return None
    params = prepared.reasons[0].params
    for gift in gifts:
        left = gift.left - credit.back.get(gift.line, 0) - credit.charged.get(gift.line, 0)
        if params["product"] in {gift.name, gift.sku} and left > 0:
            count = min(left, int(str(params["quantity"])))
            charged = credit.charged.get(gift.line, 0) + count
            return replace(credit, charged={**credit.charged, gift.line: charged})
    return None
