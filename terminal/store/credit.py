"""What the hub last said is left of each customer's credit, over restarts too."""

from collections.abc import Iterator
from typing import Final

from terminal.store.orders import Orders
from terminal.store.records import sent_as
from terminal.store.words import decision_of, read_word

_LOOKED_AT: Final = 64
"""So many of the newest orders are looked through after a start: each takes a tenth of a ms."""


class CreditLeft:
    """Keeps the hub's newest word on what each customer could still order on credit.

    The words are the answers and notices of the orders that are kept here, and replies to BALANCE,
    which no restart keeps. Nothing is read before it is asked for.
    """

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._known: dict[str, tuple[int, int]] = {}
        self._has_read = False

    def note(self, customer: str, left: int | None, at_ms: int) -> None:
        """Note what was left at a moment of the hub's clock, in minor units; None: no limit.

        Orders that are decided together are answered at one moment, the last of them last.
        """
        if left is not None and at_ms >= self._known.get(customer, (0, 0))[0]:
            self._known[customer] = at_ms, left

    def left(self, customer: str, *, after_ms: int) -> int | None:
        """Give what was left by a word that is newer than a moment; None where there is none."""
        if not self._has_read:
            self._has_read = True
            newer, self._known = self._known, {}
            for kept in (*self._stored(), *((name, *word) for name, word in newer.items())):
                name, at_ms, left = kept
                self.note(name, left, at_ms)
        at_ms, left = self._known.get(customer, (0, 0))
        return left if at_ms > after_ms else None

    def _stored(self) -> Iterator[tuple[str, int, int | None]]:
        """Give the words on the newest orders, the oldest order first."""
        for order in reversed(self._orders.newest(_LOOKED_AT)):
            sent = sent_as(order)
            for message in map(read_word, self._orders.told(order.id)):
                decided = decision_of(message) if message else None
                if sent and message and decided is not None:
                    yield sent.customer, message.at, decided.credit_left
