"""What the stock book promises, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("stock_bounds", "In each batch, reserved is between nothing and what is there"),
            of="batch",
            broken="""
                SELECT code, reserved, on_hand FROM batch WHERE reserved < 0 OR reserved > on_hand
            """,
            fault="batch {0}: {1} reserved of {2} on hand",
        ),
        Statement(
            Promise("stock_reserved", "Reserved is the sum of all allocations"),
            of="batch",
            broken="""
                SELECT b.code, b.reserved, coalesce(sum(a.quantity), 0) FROM batch b
                LEFT JOIN allocation a ON a.batch_id = b.id
                GROUP BY b.id, b.code, b.reserved HAVING b.reserved <> coalesce(sum(a.quantity), 0)
            """,
            fault="batch {0}: {1} reserved, but {2} allocated",
        ),
        Statement(
            Promise("stock_moves", "On hand is the opening stock and every movement since"),
            of="batch",
            broken="""
                SELECT b.code, b.on_hand, coalesce(sum(m.quantity), 0) FROM batch b
                LEFT JOIN stock_movement m ON m.batch_id = b.id
                GROUP BY b.id, b.code, b.on_hand HAVING b.on_hand <> coalesce(sum(m.quantity), 0)
            """,
            fault="batch {0}: {1} on hand, but movements make {2}",
        ),
    )
)
