"""What approvals promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

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
        Statement(
            Promise("no_self_approval", "Nobody approved what that person asked for"),
            of="approval_decision",
            broken="""
                SELECT o.uuid, a.decided_by FROM approval_decision a
                JOIN order_ o ON o.id = a.order_id
                WHERE o.requester_kind = 'user' AND lower(o.requester) = lower(a.decided_by)
            """,
            fault="order {0} was decided by {1}, who asked for it",
        ),
    )
)
