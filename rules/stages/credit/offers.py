"""Counter-offers: what an approver may make of an order instead of a yes to it."""

from collections.abc import Iterator

from rules.engine.inputs import Order
from rules.engine.result import OfferTerms


def offer_faults(asked: Order, offered: Order, terms: OfferTerms) -> tuple[str, ...]:
    """Say in what an offered order goes beyond the terms of the approval; empty where it is fine.

    What it comes to is for `evaluate`: an offer has no price of its own, so that none is made up.
    """
    return tuple(_faults(asked, offered, terms))


def _faults(asked: Order, offered: Order, terms: OfferTerms) -> Iterator[str]:
    if (asked.id, asked.customer) != (offered.id, offered.customer):
        yield "it is another order"
    if offered.payment not in {asked.payment, *terms.payments}:
        yield f"payment by {offered.payment} may not be offered"
    before = {line.number: line for line in asked.lines}
    if not offered.lines:
        yield "nothing is left of it: refuse it instead"
    for line in offered.lines:
        known = before.get(line.number)
        if known is None or (known.sku, known.unit, known.batch) != (
            line.sku,
            line.unit,
            line.batch,
        ):
            yield f"line {line.number} was not asked for"
        elif line.quantity > known.quantity:
            yield f"line {line.number} is larger than was asked for"
    if not terms.smaller and _quantities(asked) != _quantities(offered):
        yield "quantities may not be changed"
    if (offered.payment, _quantities(offered)) == (asked.payment, _quantities(asked)):
        yield "it changes nothing: say yes instead"


def _quantities(order: Order) -> dict[int, int]:
    return {line.number: line.quantity for line in order.lines}
