"""How much may be sent to a printer that neither answers nor holds the line."""

from collections import deque
from typing import Final

_LINE_S: Final = 0.1
"""What a line takes on slow paper: 5 mm at 50 mm/s."""


class Pacing:
    """Guesses which pieces the printer still holds: each takes the time of a line, one by one."""

    def __init__(self, buffer_bytes: int) -> None:
        self._buffer_bytes = buffer_bytes
        self._held: deque[tuple[int, float]] = deque()

    def wait_s(self, size: int, now_s: float) -> float:
        """Tell in how many seconds a piece will fit; one larger than the buffer goes alone."""
        while self._held and self._held[0][1] <= now_s:
            self._held.popleft()
        filled, fits_at = sum(held for held, _ in self._held), now_s
        for held, printed_at in self._held:
            if filled + size <= self._buffer_bytes:
                break
            filled, fits_at = filled - held, printed_at
        return fits_at - now_s

    def add(self, size: int, now_s: float, wire_s: float) -> None:
        """Take note of a piece that is sent now and takes `wire_s` to arrive."""
        begins = max(now_s + wire_s, self._held[-1][1] if self._held else 0.0)
        self._held.append((size, begins + _LINE_S))
