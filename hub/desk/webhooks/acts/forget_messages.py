"""Delete the messages that are older than is told: nobody looks for them any more."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from hub.base.clock import Clock, Interval
from hub.base.transaction import Transactions
from hub.desk.webhooks.model import KEPT_MS
from hub.desk.webhooks.store import forget_events

_EVERY_MS: Final = 3_600_000
_AT_ONCE: Final = 500


@dataclass(slots=True)
class ForgetMessages:
    """The act, with what it needs; a message that still waits is kept, however old."""

    transactions: Transactions
    clock: Clock
    _hour: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)

    def __call__(self) -> bool:
        """Delete some events with their messages, if an hour has gone by; says if more are left."""
        if not self._hour.has_passed(self.clock.mono_ms()):
            return False
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            count = forget_events(t, before_ms=now_ms - KEPT_MS, most=_AT_ONCE)
            t.commit()
        is_more = count == _AT_ONCE
        if not is_more:
            self._hour.begin(self.clock.mono_ms())
        return is_more
