"""Keep a checked rule pack as a draft, inside a given transaction."""

import msgspec

from hub.base.transaction import Transaction
from hub.desk.rulepacks.model.lineage import to_follow
from hub.desk.rulepacks.model.packed import PackedPack, PackEvent, draft
from hub.desk.rulepacks.model.steps import PackMoney, PackStepError, check_addable
from hub.desk.rulepacks.model.versions import Version, numbered, serving
from hub.desk.rulepacks.store.seen import seen_packs
from hub.desk.rulepacks.store.versions import add_version, body_of, lock_versions


def keep_draft(t: Transaction, pack: PackedPack, *, why: str) -> Version:
    """Keep a draft of whoever acts and give it; one of the same content stays as it is.

    The version that it follows is written into it now: whoever looks at it, has it in shadow and
    publishes it has the very bytes that will serve. Raises PackStepError.
    """
    versions = lock_versions(t)
    known = numbered(versions, pack.compiled.version)
    if known is not None and pack.is_same_as(body_of(t, known.hash)):
        return known
    if not versions:
        raise PackStepError("nothing_serves")
    current = serving(versions, t.at_ms)
    kept = msgspec.json.decode(body_of(t, current.hash), type=PackMoney) if current else None
    before = to_follow(versions, t.at_ms) or versions[-1]
    pack = pack.after(before.hash)
    check_addable(pack.compiled, versions, kept, seen=seen_packs(t))
    event = PackEvent(t.at_ms, "added", t.actor, why)
    added = add_version(t, draft(pack, by=t.actor, now_ms=t.at_ms), pack, event=event)
    t.changed("packs")
    return added
