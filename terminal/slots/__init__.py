"""Which software a machine starts: two slots and the packaged one; the standard library alone."""

from terminal.slots.slots import PACKAGED, Choice, Slots, Software, State, Step, next_start

__all__ = ["PACKAGED", "Choice", "Slots", "Software", "State", "Step", "next_start"]
