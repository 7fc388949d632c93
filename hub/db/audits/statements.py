"""Checks that one statement makes: it selects the rows that break a promise."""

from dataclasses import dataclass
from typing import Final

from hub.services.audit import Promise


@dataclass(frozen=True, slots=True)
class Statement:
    """A check: `broken` selects what breaks it, `fault` words one row, `of` is what it counts."""

    promise: Promise
    of: str
    broken: str
    fault: str


_OPEN: Final = "('confirmed', 'confirmed_changed')"

STATEMENTS: Final = (
    Statement(
        Promise("order_once", "Each order message taken is there exactly once, as one order"),
        of="inbox",
        broken="""
            SELECT i.terminal, i.seq, i.order_uuid, o.id FROM inbox i
            LEFT JOIN order_ o ON o.uuid = i.order_uuid
            WHERE o.id IS NULL OR o.terminal <> i.terminal OR o.seq <> i.seq
            UNION ALL
            SELECT o.terminal, o.seq, o.uuid, o.id FROM order_ o
            LEFT JOIN inbox i ON i.order_uuid = o.uuid WHERE i.order_uuid IS NULL
        """,
        fault="{0} number {1}: order {2} and its inbox row do not match",
    ),
    Statement(
        Promise("sequence_once", "One number of one terminal never has two orders"),
        of="order_",
        broken="""
            SELECT terminal, seq, count(*) FROM order_ GROUP BY terminal, seq HAVING count(*) > 1
        """,
        fault="{0} number {1} has {2} orders",
    ),
    Statement(
        Promise("answered", "Each order has an answer, and each later revision a notice"),
        of="order_",
        broken="""
            SELECT o.uuid, o.revision, count(x.id), coalesce(max(x.revision), 0) FROM order_ o
            LEFT JOIN outbox x ON x.order_id = o.id AND x.terminal = o.terminal
            GROUP BY o.id, o.uuid, o.revision
            HAVING count(x.id) <> o.revision OR coalesce(max(x.revision), 0) <> o.revision
        """,
        fault="order {0} has revision {1}, but {2} messages up to revision {3}",
    ),
    Statement(
        Promise("stock_bounds", "In each batch, reserved is between nothing and what is on hand"),
        of="batch",
        broken="SELECT code, reserved, on_hand FROM batch WHERE reserved < 0 OR reserved > on_hand",
        fault="batch {0}: {1} reserved of {2} on hand",
    ),
    Statement(
        Promise("stock_reserved", "Reserved is the sum of the open allocations"),
        of="batch",
        broken="""
            SELECT b.code, b.reserved, coalesce(sum(a.quantity), 0) FROM batch b
            LEFT JOIN allocation a ON a.batch_id = b.id AND a.state = 'open'
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
    Statement(
        Promise("stock_fresh", "No expired batch was promised on the day of an order"),
        of="allocation",
        broken="""
            SELECT o.uuid, b.code, b.expiry, o.business_date FROM allocation a
            JOIN order_ o ON o.id = a.order_id JOIN batch b ON b.id = a.batch_id
            WHERE b.expiry < o.business_date
        """,
        fault="order {0}: batch {1} expired on {2}, ordered on {3}",
    ),
    Statement(
        Promise("stock_given_back", "Orders that are not open hold no stock"),
        of="allocation",
        broken=f"""
            SELECT o.uuid, o.status, sum(a.quantity) FROM allocation a
            JOIN order_ o ON o.id = a.order_id
            WHERE a.state = 'open' AND o.status NOT IN {_OPEN} GROUP BY o.uuid, o.status
        """,  # noqa: S608  # a constant of this module
        fault="order {0} is {1}, but holds {2} units",
    ),
    Statement(
        Promise("stock_promised", "What an open order's lines promise is allocated to batches"),
        of="order_line",
        broken=f"""
            SELECT o.uuid, l.line, l.quantity, coalesce(sum(a.quantity), 0) FROM order_line l
            JOIN order_ o ON o.id = l.order_id AND o.status IN {_OPEN}
            LEFT JOIN allocation a ON a.order_id = l.order_id AND a.line = l.line
                AND a.free = l.free AND a.state = 'open'
            GROUP BY o.uuid, l.free, l.line, l.quantity
            HAVING l.quantity <> coalesce(sum(a.quantity), 0)
        """,  # noqa: S608  # likewise
        fault="order {0} line {1}: {2} promised, {3} allocated",
    ),
    Statement(
        Promise("exposure", "Exposure is the opening amount and every open order on credit"),
        of="customer_account",
        broken="""
            SELECT c.code, a.exposure, a.opening_outstanding + coalesce(sum(o.exposure), 0)
            FROM customer_account a JOIN customer c ON c.id = a.customer_id
            LEFT JOIN order_ o ON o.customer_id = a.customer_id
            GROUP BY c.code, a.exposure, a.opening_outstanding
            HAVING a.exposure <> a.opening_outstanding + coalesce(sum(o.exposure), 0)
        """,
        fault="customer {0}: exposure {1}, but documents make {2}",
    ),
    Statement(
        Promise("exposure_of_order", "An order adds its total while it is open on credit"),
        of="order_",
        broken=f"""
            SELECT uuid, exposure, payable, status, payment FROM order_
            WHERE exposure <> CASE WHEN status IN {_OPEN} AND payment = 'credit' AND payable > 0
                THEN payable ELSE 0 END
        """,  # noqa: S608  # likewise
        fault="order {0} adds {1}, but is {2} {3} on {4}",
    ),
    Statement(
        Promise("amounts", "Each line and each order adds up, and lines make the totals"),
        of="order_",
        broken="""
            SELECT o.uuid, 'line ' || l.line FROM order_line l JOIN order_ o ON o.id = l.order_id
            WHERE l.gross - l.discount <> l.net OR l.net + l.tax <> l.total
            UNION ALL
            SELECT uuid, 'the totals' FROM order_
            WHERE gross - discount <> net OR net + tax + round_off <> payable
            UNION ALL
            SELECT o.uuid, 'the sum of the lines' FROM order_ o
            JOIN order_line l ON l.order_id = o.id
            GROUP BY o.id, o.uuid, o.gross, o.discount, o.net, o.tax
            HAVING sum(l.gross) <> o.gross OR sum(l.discount) <> o.discount
                OR sum(l.net) <> o.net OR sum(l.tax) <> o.tax
        """,
        fault="order {0}: {1} does not add up",
    ),
    Statement(
        Promise("never_free", "No line of an open order is sold without a price"),
        of="order_line",
        broken=f"""
            SELECT o.uuid, l.line, l.sku FROM order_line l JOIN order_ o ON o.id = l.order_id
            WHERE o.status IN {_OPEN} AND NOT l.free AND l.quantity > 0
                AND (l.unit_price IS NULL OR l.gross = 0)
        """,  # noqa: S608  # likewise
        fault="order {0} line {1}: {2} has no price",
    ),
    Statement(
        Promise("scheme_counters", "Scheme counters are the sum of what open orders used"),
        of="scheme_counter",
        broken=f"""
            SELECT k.rule, k.scope, k.used, k.spent, k.bought, k.pieces,
                coalesce(sum(h.used), 0), coalesce(sum(h.spent), 0),
                coalesce(sum(h.bought), 0), coalesce(sum(h.pieces), 0)
            FROM scheme_counter k LEFT JOIN (
                SELECT c.* FROM counter_change c JOIN order_ o ON o.id = c.order_id
                WHERE o.status IN {_OPEN}
            ) h ON h.rule = k.rule AND h.scope = k.scope
            GROUP BY k.rule, k.scope, k.used, k.spent, k.bought, k.pieces
            HAVING k.used <> coalesce(sum(h.used), 0) OR k.spent <> coalesce(sum(h.spent), 0)
                OR k.bought <> coalesce(sum(h.bought), 0)
                OR k.pieces <> coalesce(sum(h.pieces), 0)
        """,  # noqa: S608  # likewise
        fault=(
            "scheme {0} for {1}: {2} uses, {3} spent, {4} bought, {5} pieces, "
            "but orders make {6}, {7}, {8} and {9}"
        ),
    ),
    Statement(
        Promise("leases_held", "What counters say terminals hold is the sum of their leases"),
        of="scheme_counter",
        broken="""
            SELECT k.rule, k.scope, k.held_uses, k.held_amount, k.held_pieces,
                coalesce(sum(l.uses), 0), coalesce(sum(l.amount), 0), coalesce(sum(l.pieces), 0)
            FROM scheme_counter k LEFT JOIN lease l ON l.rule = k.rule AND l.scope = k.scope
            GROUP BY k.rule, k.scope, k.held_uses, k.held_amount, k.held_pieces
            HAVING k.held_uses <> coalesce(sum(l.uses), 0)
                OR k.held_amount <> coalesce(sum(l.amount), 0)
                OR k.held_pieces <> coalesce(sum(l.pieces), 0)
            UNION ALL
            SELECT l.rule, l.scope, 0, 0, 0, sum(l.uses), sum(l.amount), sum(l.pieces)
            FROM lease l LEFT JOIN scheme_counter k ON k.rule = l.rule AND k.scope = l.scope
            WHERE k.rule IS NULL GROUP BY l.rule, l.scope
        """,
        fault=(
            "scheme {0} for {1}: {2} uses, {3} money, {4} pieces held, "
            "but leases make {5}, {6} and {7}"
        ),
    ),
)

SEQUENCE_GAPS: Final = """
    SELECT terminal, min(seq), max(seq), count(*) FROM inbox
    GROUP BY terminal HAVING max(seq) <> count(*) ORDER BY terminal
"""

MISSING_NUMBERS: Final = """
    SELECT seq FROM inbox WHERE terminal = ? ORDER BY seq
"""
