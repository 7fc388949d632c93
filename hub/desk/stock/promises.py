"""What the stock book promises, as the audit checks it."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from hub.base.access import EVERYTHING
from hub.base.engine.promises import Check, Finding, Promise, Statement, check_all
from hub.desk.people.reads.alone import tell_alone, was_alone
from hub.desk.people.store.hands import read_hands
from hub.desk.stock.model.moves import SECOND_HANDS
from hub.desk.stock.tables import stock_document, stock_document_line

_MOVED: Final = """
SELECT b.code, b.{column}, s.moved FROM batch b JOIN (
    SELECT x.id, coalesce(sum(CASE WHEN m.to_bucket = '{bucket}' THEN m.quantity ELSE 0 END), 0)
         - coalesce(sum(CASE WHEN m.from_bucket = '{bucket}' THEN m.quantity ELSE 0 END), 0) moved
    FROM batch x LEFT JOIN stock_movement m ON m.batch_id = x.id GROUP BY x.id
) s ON s.id = b.id WHERE b.{column} <> s.moved
"""

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
            broken=_MOVED.format(column="on_hand", bucket="good"),
            fault="batch {0}: {1} on hand, but movements make {2}",
        ),
        Statement(
            Promise("stock_damaged", "Damaged stock is what movements made of it"),
            of="batch",
            broken=_MOVED.format(column="damaged", bucket="damaged"),
            fault="batch {0}: {1} damaged, but movements make {2}",
        ),
        Statement(
            Promise("stock_quarantine", "Quarantined stock is what movements made of it"),
            of="batch",
            broken=_MOVED.format(column="quarantine", bucket="quarantine"),
            fault="batch {0}: {1} in quarantine, but movements make {2}",
        ),
        Statement(
            Promise("stock_transit", "In transit is what left on transfers and notes, and is open"),
            of="batch",
            broken="""
                SELECT b.code, b.in_transit, coalesce(s.sent, 0) FROM batch b LEFT JOIN (
                    SELECT way.batch_id, sum(way.quantity) sent FROM (
                        SELECT l.batch_id, CASE WHEN l.arrived > l.quantity THEN 0
                            ELSE l.quantity - coalesce(l.arrived, 0) END quantity
                        FROM stock_document_line l
                        JOIN stock_document d ON d.id = l.document_id
                        WHERE d.kind = 'transfer' AND d.state IN ('dispatched', 'waiting')
                        UNION ALL
                        SELECT batch_id, CASE
                            WHEN to_bucket = 'transit' THEN quantity
                            WHEN from_bucket = 'transit' THEN -quantity ELSE 0 END
                        FROM stock_movement WHERE delivery_id IS NOT NULL
                    ) way GROUP BY way.batch_id
                ) s ON s.batch_id = b.id WHERE b.in_transit <> coalesce(s.sent, 0)
            """,
            fault="batch {0}: {1} in transit, but {2} sent and not arrived",
        ),
        Statement(
            Promise("stock_documented", "Stock moves by a document, once that is posted"),
            of="stock_movement",
            broken="""
                SELECT m.id, coalesce(d.state, 'no document') FROM stock_movement m
                LEFT JOIN stock_document d ON d.id = m.document_id
                WHERE m.kind IN ('receipt', 'transfer', 'adjustment', 'move', 'count', 'recall',
                    'supplier_return')
                AND (d.id IS NULL OR d.kind <> m.kind
                     OR d.state IN ('refused', 'counting', 'counted')
                     OR (d.state = 'waiting' AND (m.kind <> 'transfer' OR m.reason <> '')))
            """,
            fault="movement {0} is of a document that moved nothing ({1})",
        ),
        Statement(
            Promise("stock_posted", "A document moved what its lines say"),
            of="stock_document",
            broken="""
                SELECT d.id, l.said, coalesce(m.moved, 0) FROM stock_document d
                JOIN (
                    SELECT document_id, sum(quantity) said FROM stock_document_line
                    GROUP BY document_id
                ) l ON l.document_id = d.id
                LEFT JOIN (
                    SELECT document_id, sum(quantity) moved FROM stock_movement
                    GROUP BY document_id
                ) m ON m.document_id = d.id
                WHERE d.kind IN ('receipt', 'adjustment', 'move', 'recall', 'supplier_return')
                AND d.state = 'done'
                AND l.said <> coalesce(m.moved, 0)
            """,
            fault="document {0} says {1}, but moved {2}",
        ),
        Statement(
            Promise("supplier_returns", "Goods that went back to suppliers are numbered, no gap"),
            of="stock_document",
            broken="""
                SELECT s.financial_year, s.next - 1 - s.skipped, count(d.id) FROM series s
                LEFT JOIN stock_document d ON d.seller_id = s.seller_id
                    AND substr(d.number, 1, length(d.number) - s.digits)
                        = replace(s.prefix, '{year}', substr(s.financial_year, 3))
                WHERE s.kind = 'supplier_return'
                GROUP BY s.seller_id, s.financial_year, s.next, s.skipped
                HAVING s.next - 1 - s.skipped <> count(d.id)
                UNION ALL
                SELECT state, id, 0 FROM stock_document
                WHERE (kind = 'supplier_return' AND state = 'done') <> (number IS NOT NULL)
            """,
            fault="goods back to suppliers, {0}: {1}, but {2} have a number",
        ),
    )
)

_SECOND: Final = Promise(
    "stock_two_persons",
    "Nobody lets pass what they made or counted, but with a reason where nobody else could",
)


class _Decided(NamedTuple):
    """A document that was decided by one of those who made or counted it, and why."""

    id: int
    by: str
    at_ms: int
    why: str


def check_second_persons(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Check who decided about stock."""
    counted = connection.execute(select(func.count()).select_from(stock_document)).scalar_one()
    faults = [
        f"document {one.id} was let pass by {one.by}, who made or counted it"
        for one in _by_one(connection)
        if not one.why
        or not was_alone(connection, one.by, may=SECOND_HANDS, at_ms=one.at_ms, scope=EVERYTHING)
    ]
    yield Finding(_SECOND, counted, faults)


def note_alone(connection: Connection) -> Sequence[str]:
    """Tell how many documents of stock one person made or counted, and decided."""
    deciders = [one.by for one in _by_one(connection)]
    return tell_alone("documents of stock", "made or counted them", deciders)


def _by_one(connection: Connection) -> Sequence[_Decided]:
    """Read the documents that were decided by a hand of whoever made or counted them."""
    table, lines, hands = stock_document.c, stock_document_line.c, read_hands(connection)
    query = (
        select(table.id, table.decided_by, table.decided_at, table.decided_why)
        .add_columns(table.made_by, lines.counted_by, lines.first_by)
        .outerjoin(stock_document_line, lines.document_id == table.id)
        .where(
            table.kind.in_(("adjustment", "move", "count", "supplier_return")),
            table.decided_by.is_not(None),
        )
        .order_by(table.id)
    )
    own = {
        row.id: _Decided(*row[:4])
        for row in connection.execute(query)
        if hands.until(row.decided_at).among(row.decided_by, filter(None, row[4:]))
    }
    return list(own.values())
