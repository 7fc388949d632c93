"""Call a scheduled version off: it is a draft again."""

from dataclasses import dataclass, replace

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.packs.steps import PackStepError, find
from hub.domain.packs.versions import Version, scheduled
from hub.services.packs.ports import OpenPacks, PackEvent, PackRows


@dataclass(slots=True)
class CallOffPack:
    """The use case, with what it needs."""

    units: OpenPacks
    clock: Clock
    changes: Changes

    def __call__(self, number: int, *, by: str, why: str = "") -> Version:
        """Take the schedule back before its start has come; raises PackStepError."""
        with self.units() as unit:
            versions = unit.packs.versions()
            now_ms = self.clock.now_ms()
            version = find(versions, number)
            if version != scheduled(versions, now_ms):
                raise PackStepError("not_scheduled", f"version {number} waits for no start")
            changed = call_off(unit.packs, version, PackEvent(now_ms, "called_off", by, why))
            unit.commit()
        self.changes.publish("packs")
        return changed


def call_off(rows: PackRows, version: Version, event: PackEvent) -> Version:
    """Make a scheduled version a draft again, and note why."""
    changed = replace(version, published_at=None, published_by="", starts_at=None)
    rows.put(changed, event)
    return changed
