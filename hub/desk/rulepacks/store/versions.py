"""Versions of the rule pack as rows, locked while a step is taken."""

from collections.abc import Sequence
from dataclasses import asdict, astuple, replace
from typing import Any, Final

import msgspec
from sqlalchemy import insert, select, update

from hub.base.transaction import Transaction
from hub.desk.products.reads import read_body
from hub.desk.products.tables import snapshot
from hub.desk.rulepacks.model.packed import PackedPack, PackEvent, Told
from hub.desk.rulepacks.model.steps import PackStepError, find
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.tables import pack_event, pack_file, read_versions, rule_pack

_LONGEST_TEXT: Final = 500


def lock_versions(t: Transaction) -> Sequence[Version]:
    """Lock and give every version, oldest first."""
    ids = select(rule_pack.c.id).order_by(rule_pack.c.id).with_for_update()
    t.connection.execute(ids).all()
    # Read again: what another added while this one waited was not there when it asked.
    return read_versions(t.connection)


def body_of(t: Transaction, digest: str) -> bytes:
    """Give the packed bytes of a version."""
    return read_body(t.connection, digest) or b""


def add_version(t: Transaction, version: Version, pack: PackedPack, *, event: PackEvent) -> Version:
    """Keep a new version with its content and history; gives it with its row's id."""
    _keep_bytes(t, version, pack)
    values = _values(version) | {
        "cases": len(pack.compiled.cases),
        "doubts": msgspec.json.encode([astuple(one) for one in pack.doubts]),
    }
    statement = insert(rule_pack).values(**values).returning(rule_pack.c.id)
    row = t.connection.execute(statement).scalar_one()
    files = [{"pack_id": row, "path": path, "body": body} for path, body in pack.files.items()]
    if files:
        t.connection.execute(insert(pack_file), files)
    _note(t, row, event)
    return replace(version, id=row)


def put_version(t: Transaction, version: Version, event: PackEvent) -> None:
    """Write what changed of a version, and note it in its history."""
    t.connection.execute(
        update(rule_pack).where(rule_pack.c.id == version.id).values(**_values(version))
    )
    _note(t, version.id, event)


def call_off(t: Transaction, version: Version, event: PackEvent) -> Version:
    """Make a scheduled version a draft again, and note why."""
    changed = replace(version, published_at=None, published_by="", starts_at=None, alone=False)
    put_version(t, changed, event)
    return changed


def end_shadow(
    t: Transaction, number: int, *, why: str = "", told: tuple[Told, ...] = ()
) -> Version:
    """End the shadow of a version; what was recorded stays. Raises PackStepError."""
    version = find(lock_versions(t), number)
    if not version.in_shadow:
        raise PackStepError("not_in_shadow", version=number)
    changed = replace(version, in_shadow=False)
    put_version(t, changed, PackEvent(t.at_ms, "shadow_ended", t.actor, why, told))
    t.changed("packs")
    return changed


def _note(t: Transaction, pack_id: int, event: PackEvent) -> None:
    values = {
        "pack_id": pack_id,
        "at": event.at,
        "kind": event.kind,
        "actor": event.actor,
        "text": event.text[:_LONGEST_TEXT],
        "told": msgspec.json.encode(event.told) if event.told else None,
    }
    t.connection.execute(insert(pack_event).values(**values))


def _keep_bytes(t: Transaction, version: Version, pack: PackedPack) -> None:
    known = select(snapshot.c.hash).where(snapshot.c.hash == version.hash)
    if t.connection.execute(known).first() is None:
        values = {"hash": version.hash, "kind": "pack", "body": pack.body}
        # As parameters: the statement of `values` would be kept, and the pack with it.
        t.connection.execute(insert(snapshot), values | {"created_at": version.added_at})


def _values(version: Version) -> dict[str, Any]:
    return {name: value for name, value in asdict(version).items() if name != "id"}
