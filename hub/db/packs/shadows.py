"""Orders that wait for the draft in shadow, and what it would have made of them."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec
from sqlalchemy import func, select

from hub.base.engine.database import Database
from hub.db.packs.past_orders import load_stored, question_of
from hub.db.stored_snapshots import StoredSnapshots
from hub.db.tables import decision, rule_pack, shadow_decision
from hub.services.packs.watch_shadow import InShadow, ShadowDecision, Shadowed
from rules import CompiledPack

_COLUMNS: Final = (
    "pack_id",
    "order_id",
    "outcome_before",
    "outcome",
    "payable_before",
    "payable",
    "result_hash",
    "changed",
    "difference",
)
# Two workers store groups side by side: an order may become visible after some with higher ids.
_LATE: Final = 4_096
_PACKS_KEPT: Final = 4


class StoredShadows:
    """Shadow decisions; each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        insert = database.insert(shadow_decision, *_COLUMNS)
        self._insert = f"{insert} ON CONFLICT DO NOTHING"
        self._snapshots = StoredSnapshots()
        self._load = lru_cache(maxsize=_PACKS_KEPT)(lambda digest: load_stored(database, digest))

    def draft(self) -> InShadow | None:
        """Give the draft in shadow."""
        pack = rule_pack.c
        query = select(pack.id, pack.version, pack.hash).where(pack.in_shadow)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return InShadow(row.id, row.version, row.hash) if row else None

    def waiting(self, draft: InShadow, most: int) -> Sequence[Shadowed]:
        """Give orders decided since its shadow began that it has not decided yet."""
        done, why = shadow_decision, decision
        mine = (done.c.pack_id == draft.id) & (done.c.order_id == why.c.order_id)
        last = select(func.max(done.c.order_id)).where(done.c.pack_id == draft.id)
        began = select(rule_pack.c.shadow_after).where(rule_pack.c.id == draft.id)
        with self._database.read() as connection:
            recorded = connection.execute(last).scalar() or 0
            after = max(connection.execute(began).scalar_one(), recorded - _LATE)
            query = (
                select(why.c.order_id, why.c.pack_hash, why.c.inputs)
                .outerjoin(done, mine)
                .where(
                    why.c.order_id > after,
                    why.c.result_hash.is_not(None),
                    done.c.order_id.is_(None),
                )
                .order_by(why.c.order_id)
                .limit(most)
            )
            return [
                Shadowed(row.order_id, row.pack_hash, question_of(connection, row, self._snapshots))
                for row in connection.execute(query)
            ]

    def pack(self, digest: str) -> CompiledPack:
        """Compile a version, or give it as compiled before; raises PackLoadError."""
        return self._load(digest)

    def keep(self, draft: InShadow, decisions: Sequence[ShadowDecision]) -> None:
        """Keep what came of them; what another worker has kept meanwhile stays."""
        rows = [
            (
                draft.id,
                one.order,
                one.outcome_before,
                one.outcome,
                one.payable_before,
                one.payable,
                one.result_hash,
                one.change is not None,
                msgspec.json.encode(one.change) if one.change else b"",
            )
            for one in decisions
        ]
        with self._database.write() as connection:
            self._database.cursor(connection).executemany(self._insert, rows)
            connection.commit()
