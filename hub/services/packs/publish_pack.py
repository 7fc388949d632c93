"""Publish a draft, at once or from an instant on; never by whoever added it."""

from dataclasses import dataclass, replace

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.packs.steps import check_place, check_publishable, find
from hub.domain.packs.versions import Version
from hub.services.packs.ports import EventKind, OpenPacks, PackEvent
from rules import load_pack


@dataclass(slots=True)
class PublishPack:
    """The use case, with what it needs."""

    units: OpenPacks
    clock: Clock
    changes: Changes

    def __call__(
        self, number: int, *, by: str, why: str = "", effect: str = "", starts_at: int | None = None
    ) -> Version:
        """Publish a draft; it decides from the first group of orders at or after its start on.

        `starts_at` is in Unix milliseconds, None is now; `effect` is what the publisher was told
        of past orders, for the history. Raises PackStepError, or PackLoadError where its bytes
        can no longer be compiled.
        """
        with self.units() as unit:
            versions = unit.packs.versions()
            # Read under the lock: of two who publish at once, the later one also starts later.
            now_ms = self.clock.now_ms()
            start = now_ms if starts_at is None else starts_at
            version = find(versions, number)
            check_publishable(version, versions, by=by, now_ms=now_ms, starts_at=start)
            pack = load_pack(unit.packs.body(version.hash))
            check_place(version, pack, versions, now_ms=now_ms, starts_at=start)
            changed = replace(
                version, in_shadow=False, published_at=now_ms, published_by=by, starts_at=start
            )
            kind: EventKind = "published" if start == now_ms else "scheduled"
            text = "; ".join(part for part in (why, effect) if part)
            unit.packs.put(changed, PackEvent(now_ms, kind, by, text))
            unit.commit()
        for topic in ("packs", "terminals"):
            self.changes.publish(topic)
        return changed
