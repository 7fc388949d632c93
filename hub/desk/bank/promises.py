"""What bank statements promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise(
                "bank_booked",
                "A row of a bank statement is its payment's money, in or, returned, out",
            ),
            of="bank_row",
            broken="""
                SELECT r.line, r.amount, coalesce(p.number, '-'), coalesce(p.amount, 0)
                FROM bank_row r
                LEFT JOIN payment p ON p.id = coalesce(r.payment_id, r.returned_id)
                LEFT JOIN account_document d ON d.id = p.document_id
                WHERE r.state IN ('booked', 'returned') AND (p.id IS NULL
                    OR p.amount <> CASE r.state WHEN 'booked' THEN r.amount ELSE -r.amount END
                    OR p.kind <> 'payment' OR p.seller_id <> r.seller_id
                    OR p.state = 'voided'
                    OR r.state = 'booked' AND p.state = 'bounced' AND d.cleared IS NULL
                    OR r.state = 'returned' AND p.state <> 'bounced')
            """,
            fault="line {0} over {1} is booked as {2} over {3}",
        ),
    )
)
