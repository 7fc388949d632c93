"""Gifts that an order may choose or decline, as its decision met them."""

from dataclasses import dataclass
from typing import Final

from hub.desk.orders.model.decide import Decided

NOT_WANTED: Final = "none"
"""What an order says of an optional gift that it declines."""
WANTED: Final = "take"
"""What an order says of an optional gift that it takes, whichever product that is."""
_MET: Final = frozenset({"free_goods_offered", "free_goods_declined"})


@dataclass(frozen=True, slots=True)
class Gift:
    """A scheme's gift that leaves a choice: `wishes` are what may be said, `wish` what was said.

    An empty wish leaves it to the scheme.
    """

    rule: str
    wish: str
    wishes: tuple[str, ...]


def gifts_of(decided: Decided) -> tuple[Gift, ...]:
    """Give the gifts of a decision of which one may be chosen, or which may be declined."""
    result, pack = decided.result, decided.pack
    if result is None or pack is None:
        return ()
    met = {one.rule for one in result.free}
    met |= {one.rule for one in result.trace if one.code in _MET}
    choices = decided.request.order.choices
    return tuple(
        Gift(scheme.id, choices.get(scheme.id, ""), wishes)
        for scheme in pack.free_schemes.rules
        if scheme.id in met and (wishes := _wishes_of(scheme.choice, scheme.optional))
    )


def _wishes_of(choice: tuple[str, ...], optional: str | None) -> tuple[str, ...]:
    """Give what may be said of a gift beside nothing: a product of its choice, yes or no."""
    taken = (WANTED,) if optional == "choose" and not choice else ()
    declined = (NOT_WANTED,) if optional else ()
    return (*choice, *taken, *declined)
