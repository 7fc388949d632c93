"""Keep a checked rule pack as a draft; what serves goes on serving."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.rulepacks.model.lineage import to_follow
from hub.desk.rulepacks.model.packed import PackedPack, PackEvent, draft
from hub.desk.rulepacks.model.steps import PackStepError, check_addable
from hub.desk.rulepacks.model.versions import Version, numbered, serving
from hub.desk.rulepacks.store.seen import seen_packs
from hub.desk.rulepacks.store.versions import add_version, body_of, lock_versions
from rules import load_pack


@dataclass(slots=True)
class AddPack:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, pack: PackedPack, *, by: str, why: str = "") -> Version:
        """Keep a draft and give it; one of the same content that is there stays as it is.

        The version that it follows is written into it now: whoever looks at it, has it in shadow
        and publishes it has the very bytes that will serve. Raises PackStepError.
        """
        now_ms = self.clock.now_ms()
        with self.transactions.open(actor=by, at_ms=now_ms) as t:
            versions = lock_versions(t)
            known = numbered(versions, pack.compiled.version)
            if known is not None and pack.is_same_as(body_of(t, known.hash)):
                return known
            if not versions:
                raise PackStepError("nothing_serves")
            current = serving(versions, now_ms)
            kept = load_pack(body_of(t, current.hash)) if current else None
            before = to_follow(versions, now_ms) or versions[-1]
            pack = pack.after(before.hash)
            check_addable(pack.compiled, versions, kept, seen=seen_packs(t))
            event = PackEvent(now_ms, "added", by, why)
            added = add_version(t, draft(pack, by=by, now_ms=now_ms), pack, event=event)
            t.changed("packs")
            t.commit()
        return added
