"""Whom a counter may order for: its own customer, or one whose card it takes."""

from typing import Final

from broker.contract.cards import ServedCustomer
from broker.contract.facts import Payment
from broker.contract.messages import ConfigData

_ALL_PAYMENTS: Final[tuple[Payment, ...]] = ("credit", "cash", "advance")


def served_by(config: ConfigData, customer: str = "") -> ServedCustomer | None:
    """Find a customer that the counter orders for; an empty code is the counter's own."""
    if customer in {"", config.customer.id}:
        return ServedCustomer(
            facts=config.customer, payments=config.payments, gstin=config.customer_gstin
        )
    return next((one for one in config.customers if one.facts.id == customer), None)


def payments_for(config: ConfigData | None, customer: str = "") -> tuple[Payment, ...]:
    """Give the ways to pay of a customer's orders, the usual one first."""
    served = served_by(config, customer) if config else None
    return tuple(served.payments) if served and served.payments else _ALL_PAYMENTS
