"""Counter-offers: what an approver may make of an order instead of a yes to it."""

from collections.abc import Iterator

from rules.engine.inputs import Order
from rules.engine.result import OfferTerms, Reason
from rules.values.reasons import Params


def offer_faults(asked: Order, offered: Order, terms: OfferTerms) -> tuple[Reason, ...]:
    """Say in what an offered order goes beyond the terms of the approval; empty where it is fine.

    What it comes to is for `evaluate`: an offer has no price of its own, so that none is made up.
    """
    return tuple(_faults(asked, offered, terms))


def _faults(asked: Order, offered: Order, terms: OfferTerms) -> Iterator[Reason]:
    if (asked.id, asked.customer) != (offered.id, offered.customer):
        yield _fault("offer_order_other")
    if offered.payment not in {asked.payment, *terms.payments}:
        yield _fault("offer_payment_barred", {"payment": offered.payment})
    before = {line.number: line for line in asked.lines}
    if not offered.lines:
        yield _fault("offer_empty")
    for line in offered.lines:
        known = before.get(line.number)
        if known is None or (known.sku, known.unit, known.batch) != (
            line.sku,
            line.unit,
            line.batch,
        ):
            yield _fault("offer_line_unknown", {"line": line.number}, line=line.number)
        elif line.quantity > known.quantity:
            yield _fault("offer_line_larger", {"line": line.number}, line=line.number)
    if not terms.smaller and _quantities(asked) != _quantities(offered):
        yield _fault("offer_quantities_fixed")
    if (offered.payment, _quantities(offered)) == (asked.payment, _quantities(asked)):
        yield _fault("offer_unchanged")


def _fault(code: str, params: Params | None = None, *, line: int | None = None) -> Reason:
    return Reason("approvals", code, params or {}, line=line)


def _quantities(order: Order) -> dict[int, int]:
    return {line.number: line.quantity for line in order.lines}
