"""What approvals promise, as the audit checks it."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select

from hub.base.engine.promises import Check, Finding, Promise, Statement, check_all
from hub.desk.approvals.tables import approval_decision
from hub.desk.orders.tables import order_
from hub.desk.people.store.hands import read_hands

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("approval_bound", "Each approval is of the very content that it was asked for"),
            of="approval_decision",
            broken="""
                SELECT o.uuid, a.revision, a.decided_by FROM approval_decision a
                JOIN order_ o ON o.id = a.order_id
                LEFT JOIN order_revision r ON r.order_id = a.order_id AND r.revision = a.revision
                WHERE r.content_hash IS NULL OR r.content_hash <> a.content_hash
                    OR r.status <> 'held'
            """,
            fault="order {0} revision {1}: {2} decided on something else",
        ),
        Statement(
            Promise(
                "released_by_approval",
                "Nothing held was released, refused or offered without a word to that very hold",
            ),
            of="order_revision",
            broken="""
                SELECT o.uuid, r.revision, r.cause, r.made_by FROM order_revision r
                JOIN order_ o ON o.id = r.order_id
                LEFT JOIN approval_decision a ON a.order_id = r.order_id
                    AND a.revision = r.revision - 1
                    AND a.answer = CASE r.cause
                        WHEN 'released' THEN 'yes' WHEN 'refused' THEN 'no' ELSE 'counter' END
                WHERE r.cause IN ('released', 'refused', 'countered') AND a.id IS NULL
            """,
            fault="order {0} revision {1} is {2} by {3}, but nobody approved it",
        ),
        Statement(
            Promise("staff_hold_kept", "What staff held went on by a release or an offer alone"),
            of="order_revision",
            broken="""
                SELECT o.uuid, r.revision, r.made_by FROM order_revision r
                JOIN order_ o ON o.id = r.order_id
                WHERE r.cause = 'amended' AND r.status IN ('confirmed', 'allocated')
                    AND (SELECT h.cause FROM order_revision h
                         WHERE h.order_id = r.order_id AND h.revision < r.revision
                            AND h.cause IN ('held', 'released', 'countered')
                         ORDER BY h.revision DESC LIMIT 1) = 'held'
            """,
            fault="order {0} revision {1}: {2} amended it, and it was held no more",
        ),
    )
)
_OTHER: Final = Promise("no_self_approval", "Nobody approved what that person asked for")


def check_askers(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Check that who decided is not who asked, by either of that person's hands."""
    counted = connection.execute(select(func.count()).select_from(approval_decision)).scalar_one()
    hands = read_hands(connection)
    query = (
        select(order_.c.uuid, order_.c.requester, approval_decision.c.decided_by.label("by"))
        .add_columns(approval_decision.c.at)
        .join(order_, order_.c.id == approval_decision.c.order_id)
        .where(order_.c.requester_kind != "terminal")
        .order_by(approval_decision.c.id)
    )
    faults = [
        f"order {row.uuid} was decided by {row.by}, who asked for it"
        for row in connection.execute(query)
        if hands.until(row.at).is_one(row.requester, row.by)
    ]
    yield Finding(_OTHER, counted, faults)
