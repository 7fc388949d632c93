"""What deliveries promise, as the audit checks it: notes, their numbers, the book beside them."""

from typing import Final

from hub.base.engine.columns import listed
from hub.base.engine.promises import Check, Promise, Statement, check_all
from hub.desk.deliveries.model.life import LEFT, OUTCOMES

_LEFT: Final = listed(sorted(LEFT))
_CLOSED: Final = listed(sorted(OUTCOMES))

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("delivery_numbers", "The numbers of a seller's notes have no gap"),
            of="delivery",
            broken="""
                SELECT s.seller_id, s.financial_year, s.next - 1 - s.skipped, count(d.id)
                FROM series s
                LEFT JOIN delivery d ON d.seller_id = s.seller_id
                    AND substr(d.number, 1,
                        length(replace(s.prefix, '{year}', substr(s.financial_year, 3)))
                    ) = replace(s.prefix, '{year}', substr(s.financial_year, 3))
                WHERE s.kind = 'delivery'
                GROUP BY s.seller_id, s.financial_year, s.next, s.skipped
                HAVING count(d.id) <> s.next - 1 - s.skipped
            """,
            fault="seller {0} gave {2} numbers in {1}, and has {3} notes",
        ),
        Statement(
            Promise("delivery_planned", "A note in the warehouse asks for what its order holds"),
            of="delivery",
            broken="""
                SELECT d.number, l.sku, l.batch_id, sum(l.wanted), coalesce((
                    SELECT sum(a.quantity) FROM allocation a
                    WHERE a.order_id = d.order_id AND a.batch_id = l.batch_id
                ), 0) FROM delivery d JOIN (
                    SELECT delivery_id, sku, batch_id,
                        CASE WHEN short_reason = '' THEN planned ELSE picked END wanted
                    FROM delivery_line WHERE batch_id IS NOT NULL
                ) l ON l.delivery_id = d.id
                WHERE d.state IN ('picking', 'picked')
                GROUP BY d.id, d.number, d.order_id, l.sku, l.batch_id
                HAVING sum(l.wanted) <> coalesce((
                    SELECT sum(a.quantity) FROM allocation a
                    WHERE a.order_id = d.order_id AND a.batch_id = l.batch_id
                ), 0)
            """,
            fault="note {0}: {3} of {1} from batch {2}, of which its order holds {4}",
        ),
        Statement(
            Promise("delivery_sent", "What left on a note is what was picked, and was reserved"),
            of="delivery_line",
            broken=f"""
                SELECT d.number, l.number, l.picked, l.sent FROM delivery_line l
                JOIN delivery d ON d.id = l.delivery_id
                WHERE l.sent <> CASE WHEN d.state IN {_LEFT} THEN l.picked ELSE 0 END
                UNION ALL
                SELECT d.number, l.batch_id, -min(g.given), sum(l.sent) FROM delivery_line l
                JOIN delivery d ON d.id = l.delivery_id
                JOIN (
                    SELECT a.order_id, a.batch_id,
                        sum(CASE WHEN a.quantity < 0 THEN a.quantity ELSE 0 END) given
                    FROM allocation a GROUP BY a.order_id, a.batch_id
                ) g ON g.order_id = d.order_id AND g.batch_id = l.batch_id
                WHERE d.state IN {_LEFT}
                GROUP BY d.id, d.number, l.batch_id HAVING sum(l.sent) > -min(g.given)
            """,  # noqa: S608  # constants of this module
            fault="note {0} line {1}: {2} picked, {3} sent",
        ),
        Statement(
            Promise("delivery_ends", "Dispatched is delivered, back and lost, line by line"),
            of="delivery_line",
            broken=f"""
                SELECT d.number, l.number, l.sent, l.delivered + l.back + l.damaged + l.lost
                FROM delivery_line l JOIN delivery d ON d.id = l.delivery_id
                WHERE l.delivered + l.back + l.damaged + l.lost
                    <> CASE WHEN d.state IN {_CLOSED} THEN l.sent ELSE 0 END
            """,  # noqa: S608  # likewise
            fault="note {0} line {1}: {2} sent, and {3} delivered, back or lost",
        ),
        Statement(
            Promise("delivery_moves", "The stock book moved what the notes say"),
            of="delivery_line",
            broken="""
                SELECT n.number, n.batch_id, n.sent, n.delivered, n.back, n.damaged, n.lost FROM (
                    SELECT d.id, d.number, l.batch_id, sum(l.sent) sent,
                        sum(l.delivered) delivered, sum(l.back) back, sum(l.damaged) damaged,
                        sum(l.lost) lost
                    FROM delivery_line l JOIN delivery d ON d.id = l.delivery_id
                    WHERE l.batch_id IS NOT NULL GROUP BY d.id, d.number, l.batch_id
                ) n LEFT JOIN (
                    SELECT delivery_id, batch_id,
                        sum(CASE WHEN kind = 'dispatch' THEN quantity ELSE 0 END) sent,
                        sum(CASE WHEN kind = 'delivery' THEN quantity ELSE 0 END) delivered,
                        sum(CASE WHEN kind = 'back' AND to_bucket = 'good' THEN quantity
                            ELSE 0 END) back,
                        sum(CASE WHEN kind = 'back' AND to_bucket = 'damaged' THEN quantity
                            ELSE 0 END) damaged,
                        sum(CASE WHEN kind = 'loss' THEN quantity ELSE 0 END) lost
                    FROM stock_movement WHERE delivery_id IS NOT NULL
                    GROUP BY delivery_id, batch_id
                ) m ON m.delivery_id = n.id AND m.batch_id = n.batch_id
                WHERE n.sent <> coalesce(m.sent, 0) OR n.delivered <> coalesce(m.delivered, 0)
                    OR n.back <> coalesce(m.back, 0) OR n.damaged <> coalesce(m.damaged, 0)
                    OR n.lost <> coalesce(m.lost, 0)
            """,
            fault="note {0} batch {1}: the book moved otherwise than {2} sent, {3} delivered, "
            "{4} back, {5} damaged, {6} lost",
        ),
        Statement(
            Promise("delivery_address", "A note in the warehouse goes where its order goes"),
            of="delivery",
            broken="""
                SELECT d.number, coalesce(d.ship_to_id, 0), coalesce(o.ship_to_id, 0)
                FROM delivery d JOIN order_ o ON o.id = d.order_id
                WHERE d.state IN ('picking', 'picked')
                    AND coalesce(d.ship_to_id, 0) <> coalesce(o.ship_to_id, 0)
            """,
            fault="note {0} goes to address {1}, its order to {2}",
        ),
        Statement(
            Promise("delivery_proof", "Who signed has a name, and photos are of goods that left"),
            of="delivery",
            broken=f"""
                SELECT d.number, 'a signature of nobody' FROM delivery d
                WHERE d.signature <> ''
                    AND (d.receiver = '' OR d.state NOT IN ('delivered', 'part', 'refused'))
                UNION ALL
                SELECT d.number, 'photos of goods that are here' FROM delivery_photo p
                JOIN delivery d ON d.id = p.delivery_id
                WHERE d.state NOT IN {_LEFT}
                GROUP BY d.id, d.number
            """,  # noqa: S608  # likewise
            fault="note {0} has {1}",
        ),
        Statement(
            Promise("delivery_orders", "An order is on the one note that is open for it"),
            of="order_",
            broken="""
                SELECT o.uuid, o.delivery, coalesce(d.number, 'none') FROM order_ o
                LEFT JOIN delivery d ON d.order_id = o.id
                    AND d.state IN ('picking', 'picked', 'dispatched')
                WHERE o.delivery <> coalesce(d.number, '')
                    OR (o.status = 'dispatched') <> (coalesce(d.state, '') = 'dispatched')
            """,
            fault="order {0} is on note {1}, and {2} is open for it",
        ),
    )
)
