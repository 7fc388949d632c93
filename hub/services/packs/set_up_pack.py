"""Publish the very first rule pack at once: there is nobody yet who could be a second person."""

from dataclasses import replace

from hub.domain.packs.versions import serving
from hub.services.packs.add_pack import draft
from hub.services.packs.ports import PackedPack, PackEvent, PackRows


def set_up_pack(rows: PackRows, pack: PackedPack, *, by: str, now_ms: int) -> str | None:
    """Publish a first pack, and note by whom; says why another one is left as it is.

    Gives an empty text where it published, None where the pack serves already.
    """
    versions = rows.versions()
    if not versions:
        first = draft(pack, by=by, now_ms=now_ms, origin="set_up")
        first = replace(first, published_at=now_ms, published_by=by, starts_at=now_ms)
        text = "set up: the first pack, without a second person"
        rows.add(first, pack, PackEvent(now_ms, "published", by, text))
        return ""
    current = serving(versions, now_ms)
    if current is not None and pack.is_same_as(rows.body(current.hash)):
        return None
    return (
        f"rule pack: left as it is, version {current.version if current else '-'} serves; "
        "another is added with `pack add` and published by somebody else"
    )
