"""Go back to an earlier version's content, as a new version with a higher number."""

from dataclasses import dataclass, replace

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.packs.steps import check_rollback, find
from hub.domain.packs.versions import Version, next_number, scheduled, serving
from hub.services.packs.add_pack import draft
from hub.services.packs.call_off_pack import call_off
from hub.services.packs.ports import OpenPacks, PackedPack, PackEvent
from rules import load_pack
from rules.language import renumbered


@dataclass(slots=True)
class RollBackPack:
    """The use case, with what it needs."""

    units: OpenPacks
    clock: Clock
    changes: Changes

    def __call__(self, number: int, *, by: str, why: str = "") -> Version:
        """Publish an earlier version's content at once, and give the new version.

        One person is enough: two have published this content before, and a wrong price must not
        wait for the second. A version that is scheduled is called off. Raises PackStepError, or
        PackLoadError where the old content needs an engine that this hub does not have.
        """
        with self.units() as unit:
            versions = unit.packs.versions()
            now_ms = self.clock.now_ms()
            old = find(versions, number)
            check_rollback(old, versions, now_ms)
            waiting = scheduled(versions, now_ms)
            if waiting is not None:
                text = f"called off by the roll-back to version {number}"
                call_off(unit.packs, waiting, PackEvent(now_ms, "called_off", by, text))
            before = serving(versions, now_ms) or old
            body = renumbered(unit.packs.body(old.hash), next_number(versions))
            pack = PackedPack(body, load_pack(body)).after(before.hash)
            again = replace(
                draft(pack, by=by, now_ms=now_ms, origin="rolled_back"),
                published_at=now_ms,
                published_by=by,
                starts_at=now_ms,
                copy_of=old.id,
            )
            text = f"back to version {number}: {why}" if why else f"back to version {number}"
            kept = unit.packs.add(again, pack, PackEvent(now_ms, "rolled_back", by, text))
            unit.commit()
        for topic in ("packs", "terminals"):
            self.changes.publish(topic)
        return kept
