"""A bounded queue between the network thread and the thread that decides, fair to all senders."""

import threading
from collections import deque
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

_LONGEST_BLOCK_S: Final = 5.0


class Mailbox(Generic[Item]):
    """Takes items from one thread and gives them to another in groups.

    The items of one sender stay in their order; senders take turns, so that one who sends a
    thousand keeps nobody else waiting: with A1 A2 A3 B1 in the box, A1 B1 A2 A3 come out. What an
    item weighs says how much of a group it is.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._waiting: dict[str, deque[tuple[Item, int]]] = {}
        self._turns: deque[str] = deque()
        self._size = 0
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: Item, *, sender: str, weight: int = 1) -> None:
        """Add an item; while the box is full this waits, which is the sender's backpressure.

        Never for long: the network thread must answer pings. Then the box grows over its size,
        which the rate and the terminals' own window of unanswered orders bound.
        """
        with self._changed:
            if self._size >= self._capacity:
                self._changed.wait_for(self._has_room, _LONGEST_BLOCK_S)
            if sender not in self._waiting:
                self._waiting[sender] = deque()
                self._turns.append(sender)
            self._waiting[sender].append((item, weight))
            self._size += 1
            if self._size == 1:
                self._changed.notify_all()

    def take(self, most: int, timeout_s: float) -> list[Item]:
        """Take the waiting items until they weigh so much; waits only while there are none."""
        with self._changed:
            if not self._size:
                self._changed.wait_for(lambda: self._size or self._closed, timeout_s)
            if self._closed:
                return []
            was_full = self._size >= self._capacity
            group: list[Item] = []
            while self._size and most > 0:
                item, weight = self._next()
                group.append(item)
                most -= weight
            if was_full:
                self._changed.notify_all()
            return group

    def close(self) -> None:
        """Give nothing more; what is left was never acknowledged and will come again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __len__(self) -> int:
        return self._size

    def _next(self) -> tuple[Item, int]:
        """Take the next item of the sender whose turn it is, with its weight."""
        sender = self._turns.popleft()
        items = self._waiting[sender]
        found = items.popleft()
        self._size -= 1
        if items:
            self._turns.append(sender)
        else:
            del self._waiting[sender]
        return found

    def _has_room(self) -> bool:
        return self._size < self._capacity or self._closed
