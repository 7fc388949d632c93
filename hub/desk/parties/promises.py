"""What parties promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise(
                "second_person",
                "Nobody let pass, or refused, what that person asked for a customer",
            ),
            of="party_request",
            broken="""
                SELECT r.id, p.code, r.decided_by FROM party_request r
                JOIN party p ON p.id = r.party_id
                WHERE r.state <> 'open' AND lower(r.asked_by) = lower(r.decided_by)
            """,
            fault="request {0} of customer {1} was decided by {2}, who asked for it",
        ),
    )
)
