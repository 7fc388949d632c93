"""What the accounts book promises, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("exposure", "What a customer owes is the sum of all its postings"),
            of="customer_account",
            broken="""
                SELECT c.code, a.exposure, coalesce(sum(p.amount), 0)
                FROM customer_account a JOIN party c ON c.id = a.customer_id
                LEFT JOIN posting p ON p.customer_id = a.customer_id
                GROUP BY c.code, a.exposure HAVING a.exposure <> coalesce(sum(p.amount), 0)
            """,
            fault="customer {0}: exposure {1}, but postings make {2}",
        ),
        Statement(
            Promise("opening", "The opening amount is the sum of the postings of that kind"),
            of="customer_account",
            broken="""
                SELECT c.code, a.opening_outstanding, coalesce(sum(p.amount), 0)
                FROM customer_account a JOIN party c ON c.id = a.customer_id
                LEFT JOIN posting p ON p.customer_id = a.customer_id AND p.kind = 'opening'
                GROUP BY c.code, a.opening_outstanding
                HAVING a.opening_outstanding <> coalesce(sum(p.amount), 0)
            """,
            fault="customer {0}: opening amount {1}, but postings make {2}",
        ),
        Statement(
            Promise("documents_posted", "What a document is owed or paid for is what is posted"),
            of="account_document",
            broken="""
                SELECT d.kind, d.number, d.amount, coalesce(sum(p.amount), 0)
                FROM account_document d LEFT JOIN posting p ON p.document_id = d.id
                WHERE d.kind <> 'opening'
                GROUP BY d.id, d.kind, d.number, d.amount, d.voided, d.cleared
                HAVING coalesce(sum(p.amount), 0) <> CASE
                    WHEN d.voided IS NULL AND d.cleared IS NOT NULL THEN d.amount ELSE 0 END
            """,
            fault="{0} {1} is over {2}, but {3} is posted",
        ),
        Statement(
            Promise("owed_on_documents", "What is owed on documents is the sum of these"),
            of="customer_account",
            broken="""
                SELECT c.code, a.billed, a.clearing, coalesce(sum(CASE
                    WHEN d.voided IS NULL AND d.cleared IS NOT NULL THEN d.amount ELSE 0 END), 0),
                    coalesce(sum(CASE
                    WHEN d.voided IS NULL AND d.cleared IS NULL THEN -d.amount ELSE 0 END), 0)
                FROM customer_account a JOIN party c ON c.id = a.customer_id
                LEFT JOIN account_document d ON d.customer_id = a.customer_id
                GROUP BY c.code, a.billed, a.clearing
                HAVING a.billed <> coalesce(sum(CASE
                    WHEN d.voided IS NULL AND d.cleared IS NOT NULL THEN d.amount ELSE 0 END), 0)
                    OR a.clearing <> coalesce(sum(CASE
                    WHEN d.voided IS NULL AND d.cleared IS NULL THEN -d.amount ELSE 0 END), 0)
            """,
            fault="customer {0}: {1} owed, {2} in clearing, but its documents make {3} and {4}",
        ),
        Statement(
            Promise("allocations", "What is allocated of a document is the sum of its allocations"),
            of="account_document",
            broken="""
                SELECT d.kind, d.number, d.allocated, coalesce(sum(a.amount), 0)
                FROM account_document d LEFT JOIN account_allocation a
                    ON a.credit_id = d.id OR a.debit_id = d.id
                GROUP BY d.id, d.kind, d.number, d.allocated
                HAVING d.allocated <> coalesce(sum(a.amount), 0)
            """,
            fault="{0} {1} has {2} allocated, but its allocations make {3}",
        ),
        Statement(
            Promise("billed_once", "What is billed of an order is owed on its invoices alone"),
            of="account_order",
            broken="""
                SELECT o.number, coalesce(sum(CASE p.kind WHEN 'order' THEN p.amount END), 0),
                    coalesce(-sum(CASE p.kind WHEN 'billed' THEN p.amount END), 0)
                FROM order_ o JOIN posting p ON p.order_id = o.id
                GROUP BY o.id, o.number
                HAVING sum(p.amount) < 0 OR sum(p.amount) <> 0 AND EXISTS (
                    SELECT 1 FROM account_order l JOIN account_document d ON d.id = l.document_id
                    WHERE l.order_id = o.id AND l.whole AND d.voided IS NULL)
            """,
            fault="order {0} adds {1}, of which {2} was moved to invoices",
        ),
    )
)
