"""Give a draft up; it stays readable and is never published."""

from dataclasses import dataclass, replace

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.packs.steps import check_draft, find
from hub.domain.packs.versions import Version
from hub.services.packs.ports import OpenPacks, PackEvent


@dataclass(slots=True)
class DropPack:
    """The use case, with what it needs."""

    units: OpenPacks
    clock: Clock
    changes: Changes

    def __call__(self, number: int, *, by: str, why: str = "") -> Version:
        """Retire a draft; raises PackStepError."""
        with self.units() as unit:
            version = find(unit.packs.versions(), number)
            check_draft(version)
            now_ms = self.clock.now_ms()
            changed = replace(version, in_shadow=False, dropped_at=now_ms)
            unit.packs.put(changed, PackEvent(now_ms, "dropped", by, why))
            unit.commit()
        self.changes.publish("packs")
        return changed
