"""What a customer owes or will owe: exposure, the credit that is left, and how old a debt is."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from rules import Credit, Minor, Payment

PaymentWord = Literal["unpaid", "part", "paid", "overdue"]
PAYMENT_WORDS: Final[tuple[PaymentWord, ...]] = ("unpaid", "part", "paid", "overdue")
DocumentKind = Literal[
    "opening", "invoice", "credit_note", "debit_note", "payment", "refund", "write_off", "claim"
]
Basis = Literal["due", "day"]
BUCKETS: Final = ("current", "d30", "d60", "d90", "older")
"""Not due yet; then 1 to 30, 31 to 60, 61 to 90 and more days since the day that counts."""
_ENDS: Final = (0, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """What was open of a document on a day; below zero is money of the customer's not allocated."""

    kind: DocumentKind
    day: date
    due: date | None
    open: int


@dataclass(frozen=True, slots=True)
class Ages:
    """What a customer owed on a day, by how old it was; `unallocated` is to the customer's good."""

    buckets: tuple[int, ...] = (0,) * len(BUCKETS)
    unallocated: int = 0

    @property
    def outstanding(self) -> int:
        """Give what all buckets come to."""
        return sum(self.buckets)

    @property
    def overdue(self) -> int:
        """Give what is past the day that counts."""
        return self.outstanding - self.buckets[0]

    @property
    def balance(self) -> int:
        """Give what the customer owes all in all."""
        return self.outstanding - self.unallocated

    def with_open(self, one: OpenDocument, *, on: date, basis: Basis) -> "Ages":
        """Add a document: 500.00 due 12 days ago goes into the bucket of 1 to 30 days."""
        if one.open < 0:
            return replace(self, unallocated=self.unallocated - one.open)
        place = bucket_of(one, on=on, basis=basis)
        buckets = tuple(n + (one.open if at == place else 0) for at, n in enumerate(self.buckets))
        return replace(self, buckets=buckets)


def bucket_of(one: OpenDocument, *, on: date, basis: Basis) -> int:
    """Give the place of a document's bucket; one without a due day is never late by it."""
    counted = one.due if basis == "due" else one.day
    late = (on - counted).days if counted else 0
    return sum(late > end for end in _ENDS)


def exposure_of(*, owes: bool, payment: Payment, payable: int) -> int:
    """Give what an order adds to its customer's exposure, in minor units.

    Only orders on credit that are neither billed nor given up do (`owes`): cash and advance are
    paid before the goods change hands, a held order promises nothing yet. An order over 1,200.00
    on credit adds 120000, the same order for cash nothing.
    """
    return max(payable, 0) if owes and payment == "credit" else 0


def credit_left(credit: Credit | None, exposure: int) -> int | None:
    """Give what may still be ordered on credit; None where there is no limit, never below zero."""
    if credit is None or credit.state == "none":
        return None
    return max(credit.limit - exposure, 0) if credit.state == "amount" else 0


def with_exposure(credit: Credit, exposure: int) -> Credit:
    """Give the same limit at another exposure; what is neither billed nor delivered is open."""
    open_orders = exposure - credit.deliveries - credit.invoices - credit.cheques
    if credit.exposure == exposure and credit.open_orders == open_orders:
        return credit  # as before: the first order of a customer's in each group
    return replace(credit, exposure=Minor(exposure), open_orders=Minor(open_orders))
