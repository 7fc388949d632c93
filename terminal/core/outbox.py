"""Which waiting orders are to be sent now: window, order and backoff."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WINDOW: Final = 16
FIRST_RESEND_MS: Final = 5_000
LAST_RESEND_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order without an answer; `due_ms` is a monotonic time, `sent` how often it was sent."""

    seq: int
    sent: int = 0
    due_ms: int = 0


def order_number(terminal: str, seq: int) -> str:
    """Write what people read of an order's number: `counter-1-00007`."""
    return f"{terminal}-{seq:05d}"


def due(waiting: Sequence[Waiting], now_ms: int) -> list[Waiting]:
    """Give what to send now, in sequence order.

    Only the first 16 unanswered orders are in play: one slow hub then holds at most so many
    messages of a terminal. Parked orders are not among `waiting`, so they never hold others up.
    """
    return [item for item in _window(waiting) if item.due_ms <= now_ms]


def next_due_ms(waiting: Sequence[Waiting]) -> int | None:
    """Give the moment when something will be due; None where nothing waits."""
    return min((item.due_ms for item in _window(waiting)), default=None)


def after_send(item: Waiting, now_ms: int, jitter: float) -> Waiting:
    """Put the next sending off: 5 s doubling to 60 s, of which `jitter` (0 to 1) takes up to half.

    Terminals that came back together would otherwise send together for ever.
    """
    pause = min(FIRST_RESEND_MS << min(item.sent, 8), LAST_RESEND_MS)
    return Waiting(item.seq, item.sent + 1, now_ms + pause - int(pause * jitter / 2))


def all_due(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Forget the backoff, as after a reconnect: the hub may have lost what it was sent."""
    return [Waiting(item.seq) for item in waiting]


def _window(waiting: Sequence[Waiting]) -> list[Waiting]:
    return sorted(waiting, key=lambda item: item.seq)[:WINDOW]
