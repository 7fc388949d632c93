"""The check of leases: what orders used and terminals may give stays within the limit."""

from typing import Final

from sqlalchemy import Connection, and_, func, select

from hub.db.packs.serving import serving_hash
from hub.db.tables import lease, scheme_counter
from hub.services.audit import Finding, Promise

_BOUNDED: Final = Promise(
    "leases_bounded", "What orders used of a limit and open leases hold of it is no more than all"
)
_PAIRS: Final = (("uses", "used"), ("amount", "spent"), ("pieces", "pieces"))


def find_leases(connection: Connection, now_ms: int) -> Finding:
    """Add up each limit of which there are open leases.

    Left out are those that were leased by a pack that no longer serves: it may have had others.
    """
    counted = and_(scheme_counter.c.rule == lease.c.rule, scheme_counter.c.scope == lease.c.scope)
    query = (
        select(
            lease.c.rule,
            lease.c.scope,
            *(func.sum(lease.c[name]).label(f"leased_{name}") for name, _ in _PAIRS),
            *(func.max(lease.c[f"of_{name}"]).label(f"of_{name}") for name, _ in _PAIRS),
            *(func.max(scheme_counter.c[used]).label(f"used_{name}") for name, used in _PAIRS),
        )
        .join(scheme_counter, counted, isouter=True)
        .where(lease.c.until_ms > now_ms)
        .group_by(lease.c.rule, lease.c.scope)
        .having(func.min(lease.c.pack_hash) == serving_hash(connection, now_ms))
        .having(func.max(lease.c.pack_hash) == serving_hash(connection, now_ms))
        .order_by(lease.c.rule, lease.c.scope)
    )
    rows = connection.execute(query).mappings().all()
    faults = [
        f"scheme {row['rule']} for {row['scope']}: {name}: {row[f'used_{name}'] or 0} used and "
        f"{row[f'leased_{name}']} leased of {row[f'of_{name}']}"
        for row in rows
        for name, _ in _PAIRS
        if row[f"of_{name}"] is not None
        and (row[f"used_{name}"] or 0) + row[f"leased_{name}"] > row[f"of_{name}"]
    ]
    return Finding(_BOUNDED, len(rows), faults)
