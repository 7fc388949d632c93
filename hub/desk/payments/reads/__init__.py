"""Payments read for pages and files, in the reader's scope."""

from hub.desk.payments.reads.payments import (
    NEWEST,
    PaymentDetail,
    PaymentRow,
    count_waiting,
    find_payment,
    list_payments,
    payments_of_document,
    read_limit_changes,
    read_most,
    read_payment_record,
    tally_payments,
)

__all__ = [
    "NEWEST",
    "PaymentDetail",
    "PaymentRow",
    "count_waiting",
    "find_payment",
    "list_payments",
    "payments_of_document",
    "read_limit_changes",
    "read_most",
    "read_payment_record",
    "tally_payments",
]
