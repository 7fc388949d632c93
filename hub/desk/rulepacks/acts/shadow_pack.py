"""Begin and end deciding orders with a draft beside the pack that serves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.rulepacks.model.packed import PackEvent
from hub.desk.rulepacks.model.steps import check_shadow, find
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.store.versions import end_shadow, lock_versions, put_version

LastOrder = Callable[[Transaction], int]
"""Gives the row id of the newest order, 0 where there is none."""


@dataclass(slots=True)
class ShadowPack:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock
    last_order: LastOrder

    def begin(self, number: int, *, by: str) -> Version:
        """Have every order from now on decided with this draft too; raises PackStepError."""
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by, at_ms=now_ms) as t:
            versions = lock_versions(t)
            version = find(versions, number)
            check_shadow(version, versions)
            changed = replace(version, in_shadow=True, shadow_after=self.last_order(t))
            put_version(t, changed, PackEvent(now_ms, "shadow_began", by, ""))
            t.changed("packs")
            t.commit()
        return changed

    def end(self, number: int, *, by: str, why: str = "") -> Version:
        """Stop it; what was recorded stays. Raises PackStepError."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            changed = end_shadow(t, number, why=why)
            t.commit()
        return changed
