"""What claims promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("given_billed", "No scheme gave more on a line than its invoice says by now"),
            of="scheme_given",
            broken="""
                SELECT x.number, x.line, x.kind, x.given, x.left_of_it FROM (
                    SELECT i.number, l.line, g.kind,
                        sum(CASE g.kind WHEN 'goods' THEN g.quantity ELSE g.amount END) AS given,
                        CASE WHEN i.cancelled_day IS NOT NULL THEN 0
                            WHEN g.kind = 'goods' THEN l.quantity - coalesce((
                                SELECT sum(CASE WHEN c.free AND c.total > 0
                                    AND n.kind <> 'debit_note' THEN -c.quantity
                                    ELSE c.quantity END)
                                FROM invoice n JOIN invoice_line c ON c.invoice_id = n.id
                                WHERE n.of_id = i.id AND c.of_line = l.line
                                    AND n.cancelled_day IS NULL), 0)
                            ELSE l.discount - coalesce((
                                SELECT sum(CASE WHEN n.kind = 'debit_note'
                                    THEN -c.discount ELSE c.discount END)
                                FROM invoice n JOIN invoice_line c ON c.invoice_id = n.id
                                WHERE n.of_id = i.id AND c.of_line = l.line
                                    AND n.cancelled_day IS NULL), 0)
                        END AS left_of_it
                    FROM scheme_given g JOIN invoice i ON i.id = g.invoice_id
                    JOIN invoice_line l ON l.invoice_id = i.id AND l.line = g.line
                    GROUP BY i.id, i.number, i.cancelled_day, l.invoice_id, l.line, l.quantity,
                        l.discount, g.kind
                ) x WHERE x.given > x.left_of_it OR x.given < 0
            """,
            fault="{0} line {1}: {3} of {2} given, but the invoice leaves {4}",
        ),
        Statement(
            Promise("given_worth", "Free goods count at what each of them is said to be worth"),
            of="scheme_given",
            broken="""
                SELECT i.number, g.line, g.scheme, sum(g.quantity), g.unit_worth, sum(g.amount)
                FROM scheme_given g JOIN invoice i ON i.id = g.invoice_id
                WHERE g.kind = 'goods'
                GROUP BY i.id, i.number, g.line, g.scheme, g.unit_worth
                HAVING sum(g.amount) * 100 - sum(g.quantity) * coalesce(g.unit_worth, 0)
                    NOT BETWEEN -49 AND 50
            """,
            fault="{0} line {1}: {3} of {2} at {4} are not {5}",
        ),
        Statement(
            Promise("claimed_once", "What was given is in one claim at most, and in that it says"),
            of="scheme_given",
            broken="""
                SELECT i.number, g.line, g.scheme, coalesce(g.claim_id, 0), count(c.id)
                FROM scheme_given g JOIN invoice i ON i.id = g.invoice_id
                LEFT JOIN claim_line l ON l.given_id = g.id
                LEFT JOIN claim c ON c.id = l.claim_id AND c.state <> 'withdrawn'
                GROUP BY g.id, i.number, g.line, g.scheme, g.claim_id
                HAVING count(c.id) <> CASE WHEN g.claim_id IS NULL THEN 0 ELSE 1 END
                    OR coalesce(max(c.id), 0) <> coalesce(g.claim_id, 0)
            """,
            fault="{0} line {1}, scheme {2} says claim {3}, but {4} claims have it",
        ),
        Statement(
            Promise("claim_lines", "A claim asks for its lines, and these are what was given"),
            of="claim",
            broken="""
                SELECT c.number, c.amount, coalesce(sum(l.amount), 0), coalesce(sum(g.amount), 0)
                FROM claim c LEFT JOIN claim_line l ON l.claim_id = c.id
                LEFT JOIN scheme_given g ON g.id = l.given_id AND g.amount = l.amount
                    AND g.quantity = l.quantity AND g.seller_id = c.seller_id
                    AND g.day <= c.until_day
                    AND g.funder = (SELECT p.code FROM party p WHERE p.id = c.funder_id)
                GROUP BY c.id, c.number, c.amount
                HAVING coalesce(sum(l.amount), 0) <> c.amount
                    OR count(l.line) <> count(g.id)
            """,
            fault="claim {0} asks for {1}, its lines make {2}, what was given {3}",
        ),
        Statement(
            Promise("claim_owed", "A claim that was sent is owed on its funder's account"),
            of="claim",
            broken="""
                SELECT c.number, c.state, c.amount, coalesce(d.amount, 0) FROM claim c
                LEFT JOIN account_document d ON d.id = c.document_id AND d.kind = 'claim'
                    AND d.customer_id = c.funder_id AND d.ref = c.id
                WHERE c.state IN ('sent', 'accepted')
                        AND (d.id IS NULL OR d.amount <> c.amount OR d.voided IS NOT NULL)
                    OR c.state = 'withdrawn' AND d.id IS NOT NULL AND d.voided IS NULL
                    OR c.state = 'draft' AND c.document_id IS NOT NULL
            """,
            fault="claim {0} is {1} over {2}, but its funder's account has {3}",
        ),
        Statement(
            Promise("claim_shorts", "What is not paid of a claim is written off, line by line"),
            of="claim_short",
            broken="""
                SELECT p.number, p.amount, sum(s.amount), p.kind FROM claim_short s
                JOIN payment p ON p.id = s.payment_id
                GROUP BY p.id, p.number, p.amount, p.kind
                HAVING sum(s.amount) <> p.amount OR p.kind <> 'write_off'
                UNION ALL
                SELECT c.number, l.amount, sum(s.amount), 'claim' FROM claim_line l
                JOIN claim c ON c.id = l.claim_id
                JOIN claim_short s ON s.claim_id = l.claim_id AND s.line = l.line
                JOIN payment p ON p.id = s.payment_id AND p.state <> 'voided'
                GROUP BY c.id, c.number, l.line, l.amount HAVING sum(s.amount) > l.amount
            """,
            fault="{3} {0} is over {1}, but {2} of claims are given up",
        ),
        Statement(
            Promise("claim_series", "Claims are numbered from 1 without a gap, by year"),
            of="claim",
            broken="""
                SELECT s.financial_year, s.next - 1 - s.skipped, count(c.id) FROM series s
                LEFT JOIN claim c ON c.seller_id = s.seller_id
                    AND c.financial_year = s.financial_year
                WHERE s.kind = 'claim'
                GROUP BY s.seller_id, s.financial_year, s.next, s.skipped
                HAVING s.next - 1 - s.skipped <> count(c.id)
            """,
            fault="claims of {0}: {1} numbers were given, but {2} claims have one",
        ),
    )
)
