"""What returns promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("return_notes", "A return has credit notes, and they are its customer's"),
            of="goods_return",
            broken="""
                SELECT r.number, count(i.id) FROM goods_return r
                LEFT JOIN goods_return_note n ON n.return_id = r.id
                LEFT JOIN invoice i ON i.id = n.invoice_id AND i.kind = 'credit_note'
                    AND i.customer_id = r.customer_id AND i.seller_id = r.seller_id
                GROUP BY r.id, r.number HAVING count(i.id) = 0 OR count(i.id) <> count(n.return_id)
            """,
            fault="return {0} has {1} credit notes of its customer",
        ),
    )
)
