"""The hot path: orders decided, and all their rows written, inside a given transaction."""

from hub.desk.orders.deciding.changing import (
    Changed,
    cancel,
    decide_again,
    hold,
    keep,
    move,
)
from hub.desk.orders.deciding.locking import LockedOrder, order_for
from hub.desk.orders.deciding.placing import Placed, place
from hub.desk.orders.deciding.reading import Desk, read_availability
from hub.desk.orders.deciding.taking_back import take_back

__all__ = [
    "Changed",
    "Desk",
    "LockedOrder",
    "Placed",
    "cancel",
    "decide_again",
    "hold",
    "keep",
    "move",
    "order_for",
    "place",
    "read_availability",
    "take_back",
]
