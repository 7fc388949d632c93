"""What the broker keeps of terminals beside their last word, and should not."""

from typing import Final

from broker.contract import UpKind
from broker.link.hub_link import Received

_AT_ONCE: Final = 1_000
"""How many topics are cleared at a time; what is left comes with the next connection."""


class Leftovers:
    """Knows retained messages that are no status, and the echo of clearing them.

    A terminal's status is kept by the broker, so that the hub hears it when it comes back; whatever
    else was left there would come back with every start of the hub. Used by the network thread.
    """

    def __init__(self) -> None:
        self._cleared: set[str] = set()

    def is_one(self, received: Received, kind: UpKind | None) -> bool:
        """Say whether a message has to be cleared from the broker; `kind` is its topic's."""
        if not received.retained or kind == "status" or len(self._cleared) >= _AT_ONCE:
            return False
        self._cleared.add(received.topic)
        return True

    def is_cleared(self, received: Received) -> bool:
        """Say whether this is the echo of a topic that was cleared."""
        if received.payload or received.topic not in self._cleared:
            return False
        self._cleared.discard(received.topic)
        return True
