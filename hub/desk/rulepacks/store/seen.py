"""Packs that terminals have and the hub has not: they served before the books were put back."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, insert, select

from hub.base.transaction import Transaction
from hub.desk.rulepacks.model.versions import SeenPack
from hub.desk.rulepacks.tables import pack_seen, rule_pack

_BELIEVED: Final = 1_000
"""A terminal that says a number so far above all others is not believed: it could use them up."""
_KEPT: Final = 200


def seen_packs(t: Transaction) -> Sequence[SeenPack]:
    """Give the packs that were seen and are not here."""
    here = select(rule_pack.c.hash)
    query = select(pack_seen.c.hash, pack_seen.c.version).where(pack_seen.c.hash.not_in(here))
    return [SeenPack(row.hash, row.version) for row in t.connection.execute(query)]


def note_seen(t: Transaction, packs: Sequence[SeenPack], *, proven: bool = False) -> None:
    """Keep which packs were seen that are not here; a proven one is named by an answer of ours.

    Of those that are too many the lowest numbers go.
    """
    known = {one.hash for one in seen_packs(t)}
    here = set(
        t.connection.execute(
            select(rule_pack.c.hash).where(rule_pack.c.hash.in_([one.hash for one in packs]))
        ).scalars()
    )
    top = t.connection.execute(select(func.max(rule_pack.c.version))).scalar() or 0
    fresh = {one.hash: one for one in packs if one.hash not in known | here}
    kept = [one for one in fresh.values() if proven or one.version <= top + _BELIEVED]
    for one in kept:
        t.connection.execute(
            insert(pack_seen).values(hash=one.hash, version=one.version, at=t.at_ms)
        )
    if kept:
        low = select(pack_seen.c.hash).order_by(pack_seen.c.version.desc(), pack_seen.c.hash)
        t.connection.execute(delete(pack_seen).where(pack_seen.c.hash.in_(low.offset(_KEPT))))
