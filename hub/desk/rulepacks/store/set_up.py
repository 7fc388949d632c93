"""Publish the very first rule pack at once: there is nobody yet who could be a second person."""

from dataclasses import replace

from hub.base.transaction import Transaction
from hub.desk.rulepacks.model.packed import PackedPack, PackEvent, draft
from hub.desk.rulepacks.model.versions import serving
from hub.desk.rulepacks.store.versions import add_version, body_of, lock_versions


def set_up_pack(t: Transaction, pack: PackedPack) -> str | None:
    """Publish a first pack, and note by whom; says why another one is left as it is.

    Gives an empty text where it published, None where the pack serves already.
    """
    by, now_ms = t.actor, t.at_ms
    versions = lock_versions(t)
    if not versions:
        first = draft(pack, by=by, now_ms=now_ms, origin="set_up")
        first = replace(first, published_at=now_ms, published_by=by, starts_at=now_ms)
        text = "set up: the first pack, without a second person"
        add_version(t, first, pack, event=PackEvent(now_ms, "published", by, text))
        return ""
    current = serving(versions, now_ms)
    if current is not None and pack.is_same_as(body_of(t, current.hash)):
        return None
    return (
        f"rule pack: left as it is, version {current.version if current else '-'} serves; "
        "another is added with `pack add` and published by somebody else"
    )
