"""What the next code is for: after REMOVE, a product goes; after PRICE, one is only looked up."""

from dataclasses import dataclass
from typing import Final, Literal

Purpose = Literal["REMOVE", "PRICE", "PRICE-SLIP", "STOCK", "CANCEL-ORDER", "WIFI"]

WITHIN_MS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Awaited:
    """A command that needs one more code; `since_ms` is a monotonic time."""

    purpose: Purpose
    since_ms: int

    def is_late(self, mono_ms: int) -> bool:
        """Tell whether so much time passed that the next code may be meant otherwise."""
        return not 0 <= mono_ms - self.since_ms <= WITHIN_MS
