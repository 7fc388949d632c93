"""What the use cases need from outside, as small protocols."""

from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Give Unix milliseconds."""


class Ids(Protocol):
    """Makes message ids."""

    def __call__(self, now_ms: int) -> str:
        """Give a new version 7 UUID."""


class Changes(Protocol):
    """Tells whoever looks at a page that something changed."""

    def publish(self, topic: str) -> None:
        """Announce a change of `orders`, `terminals`, `messages`, `stock` or `packs`, and go on."""
