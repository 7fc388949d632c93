"""A delivery note's states: which may follow which, and where its goods are in each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

State = Literal[
    "picking",
    "picked",
    "dispatched",
    "delivered",
    "part",
    "refused",
    "closed_shop",
    "cancelled",
]
"""The states. A note that is `cancelled` never left, and keeps its number."""

Outcome = Literal["delivered", "part", "refused", "closed_shop"]
"""What became of a note whose goods left."""

ShortReason = Literal["not_found", "damaged", "expired", "left_out"]
"""Why less was picked than the note says."""

STATES: Final[tuple[State, ...]] = get_args(State)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
SHORT_REASONS: Final[tuple[ShortReason, ...]] = get_args(ShortReason)

MAY_BECOME: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        "picking": frozenset[State]({"picked", "cancelled"}),
        "picked": frozenset[State]({"dispatched", "cancelled"}),
        "dispatched": frozenset[State](OUTCOMES),
        **dict.fromkeys((*OUTCOMES, "cancelled"), frozenset[State]()),
    }
)

STILL_HERE: Final[frozenset[State]] = frozenset({"picking", "picked"})
"""States in which the goods are in the warehouse, and reserved for the order."""
ON_THE_WAY: Final[frozenset[State]] = frozenset({"dispatched"})
"""States in which the goods are in transit."""
LEFT: Final[frozenset[State]] = ON_THE_WAY | frozenset(OUTCOMES)
"""States of notes whose goods left the warehouse."""


def may_become(current: State, asked: State) -> bool:
    """Say whether a note of one state may come to another."""
    return asked in MAY_BECOME[current]
