"""Add the sample to a new hub, and take it away whole as long as nothing real stands on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.model import moment_of
from hub.desk.parties.store import set_setting
from hub.desk.parties.tables import SAMPLE
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.terminals.model import Secrets
from hub.desk.terminals.model.sample import (
    TERMINAL,
    ZONE,
    SampleError,
    sample_files,
    sample_house,
)
from hub.desk.terminals.reads.setup import has_trade, read_sample
from hub.desk.terminals.store.house.leaving import note_sample, take_away
from hub.desk.terminals.store.house.loading import TOPICS, Loaded, write_distributor


@dataclass(slots=True)
class KeepSample:
    """The acts, with what they need; `check` reads rule files and runs their cases."""

    transactions: Transactions
    secrets: Secrets
    clock: Clock
    check: Callable[[Mapping[str, bytes]], PackedPack]

    def add(self, *, by: Actor) -> Loaded:
        """Fill a new hub with the sample; raises SampleError where there is anything already."""
        pack = self.check(sample_files())
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if read_sample(t.connection, scope=by.scope) is not None:
                raise SampleError("there")
            if not by.scope.sees_network or has_trade(t.connection, scope=by.scope):
                raise SampleError("not_empty")
            house = sample_house(moment_of(t.at_ms, ZoneInfo(ZONE)).day)
            loaded = write_distributor(t, house, pack, secrets=self.secrets)
            set_setting(t, SAMPLE, str(t.at_ms))
            note_sample(t, is_there=True)
            t.commit()
        return loaded

    def remove(self, *, orders: int, by: Actor) -> None:
        """Take the sample away with `orders`, which were tried with it; raises SampleError.

        With more orders than whoever asks was shown, or with anything real, all of it stays.
        """
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            found = read_sample(t.connection, scope=by.scope)
            if found is None:
                raise SampleError("gone")
            if found.own:
                raise SampleError("own", found.own)
            if found.orders > orders:
                raise SampleError("orders")
            self._leave(t)
            t.commit()

    def _leave(self, t: Transaction) -> None:
        take_away(t)
        note_sample(t, is_there=False)
        # Before the commit: a terminal that the broker lets in still is not called gone.
        self.secrets.withdraw(TERMINAL)
        for topic in TOPICS:
            t.changed(topic)
