"""What invoices promise, as the audit checks it."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, select

from hub.base.engine.promises import Check, Finding, Promise, Statement, check_all
from hub.desk.invoices.model.portal_qr import QrMismatchError, check_qr
from hub.desk.invoices.model.registration import irn_of
from hub.desk.invoices.model.sides import read_side
from hub.desk.invoices.tables import einvoice, invoice

_STATEMENTS: Final[Check] = check_all(
    (
        Statement(
            Promise("invoice_series", "Invoices are numbered from 1 without a gap, by year"),
            of="invoice",
            broken="""
                SELECT s.kind, s.financial_year, s.next - 1 - s.skipped, count(i.id) FROM series s
                LEFT JOIN invoice i ON i.seller_id = s.seller_id
                    AND i.financial_year = s.financial_year
                    AND s.kind = CASE WHEN i.of_id IS NULL THEN 'invoice' ELSE i.kind END
                WHERE s.kind IN ('invoice', 'credit_note', 'debit_note')
                GROUP BY s.seller_id, s.kind, s.financial_year, s.next, s.skipped
                HAVING s.next - 1 - s.skipped <> count(i.id)
            """,
            fault="series {0} of {1}: {2} numbers were given, but {3} documents have one",
        ),
        Statement(
            Promise("invoice_amounts", "The heads of an invoice are the sum of its lines"),
            of="invoice",
            broken="""
                SELECT i.number, i.net, i.tax, coalesce(sum(l.net), 0), coalesce(sum(l.tax), 0)
                FROM invoice i LEFT JOIN invoice_line l ON l.invoice_id = i.id
                GROUP BY i.id, i.number, i.net, i.tax
                HAVING i.net <> coalesce(sum(l.net), 0) OR i.tax <> coalesce(sum(l.tax), 0)
                UNION ALL
                SELECT i.number, l.net, l.tax, l.line, coalesce(sum(x.amount), 0)
                FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
                LEFT JOIN invoice_tax x ON x.invoice_id = l.invoice_id AND x.line = l.line
                GROUP BY i.number, l.invoice_id, l.line, l.net, l.tax
                HAVING l.tax <> coalesce(sum(x.amount), 0)
            """,
            fault="invoice {0}: {1} with tax of {2}, but what it is made of is {3} and {4}",
        ),
        Statement(
            Promise("invoice_owed", "What an invoice comes to is what its account has"),
            of="invoice",
            broken="""
                SELECT i.number, i.payable, coalesce(abs(d.amount), 0) FROM invoice i
                LEFT JOIN account_document d ON d.id = i.document_id
                WHERE i.payable <> coalesce(abs(d.amount), 0)
                    OR d.id IS NOT NULL AND (i.cancelled_day IS NULL) <> (d.voided IS NULL)
            """,
            fault="invoice {0} is over {1}, but its account has {2}, or it counts in one alone",
        ),
        Statement(
            Promise("billed_within", "No more is billed of a line than was ordered"),
            of="invoice_line",
            broken="""
                SELECT o.number, l.order_line, sum(l.quantity), max(q.quantity)
                FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
                JOIN order_ o ON o.id = l.order_id
                JOIN order_line q ON q.order_id = l.order_id AND q.revision = l.content
                    AND q.free = l.free AND q.line = l.order_line
                WHERE i.of_id IS NULL AND i.cancelled_day IS NULL
                GROUP BY o.number, l.order_id, l.free, l.order_line
                HAVING sum(l.quantity) > max(q.quantity)
            """,
            fault="order {0} line {1}: {2} are billed of {3}",
        ),
        Statement(
            Promise("billed_of_notes", "What is billed of a delivery note stands on invoices"),
            of="delivery_line",
            broken="""
                SELECT n.number, d.number, d.billed, coalesce(sum(CASE
                    WHEN i.cancelled_day IS NULL THEN g.quantity END), 0)
                FROM delivery_line d JOIN delivery n ON n.id = d.delivery_id
                LEFT JOIN invoice_goods g ON g.delivery_id = d.delivery_id
                    AND g.delivery_number = d.number
                LEFT JOIN invoice i ON i.id = g.invoice_id
                GROUP BY n.number, d.delivery_id, d.number, d.billed
                HAVING d.billed <> coalesce(sum(CASE
                    WHEN i.cancelled_day IS NULL THEN g.quantity END), 0)
            """,
            fault="note {0} line {1}: {2} are billed, but invoices have {3}",
        ),
        Statement(
            Promise("credited_within", "No more is credited of a line than it came to"),
            of="invoice_line",
            broken="""
                SELECT b.number, l.line, l.quantity, l.total,
                    sum(CASE WHEN c.total < 0 OR n.kind = 'debit_note' OR c.free AND c.total > 0
                        THEN 0 ELSE c.quantity END),
                    sum(CASE WHEN n.kind = 'debit_note' THEN -c.total ELSE c.total END)
                FROM invoice_line l JOIN invoice b ON b.id = l.invoice_id
                JOIN invoice n ON n.of_id = b.id AND n.cancelled_day IS NULL
                JOIN invoice_line c ON c.invoice_id = n.id AND c.of_line = l.line
                GROUP BY b.number, l.invoice_id, l.line, l.quantity, l.total, l.free
                HAVING sum(CASE WHEN c.total < 0 OR n.kind = 'debit_note' OR c.free AND c.total > 0
                        THEN 0 ELSE c.quantity END) > l.quantity
                    OR NOT l.free AND l.total
                        < sum(CASE WHEN n.kind = 'debit_note' THEN -c.total ELSE c.total END)
            """,
            fault="invoice {0} line {1}: {4} of {2} and {5} of {3} are credited",
        ),
        Statement(
            Promise("note_signs", "No line of a credit or debit note is below zero"),
            of="invoice",
            broken="""
                SELECT i.number, l.line, l.net, l.tax FROM invoice i
                JOIN invoice_line l ON l.invoice_id = i.id
                WHERE i.of_id IS NOT NULL AND (l.net < 0 OR l.tax < 0 OR EXISTS (
                        SELECT 1 FROM invoice_tax x WHERE x.invoice_id = l.invoice_id
                            AND x.line = l.line AND x.amount < 0))
                    AND i.id >= coalesce((SELECT CAST(s.value AS integer) FROM setting s
                        WHERE s.key = 'notes_signed_from'), 0)
            """,
            fault="note {0} line {1}: {2} with tax of {3} is below zero",
        ),
        Statement(
            Promise("debit_settled", "A debit note is paid by the credit notes that it came with"),
            of="invoice",
            broken="""
                SELECT i.number, c.number, coalesce(d.amount, 0), coalesce(d.allocated, 0)
                FROM invoice i LEFT JOIN invoice c ON c.id = i.comes_with
                    AND c.kind = 'credit_note' AND c.customer_id = i.customer_id
                    AND (c.cancelled_day IS NULL) = (i.cancelled_day IS NULL)
                LEFT JOIN account_document d ON d.id = i.document_id
                WHERE i.kind = 'debit_note' AND (c.id IS NULL
                    OR i.cancelled_day IS NULL AND coalesce(d.allocated, 0) <> i.payable)
            """,
            fault="debit note {0} came with {1}: of {2} are {3} paid",
        ),
        Statement(
            Promise("einvoice_cancelled", "A document stands at the portal as it stands here"),
            of="einvoice",
            broken="""
                SELECT i.number, e.state FROM einvoice e JOIN invoice i ON i.id = e.invoice_id
                WHERE (i.cancelled_day IS NULL) <> (e.state IN ('waiting', 'registered', 'refused'))
                    AND NOT (e.state = 'waiting' AND i.cancelled_day IS NOT NULL)
            """,
            fault="document {0} is {1} at the portal, and stands otherwise here",
        ),
        Statement(
            Promise("einvoice_job", "What waits for the portal has a job that sends it"),
            of="einvoice",
            broken="""
                SELECT i.number, e.state, e.round FROM einvoice e
                JOIN invoice i ON i.id = e.invoice_id
                LEFT JOIN job j ON j.done_at IS NULL
                    AND j.key = CAST(e.invoice_id AS text) || '/' || CAST(e.round AS text)
                    AND (j.kind = 'einvoice' AND e.state = 'waiting'
                        OR j.kind = 'einvoice_cancel' AND e.state = 'cancelling')
                WHERE e.state IN ('waiting', 'cancelling') AND j.id IS NULL
            """,
            fault="document {0} is {1} in round {2}, and no job sends it",
        ),
    )
)
_OWN: Final = Promise("einvoice_own", "What a document has of the portal is of that document")


def _check_own(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Compute each IRN anew, and read of which document the signed code says that it is."""
    checked, faults = 0, []
    columns = (invoice.c.number, invoice.c.kind, invoice.c.financial_year, invoice.c.seller)
    given = select(*columns, einvoice.c.irn, einvoice.c.qr).where(einvoice.c.irn.is_not(None))
    for row in connection.execute(given.join(einvoice, einvoice.c.invoice_id == invoice.c.id)):
        checked += 1
        seller = read_side(row.seller)
        irn = irn_of(seller.gstin, year=row.financial_year, kind=row.kind, number=row.number)
        try:
            check_qr(row.qr, irn=irn, number=row.number)
        except QrMismatchError as error:
            faults.append(f"document {row.number}: {error}")
        if irn != row.irn:
            faults.append(f"document {row.number}: its IRN would be {irn}, but it has {row.irn}")
    yield Finding(_OWN, checked, faults)


def _check(connection: Connection, now_ms: int) -> Iterator[Finding]:
    yield from _STATEMENTS(connection, now_ms)
    yield from _check_own(connection, now_ms)


CHECK: Final[Check] = _check
