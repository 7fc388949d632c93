"""What partners promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise(
                "partner_links",
                "A partner's link opened once at most, within its week, and not after another",
            ),
            of="partner_link",
            broken="""
                SELECT l.id, u.name FROM partner_link l
                JOIN user_account u ON u.id = l.user_id
                WHERE l.used_at IS NOT NULL
                    AND (l.ended_at IS NOT NULL OR l.used_at >= l.until)
            """,
            fault="link {0} of {1} was used when it opened nothing any more",
        ),
    )
)
