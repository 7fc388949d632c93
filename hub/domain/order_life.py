"""An order's statuses, and which may follow which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from broker.contract import OrderStatus

OPEN: Final[frozenset[OrderStatus]] = frozenset({"confirmed", "confirmed_changed"})
"""Statuses in which an order holds stock, money and scheme budgets."""

_NEXT: Final[Mapping[OrderStatus, frozenset[OrderStatus]]] = MappingProxyType(
    {
        "held": frozenset({"confirmed", "confirmed_changed", "rejected", "cancelled"}),
        "confirmed": frozenset({"cancelled"}),
        "confirmed_changed": frozenset({"cancelled"}),
        "rejected": frozenset(),
        "cancelled": frozenset(),
    }
)


class TransitionError(Exception):
    """The order cannot go from the status it has to the one asked for."""

    def __init__(self, current: OrderStatus, asked: OrderStatus) -> None:
        super().__init__(f"the order is {current}: it cannot become {asked}")
        self.current = current
        self.asked = asked


def check_transition(current: OrderStatus, asked: OrderStatus) -> None:
    """Raise TransitionError unless `asked` may follow `current`."""
    if asked not in _NEXT[current]:
        raise TransitionError(current, asked)
