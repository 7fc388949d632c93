"""What targets promise, as the audit checks it."""

from typing import Final

from hub.base.engine.promises import Check, Promise, Statement, check_all

CHECK: Final[Check] = check_all(
    (
        Statement(
            Promise("target_versions", "A target is what its newest version says; none is lost"),
            of="target",
            broken="""
                SELECT t.id, t.version, count(v.version), t.amount
                FROM target t
                LEFT JOIN target_version v ON v.target_id = t.id
                LEFT JOIN target_version n ON n.target_id = t.id AND n.version = t.version
                GROUP BY t.id, t.version, t.amount, t.active, n.version, n.amount
                HAVING count(v.version) <> t.version OR max(v.version) <> t.version
                    OR n.version IS NULL OR t.active <> (n.amount IS NOT NULL)
                    OR (n.amount IS NOT NULL AND n.amount <> t.amount)
            """,
            fault="target {0} is in version {1} with {3}, but has {2} versions or another amount",
        ),
    )
)
