"""Call a scheduled version off: it is a draft again."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.packed import PackEvent
from hub.desk.rulepacks.model.steps import PackStepError, find
from hub.desk.rulepacks.model.versions import Version, scheduled
from hub.desk.rulepacks.store.versions import call_off, lock_versions


@dataclass(slots=True)
class CallOffPack:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, number: int, *, by: str, why: str = "") -> Version:
        """Take the schedule back before its start has come; raises PackStepError."""
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by, at_ms=now_ms) as t:
            versions = lock_versions(t)
            version = find(versions, number)
            if version != scheduled(versions, now_ms):
                raise PackStepError("not_scheduled", version=number)
            changed = call_off(t, version, PackEvent(now_ms, "called_off", by, why))
            t.changed("packs")
            t.commit()
        return changed
