"""What a customer owes or will owe: the one definition of exposure, and what credit is left."""

from dataclasses import replace

from rules import Credit, Minor, Payment


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
    other_parts = credit.deliveries + credit.invoices + credit.cheques
    return replace(credit, exposure=Minor(exposure), open_orders=Minor(exposure - other_parts))
