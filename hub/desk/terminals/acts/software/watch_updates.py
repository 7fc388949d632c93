"""Look, once a minute, which terminals did not come back from an update."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from hub.base.clock import Clock, Interval
from hub.base.transaction import Transactions
from hub.desk.terminals.store.software.hearing import fall_silent

_EVERY_MS: Final = 60_000


@dataclass(slots=True)
class WatchUpdates:
    """The act, with what it needs.

    A hub that was away itself heard nobody: silence counts from its first look on, however the
    clock is set meanwhile.
    """

    transactions: Transactions
    clock: Clock
    _minute: Interval = field(default_factory=partial(Interval, _EVERY_MS), init=False)
    _began_ms: int | None = None

    def __call__(self) -> bool:
        """Count who fell silent as failed; says that nothing more is left to do."""
        if not self._minute.has_passed(self.clock.mono_ms()):
            return False
        self._minute.begin(self.clock.mono_ms())
        now_ms, mono_ms = self.clock.now_ms(), self.clock.mono_ms()
        if self._began_ms is None:
            self._began_ms = mono_ms
        with self.transactions.open(actor="hub", at_ms=now_ms) as t:
            fall_silent(t, now_ms - (mono_ms - self._began_ms))
            t.commit()
        return False
