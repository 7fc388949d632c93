"""Acknowledges what was received in the order of its arrival, whatever is dealt with first."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from broker.link.hub_link import Received


@dataclass(slots=True, eq=False)
class Receipt:
    """A message as received, and whether it is dealt with."""

    received: Received
    is_done: bool = False


class Receipts:
    """Keeps the line of messages that are not acknowledged yet; safe to use from any thread.

    MQTT wants acknowledgements in the order of the messages. A message that is dealt with before an
    earlier one waits here for it: of 1, 2, 3 with 2 and 3 done, none is acknowledged; with 1 done,
    all are.
    """

    def __init__(self, ack: Callable[[Received], None]) -> None:
        self._ack = ack
        self._line: deque[Receipt] = deque()
        self._lock = threading.Lock()

    def arrive(self, received: Received) -> Receipt:
        """Put a message at the end of the line."""
        receipt = Receipt(received)
        with self._lock:
            self._line.append(receipt)
        return receipt

    def finish(self, receipt: Receipt) -> None:
        """Note that a message is dealt with, and acknowledge what stands first in the line."""
        with self._lock:
            receipt.is_done = True
            while self._line and self._line[0].is_done:
                self._ack(self._line.popleft().received)
