"""The stock book: what alone writes movements, allocations and what they add up to."""

from hub.desk.stock.store.loading import differing_batches, write_batches, write_warehouses
from hub.desk.stock.store.reserving import (
    Goods,
    Reservation,
    change_to,
    give_back,
    held_by,
    take,
)

__all__ = [
    "Goods",
    "Reservation",
    "change_to",
    "differing_batches",
    "give_back",
    "held_by",
    "take",
    "write_batches",
    "write_warehouses",
]
