"""Rows of invoices and payments changed behind the hub's back, with the promise of each."""

from collections.abc import Mapping
from typing import Final

TAMPERED_MONEY: Final[Mapping[str, tuple[str, set[str]]]] = {
    "an invoice's posting is gone": (
        "DELETE FROM posting WHERE kind = 'document' AND amount > 0",
        {"documents_posted", "exposure"},
    ),
    "an account owes less on documents": (
        "UPDATE customer_account SET billed = billed - 1 WHERE exposure <> 10000",
        {"owed_on_documents"},
    ),
    "an allocation was changed": (
        "UPDATE account_allocation SET amount = amount + 1 WHERE id = 1",
        {"allocations"},
    ),
    "an order is owed beside its invoice": (
        "DELETE FROM posting WHERE kind = 'billed' AND amount < 0",
        {"billed_once"},
    ),
    "an invoice number is missing": (
        "UPDATE series SET next = next + 1 WHERE kind = 'invoice'",
        {"invoice_series"},
    ),
    "a head of tax was changed": (
        "UPDATE invoice_tax SET amount = amount + 1 WHERE invoice_id = 1 AND line = 1",
        {"invoice_amounts"},
    ),
    "an invoice was made cheaper": (
        "UPDATE invoice SET payable = payable - 1, round_off = round_off - 1 WHERE id = 2",
        {"invoice_owed"},
    ),
    "more is billed than was ordered": (
        "UPDATE invoice_line SET quantity = quantity + 1 WHERE invoice_id = 2 AND line = 1",
        {"billed_within"},
    ),
    "a note says that less is billed": (
        "UPDATE delivery_line SET billed = billed - 1 WHERE billed > 0",
        {"billed_of_notes"},
    ),
    "more is credited than came to the line": (
        "UPDATE invoice_line SET quantity = quantity + 100 WHERE of_line IS NOT NULL",
        {"credited_within"},
    ),
    "a payment was made larger": (
        "UPDATE payment SET amount = amount + 1 WHERE id = 3",
        {"payment_owed"},
    ),
    "a payment's number is missing": (
        "UPDATE series SET next = next + 1 WHERE kind = 'payment'",
        {"payment_series"},
    ),
}
"""Breaks of what was billed, credited and paid."""
