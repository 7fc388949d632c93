"""What the schemes book promises, as the audit checks it."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, and_, func, select

from hub.base.engine.promises import Finding, Promise, Statement, check_all
from hub.desk.rulepacks.tables import serving_pack
from hub.desk.schemes.tables import lease, scheme_counter

_BOUNDED: Final = Promise(
    "leases_bounded", "What orders used of a limit and open leases hold of it is no more than all"
)
_PAIRS: Final = (("uses", "used"), ("amount", "spent"), ("pieces", "pieces"))

CHECK: Final = check_all(
    (
        Statement(
            Promise("scheme_counters", "Scheme counters are the sum of what orders used"),
            of="scheme_counter",
            broken="""
                SELECT k.rule, k.scope, k.used, k.spent, k.bought, k.pieces,
                    coalesce(sum(h.used), 0), coalesce(sum(h.spent), 0),
                    coalesce(sum(h.bought), 0), coalesce(sum(h.pieces), 0)
                FROM scheme_counter k
                LEFT JOIN counter_change h ON h.rule = k.rule AND h.scope = k.scope
                GROUP BY k.rule, k.scope, k.used, k.spent, k.bought, k.pieces
                HAVING k.used <> coalesce(sum(h.used), 0) OR k.spent <> coalesce(sum(h.spent), 0)
                    OR k.bought <> coalesce(sum(h.bought), 0)
                    OR k.pieces <> coalesce(sum(h.pieces), 0)
            """,
            fault=(
                "scheme {0} for {1}: {2} uses, {3} spent, {4} bought, {5} pieces, "
                "but orders make {6}, {7}, {8} and {9}"
            ),
        ),
        Statement(
            Promise("leases_held", "What counters say terminals hold is the sum of their leases"),
            of="scheme_counter",
            broken="""
                SELECT k.rule, k.scope, k.held_uses, k.held_amount, k.held_pieces,
                    coalesce(sum(l.uses), 0), coalesce(sum(l.amount), 0),
                    coalesce(sum(l.pieces), 0)
                FROM scheme_counter k LEFT JOIN lease l ON l.rule = k.rule AND l.scope = k.scope
                GROUP BY k.rule, k.scope, k.held_uses, k.held_amount, k.held_pieces
                HAVING k.held_uses <> coalesce(sum(l.uses), 0)
                    OR k.held_amount <> coalesce(sum(l.amount), 0)
                    OR k.held_pieces <> coalesce(sum(l.pieces), 0)
                UNION ALL
                SELECT l.rule, l.scope, 0, 0, 0, sum(l.uses), sum(l.amount), sum(l.pieces)
                FROM lease l LEFT JOIN scheme_counter k ON k.rule = l.rule AND k.scope = l.scope
                WHERE k.rule IS NULL GROUP BY l.rule, l.scope
            """,
            fault=(
                "scheme {0} for {1}: {2} uses, {3} money, {4} pieces held, "
                "but leases make {5}, {6} and {7}"
            ),
        ),
    )
)


def check_leases(connection: Connection, now_ms: int) -> Iterator[Finding]:
    """Add up each limit of which there are open leases.

    Left out are those that were leased by a pack that no longer serves: it may have had others.
    """
    serving = connection.execute(serving_pack(now_ms)).first()
    digest = serving.hash if serving else None
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
        .having(func.min(lease.c.pack_hash) == digest)
        .having(func.max(lease.c.pack_hash) == digest)
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
    yield Finding(_BOUNDED, len(rows), faults)
