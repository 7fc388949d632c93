"""Turns: threads have something one after another, in the order in which they asked for it."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import TimeoutError as WaitedTooLongError


class Turns:
    """What one thread has at a time; whoever gives it back and asks again stands behind the others.

    A pool of one connection, or a plain lock, is taken by whichever thread runs first: a thread
    that gives it back and asks at once has it again before the one that waits has woken up. So a
    phone's upload of twenty orders kept every counter waiting until its last one.
    """

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._waiting: Final[deque[threading.Lock]] = deque()
        self._is_taken = False

    @property
    def waiting(self) -> int:
        """Count the threads that wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self, most_s: float) -> Iterator[None]:
        """Wait for one's turn, at most so long, and have it; raises SQLAlchemy's TimeoutError."""
        self._take(most_s)
        try:
            yield
        finally:
            self._give()

    def _take(self, most_s: float) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=most_s):
            return
        with self._lock:
            if called in self._waiting:
                self._waiting.remove(called)
                message = f"others kept the database from this thread for {most_s:g} s"
                raise WaitedTooLongError(message)
        # It was called as it gave up: the turn is its own.

    def _give(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()  # it stays taken: by that one
            else:
                self._is_taken = False
