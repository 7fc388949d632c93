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
    """The orders without an answer, in the order of their sequence; `seqs` gives the lowest first.

    Only the first 16 are in play, so that a slow hub is not flooded; of the others there are only
    the first and the last number of each run. What is in play leaves the others last: a full heap
    loses none.
    """

    def __init__(self, seqs: "Iterable[int]") -> None:
        self._window: list[Waiting] = []
        self._later: list[list[int]] = []
        for seq in seqs:
            self._append(seq)
        self._advance()

    def __len__(self) -> int:
        return len(self._window) + sum(last - first + 1 for first, last in self._later)

    def add(self, seq: int) -> None:
        """Take a new order, whose number is above all others."""
        self._append(seq)
        self._advance()

    def remove(self, seq: int) -> None:
        """Forget one that was answered."""
        self._window = [one for one in self._window if one.seq != seq]
        for at, (first, last) in enumerate(self._later):
            if first <= seq <= last:
                rest = ([first, seq - 1], [seq + 1, last])
                self._later[at : at + 1] = [run for run in rest if run[0] <= run[1]]
                break
        self._advance()

    def due(self, now_ms: int) -> "list[Waiting]":
        """Give what to send now."""
        return [one for one in self._window if one.due_ms <= now_ms]

    def pause_ms(self, now_ms: int) -> int:
        """Tell how long nothing is due, at most a minute."""
        pauses = [one.due_ms - now_ms for one in self._window]
        return max(0, min(pauses + [LAST_RESEND_MS]))

    def all_due(self) -> None:
        """Forget the backoff, as after a reconnect: the hub may have lost what it was sent."""
        for one in self._window:
            one.due_ms = one.sent = 0

    def _append(self, seq: int) -> None:
        if self._later and self._later[-1][1] == seq - 1:
            self._later[-1][1] = seq
        else:
            self._later.append([seq, seq])

    def _advance(self) -> None:
        while self._later and len(self._window) < WINDOW:
            run = self._later[0]
            self._window.append(Waiting(run[0]))
            if run[0] == run[1]:
                self._later.pop(0)
            else:
                run[0] += 1


def packet_id(seq: int) -> int:
    """Bind an order's packet id to its sequence: sent again, it has the same."""
    return (seq - 1) % ORDER_IDS + 1
