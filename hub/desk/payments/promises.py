"""What payments promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("payment_owed", "What a payment is over is what its account has"),
            of="payment",
            broken="""
                SELECT p.number, p.kind, p.amount, p.state, d.amount FROM payment p
                JOIN account_document d ON d.id = p.document_id
                WHERE p.amount <> CASE p.kind WHEN 'refund' THEN d.amount ELSE -d.amount END
                    OR (p.state IN ('bounced', 'voided')) <> (d.voided IS NOT NULL)
                    OR p.state NOT IN ('bounced', 'voided')
                        AND (p.state = 'cleared') <> (d.cleared IS NOT NULL)
            """,
            fault="{1} {0} is over {2} and {3}, but its account has {4}",
        ),
        Statement(
            Promise("payment_series", "Payments are numbered from 1 without a gap, by year"),
            of="payment",
            broken="""
                SELECT s.financial_year, s.next - 1 - s.skipped, count(p.id) FROM series s
                LEFT JOIN payment p ON p.seller_id = s.seller_id
                    AND p.financial_year = s.financial_year
                WHERE s.kind = 'payment'
                GROUP BY s.seller_id, s.financial_year, s.next, s.skipped
                HAVING s.next - 1 - s.skipped <> count(p.id)
            """,
            fault="payments of {0}: {1} numbers were given, but {2} payments have one",
        ),
    )
)
