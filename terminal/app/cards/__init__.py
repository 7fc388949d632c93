"""Who is at the counter: operators' cards and their PINs."""

from terminal.app.cards.operators import Operators

__all__ = ["Operators"]
