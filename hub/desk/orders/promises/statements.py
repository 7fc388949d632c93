"""Checks of orders that one statement makes."""

from typing import Final

from hub.base.engine.columns import listed
from hub.base.engine.promises import Check, Promise, Statement, check_all
from hub.desk.orders.model.life import COUNTING, OWING, RESERVING

_RESERVING: Final = listed(sorted(RESERVING))
_OWING: Final = listed(sorted(OWING))
_COUNTING: Final = listed(sorted(COUNTING))

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("revisions", "An order's revisions are 1 to the newest, without a gap"),
            of="order_",
            broken="""
                SELECT o.uuid, o.revision, count(r.revision), coalesce(max(r.revision), 0)
                FROM order_ o LEFT JOIN order_revision r ON r.order_id = o.id
                GROUP BY o.id, o.uuid, o.revision
                HAVING count(r.revision) <> o.revision
                    OR coalesce(max(r.revision), 0) <> o.revision
            """,
            fault="order {0} is at revision {1}, but has {2} up to {3}",
        ),
        Statement(
            Promise("newest_revision", "An order stands as its newest revision says"),
            of="order_",
            broken="""
                SELECT o.uuid, o.status, r.status FROM order_ o
                JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
                WHERE r.status <> o.status
            """,
            fault="order {0} is {1}, but its newest revision is {2}",
        ),
        Statement(
            Promise("content_kept", "The content of a revision is there, with why it is so"),
            of="order_revision",
            broken="""
                SELECT o.uuid, r.revision, r.content FROM order_revision r
                JOIN order_ o ON o.id = r.order_id
                LEFT JOIN decision d ON d.order_id = r.order_id AND d.revision = r.content
                WHERE d.order_id IS NULL
            """,
            fault="order {0} revision {1}: its content, of revision {2}, is gone",
        ),
        Statement(
            Promise("stock_fresh", "No expired batch was promised on the day of an order"),
            of="allocation",
            broken="""
                SELECT o.uuid, b.code, b.expiry, o.business_date FROM allocation a
                JOIN order_ o ON o.id = a.order_id JOIN batch b ON b.id = a.batch_id
                WHERE a.quantity > 0 AND b.expiry < o.business_date
                AND NOT EXISTS (
                    SELECT 1 FROM history h WHERE h.noun = 'batch' AND h.field = 'expiry'
                    AND h.ref = CAST(b.id AS VARCHAR(64))
                )
            """,  # a corrected expiry was another one when it was promised
            fault="order {0}: batch {1} expired on {2}, ordered on {3}",
        ),
        Statement(
            Promise("stock_given_back", "Orders that promise nothing hold no stock"),
            of="allocation",
            broken=f"""
                SELECT o.uuid, o.status, sum(a.quantity) FROM allocation a
                JOIN order_ o ON o.id = a.order_id
                WHERE o.status NOT IN {_RESERVING}
                GROUP BY o.uuid, o.status HAVING sum(a.quantity) <> 0
            """,  # noqa: S608  # a constant of this module
            fault="order {0} is {1}, but holds {2} units",
        ),
        Statement(
            Promise(
                "stock_promised",
                "What an order's lines promise of what is kept in stock is allocated to batches",
            ),
            of="order_line",
            broken=f"""
                SELECT o.uuid, l.line, l.quantity, coalesce(sum(a.quantity), 0) FROM order_ o
                JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
                JOIN order_line l ON l.order_id = o.id AND l.revision = r.content
                LEFT JOIN allocation a ON a.order_id = l.order_id AND a.line = l.line
                    AND a.free = l.free
                WHERE o.status IN {_RESERVING}
                GROUP BY o.uuid, o.status, l.free, l.line, l.sku, l.quantity
                HAVING coalesce(sum(a.quantity), 0) > l.quantity
                    OR o.status = 'allocated' AND coalesce(sum(a.quantity), 0) <> l.quantity
                    AND (count(a.quantity) > 0 OR EXISTS (
                        SELECT 1 FROM batch b JOIN product p ON p.id = b.product_id
                        WHERE p.sku = l.sku))
            """,  # noqa: S608  # likewise
            fault="order {0} line {1}: {2} promised, {3} allocated",
        ),
        Statement(
            Promise("sums", "What the orders of a day come to is kept as they are stored"),
            of="order_sum",
            broken="""
                SELECT day, warehouse_id, status, sum(orders), sum(payable), sum(priced) FROM (
                    SELECT day, seller_id, warehouse_id, status, currency, scale,
                        orders, payable, priced FROM order_sum
                    UNION ALL
                    SELECT o.business_date, o.seller_id, o.warehouse_id, o.status, r.currency,
                        r.scale, -1, -r.payable,
                        CASE WHEN r.price_hash IS NULL THEN 0 ELSE -r.payable END
                    FROM order_ o
                    JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
                ) AS compared
                GROUP BY day, seller_id, warehouse_id, status, currency, scale
                HAVING sum(orders) <> 0 OR sum(payable) <> 0 OR sum(priced) <> 0
            """,
            fault="{0}, warehouse {1}, {2}: {3} orders, {4} payable, {5} priced too many",
        ),
        Statement(
            Promise("split_of_order", "An order was split from one of its customer and seller"),
            of="order_",
            broken="""
                SELECT o.uuid, o.split_of FROM order_ o LEFT JOIN order_ f ON f.id = o.split_of
                    AND f.customer_code = o.customer_code AND f.seller_id = o.seller_id
                WHERE o.split_of IS NOT NULL AND f.id IS NULL
            """,
            fault="order {0} was split from order {1}, which is not its customer's",
        ),
        Statement(
            Promise("address_of_customer", "An order goes to an address of its own customer"),
            of="order_",
            broken="""
                SELECT o.uuid, o.ship_to_id, o.customer_code FROM order_ o
                LEFT JOIN customer_address a
                    ON a.id = o.ship_to_id AND a.party_id = o.customer_id
                WHERE o.ship_to_id IS NOT NULL AND a.id IS NULL
            """,
            fault="order {0} goes to address {1}, which is none of customer {2}",
        ),
        Statement(
            Promise("exposure_of_order", "An order adds its total while it is open on credit"),
            of="order_revision",
            broken=f"""
                SELECT o.uuid, r.revision, r.exposure, r.status, r.payment FROM order_revision r
                JOIN order_ o ON o.id = r.order_id
                WHERE r.exposure <> CASE
                    WHEN r.status IN {_OWING} AND r.payment = 'credit' AND r.payable > 0
                    THEN r.payable ELSE 0 END
                AND NOT (r.status = 'delivered' AND r.payment = 'credit'
                    AND r.exposure BETWEEN 0 AND r.payable)
            """,  # noqa: S608  # likewise
            # Of an order that was delivered in part, what was delivered is owed.
            fault="order {0} revision {1} adds {2}, but is {3} on {4}",
        ),
        Statement(
            Promise("exposure_posted", "What an order adds to an exposure is posted"),
            of="order_",
            broken="""
                SELECT o.uuid, r.exposure, coalesce(sum(p.amount), 0) FROM order_ o
                JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
                LEFT JOIN posting p ON p.order_id = o.id AND p.kind = 'order'
                GROUP BY o.id, o.uuid, r.exposure HAVING r.exposure <> coalesce(sum(p.amount), 0)
            """,
            fault="order {0} adds {1}, but {2} is posted",
        ),
        Statement(
            Promise("counters_given_back", "Orders that are given up count towards no scheme"),
            of="counter_change",
            broken=f"""
                SELECT o.uuid, o.status, c.rule, c.scope FROM counter_change c
                JOIN order_ o ON o.id = c.order_id WHERE o.status NOT IN {_COUNTING}
                GROUP BY o.uuid, o.status, c.rule, c.scope
                HAVING sum(c.used) <> 0 OR sum(c.spent) <> 0 OR sum(c.bought) <> 0
                    OR sum(c.pieces) <> 0
            """,  # noqa: S608  # likewise
            fault="order {0} is {1}, but counts towards {2} for {3}",
        ),
        Statement(
            Promise("amounts", "Each line and each revision adds up, and lines make the totals"),
            of="order_revision",
            broken="""
                SELECT o.uuid, 'line ' || l.line FROM order_line l
                JOIN order_ o ON o.id = l.order_id
                WHERE l.gross - l.discount <> l.net OR l.net + l.tax <> l.total
                UNION ALL
                SELECT o.uuid, 'the totals' FROM order_revision r JOIN order_ o ON o.id = r.order_id
                WHERE r.gross - r.discount <> r.net OR r.net + r.tax + r.round_off <> r.payable
                UNION ALL
                SELECT o.uuid, 'the sum of the lines' FROM order_revision r
                JOIN order_ o ON o.id = r.order_id
                JOIN order_line l ON l.order_id = r.order_id AND l.revision = r.content
                GROUP BY o.id, o.uuid, r.revision, r.gross, r.discount, r.net, r.tax
                HAVING sum(l.gross) <> r.gross OR sum(l.discount) <> r.discount
                    OR sum(l.net) <> r.net OR sum(l.tax) <> r.tax
            """,
            fault="order {0}: {1} does not add up",
        ),
        Statement(
            Promise("never_free", "No line of an open order is sold without a price"),
            of="order_line",
            broken=f"""
                SELECT o.uuid, l.line, l.sku FROM order_ o
                JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
                JOIN order_line l ON l.order_id = o.id AND l.revision = r.content
                WHERE o.status IN {_COUNTING} AND NOT l.free AND l.quantity > 0
                    AND (l.unit_price IS NULL OR l.gross = 0)
            """,  # noqa: S608  # likewise
            fault="order {0} line {1}: {2} has no price",
        ),
        Statement(
            Promise("pack_published", "No order was decided with a pack before its start"),
            of="order_revision",
            broken="""
                SELECT o.uuid, r.pack_version FROM order_revision r
                JOIN order_ o ON o.id = r.order_id
                LEFT JOIN rule_pack p ON p.hash = r.pack_hash
                WHERE r.pack_hash IS NOT NULL AND (p.starts_at IS NULL OR p.starts_at > r.made_at)
            """,
            fault="order {0}: version {1} did not serve yet",
        ),
    )
)
