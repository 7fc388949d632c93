"""Tell a shop that the bank returned its cheque: which invoices are to be paid again."""

from hub.base.jobs import Job
from hub.base.transaction import Transaction
from hub.desk.orders.deciding import lock_order, move
from hub.desk.orders.model.reasons import Reason
from hub.desk.payments.store.telling import numbers_of, order_to_tell_by, read_cheque


def tell_shop(t: Transaction, job: Job) -> None:
    """Write a revision of the newest order that the cheque paid, which its terminal is told.

    It changes nothing of the order but what is told. A customer without an order hears nothing
    here: whoever took the cheque calls.
    """
    t.act_for(job.payload["by"])
    paid = job.payload["paid"]
    cheque = read_cheque(t, job.payload["payment"])
    uuid = order_to_tell_by(t, cheque, paid)
    order = lock_order(t, uuid) if uuid is not None else None
    if order is None:
        return
    invoices = ", ".join(numbers_of(t, paid))
    params = {
        "reference": cheque.reference,
        "amount": cheque.amount,
        "balance": cheque.balance,
        "why": job.payload["why"],
    }
    told = (
        Reason("cheque_returned", {**params, "invoices": invoices})
        if invoices
        else Reason("cheque_returned_alone", params)
    )
    move(t, order, order.status, cause="cheque_returned", reasons=(told,))
