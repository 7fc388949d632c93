"""Orders that wait for what other terminals may still give back, until they can be decided."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from broker.contract import Order
from hub.base.transaction import Transactions
from hub.desk.terminals.model import Key
from hub.desk.terminals.store.awaiting import FirstWords
from hub.desk.terminals.store.inbox import InboxRow, served_terminals

_MOST: Final = 512
_MOST_OF_ONE: Final = 16
"""So many are kept, and of one terminal: as many as it has under way. Any other is sent again."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """An order message as it came, with the SHA-256 of its bytes."""

    message: Order
    digest: bytes

    @property
    def key(self) -> Key:
        """Give the terminal and its sequence."""
        return self.message.term, self.message.seq

    @property
    def uuid(self) -> str:
        """Give the order's own id."""
        return self.message.data.order

    def row(self) -> InboxRow:
        """Give what the inbox keeps of it."""
        return InboxRow(self.key, self.uuid, self.digest)


def submitted(message: Order, payload: bytes) -> Submitted:
    """Take an order message with the bytes it came as."""
    return Submitted(message, hashlib.sha256(payload).digest())


@dataclass(slots=True)
class PutOff:
    """Keeps orders in memory alone: a terminal sends its own again, but as much as 60 s later."""

    transactions: Transactions
    first_words: FirstWords
    _orders: dict[str, dict[bytes, Submitted]] = field(default_factory=dict)
    """By terminal, and by the digest of the message."""

    def keep(self, orders: Iterable[Submitted]) -> None:
        """Keep orders that cannot be decided yet, where there is room."""
        for one in orders:
            own = self._orders.setdefault(one.message.term, {})
            if len(own) < _MOST_OF_ONE and sum(map(len, self._orders.values())) < _MOST:
                own[one.digest] = one

    def forget(self, orders: Iterable[Submitted]) -> None:
        """Keep orders no more that are being decided."""
        for one in orders:
            self._orders.get(one.message.term, {}).pop(one.digest, None)

    def due(self) -> list[Submitted]:
        """Give the orders that wait for nobody any more; they are kept no more."""
        names = sorted(name for name, own in self._orders.items() if own)
        if not names:
            return []
        with self.transactions.reading() as t:
            if self.first_words.are_awaited(t):
                return []
            terminals = served_terminals(t, names)
        ready = [name for name in names if name not in terminals or not terminals[name].waits]
        return [one for name in ready for one in self._orders.pop(name).values()]
