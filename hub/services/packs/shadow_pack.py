"""Begin and end deciding orders with a draft beside the pack that serves."""

from dataclasses import dataclass, replace

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.packs.steps import PackStepError, check_shadow, find
from hub.domain.packs.versions import Version
from hub.services.packs.ports import OpenPacks, PackEvent


@dataclass(slots=True)
class ShadowPack:
    """The use cases, with what they need."""

    units: OpenPacks
    clock: Clock
    changes: Changes

    def begin(self, number: int, *, by: str) -> Version:
        """Have every order from now on decided with this draft too; raises PackStepError."""
        with self.units() as unit:
            versions = unit.packs.versions()
            version = find(versions, number)
            check_shadow(version, versions)
            changed = replace(version, in_shadow=True, shadow_after=unit.packs.last_order())
            unit.packs.put(changed, PackEvent(self.clock.now_ms(), "shadow_began", by, ""))
            unit.commit()
        self.changes.publish("packs")
        return changed

    def end(self, number: int, *, by: str, why: str = "") -> Version:
        """Stop it; what was recorded stays. Raises PackStepError."""
        with self.units() as unit:
            version = find(unit.packs.versions(), number)
            if not version.in_shadow:
                raise PackStepError("not_in_shadow", f"version {number} is not in shadow")
            changed = replace(version, in_shadow=False)
            unit.packs.put(changed, PackEvent(self.clock.now_ms(), "shadow_ended", by, why))
            unit.commit()
        self.changes.publish("packs")
        return changed
