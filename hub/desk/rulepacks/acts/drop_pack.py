"""Give a draft up; it stays readable and is never published."""

from dataclasses import dataclass, replace

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.packed import PackEvent
from hub.desk.rulepacks.model.steps import check_draft, find
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.store.versions import lock_versions, put_version


@dataclass(slots=True)
class DropPack:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, number: int, *, by: str, why: str = "") -> Version:
        """Retire a draft; raises PackStepError."""
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by, at_ms=now_ms) as t:
            version = find(lock_versions(t), number)
            check_draft(version)
            changed = replace(version, in_shadow=False, dropped_at=now_ms)
            put_version(t, changed, PackEvent(now_ms, "dropped", by, why))
            t.changed("packs")
            t.commit()
        return changed
