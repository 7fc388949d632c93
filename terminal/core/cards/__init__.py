"""Cards: which other customers a counter orders for, and how long a card is locked."""

from terminal.core.cards.customers import payments_for, served_by
from terminal.core.cards.locks import LOCKED_MS, WRONG_PINS, Tries, left_ms, tried_wrong

__all__ = [
    "LOCKED_MS",
    "WRONG_PINS",
    "Tries",
    "left_ms",
    "payments_for",
    "served_by",
    "tried_wrong",
]
