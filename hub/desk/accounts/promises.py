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
    )
)
