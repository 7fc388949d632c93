"""Which waiting orders are to be sent now: window, order and backoff."""

WINDOW = 16
FIRST_RESEND_MS = 5_000
LAST_RESEND_MS = 60_000
ORDER_IDS = 0x7FFF
"""Packet ids 1 to this belong to orders; those above it to everything else."""


class Waiting:
    """An order without an answer; `due_ms` is a monotonic time, `sent` how often it was sent."""

    def __init__(self, seq: int) -> None:
        self.seq = seq
        self.sent = 0
        self.due_ms = 0

    def was_sent(self, now_ms: int, jitter: int) -> None:
        """Put the next sending off: 5 s doubling to 60 s, less up to half by `jitter`, 0 to 255.

        Terminals that came back together would otherwise send together for ever.
        """
        pause = min(FIRST_RESEND_MS << min(self.sent, 4), LAST_RESEND_MS)
        self.sent += 1
        self.due_ms = now_ms + pause - pause * jitter // 512


class Outbox:
    """The orders without an answer, in the order of their sequence."""

    def __init__(self, seqs: "list[int]") -> None:
        self._waiting = [Waiting(seq) for seq in sorted(seqs)]

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, seq: int) -> None:
        """Take a new order."""
        self._waiting.append(Waiting(seq))

    def remove(self, seq: int) -> None:
        """Forget one that was answered."""
        self._waiting = [one for one in self._waiting if one.seq != seq]

    def due(self, now_ms: int) -> "list[Waiting]":
        """Give what to send now; only the first 16 are in play: a slow hub is not flooded."""
        return [one for one in self._waiting[:WINDOW] if one.due_ms <= now_ms]

    def pause_ms(self, now_ms: int) -> int:
        """Tell how long nothing is due, at most a minute."""
        pauses = [one.due_ms - now_ms for one in self._waiting[:WINDOW]]
        return max(0, min(pauses + [LAST_RESEND_MS]))

    def all_due(self) -> None:
        """Forget the backoff, as after a reconnect: the hub may have lost what it was sent."""
        for one in self._waiting:
            one.due_ms = one.sent = 0


def packet_id(seq: int) -> int:
    """Bind an order's packet id to its sequence: sent again, it has the same."""
    return (seq - 1) % ORDER_IDS + 1
