"""Set a terminal's counter: which payments it takes, and from where on it asks once more."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.terminals.model import CounterSettings, read_counter_settings
from hub.desk.terminals.store.counters import settings_in, write_settings


@dataclass(slots=True)
class SetCounter:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, terminal: str, fields: Mapping[str, str], *, by: str, why: str, scope: Scope
    ) -> CounterSettings | Refused:
        """Set a counter by texts; a field that is left out is as its group says, else as usual.

        The terminal hears of it within its next heartbeat, and between two orders at the latest.
        """
        after = read_counter_settings(fields)
        if isinstance(after, Refused):
            return after
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            before = settings_in(t, terminal, scope=scope)
            if before is None:
                return refused("counter_unknown", terminal=terminal)
            # With the cards, by their own act.
            after = replace(after, operator_needed=before.operator_needed)
            if after != before:
                write_settings(t, terminal, before, after=after, why=why.strip())
                t.changed("terminals")
            t.commit()
        return after
