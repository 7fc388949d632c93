"""Tells open pages, whatever part of the hub changed something, that it did."""

import threading
from collections.abc import Callable
from typing import Protocol

Listener = Callable[[str], None]


class Broadcaster:
    """Passes topics on to whoever listens; any thread may call any of it, and nothing waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()

    def publish(self, topic: str) -> None:
        """Announce a change of `orders`, `terminals`, `messages`, `stock` or `packs`."""
        for listener in self._listeners:
            listener(topic)

    def note(self, transaction: object) -> None:
        """Write nothing: whoever is in this process hears of it after the commit."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every topic, on the thread that publishes; gives the way out."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return leave


class Changes(Protocol):
    """Tells whoever looks at a page that something changed."""

    def publish(self, topic: str) -> None:
        """Announce a change of `orders`, `terminals`, `messages`, `stock` or `packs`, and go on."""

    def note(self, transaction: object) -> None:
        """Write down what a transaction changed, at its end, for other processes to hear of."""
