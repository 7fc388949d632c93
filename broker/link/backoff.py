"""How long to wait before the next attempt to connect; pure, shared by both links."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential ceilings with full jitter.

    Full jitter (anywhere between nothing and the ceiling) spreads a thousand terminals that lost
    the same broker at the same moment; a fixed delay would bring them back as one wave.
    """

    first_s: float = 0.5
    most_s: float = 30.0
    steady_s: float = 10.0

    def ceiling_s(self, attempt: int) -> float:
        """Give the longest wait before attempt number `attempt`, counted from 0."""
        doublings = min(attempt, 32)
        return float(min(self.most_s, self.first_s * 2**doublings))

    def delay_s(self, attempt: int, draw: float) -> float:
        """Give the wait before attempt number `attempt`; `draw` is random, 0 to 1."""
        return self.ceiling_s(attempt) * draw

    def next_attempt(self, attempt: int, held_s: float) -> int:
        """Count on after a connection that held for `held_s`; a steady one starts again at 0.

        A connection that is made and lost at once (two clients of one name throwing each other
        out) must not count as success, or it would go round at full speed.
        """
        return 0 if held_s >= self.steady_s else attempt + 1
