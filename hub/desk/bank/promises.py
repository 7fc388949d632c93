"""What bank statements promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("bank_booked", "A row of a bank statement is the money of its payment"),
            of="bank_row",
            broken="""
                SELECT r.line, r.amount, coalesce(p.number, '-'), coalesce(p.amount, 0)
                FROM bank_row r LEFT JOIN payment p ON p.id = r.payment_id
                WHERE r.state = 'booked' AND (p.id IS NULL OR p.amount <> r.amount
                    OR p.kind <> 'payment' OR p.seller_id <> r.seller_id
                    OR p.state IN ('bounced', 'voided'))
            """,
            fault="line {0} over {1} is booked as {2} over {3}",
        ),
    )
)
