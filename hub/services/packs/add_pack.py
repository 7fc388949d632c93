"""Keep a checked rule pack as a draft; what serves goes on serving."""

from dataclasses import dataclass

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.domain.packs.lineage import to_follow
from hub.domain.packs.steps import PackStepError, check_addable
from hub.domain.packs.versions import Origin, Version, numbered, serving
from hub.services.packs.ports import OpenPacks, PackedPack, PackEvent
from rules import load_pack


@dataclass(slots=True)
class AddPack:
    """The use case, with what it needs."""

    units: OpenPacks
    clock: Clock
    changes: Changes

    def __call__(self, pack: PackedPack, *, by: str, why: str = "") -> Version:
        """Keep a draft and give it; one of the same content that is there stays as it is.

        The version that it follows is written into it now: whoever looks at it, has it in shadow
        and publishes it has the very bytes that will serve. Raises PackStepError.
        """
        now_ms = self.clock.now_ms()
        with self.units() as unit:
            versions = unit.packs.versions()
            known = numbered(versions, pack.compiled.version)
            if known is not None and pack.is_same_as(unit.packs.body(known.hash)):
                return known
            if not versions:
                text = "no rule pack serves yet: set the hub up with `load` first"
                raise PackStepError("nothing_serves", text)
            current = serving(versions, now_ms)
            kept = load_pack(unit.packs.body(current.hash)) if current else None
            check_addable(pack.compiled, versions, kept)
            before = to_follow(versions, now_ms) or versions[-1]
            pack = pack.after(before.hash)
            event = PackEvent(now_ms, "added", by, why)
            added = unit.packs.add(draft(pack, by=by, now_ms=now_ms), pack, event)
            unit.commit()
        self.changes.publish("packs")
        return added


def draft(pack: PackedPack, *, by: str, now_ms: int, origin: Origin = "added") -> Version:
    """Write a draft of a pack's content."""
    compiled = pack.compiled
    return Version(0, compiled.name, compiled.version, compiled.hash, origin, now_ms, by)
