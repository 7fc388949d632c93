"""Checks of inbox and outbox that one statement makes."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("order_once", "Each order message taken is there exactly once, as one order"),
            of="inbox",
            broken="""
                SELECT i.terminal, i.seq, i.order_uuid, o.id FROM inbox i
                LEFT JOIN order_ o ON o.uuid = i.order_uuid
                WHERE o.id IS NULL OR o.source <> 'terminal' OR o.requester <> i.terminal
                    OR o.source_key <> i.terminal || '/' || i.seq
                UNION ALL
                SELECT o.requester, 0, o.uuid, o.id FROM order_ o
                WHERE o.source = 'terminal'
                    AND o.uuid NOT IN (SELECT i.order_uuid FROM inbox i)
                UNION ALL
                SELECT min(i.terminal), min(i.seq), i.order_uuid, 0 FROM inbox i
                GROUP BY i.order_uuid HAVING count(*) > 1
            """,
            fault="{0} number {1}: order {2} and its inbox row do not match",
        ),
        Statement(
            Promise("sequence_once", "One number of one terminal never has two orders"),
            of="order_",
            broken="""
                SELECT source, source_key, count(*) FROM order_
                GROUP BY source, source_key HAVING count(*) > 1
            """,
            fault="{0} {1} has {2} orders",
        ),
        Statement(
            Promise(
                "answered",
                "Each revision of a terminal's order has its message, of others all or none",
            ),
            of="order_",
            broken="""
                SELECT o.uuid, o.revision, count(x.id), coalesce(max(x.revision), 0) FROM order_ o
                LEFT JOIN outbox x ON x.order_id = o.id
                GROUP BY o.id, o.uuid, o.source, o.revision
                HAVING (o.source = 'terminal' OR count(x.id) > 0) AND (
                    count(x.id) <> o.revision OR coalesce(max(x.revision), 0) <> o.revision)
            """,
            fault="order {0} has revision {1}, but {2} messages up to revision {3}",
        ),
        Statement(
            Promise(
                "answered_its_own",
                "A terminal's order is answered to that terminal alone; once that is revoked, what "
                "becomes of the order is told to another of the shop",
            ),
            of="outbox",
            broken="""
                SELECT x.id, x.terminal, o.uuid, o.requester FROM outbox x
                JOIN order_ o ON o.id = x.order_id
                WHERE o.source = 'terminal' AND o.requester <> x.terminal
                AND (x.revision = 1 OR NOT EXISTS (SELECT 1 FROM history h
                    WHERE h.noun = 'terminal' AND h.ref = o.requester AND h.field = 'access'
                    AND h.new = '"revoked"' AND h.at <= x.created_at))
            """,
            fault="message {0} is to {1}, but order {2} came from {3}",
        ),
        Statement(
            Promise(
                "waits_at_its_own", "What waits for an acknowledgement waits for its own terminal's"
            ),
            of="unacked",
            broken="""
                SELECT w.message, w.terminal, x.terminal FROM unacked w
                JOIN outbox x ON x.id = w.message WHERE x.terminal <> w.terminal
            """,
            fault="message {0} waits for terminal {1}, and is to {2}",
        ),
        Statement(
            Promise("heard_again", "After a restore every terminal was heard: it may know more"),
            of="terminal",
            broken="""
                SELECT a.terminal FROM awaited a WHERE a.why IN ('restored', 'asked')
                ORDER BY a.terminal
            """,
            fault="terminal {0} was not heard out since the books were put back from a backup: "
            "orders of its customer wait. If it cannot be heard, `terminal settle {0}`",
        ),
        Statement(
            Promise("nothing_forgotten", "No terminal keeps an answered order that is not here"),
            of="terminal",
            broken="""
                SELECT p.terminal, p.kept_orders, p.kept_first, p.kept_last,
                    (SELECT count(*) FROM inbox i WHERE i.terminal = p.terminal
                     AND i.seq BETWEEN p.kept_first AND p.kept_last) AS here
                FROM terminal_presence p JOIN terminal t ON t.id = p.terminal
                WHERE t.revoked_at IS NULL AND p.kept_orders > 0 AND (
                    p.kept_orders > p.missing_settled
                        + (SELECT count(*) FROM inbox i WHERE i.terminal = p.terminal
                            AND i.seq BETWEEN p.kept_first AND p.kept_last)
                    OR coalesce(p.newest_settled, '') <> p.kept_newest AND NOT EXISTS (
                        SELECT 1 FROM order_ o WHERE o.uuid = p.kept_newest
                        AND o.revision >= p.kept_revision))
            """,
            fault="terminal {0} is ahead: it keeps {1} answered orders from number {2} to {3}, of "
            "which {4} are here; what is missing comes back when it is heard. What cannot come "
            "back is settled by `terminal settle {0}`",
        ),
    )
)
