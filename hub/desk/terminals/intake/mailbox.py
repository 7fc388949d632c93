"""A bounded queue between the network thread and the thread that decides."""

import threading
from collections import deque
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

_LONGEST_BLOCK_S: Final = 5.0


class Mailbox(Generic[Item]):
    """Takes items from one thread and gives them to another in groups, in order."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._items: deque[Item] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: Item) -> None:
        """Add an item; while the box is full this waits, which is the sender's backpressure.

        Never for long: the network thread must answer pings. Then the box grows over its size,
        which the terminals' own window of unanswered orders bounds.
        """
        with self._changed:
            if len(self._items) >= self._capacity:
                self._changed.wait_for(self._has_room, _LONGEST_BLOCK_S)
            self._items.append(item)
            if len(self._items) == 1:
                self._changed.notify_all()

    def take(self, most: int, timeout_s: float) -> list[Item]:
        """Take what is there, at most that many; waits only while there is nothing."""
        with self._changed:
            if not self._items:
                self._changed.wait_for(lambda: self._items or self._closed, timeout_s)
            if self._closed:
                return []
            was_full = len(self._items) >= self._capacity
            group = [self._items.popleft() for _ in range(min(most, len(self._items)))]
            if was_full:
                self._changed.notify_all()
            return group

    def close(self) -> None:
        """Give nothing more; what is left was never acknowledged and will come again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        return len(self._items)

    def _has_room(self) -> bool:
        return len(self._items) < self._capacity or self._closed
