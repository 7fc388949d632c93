"""A choice of free goods: the product wished for with the order, else the cheapest or dearest."""

from typing import Final

from rules.engine.tables import FreeScheme
from rules.stages.prices import price_of
from rules.stages.run import Run
from rules.stages.schemes.bounds import tell_once
from rules.values.reasons import Params

TAKE: Final = "take"
"""What an order says of an optional gift that it takes, whichever product that is."""

NONE: Final = "none"
"""What an order says of an optional gift that it declines."""


def is_taken(run: Run, scheme: FreeScheme) -> bool:
    """Tell whether the order wants a gift: all that are not optional, and none that it declines."""
    if scheme.optional is None:
        return True
    wish = run.order.choices.get(scheme.id)
    return wish != NONE if scheme.optional == "decline" else wish not in {None, NONE}


def chosen(run: Run, scheme: FreeScheme) -> str:
    """Give the product that a scheme gives of its choice.

    Products without a price for this customer come last; of equal ones the first by SKU is given.
    """
    wish = run.order.choices.get(scheme.id)
    if wish in scheme.choice:
        return wish
    prices = {sku: price for sku in scheme.choice if (price := price_of(run, sku)) is not None}
    if not prices:
        return scheme.choice[0]
    sign = -1 if scheme.dearest else 1
    return min(prices, key=lambda sku: (sign * prices[sku], sku))


def note_wish(run: Run, scheme: FreeScheme, *, given: str) -> None:
    """Tell that a scheme does not offer what was wished."""
    wish = run.order.choices.get(scheme.id)
    if scheme.optional is not None and wish == TAKE:
        return
    if scheme.choice and wish is not None and wish != given:
        params: Params = {"wished": wish, "given": given}
        tell_once(run, scheme.id, "choice_unknown", params=params, stage="free_goods")
