"""What is told of invoices, and what comes of the acts that make them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued; `again` says that it was there and nothing was done."""

    invoice: int
    number: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceIssued:
    """A document was written, with its lines; said in the transaction that did."""

    invoice: int


@dataclass(frozen=True, slots=True)
class InvoiceCancelled:
    """A document was cancelled; said in the transaction that did."""

    invoice: int


@dataclass(frozen=True, slots=True)
class BillingChanged:
    """What an invoice bills is another than before, by `document`: itself or its credit note.

    Said where either is issued or cancelled; `late` where it happened before anybody listened.
    """

    invoice: int
    document: int
    late: bool = False
